"""Opening and deleting a record, and consent."""

from __future__ import annotations

import uuid
from typing import Any

from django.db import transaction
from django.utils import timezone

from records import audit, keys, queue
from records.actions.recorded import action, locked
from records.actions.sharing import end_review
from records.models import Consent, Document, Patient
from records.permissions import check_can_open, check_can_own
from records.states import DocumentState
from records.storage import store


@action("patient.opened")
def open_patient(*, by: Any, is_caregiver: bool = False, name: str | None = None) -> Patient:
    """The Patient of this account, made with a key of its own if there is none yet. What a backup brought back after a deletion goes."""
    check_can_open(by)
    mine = Patient.objects.filter(account=by).first()
    if mine and not keys.keyless([mine.pk]):
        return mine
    if mine:
        left = mine.pk
        mine.delete()
        transaction.on_commit(lambda: shred(left), robust=True)
    patient = Patient(account=by, is_caregiver=is_caregiver, name=name)
    keys.make_key(patient.pk)
    patient.save(force_insert=True)
    audit.record(by=by, action="patient.opened", patient=patient.pk, target=patient)
    return patient


@action("patient.deleted")
def delete_patient(*, by: Any, patient: Patient) -> None:
    """Rows, files and the key: what a backup of the records still holds can no longer be read. The audit log stays (ids only)."""
    check_can_own(by, locked(patient.pk))
    pk = patient.pk
    Patient.objects.filter(pk=pk).delete()
    keys.doom_key(pk)
    audit.record(by=by, action="patient.deleted", patient=pk, target_name="patient", target_id=pk)
    transaction.on_commit(lambda: shred(pk), robust=True)


def shred(patient: uuid.UUID) -> None:
    """Key first: from then on nothing can be read, whatever happens to the files. Where they cannot be reached now, the sweeper tries again."""
    keys.destroy_key(patient)
    store().delete_all(patient)
    keys.forget_owner(patient)


@action("consent.given")
def give_consent(*, by: Any, patient: Patient, purpose: str, version: str) -> Consent:
    """purpose: Consent.Purpose; version: of the text that was shown. Reading that was held goes on."""
    check_can_own(by, locked(patient.pk))
    if purpose not in Consent.Purpose.values:
        raise ValueError("unknown purpose")
    open_ones = Consent.objects.filter(patient=patient, purpose=purpose, withdrawn_at__isnull=True)
    given = open_ones.filter(version=version).first()
    if given:
        return given
    open_ones.update(withdrawn_by=by, withdrawn_at=timezone.now())
    given = Consent.objects.create(patient=patient, purpose=purpose, version=version, given_by=by)
    if purpose == Consent.Purpose.READING:
        queue.resume(patient.pk)
    audit.record(by=by, action="consent.given", patient=patient.pk, target=given, purpose=purpose)
    return given


@action("consent.withdrawn")
def withdraw_consent(*, by: Any, patient: Patient, purpose: str) -> None:
    """Obeyed at once: reading stops at the next page and stores nothing more; without review consent the team loses sight."""
    check_can_own(by, locked(patient.pk))
    now = timezone.now()
    given = Consent.objects.filter(patient=patient, purpose=purpose, withdrawn_at__isnull=True)
    withdrawn = given.update(withdrawn_by=by, withdrawn_at=now)
    if purpose == Consent.Purpose.READING:
        queue.hold(patient.pk)
        running = Document.objects.filter(patient=patient, status__in=(DocumentState.READING, DocumentState.EXTRACTING))
        running.update(status=DocumentState.RECEIVED)
    if purpose == Consent.Purpose.REVIEW:
        end_review(by, patient)
    if withdrawn:
        audit.record(by=by, action="consent.withdrawn", patient=patient.pk, target=patient, purpose=purpose)
