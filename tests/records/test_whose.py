"""Whose file it is, and what of it counts."""

from __future__ import annotations

from itertools import permutations

import pytest

from records import actions
from records.actions.reading import PERFORM, perform_waiting
from records.models import Document, Finding, Patient, Profile, Work
from tests.factories import make_document, make_read_document
from tests.records.paper import Reader, paper

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("read")]
ANNA = "Patient Name: Annabel Winter\nDate of Birth: 02/03/1960\n"
OTTO = "Patient Name: Ottokar Sommer\nDate of Birth: 11/12/1971\n"


def _known(patient: Patient) -> set[str]:
    row = Profile.objects.filter(patient=patient, is_current=True).first()
    return {one["name"] for one in row.content["profile"].get("biomarkers", ())} if row else set()


def _state(document: Document) -> tuple[str, str]:
    document.refresh_from_db()
    return document.status, document.failure_code


def test_a_file_that_is_no_record_gives_no_facts_until_the_person_says_it_is_one(patient: Patient) -> None:
    document = make_read_document(patient, paper("BILL KRAS=positive"))
    assert _state(document) == ("failed", "not_medical")
    assert not Finding.objects.filter(document=document, is_current=True).exists()
    actions.accept_document(by=patient.account, document=document)
    perform_waiting()
    assert _state(document) == ("ready", "")
    assert _known(patient) == {"KRAS"}


def test_a_file_of_another_person_gives_no_facts(patient: Patient) -> None:
    make_read_document(patient, paper(ANNA + "KRAS=positive"))
    other = make_read_document(patient, paper(OTTO + "TP53=positive"))
    assert _state(other) == ("failed", "other_person")
    assert _known(patient) == {"KRAS"}
    actions.accept_document(by=patient.account, document=other)
    perform_waiting()
    assert _known(patient) == {"KRAS", "TP53"}


def test_the_first_file_gives_way_when_the_others_agree_on_somebody_else(patient: Patient) -> None:
    """A relative's report sent first must not make the person's own files foreign for good."""
    first = make_read_document(patient, paper(OTTO + "TP53=positive"))
    assert _known(patient) == {"TP53"}
    second = make_read_document(patient, paper(ANNA + "KRAS=positive"))
    assert _state(second) == ("failed", "other_person")
    make_read_document(patient, paper(ANNA + "SMAD4=positive"))
    perform_waiting()
    assert _state(first) == ("failed", "other_person")
    assert _state(second) == ("ready", "")
    assert _known(patient) == {"KRAS", "SMAD4"}


@pytest.mark.parametrize("order", [*permutations(range(4))])
def test_files_of_as_many_people_come_to_rest_the_first_that_came_being_the_persons(patient: Patient, order: tuple[int, ...]) -> None:
    """In whatever order they are read: each used to call back the one before it, for ever."""
    people = (OTTO, ANNA, "Patient Name: Magda Herbst\nDate of Birth: 05/06/1949\n", "Patient Name: Ida Lenz\nDate of Birth: 07/08/1955\n")
    sent = [make_document(patient, paper(one + "KRAS=positive")) for one in people]
    for place in order:
        for step in ("document", "page", "extract"):
            PERFORM[step](work=Work.objects.get(document=sent[place], step=step, state="waiting").pk)
    for _ in range(20):
        if not (row := Work.objects.filter(state="waiting").first()):
            break
        PERFORM[row.step](work=row.pk)
    assert not Work.objects.filter(state="waiting").exists()
    assert [_state(one) for one in sent] == [("ready", ""), *[("failed", "other_person")] * 3]


def test_a_file_without_a_name_is_taken_as_the_persons(patient: Patient) -> None:
    make_read_document(patient, paper(ANNA + "KRAS=positive"))
    make_read_document(patient, paper("SMAD4=positive"))
    assert _known(patient) == {"KRAS", "SMAD4"}


def test_what_a_person_said_of_a_finding_is_in_the_profile(patient: Patient) -> None:
    document = make_read_document(patient, paper("KRAS=positive TP53=positive"))
    kras, tp53 = document.findings.order_by("evidence__start")
    actions.review_finding(by=patient.account, finding=kras, decision="corrected", corrected={"name": "KRAS", "status": "negative"})
    actions.review_finding(by=patient.account, finding=tp53, decision="rejected")
    (marker,) = Profile.objects.get(patient=patient, is_current=True).content["profile"]["biomarkers"]
    assert (marker["name"], marker["status"], marker["checked"]) == ("KRAS", "negative", "confirmed_by_patient")


def test_what_the_patient_told_us_is_in_the_profile_and_says_so(patient: Patient) -> None:
    actions.state_fact(by=patient.account, patient=patient, kind="performance", value={"scale": "ECOG", "value": 1}, date="2026-10")
    told = Profile.objects.get(patient=patient, is_current=True).content["profile"]["ecog"]
    assert (told["value"], told["checked"]) == (1, "told_by_patient")


def test_a_correction_outlives_a_second_reading(patient: Patient, reader: Reader) -> None:
    document = make_read_document(patient, paper("KRAS=positive"))
    actions.review_finding(
        by=patient.account, finding=document.findings.get(), decision="corrected", corrected={"name": "KRAS", "status": "negative"}
    )
    actions.retry_document(by=patient.account, document=document)
    perform_waiting()
    (marker,) = Profile.objects.get(patient=patient, is_current=True).content["profile"]["biomarkers"]
    assert marker["status"] == "negative"
