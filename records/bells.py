"""The broker is a doorbell: a message carries one id of a row of Work and says "look now" (records/queue.py)."""

from __future__ import annotations

import logging
import time
import uuid
from collections.abc import Iterable

from celery import current_app
from django.conf import settings
from django.db import transaction

from records.models import Work

log = logging.getLogger(__name__)
TASKS = {
    Work.Step.DOCUMENT.value: "records.tasks.read_document",
    Work.Step.PAGE.value: "records.tasks.read_page",
    Work.Step.EXTRACT.value: "records.tasks.extract_document",
    Work.Step.PROFILE.value: "records.tasks.rebuild_profile",
}
QUIET_SECONDS = 5.0  # after the broker failed to answer, leave ringing to the sweeper for so long
_quiet_until = 0.0


def ring_on_commit(rows: Iterable[Work]) -> None:
    for row in rows:
        ring_one_on_commit(row.pk, row.step)


def ring_one_on_commit(work: uuid.UUID, step: str) -> None:
    transaction.on_commit(lambda: ring(work, step), robust=True)


def ring(work: uuid.UUID, step: str) -> bool:
    """Tell a worker. A broker that does not answer is no error: the row then says "never rung", and the sweeper rings later."""
    global _quiet_until
    if time.monotonic() >= _quiet_until:
        try:
            current_app.send_task(TASKS[step], args=[str(work)], retry=False, ignore_result=True)
            return True
        except Exception:
            _quiet_until = time.monotonic() + QUIET_SECONDS
            log.warning("broker_unreachable")
    Work.objects.filter(pk=work).update(rung_at=None)
    return False


def broker_answers() -> bool:
    """Whether the broker says something now; up to CELERY_BROKER_TRANSPORT_OPTIONS["socket_timeout"] seconds."""
    try:
        with current_app.connection_for_write() as connected:
            return bool(connected.default_channel.client.ping())
    except Exception:
        return False


def under_way() -> int:
    """Messages that no worker has taken yet; 0 where the broker cannot say."""
    try:
        with current_app.connection_for_write() as connected:
            declared = connected.default_channel.queue_declare(settings.CELERY_TASK_DEFAULT_QUEUE, passive=True)
            return int(declared.message_count)
    except Exception:
        return 0
