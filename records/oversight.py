"""What an administrator sees: how the queue is, and who did what by opaque ids. Nothing that a record says."""

from __future__ import annotations

import datetime as dt
import uuid
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Min, Q

from records import audit, queue
from records.models import AuditEvent, Document, Patient, SupportAccess, Work
from records.permissions import NotVisible, can_support, check_can_support, support_of
from records.states import WorkState

MOST_ROWS = 200


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
