"""PDF pages: words of the text layer where there is one worth using, else OCR of the page as rendered."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pypdfium2 as pdfium
import pypdfium2.raw as raw

from records.exceptions import ReadingError
from records.reading.drawing import Drawings, has_ink, render
from records.reading.language import is_foreign
from records.reading.layer import MOST_BROKEN, Layer, affine, read_layer
from records.reading.layout import Token, upright
from records.reading.ocr import Gray
from records.reading.page import Box, PageText, Source, make_page
from records.reading.picture import as_webp, grey_share, is_one_bit
from records.reading.reader import MOST_PAGES, PICTURE_DPI, Rendered
from records.reading.scan import read_picture, turned
from records.reading.sole import may_have_masks
from records.reading.tables import cells_of_page
from records.reading.together import Reading, finished
from records.reading.wrapped import in_order

OCR_DPI = 220
COVERING = 0.5
_NEARLY = 0.04
_WELL_READ = 0.7  # mean confidence: pages in our letters are read better than this, others never


@dataclass(frozen=True, slots=True)
class Scan:
    """What of the page is picture: the share of it that the largest picture covers, that picture's dots per inch, one bit or not."""

    share: float = 0.0
    dpi: float = 0.0
    is_one_bit: bool = False


@contextmanager
def opened(path: Path, password: str | None) -> Iterator[pdfium.PdfDocument]:
    """A password that only guards printing and copying is not asked for.

    Raises ReadingError: locked, wrong_password, unsupported (a lock that no password opens), damaged.
    """
    document = _open(path, password)
    try:
        yield document
    finally:
        document.close()


def _open(path: Path, password: str | None) -> pdfium.PdfDocument:
    # by pdfium itself: the wrapper resolves links, and a file in memory has no path to resolve to
    handle = raw.FPDF_LoadDocument(str(path).encode(), password.encode() if password else None)
    if handle:
        return pdfium.PdfDocument(handle)
    error = raw.FPDF_GetLastError()
    if error == raw.FPDF_ERR_SECURITY:  # with a certificate, or in a way of one vendor's: no password opens it
        raise ReadingError("unsupported")
    try:
        return _repaired(path, password)
    except ReadingError as refused:
        if error == raw.FPDF_ERR_PASSWORD and refused.code == "damaged":
            raise ReadingError("wrong_password" if password else "locked") from None
        raise


def _repaired(path: Path, password: str | None) -> pdfium.PdfDocument:
    """Many files that pdfium refuses are put right by qpdf, locks with a mistake in them too. Raises ReadingError: locked, wrong_password,
    damaged."""
    from io import BytesIO

    import pikepdf

    made = BytesIO()
    try:
        with pikepdf.open(path, password=password or "", suppress_warnings=True) as document:
            if not len(document.pages):
                raise ReadingError("damaged")
            document.save(made)
        return pdfium.PdfDocument(made.getvalue())
    except pikepdf.PasswordError:
        raise ReadingError("wrong_password" if password else "locked") from None
    except (pikepdf.PdfError, pdfium.PdfiumError, ValueError, RuntimeError, OSError, TypeError, KeyError):
        raise ReadingError("damaged") from None


class PdfReader:
    """See records.reading.reader.Reader."""

    def page_count(self, path: Path, password: str | None = None) -> int:
        with opened(path, password) as document:
            count = len(document)
            if count == 0:
                raise ReadingError("damaged")
            if count > MOST_PAGES:
                raise ReadingError("too_many_pages")
            return count

    def read_page(self, path: Path, number: int, password: str | None = None) -> PageText:
        with opened(path, password) as document, _page(document, number) as page:
            return finished(read_pdf_page(page, Drawings(page, may_have_masks=may_have_masks(path)), number, path, password))

    def render_page(self, path: Path, number: int, password: str | None = None, dpi: int = PICTURE_DPI, rotation: int = 0) -> bytes | None:
        with opened(path, password) as document, _page(document, number) as page:
            return as_webp(turned(render(page, dpi), rotation))

    @contextmanager
    def begun(self, path: Path, numbers: Sequence[int], password: str | None = None) -> Iterator[list[Reading[Rendered]]]:
        with opened(path, password) as document:
            masks = may_have_masks(path)
            yield [_read_and_drawn(document, number, path, password, masks) for number in numbers]

    def read(self, path: Path, password: str | None = None) -> Iterator[PageText]:
        with opened(path, password) as document:
            masks = may_have_masks(path)
            for number in range(1, min(len(document), MOST_PAGES) + 1):
                with _page(document, number) as page:
                    yield finished(read_pdf_page(page, Drawings(page, may_have_masks=masks), number, path, password))


def _read_and_drawn(document: pdfium.PdfDocument, number: int, path: Path, password: str | None, masks: bool) -> Reading[Rendered]:
    with _page(document, number) as page:
        drawings = Drawings(page, may_have_masks=masks)
        read = yield from read_pdf_page(page, drawings, number, path, password)
        return Rendered(read, as_webp(turned(drawings.shown(), read.rotation), is_two_toned=drawings.is_two_toned))


@contextmanager
def _page(document: pdfium.PdfDocument, number: int) -> Iterator[pdfium.PdfPage]:
    try:
        page = document[number - 1]
        if raw.FPDFPage_GetAnnotCount(page):
            # what was typed into a form, and stamps, become part of the page
            raw.FPDFPage_Flatten(page, raw.FLAT_NORMALDISPLAY)
            page.close()
            page = document[number - 1]
    except (pdfium.PdfiumError, IndexError):
        raise ReadingError("damaged") from None
    try:
        yield page
    finally:
        page.close()


def read_pdf_page(
    page: pdfium.PdfPage, drawings: Drawings, number: int, path: Path | None = None, password: str | None = None
) -> Reading[PageText]:
    """Words of the layer where a person would see the same words; else of the picture. path: for what only pdfplumber can tell."""
    if min(page.get_size()) <= 0:
        raise ReadingError("damaged")
    layer = read_layer(page)
    scan = largest_picture(page)
    if layer.tokens and layer.is_plausible and scan.share < COVERING and not has_ink(page, layer.hidden):
        return _from_layer(page, layer, number, cells_of_page(page, layer, path, number, password))
    if not layer.tokens and not raw.FPDFPage_CountObjects(page):
        width, height = page.get_size()
        return make_page(number=number, width=width, height=height, lines=(), source=Source.TEXT_LAYER)
    found = yield from _from_picture(page, scan, number, drawings)
    if (found.quality or 0.0) < _WELL_READ and scan.share < COVERING and _is_foreign(layer):
        return _from_layer(page, layer, number, ())
    return found


def _is_foreign(layer: Layer) -> bool:
    """Words in letters that recognition does not know. Or of a font that was renumbered: where the page reads well, it is that."""
    return layer.broken < MOST_BROKEN and is_foreign(" ".join(one.text for one in layer.tokens))


def _from_layer(page: pdfium.PdfPage, layer: Layer, number: int, cells: tuple[Box, ...]) -> PageText:
    width, height = page.get_size()
    rotation = -layer.angle % 360
    if rotation in (90, 270):
        width, height = height, width
    lines = in_order([upright(one, rotation) for one in layer.tokens], [upright(Token("", one), rotation).box for one in cells])
    plain = (((one.text, one.box, one.confidence) for one in line) for line in lines)
    return make_page(number=number, width=width, height=height, lines=plain, source=Source.TEXT_LAYER, rotation=rotation)


def _from_picture(page: pdfium.PdfPage, scan: Scan, number: int, drawings: Drawings) -> Reading[PageText]:
    width, height = page.get_size()
    grey, dpi = _drawn_for_reading(drawings, scan)
    found = yield from read_picture(grey, dpi=round(dpi))
    if found.rotation in (90, 270):
        width, height = height, width
    plain = (((one.text, one.box, one.confidence, one.other) for one in line) for line in found.lines)
    return make_page(number=number, width=width, height=height, lines=plain, source=Source.OCR, rotation=found.rotation)


def _drawn_for_reading(drawings: Drawings, scan: Scan) -> tuple[Gray, float]:
    """(picture, its dots per inch). A fax at its own dots is still black and white; anything finer than needed only costs time."""
    has_dots = scan.share > COVERING and 150 <= scan.dpi <= 300
    if has_dots and scan.is_one_bit:
        return drawings.grey(scan.dpi), scan.dpi
    made = drawings.grey(OCR_DPI)
    if has_dots and grey_share(made) < _NEARLY:  # saved with eight bits a pixel, and grey only where it was drawn at other dots
        own = drawings.grey(scan.dpi)
        if is_one_bit(own):
            return own, scan.dpi
    return made, OCR_DPI


def largest_picture(page: pdfium.PdfPage) -> Scan:
    """The largest picture on the page."""
    best = Scan()
    to_page = affine(page)
    for thing in page.get_objects(filter=[raw.FPDF_PAGEOBJ_IMAGE], max_depth=3):
        try:
            box = to_page.box(*thing.get_bounds())
        except pdfium.PdfiumError:
            continue
        share = (box.x1 - box.x0) * (box.bottom - box.top)
        if share > best.share:
            best = _scan(thing, share)
    return best


def _scan(thing: pdfium.PdfImage, share: float) -> Scan:
    try:
        facts = thing.get_metadata()
    except pdfium.PdfiumError:
        return Scan(share)
    return Scan(share, min(facts.horizontal_dpi, facts.vertical_dpi), facts.bits_per_pixel == 1)
