from __future__ import annotations

import pytest

from records.assembly import ReadDocument, judge_documents
from records.assembly.documents import belongs_to, is_medical

NOTE = "Oncology clinic note. Diagnosis: adenocarcinoma of the pancreas. The patient started chemotherapy."


def document(file: str, name: str | None = None, birth: str | None = None, text: str = NOTE, **more) -> ReadDocument:
    return ReadDocument(file, more.pop("sha256", file), None, name, birth, text, **more)


def test_another_birth_date_and_given_name_is_another_person() -> None:
    files = [
        document("a", "WRENFIELD, MARA T", "1961-02-03"),
        document("b", "Mara Wrenfield", "1961-02-03"),
        document("c", "Moss Wrenfield", "1958-02-03"),
    ]
    assert judge_documents(files) == {"a": "read", "b": "read", "c": "other_person"}


def test_the_account_decides_where_it_is_known() -> None:
    files = [document("a", "Mara Wrenfield"), document("b", "Otto Pell"), document("c", "Otto Pell")]
    assert judge_documents(files, patient_name="Mara Wrenfield") == {"a": "read", "b": "other_person", "c": "other_person"}


def test_same_bytes_twice_is_a_duplicate() -> None:
    files = [document("a", sha256="1"), document("b", sha256="1")]
    assert judge_documents(files) == {"a": "read", "b": "duplicate"}


def test_a_file_that_could_not_be_read_keeps_its_reason() -> None:
    assert judge_documents([ReadDocument("a", error="locked")]) == {"a": "locked"}


def test_a_file_without_a_name_is_the_patients() -> None:
    assert judge_documents([document("a", "Mara Wrenfield", "1961-02-03"), document("b")])["b"] == "read"


@pytest.mark.parametrize(
    ("name", "birth", "is_mine"),
    [
        ("WRENFIELD, MARA", "1961-02-03", True),
        ("Mara T. Wrenfield", None, True),
        ("Mara Wremfield", "1961-02-03", True),
        ("Mara Wrenfield", "1961-02-08", True),
        ("Mara Wrenfield", "1958-02-03", False),
        ("Moss Wrenfield", "1961-02-03", False),
        ("Marius Wrenfield", None, False),
        (None, "1949-09-09", False),
        (None, None, True),
    ],
)
def test_whose_it_is(name: str | None, birth: str | None, is_mine: bool) -> None:
    assert belongs_to(document("x", name, birth), "Mara Wrenfield", "1961-02-03") is is_mine


@pytest.mark.parametrize(
    "text",
    [
        "Invoice 4471. Roof repair, two days of work. Total 1,240.00. Payable within 30 days.",
        "Parking receipt. Level 2, 3 hours. Thank you for your visit.",
        "Dear neighbour, the street will be closed on Sunday for the marathon. No appointment is needed.",
        "",
    ],
)
def test_what_is_not_medical(text: str) -> None:
    assert not is_medical(document("x", text=text))


@pytest.mark.parametrize(
    "text", [NOTE, "Hemoglobin 11.2 g/dL (reference range 12-16). Platelets 180.", "CT abdomen: a lesion of the pancreas of 3 cm."]
)
def test_what_is_medical(text: str) -> None:
    assert is_medical(document("x", text=text))


def test_a_birth_date_with_day_and_month_changed_about_is_the_same_person() -> None:
    files = [document("a", "Mara Wrenfield", "1961-03-02"), document("b", None, "1961-02-03"), document("c", None, "1961-02-13")]
    assert judge_documents(files) == {"a": "read", "b": "read", "c": "other_person"}


@pytest.mark.parametrize(
    "text",
    [
        "PET/CT 05/02/2025. New FDG-avid nodes. Deauville 5.",
        "Plasma ctDNA: KRAS G12D 1.2%.",
        "Operative note: Whipple after neoadjuvant FOLFIRINOX.",
        "MRI brain: two enhancing lesions, consistent with metastases.",
    ],
)
def test_short_reports_are_medical(text: str) -> None:
    assert is_medical(document("a", text=text, finding_count=1))
