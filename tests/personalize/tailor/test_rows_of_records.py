"""Rows TM-76 to TM-80: the quality of the records, and who reads."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from personalize.profile import Check, FactState
from tests.personalize.tailor.people import (
    METASTATIC,
    NOBODY,
    PDAC,
    aunt,
    changes_of,
    check_row,
    fact,
    lab,
    marker,
    page_of,
    person,
    proof,
    stage,
    words_of,
)


def test_tm_76_a_poorly_read_fact_says_so_and_is_settled_by_a_person() -> None:
    blurred = marker("CLDN18.2", "positive", "80%", proof=proof("CLDN18.2 8O%", is_poorly_read=True))
    confirmed = marker("CLDN18.2", "positive", "80%", proof=proof("CLDN18.2 8O%", check=Check.CONFIRMED_BY_PATIENT, is_poorly_read=True))
    answer = check_row("TM-76", yes=person(PDAC, blurred), no=person(PDAC, confirmed), unknown=NOBODY, says="We may have misread a fact")
    claudin = next(one for one in changes_of(answer, "TM-31") if one.section == "targets")
    assert claudin.caution.startswith("We may have misread this")
    assert not any(one.caution for one in page_of(person(PDAC, confirmed)).changes())


def test_tm_77_a_coordinators_check_is_shown_with_its_day() -> None:
    checked = person(checked_on=date(2026, 11, 20))
    check_row("TM-77", yes=checked, no=person(), unknown=NOBODY, says="November 20, 2026")


def test_tm_78_family_goes_to_the_family_box_only() -> None:
    answer = check_row(
        "TM-78", yes=person(family_history=(aunt("BRCA2 mutation"),)), no=person(), unknown=NOBODY, says="We do not read it as yours"
    )
    assert "aunt: BRCA2 mutation" in (changes_of(answer, "TM-78")[0].reason or "")
    assert not {"TM-38", "TM-39", "TM-57"} & set(answer.rows())


def test_tm_79_old_facts_are_named_and_grayed() -> None:
    old = person(stage=METASTATIC, labs=(lab("CA 19-9", 410, "U/mL", "2026-06-01"),), ecog=fact(1, "2026-01-01"))
    new = person(stage=METASTATIC, labs=(lab("CA 19-9", 410, "U/mL"),), ecog=fact(1))
    answer = check_row("TM-79", yes=old, no=new, unknown=NOBODY, says="fitness score, lab tests")
    assert {one.kind for one in answer.fact_cards if one.state is FactState.OUT_OF_DATE} == {"lab", "ecog"}


def test_tm_80_a_caregiver_reads_of_the_person_they_care_for() -> None:
    facts = person(PDAC, marker("KRAS", "positive", "p.G12D"), stage=stage("IV", "metastatic"))
    answer = check_row("TM-80", yes=replace(facts, is_reader_caregiver=True), no=facts, unknown=NOBODY, says="the person you care for")
    said = words_of(changes_of(answer, "TM-34"))
    assert "Their tumor has KRAS G12D" in said
    assert answer.rows() == tuple(sorted({*page_of(facts).rows(), "TM-80"}))
