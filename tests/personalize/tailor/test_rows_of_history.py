"""Rows TM-54 to TM-62: treatment so far."""

from __future__ import annotations

import pytest

from personalize.profile import PartialDate, Treatment
from tests.personalize.tailor.people import (
    NOBODY,
    PDAC,
    changes_of,
    check_row,
    course,
    marker,
    page_of,
    person,
    told,
    words_of,
)

UNTREATED = person(clinical=told(treatment_history_complete=True))
NOT_KNOWN = person()
FOLFIRINOX = course("FOLFIRINOX", drugs=("fluorouracil", "leucovorin", "irinotecan", "oxaliplatin"))
GEM = course("Gemcitabine + nab-paclitaxel", drugs=("gemcitabine", "nab-paclitaxel"))
INHERITED = marker("BRCA2", "positive", origin="germline")


def test_tm_54_before_any_treatment_most_trials_come_later() -> None:
    check_row("TM-54", yes=UNTREATED, no=person(treatments=(GEM,)), unknown=NOT_KNOWN, says="come later", asks="Have you started treatment")


def test_tm_55_folfirinox_counts_as_line_one() -> None:
    answer = check_row(
        "TM-55",
        yes=person(treatments=(FOLFIRINOX,)),
        no=person(treatments=(GEM,)),
        unknown=NOT_KNOWN,
        says="your first line",
        asks="Have you started",
    )
    assert "gemcitabine" in words_of(changes_of(answer, "TM-55"))


def test_tm_56_gemcitabine_first_names_the_next_choice() -> None:
    check_row(
        "TM-56",
        yes=person(treatments=(GEM,)),
        no=person(treatments=(FOLFIRINOX,)),
        unknown=NOT_KNOWN,
        says="5-FU with liposomal irinotecan",
        asks="Have you started",
    )


def platinum(since: str) -> Treatment:
    return course(
        "FOLFIRINOX", drugs=("oxaliplatin",), start=PartialDate.parse(since), stop=PartialDate(2026, 9, 1), stop_reason="completed"
    )


def test_tm_57_olaparib_shows_both_sides_with_numbers_closed() -> None:
    long = person(PDAC, INHERITED, treatments=(platinum("2026-02-01"),))
    short = person(PDAC, INHERITED, treatments=(platinum("2026-08-01"),))
    answer = check_row("TM-57", yes=long, no=short, unknown=person(PDAC, INHERITED), says="two sides", asks="how many weeks")
    assert [one.is_prognosis for one in changes_of(answer, "TM-57") if "live longer" in one.text] == [True]


def test_tm_58_a_recent_dose_tells_the_team_and_stops_nothing() -> None:
    now = course("FOLFIRINOX", drugs=("oxaliplatin",), status="ongoing")
    past = course("FOLFIRINOX", drugs=("oxaliplatin",), start=PartialDate(2025, 1), stop=PartialDate(2025, 6))
    undated = person(treatments=(course("FOLFIRINOX", drugs=("oxaliplatin",)),))
    answer = check_row("TM-58", yes=person(treatments=(now,)), no=person(treatments=(past,)), unknown=undated, says="before your next dose")
    assert "Do not stop on your own" in words_of(changes_of(answer, "TM-58"))


def test_tm_59_an_earlier_cell_treatment_is_told_and_checked_for_life() -> None:
    cells = course("CAR-T cell therapy", None, kind="cell_therapy")
    graft = course("autologous stem cell transplant", None, kind="cell_therapy")
    answer = check_row("TM-59", yes=person(treatments=(cells,)), no=person(treatments=(graft,)), unknown=NOT_KNOWN, says="go on for life")
    assert "Some take them" in words_of(changes_of(answer, "TM-59"))


def test_tm_60_a_drug_on_the_same_target_asks_for_a_new_stain() -> None:
    zolbetuximab = course("zolbetuximab", drugs=("zolbetuximab",))
    check_row("TM-60", yes=person(treatments=(zolbetuximab,)), no=person(treatments=(GEM,)), unknown=NOT_KNOWN, says="may need a new stain")


def test_tm_61_an_earlier_checkpoint_drug_closes_nothing() -> None:
    drug = course("pembrolizumab", drugs=("pembrolizumab",))
    answer = check_row(
        "TM-61", yes=person(treatments=(drug,)), no=person(treatments=(GEM,)), unknown=NOT_KNOWN, says="does not close trials"
    )
    assert answer.trials.value == "open"


def test_tm_62_a_donor_transplant_has_extra_rules() -> None:
    donor = course("allogeneic stem cell transplant", None, kind="cell_therapy")
    answer = check_row("TM-62", yes=person(treatments=(donor,)), no=person(treatments=(GEM,)), unknown=NOBODY, says="extra rules")
    assert "TM-59" not in answer.rows()


@pytest.mark.parametrize("status", ["planned", "declined"])
def test_what_was_only_planned_was_not_given(status: str) -> None:
    rows = page_of(person(treatments=(course("FOLFIRINOX", status=status, drugs=("oxaliplatin",)),))).rows()
    assert not {"TM-26", "TM-55", "TM-58"} & set(rows)
