"""The letter of a category that is written without one, from what the same report measures (AJCC 8th edition; CAP protocols)."""

from __future__ import annotations

from typing import Any

import pytest

from records.extraction.finding import Kind
from tests.records.extraction.said import findings

HEAD = "SURGICAL PATHOLOGY REPORT\nFINAL DIAGNOSIS\n"
BREAST = "Breast, left, lumpectomy: Invasive ductal carcinoma.\n"
COLON = "Colon, right, hemicolectomy: Adenocarcinoma.\n"
STOMACH = "Stomach, gastrectomy: Adenocarcinoma.\n"
GULLET = "Esophagus, esophagectomy: Adenocarcinoma.\n"
PANCREAS = "Pancreas, head, Whipple resection: Ductal adenocarcinoma.\n"


def letters(text: str) -> list[dict[str, Any]]:
    """What was worked out for categories that are written; said() has checked that each quote is the text's own words."""
    return [dict(one.value) for one in findings(HEAD + text, "derived:Derived", Kind.TNM) if one.value.get("written")]


def letter(text: str) -> str | None:
    made = letters(text)
    assert len(made) < 2
    return next((one.get("t") or one.get("n") for one in made), None)


@pytest.mark.parametrize(
    ("text", "made", "because"),
    [
        (BREAST + "Tumor size: 0.8 cm.\nPathologic stage: pT1 pN0", "T1b", "0.8 cm"),
        (BREAST + "Size of invasive carcinoma: 1 mm.\npT1 pN0", "T1mi", "1 mm"),
        (BREAST + "Tumor size: 1.8 x 1.1 x 0.9 cm.\npT1 N0 MX", "T1c", "1.8 x 1.1 x 0.9 cm"),
        (BREAST + "Tumor size: multifocal, largest contiguous focus 1.3 cm.\npT1 N0", "T1c", "1.3 cm"),
        (BREAST + "Two foci of invasive carcinoma.\nMaximum size = 4 mm.\npT1 N0", "T1a", "4 mm"),
        (BREAST + "Tumor size: 22 mm.\npT2 pN1\nLymph nodes: 1 of 23 positive for carcinoma.", "N1a", "1/23"),
        (BREAST + "pT2 pN1\nMicrometastasis (0.6 mm) in one of two lymph nodes.", "N1mi", "1/2"),
        (BREAST + "pT2 pN2\nLymph nodes: metastatic carcinoma in 5 of 15 nodes.", "N2a", "5/15"),
        (COLON + "pT3 pN1\nMetastatic carcinoma in 3 of 41 lymph nodes (3/41).", "N1b", "3/41"),
        (COLON + "pT3 pN2\nMetastatic carcinoma in 7 of 20 lymph nodes.", "N2b", "7/20"),
        (
            COLON + "Invades into the wall of the adjacent small intestine (pT4), pN0.",
            "T4b",
            "into the wall of the adjacent small intestine",
        ),
        (COLON + "Penetrates the visceral peritoneum (pT4), pN0.", "T4a", "Penetrates the visceral peritoneum"),
        (STOMACH + "pT3 pN3\nMetastatic carcinoma in 9 of 30 lymph nodes.", "N3a", "9/30"),
        (GULLET + "Depth of invasion: submucosa.\npT1 pN0", "T1b", "Depth of invasion: submucosa"),
        (PANCREAS + "Tumor size: 1.4 cm.\npT1 pN0 (AJCC 8th edition)", "T1c", "1.4 cm"),
    ],
)
def test_what_is_measured_gives_the_letter(text: str, made: str, because: str) -> None:
    assert letter(text) == made
    assert letters(text)[0]["because"] == because


@pytest.mark.parametrize(
    "text",
    [
        BREAST + "Tumor size: 2.6 cm.\npT1 pN0",  # not what is stated
        BREAST + "Tumor size: 0.8 cm.\npT1c pN0",  # the report gives the letter
        BREAST + "Extent of DCIS: 0.8 cm.\npT1 pN0",
        BREAST + "The specimen measures 1.8 cm.\npT1 pN0",
        BREAST + "Tumor is less than 0.4 cm from the deep margin.\npT1 pN0",
        BREAST + "cT1 cN0\nTumor size: 0.8 cm.",  # the clinical stage is not the pathologist's
        BREAST + "pT1 pN0\nB. Lymph node, sentinel, excision: Tumor measures 0.4 cm in greatest dimension.",
        BREAST + "pT1 pN0\nGROSS DESCRIPTION\nA mass measuring 0.9 cm in greatest dimension.",
        BREAST + "pT2 pN1\nMicrometastases in two of nine lymph nodes.",  # which is how large decides
        BREAST + "pT2 pN1\nTwo of nine lymph nodes positive, one internal mammary.",  # another letter
        COLON + "pT3 pN1\nMetastatic carcinoma in 5 of 20 lymph nodes.",  # five are N2
        COLON + "pT4 pN0\nThe tumor does not invade adjacent organs.",
        PANCREAS + "Tumor size: 1.4 cm.\npT1 pN0 (AJCC 7th edition)",  # that edition has no such letters
        PANCREAS + "Tumor size: 1.4 cm.\npT1 pN0",
    ],
)
def test_no_letter_where_the_report_does_not_settle_it(text: str) -> None:
    assert letter(text) is None


def test_both_places_are_its_evidence_and_it_says_that_it_is_ours() -> None:
    (made,) = findings(HEAD + BREAST + "Tumor size: 0.8 cm.\nStage: pT1 pN0", "derived:Derived", Kind.TNM)
    assert [one.quote for one in made.evidence] == ["pT1 pN0", "Tumor size: 0.8 cm"]
    assert made.value["derived"] is True and made.value["written"] == "T1" and made.value["prefix"] == "p"


def test_a_letter_is_of_the_place_that_states_the_category() -> None:
    text = HEAD + COLON + "Primary tumor: pT3\nVascular invasion: none\nRegional nodes: two of 26 lymph nodes positive (pN1)"
    (made,) = [one for one in findings(text, "derived:Derived", Kind.TNM) if one.value.get("written")]
    assert made.evidence[0].quote == "pN1"


def test_above_the_collarbone_is_the_third_letter() -> None:
    text = (
        BREAST
        + "B. Axillary contents: 18 of 20 lymph nodes positive.\nC. Supraclavicular lymph node: metastatic carcinoma in one lymph node."
    )
    made = findings(HEAD + text, "derived:Derived", Kind.TNM)
    assert next(one.value["n"] for one in made if "n" in one.value) == "N3c"
