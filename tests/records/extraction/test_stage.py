"""Stage groups as stated, and T, N and groups worked out and labelled so."""

from __future__ import annotations

from typing import Any

import pytest

from records.extraction import extract_findings
from records.extraction.finding import Assertion, Kind
from records.extraction.text import DocumentText
from tests.records.extraction.said import findings


def groups(text: str) -> list[dict[str, Any]]:
    return [dict(one.value) for one in findings(text, "stage:StageGroup", Kind.STAGE_GROUP) if one.assertion is Assertion.PRESENT]


@pytest.mark.parametrize(
    ("text", "group"),
    [
        ("Stage IV pancreatic adenocarcinoma.", "IV"),
        ("Clinical stage IIB adenocarcinoma of the pancreas.", "IIB"),
        ("FIGO stage IIIC carcinoma of the ovary.", "IIIC"),
        ("Diffuse large B-cell lymphoma, Ann Arbor stage IVB.", "IVB"),
    ],
)
def test_a_stated_group_is_taken_as_it_stands(text: str, group: str) -> None:
    assert group in [one["group"] for one in groups(text)]


@pytest.mark.parametrize(
    "text", ["Liver fibrosis, stage 3 of 4.", "CKD stage 4 and a stage 2 pressure ulcer.", "Treatment of stage II patients is debated."]
)
def test_stages_of_other_things_are_none(text: str) -> None:
    assert groups(text) == []


def test_what_is_worked_out_says_that_it_was() -> None:
    text = "PANCREAS, DISTAL PANCREATECTOMY: Ductal adenocarcinoma.\nPathologic stage: pT2 pN1 pM0"
    stated, derived = groups(text), extract_findings(DocumentText.of_text(text), ("derived:Derived",))
    made = [one for one in derived if one.kind is Kind.STAGE_GROUP]
    assert not [one for one in stated if not one.get("derived")]
    assert all(one.value.get("derived") for one in [*made, *derived]) or not derived
