"""A row of a table is one line of text, also where a cell runs over several printed lines.

Split, the second half of a cell stands under the wrong words: "p.V410A, uncertain" without its "significance" reads as a finding.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from statistics import median

from records.reading.layout import Line, Token, reading_order, rows
from records.reading.page import Box

MOST_CELL_LINES = 4  # a longer cell is prose: it follows its row line by line
_LEAST_COLUMNS = 3  # without rules, two columns may as well be prose side by side
_CELL_GAP = 2.2  # letters
_ALIGNED = 1.2  # letters


@dataclass(frozen=True, slots=True)
class Row:
    """Printed lines that are one row, in place of those that stand at [top, bottom]: its cells one after the other, then the lines of prose."""

    top: float
    lines: tuple[Line, ...]
    tokens: frozenset[int]


def in_order(tokens: Sequence[Token], cells: Sequence[Box] = ()) -> list[Line]:
    """Lines as a person reads them (see layout.reading_order), rows of tables whole. cells: those between rules."""
    whole = sorted(ruled_rows(tokens, cells), key=lambda one: one.top) if cells else []
    taken = {token for row in whole for token in row.tokens}
    rest = [one for one in tokens if id(one) not in taken]
    made: list[Line] = []
    for row in whole:
        made += joined(reading_order(one for one in rest if one.middle < row.top))
        rest = [one for one in rest if one.middle >= row.top]
        made += row.lines
    return made + joined(reading_order(rest))


# --- between rules ------------------------------------------------------------------------------------------------------------------------


def ruled_rows(tokens: Sequence[Token], cells: Sequence[Box]) -> list[Row]:
    """The rows of ruled tables that have a wrapped cell. Every other row is read as it stands."""
    inside = _by_cell(tokens, cells)
    made = []
    for band in bands(cells):
        filled = [(cell, inside[cell]) for cell in band if inside.get(cell)]
        columns = [rows(words) for _, words in filled]
        if len(columns) > 1 and any(len(lines) > 1 for lines in columns) and not _is_several([cell for cell, _ in filled], columns):
            made.append(_row(columns, beside=_beside(tokens, filled)))
    return [one for one in made if one is not None]


def _by_cell(tokens: Sequence[Token], cells: Sequence[Box]) -> dict[Box, list[Token]]:
    """Each word in the smallest cell that has its middle."""
    inside: dict[Box, list[Token]] = {}
    by_size = sorted(cells, key=lambda one: (one.x1 - one.x0) * (one.bottom - one.top))
    for token in tokens:
        across = (token.box.x0 + token.box.x1) / 2
        for cell in by_size:
            if cell.x0 <= across <= cell.x1 and cell.top <= token.middle <= cell.bottom:
                inside.setdefault(cell, []).append(token)
                break
    return inside


def bands(cells: Iterable[Box]) -> list[list[Box]]:
    """Cells that begin at the same height and touch, from left to right. A cell that spans rows belongs to the first of them."""
    bands: list[list[Box]] = []
    for cell in sorted(cells, key=lambda one: (round(one.top, 3), one.x0)):
        last = bands[-1][-1] if bands else None
        if last is not None and abs(cell.top - last.top) < 0.003 and abs(cell.x0 - last.x1) < 0.01:
            bands[-1].append(cell)
        else:
            bands.append([cell])
    return bands


def _is_several(cells: Sequence[Box], columns: Sequence[Sequence[Line]]) -> bool:
    """Rows without rules between them: two columns or more whose lines end where the next word would still have fitted."""
    broken = [lines for cell, lines in zip(cells, columns, strict=True) if len(lines) > 1 and not _is_wrapped(lines, cell)]
    return len(broken) > 1


def _is_wrapped(lines: Sequence[Line], cell: Box) -> bool:
    """As a printer wraps: each line ends because the next word did not fit."""
    return all(_did_not_fit(above, below, cell.x1) for above, below in pairwise(lines))


def _did_not_fit(above: Sequence[Token], below: Sequence[Token], right: float) -> bool:
    letter = _letter([*above, *below])
    return above[-1].box.x1 + 0.5 * letter + _first_piece(below[0]) > right - 1.5 * letter


def _first_piece(token: Token) -> float:
    """How much of a word would have to fit: to its first hyphen or slash, where printers break too."""
    cuts = [at for mark in "-/" if (at := token.text.find(mark)) > 0]
    share = (min(cuts) + 1) / len(token.text) if cuts else 1.0
    return (token.box.x1 - token.box.x0) * share


def _letter(tokens: Sequence[Token]) -> float:
    """The usual width of a letter, as a fraction of the page's width."""
    return median((one.box.x1 - one.box.x0) / len(one.text) for one in tokens)


def _beside(tokens: Sequence[Token], filled: Sequence[tuple[Box, list[Token]]]) -> bool:
    """Whether other words stand left or right of the row: the page has columns of its own, and is not ours to rearrange."""
    mine = {id(one) for _, words in filled for one in words}
    top, bottom = filled[0][0].top, min(cell.bottom for cell, _ in filled)
    return any(top < one.middle < bottom and id(one) not in mine for one in tokens)


def _row(columns: Sequence[Sequence[Line]], *, beside: bool) -> Row | None:
    if beside:
        return None
    short = [lines for lines in columns if len(lines) <= MOST_CELL_LINES]
    prose = [line for lines in columns if len(lines) > MOST_CELL_LINES for line in lines]
    first = [token for lines in short for line in lines for token in line]
    every = [*first, *(token for line in prose for token in line)]
    return Row(min(one.box.top for one in every), tuple(line for line in (first, *prose) if line), frozenset(map(id, every)))


# --- without rules ------------------------------------------------------------------------------------------------------------------------


def joined(lines: Sequence[Line]) -> list[Line]:
    """Lines of a table without rules, with what a cell ran over put behind that cell.

    A line goes on with the one above where it has nothing in the first column, every piece of it begins where a cell above begins, and
    the first word of the piece would not have fitted there. "KRAS  p.G12D  31%" over "      p.A146T  5%" are two rows, for 5% would have fitted.
    """
    made: list[list[list[Token]]] = []
    ends: list[Line] = []
    right = _right_margin(lines)
    for line in lines:
        cells = _split(line)
        places = _places(made[-1], ends[-1], cells, right) if made and ends else None
        if places is None:
            made.append(cells)
            ends.append(line)
            continue
        for place, cell in zip(places, cells, strict=True):
            made[-1][place] = made[-1][place] + cell
        ends[-1] = line
    return [[token for cell in row for token in cell] for row in made]


def _right_margin(lines: Sequence[Line]) -> float:
    """Where the last column ends: margins are alike, or something is printed further out."""
    return max((max(line[-1].box.x1, 1 - line[0].box.x0) for line in lines if line), default=1.0)


def _split(line: Line) -> list[list[Token]]:
    letter = _letter(line)
    cells = [[line[0]]]
    for left, token in pairwise(line):
        if token.box.x0 - left.box.x1 > _CELL_GAP * letter:
            cells.append([token])
        else:
            cells[-1].append(token)
    return cells


def _places(row: Sequence[Sequence[Token]], above: Line, cells: Sequence[Sequence[Token]], right: float) -> list[int] | None:
    """Which cells of the row the pieces go on with; None where they are a row of their own."""
    if len(row) < _LEAST_COLUMNS or len(cells) >= len(row) or not _is_next(above, cells[0]):
        return None
    letter = _letter([*above, *cells[0]])
    places = []
    for cell in cells:
        place = next((at for at, one in enumerate(row) if abs(one[0].box.x0 - cell[0].box.x0) < _ALIGNED * letter), 0)
        edge = row[place + 1][0].box.x0 - letter if place + 1 < len(row) else right
        if place == 0 or not _did_not_fit(row[place][-1:], cell, edge):
            return None
        places.append(place)
    return places


def _is_next(above: Line, piece: Sequence[Token]) -> bool:
    """On the very next printed line. Recognised boxes are as tall as their letters: the tallest is nearest to the height of the line."""
    height = max(one.box.bottom - one.box.top for one in (*above, *piece))
    return 0 < piece[0].middle - median(one.middle for one in above) < 2 * height
