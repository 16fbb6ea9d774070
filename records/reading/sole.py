"""A page of a PDF that is one picture and nothing else, as scanners make them: its own pixels, which pdfium would only draw again.

Drawing takes three times as long as decoding. Where anything could make the page look other than its picture (a mask, a clip, a turn, a second
object), there is no such picture here, and the page is drawn.
"""

from __future__ import annotations

import mmap
from pathlib import Path

import cv2
import numpy as np
import pypdfium2 as pdfium
import pypdfium2.raw as raw

from records.reading.picture import Pixels, shrunk

MOST_BYTES = 36_000_000  # of pixels: a letter page at 600 dpi in grey, or at 350 in colour
_OFF = 0.5  # points, by which the picture may end beside the edge of the page: half a millimetre is 0.18
_SPACES = {
    raw.FPDF_COLORSPACE_DEVICEGRAY,
    raw.FPDF_COLORSPACE_DEVICERGB,
    raw.FPDF_COLORSPACE_CALGRAY,
    raw.FPDF_COLORSPACE_CALRGB,
    raw.FPDF_COLORSPACE_ICCBASED,
}


def may_have_masks(path: Path) -> bool:
    """Whether any picture of the file may be seen through a mask. Pictures are streams, whose entries stand in the file as they are, also in one
    that is encrypted or packs its other objects."""
    with path.open("rb") as file, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as content:
        return any(content.find(name) >= 0 for name in (b"/SMask", b"/Mask"))


def sole_picture(page: pdfium.PdfPage) -> Pixels | None:
    """Height × width, of grey, or × (blue, green, red). None: the page has to be drawn."""
    if raw.FPDFPage_CountObjects(page) != 1 or raw.FPDFPage_GetRotation(page):
        return None
    thing = next(iter(page.get_objects(max_depth=1)))
    if not isinstance(thing, pdfium.PdfImage) or not _fills(thing, page) or not _is_plain(thing):
        return None
    try:
        bitmap = thing.get_bitmap(render=False)
    except pdfium.PdfiumError:
        return None
    if bitmap.format not in (raw.FPDFBitmap_Gray, raw.FPDFBitmap_BGR):
        return None
    colours = (3,) if bitmap.format == raw.FPDFBitmap_BGR else ()
    pixels: Pixels = bitmap.to_numpy().reshape((bitmap.height, bitmap.width, *colours))  # no copy: the bitmap lives as long as its pixels
    return pixels


def _fills(thing: pdfium.PdfImage, page: pdfium.PdfPage) -> bool:
    """It stands upright on the page, from edge to edge."""
    a, b, c, d, *_ = thing.get_matrix().get()
    is_upright = b == c == 0 and a > 0 and d > 0
    return is_upright and all(abs(one - edge) <= _OFF for one, edge in zip(thing.get_bounds(), page.get_bbox(), strict=True))


def _is_plain(thing: pdfium.PdfImage) -> bool:
    """Nothing lies over it: no clip, no blending, no layer that may be off; and its pixels are few enough, and of a kind that needs no inks."""
    if raw.FPDFClipPath_CountPaths(raw.FPDFPageObj_GetClipPath(thing)) > 0 or raw.FPDFPageObj_HasTransparency(thing):
        return False
    if raw.FPDFPageObj_CountMarks(thing) != 0:
        return False
    facts = thing.get_metadata()
    size = facts.width * facts.height * max(facts.bits_per_pixel // 8, 1)
    return facts.colorspace in _SPACES and facts.bits_per_pixel in (1, 8, 24) and 0 < size <= MOST_BYTES


def fitted(pixels: Pixels, width: int, height: int) -> Pixels:
    """In this size. By whole numbers first: what lies between the pixels that are looked at would be lost else."""
    factor = min(pixels.shape[1] // width, pixels.shape[0] // height)
    small = shrunk(pixels, factor) if factor > 1 else pixels
    if small.shape[:2] == (height, width):
        return small
    down, across = height - small.shape[0], width - small.shape[1]
    if {down, across} <= {0, 1}:  # sides rounded up: one more line of the same is nearer to the picture than all of it stretched
        return np.asarray(cv2.copyMakeBorder(small, 0, down, 0, across, cv2.BORDER_REPLICATE), dtype=np.uint8)
    # finer than by straight lines, at the same price: one wrong letter of five less
    return np.asarray(cv2.resize(small, (width, height), interpolation=cv2.INTER_CUBIC), dtype=np.uint8)
