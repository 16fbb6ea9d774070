"""How a page comes out of the sandbox: JSON and plain bytes in frames. Never pickle: what is in there may have been taken over."""

from __future__ import annotations

import json
import socket
import struct
from typing import Any

from records.reading.page import Box, PageText, Source, Word

HEAD = struct.Struct("!cI")
JSON, BYTES, END = b"J", b"B", b"E"
MOST_FRAME = 256 * 1024 * 1024


def send(connection: socket.socket, kind: bytes, body: bytes) -> None:
    connection.sendall(HEAD.pack(kind, len(body)))
    connection.sendall(body)


def send_json(connection: socket.socket, value: Any) -> None:
    send(connection, JSON, json.dumps(value, ensure_ascii=True, separators=(",", ":")).encode())


def receive(connection: socket.socket) -> tuple[bytes, bytes]:
    """One frame: (kind, body). Raises EOFError where the other side ended in the middle, ValueError for a frame too large."""
    kind, length = HEAD.unpack(_exactly(connection, HEAD.size))
    if length > MOST_FRAME:
        raise ValueError("frame too large")
    return kind, _exactly(connection, length)


def _exactly(connection: socket.socket, length: int) -> bytes:
    made = bytearray(length)
    view, filled = memoryview(made), 0
    while filled < length:
        count = connection.recv_into(view[filled:])
        if not count:
            raise EOFError
        filled += count
    return bytes(made)


def page_to_json(page: PageText) -> dict[str, Any]:
    return {
        "number": page.number,
        "width": page.width,
        "height": page.height,
        "text": page.text,
        "words": [[one.start, one.end, one.confidence, *_corners(one.box), *_other(one)] for one in page.words],
        "source": page.source.value,
        "rotation": page.rotation,
        "quality": page.quality,
    }


def _corners(box: Box | None) -> list[float]:
    return [] if box is None else [box.x0, box.top, box.x1, box.bottom]


def _other(word: Word) -> list[str]:
    return [word.other] if word.other else []


def page_from_json(made: dict[str, Any]) -> PageText:
    """Raises ValueError, TypeError or KeyError for what is no page: boxes and spans are checked as they are built."""
    words = tuple(_word(one) for one in made["words"])
    quality = made["quality"]
    return PageText(
        number=int(made["number"]),
        width=float(made["width"]),
        height=float(made["height"]),
        text=str(made["text"]),
        words=words,
        source=Source(made["source"]),
        rotation=int(made["rotation"]),
        quality=None if quality is None else float(quality),
    )


def _word(kept: list[Any]) -> Word:
    start, end, confidence, *rest = kept
    box = Box(*(float(one) for one in rest[:4])) if rest else None
    return Word(int(start), int(end), box, None if confidence is None else float(confidence), *(str(one) for one in rest[4:5]))
