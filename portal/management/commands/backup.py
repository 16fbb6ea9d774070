"""A sealed backup of the records or of the keys. See docs/runbook.md."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from portal.backup import KINDS, BackupRefused, read_key, write_backup


class Command(BaseCommand):
    help = "Write a sealed backup of the records (database and files) or of the patients' keys."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("kind", choices=KINDS)
        parser.add_argument("to", type=Path)
        parser.add_argument("--key-file", type=Path, required=True, help="64 hexadecimal digits; a different one for each kind")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            size = write_backup(options["kind"], options["to"], read_key(options["key_file"]))
        except BackupRefused as error:
            raise CommandError(str(error)) from error
        self.stdout.write(f"{options['to']}: {size} bytes")
