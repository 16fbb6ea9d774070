"""A real Caddy with the Caddyfile of the project, in front of a site that tells what reached it."""

from __future__ import annotations

import json
import os
import socket
import ssl
import subprocess
import sys
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import httpx
import pytest

from portal.management.commands.serve import free_port
from tests import services

pytestmark = pytest.mark.services
ROOT = Path(__file__).resolve().parent.parent
SITE = "guide.example.org"
FORGED = {"X-Forwarded-For": "6.6.6.6", "X-Forwarded-Proto": "http", "X-Forwarded-Host": "evil.example"}


class Echo(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    seen: list[str] = []

    def do_GET(self) -> None:
        Echo.seen.append(self.path)
        if self.path.startswith("/break"):
            self.close_connection = True
            return
        length = int(self.headers.get("Content-Length") or 0)
        said = json.dumps({"headers": dict(self.headers), "body": self.rfile.read(length).decode()}).encode()
        self.send_response(200)
        self.send_header("Content-Length", str(len(said)))
        self.end_headers()
        self.wfile.write(said)

    do_POST = do_GET

    def log_message(self, *args: object) -> None:
        pass


@dataclass
class Front:
    http: int
    https: int
    root: Path
    log: Path

    def trusting(self) -> ssl.SSLContext:
        return ssl.create_default_context(cafile=str(self.root))

    def ask(self, path: str, headers: dict[str, str] | None = None) -> httpx.Response:
        url = f"https://127.0.0.1:{self.https}{path}"
        with httpx.Client(verify=self.trusting()) as client:
            return client.get(url, headers={"Host": SITE, **(headers or {})}, extensions={"sni_hostname": SITE})

    def raw(self, content: bytes, context: ssl.SSLContext | None = None) -> bytes:
        with (
            socket.create_connection(("127.0.0.1", self.https), 10) as plain,
            (context or self.trusting()).wrap_socket(plain, server_hostname=SITE) as sealed,
        ):
            sealed.sendall(content)
            said = b""
            while piece := sealed.recv(65536):
                said += piece
            return said


@pytest.fixture(scope="module")
def front() -> Iterator[Front]:
    site = ThreadingHTTPServer(("127.0.0.1", 0), Echo)
    threading.Thread(target=site.serve_forever, daemon=True).start()
    first = 40_000 + os.getpid() % 9_000
    with services.short_folder() as folder:
        one = Front(
            free_port("127.0.0.1", first),
            free_port("127.0.0.1", first + 10_000),
            folder / "caddy/pki/authorities/local/root.crt",
            folder / "log",
        )
        environment = os.environ | {
            "CARTGUIDE_ALLOWED_HOSTS": SITE,
            "CARTGUIDE_TLS_ISSUER": "internal",
            "CARTGUIDE_UPSTREAM": f"127.0.0.1:{site.server_port}",
            "CARTGUIDE_BIND": "127.0.0.1",
            "CARTGUIDE_HTTP_PORT": str(one.http),
            "CARTGUIDE_HTTPS_PORT": str(one.https),
            "XDG_DATA_HOME": str(folder),
            "XDG_CONFIG_HOME": str(folder),
        }
        command = [Path(sys.executable).with_name("caddy"), "run", "--config", ROOT / "Caddyfile", "--adapter", "caddyfile"]
        with one.log.open("wb") as log:
            running = subprocess.Popen(command, env=environment, stdout=log, stderr=log)
        try:
            services.wait_for(lambda: one.root.exists() and _answers(one), "the proxy to answer", 60)
            yield one
        finally:
            running.kill()
            running.wait()
            site.shutdown()
            site.server_close()


def _answers(front: Front) -> bool:
    try:
        return front.ask("/livez").is_success
    except (httpx.HTTPError, ssl.SSLError):
        return False


@pytest.mark.asvs("4.1.2", "12.2.1")
def test_pages_lead_to_https_and_the_api_does_not(front: Front) -> None:
    Echo.seen.clear()
    page = httpx.get(f"http://127.0.0.1:{front.http}/records/?q=1", headers={"Host": SITE})
    assert (page.status_code, page.headers["Location"]) == (308, f"https://{SITE}/records/?q=1")
    api = httpx.get(f"http://127.0.0.1:{front.http}/api/v1/profile/", headers={"Host": SITE, "Authorization": "Bearer sent-in-clear"})
    assert api.status_code == 403
    assert "Location" not in api.headers
    assert Echo.seen == []


@pytest.mark.asvs("4.1.3", "15.3.4")
def test_nobody_says_from_where_they_ask(front: Front) -> None:
    said = front.ask("/records/", FORGED).json()["headers"]
    assert said["X-Forwarded-For"] == "127.0.0.1"
    assert said["X-Forwarded-Proto"] == "https"
    assert said["X-Forwarded-Host"] == said["Host"] == SITE


@pytest.mark.asvs("4.2.1")
def test_a_request_with_two_lengths_has_one_on_the_other_side(front: Front) -> None:
    Echo.seen.clear()
    inner = b"GET /smuggled HTTP/1.1\r\nHost: evil.example\r\n\r\n"
    lengths = b"Content-Length: %d\r\nTransfer-Encoding: chunked\r\nConnection: close\r\n\r\n" % (5 + len(inner))
    front.raw(b"POST /first HTTP/1.1\r\nHost: " + SITE.encode() + b"\r\n" + lengths + b"0\r\n\r\n" + inner)
    assert "/smuggled" not in Echo.seen


def test_other_hosts_and_what_is_for_inside_do_not_reach_the_site(front: Front) -> None:
    Echo.seen.clear()
    assert front.ask("/metrics", {"Authorization": "Bearer whatever"}).status_code == 404
    front.raw(b"GET /other HTTP/1.1\r\nHost: evil.example\r\nConnection: close\r\n\r\n")
    assert Echo.seen == []


@pytest.mark.asvs("12.1.1", "12.1.2")
def test_old_tls_and_ciphers_without_forward_secrecy_are_refused(front: Front) -> None:
    ask = b"GET /livez HTTP/1.1\r\nHost: " + SITE.encode() + b"\r\nConnection: close\r\n\r\n"
    for version in (ssl.TLSVersion.TLSv1_2, ssl.TLSVersion.TLSv1_3):
        context = front.trusting()
        context.minimum_version = context.maximum_version = version
        assert front.raw(ask, context).startswith(b"HTTP/1.1 200")
    for weak in ("AES128-SHA", "AES256-GCM-SHA384", "ECDHE-RSA-AES128-SHA"):
        context = front.trusting()
        context.maximum_version = ssl.TLSVersion.TLSv1_2
        context.set_ciphers(weak)
        with pytest.raises(ssl.SSLError):
            front.raw(ask, context)
    old = ["openssl", "s_client", "-connect", f"127.0.0.1:{front.https}", "-servername", SITE, "-tls1_1", "-cipher", "ALL:@SECLEVEL=0"]
    tried = subprocess.run(old, input=b"", capture_output=True, check=False, timeout=30)
    assert b"BEGIN CERTIFICATE" not in tried.stdout


@pytest.mark.asvs("16.2.5", "14.2.1")
def test_what_fails_is_logged_without_what_was_asked_for(front: Front) -> None:
    asked = (
        b"POST /break/canary?token=canary HTTP/1.1\r\nHost: %s\r\nCookie: canary\r\nContent-Length: 6\r\nConnection: close\r\n\r\ncanary"
    )
    assert b" 502 " in front.raw(asked % SITE.encode())
    said = front.log.read_text(encoding="utf-8", errors="replace")
    assert "http.log.error" in said
    assert "canary" not in said
