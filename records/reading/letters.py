"""Marks of the size of letters: whether a page has any, and those in grey beside black on a clean scan.

Tesseract tells ink from paper by one threshold for the page, which lies between black and white: print paler than that is lost without a word,
at any confidence (labels on printed portal pages, light ribbons, pencil). Letters that have no dark spot at all are darkened where they stand,
and nothing else is touched.
"""

from __future__ import annotations

import cv2
import numpy as np
import numpy.typing as npt

from records.reading.ocr import Gray
from records.reading.picture import shrunk

_NEAR_THRESHOLD = 25  # levels of grey: what is barely darker than the threshold is lost in part
_DIRT, _PLAIN = 15, 40  # levels under the paper: paler is dirt, and what shines through from the other side
# of the longer side of the picture: letters of 5 points and capitals of 24
_LETTER = (0.0035, 0.03)
_FEWEST = 4  # letters: fewer are dust
_AROUND = 2  # pixels at half size


def with_dark_print(gray: Gray) -> Gray:
    """The same picture where no print is faint."""
    paper = int(np.median(gray[::8, ::8]))
    letters, darkest = _faint_letters(gray, paper)
    if letters is None:
        return gray
    height, width = gray.shape
    around = cv2.dilate(letters, np.ones((2 * _AROUND + 1, 2 * _AROUND + 1), np.uint8))
    place = cv2.resize(around, (width, height), interpolation=cv2.INTER_NEAREST)
    levels = (np.arange(256) - darkest) * (255 / max(paper - _DIRT - darkest, 1))
    return np.where(place > 0, cv2.LUT(gray, levels.clip(0, 255).astype(np.uint8)), gray)


def _faint_letters(gray: Gray, paper: int) -> tuple[Gray | None, int]:
    """(a picture of half the size, 255 where they are, or None; the darkest grey in them)."""
    threshold = cv2.threshold(np.ascontiguousarray(gray[::4, ::4]), 0, 255, cv2.THRESH_OTSU)[0] - _NEAR_THRESHOLD
    small = shrunk(gray, 2)
    # the darkest of each four pixels: thin black strokes would be grey on the average
    darkest = cv2.erode(gray, np.ones((2, 2), np.uint8), anchor=(0, 0))[::2, ::2][: small.shape[0], : small.shape[1]]
    # most pages have no grey but around black and in rules, thin ones, and are done with here
    grey = cv2.inRange(cv2.erode(darkest, np.ones((5, 5), np.uint8)), threshold, 255) & cv2.inRange(darkest, 0, paper - _PLAIN - 1)
    outlines, _ = cv2.findContours(grey, cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_SIMPLE)
    least = _LETTER[0] * max(small.shape)
    if sum(wide >= least / 2 and tall >= least for _, _, wide, tall in map(cv2.boundingRect, outlines)) < _FEWEST:
        return None, 0
    labels, is_faint = _letters(small)
    at = np.flatnonzero(labels != 0)
    label, level = labels.ravel()[at], darkest.ravel()[at]
    is_faint[label[level < threshold]] = False
    is_faint &= np.bincount(label[level < paper - _PLAIN], minlength=len(is_faint)) > 0
    if np.count_nonzero(is_faint) < _FEWEST:
        return None, 0
    faint = np.zeros(small.shape, np.uint8)
    faint.ravel()[at] = is_faint[label] * np.uint8(255)
    return faint, int(level[is_faint[label]].min())


def has_letters(gray: Gray) -> bool:
    """Whether there may be anything to read, whichever way up: the empty back of a sheet has dust on it, and a dark edge."""
    return bool(np.count_nonzero(_letters(shrunk(gray, 2))[1]) >= _FEWEST)


def _letters(small: Gray) -> tuple[npt.NDArray[np.int32], npt.NDArray[np.bool_]]:
    """(a number for each pixel of ink, 0 for paper; whether the mark of that number is of the size of a letter)."""
    ink = cv2.adaptiveThreshold(small, 255, cv2.ADAPTIVE_THRESH_MEAN_C, cv2.THRESH_BINARY_INV, 31, 12)
    _, labels, measures, _ = cv2.connectedComponentsWithStatsWithAlgorithm(ink, 8, cv2.CV_32S, cv2.CCL_GRANA)
    wide, tall = measures[:, cv2.CC_STAT_WIDTH], measures[:, cv2.CC_STAT_HEIGHT]
    least, most = (share * max(small.shape) for share in _LETTER)
    # a letter lying on its side is as wide as it was tall
    return labels, (np.maximum(wide, tall) >= least) & (np.maximum(wide, tall) <= most)
