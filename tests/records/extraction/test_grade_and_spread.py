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
        ("Adenocarcinoma of the lung. Histologic grade: 2/4.", "G2"),
        ("Invasive carcinoma of the breast, histologic grade 1/3.", "G1"),
        ("Infiltrating ductal carcinoma of the breast, intermediate grade by combined histologic criteria.", "G2"),
        ("Breast: intermediate grade invasive ductal carcinoma.", "G2"),
        ("Colon: predominantly moderately. differentiated adenocarcinoma with focal poorly differentiated carcinoma.", "G2"),
    ],
)
def test_grades_in_words_and_letters(text: str, grade: str) -> None:
    assert {one.value["grade"] for one in findings(text, "grade:Grade", Kind.GRADE)} == {grade}


@pytest.mark.parametrize(
    ("text", "grades"),
    [
        ("Breast: ductal carcinoma (modified Bloom-Richardson grade 6: mitoses=1, nuclear pleomorphism=2, tubules=3).", {"G2"}),
        ("Invasive ductal carcinoma of the breast, Nottingham score: 8 (3+3+2).", {"G3"}),
        ("Invasive breast carcinoma. Bloom-Richardson score 2+1+2 = 5.", {"G1"}),
        ("Invasive breast carcinoma, Nottingham histologic score: tubules 3, nuclei 2, mitotic count 1, total 6/9.", {"G2"}),
        ("Invasive breast carcinoma, Nottingham grade 3 (total score 8/9).", {"G3"}),
        ("Invasive breast carcinoma, tubule score 3, nuclear score 2, mitotic score 1.", set()),
        ("Invasive breast carcinoma, Nottingham grade III/III. Axilla: 3/9 lymph nodes.", {"G3"}),
        ("Breast: ductal carcinoma in situ, intermediate grade, cribriform.", set()),
        ("Breast: intermediate grade ductal carcinoma in situ.", set()),
        ("Liver: the lower grade area. shows less than 5% MIB-1 staining.", set()),
        ("Colon: high grade dysplasia beside a low grade adenoma.", set()),
        ("Invasive breast carcinoma, HER2 score 3+, mitotic score 2; 5 of 9 nodes positive.", set()),
    ],
)
def test_the_nottingham_score_is_a_grade_and_its_parts_are_none(text: str, grades: set[str]) -> None:
    assert {one.value["grade"] for one in findings(text, "grade:Grade", Kind.GRADE)} == grades


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
        ("Known metastatic breast ca (bone), on letrozole.", {"bone"}),
        ("LIVER, BIOPSY: Metastatic neuroendocrine tumor, consistent with pancreatic primary.", {"liver"}),
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
        # blocks of tissue, a count of nodes, a scan's dirt
        "Nodes, bisected: 21X; 21Y, five candidate lymph nodes; 21Z, five more",
        "NODAL METASTASES (19M)",
        "85y,,w^mnr; Page 2 of 4",
    ],
)
def test_numbers_that_are_nobodys_age(text: str) -> None:
    assert findings(text, "demographics:Demographics", Kind.AGE) == []


def test_age_and_sex_of_the_patient() -> None:
    text = "The patient is a 62-year-old woman with pancreatic cancer."
    assert [one.value["age"] for one in findings(text, "demographics:Demographics", Kind.AGE)] == [62]
    assert {one.value["sex"] for one in findings(text, "demographics:Demographics", Kind.SEX)} == {"female"}


@pytest.mark.parametrize(
    ("text", "age", "sex"),
    [
        ("Age/Sex : 58 Yrs / Male", 58, "male"),
        ("Patient: LARKIN, ROSA   47F", 47, "female"),
        ("Pt Larkin, Rosa (53 F)", 53, "female"),
        ("Patient: ORTEGA, P.     67/M", 67, "male"),
        ("Name: Wai Chen; F; 45y. Collected 2025/06/02", 45, "female"),
        ("CLINIC FOLLOWUP. HX: 58F LEFT BREAST", 58, "female"),
        ("Patient: Larkin, Rosa  F  DOB 03/14/1955", None, "female"),
        ("DOB 04/11/1955  M", None, "male"),
        ("Mrs Rosa Larkin, born 17.06.1952", None, "female"),
        ("Mr. Paul Ortega, 58M", 58, "male"),
        ("Name: Lou Farrow    Age 74   Sex M", 74, "male"),
        ("24F catheter, 18 M sutures", None, None),
        ("Her husband: Mr Paul Ortega, born 1950", None, None),
    ],
)
def test_age_and_sex_as_headers_print_them(text: str, age: int | None, sex: str | None) -> None:
    assert [one.value["age"] for one in findings(text, "demographics:Demographics", Kind.AGE)][:1] == ([age] if age else [])
    assert {one.value["sex"] for one in findings(text, "demographics:Demographics", Kind.SEX)} == ({sex} if sex else set())


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("DOB 1960-Dec-02", "1960-12-02"),
        ("D0B: O2/l9/1957", "1957-02-19"),
        ("Re: Mr Hemi Rangi, d.o.b. 21.05.1953", "1953-05-21"),
    ],
)
def test_birth_dates_as_other_countries_and_scans_print_them(text: str, day: str) -> None:
    assert [one.value["date"] for one in findings(text, "demographics:Demographics", Kind.BIRTH_DATE)] == [day]
