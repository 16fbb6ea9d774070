"""Nodes: each specimen once, the total instead of its parts."""

from __future__ import annotations

import pytest

from records.extraction.finding import Kind
from tests.records.extraction.said import findings


def counted(text: str) -> tuple[int, int] | None:
    made = findings(text, "nodes:Nodes", Kind.NODES)
    return (made[0].value["positive"], made[0].value["examined"]) if made else None


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("DIAGNOSIS: Three of seventeen lymph nodes positive for carcinoma (3/17).", (3, 17)),
        ("DIAGNOSIS: Eleven lymph nodes, negative for malignancy (0/11).", (0, 11)),
        ("SYNOPTIC\nNumber of lymph nodes examined: 19\nNumber of lymph nodes involved: 4", (4, 19)),
        ("DIAGNOSIS\nA total of nine lymph nodes are identified, of which two are positive for malignancy.", (2, 9)),
        (
            "DIAGNOSIS\nA. Sentinel lymph node #1, excision: Negative for tumor.\nB. Sentinel lymph node #2, excision: Positive for carcinoma.",
            (1, 2),
        ),
        ("DIAGNOSIS\nA. Sentinel lymph node, biopsy: Rare single cytokeratin positive cells, none over 0.2 mm.", (0, 1)),
        ("DIAGNOSIS\nNo evidence of metastatic disease in'ten lymph nodes examined.", (0, 10)),
        ("DIAGNOSIS\nNodes, iliac: no carcinoma in 19 lymph nodes (0/19).\nRight lymph node of Cloquet: Page 2 of 5", (0, 19)),
        (
            "DIAGNOSIS\nNeck dissection: 5/42 positive lymph nodes (level 2: 3/19; level 3: 2/5 positive).\nRight: twenty benign nodes (0/20).",
            (5, 62),
        ),
        ("DIAGNOSIS\nTwenty-four lymph nodes negative for malignancy.", (0, 24)),
        ("DIAGNOSIS\nSingle keratin-positive cell suspicious for isolated tumor cell in one lymph node.", (0, 1)),
        ("DIAGNOSIS\nA. Lymph node, axilla, excision: Negative for tumor.\nTwelve lymph nodes are negative.", (0, 12)),
        (
            "DIAGNOSIS\nA. Two lymph nodes, positive (2 of 2).\nB. Sentinel node: positive (1 of 1).\nC. Sentinel node: positive (1 of 1).\n"
            "D. Axilla: five of eleven lymph nodes positive.",
            (9, 15),
        ),
        ("DIAGNOSIS\nA. Lymph node dissection: Negative for tumor.", None),
        ("DIAGNOSIS: Two of. twelve lymph. nodes positive for carcinoma.", (2, 12)),
        ("DIAGNOSIS: Left sentinel node: One lymph node with no. metastasis identified.", (0, 1)),
        ("DIAGNOSIS: Fifteen lymph nodes were examined, eleven demonstrated metastases.", (11, 15)),
        ("DIAGNOSIS: Two of nine lymph nodes positive.\nSYNOPTIC\nN2a: 4 to 6 nodes involved by metastasis", (2, 9)),
        ("Received fresh. DIAGNOSIS. A. Sentinel nodes: carcinoma in 2 of 3 nodes. GROSS DESCRIPTION. Two of nine nodes are cut.", (2, 3)),
        ("Room No: Hosp.No: FINAL DIAGNOSIS: A) SENTINEL LYMPH NODE - ONE (1) POSITIVE LYMPH NODE, (1/1).", (1, 1)),
    ],
)
def test_counts_in_words_and_figures(text: str, expected: tuple[int, int] | None) -> None:
    assert counted(text) == expected


def test_the_same_count_said_twice_counts_once() -> None:
    assert counted("DIAGNOSIS\nEighteen lymph nodes, negative for tumor.\nLymph nodes: 0/18 involved.") == (0, 18)


def test_the_sum_of_the_specimens_is_the_total_and_not_added_again() -> None:
    text = (
        "DIAGNOSIS\nA. Peripancreatic lymph nodes: 3/7 positive.\nB. Portal lymph nodes: 0/2 positive.\nRegional lymph nodes: 3/9 positive."
    )
    assert counted(text) == (3, 9)


def test_specimens_are_added() -> None:
    assert counted("DIAGNOSIS\nA. Sentinel lymph node: 1/1 positive for carcinoma.\nB. Axillary lymph nodes: 0/8 negative.") == (1, 9)


@pytest.mark.parametrize(
    "text", ["Nottingham score 6/9. Mitoses 2/10 HPF.", "Seen on 3/12 with her sister.", "Lymphoma of 2/3 of the spleen."]
)
def test_scores_and_dates_are_no_nodes(text: str) -> None:
    assert counted(text) is None
