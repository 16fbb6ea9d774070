"""What the site bears: requests at rising concurrency on a server of its own, beside a bare view, as the table of docs/scale.md."""

from __future__ import annotations

import json
import os
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx
from django.core.management.base import BaseCommand, CommandError, CommandParser

from portal.management.commands.serve import free_port, web
from portal.management.standing import wait_for

ROOT = Path(__file__).resolve().parents[3]
DOCUMENT = ROOT / "docs/scale.md"
BEGIN, END = "<!-- made by manage.py bench_load -->", "<!-- end -->"
TICKS = os.sysconf("SC_CLK_TCK")
# Run in the server's own settings: a record with facts, a session and a token for it.
SETUP = """
import json, sys
from django.core.management import call_command
from portal.management.standing import prepare_databases
prepare_databases()
call_command("demo", stdout=sys.stderr)
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore
from django.conf import settings
from portal.models import Answer, User
from portal.tokens import make_token
from records.actions.reading import perform_waiting
perform_waiting()
user = User.objects.get(email="rosa@demo.example")
session = SessionStore()
session.update({SESSION_KEY: str(user.pk), BACKEND_SESSION_KEY: settings.AUTHENTICATION_BACKENDS[0], HASH_SESSION_KEY: user.get_session_auth_hash()})
session.save()
token = make_token(user=user, name="bench", scopes=["read", "write"], days=1)[1]
print(json.dumps({"session": session.session_key, "token": token, "slug": Answer.objects.values_list("slug", flat=True).first()}))
"""


@dataclass
class Measured:
    """Seconds of each request that was answered, and how many were not."""

    seconds: list[float] = field(default_factory=list)
    refused: int = 0

    def line(self, name: str, people: int, took: float, cpu: float) -> str:
        done = len(self.seconds)
        cuts = statistics.quantiles(self.seconds, n=100) if done > 1 else [0.0] * 99
        ms = [f"{1000 * cuts[at]:.0f}" for at in (49, 94, 98)]
        return f"| {name} | {people} | {done / took:.1f} | {' | '.join(ms)} | {1000 * cpu / max(done, 1):.1f} | {self.refused} |"


class Command(BaseCommand):
    help = "Measure pages, polls and uploads at rising concurrency on a server of its own; prints a table."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--requests", type=int, default=100, help="for each line")
        parser.add_argument("--people", type=int, nargs="+", default=[1, 2, 4, 8, 16], help="requests at one time")
        parser.add_argument("--write", action="store_true", help="put the table into docs/scale.md")

    def handle(self, *args: Any, **options: Any) -> None:
        with tempfile.TemporaryDirectory(prefix="cart-guide-bench-") as folder, _server(Path(folder)) as (server, address, made):
            lines = [
                "| request | at one time | a second | p50 ms | p95 ms | p99 ms | CPU ms each | refused |",
                "|---|---|---|---|---|---|---|---|",
            ]
            for name, ask in _requests(made).items():
                for people in options["people"]:
                    lines.append(_measure(name, ask, address, people, options["requests"], server))
                    self.stdout.write(lines[-1])
        if options["write"]:
            _write("\n".join(lines))


def _write(table: str) -> None:
    before, _, rest = DOCUMENT.read_text(encoding="utf-8").partition(BEGIN)
    cores = len(os.sched_getaffinity(0))
    said = f"{BEGIN}\n{cores} cores, shared with the clients that ask; 2 processes of 4 threads; SQLite.\n\n{table}\n{END}"
    DOCUMENT.write_text(before + said + rest.partition(END)[2], encoding="utf-8")


@contextmanager
def _server(folder: Path) -> Iterator[tuple[int, str, dict[str, str]]]:
    """Its own databases, files and secrets in a folder; yields its process, its address and what SETUP made."""
    environment = {name: text for name, text in os.environ.items() if not name.startswith("CARTGUIDE_")}
    environment |= {"CARTGUIDE_RUN_DIR": str(folder), "DJANGO_SETTINGS_MODULE": "portal.settings.development"}
    setup = [sys.executable, "manage.py", "shell", "--no-imports", "-c", SETUP]
    made = subprocess.run(setup, cwd=ROOT, env=environment, stdout=subprocess.PIPE, text=True, check=True).stdout
    address = f"127.0.0.1:{free_port('127.0.0.1', 18_000)}"
    with (folder / "web.log").open("ab") as log:
        running = subprocess.Popen(web(address).command, cwd=ROOT, env=environment, stdout=log, stderr=log)
    try:
        if not wait_for(web(address).is_up):
            raise CommandError("The server did not start.")
        yield running.pid, address, json.loads(made.splitlines()[-1])
    finally:
        running.terminate()
        running.wait(30)


def _requests(made: dict[str, str]) -> dict[str, Callable[[httpx.Client, int], httpx.Response]]:
    person = {"Cookie": f"sessionid={made['session']}"}
    token = {"Authorization": f"Bearer {made['token']}"}

    def page(path: str) -> Callable[[httpx.Client, int], httpx.Response]:
        return lambda client, n: client.get(path, headers=person)

    def upload(client: httpx.Client, n: int) -> httpx.Response:
        content = f"Pathology report {n}\nPatient: Rosa Example\nKRAS G12D detected.\n".encode()
        return client.post("/api/v1/documents/", headers=token, files={"file": (f"{n}.txt", content)})

    return {
        "bare view `/livez`": page("/livez"),
        "public answer": lambda client, n: client.get(f"/a/{made['slug']}/"),
        "my files": page("/records/"),
        "how far they are": page("/records/progress/"),
        "my facts": page("/facts/"),
        "my answer": page(f"/my/{made['slug']}/"),
        "my trials": page("/my/trials/"),
        "send a file (API)": upload,
    }


def _measure(name: str, ask: Any, address: str, people: int, requests: int, server: int) -> str:
    measured, left = Measured(), iter(range(requests))
    before, start = _cpu(server), time.monotonic()
    threads = [threading.Thread(target=_ask_again, args=(ask, address, measured, left)) for _ in range(people)]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    return measured.line(name, people, time.monotonic() - start, _cpu(server) - before)


def _ask_again(ask: Any, address: str, measured: Measured, left: Iterator[int]) -> None:
    with httpx.Client(base_url=f"http://{address}", timeout=60) as client:
        for _ in left:
            begun = time.monotonic()
            answer = ask(client, time.monotonic_ns())
            if answer.is_success:
                measured.seconds.append(time.monotonic() - begun)
            else:
                measured.refused += 1


def _cpu(server: int) -> float:
    """Seconds of processor time of the server's processes."""
    children = Path(f"/proc/{server}/task/{server}/children").read_text(encoding="ascii").split()
    fields = [Path(f"/proc/{one}/stat").read_text(encoding="utf-8").rsplit(")", 1)[1].split() for one in [str(server), *children]]
    return sum(int(one[11]) + int(one[12]) for one in fields) / TICKS
