"""Demo people and one made-up patient's records, drawn by us, for a first look. Refuses to run in production."""

from __future__ import annotations

import os
import secrets
from pathlib import Path
from typing import Any

from allauth.account.models import EmailAddress
from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from portal.models import Role, User
from records import actions

RECORDS = Path(__file__).resolve().parents[2] / "seed" / "demo"
PEOPLE = {
    "patient": ("rosa@demo.example", Role.PATIENT),
    "new patient": ("new@demo.example", Role.PATIENT),
    "coordinator": ("coordinator@demo.example", Role.COORDINATOR),
    "administrator": ("admin@demo.example", Role.ADMIN),
    "second administrator": ("admin2@demo.example", Role.ADMIN),
}


class Command(BaseCommand):
    help = "Make the demo people and the records of a made-up patient (once)."

    def handle(self, *args: Any, **options: Any) -> None:
        run_dir = getattr(settings, "RUN_DIR", None)
        if run_dir is None:
            raise CommandError("Demo people belong on a development machine only.")
        if User.objects.filter(email__in=[email for email, _ in PEOPLE.values()]).exists():
            return
        password = secrets.token_urlsafe(9)
        people = {label: make_person(email, role, password) for label, (email, role) in PEOPLE.items()}
        people["coordinator"].is_team_lead = True
        people["coordinator"].save(update_fields=["is_team_lead"])
        send_records(people["patient"])
        write_notice(Path(run_dir) / "demo_people.txt", password)


def make_person(email: str, role: str, password: str) -> User:
    """An account with a checked address; administrators may enter the admin."""
    is_admin = role == Role.ADMIN
    user = User.objects.create_user(email, password, role=role, is_staff=is_admin, is_superuser=is_admin)
    EmailAddress.objects.create(user=user, email=email, verified=True, primary=True)
    return user


def send_records(by: User) -> None:
    """The demo patient agrees, sends their files and asks for a review, through the same doors as everybody."""
    patient = actions.open_patient(by=by)
    for purpose in ("reading", "review"):
        actions.give_consent(by=by, patient=patient, purpose=purpose, version="demo")
    for path in sorted(RECORDS.iterdir()):
        if path.suffix != ".md":
            actions.receive_document(by=by, patient=patient, name=path.name, content=path.read_bytes())
    actions.request_review(by=by, patient=patient)


def write_notice(path: Path, password: str) -> None:
    lines = ["Demo people (made up; the password is the same for all):"]
    lines += [f"  {label:22} {email}" for label, (email, _) in PEOPLE.items()]
    lines += [f"  {'password':22} {password}", ""]
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8") as stream:
        stream.write("\n".join(lines))
