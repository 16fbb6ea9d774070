"""What is asked, thought possible, or said of many people was not found in this one."""

from __future__ import annotations

import json

import pytest

from records.extraction import extract_findings
from records.extraction.finding import Finding, Kind
from records.extraction.text import DocumentText
from tests.records.extraction.said import findings


def everything(text: str) -> list[Finding]:
    return list(extract_findings(DocumentText.of_text(text)))


def _statuses(text: str) -> list[str]:
    return [str(one.value["status"]) for one in findings(text, "biomarkers:Biomarkers", Kind.BIOMARKER)]


@pytest.mark.parametrize(
    "text",
    [
        "KRAS G12D?",
        "KRAS G12D? Repeat sequencing advised.",
        "KRAS G12D mutation?",
        "KRAS G12D(?)",
        "TP53 p.R175H (?)",
        "?KRAS G12D",
        "Adenocarcinoma, ?KRAS G12D",
        "MSI-H?",
        "PD-L1 TPS 60%?",
        "KRAS: positive?",
        "BRCA1 c.68_69del? awaiting",
    ],
)
def test_a_question_is_no_result(text: str) -> None:
    assert not {"positive", "negative", "reported"} & set(_statuses(text))


@pytest.mark.parametrize("text", ["possible KRAS G12D mutation", "Suspected KRAS G12D", "Questionable HER2 positivity"])
def test_what_is_thought_possible_is_not_sure(text: str) -> None:
    assert _statuses(text) == ["equivocal"]


@pytest.mark.parametrize(
    "text",
    [
        "KRAS G12D? Yes",
        "BRAF V600E mutation? yes",
        "Which mutation? KRAS G12D",
        "KRAS G12D (? pathogenic)",
        "Possible liver metastasis; KRAS G12D positive",
        "Unlike most cases, the tumor has KRAS G12D",
    ],
)
def test_an_answer_is_one(text: str) -> None:
    assert _statuses(text) == ["positive"]


@pytest.mark.parametrize(
    ("text", "score"),
    [("PD-L1 TPS 60%", 60), ("PD-L1 TPS <1%", None), ("PD-L1 CPS >= 10", None), ("TMB 12 mut/Mb", 12), ("TMB <5 mut/Mb", None)],
)
def test_a_limit_is_no_number(text: str, score: float | None) -> None:
    (one,) = findings(text, "biomarkers:Biomarkers", Kind.BIOMARKER)
    assert one.value.get("score") == score
    assert [sign for sign in "<>" if sign in text] == [sign for sign in "<>" if sign in str(one.value["detail"])]


def test_what_is_denied_stays_denied() -> None:
    assert _statuses("KRAS G12D mutation? No") == ["negative"]


@pytest.mark.parametrize(
    "text",
    [
        "Most pancreatic cancers are metastatic at diagnosis.",
        "The majority of pancreatic ductal adenocarcinomas harbor KRAS G12D.",
        "About 80% of patients with pancreatic cancer present with stage IV disease.",
        "Many patients with pancreatic adenocarcinoma receive FOLFIRINOX first.",
        "10 to 20% of pancreatic cancers are resectable, T1 or T2.",
    ],
)
def test_what_holds_for_many_is_nobodys(text: str) -> None:
    assert everything(text) == []


@pytest.mark.parametrize(
    "text",
    [
        "There are many tumors in both lobes of the liver: metastatic pancreatic adenocarcinoma.",
        "Metastatic pancreatic adenocarcinoma in most of the liver.",
        "Pancreatic adenocarcinoma: like most patients she was diagnosed late.",
        "Pancreatic adenocarcinoma, metastatic, in 3 of 12 nodes.",
    ],
)
def test_many_of_what_the_patient_has_are_the_patients(text: str) -> None:
    assert "pancreatic" in json.dumps([dict(one.value) for one in everything(text)])


def _cancers(text: str) -> dict[str, str]:
    return {str(one.value["code"]): str(one.value["status"]) for one in everything(text) if one.kind is Kind.DIAGNOSIS}


@pytest.mark.parametrize(
    "text",
    [
        "Clinical details: weight loss, jaundice ? pancreatic cancer.",
        "Indication: ?pancreatic cancer",
        "? PDAC",
        "?? PDAC",
        "Imp: (? PDAC)",
        "PDAC ? vs AIP",
        "PDAC?",
    ],
)
def test_the_mark_of_a_doctors_doubt_stands_before_or_behind_what_is_doubted(text: str) -> None:
    assert _cancers(text) == {"PAAD": "suspected"}


@pytest.mark.parametrize(
    "text",
    [
        "Known pancreatic cancer ? liver metastases",
        "Is it cancer ? Pancreatic adenocarcinoma, confirmed.",
        "Is it cancer? Pancreatic adenocarcinoma.",
        "Diagnosis:\n? Pancreatic adenocarcinoma\n? Moderately differentiated\n? Margins clear",  # bullets that a program did not know
    ],
)
def test_what_stands_on_the_other_side_of_a_question_is_not_doubted(text: str) -> None:
    assert _cancers(text) == {"PAAD": "confirmed"}


def test_each_of_two_questions_is_one() -> None:
    assert set(_cancers("Jaundice, ? cholangiocarcinoma ? pancreatic adenocarcinoma").values()) == {"suspected"}


def test_a_stage_and_a_spread_that_are_asked_about_are_not_known() -> None:
    asked = [
        one
        for one in everything("? stage IV disease. Known PDAC ? liver metastases")
        if one.kind in (Kind.EXTENT, Kind.METASTASIS, Kind.STAGE_GROUP)
    ]
    assert {one.assertion.value for one in asked} == {"possible"}
