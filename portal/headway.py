"""Whether the worker and the sweeper make headway: what the supervisor asks before it replaces one that is neither dead nor working."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path

from django.core.cache import cache
from django.db import DatabaseError, close_old_connections

from records import bells, queue
from records.management.commands.sweep import ALIVE

SILENT_SECONDS = 6.0  # the loop gives a sign every two; the supervisor waits its patience beside this


def worker_stuck_on(alive: Path) -> object:
    """What the worker makes no headway with: its own loop, or the row of work that has waited longest while nobody works. Else None.

    A broker that does not answer is no fault of the worker: it goes on by itself when the broker is back.
    """
    on = _silence(alive) or _asked(queue.left_waiting)
    return on if on and bells.broker_answers() else None


def sweeper_stuck_on() -> object:
    """That no sweeper went round lately."""
    return _asked(lambda: None if cache.get(ALIVE) else "silent")


def _silence(alive: Path) -> object:
    try:
        touched = alive.stat().st_mtime
    except FileNotFoundError:
        return None
    return ("silent since", touched) if abs(time.time() - touched) > SILENT_SECONDS else None


def _asked(question: Callable[[], object]) -> object:
    """The answer, or None where the database gives none: then nobody can make headway."""
    close_old_connections()
    try:
        return question()
    except DatabaseError:
        return None
