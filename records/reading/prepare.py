"""Making a picture easier to read, and remembering how: a 3×3 matrix maps points of the prepared picture back to the one displayed.

What helps was measured by kind of page: photos gain from a flattened sheet, even light and deskewing; faxes from removed lines, a slight blur and
deskewing; clean scans from nothing. Nothing is upscaled.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

import cv2
import numpy as np
import numpy.typing as npt

from records.reading.dotted import long_lines
from records.reading.layout import Token
from records.reading.letters import with_dark_print
from records.reading.ocr import Gray, Paper
from records.reading.page import Box
from records.reading.picture import shrunk
from records.reading.sheet import sheet_of
from records.reading.tables import small_with_rules

Matrix = npt.NDArray[np.float64]
SHEET_WIDTH_PIXELS = 2200  # about 260 dpi on a letter page
_ON_SIDE = 3.0
_INK = 200  # of 255, on faxes: print in grey among the black is darker, haze of JPEG lighter
_SOME_PRINT = 5.0  # mean of 0 to 255: specks on an empty page are no columns


class Kind(StrEnum):
    SCAN = "scan"
    FAX = "fax"
    PHOTO = "photo"


@dataclass(frozen=True, slots=True)
class Prepared:
    """picture to read; back: its pixels → pixels of the displayed picture; paper: what it is printed on.

    ruled: where the rules of tables were taken out of the picture, the same with them (small_with_rules).
    """

    picture: Gray
    back: Matrix
    paper: Paper
    ruled: Gray | None = None


def prepare(gray: Gray, kind: Kind) -> Prepared:
    if kind is Kind.PHOTO:
        return _photo(gray)
    if kind is Kind.FAX:
        return _fax(gray)
    return _straightened(with_dark_print(gray), np.eye(3), Paper.CLEAN, drawn=cv2.INTER_LINEAR)


def displayed(tokens: Sequence[Token], prepared: Prepared, shape: tuple[int, ...]) -> list[Token]:
    """Tokens of the prepared picture with boxes on the displayed one: the bounding box of the four corners mapped back."""
    if not tokens:
        return []
    height, width = prepared.picture.shape[:2]
    boxes = [one.box for one in tokens]
    corners = np.array([[(b.x0, b.top), (b.x1, b.top), (b.x1, b.bottom), (b.x0, b.bottom)] for b in boxes]) * (width, height)
    points = cv2.perspectiveTransform(corners.reshape(1, -1, 2), prepared.back).reshape(-1, 4, 2) / (shape[1], shape[0])
    sides = np.hstack([points.min(axis=1), points.max(axis=1)]).tolist()
    return [Token(one.text, Box.clipped(*side), one.confidence) for one, side in zip(tokens, sides, strict=True)]


def _fax(gray: Gray) -> Prepared:
    """Without long lines, which Tesseract takes for letters, slightly blurred, and level: what has no lines shows no slant."""
    ink = np.asarray(cv2.threshold(gray, _INK, 255, cv2.THRESH_BINARY_INV)[1], dtype=np.uint8)
    found = long_lines(ink)
    blurred = cv2.GaussianBlur(cv2.bitwise_not(ink & ~found.marks), (0, 0), 0.9)
    paper = Paper.UNEVEN if found.is_specked else Paper.TWO_TONED
    return _straightened(np.asarray(blurred, dtype=np.uint8), np.eye(3), paper, ruled=small_with_rules(gray & ~found.lines), least=0.15)


def _photo(gray: Gray) -> Prepared:
    corners = sheet_of(gray)
    if corners is None:
        return _straightened(_even_light(_sized(gray)), _sizing(gray), Paper.UNEVEN)
    width = max(np.linalg.norm(corners[1] - corners[0]), np.linalg.norm(corners[2] - corners[3]))
    height = max(np.linalg.norm(corners[3] - corners[0]), np.linalg.norm(corners[2] - corners[1]))
    scale = SHEET_WIDTH_PIXELS / min(width, height)
    size = (max(int(width * scale), 1), max(int(height * scale), 1))
    target = np.array([[0, 0], [size[0], 0], [size[0], size[1]], [0, size[1]]], np.float32)
    forth = cv2.getPerspectiveTransform(corners.astype(np.float32), target)
    flat = cv2.warpPerspective(gray, forth, size, flags=cv2.INTER_CUBIC, borderValue=255)
    return _straightened(_white_border(_even_light(flat)), np.linalg.inv(forth), Paper.UNEVEN)


def _sizing(gray: Gray) -> Matrix:
    scale = min(1.0, SHEET_WIDTH_PIXELS * 1.35 / min(gray.shape[:2]))
    return np.diag([1 / scale, 1 / scale, 1.0])


def _sized(gray: Gray) -> Gray:
    scale = min(1.0, SHEET_WIDTH_PIXELS * 1.35 / min(gray.shape[:2]))
    return gray if scale == 1.0 else np.asarray(cv2.resize(gray, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA), dtype=np.uint8)


def _even_light(gray: Gray) -> Gray:
    """Shadows out: divided by the paper's own brightness nearby."""
    small = cv2.resize(gray, None, fx=0.25, fy=0.25, interpolation=cv2.INTER_AREA)
    paper = cv2.medianBlur(cv2.dilate(small, np.ones((9, 9), np.uint8)), 31)
    paper = cv2.resize(paper, (gray.shape[1], gray.shape[0]), interpolation=cv2.INTER_LINEAR)
    return np.asarray(cv2.divide(gray, paper, scale=255), dtype=np.uint8)


def _white_border(gray: Gray, share: float = 0.008) -> Gray:
    edge = max(int(min(gray.shape[:2]) * share), 1)
    framed = gray.copy()
    framed[:edge], framed[-edge:], framed[:, :edge], framed[:, -edge:] = 255, 255, 255, 255
    return framed


def _straightened(
    gray: Gray, back: Matrix, paper: Paper, *, ruled: Gray | None = None, least: float = 0.3, drawn: int = cv2.INTER_CUBIC
) -> Prepared:
    """Turned by the small angle that makes the lines level (`least` to 8 degrees). drawn: how; finely takes four times as long."""
    angle = _skew(gray)
    if abs(angle) < least:
        return Prepared(gray, back, paper, ruled)
    # letters are read, rules only found: those need no fine drawing
    flat = None if ruled is None else _turned(ruled, angle, cv2.INTER_LINEAR)[0]
    level, turn = _turned(gray, angle, drawn)
    return Prepared(level, back @ np.linalg.inv(turn), paper, flat)


def _turned(gray: Gray, angle: float, drawn: int) -> tuple[Gray, Matrix]:
    """About its middle, and by what: pixels of the picture → pixels of the turned one."""
    height, width = gray.shape[:2]
    turn = cv2.getRotationMatrix2D((width / 2, height / 2), angle, 1.0)
    made = np.asarray(cv2.warpAffine(gray, turn, (width, height), flags=drawn, borderValue=255), dtype=np.uint8)
    return made, np.vstack([turn, [0, 0, 1]])


def lies_on_side(gray: Gray) -> bool:
    """Its columns of ink stand out from each other as rows of print do: sideways pages by 6 times and more, upright ones by 1.4 at most."""
    ink = _small_ink(gray, 300)
    if ink is None or ink.mean() < _SOME_PRINT:
        return False
    upright = np.asarray(np.ascontiguousarray(ink.T), dtype=np.uint8)
    return _sharpness(upright, 0.0) > _ON_SIDE * _sharpness(ink, 0.0)


def _small_ink(gray: Gray, least: int) -> Gray | None:
    """Ink (255) on paper (0), `least` pixels and somewhat more on its longer side. None: a sliver, of which nothing would be left."""
    factor = max(max(gray.shape) // least, 1)
    if min(gray.shape) < 2 * factor:
        return None
    ink = cv2.adaptiveThreshold(shrunk(gray, factor), 255, cv2.ADAPTIVE_THRESH_MEAN_C, cv2.THRESH_BINARY_INV, 25, 15)
    return np.asarray(ink, dtype=np.uint8)


def _skew(gray: Gray) -> float:
    """Degrees, counter-clockwise positive: the turn at which rows of ink stand out most."""
    ink = _small_ink(gray, 600)
    if ink is None or ink.mean() < 0.5:
        return 0.0
    coarse = np.asarray(cv2.resize(ink, None, fx=0.5, fy=0.5, interpolation=cv2.INTER_AREA), dtype=np.uint8)
    best = max(np.arange(-8, 8.1, 1.0), key=lambda angle: _sharpness(coarse, angle))
    fine = max(np.arange(best - 0.8, best + 0.81, 0.2), key=lambda angle: _sharpness(ink, angle))
    return float(fine) if _sharpness(ink, fine) > 1.05 * _sharpness(ink, 0.0) else 0.0


def _sharpness(ink: Gray, angle: float) -> float:
    height, width = ink.shape[:2]
    turn = cv2.getRotationMatrix2D((width / 2, height / 2), float(angle), 1.0)
    turned = cv2.warpAffine(ink, turn, (width, height), flags=cv2.INTER_NEAREST)
    sums = cv2.reduce(turned, 1, cv2.REDUCE_SUM, dtype=cv2.CV_32S).astype(np.float64)
    return float(((sums[1:] - sums[:-1]) ** 2).sum())
