from __future__ import annotations

import pytest

from records.extraction import DocumentText, extract_findings
from records.extraction.finding import Assertion, Kind
from tests.records.extraction.said import findings


def family(text: str) -> set[tuple[str, str]]:
    made = findings(text, "family:Family", Kind.FAMILY_HISTORY)
    assert all(one.assertion is Assertion.FAMILY for one in made)
    return {(one.value["relative"], one.value["condition"].lower()) for one in made}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "FAMILY HISTORY\nMother: breast cancer at 71. Paternal uncle: colon cancer, 60s.",
            {("mother", "breast cancer"), ("paternal uncle", "colon cancer")},
        ),
        ("Family history: sister has breast cancer. No pancreatic cancer in the family.", {("sister", "breast cancer")}),
        ("Her father died of pancreatic cancer at 68.", {("father", "pancreatic cancer")}),
        (
            "Family history is significant for breast cancer in her mother and ovarian cancer in a maternal aunt.",
            {("mother", "breast cancer"), ("maternal aunt", "ovarian cancer")},
        ),
        ("Mother carries BRCA2; the patient tested negative.", {("mother", "brca2")}),
        (
            "Father had chronic lymphocytic leukemia. Maternal grandmother, breast cancer.",
            {("father", "chronic lymphocytic leukemia"), ("maternal grandmother", "breast cancer")},
        ),
        ("Two paternal aunts with breast cancer.", {("two paternal aunts", "breast cancer")}),
        ("His brother was diagnosed with Lynch syndrome.", {("brother", "lynch syndrome")}),
        ("FAMILY HISTORY: Sister: Sjogren syndrome.", {("sister", "sjogren syndrome")}),
        (
            "FAMILY HISTORY\nMaternal grandfather - prostate ca. Cousin - melanoma.",
            {("maternal grandfather", "prostate ca"), ("cousin", "melanoma")},
        ),
    ],
)
def test_each_condition_hangs_on_its_relative(text: str, expected: set[tuple[str, str]]) -> None:
    assert family(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "FAMILY HISTORY: No family history of pancreatic cancer.",
        "She denies any family history of breast or ovarian cancer.",
        "Mother is healthy. Father had no cancer.",
        "My brother-in-law has lung cancer.",
        "Her husband had colon cancer.",
        "The patient has pancreatic cancer.",
        "Her sister was with her and we discussed the cancer today.",
        "No known BRCA mutation in the family.",
        "A daughter cell carcinoma line was used.",
    ],
)
def test_nothing_is_invented(text: str) -> None:
    assert family(text) == set()


@pytest.mark.parametrize(
    "text",
    [
        "Family history: aunt with BRCA2 mutation and breast cancer.\nECOG 1",
        "FAMILY HISTORY: maternal aunt BRCA2 carrier\nECOG PS 1. Weight 70 kg.",
        "Family history: paternal aunt, breast cancer (BRCA2).\nPerformance status: 1",
        "FAMILY HISTORY\nAunt: BRCA2\nMother: breast cancer\n\nECOG 1\nWeight: 70 kg",
        "FH: aunt BRCA2+. ECOG 1. Labs: Hb 12.1 g/dL",
        "Family history: aunt BRCA2 positive\nVital signs: BP 120/70\nPerformance status today: ECOG 1",
    ],
)
def test_a_family_history_ends_where_the_patients_own_begins(text: str) -> None:
    assert [one.value["value"] for one in findings(text, "performance:Performance", Kind.PERFORMANCE)] == [1]
    assert all(one.assertion is Assertion.FAMILY for one in findings(text, "biomarkers:Biomarkers", Kind.BIOMARKER))


def test_labels_inside_a_family_history_are_still_the_relatives() -> None:
    text = "FAMILY HISTORY\nAunt: breast cancer\nMutation: BRCA2 pathogenic variant\nAge at diagnosis: 41\nBRCA2: positive"
    made = findings(text, "biomarkers:Biomarkers", Kind.BIOMARKER)
    assert made and all(one.assertion is Assertion.FAMILY for one in made)


def test_the_patients_own_testing_behind_a_family_history_is_the_patients() -> None:
    text = "Family history: paternal aunt with breast cancer.\nGermline testing: pathogenic variant in PALB2."
    made = findings(text, "biomarkers:Biomarkers", Kind.BIOMARKER)
    assert [(one.value["name"], one.assertion) for one in made] == [("PALB2", Assertion.PRESENT)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "Family History\nProblem           Relation        Age of Onset\nColon cancer      Father          58\n"
            "Ovarian cancer    Maternal Aunt   61\nNeg Hx: pancreatic cancer",
            {("father", "colon cancer"), ("maternal aunt", "ovarian cancer")},
        ),
        ("Fam hx: PGM ovarian ca; brother healthy", {("paternal grandmother", "ovarian ca")}),
        (
            "Family history: mother - breast; paternal uncle - PALB2 carrier",
            {("mother", "breast cancer"), ("paternal uncle", "palb2 carrier")},
        ),
        ("Your mother's sister had ovarian cancer.", {("maternal aunt", "ovarian cancer")}),
        ("SISTER BREAST CA 47, BRCA NEG.", {("sister", "breast ca")}),
        ("His father had CLL too.", {("father", "cll")}),
        ("His brother died of a stroke and his wife of breast cancer.", set()),
    ],
)
def test_tables_and_short_hand(text: str, expected: set[tuple[str, str]]) -> None:
    assert family(text) == expected


@pytest.mark.parametrize(
    ("text", "relative", "condition"),
    [
        ("Breast cancer: mother", "mother", "Breast cancer"),
        ("History of pancreatic cancer: father", "father", "pancreatic cancer"),
        ("Ovarian cancer: maternal aunt, at 52", "maternal aunt", "Ovarian cancer"),
        ("Pancreatic cancer (father)", "father", "Pancreatic cancer"),
        ("Pancreatic cancer - brother, age 60", "brother", "Pancreatic cancer"),
    ],
)
def test_a_list_of_diseases_that_names_whose_each_is_says_nothing_of_the_patient(text: str, relative: str, condition: str) -> None:
    made = list(extract_findings(DocumentText.of_text(text)))
    assert not [one for one in made if one.kind is Kind.DIAGNOSIS and one.assertion is not Assertion.FAMILY]
    assert [(one.value["relative"], one.value["condition"]) for one in made if one.kind is Kind.FAMILY_HISTORY] == [(relative, condition)]


def test_a_relative_who_comes_along_is_nobody_with_the_disease() -> None:
    made = extract_findings(DocumentText.of_text("Pancreatic cancer - mother accompanies her today."))
    assert [one.assertion for one in made if one.kind is Kind.DIAGNOSIS] == [Assertion.PRESENT]
