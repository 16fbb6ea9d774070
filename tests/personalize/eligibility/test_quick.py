"""A pattern that is tried only where it can begin finds what it would find anywhere."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from personalize.eligibility import conditions, diagnosis, history, labs, polarity
from personalize.eligibility.quick import Quick

PATTERNS = {
    "permits": polarity.PERMITS,
    "noise": diagnosis._SOFT_NOISE,
    "cells": history._CELLS,
    "part": conditions._SOME_PART,
    "explains": conditions._EXPLAINS,
    "analyte": labs._ANALYTE,
}
# Words that the patterns speak of, beside others.
WORDS = re.split(
    r" ",
    "patients may still be eligible is not a reason exceptions: note that does not include are considered allowed only permitted (part b only) in some "
    "cohorts for the phase 2 portion women are defined as optional not required ast alt serum glutamic-pyruvic creatinine clearance egfr >= 60 bone "
    "marrow blasts direct bilirubin pt ptt inr sgot car-t cells chimeric antigen adoptive transfer gene therapy til product t-cell receptor recist solid "
    "tumors anti-cancer therapy all patients with all met exon overall cancer breast-feeding tumor tissue response criteria for , ; . : ( ) - / 1.5 x uln",
)


@pytest.mark.parametrize("name", PATTERNS)
@given(words=st.lists(st.sampled_from(WORDS), max_size=14).map(" ".join))
def test_quick_finds_what_the_pattern_finds(name: str, words: str) -> None:
    quick = PATTERNS[name]
    plain = re.compile(quick.pattern)
    assert [one.span() for one in quick.finditer(words)] == [one.span() for one in plain.finditer(words)]
    first, same = quick.search(words), plain.search(words)
    assert (first and first.span()) == (same and same.span())


def test_what_is_found_is_written_over() -> None:
    assert Quick(r"anti-\w+", "anti").blanked("an anti-cancer drug, anti-x") == "an             drug,       "


def test_one_that_is_anchored_is_tried_at_the_start_too() -> None:
    assert Quick(r"^\W*if|so$", "so", is_anchored=True).search("- if") is not None
