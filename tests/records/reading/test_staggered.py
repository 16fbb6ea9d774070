"""Cells set in the middle of their row: their one line stands between the two of the cell beside them, and all are read."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest

from records.reading.layout import Token
from records.reading.page import Box
from records.reading.staggered import levelled, put_back
from tests.documents import LEADING, Drawing, Lines, lay_out, scanned_pdf
from tests.records.reading.pages import box_of, check_model, read

THERAPY: Lines = (
    "Treatment so far",
    ("From", "To", "Therapy", "Result"),
    ("05.2022", "02.2024", "Octreotide LAR every four weeks, 23 doses", "Progression"),
    ("03.2024", "ongoing", "Everolimus daily", "not yet assessed"),
    "Signed by the department",
)
ROWS = ["05.2022 02.2024 Octreotide LAR every four weeks, 23 doses Progression", "03.2024 ongoing Everolimus daily not yet assessed"]


def _centred(lines: Lines) -> Drawing:
    """The page with every cell in the middle of its row."""
    drawing = lay_out(lines)
    heights = sorted({rule.y0 for rule in drawing.rules if rule.y0 == rule.y1})
    placed = []
    for one in drawing.placed:
        row = [(top, bottom) for top, bottom in pairwise(heights) if top < one.y <= bottom]
        inside = [other for other in drawing.placed if row and row[0][0] < other.y <= row[0][1]]
        lines_of = {x: sum(other.x == x for other in inside) for x in {other.x for other in inside}}
        lower = (max(lines_of.values()) - lines_of[one.x]) / 2 * LEADING if inside else 0
        placed.append(replace(one, y=one.y + lower))
    return replace(drawing, placed=tuple(placed))


@pytest.mark.parametrize("skew", [0.0, 1.0])
def test_cells_in_the_middle_of_their_row_are_read_with_it(skew: float) -> None:
    page = read(scanned_pdf([_centred(THERAPY)], skew=skew))
    check_model(page)
    assert [line for line in page.text.splitlines() if line in ROWS] == ROWS, page.text
    # boxes are where the words are printed, not where they were read
    first, beside, second = box_of(page, "Octreotide"), box_of(page, "Progression"), box_of(page, "doses")
    assert first.top + 0.004 < beside.top < second.top - 0.004


def _picture(*middles: tuple[int, ...]) -> tuple[np.ndarray, tuple[Box, ...]]:  # type: ignore[type-arg]
    """One ruled row 100 pixels high in a picture of 400 × 200; bars of ink 12 pixels high with these middles, a cell each."""
    picture = np.full((200, 400), 250, np.uint8)
    width = 400 // len(middles)
    for number, cell in enumerate(middles):
        for middle in cell:
            picture[middle - 6 : middle + 6, number * width + 20 : (number + 1) * width - 20] = 20
    return picture, tuple(Box(n * width / 400, 0.25, (n + 1) * width / 400, 0.75) for n in range(len(middles)))


def test_a_line_between_two_lines_goes_up_and_its_words_come_down_again() -> None:
    picture, cells = _picture((80, 120), (100,))
    level, moves = levelled(picture, cells)
    assert (level[74:86, 230:370] == 20).all()
    assert (level[94:106, 230:370] == 250).all()
    assert (level[:, :200] == picture[:, :200]).all()
    moved = Token("word", Box(0.6, 74 / 200, 0.9, 86 / 200))
    beside = Token("word", Box(0.1, 74 / 200, 0.4, 86 / 200))
    assert put_back((moved, beside), moves) == (Token("word", Box(0.6, 94 / 200, 0.9, 106 / 200)), beside)


@pytest.mark.parametrize("middles", [((80, 120), (80,)), ((80, 120), (120,)), ((80, 120), (82, 118)), ((100,), (104,)), ((), (100,))])
def test_rows_whose_lines_are_level_stay_as_they_are(middles: tuple[tuple[int, ...], ...]) -> None:
    picture, cells = _picture(*middles)
    level, moves = levelled(picture, cells)
    assert moves == ()
    assert level is picture
