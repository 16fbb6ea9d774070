"""The same report sent twice is told by its words and numbers; the next report of the same kind is not taken for it."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

import pytest
from hypothesis import given
from hypothesis import strategies as st

from records.reading.likeness import is_same_report, sketch
from tests.documents import digital_pdf, scanned_pdf
from tests.records.reading.pages import read

FIRST = (
    "Lakewood County Hospital, telephone 555 010 0140",
    "Patient: Rosa Marigold   Date of birth: 05/14/1961",
    "CT of the abdomen and pelvis with contrast, 03/02/2026",
    "Liver: lesion in segment 6, measuring 2.4 x 1.9 cm, previously 3.1 cm.",
    "Pancreas: mass of the tail, unchanged, measuring 4.2 cm.",
    "No new lesions, no ascites, no enlarged lymph nodes.",
    "Impression: partial response of the liver lesion, stable primary tumor.",
)
NEXT = tuple(
    line.replace("03/02/2026", "06/08/2026").replace("2.4 x 1.9", "1.6 x 1.1").replace("3.1", "2.4").replace("4.2", "3.8") for line in FIRST
)


@pytest.mark.parametrize("again", [partial(scanned_pdf, [FIRST], skew=1.0), "\n".join(FIRST).encode], ids=["scanned", "typed"])
def test_a_report_that_came_twice_is_told(again: Callable[[], bytes]) -> None:
    assert is_same_report(sketch(read(digital_pdf([FIRST])).text), sketch(read(again()).text))


def test_the_next_report_of_the_same_kind_is_another_report() -> None:
    first, second = (sketch("\n".join(lines)) for lines in (FIRST, NEXT))
    assert len(set(first.pairs) & set(second.pairs)) > 0.9 * len(first.pairs), "but for its numbers it is the same"
    assert not is_same_report(first, second)


def test_too_little_is_like_nothing() -> None:
    assert not is_same_report(sketch(""), sketch(""))
    assert not is_same_report(sketch("See attached."), sketch("See attached."))


@given(st.text(), st.text())
def test_likeness_has_no_direction(one: str, other: str) -> None:
    assert is_same_report(sketch(one), sketch(other)) == is_same_report(sketch(other), sketch(one))
