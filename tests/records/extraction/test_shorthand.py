"""What clinicians write in haste, and what families are called at home."""

from __future__ import annotations

import pytest

from records.extraction.finding import Kind
from tests.records.extraction.said import findings


def _cancers(text: str) -> set[str]:
    return {str(one.value["code"]) for one in findings(text, "diagnosis:Diagnosis", Kind.DIAGNOSIS)}


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("Ca pancreas", "PAAD"),
        ("Known ca of the pancreas, stage III", "PAAD"),
        ("Ca HOP", "PAAD"),
        ("locally adv panc ca", "PAAD"),
        ("Ca head of pancreas s/p Whipple", "PAAD"),
        ("Ca breast 2015", "BRCA"),
        ("Ca ovary", "OVT"),
    ],
)
def test_ca_is_a_cancer_beside_its_organ(text: str, code: str) -> None:
    assert _cancers(text) == {code}


@pytest.mark.parametrize(
    "text", ["Ca 9.2 mg/dl", "Ca: 9.2. Prostate exam normal", "Ca, breast exam normal", "CA 19-9 430 U/ml, pancreas normal"]
)
def test_and_calcium_or_an_antigen_elsewhere(text: str) -> None:
    assert _cancers(text) == set()


@pytest.mark.parametrize("text", ["locally adv PDAC", "PDAC, loc. adv.", "locally-advanced pancreatic ca"])
def test_advanced_in_short(text: str) -> None:
    made = findings(text, "extent:Extent", Kind.EXTENT)
    assert [one.value["extent"] for one in made] == ["locally_advanced"]


@pytest.mark.parametrize(
    ("text", "relative", "condition"),
    [
        ("Mother: ca ovary", "mother", "ca ovary"),
        ("Mum ca breast 52", "mother", "ca breast"),
        ("FHx: father ca colon", "father", "ca colon"),
        ("Gran had pancreatic cancer", "grandmother", "pancreatic cancer"),
        ("Grandad had cancer of the stomach", "grandfather", "cancer of the stomach"),
    ],
)
def test_relatives_by_the_names_they_have_at_home(text: str, relative: str, condition: str) -> None:
    (one,) = findings(text, "family:Family", Kind.FAMILY_HISTORY)
    assert (one.value["relative"], one.value["condition"]) == (relative, condition)


@pytest.mark.parametrize("who", ["Mum", "My mum", "Gran", "Grandad", "Grandma"])
def test_what_they_have_is_not_the_patients(who: str) -> None:
    made = findings(f"{who} has pancreatic cancer and a BRCA2 mutation.", "biomarkers:Biomarkers", Kind.BIOMARKER)
    assert {one.assertion.value for one in made} <= {"family"}
    assert not [
        one for one in findings(f"{who} has pancreatic cancer.", "diagnosis:Diagnosis", Kind.DIAGNOSIS) if one.assertion.value != "family"
    ]


def _status(text: str) -> list[tuple[str, str]]:
    return [(str(one.value["name"]), str(one.value["status"])) for one in findings(text, "biomarkers:Biomarkers", Kind.BIOMARKER)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("MTAP deleted", [("MTAP", "positive")]),
        ("CDKN2A: deleted", [("CDKN2A", "positive")]),
        ("MYC amp, KRAS G12D", [("MYC", "positive"), ("KRAS", "positive")]),
        ("MTAP: not deleted", [("MTAP", "negative")]),
        ("MTAP: no deletion", [("MTAP", "negative")]),
        ("MTAP deletion not detected", [("MTAP", "negative")]),
        ("1p/19q: not codeleted", [("1p/19q", "negative")]),
        ("MET amp not detected", [("MET", "negative")]),
        ("MET amp: negative", [("MET", "negative")]),
        ("HER2: non-amp", [("HER2", "negative")]),
        ("BRCA2 is not deleted", [("BRCA2", "negative")]),
    ],
)
def test_deleted_and_amp(text: str, expected: list[tuple[str, str]]) -> None:
    assert _status(text) == expected


@pytest.mark.parametrize("text", ["BRCA2 loss not detected", "BRCA2 not lost", "BRCA2: no loss", "BRCA1/2 intact", "PALB2 retained"])
def test_a_gene_that_is_kept_is_not_changed(text: str) -> None:
    assert {status for _, status in _status(text)} == {"negative"}


@pytest.mark.parametrize("text", ["SMAD4: retained", "SMAD4 intact by IHC", "PTEN expression preserved"])
def test_a_protein_that_is_kept_is_there(text: str) -> None:
    assert {status for _, status in _status(text)} == {"positive"}
