"""Support that must see a record: only with a reason, for less than an hour or so, and never behind the patient's back."""

from __future__ import annotations

import datetime as dt
import uuid
from typing import Any

from django.utils import timezone

from records import audit, keys
from records.actions.documents import read_again
from records.actions.notices import Kind, tell_always
from records.actions.recorded import action, fresh, locked
from records.exceptions import RecordsError
from records.models import Consent, Document, Patient, SupportAccess
from records.permissions import NotVisible, check_can_own, check_can_support, has_consent

MINUTES = (15, 30, 60)
LEAST_REASON, MOST_REASON = 20, 1000


@action("support.opened")
def open_support(*, by: Any, record: uuid.UUID, reason: str, minutes: int) -> SupportAccess:
    """Look at one record for some minutes. The patient is told by e-mail, whatever they chose, and finds the reason on their page.

    RecordsError("invalid_value") for a reason that says nothing and for other times than MINUTES.
    """
    check_can_support(by)
    said = " ".join(reason.split())
    if minutes not in MINUTES or not LEAST_REASON <= len(said) <= MOST_REASON:
        raise RecordsError("invalid_value")
    if not Patient.objects.filter(pk=record).exists() or keys.keyless([record]):
        raise NotVisible
    patient = locked(record)
    access = SupportAccess.objects.create(patient=patient, by=by, reason=said, until=timezone.now() + dt.timedelta(minutes=minutes))
    tell_always(patient, Kind.SUPPORT)
    audit.record(by=by, action="support.opened", patient=patient.pk, target=access, purpose="support")
    return access


@action("support.ended")
def end_support(*, by: Any, access: SupportAccess) -> None:
    """By who opened it, or by the patient: from the next request on."""
    patient = locked(access.patient_id)
    row: SupportAccess = fresh(access)
    if row.by_id != by.pk:
        check_can_own(by, patient)
    if SupportAccess.objects.filter(pk=row.pk, ended_at=None).update(ended_at=timezone.now()):
        audit.record(by=by, action="support.ended", patient=patient.pk, target=row, purpose="support")


@action("document.retried")
def retry_quarantined(*, by: Any, document: uuid.UUID) -> None:
    """Read a file again that was given up. Nothing of it is shown to who asks for it.

    RecordsError("no_consent") where the patient took consent back, RecordsError("out_of_date") where it is being read already.
    """
    check_can_support(by)
    row = Document.objects.filter(pk=document).first()
    if row is None:
        raise NotVisible
    locked(row.patient_id)
    row = fresh(row)
    if not has_consent(row.patient_id, Consent.Purpose.READING):
        raise RecordsError("no_consent")
    if row.is_unfinished:
        raise RecordsError("out_of_date")
    read_again(row)
    audit.record(by=by, action="document.retried", patient=row.patient_id, target=row, purpose="support")
