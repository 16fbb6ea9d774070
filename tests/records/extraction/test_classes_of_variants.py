"""A variant's class, however the print broke it: uncertain is never pathogenic, and what cannot be told is claimed by nobody."""

from __future__ import annotations

import pytest

from records.extraction.finding import Kind
from tests.records.extraction.said import findings


def calls(text: str) -> dict[str, str]:
    made = findings(text, "biomarkers:Biomarkers", Kind.BIOMARKER)
    return {str(one.value["name"]): str(one.value["status"]) for one in made}


WRAPPED = [
    "ATM p.V410A, uncertain\nsignificance",
    "ATM p.V410A, uncertain\n\nsignificance",
    "ATM p.V410A - variant of\nuncertain significance",
    "ATM p.V410A (variant of uncertain\nsignificance) was detected.",
    "ATM c.1229T>C p.V410A   variant of\n                          uncertain significance",
    "Gene   Variant   Classification\nATM    p.V410A   uncertain\n                 significance",
    "Gene   Variant   Classification\nATM    p.V410A   Variant of un-\n                 certain significance",
    "Gene   Variant   Classification\n                 Uncertain\nATM    p.V410A\n                 significance",
    "Gene | Variant | VAF | Classification\nATM | p.V410A | 48% | Uncertain\n | | | significance",
    "Gene | Variant | VAF | Classification\nATM | p.V410A | 48% | Uncertain\nsignificance",
    "Gene | Variant | Class\nATM | p.V410A | VUS",
    "Gene | Variant | Class\nATM | p.V410A | 3",
    "Gene | Variant | Tier\nATM | p.V410A | III",
    "ATM\np.V410A\nVUS",
    "ATM\np.V410A\nUncertain significance\nTP53\np.R175H\nPathogenic",
    "Gene: ATM\nVariant: p.V410A\nClassification: Uncertain\nsignificance",
    "Gene: ATM\nVariant: p.V410A\nClassification: VUS",
    "Gene: ATM\nVariant: p.V410A\nAllele fraction: 48%\nInterpretation: Variant of unknown significance",
    "Classification: Uncertain significance\nATM p.V410A",
]


@pytest.mark.parametrize("text", WRAPPED)
def test_a_class_broken_over_lines_or_cells_is_read_whole(text: str) -> None:
    assert calls(text)["ATM"] == "vus"


@pytest.mark.parametrize(
    "said",
    [
        "VUS",
        "(VUS)",
        "class 3",
        "ACMG class III",
        "Tier III",
        "uncertain",
        "unknown clinical\nsignificance",
        "unclear significance",
        "clinical significance: unknown",
        "significance uncertain",
        "of uncertain clinical significance",
        "conflicting interpretations of pathogenicity",
        "variant of",
    ],
)
def test_every_wording_of_uncertain(said: str) -> None:
    assert calls(f"ATM p.V410A, {said}") == {"ATM": "vus"}
    assert calls(f"ATM p.V410A, {said}\nTP53 p.R175H, pathogenic")["TP53"] == "positive"


@pytest.mark.parametrize(
    "text",
    [
        "The following variants of uncertain significance were identified: ATM p.V410A, BRIP1 p.P919S.",
        "ATM p.V410A and BRIP1 p.P919S are variants of uncertain significance.",
        "ATM p.V410A, BRIP1 p.P919S (both VUS)",
        "VARIANTS OF UNKNOWN CLINICAL SIGNIFICANCE\nATM V410A, BRIP1 P919S",
        "Variants of Unknown Clinical Significance (2)\nATM p.V410A\nBRIP1 p.P919S",
        "Tier III: Variants of Unknown Clinical Significance\nATM p.V410A\nBRIP1 p.P919S",
        "Pathogenic\nKRAS p.G12D\nVUS\nATM p.V410A\nBRIP1 p.P919S",
        "Pathogenic variants: KRAS G12D; VUS: ATM V410A, BRIP1 P919S",
    ],
)
def test_a_class_said_of_several_is_each_ones(text: str) -> None:
    made = calls(text)
    assert made["ATM"] == made["BRIP1"] == "vus"
    assert made.get("KRAS", "positive") == "positive"


def test_a_variant_of_uncertain_significance_named_before_its_gene() -> None:
    assert calls("A variant of uncertain significance, p.V410A, was detected in ATM.") == {"ATM": "vus"}


def test_the_next_headings_class_is_not_the_last_variants() -> None:
    text = "PATHOGENIC VARIANTS\nKRAS p.G12D\nVARIANTS OF UNCERTAIN SIGNIFICANCE\nATM p.V410A"
    assert calls(text) == {"KRAS": "positive", "ATM": "vus"}


def test_a_class_that_the_table_has_but_the_row_does_not_show_is_no_claim() -> None:
    assert calls("Gene | Variant | Classification\nATM | p.V410A | \nTP53 | p.R175H | Pathogenic") == {
        "ATM": "equivocal",
        "TP53": "positive",
    }


@pytest.mark.parametrize("said", ["benign", "likely benign", "not pathogenic", "non-pathogenic", "class 2", "Tier IV"])
def test_a_harmless_variant_is_no_result(said: str) -> None:
    assert calls(f"PALB2 p.L939W, {said}") == {}


@pytest.mark.parametrize(
    "text",
    ["KRAS p.G12D, pathogenic", "KRAS p.G12D, likely\npathogenic", "KRAS p.G12D, class 5", "KRAS G12D (Tier I)", "KRAS G12D, VAF unknown"],
)
def test_a_finding_stays_a_finding(text: str) -> None:
    assert calls(text) == {"KRAS": "positive"}
