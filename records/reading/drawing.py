"""Pages of a PDF as pictures: each drawn once, for reading and for showing."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator
from contextlib import contextmanager

import cv2
import numpy as np
import numpy.typing as npt
import pypdfium2 as pdfium
import pypdfium2.raw as raw
from PIL import Image

from records.exceptions import ReadingError
from records.reading.ocr import Gray
from records.reading.page import Box
from records.reading.picture import Pixels
from records.reading.reader import PICTURE_DPI

MOST_RENDERED_PIXELS = 25_000_000
_GLANCE_DPI, _INK, _INKED_SHARE = 72, 40, 0.08  # letters blacken a fifth of their box and more, a rule that runs through it less
_SMOOTH = 2.0  # times smaller: beyond it, pixels between two others are lost unless all are averaged


def render(page: pdfium.PdfPage, dpi: float) -> Image.Image:
    """The page as displayed, never more than MOST_RENDERED_PIXELS. Raises ReadingError("damaged") where it has no size."""
    with _rendered(page, dpi) as bitmap:
        made: Image.Image = bitmap.to_pil().convert("RGB")
        return made


def has_ink(page: pdfium.PdfPage, boxes: Iterable[Box]) -> bool:
    """Whether anything is drawn within one of the boxes of words: letters, or a picture of them."""
    places = tuple(boxes)
    if not places:
        return False
    drawn = np.asarray(render(page, _GLANCE_DPI).convert("L"), dtype=np.int16)
    return any(_is_inked(drawn[_pixels(one.top, one.bottom, drawn.shape[0]), _pixels(one.x0, one.x1, drawn.shape[1])]) for one in places)


def _pixels(start: float, end: float, size: int) -> slice:
    first = min(int(start * size), size - 1)
    return slice(first, max(int(end * size), first) + 1)


def _is_inked(part: npt.NDArray[np.int16]) -> bool:
    return bool(np.mean(abs(part - np.median(part)) > _INK) > _INKED_SHARE)


class Drawings:
    """The pictures of one page. The one to show is made from the one to read where that is larger: pdfium would decode a scan again for it."""

    def __init__(self, page: pdfium.PdfPage) -> None:
        self._page = page
        self._read: Pixels | None = None  # height × width × (blue, green, red)

    def grey(self, dpi: float) -> Gray:
        """To be read: height × width."""
        with _rendered(self._page, dpi) as bitmap:
            self._read = bitmap.to_numpy()
        # made grey by us: pdfium takes twice as long to draw in grey
        return np.asarray(cv2.cvtColor(self._read, cv2.COLOR_BGR2GRAY), dtype=np.uint8)

    def shown(self, dpi: float = PICTURE_DPI) -> Image.Image:
        """To be looked at, in colour, as large as render() makes it."""
        scale = _scale(self._page, dpi)
        width, height = (math.ceil(side * scale) for side in self._page.get_size())
        large = self._read
        if large is None or large.shape[1] < width or large.shape[0] < height:
            return render(self._page, dpi)
        way = cv2.INTER_LINEAR if large.shape[1] <= _SMOOTH * width else cv2.INTER_AREA
        return Image.fromarray(cv2.cvtColor(cv2.resize(large, (width, height), interpolation=way), cv2.COLOR_BGR2RGB))


def _scale(page: pdfium.PdfPage, dpi: float) -> float:
    """Pixels a point."""
    width, height = page.get_size()
    if min(width, height) <= 0:
        raise ReadingError("damaged")
    return float(min(dpi / 72, (MOST_RENDERED_PIXELS / (width * height)) ** 0.5))


@contextmanager
def _rendered(page: pdfium.PdfPage, dpi: float) -> Iterator[pdfium.PdfBitmap]:
    """In blue, green and red; its pixels may outlive it."""
    scale = _scale(page, dpi)
    if min(page.get_size()) * scale < 1:
        raise ReadingError("damaged")
    given = {"bitmap_maker": pdfium.PdfBitmap.new_native, "force_bitmap_format": raw.FPDFBitmap_BGR}
    bitmap = page.render(scale=scale, may_draw_forms=True, **given)
    try:
        yield bitmap
    finally:
        bitmap.close()
