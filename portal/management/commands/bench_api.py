"""How long the profile and the trials of one person take, beside an empty view of the same server in the same run."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from portal.management.bench.measured import Timed, timed
from portal.management.bench.trials import make_trials
from portal.management.bench.urls import EMPTY
from portal.management.commands.serve import free_port, web
from portal.management.standing import prepare_databases, wait_for
from portal.models import User
from portal.tokens import make_token
from records import actions
from records.actions.reading import perform_waiting

GOAL = 4.0
HOST = "127.0.0.1"
VIEWS = ("/api/v1/profile/", "/api/v1/trials/mine/")
NOTE = b"""ONCOLOGY CLINIC NOTE
Patient: Rosa Example
Date of birth: 05/17/1961
Sex: Female
Date of report: 03/14/2026

Diagnosis: Pancreatic ductal adenocarcinoma. Stage IV with liver metastases.
KRAS: p.G12D mutation detected.
ECOG performance status 1.
CA 19-9: 812 U/mL
Hemoglobin: 11.2 g/dL
First line FOLFIRINOX was given from 04/2025 to 09/2025 and stopped for progression.
"""


class Command(BaseCommand):
    help = "p95 of the profile and of the trials over that of an empty view, with made-up trials, in a database that is thrown away."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--trials", type=int, default=12_000, help="made-up trials (default: 12000)")
        parser.add_argument("--requests", type=int, default=200, help="of each view (default: 200)")
        parser.add_argument("--database", default="", help="an empty database (postgresql://…); a file of SQLite if left out")
        parser.add_argument("--keys-database", default="", help="another one for the keys")
        parser.add_argument("--inside", default="", help="the folder of this run; for the command itself")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["inside"]:
            self._measure(options["trials"], options["requests"])
            return
        with tempfile.TemporaryDirectory(prefix="cart-guide-") as folder:
            given = ["--trials", str(options["trials"]), "--requests", str(options["requests"]), "--inside", folder]
            command = [sys.executable, "manage.py", "bench_api", *given]
            status = subprocess.run(command, env=_environment(folder, options), check=False).returncode
        if status:
            raise CommandError(
                "The goal was not reached." if status == 2 else "The measurement did not come to its end.", returncode=status
            )

    def _measure(self, trials: int, requests: int) -> None:
        prepare_databases()
        make_trials(trials)
        token = _person()
        port = free_port(HOST, 8700)
        server = subprocess.Popen([one.replace("portal.wsgi:", "portal.management.bench.site:") for one in web(f"{HOST}:{port}").command])
        try:
            if not wait_for(web(f"{HOST}:{port}").is_up):
                raise CommandError("The server did not start.")
            found = timed(HOST, port, (EMPTY, *VIEWS), {"Authorization": f"Bearer {token}"}, count=requests, warm=30)
        finally:
            server.terminate()
            server.wait(30)
        self._tell(found)

    def _tell(self, found: list[Timed]) -> None:
        base = found[0].at(0.95)
        for one in found:
            ratio = one.at(0.95) / base
            said = f"{one.path}: median {one.at(0.5):.1f} ms, p95 {one.at(0.95):.1f} ms, {one.size} bytes, ratio {ratio:.2f}"
            self.stdout.write(said + ("" if one.path == EMPTY else f" (goal {GOAL:.0f} or less)"))
        if any(one.at(0.95) > GOAL * base for one in found):
            raise CommandError("Too slow.", returncode=2)


def _environment(folder: str, options: dict[str, Any]) -> dict[str, str]:
    chosen = {"DATABASE_URL": options["database"], "KEYS_DATABASE_URL": options["keys_database"], "RUN_DIR": str(Path(folder, "run"))}
    own = {f"CARTGUIDE_{name}": value for name, value in chosen.items() if value}
    return {**os.environ, "DJANGO_SETTINGS_MODULE": "portal.settings.development", **own}


def _person() -> str:
    """A person whose note was read; gives a token that may read."""
    user = User.objects.create_user(email="bench@example.org", password=None)
    patient = actions.open_patient(by=user, is_caregiver=False, name=None)
    actions.give_consent(by=user, patient=patient, purpose="reading", version="1")
    actions.receive_document(by=user, patient=patient, name="note.txt", content=NOTE)
    perform_waiting()
    return make_token(user=user, name="Bench", scopes=["read"], days=1)[1]
