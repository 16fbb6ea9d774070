"""The coordinators' queue, a page at a time: the order and the counts stand in the rows, so a long queue costs no more than a short one."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone

from records.keys import keyless
from records.models import ReviewRequest
from records.permissions import COORDINATOR, grants_that_stand, grants_to
from records.shown import QueuePage

PAGE = 50
MOST = 10 * PAGE  # counted and leafed through; who needs more of them takes the first
OLD = dt.timedelta(hours=24)
ORDERS = {"need": ("-conflicts", "-unsure", "requested_at", "id"), "waiting": ("requested_at", "id")}
SHOWS = ("all", "conflicts", "unsure", "old", "free")


def open_requests(user: Any) -> QuerySet[ReviewRequest]:
    """What this coordinator may take, longest waiting first; none for anybody else. Of each request it is asked alone whether it may be seen."""
    if getattr(user, "role", "") != COORDINATOR or not user.is_active:
        return ReviewRequest.objects.none()
    seen = Exists(grants_to(user).filter(patient=OuterRef("patient")).order_by())
    return ReviewRequest.objects.filter(seen, closed_at__isnull=True).select_related("patient", "claimed_by").order_by(*ORDERS["waiting"])


def readable(requests: list[ReviewRequest]) -> list[ReviewRequest]:
    """Without those whose record was deleted and came back with a backup."""
    gone = keyless([one.patient_id for one in requests])
    return [one for one in requests if one.patient_id not in gone]


def queue_page(user: Any, *, show: str, order: str, number: int = 1) -> QueuePage:
    """show: one of SHOWS; order: of ORDERS; number: from 1, the last one there is where it is past the end."""
    everything = open_requests(user)
    waiting, chosen = _count(everything), everything.filter(_shown(show))
    found = waiting if show == "all" else _count(chosen)
    pages = max(1, -(-min(found, MOST) // PAGE))
    number = min(max(number, 1), pages)
    rows = list(chosen.order_by(*ORDERS[order])[(number - 1) * PAGE : number * PAGE])
    return QueuePage(tuple(readable(rows)), min(waiting, MOST), waiting > MOST, number, pages)


def next_free(user: Any, *, show: str, order: str) -> ReviewRequest | None:
    """The first that nobody works on; None where there is none."""
    free = open_requests(user).filter(_shown(show), _shown("free")).order_by(*ORDERS[order])
    return next(iter(readable(list(free[:PAGE]))), None)


def _count(rows: QuerySet[ReviewRequest]) -> int:
    return rows.order_by()[: MOST + 1].count()


def _shown(show: str) -> Q:
    now = timezone.now()
    if show == "free":
        return ~Q(claimed_until__gt=now) | ~_is_held()
    return {"conflicts": Q(conflicts__gt=0), "unsure": Q(unsure__gt=0), "old": Q(requested_at__lt=now - OLD)}.get(show, Q())


def _is_held() -> Q:
    """Who took it may review it still: the same that permissions.holder_of asks of one request."""
    theirs = grants_that_stand().filter(Q(to__isnull=True) | Q(to=OuterRef("claimed_by")), patient=OuterRef("patient"))
    return Q(Exists(theirs.order_by()), claimed_by__role=COORDINATOR, claimed_by__is_active=True)
