"""One patient's folder → files read, as assembly wants them: `manage.py profile` and `manage.py score`."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path

from records.assembly.line import FileRead, digest_of
from records.extraction.text import DocumentText
from records.management.reading_files import FileRead as PagesRead
from records.management.reading_files import files_below, read_files
from records.reading.sandbox import ARCHIVE


def patient_files(folder: Path, passwords: Mapping[str, str] | None = None) -> Iterator[FileRead]:
    """The files of a folder, named as seen from it. An archive stands for what is in it."""
    for read in read_files(files_below([folder]), passwords):
        if read.media_type == ARCHIVE and read.error is None:
            continue
        name = str(Path(read.name).relative_to(folder))
        text = DocumentText(read.pages, name) if read.error is None else None
        yield FileRead(name, text, _digest(read), read.error)


def _digest(read: PagesRead) -> str:
    """Of the bytes; of the words where the file stands in an archive."""
    path = Path(read.name)
    if path.is_file():
        return digest_of(path.read_bytes())
    return digest_of("\f".join(page.text for page in read.pages).encode()) if read.pages else ""
