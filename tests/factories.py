"""Patients and records made through the actions, so that no test starts from a state the product cannot reach."""

from __future__ import annotations

from typing import Any

from records import actions
from records.actions.reading import perform_waiting
from records.models import Document, Patient

VERSION = "1"


def make_patient(account: Any, *, consents: tuple[str, ...] = ("reading",), is_caregiver: bool = False) -> Patient:
    patient = actions.open_patient(by=account, is_caregiver=is_caregiver, name=None)
    for purpose in consents:
        actions.give_consent(by=account, patient=patient, purpose=purpose, version=VERSION)
    return patient


def make_document(patient: Patient, content: bytes, *, name: str = "report.txt", by: Any = None) -> Document:
    """A file as received, not read yet."""
    return actions.receive_document(by=by or patient.account, patient=patient, name=name, content=content)


def make_read_document(patient: Patient, content: bytes, *, name: str = "report.txt") -> Document:
    """A file received and read to its end, here and now."""
    document = make_document(patient, content, name=name)
    perform_waiting()
    document.refresh_from_db()
    return document


def ask_for_review(patient: Patient) -> Any:
    """The patient consents to a review and asks for one: the coordinators' team can see the record."""
    actions.give_consent(by=patient.account, patient=patient, purpose="review", version=VERSION)
    return actions.request_review(by=patient.account, patient=patient)
