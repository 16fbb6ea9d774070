"""T, N and M as written, whatever stands between them."""

from __future__ import annotations

from typing import Any

import pytest

from records.extraction.finding import Assertion, Kind
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
        ("Classification of the tumor: G2, pT2bN1aLOVORO.", ("T2b", "N1a", None)),
        ("Classification: pT4LOVORX", ("T4", None, None)),
        ("Primary tumor: minimally invades the subserosa, pT3a/b, pN0", ("T3", "N0", None)),
        ("PRIMARY TUMOR (pT);\np'12: Tumor confined to the gland\nREGIONAL LYMPH NODES (pH):\npNi: Nodal metastasis", ("T2", "N1", None)),
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
        "Room No: 12 Hosp.No: FINAL DIAGNOSIS: A) Breast",
        "Lymphoid aggregates r None\nr No\nr Yes",
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


def test_what_a_pathologist_staged_is_no_plan_under_whatever_heading() -> None:
    (made,) = findings("Follow-up report: In summary the disease is staged as pT3 pN1 (4/21).", "tnm:Tnm", Kind.TNM)
    assert made.assertion is Assertion.PRESENT and made.value["n"] == "N1"


@pytest.mark.parametrize(
    ("text", "t"),
    [
        ("ESOPHAGUS, ESOPHAGECTOMY: Squamous cell carcinoma.\nTumor extent: Adventitia.", "T3"),
        ("Esophagectomy: Adenocarcinoma of the esophagus. Depth of invasion: Superficial submucosa.", "T1b"),
        ("Stomach, gastrectomy: Adenocarcinoma. The tumor is infiltrating fat tissue.", "T3"),
        ("COLON, RESECTION: Adenocarcinoma, with invasion of all layers of the wall.", "T3"),
        ("Colon, resection: Adenocarcinoma.\nT1: tumor invades submucosa\nT4a: tumor penetrates the visceral peritoneum", None),
        ("BREAST, LEFT, MASTECTOMY: Invasive ductal carcinoma.\n- SIZE: 3.2 CM BY GROSS MEASUREMENT.", "T2"),
        ("Breast, lumpectomy: invasive ductal carcinoma. The tumor measures 22 mm.", "T2"),
        ("Breast, lumpectomy: invasive ductal carcinoma. The specimen measures 82 mm.", None),
        ("Breast, lumpectomy: invasive ductal carcinoma, a mass measuring 4 cm from medial to lateral.", "T2"),
        ("Breast, lumpectomy: invasive ductal carcinoma. Superior lesion with 5 cm of intervening tissue.", None),
        ("Breast, lumpectomy: invasive ductal carcinoma. The tumor is 0.4 cm from the deep margin.", None),
        ("Pancreas, distal pancreatectomy: adenocarcinoma 4.6 x 3 cm, no lymph node metastases in twelve nodes.", "T3"),
        ("Rectum, resection: adenocarcinoma invades into but not through muscularis propria.", "T2"),
        ("Colon, resection: adenocarcinoma that does not invade the muscularis propria.", None),
        ("BREAST, MASTECTOMY: Invasive ductal carcinoma. By palpation this area is 2.4 cm in greatest dimension.", None),
        ("BREAST, MASTECTOMY: Invasive ductal carcinoma. A nodule separated from the lesion by 1 cm is benign.", None),
    ],
)
def test_depth_and_size_are_worked_out_only_from_words_about_the_tumour(text: str, t: str | None) -> None:
    made = findings("SURGICAL PATHOLOGY REPORT\nFINAL DIAGNOSIS\n" + text, "derived:Derived", Kind.TNM)
    assert next((one.value["t"] for one in made if "t" in one.value), None) == t


@pytest.mark.parametrize(
    ("text", "n"),
    [
        ("Pancreas, resection: adenocarcinoma 4.6 x 3 cm, no lymph node metastases in twelve nodes.", ("N0", 0, 12)),
        ("Breast, mastectomy: invasive ductal carcinoma 2.8 cm; all ten lymph nodes free of tumor.", ("N0", 0, 10)),
        ("Breast: invasive carcinoma, 8 mm. Sentinel node: micrometastasis (1.2 mm) in one of two lymph nodes.", ("N1mi", 1, 2)),
        ("Breast: invasive carcinoma, 8 mm. Micrometastases in two of nine lymph nodes.", (None, 2, 9)),
        ("Breast: invasive carcinoma, 8 mm. Metastatic carcinoma in two of nine lymph nodes, no micrometastasis.", ("N1a", 2, 9)),
    ],
)
def test_n_is_worked_out_from_counts_and_not_where_the_size_of_deposits_decides(text: str, n: tuple[str | None, int, int]) -> None:
    whole = "SURGICAL PATHOLOGY REPORT\nFINAL DIAGNOSIS\n" + text
    made = findings(whole, "derived:Derived", Kind.TNM)
    (counted,) = findings(whole, "nodes:Nodes", Kind.NODES)
    category = next((one.value["n"] for one in made if "n" in one.value), None)
    assert (category, counted.value["positive"], counted.value["examined"]) == n
    assert all(one.value["derived"] for one in made)
