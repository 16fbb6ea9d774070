"""Files of a folder → pages, for commands that need no database: `manage.py read` and `manage.py profile`.

    for file in read_files(files_below([folder]), passwords={"scan.pdf": "secret"}):
        file.error        # None, or a code of records.exceptions: then pages may be empty
        file.pages        # PageText of every page that may be trusted, in order
        file.page_codes   # {2: "blank", 3: "unreadable", 4: "timed_out"}: what became of the other pages

Every file is opened in the sandbox; pages are read side by side on all cores. Files of a ZIP follow as files of their own,
named "archive.zip/inner.pdf".
"""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from pathlib import Path

from records.exceptions import ReadingError
from records.reading import sandbox
from records.reading.page import PageText

Read = tuple[PageText | None, str | None]


@dataclass(frozen=True, slots=True)
class FileRead:
    """One file as read. name: its path as asked for. media_type is None where the content is of no kind that we read."""

    name: str
    media_type: str | None
    error: str | None
    pages: tuple[PageText, ...] = ()
    page_codes: Mapping[int, str] = field(default_factory=dict)


def files_below(paths: Iterable[Path]) -> list[Path]:
    """The files themselves, and every file below a folder, sorted. Links are not followed out of a folder."""
    found: list[Path] = []
    for path in paths:
        found += sorted(one for one in path.rglob("*") if one.is_file() and not one.is_symlink()) if path.is_dir() else [path]
    return found


def read_document(path: Path, password: str | None = None) -> FileRead:
    """One file, and nothing of an archive but that it is one."""
    with ThreadPoolExecutor(_cores()) as pool:
        return _read(path, str(path), password, pool)


def read_files(paths: Iterable[Path], passwords: Mapping[str, str] | None = None) -> Iterator[FileRead]:
    """Each file in turn, then what was inside it where it is an archive. passwords: by path as given, or by file name alone."""
    known = passwords or {}
    with ThreadPoolExecutor(_cores()) as pool:
        for path in paths:
            read = _read(path, str(path), known.get(str(path), known.get(path.name)), pool)
            if read.error is None and read.media_type == sandbox.ARCHIVE:
                yield from _read_archive(path, read, pool)
            else:
                yield read


def _cores() -> int:
    return len(os.sched_getaffinity(0))


def _read(path: Path, name: str, password: str | None, pool: ThreadPoolExecutor) -> FileRead:
    media_type = None
    try:
        media_type = sandbox.sniff_file(path)
        opened = sandbox.open_document(path, password)
    except ReadingError as error:
        return FileRead(name, media_type, error.code)
    numbers = range(1, opened.page_count + 1)
    reads = list(pool.map(lambda number: _page(path, opened.media_type, number, password), numbers))
    pages = tuple(page for page, code in reads if page is not None and code is None)
    codes = {number: code for number, (_, code) in zip(numbers, reads, strict=True) if code is not None}
    is_lost = opened.page_count > 0 and not pages
    return FileRead(name, opened.media_type, next(iter(codes.values())) if is_lost else None, pages, codes)


def _page(path: Path, media_type: str, number: int, password: str | None) -> Read:
    try:
        read = sandbox.read_page(path, media_type, number, password)
    except ReadingError as error:
        return None, error.code
    return read.page, read.code


def _read_archive(path: Path, read: FileRead, pool: ThreadPoolExecutor) -> Iterator[FileRead]:
    """The archive, with its error where it cannot be unpacked, then the files in it."""
    with tempfile.TemporaryDirectory(prefix="cart-guide-") as folder:
        try:
            found = sandbox.members(path, Path(folder))
        except ReadingError as error:
            yield replace(read, error=error.code)
            return
        yield read
        for name, copy in found:
            yield _read(copy, f"{path}/{name}", None, pool)
