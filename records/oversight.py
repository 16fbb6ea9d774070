"""What an administrator sees: how the queue is, who did what by opaque ids, and who of us has access. Nothing that a record says."""

from __future__ import annotations

import datetime as dt
import uuid
from dataclasses import dataclass
from typing import Any

from django.contrib.auth import get_user_model
from django.db.models import Count, Min, Q, QuerySet

from records import audit, queue
from records.keys import keyless
from records.models import AuditEvent, Document, Grant, Patient, ReviewRequest, SupportAccess, Work
from records.permissions import (
    COORDINATOR,
    NotVisible,
    can_support,
    check_can_support,
    holder_of,
    open_staff_grants,
    open_support_accesses,
    support_of,
)
from records.states import WorkState

MOST_ROWS = 200
ACCESSES = 50  # on a page


@dataclass(frozen=True, slots=True)
class GivenUp:
    """A file of which something was given up. steps: how many pieces of work; since: the first."""

    document: uuid.UUID
    steps: int
    since: dt.datetime


@dataclass(frozen=True, slots=True)
class QueueHealth:
    """Rows that wait, are held back by a patient, have failed; the oldest that waits; files that were given up, oldest first."""

    waiting: int
    held: int
    failed: int
    oldest_at: dt.datetime | None
    given_up: tuple[GivenUp, ...]


def queue_health(user: Any) -> QueueHealth:
    check_can_support(user)
    depth = queue.depth()
    rows = Work.objects.filter(state=WorkState.FAILED, failure_code="quarantined", document__isnull=False)
    last = {one.pk: one.reading for one in Document.objects.filter(pk__in=rows.values("document"))}
    told = rows.values("document", "reading").annotate(steps=Count("pk"), since=Min("finished_at")).order_by("since")
    given_up = tuple(GivenUp(one["document"], one["steps"], one["since"]) for one in told if last.get(one["document"]) == one["reading"])[
        :MOST_ROWS
    ]
    return QueueHealth(depth["waiting"], depth["held"], depth["failed"], depth["oldest_at"], given_up)


def search_log(user: Any, about: uuid.UUID) -> list[AuditEvent]:
    """The newest rows whose actor, record or target has this id. Searching leaves a row itself, under the record if it is one's."""
    check_can_support(user)
    found = list(AuditEvent.objects.filter(Q(actor=about) | Q(patient=about) | Q(target_id=about)).order_by("-id")[:MOST_ROWS])
    record = about if Patient.objects.filter(pk=about).exists() else None
    audit.record(by=user, action="log.searched", patient=record, target_id=about, purpose="support")
    return found


def support_access(user: Any, access: uuid.UUID) -> SupportAccess:
    """One's own access that is still open; NotVisible for any other, which leaves a trace."""
    found = support_of(user).filter(pk=access).select_related("patient").first() if can_support(user) else None
    if found is None:
        about = SupportAccess.objects.filter(pk=access).values_list("patient", flat=True).first()
        given = {"action": "looked", "patient": about, "target_name": "supportaccess", "target_id": access, "purpose": "support"}
        audit.record(by=user, **given, is_refused=True)
        raise NotVisible
    return found


@dataclass(frozen=True, slots=True)
class StaffAccess:
    """One way in which somebody of us may see a record now. what: "grant" or "support"; to: the account, None for all coordinators;
    until: None where the check's end is its end; review and holder: the open check it serves, and who works on it."""

    what: str
    id: uuid.UUID
    patient: uuid.UUID
    to: Any
    since: dt.datetime
    until: dt.datetime | None
    review: uuid.UUID | None = None
    holder: Any = None


def staff_access(user: Any, page: int = 1) -> tuple[tuple[StaffAccess, ...], bool]:
    """A page of them, from 1, and whether there are more: accesses of support first, then ACCESSES grants, each longest standing first.

    Caregivers are the patient's own matter and are not here.
    """
    check_can_support(user)
    first = (page - 1) * ACCESSES
    helping = open_support_accesses().order_by("opened_at") if page == 1 else open_support_accesses().none()
    granted = list(_granted()[first : first + ACCESSES + 1])
    return _accesses(helping, granted[:ACCESSES]), len(granted) > ACCESSES


def one_access(user: Any, what: str, entry: uuid.UUID) -> StaffAccess | None:
    """One of them, if it stands."""
    check_can_support(user)
    helping = open_support_accesses().filter(pk=entry) if what == "support" else open_support_accesses().none()
    return next(iter(_accesses(helping, list(_granted().filter(pk=entry)) if what == "grant" else [])), None)


def _granted() -> QuerySet[Grant]:
    return open_staff_grants().select_related("to").order_by("granted_at", "pk")


def _accesses(helping: QuerySet[SupportAccess], granted: list[Grant]) -> tuple[StaffAccess, ...]:
    asked = ReviewRequest.objects.filter(closed_at__isnull=True, patient__in=[one.patient_id for one in granted])
    reviews = {one.patient_id: one for one in asked.select_related("patient", "claimed_by")}
    found = [StaffAccess("support", one.pk, one.patient_id, one.by, one.opened_at, one.until) for one in helping.select_related("by")]
    for one in granted:
        review = reviews.get(one.patient_id) if one.to_id is None else None
        checked = (review.pk, holder_of(review)) if review else (None, None)
        found.append(StaffAccess("grant", one.pk, one.patient_id, one.to, one.granted_at, one.until, *checked))
    gone = set(keyless([one.patient for one in found]))  # deleted, and brought back by a backup: nobody sees them
    return tuple(one for one in found if one.patient not in gone)


def coordinators(user: Any) -> list[Any]:
    """The accounts that a grant to the team lets in."""
    check_can_support(user)
    return list(get_user_model()._default_manager.filter(role=COORDINATOR, is_active=True).order_by("email"))
