"""What a parser that was taken over, or met a file made to break it, may try. Each runs in the confined child: `records.reading.sandbox.run`."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import time
from pathlib import Path
from typing import Any

from records.reading import wire


def fall_over(answer: socket.socket, path: Path, *, level: dict[str, bool]) -> None:
    """As a decoder written in C does."""
    os.kill(os.getpid(), signal.SIGSEGV)


def raise_what_it_read(answer: socket.socket, path: Path, *, level: dict[str, bool]) -> None:
    raise RuntimeError(path.read_text())


def hang(answer: socket.socket, path: Path, *, level: dict[str, bool]) -> None:
    time.sleep(60)


def hang_with_a_child(answer: socket.socket, path: Path, *, level: dict[str, bool], marker: str) -> None:
    """A child of the child that would outlive it, named by an argument that can be found among the processes."""
    with subprocess.Popen(["/usr/bin/env", "sleep", marker] if Path("/usr/bin/env").exists() else ["sleep", marker]):
        time.sleep(60)


def eat_memory(answer: socket.socket, path: Path, *, level: dict[str, bool]) -> None:
    kept = []
    while True:
        kept.append(bytearray(64 * 1024 * 1024))


def fill_a_disk(answer: socket.socket, path: Path, *, level: dict[str, bool], folder: str | None = None) -> None:
    """In the work folder, the only one where it may write."""
    import tempfile

    with Path(folder or tempfile.gettempdir(), "large").open("wb") as file:
        while True:
            file.write(bytes(16 * 1024 * 1024))


def lie(answer: socket.socket, path: Path, *, level: dict[str, bool], **given: Any) -> None:
    """A page whose words are not in its text, and a picture that is not one."""
    wire.send_json(answer, {"page": {"number": 1, "text": "x", "words": [[0, 99, None]]}, "code": None, "has_picture": False})


def send_too_much(answer: socket.socket, path: Path, *, level: dict[str, bool]) -> None:
    answer.sendall(wire.HEAD.pack(wire.BYTES, 0xFFFFFFFF))
    time.sleep(60)


def try_all(answer: socket.socket, path: Path, *, level: dict[str, bool], outside: str, port: int) -> None:
    """What was refused: names of the things that failed, as they should."""
    refused = []
    for name, attempt in {
        "write": lambda: Path(outside, "written").write_text("x"),
        "read": lambda: Path(outside, "secret").read_text(),
        "list": lambda: list(Path(outside).iterdir()),
        "delete": lambda: Path(outside, "secret").unlink(),
        "connect": lambda: socket.create_connection(("127.0.0.1", port), timeout=2),
        "run": lambda: subprocess.run(["/bin/sh", "-c", "true"], check=True),
        "settings": lambda: _must_be_empty([name for name in os.environ if name.startswith(("CARTGUIDE", "DJANGO"))]),
    }.items():
        try:
            attempt()
        except (OSError, subprocess.SubprocessError):
            refused.append(name)
    wire.send_json(answer, refused)


def _must_be_empty(found: list[str]) -> None:
    if not found:
        raise OSError


def echo(answer: socket.socket, path: Path, *, level: dict[str, bool]) -> None:
    wire.send_json(answer, path.read_text())
