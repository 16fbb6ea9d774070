"""One POST to an address that somebody gave us: only to the open internet, to the very address that was looked at, and no further."""

from __future__ import annotations

import http.client
import ipaddress
import socket
import ssl
from collections.abc import Mapping
from urllib.parse import urlsplit

from django.conf import settings

SECONDS = 5.0


class Unfit(ValueError):
    """An address that nothing is sent to: no https, a name of its own with a password, or a network that is not the open internet."""


def check_url(url: str) -> tuple[str, int, str]:
    """(host, port, path with query). Raises Unfit. Asks no name server."""
    parts = urlsplit(url)
    try:
        port = parts.port
    except ValueError:
        raise Unfit from None
    is_here = settings.WEBHOOKS_MAY_STAY_HERE and parts.scheme == "http"
    if (parts.scheme != "https" and not is_here) or not parts.hostname or parts.username or parts.password or parts.fragment:
        raise Unfit
    try:
        _check_open(ipaddress.ip_address(parts.hostname))
    except ValueError as fault:
        if isinstance(fault, Unfit):
            raise
    path = parts.path or "/"
    return parts.hostname, port or (443 if parts.scheme == "https" else 80), f"{path}?{parts.query}" if parts.query else path


def post(url: str, content: bytes, headers: Mapping[str, str]) -> int:
    """The status of the answer, whose body is not read. Redirects are not followed. Raises Unfit, OSError, http.client.HTTPException."""
    host, port, path = check_url(url)
    address = _looked_up(host, port)
    connection = http.client.HTTPConnection(host, port, timeout=SECONDS)
    connection.sock = socket.create_connection((address, port), SECONDS)  # the address that was checked, whatever the name says next
    try:
        if urlsplit(url).scheme == "https":
            connection.sock = ssl.create_default_context().wrap_socket(connection.sock, server_hostname=host)
        connection.request("POST", path, body=content, headers=dict(headers))
        return connection.getresponse().status
    finally:
        connection.close()


def _looked_up(host: str, port: int) -> str:
    """The first address of the name, if all of them are on the open internet."""
    found = [str(one[4][0]) for one in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)]
    for one in found:
        _check_open(ipaddress.ip_address(one.partition("%")[0]))
    return found[0]


def _check_open(address: ipaddress.IPv4Address | ipaddress.IPv6Address) -> None:
    mapped = getattr(address, "ipv4_mapped", None) or getattr(address, "sixtofour", None) or address
    if (not mapped.is_global or mapped.is_multicast) and not settings.WEBHOOKS_MAY_STAY_HERE:
        raise Unfit
