"""A slip of OCR changes a sign or a gene: what was not read surely says so."""

from __future__ import annotations

import pytest

from records.assembly.legibility import is_poorly_read
from records.extraction.finding import Assertion, Evidence, Finding, Kind
from records.reading.page import Box, PageText, Source, make_page

WORDS = ("HER2:", "negative", "(1+)")


def page(*confidences: float, source: Source = Source.OCR, number: int = 1) -> PageText:
    line = [(word, Box(0.1 * n, 0.1, 0.1 * n + 0.09, 0.12), sure) for n, (word, sure) in enumerate(zip(WORDS, confidences, strict=True))]
    return make_page(number=number, width=600, height=800, lines=[line], source=source)


def her2(*pages: int) -> Finding:
    evidence = tuple(Evidence(number, 0, 14, "HER2: negative") for number in pages)
    return Finding(Kind.BIOMARKER, {"name": "HER2", "status": "negative"}, evidence, Assertion.PRESENT, None, 0.9, "x/1")


@pytest.mark.parametrize(
    ("one", "is_poor"),
    [
        (page(0.96, 0.95, 0.2), False),
        (page(0.96, 0.5, 0.97), True),
        (page(0.5, 0.6, 0.55), True),
        (page(0.3, 0.3, 0.3, source=Source.TEXT_LAYER), False),
    ],
    ids=["all its words are sure", "one of its words is unsure", "the whole page is unsure", "no OCR"],
)
def test_the_least_sure_word_counts(one: PageText, is_poor: bool) -> None:
    assert is_poorly_read(her2(1), {1: one}) is is_poor


def test_one_place_that_was_read_well_is_enough() -> None:
    pages = {1: page(0.96, 0.5, 0.97), 2: page(0.96, 0.95, 0.97, number=2)}
    assert is_poorly_read(her2(1), pages)
    assert not is_poorly_read(her2(1, 2), pages)


def test_what_has_no_place_was_not_read() -> None:
    assert not is_poorly_read(her2(), {})
