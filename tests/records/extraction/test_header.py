"""What a report says of itself."""

from __future__ import annotations

import pytest

from records.extraction import parse_report
from records.extraction.header import ReportIdentity, ReportType, report_of
from records.extraction.text import DocumentText


def identity(text: str) -> ReportIdentity:
    return report_of(parse_report(DocumentText.of_text(text)))


def test_a_labelled_header_is_read_whole() -> None:
    made = identity(
        "Larkmead Cancer Center\nSURGICAL PATHOLOGY REPORT\nPatient: ALDERSGATE, NORA P MRN: 77-1 DOB: 03/09/1958\n"
        "Collected: 05/02/2024 Reported: 05/06/2024\nFINAL DIAGNOSIS\nBenign."
    )
    assert made.type is ReportType.PATHOLOGY and made.patient_name == "ALDERSGATE, NORA P"
    assert (made.birth_date, made.date, made.institution) == ("1958-03-09", "2024-05-06", "Larkmead Cancer Center")
    assert not made.is_amended


def test_a_name_beside_the_birth_date_needs_no_label() -> None:
    assert identity("Nora Aldersgate DOB 03/09/1958\nVisit date: 06/01/2024").patient_name == "Nora Aldersgate"


def test_a_label_is_no_part_of_a_name() -> None:
    assert identity("Patient: ALDERSGATE, Reported: 05/06/2024").patient_name is None


def test_the_birth_date_is_never_the_reports() -> None:
    assert identity("Progress note. Born 03/09/1958.").date != "1958-03-09"


@pytest.mark.parametrize("text", ["CORRECTED REPORT\nFinal diagnosis: ...", "Addendum diagnosis\nThe margin is positive."])
def test_corrections_and_addenda_are_known(text: str) -> None:
    assert identity(text).is_amended


def test_as_json_has_every_key_and_nothing_invented() -> None:
    made = identity("Hello.").as_json()
    assert made == {"type": "other", "date": None, "patient_name": None, "birth_date": None, "institution": None, "is_amended": False}
