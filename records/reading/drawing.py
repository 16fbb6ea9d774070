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
from records.reading.picture import Pixels, is_two_toned
from records.reading.reader import PICTURE_DPI
from records.reading.sole import fitted, sole_picture

MOST_RENDERED_PIXELS = 25_000_000
_GLANCE_DPI, _INK, _INKED_SHARE = 72, 40, 0.08  # letters blacken a fifth of their box and more, a rule that runs through it less


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
    """The pictures of one page: to be read, and to be looked at. Drawn once for both, or not at all where the page is a picture."""

    def __init__(self, page: pdfium.PdfPage, *, may_have_masks: bool = True) -> None:
        self._page = page
        self._may_have_masks = may_have_masks
        self._pixels: Pixels | None = None  # height × width, grey or × (blue, green, red): of the page itself, or as it was drawn to be read

    def grey(self, dpi: float) -> Gray:
        """To be read: height × width."""
        own = None if self._may_have_masks else sole_picture(self._page)
        if own is None:
            with _rendered(self._page, dpi) as bitmap:
                self._pixels = bitmap.to_numpy()
            # made grey by us: pdfium takes twice as long to draw in grey
            return _as_grey(self._pixels)
        self._pixels = own
        return fitted(_as_grey(own), *self._size(dpi))

    @property
    def is_two_toned(self) -> bool:
        """Of what was read: see is_two_toned()."""
        return self._pixels is not None and is_two_toned(self._pixels)

    def shown(self, dpi: float = PICTURE_DPI) -> Image.Image:
        """To be looked at, in colour, as large as render() makes it."""
        width, height = self._size(dpi)
        large = self._pixels
        if large is None or large.shape[1] < width or large.shape[0] < height:
            return render(self._page, dpi)
        small = fitted(large, width, height)
        if small.ndim == 2 and self.is_two_toned:
            return Image.fromarray(small)
        four = cv2.cvtColor(small, cv2.COLOR_GRAY2RGBA if small.ndim == 2 else cv2.COLOR_BGR2RGBA)
        return Image.frombuffer("RGBX", (width, height), four.data, "raw", "RGBX", 0, 1)  # in four bytes a pixel it need not be copied

    def _size(self, dpi: float) -> tuple[int, int]:
        """(width, height) in pixels."""
        scale = _scale(self._page, dpi)
        width, height = self._page.get_size()
        return math.ceil(width * scale), math.ceil(height * scale)


def _as_grey(pixels: Pixels) -> Gray:
    return pixels if pixels.ndim == 2 else np.asarray(cv2.cvtColor(pixels, cv2.COLOR_BGR2GRAY), dtype=np.uint8)


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
