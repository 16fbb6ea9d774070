"""Rearranged genes: what double-hit lymphomas are told by, and what a stain of the same name says nothing of."""

from __future__ import annotations

import pytest

from tests.records.extraction.test_biomarkers import markers


def _status(text: str) -> dict[str, str]:
    return {name: value["status"] for name, value in markers(text).items()}


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("MYC and BCL2 translocations absent.", {"MYC": "negative", "BCL2": "negative"}),
        ("MYC rearrangement: absent", {"MYC": "negative"}),
        ("ALK rearrangement is absent.", {"ALK": "negative"}),
        ("EGFR mutation absent, KRAS mutation absent", {"EGFR": "negative", "KRAS": "negative"}),
        ("BCL2 translocation present; MYC translocation absent", {"BCL2": "positive", "MYC": "negative"}),
        ("MYC gene rearrangement by FISH: Positive", {"MYC": "positive"}),
        ("FISH: MYC break-apart negative, BCL2 rearranged, BCL6 not rearranged", {"MYC": "negative", "BCL2": "positive", "BCL6": "negative"}),
        ("MLH1 expression absent by immunohistochemistry", {"MLH1": "negative", "MMR": "positive"}),
    ],
)
def test_what_is_absent_is_not_there(text: str, said: dict[str, str]) -> None:
    assert _status(text) == said


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("MYC rearrangement: not detected. BCL6 rearrangement: detected (62% of nuclei).", {"MYC": "no rearrangement", "BCL6": "rearrangement 62%"}),
        ("MYC/BCL2 rearrangements not detected.", {"MYC": "no rearrangement", "BCL2": "no rearrangement"}),
        ("MYC gene rearrangement by FISH Positive", {"MYC": "rearrangement"}),
        ("FISH for MYC break-apart: positive in 40% of nuclei", {"MYC": "rearrangement 40%"}),
        ("MYC translocation: Not detected", {"MYC": "no rearrangement"}),
    ],
)
def test_the_detail_says_that_it_is_a_rearrangement(text: str, said: dict[str, str]) -> None:
    assert {name: value.get("detail") for name, value in markers(text).items()} == said


def test_a_gene_at_the_end_of_a_line_has_what_the_next_line_says_of_it() -> None:
    text = "FISH\nMYC (8q24) REARRANGEMENT: NOT DETECTED. BCL2 REARRANGEMENT: NOT DETECTED. BCL6\nREARRANGEMENT: DETECTED (62% OF NUCLEI)."
    assert _status(text) == {"MYC": "negative", "BCL2": "negative", "BCL6": "positive"}


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("BRAF V600E: absent", {"BRAF": ("negative", "p.V600E not detected")}),
        ("KRAS G12D absent", {"KRAS": ("negative", "p.G12D not detected")}),
        ("MET exon 14 skipping absent", {"MET": ("negative", "exon 14 skipping not detected")}),
        ("KRAS: Absent", {"KRAS": ("negative", None)}),
        ("Pathogenic BRCA1 variant: absent", {"BRCA1": ("negative", None)}),
        ("microsatellite instability absent", {"MSI": ("negative", "stable (MSS)")}),
        ("HER2: gene amplification absent", {"HER2": ("negative", None)}),
        ("CD19 absent", {"CD19": ("negative", "lost")}),
        ("PD-L1 expression absent", {"PD-L1": ("negative", "lost")}),
        ("Loss of CD19: absent", {"CD19": ("positive", "retained")}),
        ("KRAS mutation absent, BRAF V600E present", {"KRAS": ("negative", None), "BRAF": ("positive", "p.V600E")}),
    ],
)
def test_absent_denies_a_change_and_tells_of_a_proteins_loss(text: str, said: dict[str, tuple[str, str | None]]) -> None:
    assert {name: (value["status"], value.get("detail")) for name, value in markers(text).items()} == said


@pytest.mark.parametrize(
    ("text", "status"),
    [
        ("Is a KRAS mutation present? No", "negative"),
        ("KRAS mutation present: No", "negative"),
        ("KRAS mutated? no", "negative"),
        ("KRAS mutant: N", "negative"),
        ("KRAS mutation detected? Yes", "positive"),
        ("KRAS mutated? yes", "positive"),
        ("KRAS mutated?", "not_resulted"),
        ("KRAS mutation detected: No other changes were found.", "positive"),
    ],
)
def test_a_forms_question_has_its_answer_and_without_one_no_result(text: str, status: str) -> None:
    assert _status(text) == {"KRAS": status}


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("KRAS G12D 0%", {"KRAS": "negative"}),
        ("KRAS p.G12D VAF 0.0%", {"KRAS": "negative"}),
        ("KRAS G12D (-)", {"KRAS": "negative"}),
        ("KRAS G12D: N", {"KRAS": "negative"}),
        ("KRAS G12D ND", {"KRAS": "not_resulted"}),
        ("MSI-H: no", {"MSI": "negative"}),
        ("Loss of MLH1/PMS2: no", {"MLH1": "positive", "PMS2": "positive"}),
        ("Carrier of BRCA2 mutation: no", {"BRCA2": "negative"}),
        ("Patient is not a BRCA2 carrier", {"BRCA2": "negative"}),
        ("BRCA2 carrier", {"BRCA2": "positive"}),
        ("KRAS p.G12D VAF 22%", {"KRAS": "positive"}),
    ],
)
def test_a_change_that_was_looked_for_in_vain_is_no_finding(text: str, said: dict[str, str]) -> None:
    assert _status(text) == said


@pytest.mark.parametrize(
    "text",
    [
        "most PDAC are KRAS mutated",
        "KRAS is mutated in 90% of pancreatic cancers",
        "BRCA positive patients may receive olaparib",
        "trial for KRAS G12D mutated tumours",
    ],
)
def test_what_is_said_of_many_is_not_said_of_this_person(text: str) -> None:
    assert _status(text) == {}
