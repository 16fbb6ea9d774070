"""Grade, distant spread, extent, sex and age."""

from __future__ import annotations

import pytest

from records.extraction.finding import Assertion, Kind
from tests.records.extraction.said import findings


@pytest.mark.parametrize(
    ("text", "grade"),
    [
        ("Pancreas: ductal adenocarcinoma, moderately differentiated.", "G2"),
        ("Pancreas: poorly differentiated adenocarcinoma.", "G3"),
        ("Histologic grade: G1. Adenocarcinoma of the pancreas.", "G1"),
    ],
)
def test_grades_in_words_and_letters(text: str, grade: str) -> None:
    assert grade in [one.value["grade"] for one in findings(text, "grade:Grade", Kind.GRADE)]


def sites(text: str) -> set[str]:
    said = findings(text, "metastasis:Metastasis", Kind.METASTASIS)
    return {str(one.value["site"]) for one in said if one.assertion is Assertion.PRESENT}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("C78.7 Secondary malignant neoplasm of liver and intrahepatic bile duct", {"liver"}),
        ("Secondary malignancy of the lung from pancreatic cancer.", {"lung"}),
        ("Adenocarcinoma metastatic to liver and lung.", {"liver", "lung"}),
        ("Multiple hepatic metastases and peritoneal carcinomatosis.", {"liver", "peritoneum"}),
        ("No evidence of metastatic disease to the lungs.", set()),
        ("Indeterminate nodule, cannot exclude metastasis to lung.", set()),
        ("We met with the family and reviewed her liver tests.", set()),
        ("PET: Extranodal involvement of lung and liver (stage IV by Lugano).", {"lung", "liver"}),
        ("Secondary malignant neoplasm of lung        Entered in error", set()),
        ("Secondary malignant neoplasm of lung        Active", {"lung"}),
    ],
)
def test_spread_is_what_was_found_not_what_was_looked_for(text: str, expected: set[str]) -> None:
    assert sites(text) == expected


@pytest.mark.parametrize(
    ("text", "extent"),
    [
        ("Borderline resectable pancreatic adenocarcinoma.", "borderline"),
        ("Locally advanced, unresectable pancreatic cancer.", "locally_advanced"),
    ],
)
def test_extent(text: str, extent: str) -> None:
    assert extent in [one.value["extent"] for one in findings(text, "extent:Extent", Kind.EXTENT)]


@pytest.mark.parametrize(
    "text",
    [
        "Page 45 of 60",
        "Her father, age 80, had prostate cancer.",
        "Patients older than 45 years.",
        "Slide 20 M, 80 F",
        "Stage I (less than 45 years old).",
        "In bed l:ss than 50 Yo of day",
        "The kidney is within the expected range for a 50-year-old man.",
        "The patient is a 4-year-old woman with a mass.",
        "Patient is a1-year-old man.",
        "Age: 6  Gender: M",
    ],
)
def test_numbers_that_are_nobodys_age(text: str) -> None:
    assert findings(text, "demographics:Demographics", Kind.AGE) == []


def test_age_and_sex_of_the_patient() -> None:
    text = "The patient is a 62-year-old woman with pancreatic cancer."
    assert [one.value["age"] for one in findings(text, "demographics:Demographics", Kind.AGE)] == [62]
    assert {one.value["sex"] for one in findings(text, "demographics:Demographics", Kind.SEX)} == {"female"}
