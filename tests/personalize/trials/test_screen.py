"""The first look at a whole registry leaves out only what would be hidden, and finds what matters."""

from __future__ import annotations

import time
from dataclasses import replace
from typing import Any

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from personalize.profile import Fact, PartialDate, PatientProfile
from personalize.trials import Trial, match_trials
from personalize.trials.screen import Columns, columns_of, screen, survivors
from tests.personalize.trials.people import NET, SURE, TODAY, UNSURE, marker, match, person, trial
from tests.personalize.trials.test_logic import FACTS

SENTENCES = (
    "Histologically confirmed pancreatic adenocarcinoma", "Neuroendocrine tumor of the pancreas", "Breast cancer or ovarian cancer",
    "Advanced solid tumors", "Age ≥ 18 years", "Age 18 to 50 years", "Age > 70 years", "Female patients", "KRAS G12D mutation",
    "Cohort A only: age 18 to 30 years", "Cohort B only: breast cancer", "A wish to sail at night",
)  # fmt: skip
TRIALS = st.lists(
    st.lists(st.sampled_from(SENTENCES), min_size=1, max_size=4, unique=True).map(lambda said: trial(*said)), min_size=1, max_size=5
)
PEOPLE = st.fixed_dictionaries(
    {}, optional=FACTS | {"birth_year": st.builds(Fact, st.integers(1930, 2020), st.sampled_from((SURE, UNSURE)))}
)


@settings(max_examples=150, deadline=None)
@given(TRIALS, PEOPLE)
def test_what_it_leaves_out_would_be_hidden(trials: list[Trial], facts: dict[str, Any]) -> None:
    profile = PatientProfile(**facts)
    left = set(survivors(columns_of(trials), profile, today=TODAY).tolist())
    for row, one in enumerate(trials):
        assert row in left or match(one, profile).is_hidden


def test_it_leaves_out_other_cancers_ages_and_sexes() -> None:
    trials = [
        trial("Histologically confirmed pancreatic adenocarcinoma"),
        trial("Breast cancer"),
        trial("Age 18 to 50 years"),
        trial("Male patients"),
        trial("A wish to sail at night"),
    ]
    assert survivors(columns_of(trials), person(), today=TODAY).tolist() == [0, 4]
    unsure = person(age=Fact(61, UNSURE), sex=Fact("female", UNSURE), primary_cancer=replace(NET, proof=UNSURE))
    assert len(survivors(columns_of(trials), unsure, today=TODAY)) == len(trials)
    assert len(survivors(columns_of(trials), PatientProfile(), today=TODAY)) == len(trials)


def test_the_likeliest_come_first_and_the_list_is_cut() -> None:
    fresh = {"updated_on": PartialDate(2026, 2), "title": "Made-up cells for pancreatic cancer"}
    trials = [
        trial("Age ≥ 18 years", title="A pill for asthma"),
        trial("Age ≥ 18 years", **fresh, nct="NCT00000102") ,
        trial("KRAS G12D mutation", **fresh, nct="NCT00000103"),
        trial("KRAS G12D mutation", **fresh | {"status": "COMPLETED"}, nct="NCT00000104"),
    ]  # fmt: skip
    found = screen(columns_of(trials), person(biomarkers=(marker("KRAS", "positive", "p.G12D"),)), today=TODAY, most=3)
    assert found.tolist() == [2, 3, 1]


def test_nothing_to_look_at_is_no_fault() -> None:
    assert len(columns_of([])) == 0
    assert screen(columns_of([]), person(), today=TODAY).tolist() == []


def many(columns: Columns, times: int) -> Columns:
    return Columns(*(np.concatenate([getattr(columns, name)] * times) for name in Columns.__slots__))


def test_a_whole_registry_is_looked_at_and_fifty_are_explained_at_once() -> None:
    """580,000 rows. The limit is ten times what it takes on one free core, so that a busy machine does not fail it."""
    own = [trial("Histologically confirmed pancreatic adenocarcinoma", "KRAS G12D mutation", title=f"Cells {n}") for n in range(5)]
    others = [trial("Breast cancer", "Age ≥ 18 years", title=f"Pill {n}") for n in range(995)]
    trials = own + others
    columns = many(columns_of(trials), 580)
    profile = person(biomarkers=(marker("KRAS", "positive", "p.G12D"),))
    screen(columns, profile, today=TODAY)
    began = time.process_time()
    rows = screen(columns, profile, today=TODAY)
    found = match_trials([trials[row % len(trials)] for row in rows], profile, today=TODAY)
    took = time.process_time() - began
    assert len(columns) == 580_000
    assert len(found) == 50 and not any(one.is_hidden for one in found)
    assert took < 1.0
