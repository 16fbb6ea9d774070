"""The block on the network is itself tested: nothing a patient sends may leave this machine during a test."""

from __future__ import annotations

import socket

import pytest


def test_another_host_cannot_be_reached() -> None:
    # the block warns, and a warning is an error here
    with pytest.raises(UserWarning, match=r"192\.0\.2\.1"), socket.socket() as probe:
        probe.settimeout(0.2)
        probe.connect(("192.0.2.1", 80))


def test_this_machine_can_be_reached() -> None:
    with socket.socket() as server, socket.socket() as client:
        server.bind(("127.0.0.1", 0))
        server.listen()
        client.connect(server.getsockname())
        assert client.getpeername() == server.getsockname()
