"""Words in the order a person reads them: rows of a table stay rows, two columns of prose are read one after the other."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from statistics import median

from records.reading.page import Box

LEAST_COLUMN_LINES = 6


@dataclass(frozen=True, slots=True)
class Token:
    """A word with its box (fractions of the page as displayed) and confidence. other: what a second engine read there, where it differs."""

    text: str
    box: Box
    confidence: float | None = None
    other: str = ""

    @property
    def middle(self) -> float:
        return (self.box.top + self.box.bottom) / 2


Line = list[Token]


def upright(token: Token, rotation: int) -> Token:
    """The word with its box on the page turned clockwise by `rotation` degrees (0, 90, 180 or 270)."""
    box = token.box
    turned = {
        0: box,
        90: Box(1 - box.bottom, box.x0, 1 - box.top, box.x1),
        180: Box(1 - box.x1, 1 - box.bottom, 1 - box.x0, 1 - box.top),
        270: Box(box.top, 1 - box.x1, box.bottom, 1 - box.x0),
    }[rotation]
    return token if rotation == 0 else Token(token.text, turned, token.confidence, token.other)


def reading_order(tokens: Iterable[Token]) -> list[Line]:
    """Lines from top to bottom; where the page is set in two columns of prose, the left one first."""
    lines = rows(tokens)
    ordered: list[Line] = []
    for block in _blocks(lines):
        gutter = _gutter(block)
        if gutter is None:
            ordered.extend(block)
            continue
        for column in (0, 1):
            halves = ([one for one in line if (one.box.x0 >= gutter) == bool(column)] for line in block)
            ordered.extend(half for half in halves if half)
    return ordered


def rows(tokens: Iterable[Token]) -> list[Line]:
    """Words that stand on one printed line, from left to right; lines from top to bottom."""
    lines: list[tuple[float, float, Line]] = []
    for token in sorted(tokens, key=lambda one: (one.middle, one.box.x0)):
        height = token.box.bottom - token.box.top
        for index in range(len(lines) - 1, max(len(lines) - 4, -1), -1):
            top, bottom, line = lines[index]
            overlap = min(bottom, token.box.bottom) - max(top, token.box.top)
            if overlap > 0.5 * min(height, bottom - top):
                line.append(token)
                # the line keeps the height of its usual word: one tall word must not swallow its neighbours
                middle = (top + bottom) / 2
                half = median((bottom - top, height)) / 2
                lines[index] = (middle - half, middle + half, line)
                break
        else:
            lines.append((token.box.top, token.box.bottom, [token]))
    lines.sort(key=lambda one: one[0])
    return [sorted(line, key=lambda one: one.box.x0) for _, _, line in lines]


def _blocks(lines: Sequence[Line]) -> list[list[Line]]:
    """Runs of lines that all have, or all lack, a gap in the middle of the page."""
    blocks: list[list[Line]] = []
    last: bool | None = None
    for line in lines:
        is_split = _middle_gap(line) is not None
        # a short last line of a column, or the end of one column only, does not end the block
        if last is not None and (is_split == last or (last and _is_one_sided(line))):
            blocks[-1].append(line)
        else:
            blocks.append([line])
            last = is_split
    return blocks


def _middle_gap(line: Line) -> tuple[float, float] | None:
    """The widest gap of a line, if it lies around the middle of the page and is wider than a space."""
    gaps = [(right.box.x0 - left.box.x1, left.box.x1, right.box.x0) for left, right in pairwise(line)]
    wide = [(x0, x1) for width, x0, x1 in gaps if width > 0.02 and 0.3 < (x0 + x1) / 2 < 0.7]
    return max(wide, key=lambda one: one[1] - one[0]) if wide else None


def _is_one_sided(line: Line) -> bool:
    return bool(line) and (line[-1].box.x1 < 0.52 or line[0].box.x0 > 0.48)


def _gutter(block: Sequence[Line]) -> float | None:
    """Where two columns of prose part: a gap shared by many lines, with full lines on both sides. None for tables and single columns."""
    gaps = [gap for line in block if (gap := _middle_gap(line))]
    if len(gaps) < LEAST_COLUMN_LINES:
        return None
    left, right = max(gap[0] for gap in gaps), min(gap[1] for gap in gaps)
    if right - left < 0.008:
        return None
    split = [line for line in block if _middle_gap(line)]
    widths = [_side_width(line, left, right) for line in split]
    starts = {round(min(one.box.x0 for one in line if one.box.x0 >= right - 0.001), 2) for line in split}
    is_prose = median(one for one, _ in widths) > 0.68 and median(one for _, one in widths) > 0.68
    many_words = median(len(line) for line in split) >= 8
    return (left + right) / 2 if is_prose and many_words and len(starts) <= 3 else None


def _side_width(line: Line, left: float, right: float) -> tuple[float, float]:
    """How much of its column each side of a line fills."""
    start = min(one.box.x0 for one in line)
    end = max(one.box.x1 for one in line)
    left_end = max((one.box.x1 for one in line if one.box.x1 <= left + 0.001), default=start)
    right_start = min((one.box.x0 for one in line if one.box.x0 >= right - 0.001), default=end)
    return (left_end - start) / max(left - start, 0.01), (end - right_start) / max(0.92 - right_start, 0.01)
