from __future__ import annotations

import pytest

from records.extraction.finding import Assertion, Kind
from tests.records.extraction.said import findings


def scores(text: str) -> list[tuple[str, int]]:
    return [(one.value["scale"], one.value["value"]) for one in findings(text, "performance:Performance", Kind.PERFORMANCE)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("ECOG performance status: 1.", 1),
        ("ECOG PS 0", 0),
        ("Performance status (ECOG): 2", 2),
        ("Her performance status is 1 on the ECOG scale.", 1),
        ("PS 1, lungs clear.", 1),
        ("ECOG 0-1", 1),
        ("ECOG of 1 to 2 today", 2),
        ("E.C.O.G. performance score 3", 3),
        ("Zubrod 1.", 1),
        ("performance status of 1", 1),
        ("ECOG is currently 1, improved from 2.", 1),
        ("WHO performance status 1", 1),
        ("ECOG: [ ] 0 [x] 1 [ ] 2 [ ] 3 [ ] 4", 1),
        ("ECOG performance status (check one)\n( ) 0 Fully active\n( ) 1 Restricted\n(X) 2 Up more than half of the day\n( ) 3 Limited", 2),
        ("General: ECOG one.", 1),
        ("PERFORMANCE STATUS: ECOG 1", 1),
        ("ECOG 0 at diagnosis, now 2", 2),
        ("ECOG PS was 1, currently 3.", 3),
        ("ECOG 1, now 2 weeks after surgery", 1),
        ("ECOG 1, currently 3 cycles into FOLFIRINOX", 1),
        ("ECOG improved from 3 to 1", 1),
        ("Performance status declined from 1 to 2 since June.", 2),
    ],
)
def test_ecog(text: str, expected: int) -> None:
    assert ("ECOG", expected) in scores(text) and len(set(scores(text))) == 1


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("KPS 80%", 80),
        ("KPS fell from 90% to 70%", 70),
        ("KPS 90, now 60", 60),
        ("Karnofsky performance status: 90", 90),
        ("Karnofsky 70 %, eating well", 70),
        ("KPS of 90-100", 90),
    ],
)
def test_karnofsky(text: str, expected: int) -> None:
    assert scores(text) == [("Karnofsky", expected)]


@pytest.mark.parametrize(
    "text",
    [
        "Eligibility: ECOG 0 or 1, measurable disease.",
        "The trial requires ECOG performance status of 0 or 1.",
        "ECOG: [ ] 0 [ ] 1 [ ] 2 [ ] 3",
        "0 Fully active, 1 restricted, 2 ambulatory, 3 limited, 4 disabled",
        "PSA 4.2 ng/mL",
        "WHO grade 2 neuroendocrine tumor",
        "The ECOG trial E1A11 was discussed.",
        "PS: please call back at 555 010 0199",
        "ECOG status not recorded.",
        "P.S. 12 slides were sent.",
    ],
)
def test_no_score_is_invented(text: str) -> None:
    assert scores(text) == []


def test_an_earlier_score_is_history_and_a_dated_one_keeps_its_date() -> None:
    (old,) = findings("Previously ECOG 3.", "performance:Performance", Kind.PERFORMANCE)
    assert old.assertion is Assertion.HISTORICAL
    (dated,) = findings("ECOG 0 on 07/25/2024.", "performance:Performance", Kind.PERFORMANCE)
    assert dated.date == "2024-07-25"


@pytest.mark.parametrize("text", ["ECOG 0 at diagnosis.", "ECOG PS 1 at presentation", "KPS 90 before surgery"])
def test_what_was_so_at_diagnosis_need_not_be_so_now(text: str) -> None:
    assert {one.assertion for one in findings(text, "performance:Performance", Kind.PERFORMANCE)} == {Assertion.HISTORICAL}
