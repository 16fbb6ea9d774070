"""The long lines of a fax: rules and frames, also where one bit a pixel has turned them into rows of dots.

Tesseract reads lines together with the words beside them. Solid ones are found by their length. Dotted ones have none: so marks as thin as a
rule, standing by themselves, are joined over small gaps, and what is long then was a line. Length is looked for in pictures of a quarter of it,
in a third of the time; how thick a mark is, and what it touches, in the whole one.
"""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
import numpy.typing as npt

from records.reading.ocr import Gray

# Shares of the picture's width.
_SOLID = 0.05
_THIN = 0.003  # the thickest mark of a rule; letters are three times as tall
_GAP = 0.012
_STEM = (0.005, 0.025)  # upright strokes that may be letters, one below the other in a column: I, l, 1
_LONG = 0.035
_CUT = 3  # pixels
_FULL = 0.1  # the least share of a line that is ink: dirt is sparser
_SPECKED = 0.002  # specks for each pixel: faxes of grey paper have 0.006 and more, others 0.0008 at most
_MOST_LINES = 0.05  # the share of a picture that is lines at most
_BLOCK = 4  # pixels along a line that are looked at as one
_FOUR = 0xFFFFFFFF  # of them, all inked


@dataclass(frozen=True, slots=True)
class LongLines:
    """marks: the ink that is part of them; lines: these drawn through; both 255 on 0. is_specked: the paper is full of specks, as where grey has
    been turned into dots."""

    marks: Gray
    lines: Gray
    is_specked: bool


def long_lines(ink: Gray) -> LongLines:
    """ink: 255 where there is some, else 0."""
    width = ink.shape[1]
    solid = max(round(width * _SOLID), 40)
    across, down = _both_ways(ink, solid)
    # cut at the solid lines: their ragged rims are thin marks too
    loose = _Marks.of(ink & ~(across | down))
    marks, lines = across | down, across | down
    most = max(round(width * _THIN), 3)
    if np.count_nonzero((loose.tall <= most) & (loose.wide <= most)) > _SPECKED * ink.size:
        return _among_specks(ink, solid)
    is_stem = (loose.tall > _STEM[0] * width) & (loose.tall < _STEM[1] * width)
    for known, is_thin, is_level in ((across, loose.tall <= most, True), (down, (loose.wide <= most) & ~is_stem, False)):
        is_thin &= ~_beside(loose, is_thin, is_level=is_level)
        thin = known | loose.drawn(is_thin)
        found = _joined(thin, is_level=is_level)
        lines, marks = lines | found, marks | (thin & found)
    return LongLines(marks, lines, is_specked=False)


def _among_specks(ink: Gray, solid: int) -> LongLines:
    """Dotted lines are not looked for: rows of specks would pass for them, and take the decimal points among them along. Solid ones have holes."""
    across, down = _both_ways(cv2.morphologyEx(ink, cv2.MORPH_CLOSE, np.ones((3, 3), np.uint8)), solid)
    lines = across | down
    if np.count_nonzero(lines) > _MOST_LINES * ink.size:  # of paper so dark that specks make up lines
        lines = np.zeros_like(ink)
    return LongLines(lines & ink, lines, is_specked=True)


def _both_ways(ink: Gray, solid: int) -> tuple[Gray, Gray]:
    return _solid(ink, solid, is_level=True), _solid(ink, solid, is_level=False)


@dataclass(frozen=True, slots=True)
class _Marks:
    """Patches of ink that touch nothing else. at: where in the flat picture there is ink; label: of which mark; wide, tall: pixels, of each mark."""

    shape: tuple[int, int]
    at: npt.NDArray[np.intp]
    label: npt.NDArray[np.intp]
    wide: npt.NDArray[np.intp]
    tall: npt.NDArray[np.intp]

    @classmethod
    def of(cls, ink: Gray) -> _Marks:
        # OpenCV's own choice of algorithm takes twice as long
        _, labels, stats, _ = cv2.connectedComponentsWithStatsWithAlgorithm(ink, 8, cv2.CV_32S, cv2.CCL_GRANA)
        at = np.flatnonzero(ink != 0)  # a twentieth of the picture: whatever is asked of marks is asked there
        return cls(ink.shape[:2], at, labels.ravel()[at] - 1, stats[1:, cv2.CC_STAT_WIDTH], stats[1:, cv2.CC_STAT_HEIGHT])

    def drawn(self, is_chosen: npt.NDArray[np.bool_]) -> Gray:
        """255 where the chosen marks stand."""
        made = np.zeros(self.shape, np.uint8)
        made.ravel()[self.at[is_chosen[self.label]]] = 255
        return made


def _beside(loose: _Marks, is_thin: npt.NDArray[np.bool_], *, is_level: bool) -> npt.NDArray[np.bool_]:
    """Marks that nearly touch something thicker: a line that the fax dropped cuts the feet off all letters of a line of text."""
    reach = np.ones((2 * _CUT + 1, 1) if is_level else (1, 2 * _CUT + 1), np.uint8)
    is_near = cv2.dilate(loose.drawn(~is_thin), reach).ravel()[loose.at] > 0
    return np.bincount(loose.label[is_near], minlength=len(is_thin)) > 0


def _solid(ink: Gray, least: int, *, is_level: bool) -> Gray:
    """Runs of ink along a direction, `least` pixels long or a little less."""
    full = cv2.morphologyEx(_blocks(ink, is_level=is_level, are_full=True), cv2.MORPH_OPEN, _kernel(least // _BLOCK - 1, 1, is_level=is_level))
    # with their ends, which fill no block
    return _pixels(cv2.dilate(full, _kernel(3, 1, is_level=is_level)), ink.shape, is_level=is_level) & ink


def _joined(marks: Gray, *, is_level: bool) -> Gray:
    """Marks joined along a direction, where that makes a line of some length with enough ink in it."""
    width = marks.shape[1]

    def kernel(along: float) -> Gray:
        return _kernel(round(along / _BLOCK), 1, is_level=is_level)

    # a rule that is not quite level steps up or down by a pixel now and then
    thick = cv2.dilate(_blocks(marks, is_level=is_level), _kernel(1, max(round(width * _THIN), 3), is_level=is_level))
    joined = cv2.morphologyEx(thick, cv2.MORPH_CLOSE, kernel(max(width * _GAP, 6)))
    lines = cv2.morphologyEx(joined, cv2.MORPH_OPEN, kernel(max(width * _LONG, 40)))
    # measured where there are lines alone: asked of the whole picture, OpenCV takes three times as long
    count, labels = cv2.connectedComponentsWithAlgorithm(lines, 8, cv2.CV_32S, cv2.CCL_GRANA)
    at = np.flatnonzero(lines != 0)
    label, blocks = labels.ravel()[at], at % lines.shape[1] if is_level else at // lines.shape[1]
    down, over = np.divmod(np.flatnonzero(marks != 0), width)
    place = over if is_level else down
    block = np.minimum(place // _BLOCK, lines.shape[1 if is_level else 0] - 1)
    inked = _places(labels[down, block] if is_level else labels[block, over], place, count)
    is_line = inked >= _FULL * _BLOCK * _places(label, blocks, count)
    lines.ravel()[at] = is_line[label]
    return _pixels(lines, marks.shape, is_level=is_level)


def _places(label: npt.NDArray[np.int32], place: npt.NDArray[np.intp], count: int) -> npt.NDArray[np.intp]:
    """Of each of `count` numbers, at how many different places it stands."""
    longest = int(place.max(initial=0)) + 1
    return np.bincount(np.unique(label * np.int64(longest) + place) // longest, minlength=count)


def _kernel(along: int, over: int, *, is_level: bool) -> Gray:
    return np.ones((over, along) if is_level else (along, over), np.uint8)


def _blocks(ink: Gray, *, is_level: bool, are_full: bool = False) -> Gray:
    """1 where there is some ink in _BLOCK pixels along a direction, or nothing but ink; a rest at the edge is left out."""
    height, width = (side - side % _BLOCK for side in ink.shape)
    if is_level:
        four = np.ascontiguousarray(ink[:, :width]).view(np.uint32)
        return np.asarray(four == _FOUR if are_full else four != 0).view(np.uint8)
    rows = ink[:height].reshape(-1, _BLOCK, ink.shape[1])
    return np.asarray((np.bitwise_and if are_full else np.bitwise_or).reduce(rows, axis=1) != 0).view(np.uint8)


def _pixels(blocks: Gray, shape: tuple[int, ...], *, is_level: bool) -> Gray:
    """A picture of this shape, 255 where its block is 1."""
    made = np.zeros(shape, np.uint8)
    if is_level:
        made[:, : blocks.shape[1] * _BLOCK] = (blocks * np.uint32(_FOUR)).view(np.uint8)
    else:
        made[: blocks.shape[0] * _BLOCK] = np.repeat(blocks * np.uint8(255), _BLOCK, axis=0)
    return made
