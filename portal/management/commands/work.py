"""Read pages, and be replaced when stuck: a worker under the small supervisor, for containers."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from portal.management.commands import serve
from portal.supervisor import Supervisor


class Command(BaseCommand):
    help = "Run a worker that is started again when it dies or makes no headway."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--processes", type=int, default=2, help="pages read at one time")
        parser.add_argument("--alive", type=Path, default=Path(tempfile.gettempdir()) / "worker.alive", help="the file its loop touches")
        parser.add_argument("--app", default="portal", help="the Celery application")
        parser.add_argument("--patience", type=float, default=60.0, help="seconds without headway before it is replaced")

    def handle(self, *args: Any, **options: Any) -> None:
        service = serve.worker(options["processes"], options["alive"], options["app"])
        service.patience = options["patience"]
        Supervisor([service], None, self.stdout.write).run()
