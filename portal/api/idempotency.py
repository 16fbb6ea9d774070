"""Idempotency-Key: a file that is sent twice because the first answer was lost is kept once, and answered as the first time.

Kept for a day: which document came of a key, nothing of the file. Whether it is the same file is told by the document's own fingerprint.
"""

from __future__ import annotations

import hashlib
import uuid
from collections.abc import Callable
from typing import Any, BinaryIO

from django.core.cache import cache

from portal.api.problems import KeyUsedBefore, StillAtWork
from records.keys import digest
from records.models import Document, Patient
from records.permissions import NotVisible
from records.scope import Scope

DAY = 24 * 3600
_AT_WORK = "at work"
_MINUTES = 10 * 60
_PIECE = 64 * 1024


def once(
    key: str | None, *, user: Any, scope: Scope, patient: Patient, sent: BinaryIO, receive: Callable[[], Document]
) -> tuple[Document, bool]:
    """The document of this key, received now or before; and whether it was before. Raises KeyUsedBefore, StillAtWork."""
    if not key:
        return receive(), False
    place = "api-key:" + hashlib.sha256(f"{user.pk}:{patient.pk}:{key}".encode()).hexdigest()
    if not cache.add(place, _AT_WORK, _MINUTES) and (found := _before(cache.get(place), scope, patient, sent)):
        return found, True
    try:
        document = receive()
    except BaseException:
        cache.delete(place)
        raise
    cache.set(place, str(document.pk), DAY)
    return document, False


def _before(held: str | None, scope: Scope, patient: Patient, sent: BinaryIO) -> Document | None:
    """None where the document was deleted since: then it is a new one."""
    if held == _AT_WORK:
        raise StillAtWork
    try:
        document = scope.document(uuid.UUID(held)) if held else None
    except NotVisible:
        return None
    if document is not None and document.digest != digest(patient.pk, _hash(sent)):
        raise KeyUsedBefore
    return document


def _hash(sent: BinaryIO) -> bytes:
    made = hashlib.sha256()
    while piece := sent.read(_PIECE):
        made.update(piece)
    return made.digest()
