"""Archives: the files in a ZIP that we can read. No archive in an archive, no bombs, and nothing is written where a name says."""

from __future__ import annotations

import re
import tempfile
import zipfile
from collections.abc import Iterator
from pathlib import Path, PurePosixPath

from records.exceptions import ReadingError
from records.reading.reader import MOST_BYTES
from records.reading.sniff import ZIP, sniff

MOST_MEMBERS = 500
MOST_ENTRIES = 5_000
MOST_RATIO = 200  # no scan or text shrinks further; bombs do a thousandfold
_PIECE = 1 << 20
_LINK = 0o120000
_UNFIT = re.compile(r"[\x00-\x1f\x7f\ud800-\udfff]")


def members(path: Path) -> Iterator[tuple[str, bytes]]:
    """(name for people, content) of each file that we can read. Raises ReadingError: damaged, locked, too_large, nothing_inside."""
    try:
        with zipfile.ZipFile(path) as archive:
            entries = [one for one in archive.infolist() if not one.is_dir()]
            if len(entries) > MOST_ENTRIES:
                raise ReadingError("too_large")
            yield from _readable(archive, entries)
    except (zipfile.BadZipFile, NotImplementedError, OSError, ValueError, EOFError, zipfile.LargeZipFile):
        raise ReadingError("damaged") from None


def _readable(archive: zipfile.ZipFile, entries: list[zipfile.ZipInfo]) -> Iterator[tuple[str, bytes]]:
    total = found = 0
    for entry in entries:
        if entry.external_attr >> 16 & 0o170000 == _LINK or _is_clutter(entry.filename):
            continue
        if entry.flag_bits & 0x1:
            raise ReadingError("locked")
        content = _content(archive, entry, MOST_BYTES - total)
        total += len(content)
        if _can_read(content):
            found += 1
            if found > MOST_MEMBERS:
                raise ReadingError("too_large")
            yield _name(entry.filename), content
    if not found:
        raise ReadingError("nothing_inside")


def _content(archive: zipfile.ZipFile, entry: zipfile.ZipInfo, room: int) -> bytes:
    """What is really inside, whatever the table of contents claims."""
    if entry.file_size > min(room, max(entry.compress_size, 1024) * MOST_RATIO):
        raise ReadingError("too_large")
    made = bytearray()
    try:
        with archive.open(entry) as stream:
            while piece := stream.read(_PIECE):
                made += piece
                if len(made) > room:
                    raise ReadingError("too_large")
    except RuntimeError:  # zipfile's word for a password
        raise ReadingError("locked") from None
    return bytes(made)


def _can_read(content: bytes) -> bool:
    with tempfile.NamedTemporaryFile() as copy:
        copy.write(content)
        copy.flush()
        media_type = sniff(Path(copy.name))
    return media_type is not None and media_type != ZIP


def _is_clutter(name: str) -> bool:
    """What systems put into archives for themselves."""
    parts = PurePosixPath(name).parts
    return not parts or parts[0] == "__MACOSX" or parts[-1].startswith("._") or parts[-1] in (".DS_Store", "Thumbs.db")


def _name(name: str) -> str:
    """The last part of the path alone: a name for people, never a place."""
    last = PurePosixPath(name.replace("\\", "/")).name
    return _UNFIT.sub("", last)[-200:] or "file"
