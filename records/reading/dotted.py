"""The long lines of a fax: rules and frames, also where one bit a pixel has turned them into rows of dots.

Tesseract reads lines together with the words beside them. Solid ones are found by their length. Dotted ones have none: so marks as thin as a
rule, standing by themselves, are joined over small gaps, and what is long then was a line.
"""

from __future__ import annotations

import cv2
import numpy as np

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
    _, labels, stats, _ = cv2.connectedComponentsWithStats(ink & ~(across | down), connectivity=8)
    marks, lines = across | down, across | down
    wide, tall = stats[:, cv2.CC_STAT_WIDTH], stats[:, cv2.CC_STAT_HEIGHT]
    most = max(round(width * _THIN), 3)
    is_stem = (tall > _STEM[0] * width) & (tall < _STEM[1] * width)
    for known, is_thin, is_level in ((across, tall <= most, True), (down, (wide <= most) & ~is_stem, False)):
        is_thin[0] = False  # the paper
        is_thin[_beside(labels, is_thin, is_level=is_level)] = False
        thin = known | _chosen(is_thin, labels)
        found = _joined(thin, width, is_level=is_level)
        lines, marks = lines | found, marks | (thin & found)
    return marks, lines


def _beside(labels: np.ndarray, is_thin: np.ndarray, *, is_level: bool) -> np.ndarray:
    """Labels of marks that nearly touch something thicker: a line that the fax dropped cuts the feet off all letters of a line of text."""
    thick = _chosen(~is_thin & (np.arange(len(is_thin)) > 0), labels)
    reach = np.ones((2 * _CUT + 1, 1) if is_level else (1, 2 * _CUT + 1), np.uint8)
    return np.unique(labels[(cv2.dilate(thick, reach) > 0) & (thick == 0)])


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


def _chosen(is_chosen: np.ndarray, labels: np.ndarray) -> Gray:
    """255 where a chosen label stands."""
    return np.asarray(np.where(is_chosen, np.uint8(255), np.uint8(0))[labels], dtype=np.uint8)
