"""The sheet of paper in a photo: its four corners, also where a shadow lies over half of it.

A threshold takes a shadow's edge for the sheet's. Paper ends in a step, from bright to dark within a few pixels, along a straight line; a
shadow fades. So each side is the straight line with the most such steps along it, the bright side inwards.
"""

from __future__ import annotations

from itertools import product

import cv2
import numpy as np
import numpy.typing as npt

from records.reading.ocr import Gray

Points = npt.NDArray[np.float64]
_SIZE = 800  # pixels along the longer side, of the copy that is looked at
_STEP = 10.0  # grey values
_REACH = 3.0  # pixels on each side of the edge
_SAMPLES = 120
_KEPT = 5
_LEAST_SIDE, _LEAST_ALL = 0.35, 0.6
_BORDER = 0.5  # the support of a side that lies out of the picture: it cannot be seen


def sheet_of(gray: Gray) -> Points | None:
    """Corners in pixels (top left, top right, bottom right, bottom left), only where a sound quadrilateral stands out."""
    scale = _SIZE / max(gray.shape)
    small = cv2.resize(gray, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
    small = np.asarray(cv2.GaussianBlur(small, (3, 3), 0), dtype=np.uint8)
    sides = _sides(small)
    best: Points | None = None
    most = 0.0
    for (left, a), (right, b), (top, c), (bottom, d) in product(*sides):
        support = (a + b + c + d) / 4
        if support < max(_LEAST_ALL, most):
            continue
        corners = _corners(left, right, top, bottom)
        if corners is not None and _is_sound(corners, small.shape):
            best, most = corners, support
    return None if best is None else best / scale


Side = tuple[Points, float]


def _sides(small: Gray) -> tuple[list[Side], list[Side], list[Side], list[Side]]:
    """Candidates for left, right, top and bottom: (two points, support), the best first; the borders of the picture among them."""
    height, width = small.shape
    edges = cv2.Canny(small, 20, 60)
    found = cv2.HoughLinesP(edges, 1, np.pi / 360, 60, minLineLength=0.15 * _SIZE, maxLineGap=12)
    lines = [] if found is None else list(found.reshape(-1, 4)[:400].astype(np.float64))
    made: dict[str, list[Side]] = {"left": [], "right": [], "top": [], "bottom": []}
    for x0, y0, x1, y1 in lines:
        is_upright = abs(y1 - y0) > abs(x1 - x0)
        long = _extended(np.array([[x0, y0], [x1, y1]]), width, height, is_upright=is_upright)
        for name, sign in (("left", 1), ("right", -1)) if is_upright else (("top", 1), ("bottom", -1)):
            support = _support(small, long, is_upright=is_upright, sign=sign)
            if support >= _LEAST_SIDE:
                made[name].append((long, support))
    borders = {
        "left": [[0, 0], [0, height]],
        "right": [[width, 0], [width, height]],
        "top": [[0, 0], [width, 0]],
        "bottom": [[0, height], [width, height]],
    }
    for name, ends in borders.items():
        made[name] = [*_distinct(made[name]), (np.array(ends, dtype=np.float64), _BORDER)]
    return made["left"], made["right"], made["top"], made["bottom"]


def _extended(line: Points, width: int, height: int, *, is_upright: bool) -> Points:
    """Over the whole picture."""
    (x0, y0), (x1, y1) = line
    if is_upright:
        slope = (x1 - x0) / (y1 - y0)
        return np.array([[x0 - slope * y0, 0.0], [x0 + slope * (height - y0), float(height)]])
    slope = (y1 - y0) / (x1 - x0)
    return np.array([[0.0, y0 - slope * x0], [float(width), y0 + slope * (width - x0)]])


def _support(small: Gray, line: Points, *, is_upright: bool, sign: int) -> float:
    """The share of the line along which the picture steps from dark to bright, towards +sign across it."""
    share = np.linspace(0.04, 0.96, _SAMPLES)[:, None]
    points = line[0] + share * (line[1] - line[0])
    across = np.array([_REACH * sign, 0.0] if is_upright else [0.0, _REACH * sign])
    step = _grey(small, points + across) - _grey(small, points - across)
    smooth = np.convolve(step, np.ones(7) / 7, mode="same")  # paper and tables are grainy
    return float((smooth >= _STEP).mean())


def _grey(small: Gray, points: Points) -> npt.NDArray[np.float64]:
    height, width = small.shape
    x, y = np.rint(points[:, 0]).astype(int).clip(0, width - 1), np.rint(points[:, 1]).astype(int).clip(0, height - 1)
    return np.asarray(small[y, x], dtype=np.float64)


def _distinct(sides: list[Side]) -> list[Side]:
    kept: list[Side] = []
    for line, support in sorted(sides, key=lambda one: -one[1]):
        if all(np.abs(line - other).max() > 6 for other, _ in kept):
            kept.append((line, support))
    return kept[:_KEPT]


def _corners(left: Points, right: Points, top: Points, bottom: Points) -> Points | None:
    made = [_crossing(one, other) for one, other in ((left, top), (right, top), (right, bottom), (left, bottom))]
    return None if any(one is None for one in made) else np.array(made, dtype=np.float64)


def _crossing(one: Points, other: Points) -> Points | None:
    along, across = one[1] - one[0], other[1] - other[0]
    turn = along[0] * across[1] - along[1] * across[0]
    if abs(turn) < 1e-6:
        return None
    way = other[0] - one[0]
    crossing: Points = one[0] + along * (way[0] * across[1] - way[1] * across[0]) / turn
    return crossing


def _is_sound(corners: Points, shape: tuple[int, ...]) -> bool:
    """Opposite sides of like length and corners between 60 and 120 degrees, most of the picture but not all: a sheet seen at a slant."""
    (left_top, right_top, right_bottom, left_bottom) = corners
    if min(right_top[0] - left_top[0], right_bottom[0] - left_bottom[0], left_bottom[1] - left_top[1], right_bottom[1] - right_top[1]) <= 0:
        return False  # what is brighter on both sides of it is no sheet, but a dark band across one
    edges = np.roll(corners, -1, axis=0) - corners
    sides = np.linalg.norm(edges, axis=1)
    share = cv2.contourArea(corners.astype(np.float32)) / (shape[0] * shape[1])
    if sides.min() < 0.25 * _SIZE or not 0.25 < share < 0.985:
        return False
    if max(sides[0] / sides[2], sides[2] / sides[0], sides[1] / sides[3], sides[3] / sides[1]) > 1.5:
        return False
    angles = [np.degrees(np.arccos(np.clip(np.dot(-edges[i - 1], edges[i]) / (sides[i - 1] * sides[i]), -1, 1))) for i in range(4)]
    return all(60 < angle < 120 for angle in angles)
