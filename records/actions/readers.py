"""How the steps ask the readers: a file's pages or members, and one page with its picture.

The file is decrypted into memory that has no name in any folder, and only a confined child opens it (records.reading.sandbox).
"""

from __future__ import annotations

import os
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

from records.exceptions import ReadingError
from records.reading import reader, sandbox
from records.reading.page import PageText
from records.reading.patience import FILE_SECONDS
from records.reading.sniff import ZIP, sniff_head
from records.storage import CHUNK_BYTES, SealedFile


@dataclass(frozen=True, slots=True)
class Member:
    """A file out of an archive."""

    name: str
    content: bytes
    media_type: str


@dataclass(frozen=True, slots=True)
class Opened:
    """page_count 0 and members: an archive."""

    page_count: int
    members: tuple[Member, ...] = ()


@dataclass(frozen=True, slots=True)
class Wanted:
    """A page of a file, and the password of the file. Pages of one file share its stream."""

    stream: SealedFile
    number: int
    password: str | None


@dataclass(frozen=True, slots=True)
class ReadPage:
    """A page's words and its picture (WebP, upright), None where it has none. code: of reading.page_code, None where it is fine."""

    page: PageText
    image: bytes | None
    code: str | None = None


def sniff(head: bytes, name: str) -> str | None:
    """The media type that the first bytes show; the name is somebody's word and decides nothing. None: nothing that we read."""
    return sniff_head(head)


def open_document(stream: SealedFile, media_type: str, name: str, password: str | None) -> Opened:
    """Raises ReadingError: empty, too_large, unsupported, damaged, locked, wrong_password, too_many_pages, timed_out."""
    begun = time.monotonic()
    with _plain(stream) as path:
        opened = sandbox.open_document(path, password)
        if opened.media_type != ZIP:
            return Opened(opened.page_count)
        inside = sandbox.read_members(path, FILE_SECONDS - (time.monotonic() - begun))
        return Opened(0, tuple(Member(called, content, sniff_head(content) or "") for called, content in inside))


def read_pages(wanted: Sequence[Wanted], seconds: float) -> Iterator[ReadPage | ReadingError]:
    """Each page, or why it cannot be read. seconds: how long they may take together.

    Raises ReadingError where reading ended over them, be it with the first or the last: damaged, too_large, timed_out.
    """
    with ExitStack() as files:
        paths = {one: files.enter_context(_plain(one)) for one in dict.fromkeys(one.stream for one in wanted)}
        # of no media type: what the first bytes promised, the whole file decides
        asked = [reader.Wanted(paths[one.stream], one.number, password=one.password) for one in wanted]
        for read in sandbox.read_and_render(asked, seconds=seconds):
            yield read if isinstance(read, ReadingError) else ReadPage(read.page, read.picture, read.code)


@contextmanager
def _plain(stream: SealedFile) -> Iterator[Path]:
    """The decrypted file, in memory: gone with the last descriptor, also where this process is killed."""
    descriptor = os.memfd_create("document", os.MFD_CLOEXEC) if hasattr(os, "memfd_create") else _unnamed()
    try:
        stream.seek(0)
        while piece := stream.read(CHUNK_BYTES):
            _write(descriptor, piece)
        yield Path(f"/proc/self/fd/{descriptor}")
    finally:
        os.close(descriptor)


def _unnamed() -> int:
    with tempfile.TemporaryFile() as file:
        return os.dup(file.fileno())


def _write(descriptor: int, piece: bytes) -> None:
    view = memoryview(piece)
    while view:
        view = view[os.write(descriptor, view) :]
