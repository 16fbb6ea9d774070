"""Put a sealed backup back into an empty place. See docs/runbook.md."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from portal.backup import KINDS, BackupRefused, check_backup, read_backup, read_key


class Command(BaseCommand):
    help = "Put a sealed backup back into an empty place, or only check that it is whole."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("kind", choices=KINDS)
        parser.add_argument("path", type=Path)
        parser.add_argument("--key-file", type=Path, required=True)
        parser.add_argument("--check", action="store_true", help="read it to its end and change nothing")

    def handle(self, *args: Any, **options: Any) -> None:
        act = check_backup if options["check"] else read_backup
        try:
            manifest = act(options["kind"], options["path"], read_key(options["key_file"]))
        except BackupRefused as error:
            raise CommandError(str(error)) from error
        done = "is whole" if options["check"] else "put back"
        self.stdout.write(f"{options['path']}: {manifest['kind']} of {manifest['made_at']} {done}")
