"""The log of who looked at and changed patients' records: rows are added, never changed, and each seals the ones before it.

The seal is a keyed hash over the row and the seal before it; its key lies in the key store. A row that was changed, removed, inserted or
moved breaks the chain from there on. Rows hold opaque ids and no health data. No feature reads them but the page that shows the log.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import uuid
from dataclasses import dataclass
from typing import Any

from django.db import connection, models, transaction
from django.utils import timezone

from records.keys import AUDIT_OWNER, KeyDestroyed, key_for, make_key
from records.models import AuditEvent

SYSTEM = "system"
_LOCK = 0x43475541  # one chain, so one writer at a time; held until the transaction ends, therefore audit comes last in an action
_SEALED = ("id", "actor", "actor_role", "patient", "action", "target", "target_id", "purpose", "outcome")


def record(
    *,
    by: Any,
    action: str,
    patient: uuid.UUID | None = None,
    target: models.Model | None = None,
    target_name: str = "",
    target_id: uuid.UUID | None = None,
    purpose: str = "",
    is_refused: bool = False,
) -> AuditEvent:
    """Add one row, in the transaction of what it tells of. by: an account, or None for the system itself."""
    if target is not None:
        target_name, target_id = target._meta.model_name or "", target.pk
    with transaction.atomic():
        _lock_chain()
        last = AuditEvent.objects.order_by("-id").first()
        event = AuditEvent(
            id=last.id + 1 if last else 1,
            at=timezone.now(),
            actor=by.pk if by is not None else None,
            actor_role=str(getattr(by, "role", "")) or ("anonymous" if by is not None else SYSTEM),
            patient=patient,
            action=action,
            target=target_name,
            target_id=target_id,
            purpose=purpose[:80],
            outcome=AuditEvent.Outcome.REFUSED if is_refused else AuditEvent.Outcome.DONE,
        )
        event.seal = _seal(event, last.seal if last else "")
        event.save(force_insert=True)
    return event


def broken_link(noted: Noted | None = None) -> int | None:
    """The number of the first row that is not as it was written (or is missing); None where the chain is whole.

    noted: where the chain stood once. A chain whose end was cut off is whole in itself, but no longer holds that row.
    """
    number, seal = 0, ""
    for number, event in enumerate(AuditEvent.objects.order_by("id").iterator(chunk_size=2000), start=1):
        is_other = noted is not None and number == noted.number and event.seal != noted.seal
        if is_other or event.id != number or not hmac.compare_digest(event.seal, _seal(event, seal)):
            return number
        seal = event.seal
    return number + 1 if noted is not None and number < noted.number else None


@dataclass(frozen=True, slots=True)
class Noted:
    """Where the chain ends: its last row's number (0 for none) and seal. Kept elsewhere, it tells later whether rows were cut off."""

    number: int
    seal: str


def end_of_chain() -> Noted:
    last = AuditEvent.objects.order_by("-id").first()
    return Noted(last.id, last.seal) if last else Noted(0, "")


def _lock_chain() -> None:
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_LOCK])


def _seal(event: AuditEvent, previous: str) -> str:
    told = {name: str(getattr(event, name) or "") for name in _SEALED} | {"at": event.at.isoformat(), "previous": previous}
    content = json.dumps(told, sort_keys=True).encode()
    return hmac.new(_key(), content, hashlib.sha256).hexdigest()


def _key() -> bytes:
    try:
        return key_for(AUDIT_OWNER, "audit")
    except KeyDestroyed:
        make_key(AUDIT_OWNER)
        return key_for(AUDIT_OWNER, "audit")
