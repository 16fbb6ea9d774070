"""Puts back what lost its worker, gives up what was tried too often, and clears what nothing names any more."""

from __future__ import annotations

import logging
import signal
import threading
import time
from typing import Any

from django.conf import settings
from django.core.cache import cache
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import close_old_connections
from django.utils.module_loading import import_string

from records.actions.notices import send_due
from records.actions.sweeping import clear_left_over, clear_orphans, sweep

log = logging.getLogger(__name__)
ALIVE = "records.sweeper.alive"
CLEAR_SECONDS = 600.0
FILES_SECONDS = 6 * 3600.0  # all files there are, are listed


class Command(BaseCommand):
    help = "Ring and give up overdue work, again and again."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--once", action="store_true", help="one round, then stop")
        parser.add_argument("--check", action="store_true", help="exit 0 if a sweeper went round lately, 1 if not")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["check"]:
            if not cache.get(ALIVE):
                raise CommandError("No sweeper went round lately.")
            return
        if options["once"]:
            self.stdout.write(str(sweep()))
            send_due()
            return
        over = threading.Event()
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda *_: over.set())
        self._go_round(over)

    def _go_round(self, over: threading.Event) -> None:
        cleared = listed = time.monotonic()
        while not over.is_set():
            close_old_connections()
            try:
                sweep()
                send_due()
                for one in settings.SWEEP_ALSO:
                    import_string(one)()
                if time.monotonic() - cleared > CLEAR_SECONDS:
                    cleared = time.monotonic()  # storage that is gone is asked again in a while, and work is rung all the same
                    clear_left_over()
                if time.monotonic() - listed > FILES_SECONDS:
                    listed = time.monotonic()
                    clear_orphans()
                cache.set(ALIVE, True, timeout=max(60, 6 * settings.SWEEP_SECONDS))
            except Exception as error:
                # Whatever goes wrong in one round (a database that restarts) must not end the sweeper. The kind of error only: no content.
                log.warning("sweep_failed %s", type(error).__name__)
            over.wait(settings.SWEEP_SECONDS)
