"""Items of intake forms: the answer decides, and a question without one says nothing."""

from __future__ import annotations

import pytest

from records.extraction.finding import Kind
from tests.records.extraction.said import findings


def _given(text: str) -> dict[str, str]:
    made = findings(text, "treatments:Treatments", Kind.TREATMENT)
    return {str(one.value["name"]): str(one.value["status"]) for one in made if one.value["status"] not in ("mentioned", "not_given")}


@pytest.mark.parametrize(
    "text",
    [
        "Prior radiation? No",
        "Prior radiation? N",
        "Prior radiation: No",
        "Radiation: denies",
        "Prior CAR-T? No",
        "Prior CAR-T therapy: none",
        "Whipple performed? No",
        "FOLFIRINOX given: No",
        "Received: gemcitabine - no",
        "Prior stem cell transplant? no.",
        "Prior radiation?",
        "Prior radiation? ____",
        "Has the patient received gemcitabine? No",
        "Chemotherapy: 0 cycles",
        "Whipple: N/A",
    ],
)
def test_what_a_form_denies_or_leaves_open_was_not_given(text: str) -> None:
    assert _given(text) == {}


@pytest.mark.parametrize(
    ("text", "given"),
    [
        ("Prior radiation? Yes", {"radiation therapy": "given"}),
        ("Prior radiation: Yes", {"radiation therapy": "given"}),
        ("Prior stem cell transplant? No\nPrior radiation? Yes", {"radiation therapy": "given"}),
        ("Whipple: no complications. Whipple performed in 2021.", {"pancreaticoduodenectomy": "given"}),
        ("Completed FOLFIRINOX, no dose reductions.", {"FOLFIRINOX": "given"}),
        ("FOLFIRINOX x 8 cycles - no progression", {"FOLFIRINOX": "given"}),
    ],
)
def test_what_was_given_stays_so(text: str, given: dict[str, str]) -> None:
    assert _given(text) == given
