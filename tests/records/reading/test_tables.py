"""A row of a table stays a row: printed over several lines, with rules or without, from a layer or from a picture."""

from __future__ import annotations

import io
from collections.abc import Callable
from functools import partial

import pikepdf
import pytest

from records.reading.layout import Token, reading_order
from records.reading.page import Box
from records.reading.wrapped import in_order, joined
from tests.documents import Drawing, Lines, Placed, digital_pdf, lay_out, photo, scanned_pdf, two_columns
from tests.records.reading.pages import check_model, read, share_in_order

TABLE: Lines = (
    "Molecular report",
    ("Gene", "Result", "Allele fraction"),
    ("KRAS", "p.G12D, pathogenic", "31%"),
    ("ATM", "p.V410A, uncertain significance", "47%"),
    ("CHEK2", "not detected", "-"),
    "Comment on the table above",
)
ROWS = ["Gene Result Allele fraction", "KRAS p.G12D, pathogenic 31%", "ATM p.V410A, uncertain significance 47%"]
DRAWN: dict[str, Callable[[], bytes]] = {
    "digital": partial(digital_pdf, [TABLE]),
    "digital, without rules": partial(digital_pdf, [lay_out(TABLE, has_grid=False)]),
    "digital, on its side": partial(digital_pdf, [TABLE], rotate=90),
    "digital, upside down": partial(digital_pdf, [TABLE], rotate=180),
    "digital, cropped": partial(digital_pdf, [TABLE], crop=(30, 300, 580, 780)),
    "scanned, without rules": partial(scanned_pdf, [lay_out(TABLE, has_grid=False)]),
    "scanned, crooked": partial(scanned_pdf, [TABLE], skew=1.5),
    "photo": partial(photo, TABLE),
}  # fmt: skip


@pytest.mark.parametrize("kind", DRAWN)
def test_a_wrapped_cell_is_read_within_its_row(kind: str) -> None:
    page = read(DRAWN[kind]())
    check_model(page)
    lines = page.text.splitlines()
    assert [line for line in lines if line in ROWS] == ROWS, lines
    assert lines[-1] == TABLE[-1]


@pytest.mark.parametrize("turn", [0, 90])
def test_a_table_in_a_drawing_of_its_own_is_found_too(turn: int) -> None:
    """As hospitals' letterheads are printed: the page shows a form, and the form shows the table."""
    made = io.BytesIO()
    with pikepdf.open(io.BytesIO(digital_pdf([TABLE]))) as table, pikepdf.open(io.BytesIO(digital_pdf([["Letterhead"]]))) as document:
        page = document.pages[0]
        page.add_overlay(table.pages[0], pikepdf.Rectangle(40, 100, 590, 700))
        page.obj.MediaBox, page.obj.Rotate = [-20, 10, 612, 802], turn
        document.save(made)
    lines = read(made.getvalue()).text.splitlines()
    assert [line for line in lines if line in ROWS] == ROWS


@pytest.mark.parametrize("kind", ["digital", "scanned, crooked"])
def test_a_span_over_a_wrapped_cell_has_a_box_on_both_lines(kind: str) -> None:
    page = read(DRAWN[kind]())
    start = page.text.index("uncertain")
    upper, lower = page.boxes(start, start + len("uncertain significance"))
    assert upper.bottom <= lower.top + 0.005
    assert lower.x0 < upper.x0, "the second line begins where the cell does"


def test_a_name_that_is_wrapped_in_the_first_cell_stays_before_its_result() -> None:
    rows = (
        ("Marker", "Result"),
        ("Microsatellite instability status by next generation sequencing", "stable"),
        ("TMB", "2.1 mutations/Mb"),
    )
    assert read(digital_pdf([rows])).text.splitlines()[1] == " ".join(rows[1])


def test_a_long_cell_of_prose_follows_its_row_line_by_line() -> None:
    prose = " ".join(f"This is sentence number {number} of what the change means." for number in range(8))
    lines = read(digital_pdf([(("Gene", "Result", "Meaning"), ("ATM", "p.V410A, uncertain significance", prose))])).text.splitlines()
    assert lines[1] == "ATM p.V410A, uncertain significance"
    assert " ".join(lines[2:]) == prose


def test_rows_that_share_one_box_without_rules_between_them_stay_apart() -> None:
    """A frame and the lines between its columns, as some printers draw a table: the cell of a column holds all of its rows."""
    drawing = lay_out((("Gene", "Result", "VAF"), ("KRAS", "p.G12D", "31%"), ("TP53", "p.R175H", "28%"), ("SMAD4", "loss", "22%")))
    top, bottom = min(one.y0 for one in drawing.rules), max(one.y1 for one in drawing.rules)
    inner = {one.y0 for one in drawing.rules if one.y0 == one.y1} - {top, bottom}
    rules = tuple(one for one in drawing.rules if one.y0 != one.y1 or one.y0 not in inner)
    lines = read(digital_pdf([Drawing(drawing.placed, rules)])).text.splitlines()
    assert lines == ["Gene Result VAF", "KRAS p.G12D 31%", "TP53 p.R175H 28%", "SMAD4 loss 22%"]


def test_a_second_finding_of_the_same_gene_is_a_row_of_its_own() -> None:
    lines = read(digital_pdf([lay_out((("KRAS", "p.G12D", "31%"), ("", "p.A146T", "5%"), ("TP53", "p.R175H", "28%")), has_grid=False)]))
    assert lines.text.splitlines() == ["KRAS p.G12D 31%", "p.A146T 5%", "TP53 p.R175H 28%"]


def test_two_columns_of_prose_are_read_one_after_the_other() -> None:
    left = [f"left line {number} goes on with ordinary words" for number in range(12)]
    right = [f"right line {number} goes on with other words" for number in range(12)]
    page = read(digital_pdf([two_columns(left, right, heading="CLINIC LETTER")]))
    assert page.text.splitlines() == ["CLINIC LETTER", *left, *right]


def test_two_columns_of_a_scan_are_read_one_after_the_other() -> None:
    left = [f"left line {number} goes on with ordinary words" for number in range(8)]
    right = [f"right line {number} goes on with other words" for number in range(8)]
    page = read(scanned_pdf([two_columns(left, right)]))
    assert share_in_order(" ".join([*left, *right]).split(), page) > 0.97


def _line(top: float, *words: tuple[str, float]) -> list[Token]:
    return [Token(text, Box(x, top, x + 0.01 * len(text), top + 0.012)) for text, x in words]


@pytest.mark.parametrize(
    ("below", "goes_on"),
    [
        ([("significance", 0.3)], True),  # would not have fitted
        ([("low", 0.3)], False),  # would have fitted: not wrapped
        ([("significance", 0.1)], False),  # under the first column: a row or a line of its own
        ([("significance", 0.36)], False),  # begins where no cell begins
        ([("significance", 0.3), ("5%", 0.6)], False),  # a second value that would have fitted
    ],
)
def test_without_rules_a_piece_goes_on_with_the_cell_above_only_where_it_did_not_fit(below: list[tuple[str, float]], goes_on: bool) -> None:
    lines = [_line(0.1, ("ATM", 0.1), ("p.V410A,", 0.3), ("uncertain", 0.39), ("47%", 0.6)), _line(0.118, *below)]
    assert len(joined(lines)) == (1 if goes_on else 2)


def test_every_word_is_kept_once_whatever_the_cells() -> None:
    tokens = [token for line in range(6) for token in _line(0.1 + 0.02 * line, ("a", 0.1), ("bb", 0.3), ("ccc", 0.5))]
    for cells in (
        [],
        [Box(0, 0, 1, 1)],
        [Box(0, 0.09, 0.2, 0.3), Box(0.2, 0.09, 0.4, 0.3), Box(0.4, 0.09, 1, 0.3)],
        [Box(0.1, 0.1, 0.1, 0.1)],
    ):
        assert sorted(id(token) for line in in_order(tokens, cells) for token in line) == sorted(map(id, tokens))


def test_prose_is_read_as_without_tables() -> None:
    words = [Placed(f"word{number}", 54 + 60 * (number % 8), 80 + 15 * (number // 8)) for number in range(80)]
    page = read(digital_pdf([Drawing(tuple(words))]))
    plain = [Token(page.text[one.start : one.end], one.box) for one in page.words if one.box]
    assert [token.text for line in reading_order(plain) for token in line] == page.text.split()
