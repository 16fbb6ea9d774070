"""HLA types as typed."""

from __future__ import annotations

import pytest

from records.extraction.finding import Assertion, Kind
from tests.records.extraction.said import findings


def alleles(text: str, assertion: Assertion = Assertion.PRESENT) -> set[str]:
    return {str(one.value["allele"]) for one in findings(text, "hla:Hla", Kind.HLA) if "allele" in one.value and one.assertion is assertion}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("HLA typing: HLA-A*02:01, *11:01", {"A*02:01", "A*11:01"}),
        ("HLA typing (NGS)\nHLA-A 02:01 24:02\nHLA-C 07:02:01G 05:01", {"A*02:01", "A*24:02", "C*07:02", "C*05:01"}),
        ("Genotype A*02:01/A*24:02 by HLA sequencing", {"A*02:01", "A*24:02"}),
        ("She is HLA-A2 positive.", {"A*02"}),
    ],
)
def test_spellings_of_a_type(text: str, expected: set[str]) -> None:
    assert alleles(text) == expected


@pytest.mark.parametrize("text", ["The trial requires HLA-A*11:01.", "Her brother is HLA-A*02:01 positive.", "Account C*07:02 is closed."])
def test_what_a_trial_or_a_relative_has_is_not_the_patients(text: str) -> None:
    assert alleles(text) == set()


def test_a_type_that_was_not_found_is_absent() -> None:
    assert alleles("HLA-B27 negative by flow.", Assertion.ABSENT) == {"B*27"}


def test_loss_in_the_tumour() -> None:
    made = findings("Loss of heterozygosity at the HLA locus: not detected", "hla:Hla", Kind.HLA)
    assert [one.value for one in made] == [{"loss": False}]


@pytest.mark.parametrize(
    ("text", "is_lost"),
    [
        ("HLA LOH: not detected", False),
        ("HLA-LOH: detected", True),
        ("Loss of heterozygosity (HLA): not identified", False),
        ("HLA loss of heterozygosity\nNot detected", False),
        ("HLA class I LOH | absent", False),
    ],
)
def test_loss_of_the_tissue_type_is_no_marker_of_the_genome(text: str, is_lost: bool) -> None:
    assert [one.value for one in findings(text, "hla:Hla", Kind.HLA)] == [{"loss": is_lost}]
    assert findings(text, "biomarkers:Biomarkers", Kind.BIOMARKER) == []


def test_loss_over_the_whole_genome_is_a_marker() -> None:
    made = findings("HLA LOH: not detected\nLOH score: 12%", "biomarkers:Biomarkers", Kind.BIOMARKER)
    assert [(one.value["name"], one.value["detail"]) for one in made] == [("LOH", "12%")]
