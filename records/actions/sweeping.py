"""What the sweeper does on each round."""

from __future__ import annotations

import datetime as dt
import uuid
from contextlib import suppress
from dataclasses import dataclass
from itertools import islice

from django.utils import timezone

from records import keys, queue
from records.actions.arriving import forget_arrivals
from records.actions.notices import forget_notices
from records.actions.people import shred
from records.actions.reading import give_up
from records.models import Arrival, Consent, Document, Page, Patient, ReviewRequest, Work
from records.permissions import has_consent
from records.states import UNFINISHED, DocumentState, WorkState
from records.storage import store

ORPHAN_SECONDS = 24 * 3600.0
FILES_AT_ONCE = 500  # asked of the database in one question


@dataclass(frozen=True, slots=True)
class Swept:
    """Rows of work rung again, given up, and documents that had lost their work."""

    rung: int
    given_up: int
    found: int


def sweep() -> Swept:
    queue.return_claims_of_the_gone()
    _count_for_the_team()
    given_up = sum(give_up(row) for row in queue.exhausted())
    return Swept(rung=queue.ring_overdue(), given_up=given_up, found=_find_stranded())


def _count_for_the_team() -> None:
    """Requests from before they were counted, or made by the version before while both run."""
    for request in ReviewRequest.objects.filter(closed_at__isnull=True, is_counted=False)[:100]:
        ReviewRequest.objects.filter(pk=request.pk).update(is_counted=True)
        queue.add_work(Work.Step.PROFILE, patient=request.patient_id)


def _find_stranded() -> int:
    """Nothing may stay unfinished without work that waits: such a document starts over."""
    limit = timezone.now() - dt.timedelta(seconds=60)
    waiting = Work.objects.filter(state__in=(WorkState.WAITING, WorkState.HELD)).exclude(document=None)
    stranded = Document.objects.filter(status__in=UNFINISHED, received_at__lt=limit).exclude(pk__in=waiting.values("document"))
    found = 0
    for document in stranded[:100]:
        if has_consent(document.patient_id, Consent.Purpose.READING):
            step = Work.Step.EXTRACT if document.status == DocumentState.EXTRACTING else Work.Step.DOCUMENT
            queue.add_work(step, patient=document.patient_id, document=document)
            found += 1
    return found


def clear_orphans() -> int:
    """clear_left_over, and files of living patients that no row names. Lists all files there are, some at a time."""
    shelf, cleared = store(), 0
    names = iter(shelf.stale(ORPHAN_SECONDS))
    while some := list(islice(names, FILES_AT_ONCE)):
        for name in _unnamed(some):
            shelf.discard(name)
            cleared += 1
    return cleared + clear_left_over()


def _unnamed(files: list[str]) -> list[str]:
    """Those of living patients that no row of theirs names: a service pointed at an empty database must not clear everything."""
    living = set(Patient.objects.filter(pk__in=_owners(files)).values_list("pk", flat=True))
    named = set(Document.objects.filter(patient__in=living, file__in=files).values_list("file", flat=True))
    named |= set(Page.objects.filter(patient__in=living, image__in=files).values_list("image", flat=True))
    named |= {piece for pieces in Arrival.objects.filter(patient__in=living).values_list("pieces", flat=True) for piece in pieces}
    ids = {one.hex for one in living}
    return [name for name in files if name.split("/")[0] in ids and name not in named]


def _owners(files: list[str]) -> set[uuid.UUID]:
    owners = set()
    for name in files:
        with suppress(ValueError):
            owners.add(uuid.UUID(name.split("/")[0]))
    return owners


def clear_left_over() -> int:
    """Remove what a stop between two steps left behind: pieces of files that never became whole, what deleted patients left."""
    forget_notices()
    return forget_arrivals() + _finish_deletions()


def _finish_deletions() -> int:
    finished = 0
    for owner in keys.doomed_keys(before=timezone.now() - dt.timedelta(seconds=60)):
        if Patient.objects.filter(pk=owner).exists():
            keys.spare_key(owner)  # the deletion was rolled back
        else:
            with suppress(OSError):  # storage is gone: on another round
                shred(owner)
                finished += 1
    return finished
