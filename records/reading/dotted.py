"""The long lines of a fax: rules and frames, also where one bit a pixel has turned them into rows of dots.

Tesseract reads lines together with the words beside them. Solid ones are found by their length. Dotted ones have none: so marks as thin as a
rule, standing by themselves, are joined over small gaps, and what is long then was a line.
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


def long_lines(ink: Gray) -> tuple[Gray, Gray]:
    """ink: 255 where there is some. Returns (ink that is part of a long line, these lines drawn through), both like it."""
    width = ink.shape[1]
    solid = max(round(width * _SOLID), 40)
    across = cv2.morphologyEx(ink, cv2.MORPH_OPEN, np.ones((1, solid), np.uint8))
    down = cv2.morphologyEx(ink, cv2.MORPH_OPEN, np.ones((solid, 1), np.uint8))
    # cut at the solid lines: their ragged rims are thin marks too
    loose = _Marks.of(ink & ~(across | down))
    marks, lines = across | down, across | down
    most = max(round(width * _THIN), 3)
    is_stem = (loose.tall > _STEM[0] * width) & (loose.tall < _STEM[1] * width)
    for known, is_thin, is_level in ((across, loose.tall <= most, True), (down, (loose.wide <= most) & ~is_stem, False)):
        is_thin &= ~_beside(loose, is_thin, is_level=is_level)
        thin = known | loose.drawn(is_thin)
        found = _joined(thin, width, is_level=is_level)
        lines, marks = lines | found, marks | (thin & found)
    return marks, lines


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
        _, labels, stats, _ = cv2.connectedComponentsWithStats(ink, connectivity=8)
        at = np.flatnonzero(ink)  # a twentieth of the picture: whatever is asked of marks is asked there
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


def _joined(marks: Gray, width: int, *, is_level: bool) -> Gray:
    """Marks joined along a direction, where that makes a line of some length with enough ink in it."""

    def kernel(along: int, over: int) -> Gray:
        return np.ones((over, along) if is_level else (along, over), np.uint8)

    # a rule that is not quite level steps up or down by a pixel now and then
    wide = cv2.dilate(marks, kernel(1, max(round(width * _THIN), 3)))
    joined = cv2.morphologyEx(wide, cv2.MORPH_CLOSE, kernel(max(round(width * _GAP), 6), 1))
    lines = cv2.morphologyEx(joined, cv2.MORPH_OPEN, kernel(max(round(width * _LONG), 40), 1))
    # by their outlines: to label each pixel of a nearly empty picture takes ten times as long
    outlines, tree = cv2.findContours(lines, cv2.RETR_CCOMP, cv2.CHAIN_APPROX_NONE)
    made = np.zeros_like(marks)
    for one, outline in enumerate(outlines):
        if tree[0][one][3] >= 0:
            continue  # a hole, drawn with its rim
        x, y, w, h = cv2.boundingRect(outline)
        line = np.zeros((h, w), np.uint8)
        cv2.drawContours(line, outlines, one, 255, cv2.FILLED, hierarchy=tree, maxLevel=1, offset=(-x, -y))
        inside = (marks[y : y + h, x : x + w] & line) > 0
        if inside.any(axis=0 if is_level else 1).mean() >= _FULL:
            made[y : y + h, x : x + w] |= line
    return made
