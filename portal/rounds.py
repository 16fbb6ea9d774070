"""What the portal has to do from time to time. The sweeper calls it on each of its rounds: no process of its own, and quick when nothing is due."""

from __future__ import annotations

import logging
import threading
from io import StringIO

from django.conf import settings
from django.core.cache import cache
from django.core.management import call_command
from django.db import connection
from django.utils import timezone

from portal.models.trial import Trial
from portal.trials.news import tell_of_changes
from portal.trials.registry_trials import AT_ONCE, index_again

log = logging.getLogger(__name__)
DONE = "portal.daily.done"  # in the cache: set by whoever does the day's work, so that two sweepers do it once
LOOKED = "portal.rows.looked"  # in the cache: rows that are missing were looked for a moment ago
DAY, HOUR, MINUTE = 24 * 3600, 3600, 60  # seconds


def go_round() -> threading.Thread | None:
    """Rows of the first look that are missing; once a day the registry and the mails, beside the sweeper so that its rounds go on."""
    if cache.add(LOOKED, True, timeout=MINUTE) and index_again() == AT_ONCE:
        cache.delete(LOOKED)  # there may be more
    if not cache.add(DONE, True, timeout=DAY):
        return None
    thread = threading.Thread(target=_day, name="registry", daemon=True)
    thread.start()
    return thread


def _day() -> None:
    try:
        daily()
    except Exception as error:
        # A registry that does not answer must not end the sweeper; what came before is stored. In an hour again. The kind of error only.
        log.warning("daily_failed %s", type(error).__name__)
        cache.set(DONE, True, timeout=HOUR)
    finally:
        connection.close()


def daily() -> None:
    """Ask the registry for our trials and for what is new, where this installation asks it, and tell people what changed."""
    if settings.REGISTRY_IS_ASKED:
        for query in (*([{}] if Trial.objects.exists() else []), *settings.REGISTRY_QUERIES):
            said = StringIO()
            call_command("ingest_trials", stdout=said, stderr=StringIO(), **query)
            log.info("registry_asked %s", said.getvalue().partition("\n")[0])
    told = tell_of_changes(today=timezone.localdate())
    log.info("trial_changes_told %d", told)
