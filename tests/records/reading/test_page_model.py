"""The one page model, for any words, and for a page out of every reader and every rotation."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

import pytest
from hypothesis import given
from hypothesis import strategies as st

from records.reading import wire
from records.reading.flow import paginate, table, text_page
from records.reading.layout import Token, reading_order, upright
from records.reading.page import Box, PageText, Source, Word, make_page
from tests.documents import as_image, digital_pdf, fax_pdf, photo, scanned_pdf, tiff
from tests.records.reading.pages import REPORT, check_model, read, share_in_order, words_of
from tests.records.reading.text_files import ccda, docx, fhir, html, rtf

fractions = st.floats(0, 1)
boxes = st.builds(Box.clipped, fractions, fractions, fractions, fractions)
words = st.text(st.characters(exclude_categories=["Z", "C"]), min_size=1, max_size=12)
lines = st.lists(st.lists(st.tuples(words, st.none() | boxes, st.none() | fractions), max_size=6), max_size=6)


@given(lines)
def test_any_words_make_a_page_whose_text_is_its_words(given_lines: list[list[tuple[str, Box | None, float | None]]]) -> None:
    page = make_page(number=1, width=600, height=800, lines=given_lines, source=Source.OCR)
    check_model(page)
    assert [page.text[one.start : one.end] for one in page.words] == [text for line in given_lines for text, _, _ in line]
    assert page.text.count("\n") == len(given_lines)


@given(lines)
def test_a_page_comes_out_of_the_sandbox_as_it_went_in(given_lines: list[list[tuple[str, Box | None, float | None]]]) -> None:
    page = make_page(number=3, width=600, height=800, lines=given_lines, source=Source.TEXT_LAYER, rotation=90)
    assert wire.page_from_json(wire.page_to_json(page)) == page


@given(lines, st.data())
def test_a_span_has_a_box_on_every_line_that_it_touches(
    given_lines: list[list[tuple[str, Box | None, float | None]]], data: st.DataObject
) -> None:
    page = make_page(number=1, width=600, height=800, lines=given_lines, source=Source.OCR)
    start = data.draw(st.integers(0, len(page.text)))
    end = data.draw(st.integers(start, len(page.text)))
    touched = [one for one in page.words if one.start < end and one.end > start]
    found = page.boxes(start, end)
    for word in touched:
        if word.box is not None:
            assert any(box.union(word.box) == box for box in found)
    assert len(found) <= len(touched)


@pytest.mark.parametrize("spans", [[(0, 3), (2, 5)], [(4, 9), (0, 3)], [(2, 2)], [(0, 99)]])
def test_words_that_overlap_or_leave_the_text_are_no_page(spans: list[tuple[int, int]]) -> None:
    with pytest.raises(ValueError, match="page 1"):
        PageText(1, 1, 1, "ten letters", tuple(Word(start, end, None) for start, end in spans), Source.OCR)


@pytest.mark.parametrize("corners", [(-0.1, 0, 1, 1), (0.5, 0, 0.4, 1), (0, 0, 1, 1.01), (0, 0.9, 1, 0.1)])
def test_a_box_off_the_page_is_no_box(corners: tuple[float, float, float, float]) -> None:
    with pytest.raises(ValueError, match="not a box"):
        Box(*corners)


@given(boxes, st.sampled_from([0, 90, 180, 270]))
def test_four_quarter_turns_bring_a_box_home(box: Box, rotation: int) -> None:
    token = Token("word", box)
    for _ in range(4):
        token = upright(token, rotation)
    assert (token.box.x0, token.box.top) == (pytest.approx(box.x0), pytest.approx(box.top))
    assert (token.box.x1, token.box.bottom) == (pytest.approx(box.x1), pytest.approx(box.bottom))


@given(st.lists(st.builds(Token, words, boxes), max_size=30))
def test_reading_order_keeps_every_word_once(given_tokens: list[Token]) -> None:
    ordered = [token for line in reading_order(given_tokens) for token in line]
    assert sorted(map(id, ordered)) == sorted(map(id, given_tokens))


@given(st.lists(st.lists(st.text(st.characters(codec="utf-8"), max_size=30), max_size=4), max_size=6))
def test_any_table_keeps_its_cells_in_rows(rows: list[list[str]]) -> None:
    made = table(rows)
    kept = [row for row in rows if any(cell.split() for cell in row)]
    assert [line.split() for line in made] == [" ".join(row).split() for row in kept]


@given(st.lists(st.text(max_size=60), max_size=40))
def test_any_text_makes_pages_of_the_model(given_lines: list[str]) -> None:
    for number, text in enumerate(paginate(given_lines), start=1):
        check_model(text_page(number, text))


ROTATIONS = (0, 90, 180, 270)
# drawn where they are read: whoever only collects the tests draws nothing
FILES: dict[str, Callable[[], bytes]] = {
    **{f"pdf, rotated by {turn}": partial(digital_pdf, [REPORT], rotate=turn) for turn in ROTATIONS},
    **{f"pdf, drawn turned and righted by {turn}": partial(digital_pdf, [REPORT], rotate=turn, is_righted=True) for turn in ROTATIONS},
    "pdf, cropped": partial(digital_pdf, [REPORT], crop=(30, 400, 580, 770)),
    "scanned pdf": partial(scanned_pdf, [REPORT]),
    "faxed pdf": partial(fax_pdf, [REPORT]),
    "photo": partial(photo, REPORT),
    "png": partial(as_image, REPORT, "PNG"),
    "tiff": partial(tiff, [REPORT]),
    "text": "\n".join(REPORT).encode,
    "rtf": partial(rtf, REPORT),
    "html": partial(html, REPORT),
    "docx": partial(docx, REPORT),
    "c-cda": partial(ccda, REPORT),
    "fhir": partial(fhir, REPORT),
}


@pytest.mark.parametrize("kind", FILES)
def test_a_page_of_every_reader_is_of_the_model(kind: str) -> None:
    page = read(FILES[kind]())
    check_model(page)
    # a fax may cost a word, nothing else does
    assert share_in_order(words_of(REPORT), page) >= (0.9 if "fax" in kind else 1)
