"""Removes what ended long ago. Nothing of a patient's record: that is for the patient alone. See docs/runbook.md."""

from __future__ import annotations

from typing import Any

from django.core.management import call_command
from django.core.management.base import BaseCommand

from portal.retention import purge


class Command(BaseCommand):
    help = "Remove sessions, work, tokens and never confirmed accounts that ended long ago."

    def handle(self, *args: Any, **options: Any) -> None:
        call_command("clearsessions")
        for what, count in purge().items():
            self.stdout.write(f"{what}: {count}")
