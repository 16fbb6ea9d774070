"""A page picture → words: kind of page, preparation, recognition, and turning it where it stands wrong."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from itertools import islice

import numpy as np
from PIL import Image

from records.reading.layout import Token
from records.reading.letters import has_letters
from records.reading.ocr import Asked, Gray, Paper, orientation
from records.reading.picture import is_evenly_lit, is_one_bit
from records.reading.prepare import Kind, displayed, lies_on_side, prepare
from records.reading.second import engine, reread
from records.reading.staggered import levelled, put_back
from records.reading.tables import cells_of_picture, cells_of_rules, without_rules
from records.reading.together import Reading
from records.reading.wrapped import in_order

# Upright scans read at over 0.9, pages upside down at 0.2 to 0.4, pages on their side at any value but with tall boxes.
DOUBTFUL = 0.80
TALL = 0.35
SURE = 2.0  # of orientation detection: as measured, less is guessing
WELL_READ = 0.88  # mean confidence over which a scan in black and white need not be read as a fax too
FAX_SIDE = 2000  # pixels: fax machines write 1728 across a page
POOR = 0.85  # mean confidence under which a clean scan is read twice, as faxes and photos are
# Of the values that two engines read the same: the share that is right, as measured.
AGREED, AGREED_ON_FAX = 0.99, 0.94
_STRIP, _APART = 440, 60  # pixels: eight lines of print, and the paper between them and the same lines the other way up
_CLEARLY, _SOME_LETTERS = 3, 60
_DARK = 100  # of 255
_LEAST_SIDE = 6  # pixels: no letter is told in fewer
_GRAIN = 12  # levels of grey: paper differs by as much from itself, and no print from paper by so little
TRANSPOSITIONS = {90: Image.Transpose.ROTATE_270, 180: Image.Transpose.ROTATE_180, 270: Image.Transpose.ROTATE_90}


@dataclass(frozen=True, slots=True)
class Scanned:
    """Printed lines in reading order on the upright picture, the turn (clockwise degrees) that made it so, the mean confidence (0–1)."""

    lines: tuple[tuple[Token, ...], ...]
    rotation: int
    confidence: float

    @property
    def merit(self) -> float:
        """How much was read, and how well: a page the wrong way up gives few words of low confidence."""
        return self.confidence**2 * _letters(one for line in self.lines for one in line)


def _letters(tokens: Iterable[Token]) -> int:
    """How many were read with some confidence."""
    return sum(len(one.text) for one in tokens if (one.confidence or 0) > 0.5)


def read_picture(grey: Gray, *, dpi: int = 200, kind: Kind | None = None) -> Reading[Scanned]:
    """Words of a page picture, on the picture turned upright (see turned())."""
    if min(grey.shape) < _LEAST_SIDE or int(grey.max()) - int(grey.min()) <= _GRAIN:
        return Scanned((), 0, 0.0)
    grey = _on_paper(grey)
    kind = kind or kind_of(grey)
    if kind is Kind.FAX and min(grey.shape) > FAX_SIDE:
        best = yield from _read_fine(grey, dpi)
    else:
        best = (yield from _read_sideways(grey, kind, dpi)) or (yield from _read(grey, kind, dpi))
    if best.confidence < DOUBTFUL:
        for rotation in _other_ways_up(grey, best):
            best = max(best, (yield from _read(grey, kind, dpi, rotation)), key=lambda one: one.merit)
    return _read_twice(best, grey, kind)


def _on_paper(grey: Gray) -> Gray:
    """The negative of light words on a dark ground, as screens show them at night. A sheet on a dark table has no paper to all edges: as it is."""
    if np.median(grey[::8, ::8]) >= _DARK:
        return grey
    negative = 255 - grey
    return grey if kind_of(negative) is Kind.PHOTO else negative


def _read_twice(found: Scanned, grey: Gray, kind: Kind) -> Scanned:
    """The values of a poor page read again by a second engine, where one is installed."""
    if (kind is Kind.SCAN and found.confidence >= POOR) or (second := engine()) is None:
        return found
    upright = np.rot90(grey, -found.rotation // 90)
    return replace(found, lines=reread(found.lines, upright, second, agreed=AGREED_ON_FAX if kind is Kind.FAX else AGREED))


def kind_of(grey: Gray) -> Kind:
    if is_one_bit(grey):
        return Kind.FAX
    return Kind.SCAN if is_evenly_lit(grey) else Kind.PHOTO


def turned(image: Image.Image, rotation: int) -> Image.Image:
    """The picture turned clockwise by 0, 90, 180 or 270 degrees."""
    return image.transpose(TRANSPOSITIONS[rotation]) if rotation else image


def _read(grey: Gray, kind: Kind, dpi: int, rotation: int = 0) -> Reading[Scanned]:
    pixels: Gray = np.ascontiguousarray(np.rot90(grey, -rotation // 90))
    prepared = prepare(pixels, kind)
    cells = cells_of_picture(prepared.picture) if prepared.ruled is None else cells_of_rules(prepared.ruled)
    level, moves = levelled(prepared.picture, cells)
    found = yield Asked(level, prepared.paper, dpi)
    confidence = found.confidence * (0.5 if found.tall_share > TALL else 1.0)
    # in order on the flattened picture, where lines are level; boxes on the one that is shown
    ordered = in_order(without_rules(put_back(found.tokens, moves), cells), cells)
    shown = iter(displayed([one for line in ordered for one in line], prepared, pixels.shape))
    lines = tuple(tuple(islice(shown, len(line))) for line in ordered)
    return Scanned(lines, rotation, confidence)


def _read_fine(grey: Gray, dpi: int) -> Reading[Scanned]:
    """Black and white as a scanner makes it, finer than any fax: best read as a scan, but where rules have come out as dots or dirt as specks."""
    best = (yield from _read_sideways(grey, Kind.SCAN, dpi)) or (yield from _read(grey, Kind.SCAN, dpi))
    if best.confidence < WELL_READ:
        best = max(best, (yield from _read(grey, Kind.FAX, dpi)), key=lambda one: one.merit)
    return best


def _read_sideways(grey: Gray, kind: Kind, dpi: int) -> Reading[Scanned | None]:
    """A page that plainly lies on its side, turned before it is read at all; None where it reads no better for it."""
    if not lies_on_side(grey):
        return None
    rotation = yield from _way_up(grey, kind, dpi)
    if rotation is None:
        rotation, sureness = orientation(grey)
        if rotation not in (90, 270) or sureness < SURE:
            return None
    found = yield from _read(grey, kind, dpi, rotation)
    return found if found.confidence >= DOUBTFUL else None


def _way_up(grey: Gray, kind: Kind, dpi: int) -> Reading[int | None]:
    """90 or 270, whichever way some of its lines can be read, in a third of the time that orientation detection takes. None: neither or both."""
    strip = _fullest(grey)
    ways = {90: np.rot90(strip, -1), 270: np.rot90(strip, 1)}
    between = np.full((_APART, strip.shape[0]), np.median(strip[::8, ::8]), np.uint8)
    both = np.vstack([ways[90], between, ways[270]])
    found = yield Asked(both, Paper.CLEAN if kind is Kind.SCAN else Paper.UNEVEN, dpi)
    # lines that stand upright in here, because the page does not lie on its side, are turned by Tesseract itself
    level = [one for one in found.tokens if (one.box.x1 - one.box.x0) * both.shape[1] > (one.box.bottom - one.box.top) * both.shape[0]]
    upper, lower = ([one for one in level if (one.middle < 0.5) is is_upper] for is_upper in (True, False))
    first, second = _letters(upper), _letters(lower)
    if max(first, second) < _CLEARLY * max(min(first, second), _SOME_LETTERS / _CLEARLY):
        return None
    return 90 if first > second else 270


def _fullest(grey: Gray) -> Gray:
    """The part of a page on its side that has the most ink in it, wide enough for some lines of print."""
    wide = min(_STRIP, grey.shape[1])
    ink = np.cumsum(255 - grey[::4].mean(axis=0))
    start = int(np.argmax(ink[wide - 1 :] - np.concatenate(([0.0], ink[:-wide])))) if wide < grey.shape[1] else 0
    return grey[:, start : start + wide]


def _other_ways_up(grey: Gray, first: Scanned) -> Sequence[int]:
    """The turn that orientation detection names; where it cannot tell and little was read, the other three; none of a page without letters."""
    if not first.lines and not has_letters(grey):
        return ()
    rotation, sureness = orientation(grey)
    if rotation and sureness >= SURE:
        return (rotation,)
    if (not rotation and sureness >= SURE) or first.confidence > 0.6:
        return ()
    return (90, 180, 270)
