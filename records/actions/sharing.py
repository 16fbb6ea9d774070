"""Who else may see a record."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.utils import timezone

from records import audit
from records.actions.recorded import action, locked
from records.exceptions import RecordsError
from records.models import Grant, Patient, ReviewRequest
from records.permissions import NotAllowed, check_can_own

OPENLY_GRANTED = frozenset({Grant.Right.VIEW.value, Grant.Right.ADD.value, Grant.Right.DECIDE.value})


@action("access.granted")
def grant_access(*, by: Any, patient: Patient, to: Any, rights: set[str], until: dt.datetime) -> Grant:
    """Let another account see the record, and add or decide where `rights` say so, until a moment. VIEW is always among them."""
    check_can_own(by, locked(patient.pk))
    if to.pk == by.pk or not to.is_active or getattr(to, "role", "") != "patient":
        raise NotAllowed
    if not set(rights) <= OPENLY_GRANTED or until <= timezone.now():
        raise RecordsError("invalid_value")
    now = timezone.now()
    Grant.objects.filter(patient=patient, to=to, revoked_at__isnull=True).update(revoked_by=by, revoked_at=now)
    grant = Grant.objects.create(patient=patient, to=to, rights=sorted(rights | {Grant.Right.VIEW.value}), until=until, granted_by=by)
    audit.record(by=by, action="access.granted", patient=patient.pk, target=grant)
    return grant


@action("access.revoked")
def revoke_access(*, by: Any, grant: Grant) -> None:
    """From the next request on. A coordinator's claim on the review goes with it."""
    check_can_own(by, locked(grant.patient_id))
    Grant.objects.filter(pk=grant.pk, revoked_at__isnull=True).update(revoked_by=by, revoked_at=timezone.now())
    if grant.to_id is None:
        close_requests(grant.patient)
    audit.record(by=by, action="access.revoked", patient=grant.patient_id, target=grant)


def end_review(by: Any, patient: Patient) -> None:
    """The team's grant ends, and with it what was asked and claimed under it."""
    team = Grant.objects.filter(patient=patient, to__isnull=True, revoked_at__isnull=True)
    team.update(revoked_by=by, revoked_at=timezone.now())
    close_requests(patient)


def close_requests(patient: Patient) -> None:
    ReviewRequest.objects.filter(patient=patient, closed_at__isnull=True).update(
        claimed_by=None, claimed_until=None, closed_at=timezone.now()
    )
