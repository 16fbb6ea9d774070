"""What runs inside a confined child: one function a call, with the connection to answer on and the file."""

from __future__ import annotations

import resource
import socket
from contextlib import suppress
from pathlib import Path
from typing import Any

from records import reading
from records.exceptions import ReadingError
from records.reading import wire


def sniff_file(answer: socket.socket, path: Path, *, level: dict[str, bool]) -> None:
    wire.send_json(answer, {"media_type": reading.sniff(path)})


def open_document(answer: socket.socket, path: Path, *, level: dict[str, bool], password: str | None) -> None:
    opened = reading.open_document(path, password)
    wire.send_json(answer, {"media_type": opened.media_type, "page_count": opened.page_count})


def read_page(
    answer: socket.socket, path: Path, *, level: dict[str, bool], media_type: str | None, number: int, password: str | None
) -> None:
    page = reading.read_page(path, media_type or reading.sniff(path) or "", number, password)
    wire.send_json(answer, {"page": wire.page_to_json(page), "code": reading.page_code(page)})


def read_and_render(answer: socket.socket, *paths: Path, level: dict[str, bool], wanted: list[dict[str, Any]]) -> None:
    """wanted: pages, each with the place of its file among the paths."""
    for made in reading.read_and_render([reading.Wanted(paths[one.pop("file")], **one) for one in wanted]):
        if isinstance(made, ReadingError):
            wire.send_json(answer, {"code": made.code})
            continue
        page, picture = made.page, made.picture
        wire.send_json(answer, {"page": wire.page_to_json(page), "code": reading.page_code(page), "has_picture": picture is not None})
        if picture is not None:
            wire.send(answer, wire.BYTES, picture)


def measure_page(answer: socket.socket, path: Path, *, level: dict[str, bool], media_type: str, number: int) -> None:
    """The most memory that reading this page and drawing its picture took, in KiB: of this process, and of the largest program it ran."""
    reading.read_and_render([reading.Wanted(path, number, media_type)])
    used = (resource.getrusage(who).ru_maxrss for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    wire.send_json(answer, dict(zip(("self_kib", "children_kib"), used, strict=True)))


def members(answer: socket.socket, path: Path, *, level: dict[str, bool]) -> None:
    for name, content in reading.members(path):
        wire.send_json(answer, {"name": name})
        wire.send(answer, wire.BYTES, content)
    wire.send_json(answer, {"name": None})


def try_limits(answer: socket.socket, path: Path, *, level: dict[str, bool]) -> None:
    """What was granted, and whether it holds: a limit that lets through what it forbids is no limit."""
    held = dict(level)
    with suppress(OSError):
        Path("/etc/passwd").read_bytes()
        held["landlock"] = False
    with suppress(OSError):
        socket.socket().close()
        held["seccomp"] = False
    wire.send_json(answer, held)
