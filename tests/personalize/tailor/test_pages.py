"""The page as a whole: pure, complete in its reasons, in plain words, for many people at once."""

from __future__ import annotations

import hashlib
import re
import subprocess
import sys
import tomllib
from dataclasses import replace
from itertools import chain
from pathlib import Path

import pytest

from personalize.content import MAX_WORDS_IN_SENTENCE, Sensitivity, longest_sentence, stable_json, wording_faults
from personalize.profile import Check, Conflict, PartialDate, PatientProfile, Proof
from personalize.tailor import Change, TailoredAnswer, fact_cards, general_page
from personalize.tailor import cards as cards_module
from personalize.vocabulary import load
from tests.personalize.tailor.people import (
    ACINAR,
    AMPULLARY,
    B_ALL,
    CLL,
    COLON,
    FOLLICULAR,
    GASTRIC,
    LBCL,
    MANTLE,
    MARGINAL,
    METASTATIC,
    MYELOMA,
    PDAC,
    PNET,
    TODAY,
    assert_carries_its_reasons,
    aunt,
    content,
    course,
    fact,
    lab,
    marker,
    page_of,
    person,
    proof,
    stage,
)

CANCERS = (PDAC, PNET, ACINAR, AMPULLARY, GASTRIC, B_ALL, LBCL, FOLLICULAR, MANTLE, CLL, MARGINAL, MYELOMA, COLON, None)


def _varied(number: int) -> PatientProfile:
    """Person `number` of 42: every cancer with three different sets of facts."""
    primary, kind = CANCERS[number % len(CANCERS)], number // len(CANCERS)
    if kind == 0:
        return person(
            primary,
            marker("KRAS", "positive", "p.G12D"),
            marker("CLDN18.2", "positive", "80%"),
            marker("BRCA2", "positive", origin="germline"),
            stage=METASTATIC,
            ecog=fact(1),
            age=fact(70),
            hla=(fact("A*02:01"), fact("C*08:02")),
            country=fact("Canada"),
            treatments=(course("FOLFIRINOX", drugs=("oxaliplatin",), stop_reason="progression"),),
            labs=(lab("CA 19-9", 900, "U/mL"),),
        )
    if kind == 1:
        return person(
            primary,
            marker("KRAS", "negative"),
            marker("MSI", "positive", "MSI-H"),
            marker("HER2", "positive", "IHC 3+"),
            marker("BRCA1", "vus"),
            stage=stage("IIA", "resectable"),
            ecog=fact(3),
            age=fact(19),
            sex=fact("female"),
            family_history=(aunt("BRCA2"),),
            comorbidities=(fact("hepatitis B"), fact("psoriasis"), fact("heart failure")),
            is_reader_caregiver=True,
        )
    return person(
        primary,
        marker("KRAS", "positive", "p.G12V", proof=proof("KRAS G12V", "2024-01-01", is_poorly_read=True)),
        marker("TMB", "reported", "14 mut/Mb"),
        stage=stage("III", "locally_advanced", proof=proof("stage III", "2025-01-01")),
        checked_on=TODAY,
        metastatic_sites=(fact("peritoneum"), fact("brain")),
        labs=(lab("Total bilirubin", 5, "mg/dL"), lab("Platelets", 40, "10^9/L")),
        treatments=(
            course("pembrolizumab", drugs=("pembrolizumab",), status="ongoing"),
            course("CAR-T cell therapy", None, kind="cell_therapy"),
        ),
    )


PEOPLE = [_varied(number) for number in range(3 * len(CANCERS))]
PAGES = [page_of(one) for one in PEOPLE]


@pytest.mark.parametrize("answer", PAGES, ids=lambda one: f"{one.slug}-{one.profile_hash[:6]}")
def test_every_changed_sentence_carries_its_source_and_its_evidence(answer: TailoredAnswer) -> None:
    assert answer.changes()
    for one in answer.changes():
        assert_carries_its_reasons(one)


def test_most_rows_speak_on_some_page() -> None:
    spoken = set(chain.from_iterable(one.rows() for one in PAGES))
    assert len(spoken) >= 50


@pytest.mark.parametrize("answer", PAGES, ids=lambda one: f"{one.slug}-{one.profile_hash[:6]}")
def test_rendered_pages_keep_the_wording_rules(answer: TailoredAnswer) -> None:
    facts = {one.passage_id: one for part in answer.sections for one in (*part.sentences, *part.hidden)}
    for one in (*facts.values(), *answer.lead, *answer.banners, *answer.questions, *answer.trial_notes):
        sensitivity = Sensitivity.PROGNOSIS if one.is_prognosis else Sensitivity.NONE
        faults = [fault for fault in wording_faults(one.text, sensitivity, max_grade=99) if fault.code != "long_sentence"]
        assert not faults, (one.text, faults)
        if one.change is Change.GENERAL or "{" in one.text:
            assert "{" not in one.text
    for unknown in answer.unknowns:
        assert not wording_faults(unknown.prompt, max_grade=9)


@pytest.mark.parametrize("answer", PAGES, ids=lambda one: f"{one.slug}-{one.profile_hash[:6]}")
def test_rendered_sentences_are_short(answer: TailoredAnswer) -> None:
    for one in answer.changes():
        assert longest_sentence(one.text) <= MAX_WORDS_IN_SENTENCE, one.text


def test_the_emergency_box_and_the_notice_are_on_every_page() -> None:
    general = [general_page(content(), one.slug, today=TODAY) for one in content().answers if not one.is_shared]
    for answer in (*PAGES, *general):
        ids = {one.id for one in answer.fixed}
        assert {"learning", "emergency_after_cells", "emergency_no_cells", "emergency_nobody_watches", "distress", "trial_notice"} <= ids


def test_how_long_people_lived_is_always_behind_the_closed_control() -> None:
    for answer in PAGES:
        for one in (
            *answer.lead,
            *answer.banners,
            *answer.questions,
            *answer.trial_notes,
            *(one for part in answer.sections for one in part.sentences),
        ):
            if re.search(r"\b(?:median|lived|survival|live longer)\b", one.text):
                assert one.is_prognosis, one.text


def test_the_same_inputs_give_the_same_bytes_in_another_process() -> None:
    here = hashlib.sha256("".join(stable_json(one) for one in PAGES).encode()).hexdigest()
    code = (
        "import hashlib; from personalize.content import stable_json; from tests.personalize.tailor.test_pages import PAGES;"
        "print(hashlib.sha256(''.join(stable_json(one) for one in PAGES).encode()).hexdigest())"
    )
    there = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, env={"PYTHONHASHSEED": "77"})
    assert there.stdout.strip() == here


def test_a_disputed_marker_changes_nothing_and_is_still_on_its_card() -> None:
    disputed = person(PDAC, marker("KRAS", "positive", "p.G12D", proof=proof("KRAS G12D", check=Check.DISPUTED)))
    answer = page_of(disputed)
    assert "TM-34" not in answer.rows()
    assert any(one.check is Check.DISPUTED for one in answer.fact_cards)


def test_a_confirmed_fact_is_neither_conflicting_nor_misread() -> None:
    confirmed = proof("KRAS G12D", check=Check.CONFIRMED_BY_COORDINATOR, is_conflicting=True, is_poorly_read=True)
    answer = page_of(person(PDAC, marker("KRAS", "positive", "p.G12D", proof=confirmed)))
    assert "TM-34" in answer.rows()
    assert "TM-49" not in answer.rows()


def test_a_fact_that_the_person_told_needs_no_page() -> None:
    kras = marker("KRAS", "positive", "p.G12D", proof=replace(proof("x", check=Check.TOLD_BY_PATIENT), evidence=()))
    mine = [one for one in page_of(person(PDAC, kras)).changes() if one.row_id == "TM-34"]
    assert mine[0].reason == "Because you told us: KRAS: positive (p.G12D)."
    assert mine[0].check is None or mine[0].check is Check.TOLD_BY_PATIENT


def test_a_fact_nobody_checked_for_120_days_is_taken_down() -> None:
    later = general_page(content(), "pancreatic", today=TODAY.replace(year=2027))
    fresh = general_page(content(), "pancreatic", today=TODAY)
    assert not any(one.is_taken_down for part in fresh.sections for one in part.sentences)
    down = [one for part in later.sections for one in part.sentences if one.is_taken_down]
    assert down
    assert all("It may have changed" in one.text for one in down)


def test_the_general_page_has_no_reasons() -> None:
    for one in content().answers:
        if not one.is_shared:
            answer = general_page(content(), one.slug, today=TODAY)
            assert not answer.changes()
            assert answer.lead
            assert answer.questions


def test_cards_say_what_each_result_is() -> None:
    found = person(
        PDAC,
        marker("KRAS", "positive", "p.G12D"),
        marker("BRCA2", "vus"),
        marker("MMR", "negative"),
        marker("NRG1", "not_tested"),
        labs=(lab("CA 19-9", 410, "U/mL"), lab("CA 19-9", 90, "U/mL", "2026-01-01")),
        family_history=(aunt("BRCA2"),),
    )
    cards = {one.label: one.value for one in fact_cards(found, today=TODAY)}
    assert cards["KRAS"] == "changed (G12D)"
    assert cards["BRCA2"] == "a change no one understands yet (VUS)"
    assert cards["MMR"] == "working (pMMR)"
    assert cards["NRG1"] == "not tested"
    assert cards["CA 19-9"] == "410 U/mL"
    assert cards["In the family"] == "aunt: BRCA2"


def test_a_letter_of_the_stage_that_we_worked_out_is_told_in_a_sentence() -> None:
    made = stage(None, None, t="T1b", n="N1a", t_written="T1", t_because="0.8 cm", n_written="N1", n_because="1/23")
    (card,) = [one for one in fact_cards(person(PDAC, stage=made), today=TODAY) if one.kind == "stage"]
    said = " ".join(card.notes)
    assert "The report says T1. It also says “0.8 cm”. That makes it T1b." in said
    assert "The report says N1. It found cancer in 1 of 23 nodes. That makes it N1a." in said


def test_a_birth_year_alone_has_its_card() -> None:
    born = PatientProfile(birth_year=fact(1960), treatments=(course("FOLFIRINOX", start=PartialDate(2026, 1)),))
    assert {one.kind for one in fact_cards(born, today=TODAY)} == {"birth_year", "treatment"}


def test_a_treatment_names_its_dates_once() -> None:
    undated = replace(course("FOLFIRINOX"), proof=Proof(date=PartialDate(2026, 7, 20)))
    dated = replace(undated, start=PartialDate(2026, 2, 16), stop=PartialDate(2026, 7, 20))
    shown = [fact_cards(PatientProfile(treatments=(one,)), today=TODAY)[0] for one in (dated, undated)]
    assert shown[0].value.startswith("FOLFIRINOX, February 16, 2026 to July 20, 2026")
    assert [one.on for one in shown] == ["", "2026-07-20"]


def test_markers_stand_in_the_order_in_which_they_matter_for_the_cancer() -> None:
    names = ("ARID1A", "BRCA2", "CDKN2A", "CLDN18.2", "HER2", "KRAS", "MSLN", "MSI", "SMAD4")
    cards = fact_cards(person(PDAC, *(marker(one) for one in names)), today=TODAY)
    markers = [one for one in cards if one.kind == "biomarker"]
    assert [one.label for one in markers if not one.is_minor] == ["KRAS", "CLDN18.2", "MSI", "BRCA2", "HER2", "MSLN"]
    assert [one.label for one in markers if one.is_minor] == ["ARID1A", "CDKN2A", "SMAD4"]
    stomach = fact_cards(person(GASTRIC, *(marker(one) for one in names)), today=TODAY)
    assert next(one.label for one in stomach if one.kind == "biomarker") == "CLDN18.2"


def test_what_is_inherited_or_in_doubt_is_never_folded_away() -> None:
    torn = marker("SMAD4", proof=proof("SMAD4", is_conflicting=True))
    found = person(
        PDAC, marker("CHEK2", origin="germline"), torn, marker("ARID1A", proof=proof("ARID1A", check=Check.DISPUTED)), marker("KMT2D")
    )
    minor = {one.label for one in fact_cards(found, today=TODAY) if one.is_minor}
    assert minor == {"KMT2D"}


def test_a_card_in_conflict_says_what_the_other_page_says() -> None:
    torn = marker("MSI", "negative", proof=proof("MSI", is_conflicting=True))
    told = Conflict("biomarker MSI", ("stable", "high"), "stable", "They do not agree.", torn.proof.evidence)
    card = next(one for one in page_of(person(PDAC, torn), conflicts=(told,)).fact_cards if one.label == "MSI")
    assert card.others == ("high",)


def test_every_marker_and_test_that_is_wanted_is_one_we_read() -> None:
    words = tomllib.loads((Path(cards_module.__file__).parent / "cards.toml").read_text(encoding="utf-8"))
    known = {one["name"] for one in load("markers")["marker"]} | set(load("genes")["genes"])
    assert {name for names in words["wanted_markers"].values() for name in names} <= known
    assert set(words["wanted_labs"]["any"]) <= {one["name"] for one in load("labs")["lab"]}
