"""The Celery application. Workers are stateless: what is to be done stands in the database (records/queue.py)."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

from celery import Celery, bootsteps
from celery.signals import worker_ready

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "portal.settings.development")
# Names a file that the worker's main loop touches: its age says whether the loop still turns. See portal/headway.py.
ALIVE_FILE = "CARTGUIDE_WORKER_ALIVE"
ALIVE_SECONDS = 2.0


class Alive(bootsteps.StartStopStep):
    """Touches ALIVE_FILE as long as the loop that takes work turns. The file holds the worker's process id."""

    requires = {"celery.worker.consumer.tasks:Tasks"}

    def register_with_event_loop(self, consumer: Any, hub: Any) -> None:
        if path := os.environ.get(ALIVE_FILE):
            hub.call_soon(Path(path).write_text, str(os.getpid()))
            hub.call_repeatedly(ALIVE_SECONDS, Path(path).write_text, str(os.getpid()))


app = Celery("portal")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks(["records"])
app.steps["consumer"].add(Alive)


@worker_ready.connect
def go_on_for_the_one_before(**_: Any) -> None:
    """A worker takes the place of one that was killed: what that one was reading need not wait until its lease ends."""
    from records.queue import return_claims_of_the_gone

    return_claims_of_the_gone()


@worker_ready.connect
def tell_reading(**_: Any) -> None:
    from portal import metrics  # only once Django is set up

    metrics.tell_reading()
