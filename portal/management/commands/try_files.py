"""Sends files, hostile ones too, through the whole service and says what became of each. In databases and folders that are thrown away."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import time
import zipfile
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db.models import Max, Min
from django.test import Client
from django.urls import reverse

from portal.management.bench.service import inside, standing
from portal.management.standing import wait_for
from portal.models import User
from records import actions
from records.exceptions import REASONS
from records.management.reading_files import files_below
from records.models import Document, Page, Patient, Work
from records.reading import sandbox
from records.states import WorkState

MOST_SECONDS = 60.0
PAGES = (
    "records",
    "progress",
    "facts",
    "my_answer_start",
    "api:documents",
    "api:all_findings",
    "api:profile",
    "api:export_json",
    "api:export_csv",
)
BOUNDARY = "cart-guide-61c9b07f"
PLACES = ("/", "/tmp", "/etc", "/etc/cron.d", "/dev/shm")  # noqa: S108 — looked at, not written to


@dataclass(frozen=True, slots=True)
class Tried:
    """outcome: ready, failed, refused, or the trouble: unfinished, broken (an error of ours). codes: those of the file and its pages.

    seconds: to its end; read_seconds: until its last page was stored.
    """

    file: str
    outcome: str
    codes: tuple[str, ...]
    seconds: float
    pages: int = 0
    read_seconds: float = 0.0

    @property
    def is_right(self) -> bool:
        is_said = self.outcome == "ready" or (any(code in REASONS for code in self.codes) if self.outcome == "failed" else bool(self.codes))
        return self.outcome in ("ready", "failed", "refused") and is_said and self.seconds <= MOST_SECONDS


class Command(BaseCommand):
    help = "What becomes of each file of a folder: one line each, then a summary. Fails where a file has no plain end within a minute."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("folder", type=Path)
        parser.add_argument("--names", type=Path, help="JSON list of file names: each is given to the first file that is read")
        parser.add_argument("--workers", type=int, default=len(os.sched_getaffinity(0)))
        parser.add_argument("--jsonl", action="store_true", help="JSON Lines instead of words")
        parser.add_argument("--inside", action="store_true", help="for the command itself")

    def handle(self, *args: Any, folder: Path, **options: Any) -> None:
        if not folder.is_dir():
            raise CommandError("There is no such folder.")
        if options["inside"]:
            self._run(folder, options)
            return
        names = ["--names", str(options["names"].resolve())] if options["names"] else []
        given = [str(folder.resolve()), "--workers", str(options["workers"]), *names, *(["--jsonl"] if options["jsonl"] else [])]
        with tempfile.TemporaryDirectory(prefix="cart-guide-") as scratch:
            command = [sys.executable, "manage.py", "try_files", *given, "--inside"]
            status = subprocess.run(command, env=inside(Path(scratch)), check=False).returncode
        if status:
            raise CommandError("Not every file came to a plain end.", returncode=status)

    def _run(self, folder: Path, options: dict[str, Any]) -> None:
        files = files_below([folder])
        watched = _watched(files)
        memory = 0.0
        tried: list[Tried] = []
        with standing(options["workers"]) as service:
            for name, content in _sent(files, options["names"], tried):
                tried.append(_try(len(tried), name, content))
                memory = max(memory, service.worker_mib())
                self._tell(tried[-1], options["jsonl"])
            deaths = service.deaths()
        self._sum_up(tried, deaths, memory, [str(one) for one in watched if one.exists()], options["jsonl"])

    def _tell(self, one: Tried, is_jsonl: bool) -> None:
        words = f"{'' if one.is_right else 'WRONG '}{_plain(one.file)}: {one.outcome} {' '.join(one.codes)} {one.seconds:.1f} s"
        self.stdout.write(json.dumps(asdict(one)) if is_jsonl else words)
        self.stdout.flush()

    def _sum_up(self, tried: list[Tried], deaths: int, memory: float, strays: list[str], is_jsonl: bool) -> None:
        wrong = [one.file for one in tried if not one.is_right]
        slowest = max((one.seconds for one in tried), default=0.0)
        left = [str(one) for one in Path(tempfile.gettempdir()).iterdir()]
        figures = {"files": len(tried), "wrong": len(wrong), "slowest": round(slowest, 1), "worker_deaths": deaths}
        figures |= {"worker_mib": round(memory), "written_elsewhere": len(strays), "left_behind": len(left)}
        level = ", ".join(name for name, holds in sandbox.sandbox_level().items() if holds)
        words = ", ".join(f"{name.replace('_', ' ')} {figure}" for name, figure in figures.items())
        self.stdout.write(json.dumps(figures) if is_jsonl else f"{words}; limits that hold: {level}")
        if wrong or deaths or strays or left:
            raise CommandError(f"Wrong: {', '.join([*wrong, *strays, *left]) or 'a worker died'}", returncode=2)


def _plain(name: str) -> str:
    """On one line, whatever the name is made of."""
    return "".join(one if one.isprintable() else "?" for one in name)


def _sent(files: Iterable[Path], names: Path | None, tried: list[Tried]) -> Iterator[tuple[str, bytes]]:
    good = b""
    for path in files:
        content = path.read_bytes()
        yield path.name, content
        good = good or (content if tried[-1].pages else b"")
    for number, name in enumerate(json.loads(names.read_text()) if names else ()):
        yield name, good + b"\n%" + str(number).encode()


def _watched(files: Iterable[Path]) -> list[Path]:
    """Where files of archives would land if somebody let them: places that are free now."""
    found: set[Path] = set()
    for path in files:
        if zipfile.is_zipfile(path):
            with zipfile.ZipFile(path) as archive:
                names = {one.replace("\\", "/").rsplit("/", 1)[-1] for one in archive.namelist()[:2000]}
            found |= {place / name for place in (*map(Path, PLACES), Path.cwd(), Path.home()) for name in names if name}
    return [one for one in found if not one.exists()]


def _try(number: int, name: str, content: bytes) -> Tried:
    """A person of their own sends the file; then all their pages are looked at."""
    user = User.objects.create_user(email=f"{number}@example.org", password=None)
    patient = actions.open_patient(by=user, is_caregiver=False, name=None)
    actions.give_consent(by=user, patient=patient, purpose="reading", version="1")
    client = Client(raise_request_exception=False, SERVER_NAME="localhost")
    client.force_login(user)
    start = time.monotonic()
    answer = client.post(reverse("api:documents"), _form(name, content), content_type=f"multipart/form-data; boundary={BOUNDARY}")
    if answer.status_code >= 500:
        return Tried(name, "broken", (str(answer.status_code),), time.monotonic() - start)
    if answer.status_code >= 400:
        problem = json.loads(answer.content)
        return Tried(name, "refused", (str(problem["code"]),) if problem.get("detail") else (), time.monotonic() - start)
    is_over = wait_for(lambda: _is_over(patient), MOST_SECONDS + 30, every=0.4)
    seconds = time.monotonic() - start
    outcome, codes, pages = _found(patient)
    broken = _broken(client, patient)
    return Tried(
        name, "broken" if broken else outcome if is_over else "unfinished", broken or codes, seconds, pages, _read_seconds(patient)
    )


def _form(name: str, content: bytes) -> bytes:
    """As a browser sends a file, whatever it is called."""
    quoted = name.replace('"', "%22").replace("\r", "%0D").replace("\n", "%0A")
    head = f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="file"; filename="{quoted}"\r\nContent-Type: application/octet-stream\r\n\r\n'
    return head.encode(errors="replace") + content + f"\r\n--{BOUNDARY}--\r\n".encode()


def _is_over(patient: Patient) -> bool:
    if any(one.is_unfinished for one in Document.objects.filter(patient=patient)):
        return False
    return not Work.objects.filter(patient=patient, state=WorkState.WAITING).exists()


def _found(patient: Patient) -> tuple[str, tuple[str, ...], int]:
    documents = list(Document.objects.filter(patient=patient))
    pages = Page.objects.filter(document__patient=patient)
    codes = {one.failure_code for one in documents} | set(pages.values_list("failure_code", flat=True))
    has_read = any(one.status == "ready" for one in documents)
    return "ready" if has_read else "failed", tuple(sorted(codes - {""})), pages.filter(failure_code="").count()


def _read_seconds(patient: Patient) -> float:
    done = Work.objects.filter(patient=patient, step=Work.Step.PAGE).aggregate(last=Max("finished_at"))["last"]
    first = Document.objects.filter(patient=patient).aggregate(first=Min("received_at"))["first"]
    return float((done - first).total_seconds()) if done and first else 0.0


def _broken(client: Client, patient: Patient) -> tuple[str, ...]:
    """Pages of theirs that answer with an error of ours."""
    paths = [reverse(one) for one in PAGES]
    for document in Document.objects.filter(patient=patient)[:20]:
        for one in ("document", "original", "api:pages", "api:findings"):
            paths.append(reverse(one, args=[document.pk]))
        paths += [reverse("page_image", args=[document.pk, number]) for number in range(1, min(document.page_count or 0, 3) + 1)]
    answers = {path: client.get(path, follow=True).status_code for path in paths}
    return tuple(f"{status} {path}" for path, status in answers.items() if status >= 500)
