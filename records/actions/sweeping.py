"""What the sweeper does on each round."""

from __future__ import annotations

import datetime as dt
from contextlib import suppress
from dataclasses import dataclass

from django.utils import timezone

from records import keys, queue
from records.actions.arriving import forget_arrivals
from records.actions.notices import forget_notices
from records.actions.people import shred
from records.actions.reading import give_up
from records.models import Arrival, Consent, Document, Page, Patient, Work
from records.permissions import has_consent
from records.states import UNFINISHED, DocumentState, WorkState
from records.storage import store

ORPHAN_SECONDS = 24 * 3600.0


@dataclass(frozen=True, slots=True)
class Swept:
    """Rows of work rung again, given up, and documents that had lost their work."""

    rung: int
    given_up: int
    found: int


def sweep() -> Swept:
    queue.return_claims_of_the_gone()
    given_up = sum(give_up(row) for row in queue.exhausted())
    return Swept(rung=queue.ring_overdue(), given_up=given_up, found=_find_stranded())


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
    """Remove what a stop between two steps left behind: files of living patients that no row names, and what deleted patients left.

    Only what is known to be left over: a service pointed at an empty database must not clear everything.
    """
    shelf = store()
    living = {pk.hex for pk in Patient.objects.values_list("pk", flat=True)}
    stale = [name for name in shelf.stale(ORPHAN_SECONDS) if name.split("/")[0] in living]
    named = set(Document.objects.filter(file__in=stale).values_list("file", flat=True))
    named |= set(Page.objects.filter(image__in=stale).values_list("image", flat=True))
    named |= {piece for pieces in Arrival.objects.values_list("pieces", flat=True) for piece in pieces}
    orphans = [name for name in stale if name not in named]
    for name in orphans:
        shelf.discard(name)
    forget_notices()
    return len(orphans) + forget_arrivals() + _finish_deletions()


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
