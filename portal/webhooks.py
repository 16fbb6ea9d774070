"""Telling other programs that something is new: signed, tried again for a day, with ids and nothing of a record.

The sweeper looks what was finished since it looked last, writes a delivery for each, and sends those that are due. Whoever lost the right to
see a record is told nothing of it any more, for what may be seen is asked each time.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import hmac
import http.client
import json
import uuid
from collections.abc import Iterator
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from portal.models.webhook import Delivery, Webhook
from portal.outside import Unfit, check_url, post
from records import audit
from records.models import Document, Profile
from records.permissions import visible_patients
from records.states import DocumentState

MOST_WEBHOOKS = 5
MOST_AT_ONCE = 20
# Looked at again: a row may be written a moment after the time that it bears.
_OVERLAP = dt.timedelta(minutes=2)
_WAITS = tuple(dt.timedelta(minutes=minutes) for minutes in (1, 5, 30, 120, 480, 1440))
_KEPT = dt.timedelta(days=30)


class TooManyWebhooks(Exception):
    """This account has MOST_WEBHOOKS that still tell."""


def webhooks_of(user: Any) -> Any:
    """Those that were not ended, newest first."""
    return Webhook.objects.filter(user=user, ended_at__isnull=True)


def make_webhook(*, user: Any, url: str) -> Webhook:
    """Tells of what is finished from now on. Raises Unfit, TooManyWebhooks."""
    check_url(url)
    with transaction.atomic():
        if webhooks_of(user).count() >= MOST_WEBHOOKS:
            raise TooManyWebhooks
        made = Webhook.objects.create(user=user, url=url, looked_until=timezone.now())
        audit.record(by=user, action="webhook.made", target=made)
    return made


def end_webhook(*, user: Any, webhook: uuid.UUID) -> bool:
    """False where this person has no such webhook."""
    with transaction.atomic():
        row = webhooks_of(user).filter(pk=webhook).first()
        if row is None:
            return False
        _end(row)
        audit.record(by=user, action="webhook.ended", target=row)
    return True


def secret_of(webhook: Webhook) -> str:
    """The key of its signatures: made of ours and its id, and kept nowhere."""
    return "whsec_" + hmac.new(settings.SECRET_KEY.encode(), f"webhook:{webhook.pk}".encode(), hashlib.sha256).hexdigest()


def signature_of(webhook: Webhook, at: int, content: bytes) -> str:
    """As the header says it: t=seconds,v1=HMAC-SHA256 of "seconds.body"."""
    made = hmac.new(secret_of(webhook).encode(), f"{at}.".encode() + content, hashlib.sha256).hexdigest()
    return f"t={at},v1={made}"


def go_round() -> None:
    """What the sweeper does on each of its rounds."""
    for webhook in Webhook.objects.filter(ended_at__isnull=True, user__is_active=True).select_related("user"):
        _collect(webhook)
    send_due()
    Delivery.objects.filter(at__lt=timezone.now() - _KEPT).delete()


def send_due() -> int:
    """Send what is due now; returns how many arrived."""
    due = Delivery.objects.filter(due_at__lte=timezone.now(), webhook__ended_at__isnull=True).select_related("webhook").order_by("due_at")
    return sum(_send(one) for one in due[:MOST_AT_ONCE])


def _collect(webhook: Webhook) -> None:
    now = timezone.now()
    since = webhook.looked_until - _OVERLAP
    rows = [
        Delivery(webhook=webhook, event=event, target=target, at=at, due_at=now)
        for event, target, at in _finished(webhook, since)
        if at >= webhook.made_at
    ]
    with transaction.atomic():
        Delivery.objects.bulk_create(rows, ignore_conflicts=True)
        Webhook.objects.filter(pk=webhook.pk).update(looked_until=now)


def _finished(webhook: Webhook, since: dt.datetime) -> Iterator[tuple[str, uuid.UUID, dt.datetime]]:
    mine = visible_patients(webhook.user).values("pk")
    states = {DocumentState.READY: Delivery.Event.DOCUMENT_READY, DocumentState.FAILED: Delivery.Event.DOCUMENT_FAILED}
    documents = Document.objects.filter(patient__in=mine, finished_at__gt=since, status__in=states)
    for pk, status, at in documents.values_list("pk", "status", "finished_at"):
        yield states[DocumentState(status)], pk, at
    for pk, at in Profile.objects.filter(patient__in=mine, built_at__gt=since).values_list("pk", "built_at"):
        yield Delivery.Event.PROFILE_CHANGED, pk, at


def _send(one: Delivery) -> bool:
    said = {"id": str(one.pk), "event": one.event, "target": str(one.target), "at": one.at.isoformat(timespec="seconds")}
    content, now = json.dumps(said).encode(), timezone.now()
    headers = {"Content-Type": "application/json", "CART-Guide-Signature": signature_of(one.webhook, int(now.timestamp()), content)}
    try:
        status = post(one.webhook.url, content, headers)
    except (OSError, Unfit, http.client.HTTPException):
        status = 0
    one.tries += 1
    if 200 <= status < 300:
        one.sent_at, one.due_at = now, None
    else:
        one.due_at = now + _WAITS[one.tries - 1] if one.tries <= len(_WAITS) else None
    one.save(update_fields=["tries", "sent_at", "due_at"])
    if status == http.client.GONE:
        _end(one.webhook)
    return one.sent_at is not None


def _end(webhook: Webhook) -> None:
    webhook.ended_at = timezone.now()
    webhook.save(update_fields=["ended_at"])
