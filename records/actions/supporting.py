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
from records.actions.sharing import close_requests
from records.exceptions import RecordsError
from records.models import Consent, Document, Grant, Patient, SupportAccess
from records.permissions import (
    NotVisible,
    check_can_own,
    check_can_support,
    has_consent,
    open_staff_grants,
    open_support_accesses,
)

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


@action("access.ended")
def end_staff_access(*, by: Any, what: str, entry: uuid.UUID, reason: str) -> None:
    """An administrator ends what lets somebody of us see a record (what: "grant" or "support"), from the next request on. A coordinator's
    claim goes with it, and the patient, who may ask for a check again, reads the reason.

    RecordsError("invalid_value") for a reason that says nothing; NotVisible for an access that is over, or a caregiver's.
    """
    check_can_support(by)
    said = " ".join(reason.split())
    if not LEAST_REASON <= len(said) <= MOST_REASON:
        raise RecordsError("invalid_value")
    patient = locked(_open_access(what, entry).patient_id)
    row = _open_access(what, entry)
    row.ended_why = said
    if isinstance(row, Grant):
        row.revoked_by, row.revoked_at = by, timezone.now()
        row.save(update_fields=["ended_why", "revoked_by", "revoked_at"])
        if row.to_id is None:
            close_requests(patient)
    else:
        row.ended_at = timezone.now()
        row.save(update_fields=["ended_why", "ended_at"])
    audit.record(by=by, action="access.ended", patient=patient.pk, target=row, purpose="support")


def _open_access(what: str, entry: uuid.UUID) -> Grant | SupportAccess:
    rows: dict[str, Any] = {"grant": open_staff_grants, "support": open_support_accesses}
    found: Grant | SupportAccess | None = rows[what]().filter(pk=entry).first() if what in rows else None
    if found is None or keys.keyless([found.patient_id]):
        raise NotVisible
    return found


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
