"""Rows of ruled tables whose cells stand half a line apart, as where a short cell is set in the middle of a tall one.

Tesseract reads lines across the rules of a table. Where one line stands beside the gap between two others, all three come out as one line
of noise. So such cells are moved up by half a line before recognition, and the boxes of their words down again after it.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from statistics import median

import numpy as np

from records.reading.layout import Token
from records.reading.ocr import Gray
from records.reading.page import Box
from records.reading.wrapped import bands

_DARKER = 60  # grey values below its paper: ink
_STAGGERED = (0.3, 0.7)  # lines
_LEAST_LINE = 0.35  # of the usual height: dots and accents are no lines


@dataclass(frozen=True, slots=True)
class Move:
    """A cell whose content was moved down by so much of the picture's height (up: below 0)."""

    cell: Box
    down: float


@dataclass(frozen=True, slots=True)
class _Cell:
    """Pixels inside the rules, and the middles of the printed lines in there, in pixels from the top of the picture."""

    box: Box
    rows: slice
    columns: slice
    middles: tuple[float, ...]


def levelled(picture: Gray, cells: Sequence[Box]) -> tuple[Gray, tuple[Move, ...]]:
    """The picture with the lines of each ruled row level, and what was moved for it. The picture that is given stays as it is."""
    made = picture
    moves: list[Move] = []
    for band in bands(cells):
        filled = [one for one in (_cell(picture, box) for box in band) if one.middles]
        for cell, up in _staggered(filled):
            made = made.copy() if made is picture else made
            _lift(made, cell, up)
            moves.append(Move(cell.box, -up / picture.shape[0]))
    return made, tuple(moves)


def put_back(tokens: Iterable[Token], moves: Sequence[Move]) -> tuple[Token, ...]:
    """The words where they are printed."""
    return tuple(_put_back(one, moves) for one in tokens) if moves else tuple(tokens)


def _put_back(token: Token, moves: Sequence[Move]) -> Token:
    box = token.box
    across, middle = (box.x0 + box.x1) / 2, (box.top + box.bottom) / 2
    for move in moves:
        cell = move.cell
        if cell.x0 <= across <= cell.x1 and cell.top <= middle <= cell.bottom:
            return replace(token, box=Box.clipped(box.x0, box.top - move.down, box.x1, box.bottom - move.down))
    return token


def _cell(picture: Gray, box: Box) -> _Cell:
    height, width = picture.shape[:2]
    inset = max(width // 350, 3)
    rows = slice(int(box.top * height) + inset, int(box.bottom * height) - inset)
    columns = slice(int(box.x0 * width) + inset, int(box.x1 * width) - inset)
    return _Cell(box, rows, columns, _lines(picture[rows, columns], rows.start))


def _lines(inside: Gray, top: int) -> tuple[float, ...]:
    """The middles of runs of rows with ink in them, but for those that touch the border: what is left of a rule that is not quite level."""
    if min(inside.shape) < 4:
        return ()
    has_ink = (inside < np.median(inside[::2, ::2]) - _DARKER).sum(axis=1) > 1
    edges = np.flatnonzero(np.diff(np.concatenate(([False], has_ink, [False])).astype(np.int8)))
    runs = list(zip(edges[::2].tolist(), edges[1::2].tolist(), strict=True))
    runs = [(start, end) for start, end in runs if start > 0 and end < len(has_ink)]
    usual = median(end - start for start, end in runs) if runs else 0
    return tuple(top + (start + end) / 2 for start, end in runs if end - start > _LEAST_LINE * usual)


def _staggered(cells: Sequence[_Cell]) -> list[tuple[_Cell, int]]:
    """Cells whose lines stand between those of the fullest cell of the row, and by how many pixels they have to go up."""
    fullest = max(cells, key=lambda one: len(one.middles), default=None)
    if fullest is None or len(fullest.middles) < 2:
        return []
    pitch = median(below - above for above, below in pairwise(fullest.middles))
    made = []
    for cell in cells:
        phase = (cell.middles[0] - fullest.middles[0]) / pitch % 1
        if len(cell.middles) < len(fullest.middles) and _STAGGERED[0] <= phase <= _STAGGERED[1]:
            made.append((cell, round(pitch / 2)))
    return made


def _lift(picture: Gray, cell: _Cell, up: int) -> None:
    inside = picture[cell.rows, cell.columns]
    paper = int(np.median(inside))
    moved = np.full_like(inside, paper)
    moved[:-up] = inside[up:]
    picture[cell.rows, cell.columns] = moved
