from __future__ import annotations

import pytest

from records.extraction.finding import Assertion, Kind
from tests.records.extraction.said import findings


def medicines(text: str) -> dict[str, tuple[str | None, Assertion]]:
    return {one.value["name"]: (one.value.get("dose"), one.assertion) for one in findings(text, "medications:Medications", Kind.MEDICATION)}


def allergies(text: str) -> dict[str, Assertion]:
    return {one.value["name"]: one.assertion for one in findings(text, "allergies:Allergies", Kind.ALLERGY)}


def test_a_list_of_medicines_with_doses() -> None:
    made = medicines("MEDICATIONS\nPrednisone 10 mg daily; apixaban 5 mg BID; ondansetron PRN; capecitabine 1500 mg BID.")
    assert made["prednisone"] == ("10 mg daily", Assertion.PRESENT) and made["apixaban"] == ("5 mg BID", Assertion.PRESENT)
    assert "ondansetron" in made and "capecitabine" not in made


def test_a_taper_ends_at_its_last_dose() -> None:
    assert medicines("Prednisone tapered from 10 to 5 mg daily.")["prednisone"][0] == "5 mg daily"


@pytest.mark.parametrize(
    "text",
    [
        "Not on corticosteroids. No prednisone.",
        "Allergies: prednisone.",
        "Tocilizumab would be given for CRS.",
        "Her mother takes prednisone 5 mg.",
    ],
)
def test_what_is_not_taken(text: str) -> None:
    assert medicines(text) == {}


def test_allergies_with_their_doubts() -> None:
    made = allergies(
        "ALLERGIES\nPenicillin (rash). Gemcitabine: none. Infliximab: anaphylaxis in 2012. Lanreotide - swelling? Not confirmed."
    )
    assert made == {"penicillin": Assertion.PRESENT, "infliximab": Assertion.PRESENT, "lanreotide": Assertion.POSSIBLE}


@pytest.mark.parametrize(
    "text",
    [
        "Cetuximab is listed as an allergy in error; he never received it.",
        "No known drug allergies. She tolerates oxaliplatin.",
        "Vincristine: no allergy.",
    ],
)
def test_no_allergy_is_invented(text: str) -> None:
    assert allergies(text) == {}
