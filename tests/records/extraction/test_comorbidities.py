from __future__ import annotations

import pytest

from records.extraction.finding import Assertion, Kind
from tests.records.extraction.said import findings


def conditions(text: str) -> set[tuple[str, Assertion]]:
    return {(one.value["name"], one.assertion) for one in findings(text, "comorbidities:Comorbidities", Kind.COMORBIDITY)}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Comorbidities: psoriatic arthritis since 2009.", "psoriatic arthritis"),
        ("PAST MEDICAL HISTORY\nType 2 diabetes mellitus, CKD stage 3a.", "type 2 diabetes mellitus"),
        ("PAST MEDICAL HISTORY\nCrohn's disease in remission.", "Crohn's disease"),
        ("He is HIV positive.", "HIV infection"),
        ("Chronic hepatitis B on entecavir.", "hepatitis B"),
        ("Kidney transplant in 2015.", "kidney transplant"),
        ("History of myocardial infarction.", "myocardial infarction"),
        ("Port-associated DVT on apixaban.", "deep vein thrombosis"),
    ],
)
def test_conditions_that_trials_ask_about(text: str, expected: str) -> None:
    assert expected in {name for name, assertion in conditions(text) if assertion in (Assertion.PRESENT, Assertion.HISTORICAL)}


@pytest.mark.parametrize(
    "text",
    [
        "Hepatitis B surface antigen: non-reactive.",
        "HBsAg negative.",
        "Negative for hepatitis B.",
        "Hepatitis B surface antigen - not detected",
    ],
)
def test_a_negative_screen_is_an_absence(text: str) -> None:
    assert conditions(text) == {("hepatitis B", Assertion.ABSENT)}


@pytest.mark.parametrize(
    "text",
    [
        "HIV testing was ordered.",
        "Hepatitis B vaccination given.",
        "FAMILY HISTORY: Sister with lupus.",
        "Patients with autoimmune disease were excluded in patients with cancer.",
    ],
)
def test_what_is_not_the_patients_is_nothing(text: str) -> None:
    assert not {one for one in conditions(text) if one[1] in (Assertion.PRESENT, Assertion.HISTORICAL)}


def test_the_stage_of_a_kidney_disease_stays_with_it() -> None:
    assert "chronic kidney disease stage 3a" in {name for name, _ in conditions("Chronic kidney disease stage 3a.")}


def test_a_core_antibody_is_no_active_infection() -> None:
    names = {
        name
        for name, assertion in conditions("Hepatitis B core antibody positive, surface antigen negative.")
        if assertion is not Assertion.ABSENT
    }
    assert names == {"hepatitis B core antibody positive"}
