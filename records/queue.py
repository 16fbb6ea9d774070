"""The database is the queue; the broker is a doorbell.

A worker that is rung claims a row of Work: a lease that a heartbeat renews, and a token that it must still hold when it finishes (so a
worker that was thought dead cannot finish twice). Rows never rung, or whose lease ran out, are rung again by the sweeper (manage.py sweep);
after settings.CLAIM_ATTEMPTS claims they are given up. A claim is one conditional UPDATE, which SQLite and PostgreSQL decide for one
caller. It names its process: whoever sees that this one has ended gives the row back, and nobody waits for the end of its lease.
"""

from __future__ import annotations

import logging
import os
import threading
import time
import uuid
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import DatabaseError, connection, transaction
from django.db.models import Case, Count, F, Q, QuerySet, Sum, When
from django.db.models.functions import Coalesce
from django.utils import timezone

from records import bells
from records.models import Document, Work
from records.processes import is_gone, this_place, this_process
from records.reading.patience import Spent
from records.states import WorkState

log = logging.getLogger(__name__)
RING_LIMIT = 500
MOST_BYTES_BESIDE = 20 * 1024 * 1024  # of each other file that is opened in the same go: they are held in memory
PUT_OFF_FOR = timedelta(days=1)
PUT_OFF_SECONDS = 10  # until what was put off is tried again, or a lease if that is shorter


@dataclass(frozen=True, slots=True)
class Claim:
    """The right to do one row of work, as long as `token` is the row's token. begun_at: on time.monotonic()."""

    work: uuid.UUID
    token: uuid.UUID
    step: str
    patient: uuid.UUID
    document: uuid.UUID | None
    reading: int
    number: int
    begun_at: float = field(default_factory=time.monotonic)


def add_work(step: str, *, patient: uuid.UUID, document: Document | None = None, numbers: Iterable[int] = (0,)) -> None:
    """Rows to do, rung when the transaction commits. What is already waiting is not added again."""
    reading = document.reading if document else 0
    mine = Work.objects.filter(patient_id=patient, document=document, step=step, reading=reading)
    # A profile that is being built may have started too early for what changed now: only an unclaimed row will do.
    waiting = set(mine.filter(state=WorkState.WAITING, **({} if document else {"token": None})).values_list("number", flat=True))
    now = timezone.now()
    rows = [
        Work(patient_id=patient, document=document, step=step, reading=reading, number=number, rung_at=now)
        for number in numbers
        if number not in waiting
    ]
    Work.objects.bulk_create(rows)
    bells.ring_on_commit(rows)


def _lease() -> timedelta:
    return timedelta(seconds=settings.CLAIM_LEASE_SECONDS)


def _unclaimed() -> Q:
    """Nobody holds it: no lease, one that ran out, or one longer than any that is given, made by a clock that was wrong."""
    now = timezone.now()
    ahead = Q(lease_until__gt=now + 2 * _lease())
    return Q(state=WorkState.WAITING) & (Q(lease_until__isnull=True) | Q(lease_until__lt=now) | ahead)


def claim(work: uuid.UUID, step: str) -> Claim | None:
    """Take one row, or None: done, held, given up, or somebody else's."""
    token = uuid.uuid4()
    if not _take(work, step, token) and not (return_claims_of_the_gone(work) and _take(work, step, token)):
        return None
    row = Work.objects.get(pk=work)
    return Claim(row.pk, token, row.step, row.patient_id, row.document_id, row.reading, row.number)


def _take(work: uuid.UUID, step: str, token: uuid.UUID) -> int:
    free = Work.objects.filter(_unclaimed(), pk=work, step=step, attempts__lt=settings.CLAIM_ATTEMPTS)
    return free.update(token=token, lease_until=timezone.now() + _lease(), attempts=F("attempts") + 1, holder=this_process())


def claim_beside(first: Claim, most: int) -> list[Claim]:
    """At most so many pages more for the worker that claimed this one, of its document first, then of other files of the same patient: never
    more than leaves each other worker its share of what waits. None of a document of which a page was tried before or ran out of time: what
    broke that try may break the next. Where it is the document of the page that was claimed, none at all."""
    pages = Work.objects.filter(patient_id=first.patient, step=Work.Step.PAGE)
    tried = pages.filter(Q(attempts__gt=1) | Q(failure_code="timed_out"))
    if most < 1 or tried.filter(document_id=first.document, reading=first.reading).exists():
        return []
    workers = max(len(os.sched_getaffinity(0)), _busy())
    share = Work.objects.filter(_unclaimed(), step=Work.Step.PAGE)[: most * workers].count() // workers
    fresh = pages.filter(_unclaimed(), attempts=0).exclude(document__in=tried.values("document"))
    is_small = Q(document_id=first.document) | Q(document__byte_size__lte=MOST_BYTES_BESIDE)
    is_other = Case(When(document_id=first.document, then=0), default=1)
    made = []
    for row in fresh.filter(is_small).order_by(is_other, "created_at", "number")[: min(most, share)]:
        if _take(row.pk, row.step, token := uuid.uuid4()):
            made.append(Claim(row.pk, token, row.step, row.patient_id, row.document_id, row.reading, row.number))
    return made


def _busy() -> int:
    """Processes that hold a claim."""
    held = Work.objects.filter(state=WorkState.WAITING, lease_until__gte=timezone.now()).order_by()
    return held.values("holder").distinct().count()


def return_claims_of_the_gone(only: uuid.UUID | None = None) -> int:
    """Void claims whose process was of this machine and has ended, of one row or of all, and ring for those. Returns how many.

    Where two processes ended at the same row the second claim stands until its lease ends: if the machine has no memory left, it needs time.
    """
    if not (here := this_place()):
        return 0
    held = Work.objects.filter(state=WorkState.WAITING, lease_until__isnull=False, holder__startswith=here)
    held = held.filter(Q(attempts=1) | Q(attempts__gte=settings.CLAIM_ATTEMPTS), **({"pk": only} if only else {}))
    gone = [row for row in held if is_gone(row.holder)]
    back = [row for row in gone if Work.objects.filter(pk=row.pk, token=row.token).update(token=None, lease_until=None, rung_at=timezone.now())]
    if not only:
        bells.ring_on_commit(row for row in back if row.attempts < settings.CLAIM_ATTEMPTS)
    return len(back)


def renew(claim: Claim) -> bool:
    """The heartbeat of one claim. False: it is lost."""
    return bool(_held_by(claim).update(lease_until=timezone.now() + _lease()))


@contextmanager
def kept_alive(*claims: Claim) -> Iterator[None]:
    """Renew their leases in the background for as long as the block runs."""
    over = threading.Event()
    thread = threading.Thread(target=_beat, args=(claims, over), name="heartbeat", daemon=True)
    thread.start()
    try:
        yield
    finally:
        over.set()
        thread.join()


def _beat(claims: Iterable[Claim], over: threading.Event) -> None:
    had_beat = False
    while not over.wait(settings.CLAIM_LEASE_SECONDS / 3):
        had_beat = True
        try:
            if not [one for one in claims if renew(one)]:
                break
        except DatabaseError:
            log.warning("heartbeat_missed")
    if had_beat:
        connection.close()


def finish(claim: Claim, failure_code: str = "") -> bool:
    """Mark the row done (or failed). False: the claim was lost, and what was worked out must not be stored. Inside a transaction."""
    return bool(
        _held_by(claim).update(
            state=WorkState.FAILED if failure_code else WorkState.DONE,
            failure_code=failure_code,
            token=None,
            lease_until=None,
            finished_at=timezone.now(),
            seconds=time.monotonic() - claim.begun_at,
        )
    )


def spent(claim: Claim) -> Spent:
    """What this reading of the claim's document has taken so far."""
    ended = Work.objects.filter(document_id=claim.document, reading=claim.reading, finished_at__isnull=False)
    lost, read = Q(step=Work.Step.PAGE, failure_code="timed_out"), Q(step=Work.Step.PAGE, failure_code="")
    made = ended.aggregate(
        opening=Sum("seconds", filter=Q(step=Work.Step.DOCUMENT), default=0.0),
        lost=Sum("seconds", filter=lost, default=0.0),
        reading=Sum("seconds", filter=read, default=0.0),
        lost_pages=Count("pk", filter=lost),
        read_pages=Count("pk", filter=read),
    )
    return Spent(**made)


def charge(claims: Iterable[Claim]) -> None:
    """Time that led to nothing, on pages of which nobody knows which it was: it counts as if each file had taken as much longer to open."""
    for claim in claims:
        opening = Work.objects.filter(document_id=claim.document, reading=claim.reading, step=Work.Step.DOCUMENT)
        opening.update(seconds=Coalesce("seconds", 0.0) + time.monotonic() - claim.begun_at)


def give_up(row: Work, failure_code: str) -> bool:
    """Stop trying, if nobody claimed the row in the meantime. Call inside a transaction."""
    mine = Work.objects.filter(_unclaimed(), pk=row.pk)
    return bool(mine.update(state=WorkState.FAILED, failure_code=failure_code, token=None, lease_until=None, finished_at=timezone.now()))


def give_back(claim: Claim) -> None:
    """The try failed; somebody may try again at once. The attempt stays counted."""
    if _held_by(claim).update(token=None, lease_until=None, rung_at=timezone.now()):
        bells.ring_one_on_commit(claim.work, claim.step)


def put_off(claim: Claim) -> None:
    """What the step stands on is missing (disk, storage, database): that is no try, and the sweeper rings in a while. For a day at most."""
    now = timezone.now()
    young = _held_by(claim).filter(created_at__gt=now - PUT_OFF_FOR)
    rung_at = now - max(_lease() - timedelta(seconds=PUT_OFF_SECONDS), timedelta(0))  # the sweeper rings when that is a lease ago
    if not young.update(token=None, lease_until=None, rung_at=rung_at, attempts=F("attempts") - 1):
        give_back(claim)


def _held_by(claim: Claim) -> QuerySet[Work]:
    return Work.objects.filter(pk=claim.work, token=claim.token, state=WorkState.WAITING)


def hold(patient: uuid.UUID) -> None:
    """Stop all reading of this patient: running claims are void from now on."""
    Work.objects.filter(patient_id=patient, state=WorkState.WAITING).exclude(step=Work.Step.PROFILE).update(
        state=WorkState.HELD, token=None, lease_until=None
    )


def resume(patient: uuid.UUID) -> None:
    rows = list(Work.objects.filter(patient_id=patient, state=WorkState.HELD))
    Work.objects.filter(pk__in=[row.pk for row in rows]).update(state=WorkState.WAITING, attempts=0, rung_at=timezone.now())
    bells.ring_on_commit(rows)


def ring_overdue() -> int:
    """Ring what was never rung, lost its lease, or was rung a whole lease ago without anybody coming. Returns how many.

    Who was rung for and not come to may have to wait only because there is much to do: then the bell is still with the broker, and another
    one beside it would do no work and hold up those behind. So no more are rung than there are rows without a bell.
    """
    now = timezone.now()
    waiting = Work.objects.filter(_unclaimed(), attempts__lt=settings.CLAIM_ATTEMPTS)
    silent = waiting.filter(Q(rung_at__isnull=True) | Q(lease_until__isnull=False))
    late = waiting.filter(Q(rung_at__lt=now - _lease()) | Q(rung_at__gt=now + _lease()), lease_until__isnull=True)
    without = waiting.count() - bells.under_way() if late.exists() else 0
    with transaction.atomic():
        rows = list(_skip_locked(silent.order_by("created_at", "number"))[:RING_LIMIT])
        room = min(without, RING_LIMIT) - len(rows)
        # the longest silence first: a bell that was lost gets its turn among those that were not
        rows += list(_skip_locked(late.order_by("rung_at", "created_at", "number"))[: max(0, room)])
        Work.objects.filter(pk__in=[row.pk for row in rows]).update(rung_at=now, token=None, lease_until=None)
        bells.ring_on_commit(rows)
    return len(rows)


def exhausted() -> list[Work]:
    """Rows that were tried often enough and whose last try is over."""
    return list(Work.objects.filter(_unclaimed(), attempts__gte=settings.CLAIM_ATTEMPTS)[:RING_LIMIT])


def left_waiting() -> tuple[uuid.UUID, int, datetime | None] | None:
    """If nobody holds a claim on anything: the row that waits longest, how often it was tried, and when any row was last finished.

    The same twice is no headway between. (Rows that take an instant are seldom seen held, but they change what was finished last.)
    """
    if Work.objects.filter(state=WorkState.WAITING, lease_until__gte=timezone.now()).exists():
        return None
    waiting = Work.objects.filter(_unclaimed(), attempts__lt=settings.CLAIM_ATTEMPTS).order_by("created_at", "number")
    oldest = waiting.values_list("pk", "attempts").first()
    last = Work.objects.filter(finished_at__isnull=False).order_by("-finished_at").values_list("finished_at", flat=True).first()
    return (*oldest, last) if oldest else None


def _skip_locked(rows: QuerySet[Work]) -> QuerySet[Work]:
    return rows.select_for_update(skip_locked=True) if connection.features.has_select_for_update_skip_locked else rows


def forget_ended(before: datetime) -> int:
    """Remove rows that were done or given up before then. What came of them stands with the documents."""
    return Work.objects.filter(state__in=(WorkState.DONE, WorkState.FAILED), finished_at__lt=before).delete()[0]


def pace(since: timedelta) -> list[dict[str, Any]]:
    """What ended lately, for the metrics: {"step", "state", "failure_code", "count", "seconds"} for each combination there was."""
    ended = Work.objects.filter(finished_at__gte=timezone.now() - since).order_by()
    return list(ended.values("step", "state", "failure_code").annotate(count=Count("pk"), seconds=Sum("seconds")))


def depth() -> dict[str, Any]:
    """How much waits and since when, for the health page: {"waiting", "failed", "held", "oldest_at"}."""
    counted = {state.value: Work.objects.filter(state=state).count() for state in (WorkState.WAITING, WorkState.FAILED, WorkState.HELD)}
    oldest = Work.objects.filter(state=WorkState.WAITING).order_by("created_at").first()
    return counted | {"oldest_at": oldest.created_at if oldest else None}
