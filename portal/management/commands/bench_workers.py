"""How much more is read by more processes: pages a minute of the demo files by one to N of them, as the table of docs/scale.md."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import time
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from portal.management.bench.service import inside, standing, wait_for
from portal.models import User
from records import actions
from records.management.reading_files import files_below
from records.models import Document, Page, Patient, Work
from records.states import WorkState

DOCUMENT = settings.BASE_DIR / "docs/scale.md"
DEMO = settings.BASE_DIR / "portal/seed/demo"
BEGIN, END = "<!-- made by manage.py bench_workers -->", "<!-- end of bench_workers -->"
LONGEST = 900.0  # seconds for one measurement
COUNT = (1, 2, 3, 4)


@dataclass(frozen=True, slots=True)
class Pace:
    """seconds: from the first file sent until nothing was left to be done."""

    processes: int
    pages: int
    seconds: float

    @property
    def a_minute(self) -> float:
        return 60 * self.pages / self.seconds


class Command(BaseCommand):
    help = "Measure pages a minute with 1, 2, 3 and 4 processes that read, each on a service of its own."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "folder", type=Path, nargs="?", default=DEMO, help="the files that each person sends (default: those of the demo)"
        )
        parser.add_argument("--people", type=int, default=8, help="who send them all at one time (default: 8)")
        parser.add_argument("--processes", type=int, nargs="+", default=COUNT)
        parser.add_argument("--rounds", type=int, default=2, help="the best of so many counts, by turns (default: 2)")
        parser.add_argument("--write", action="store_true", help="put the table into docs/scale.md")
        parser.add_argument("--inside", type=int, help="for the command itself: with so many processes")

    def handle(self, *args: Any, folder: Path, people: int, **options: Any) -> None:
        files = files_below([folder]) if folder.is_dir() else []
        if not files:
            raise CommandError("There is no file to send.")
        if options["inside"]:
            self.stdout.write(json.dumps(asdict(measured(files, people, options["inside"]))))
            return
        made: list[Pace] = []
        for _ in range(options["rounds"]):
            for processes in options["processes"]:
                made.append(_on_its_own(folder, people, processes))
                self.stderr.write(f"{processes}: {made[-1].a_minute:.0f} pages a minute")
        told = table(made)
        self.stdout.write(told)
        if options["write"]:
            before, _, rest = DOCUMENT.read_text(encoding="utf-8").partition(BEGIN)
            DOCUMENT.write_text(f"{before}{BEGIN}\n{told}\n{END}{rest.partition(END)[2]}", encoding="utf-8")


def table(made: list[Pace]) -> str:
    """The best of each count of processes, beside the best of the first."""
    best: dict[int, Pace] = {}
    for one in made:
        if one.processes not in best or one.a_minute > best[one.processes].a_minute:
            best[one.processes] = one
    first = next(iter(best.values()))
    lines = [
        f"{len(os.sched_getaffinity(0))} cores; {first.pages} pages of the demo's kinds (scan, photo, text layer) sent at one time; SQLite.",
        "",
        "| processes that read | pages a minute | times the first |",
        "|---|---|---|",
    ]
    for one in best.values():
        lines.append(f"| {one.processes} | {one.a_minute:.0f} | {one.a_minute / first.a_minute:.2f} |")
    return "\n".join(lines)


def _on_its_own(folder: Path, people: int, processes: int) -> Pace:
    with tempfile.TemporaryDirectory(prefix="cart-guide-") as scratch:
        command = [sys.executable, "manage.py", "bench_workers", str(folder.resolve()), "--people", str(people), "--inside", str(processes)]
        said = subprocess.run(command, cwd=settings.BASE_DIR, env=inside(Path(scratch)), check=True, capture_output=True, text=True)
    return Pace(**json.loads(next(line for line in said.stdout.splitlines() if line.startswith("{"))))


def measured(files: list[Path], people: int, processes: int) -> Pace:
    """Inside a service of its own: one person's files first, so that every process is warm, then those of the others."""
    with standing(processes):
        _read(files, [_person(one) for one in range(processes)])
        newcomers = [_person(processes + one) for one in range(people)]
        begun = time.monotonic()
        _read(files, newcomers)
        seconds = time.monotonic() - begun
        pages = Page.objects.filter(document__patient__in=newcomers, failure_code="").count()
    return Pace(processes, pages, seconds)


def _person(number: int) -> Patient:
    user = User.objects.create_user(email=f"{number}@example.org", password=None)
    patient = actions.open_patient(by=user, is_caregiver=False, name=None)
    actions.give_consent(by=user, patient=patient, purpose="reading", version="1")
    return patient


def _read(files: list[Path], people: list[Patient]) -> None:
    for patient in people:
        for path in files:
            actions.receive_document(by=patient.account, patient=patient, name=path.name, content=path.read_bytes())
    if not wait_for(lambda: not Work.objects.filter(state=WorkState.WAITING).exists(), LONGEST, every=0.4):
        raise CommandError(f"Not read in {LONGEST:.0f} seconds.")
    if Document.objects.exclude(status="ready").exists():
        raise CommandError("Not every file was read to its end.")
