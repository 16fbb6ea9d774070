"""Which cancer, how sure, and whose."""

from __future__ import annotations

import pytest

from records.extraction.finding import Kind
from tests.records.extraction.said import findings


def told(text: str) -> dict[str, str]:
    """OncoTree code → status."""
    return {str(one.value["code"]): str(one.value["status"]) for one in findings(text, "diagnosis:Diagnosis", Kind.DIAGNOSIS)}


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("DIAGNOSIS: Pancreas, head, biopsy: ductal adenocarcinoma.", "PAAD"),
        ("Well-differentiated pancreatic neuroendocrine tumor, grade 2.", "PANET"),
        ("Diagnosis: multiple myeloma, IgG kappa.", "PCM"),
    ],
)
def test_a_cancer_is_known_by_organ_and_cell(text: str, code: str) -> None:
    assert told(text).get(code) == "confirmed"


@pytest.mark.parametrize(
    "text",
    [
        "Family history: father died of pancreatic cancer.",
        "Patients with pancreatic cancer may take part in this study.",
        "He had been told that he had pancreatic cancer; this was incorrect.",
    ],
)
def test_a_relative_the_world_and_an_error_are_no_diagnosis(text: str) -> None:
    assert "confirmed" not in told(text).values()


def test_a_disease_that_only_looks_like_cancer_rules_it_out() -> None:
    assert told("IMPRESSION: Autoimmune pancreatitis mimicking pancreatic cancer.") == {"PAAD": "ruled_out"}


def test_a_suspicion_stays_one() -> None:
    assert told("CT: mass in the pancreatic head, suspicious for pancreatic adenocarcinoma.").get("PAAD") == "suspected"
