"""T, N and M as written, whatever stands between them."""

from __future__ import annotations

from typing import Any

import pytest

from records.extraction.finding import Kind
from tests.records.extraction.said import findings


def staged(text: str) -> list[dict[str, Any]]:
    return [dict(one.value) for one in findings(text, "tnm:Tnm", Kind.TNM)]


def categories(text: str) -> list[tuple[str | None, str | None, str | None]]:
    return [(one.get("t"), one.get("n"), one.get("m")) for one in staged(text)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Pathologic stage: pT2 pN1 pM0.", ("T2", "N1", "M0")),
        ("AJCC stage pT3aN2bMX", ("T3a", "N2b", "MX")),
        ("TNM: p T 1c, N 0 (0/14), L0 V0 R0", ("T1c", "N0", None)),
        ("Primary tumor (pT): pT4\nRegional lymph nodes (pN): pN2", ("T4", "N2", None)),
        ("Pathologic staging: pT2 NO MX", ("T2", "N0", "MX")),
        ("Stage: T4b, N3, M1", ("T4b", "N3", "M1")),
    ],
)
def test_categories_are_read_as_the_report_prints_them(text: str, expected: tuple[str | None, ...]) -> None:
    assert expected in categories(text)


@pytest.mark.parametrize(
    "text",
    [
        "T1-weighted and T2-weighted images were acquired.",
        "Old compression fracture of T11, scoliosis.",
        "Blocks: T1-T3, tumor; N1, node; M1, margin.",
        "CD8 T cells and NK cells are scattered.",
    ],
)
def test_vertebrae_weightings_blocks_and_cells_are_no_stage(text: str) -> None:
    assert staged(text) == []


def test_the_prefix_tells_before_from_after_treatment() -> None:
    made = {(one.get("prefix"), one.get("t")) for one in staged("Initially cT3 cN1 cM0. After neoadjuvant therapy ypT1b ypN0.")}
    assert {("c", "T3"), ("yp", "T1b")} <= made


def test_a_repaired_letter_says_so_and_a_repaired_tumour_is_less_sure() -> None:
    clean = findings("Pathologic stage: pT1a pN0", "tnm:Tnm", Kind.TNM)[0]
    repaired = findings("Pathologic stage: pTla pN0", "tnm:Tnm", Kind.TNM)[0]
    assert repaired.value["t"] == "T1a" and repaired.value["repaired"] is True
    assert "repaired" not in clean.value and repaired.confidence < clean.confidence


def test_each_tumour_keeps_its_own_stage() -> None:
    made = {one.get("tumour"): one.get("t") for one in staged("KIDNEY: Clear cell carcinoma, pT3aN0MX\nPROSTATE: Adenocarcinoma, pT2cN0MX")}
    assert made.get("kidney") == "T3a" and made.get("prostate") == "T2c"


def test_of_a_checklist_only_the_marked_option_counts() -> None:
    made = categories("Primary tumor:\n[ ] pT1: limited\n[ ] pT2: beyond\n[x] pT3: further\n[ ] pT4: vessels")
    assert [one[0] for one in made] == ["T3"]
