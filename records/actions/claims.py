"""Rows of the queue while somebody works on them: claimed, their leases kept alive, and given back if the step breaks."""

from __future__ import annotations

import logging
import uuid
from collections.abc import Iterable, Iterator
from contextlib import contextmanager

from django.db import InterfaceError, OperationalError

from records import queue
from records.exceptions import RecordsError
from records.keys import NotInRing
from records.models import Document
from records.queue import Claim
from records.states import DocumentState

log = logging.getLogger(__name__)


@contextmanager
def claimed(work: uuid.UUID, step: str, status: DocumentState | None) -> Iterator[Claim | None]:
    """Claim, keep the lease alive, and give the row back if the step breaks. Logs ids and the kind of error, never content."""
    claim = queue.claim(work, step)
    if claim is None:
        yield None
        return
    try:
        if status is not None:
            _begin([claim], status)
        with queue.kept_alive(claim):
            yield claim
    except Exception as error:
        _return([claim], error)


@contextmanager
def with_others(claim: Claim, most: int) -> Iterator[list[Claim]]:
    """The claim and at most so many of other pages beside it, which are held and given back as that one is."""
    others = queue.claim_beside(claim, most)
    if not others:
        yield [claim]
        return
    try:
        _begin(others, DocumentState.READING)
        with queue.kept_alive(*others):
            yield [claim, *others]
    except Exception as error:
        _return(others, error)
        raise


def _begin(claims: Iterable[Claim], status: DocumentState) -> None:
    """Only while the claims stand: consent may have been withdrawn since."""
    held = Document.objects.filter(work__token__in=[one.token for one in claims])
    held.filter(status=DocumentState.RECEIVED).update(status=status)


def _return(claims: Iterable[Claim], error: Exception) -> None:
    """What was claimed is waiting again. A claim that was finished stays so."""
    for claim in claims:
        log.warning("step_failed step=%s work=%s error=%s", claim.step, claim.work, type(error).__name__)
        (queue.put_off if is_of_surroundings(error) else queue.give_back)(claim)


def is_of_surroundings(error: Exception) -> bool:
    """A full disk, storage or a database that is gone, a ring of keys from before the newest: nothing that the file did. (A stored file that is
    not there is another matter.)"""
    if isinstance(error, RecordsError):
        return error.code == "no_room"
    return isinstance(error, OSError | OperationalError | InterfaceError | NotInRing) and not isinstance(error, FileNotFoundError)
