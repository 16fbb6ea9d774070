"""Registry records in, criteria out: one line a trial, each criterion with its verbatim sentence."""

from __future__ import annotations

from argparse import ArgumentParser
from collections.abc import Iterator
from multiprocessing import Pool
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand

from personalize.eligibility import encode_criterion
from personalize.trials import criteria_of, trial_from_record
from portal.management.json_lines import Line, as_line, read_lines

AT_A_TIME = 64
EVERY = 1000


class Command(BaseCommand):
    help = "Read the criteria of registry records. --studies FILE: JSON Lines of API v2 studies or flat records, gzip allowed."
    requires_system_checks = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--studies", type=Path, required=True, metavar="FILE")
        parser.add_argument("--jsonl", action="store_true", help="one JSON object a line (the only form there is)")
        parser.add_argument("--processes", type=int, default=1, help="how many processes read side by side")
        parser.add_argument("--after", metavar="NCT", help="go on after this record of the file")

    def handle(self, *, studies: Path, processes: int, after: str | None, **options: Any) -> None:
        written = 0
        for line in _lines_of(_waiting(studies, after), processes):
            self.stdout.write(line)
            written += 1
            if written % EVERY == 0:
                self.stderr.write(f"{written} records")
        self.stderr.write(f"{written} records. Done.")


def _waiting(studies: Path, after: str | None) -> Iterator[tuple[int, Line | None]]:
    lines = read_lines(studies)
    if after:
        for _, record in lines:
            if record is not None and after in str(record)[:400]:
                break
    yield from lines


def _lines_of(lines: Iterator[tuple[int, Line | None]], processes: int) -> Iterator[str]:
    if processes <= 1:
        yield from map(line_of, lines)
        return
    with Pool(processes) as pool:
        yield from pool.imap(line_of, lines, chunksize=AT_A_TIME)


def line_of(numbered: tuple[int, Line | None]) -> str:
    """The line of one record; one that cannot be used is a line with `error`."""
    number, record = numbered
    try:
        if record is None:
            raise ValueError("this line is not a JSON object")
        trial = trial_from_record(record)
    except ValueError as fault:
        return as_line({"nct": None, "line": number, "error": {"code": "malformed", "message": f"Line {number}: {fault}."}})
    return as_line({"nct": trial.nct, "criteria": [encode_criterion(one) for one in criteria_of(trial)]})
