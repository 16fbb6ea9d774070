"""A class that a trial names is a class that drugs have: one spelling, or a person's treatment would be missed."""

from __future__ import annotations

from datetime import date

import pytest

from personalize.criteria import Rule, Truth, evaluate
from personalize.criteria.history import classes_of, treatment_words
from personalize.eligibility import leaves, parse_eligibility
from personalize.profile import PatientProfile, Treatment
from personalize.vocabulary import load

TODAY = date(2026, 3, 1)
CLASSES = load("trial_classes")["class"]
DRUG_CLASSES = {group for one in load("drugs")["drug"] for group in one.get("classes", ())}
DRUGS = {one["name"] for one in load("drugs")["drug"]}
REGIMENS = {one["name"] for one in load("regimens")["regimen"]}


def test_what_a_class_takes_in_is_a_class_of_the_drugs() -> None:
    assert {group for one in CLASSES for group in one.get("takes", ())} <= DRUG_CLASSES
    assert {drug for one in CLASSES for drug in one.get("drugs", ())} <= DRUGS


def test_each_class_that_a_trial_can_name_holds_a_drug() -> None:
    held = {group for drug in DRUGS for group in classes_of(drug)}
    assert sorted(one["name"] for one in CLASSES if one["name"] not in held | DRUGS | REGIMENS) == []


def test_no_two_words_for_treatment_differ_by_letter_case_only() -> None:
    words = treatment_words()
    assert len({one.lower() for one in words}) == len(words)


@pytest.mark.parametrize("words", sorted({one["words"].split(";")[0].strip() for one in CLASSES}))
def test_a_class_that_a_sentence_names_is_in_the_vocabulary(words: str) -> None:
    read = parse_eligibility(f"Exclusion Criteria:\n* Prior treatment with {words}.")
    named = {name for one in read if one.rule for leaf in leaves(one.rule) if leaf.predicate == "treatment" for name in leaf.value}
    assert named and named <= treatment_words()


@pytest.mark.parametrize(
    ("drug", "asked"),
    [
        ("daraxonrasib", "RAS inhibitor"),
        ("daraxonrasib", "KRAS inhibitor"),
        ("sotorasib", "KRAS G12C inhibitor"),
        ("olaparib", "PARP inhibitor"),
        ("trastuzumab", "HER2 targeted"),
        ("capecitabine", "fluoropyrimidine"),
        ("bevacizumab", "VEGF inhibitor"),
    ],
)
def test_a_drug_counts_for_its_class_in_any_letter_case(drug: str, asked: str) -> None:
    profile = PatientProfile(treatments=(Treatment("systemic", drug.title(), (drug,)),))
    assert evaluate(Rule("treatment", "received_any", (asked,)), profile, today=TODAY).truth is Truth.MET
