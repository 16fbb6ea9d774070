"""The order of trials: this cancer and this change first, closed ones later, near ones earlier; and why each stands where it stands."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from personalize.profile import Biomarker, PartialDate, PatientProfile
from personalize.trials import Near, Place, Trial, TrialMatch, is_within_reach, match_trials
from tests.personalize.trials.people import NET, TODAY, marker, person

KRAS = person(biomarkers=(marker("KRAS", "positive", "p.G12D"),))


def named(nct: int, title: str, text: str = "", **more: Any) -> Trial:
    return Trial(f"NCT{nct:08}", title=title, text=text, **{"status": "RECRUITING"} | more)


def order(trials: list[Trial], profile: PatientProfile, near: Near | None = None) -> list[int]:
    return [int(one.trial.nct[3:]) for one in ranked(trials, profile, near)]


def ranked(trials: list[Trial], profile: PatientProfile, near: Near | None = None) -> list[TrialMatch]:
    return match_trials(trials, profile, today=TODAY, near=near)


def test_this_cancer_and_this_change_come_before_either_alone() -> None:
    trials = [
        named(1, "A vaccine for asthma"),
        named(2, "A pill for pancreatic cancer"),
        named(3, "A pill for solid tumors", "It is for people whose tumor has KRAS G12D."),
        named(4, "A KRAS G12D pill for pancreatic cancer"),
    ]
    assert order(trials, KRAS) == [4, 3, 2, 1]


def test_another_name_of_the_gene_counts() -> None:
    trials = [named(1, "A pill for solid tumors"), named(2, "A pill for solid tumors with c-MET amplification")]
    assert order(trials, person(biomarkers=(marker("MET", "positive", "amplification"),))) == [2, 1]


def test_a_drug_that_is_tried_against_the_change_counts() -> None:
    trials = [named(1, "Gemcitabine for pancreatic cancer"), named(2, "Olaparib for pancreatic cancer")]
    assert order(trials, person(biomarkers=(marker("BRCA2", "positive"),))) == [2, 1]


def test_a_gene_that_was_not_found_or_not_tested_moves_nothing() -> None:
    trials = [named(1, "A pill for pancreatic cancer"), named(2, "A KRAS pill for pancreatic cancer")]
    silent = [one.score for one in ranked(trials, person())]
    for status in ("negative", "pending", "not_tested"):
        assert [one.score for one in ranked(trials, person(biomarkers=(Biomarker("KRAS", status),)))] == silent


def test_a_trial_for_several_tumors_is_not_a_trial_for_another_cancer() -> None:
    several, other = named(1, "A pill for advanced solid tumors or lymphoma"), named(2, "A pill for breast cancer")
    first, second = ranked([several, other], person())
    assert first.trial.nct == several.nct
    assert "It is for several types of cancer." in first.reasons
    assert second.is_hidden


def test_each_place_in_the_order_has_its_reasons_the_weightiest_first() -> None:
    (found,) = ranked([named(1, "A KRAS G12D pill for pancreatic cancer", phase="PHASE3")], KRAS)
    assert {"It is about your type of cancer.", "It aims at KRAS.", "It names this very change.", "Phase 3."} <= set(found.reasons)
    assert found.reasons.index("It aims at KRAS.") < found.reasons.index("It names this very change.")


def test_open_trials_come_before_closed_ones_and_fresh_before_stale() -> None:
    title = "A pill for pancreatic cancer"
    trials = [
        named(1, title, status="COMPLETED"),
        named(2, title, updated_on=PartialDate(2021, 1)),
        named(3, title, updated_on=PartialDate(2026, 2)),
    ]
    assert order(trials, person()) == [3, 2, 1]


def test_near_comes_before_far_and_what_nobody_could_place_is_not_thrown_away() -> None:
    title = "A pill for pancreatic cancer"
    near = Near(64.1, -21.9, travel_km=500)
    trials = [
        named(1, title, places=(Place("Japan", "Tokyo", "", 35.7, 139.7),)),
        named(2, title, places=(Place("Iceland", "Akureyri", "", 65.7, -18.1),)),
        named(3, title, places=(Place("Iceland"),)),
    ]
    found = ranked(trials, person(), near)
    assert {one.trial.nct: one.distance_km for one in found}["NCT00000003"] is None
    assert order(trials, person(), near).index(2) < order(trials, person(), near).index(1)
    assert len(found) == 3


def test_a_closed_place_is_no_place_to_go() -> None:
    here = Place("Iceland", "Akureyri", "", 65.7, -18.1, is_open=False)
    there = Place("Norway", "Bergen", "", 60.4, 5.3)
    (found,) = ranked([named(1, "A pill for pancreatic cancer", places=(here, there))], person(), Near(65.7, -18.1))
    assert found.distance_km is not None and found.distance_km > 1000


def test_hidden_trials_come_last_whatever_they_aim_at() -> None:
    wrong = named(1, "A KRAS G12D pill for pancreatic adenocarcinoma")
    right = named(2, "A pill for neuroendocrine tumors of the pancreas", status="COMPLETED")
    found = ranked([wrong, right], replace(KRAS, primary_cancer=NET))
    assert [(one.trial.nct, one.is_hidden) for one in found] == [(right.nct, False), (wrong.nct, True)]


def test_a_person_of_whom_nothing_is_known_gets_an_order_too() -> None:
    assert order([named(2, ""), named(1, "")], PatientProfile()) == [1, 2]
    assert ranked([], PatientProfile()) == []


def test_distance_parts_only_trials_that_are_alike_in_all_else() -> None:
    title, near = "A pill for pancreatic cancer", Near(64.1, -21.9)
    far = named(2, title, phase="PHASE2", places=(Place("Australia", "Perth", "", -31.9, 115.9),))
    here = named(1, title, places=(Place("Iceland", "Reykjavik", "", 64.1, -21.9),))
    assert order([here, far], person(), near) == [2, 1]
    assert order([replace(here, phase="PHASE2"), far], person(), near) == [1, 2]


@pytest.mark.parametrize(
    ("places", "near", "is_within"),
    [
        ((Place("Iceland", "Akureyri", "", 65.7, -18.1),), Near(64.1, -21.9, "Iceland", 300), True),
        ((Place("Iceland", "Akureyri", "", 65.7, -18.1),), Near(64.1, -21.9, "Iceland", 100), False),
        ((Place("Norway", "Oslo", "", 59.9, 10.8),), Near(64.1, -21.9, "Iceland", 3000), True),
        ((Place("Norway", "Oslo", "", 59.9, 10.8),), Near(country="Iceland"), False),
        ((Place("Norway", "Oslo", "", 59.9, 10.8),), Near(64.1, -21.9), True),
        ((Place("Norway"), Place("Iceland")), Near(64.1, -21.9, "Iceland", 10), True),
        ((Place("Norway"), Place("Iceland", is_open=False)), Near(country="Iceland"), False),
        ((), Near(64.1, -21.9, "Iceland", 10), True),
        ((Place("Norway"),), None, True),
    ],
)
def test_out_of_reach_is_only_what_is_known_to_be(places: tuple[Place, ...], near: Near | None, is_within: bool) -> None:
    (found,) = ranked([named(1, "A pill for pancreatic cancer", places=places)], person(), near)
    assert is_within_reach(found, near) is is_within
