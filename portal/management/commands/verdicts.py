"""One criterion against one free-text note: one line a row, outcome and reason from the patient's side."""

from __future__ import annotations

import datetime as dt
import json
from argparse import ArgumentParser
from functools import lru_cache
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from personalize.eligibility import Kind
from portal.management.json_lines import Line, as_line, open_text
from portal.management.note_verdicts import Note, verdict_of

READ = ("annotation_id", "note", "criterion_type", "criterion_text")  # and nothing else of a row: labels stand beside them


class Command(BaseCommand):
    help = "Judge criteria against notes. --file FILE: a JSON list of {annotation_id, note, criterion_type, criterion_text}."
    requires_system_checks = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--file", type=Path, required=True, metavar="FILE")
        parser.add_argument("--jsonl", action="store_true", help="one JSON object a line (the only form there is)")
        parser.add_argument("--today", type=dt.date.fromisoformat, help="the day to count from, for example 2026-03-31 (default: today)")

    def handle(self, *, file: Path, today: dt.date | None, **options: Any) -> None:
        day = today or timezone.localdate()
        rows = _rows(file)
        for row in rows:
            self.stdout.write(as_line(line_of(row, day)))
        self.stderr.write(f"{len(rows)} rows. Done.")


def _rows(path: Path) -> list[Line]:
    """The rows with the keys of READ only. Raises CommandError where the file is no list of objects."""
    if not path.is_file():
        raise CommandError(f"There is no file {path.name}.")
    with open_text(path) as stream:
        try:
            made = json.load(stream)
        except (ValueError, RecursionError):
            made = None
    if not isinstance(made, list):
        raise CommandError(f"{path.name} is not a JSON list.")
    return [{key: row.get(key) for key in READ} if isinstance(row, dict) else {} for row in made]


def line_of(row: Line, today: dt.date) -> Line:
    """The line of one row; one that cannot be used is unknown, with `error`."""
    note, text = row.get("note"), row.get("criterion_text")
    try:
        kind = Kind(str(row.get("criterion_type")))
        if not isinstance(note, str) or not isinstance(text, str):
            raise ValueError
    except ValueError:
        fault = {"code": "malformed", "message": "A row has a note, a criterion_type and a criterion_text."}
        return {"annotation_id": row.get("annotation_id"), "outcome": "unknown", "reason": "This row cannot be used.", "error": fault}
    found = verdict_of(_note(note, today), kind, text)
    return {"annotation_id": row["annotation_id"], "outcome": found.outcome.value, "reason": found.reason}


@lru_cache(maxsize=8)
def _note(text: str, today: dt.date) -> Note:
    """Rows of one note stand together; it is read once."""
    return Note(text, today)
