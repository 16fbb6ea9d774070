"""Bytes → PageText. Everything here is pure and runs in one process; records.reading.sandbox runs the same doors in a child with limits.

Raises only ReadingError, with a code of records.exceptions: empty, unsupported, too_large, damaged, locked, wrong_password,
too_many_pages, several_people, nothing_inside, timed_out. What a *page* turned out to be (blank, unreadable, other_language) is no error: see page_code.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from functools import cache
from itertools import groupby
from pathlib import Path

from records.exceptions import ReadingError
from records.reading.language import is_foreign
from records.reading.page import PageText, Source
from records.reading.reader import MOST_BYTES, PICTURE_DPI, Opened, Reader, Rendered, Wanted
from records.reading.sniff import CCDA, DOCX, FHIR, HEIC, HTML, JPEG, PDF, PNG, RTF, TIFF, TXT, WEBP, ZIP, sniff

__all__ = ["Opened", "Rendered", "Wanted", "members", "open_document", "page_code", "read_and_render", "read_page", "readers", "render_page", "sniff"]


@cache
def readers() -> dict[str, Reader]:
    """The reader of each type, made for the first file: what opens pictures takes longer to load than all rules, which need none of it."""
    from records.reading.ccda import CcdaReader
    from records.reading.fhir import FhirReader
    from records.reading.image import ImageReader
    from records.reading.markup import HtmlReader
    from records.reading.office import DocxReader
    from records.reading.pdf import PdfReader
    from records.reading.plain import PlainReader, RtfReader

    return {
        PDF: PdfReader(),
        JPEG: ImageReader(JPEG),
        PNG: ImageReader(PNG),
        TIFF: ImageReader(TIFF),
        HEIC: ImageReader(HEIC),
        WEBP: ImageReader(WEBP),
        TXT: PlainReader(),
        RTF: RtfReader(),
        HTML: HtmlReader(),
        DOCX: DocxReader(),
        CCDA: CcdaReader(),
        FHIR: FhirReader(),
    }


# Below this mean confidence a page's words are not to be trusted at all; poorer than this, plain print was never read right.
LEAST_QUALITY = 0.45


def open_document(path: Path, password: str | None = None) -> Opened:
    """What the file is and how many pages it has. Opens it, but reads no page."""
    size = path.stat().st_size
    if size == 0:
        raise ReadingError("empty")
    if size > MOST_BYTES:
        raise ReadingError("too_large")
    media_type = sniff(path)
    if media_type == ZIP:
        return Opened(ZIP, 0)
    if media_type is None:
        raise ReadingError("unsupported")
    return Opened(media_type, _reader(media_type).page_count(path, password))


def read_page(path: Path, media_type: str, number: int, password: str | None = None) -> PageText:
    """Page `number` (from 1) of a file that open_document accepted."""
    return _reader(media_type).read_page(path, number, password)


def render_page(
    path: Path, media_type: str, number: int, password: str | None = None, dpi: int = PICTURE_DPI, rotation: int = 0
) -> bytes | None:
    """WebP of the page as displayed and upright: what the boxes of read_page are fractions of. None for files of text.

    rotation: that of the PageText.
    """
    return _reader(media_type).render_page(path, number, password, dpi, rotation)


def read_and_render(wanted: Sequence[Wanted]) -> list[Rendered | ReadingError]:
    """Pages and their pictures, as read_page and render_page would give them, for less than the two together, and less still for several pages.
    An error of one page, or of its file, stands in its place."""
    from records.reading.together import Reading, all_finished, refused

    with ExitStack() as files:
        readings: list[Reading[Rendered]] = []
        for (path, media_type, password), pages in groupby(wanted, key=lambda one: (one.path, one.media_type, one.password)):
            numbers = [one.number for one in pages]
            try:
                readings += files.enter_context(_reader(media_type or sniff(path) or "").begun(path, numbers, password))
            except ReadingError as error:
                readings += [refused(error) for _ in numbers]
        return all_finished(readings)


def _reader(media_type: str) -> Reader:
    if media_type not in readers():
        raise ReadingError("unsupported")
    return readers()[media_type]


def members(path: Path) -> Iterator[tuple[str, bytes]]:
    """The files of a ZIP that we can read: (name for people, content). Raises ReadingError: damaged, too_large."""
    from records.reading.archive import members as inside

    return inside(path)


def page_code(page: PageText) -> str | None:
    """ "blank": no words. "unreadable": too poor to trust, ask for a better picture. "other_language": in writing that we have no rules for.
    From none of them are facts taken. None: fine."""
    if not page.words:
        return "blank"
    if is_foreign(page.text):
        return "other_language"
    return "unreadable" if page.source is Source.OCR and (page.quality or 0.0) < LEAST_QUALITY else None
