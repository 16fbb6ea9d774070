"""One patient's profile out of a folder of files, or of a line of text. Reads, extracts and assembles; needs no database."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from records.assembly import assemble_line
from records.assembly.line import FileRead, text_line
from records.management.patient_files import patient_files


class Command(BaseCommand):
    help = "Print the profile that the files of a folder (one patient each) or the lines of a file of texts amount to."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("folder", nargs="*", type=Path, help="a folder with the files of one patient")
        parser.add_argument("--text-jsonl", type=Path, help='lines of {"id", "text"}, each one patient with one page of text')
        parser.add_argument("--jsonl", action="store_true", help="one line a patient, for programs")
        parser.add_argument("--password", action="append", default=[], metavar="FILE=SECRET", help="for a locked file, by name or path")
        parser.add_argument("--today", type=date.fromisoformat, help="the day to count from, for example 2026-03-31 (default: today)")

    def handle(self, *args: Any, **options: Any) -> None:
        if bool(options["folder"]) == bool(options["text_jsonl"]):
            raise CommandError("Name one folder or more, or a file of texts with --text-jsonl.")
        today = options["today"] or timezone.localdate()
        for line in self._lines(options, today):
            self.stdout.write(json.dumps(line, ensure_ascii=False, indent=None if options["jsonl"] else 2))

    def _lines(self, options: dict[str, Any], today: date) -> Iterator[dict[str, Any]]:
        if options["text_jsonl"]:
            for row_id, text in _rows(options["text_jsonl"]):
                yield text_line(row_id, text, today=today)
            return
        passwords = _passwords(options["password"])
        for folder in options["folder"]:
            if not folder.is_dir():
                raise CommandError("There is no such folder.")
            yield assemble_line(str(folder), self._read(folder, passwords), today=today)

    def _read(self, folder: Path, passwords: dict[str, str]) -> list[FileRead]:
        files = []
        for one in patient_files(folder, passwords):
            self.stderr.write(f"{one.file}: {one.error or f'{len(one.text.pages) if one.text else 0} pages'}")
            files.append(one)
        return files


def _rows(path: Path) -> Iterator[tuple[Any, str]]:
    """(id, text) of each line."""
    if not path.is_file():
        raise CommandError("There is no such file.")
    with path.open(encoding="utf-8") as lines:
        for number, line in enumerate(lines, 1):
            if not line.strip():
                continue
            try:
                row = json.loads(line)
                yield row["id"], str(row.get("text") or "")
            except (ValueError, KeyError, TypeError, AttributeError):
                raise CommandError(f'Line {number} is not a JSON object with "id" and "text".') from None


def _passwords(given: list[str]) -> dict[str, str]:
    pairs = [one.partition("=") for one in given]
    if not all(equals for _, equals, _ in pairs):
        raise CommandError("Write a password as FILE=SECRET.")
    return {name: secret for name, _, secret in pairs}
