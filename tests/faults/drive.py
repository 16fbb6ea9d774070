"""What the fault tests do beside the worker: python -m tests.faults.drive COMMAND ARGUMENTS, or, without any, commands from standard input
(a list in JSON on each line), answered line by line: to start Python and Django takes longer than most of them."""

from __future__ import annotations

import json
import os
import sys
from datetime import timedelta
from pathlib import Path
from typing import Any

SENT = Path(os.environ["FAULTS_FOLDER"]) / "sent.log"


def prepare() -> dict[str, Any]:
    from django.core.management import call_command

    from portal.models import User
    from tests.factories import make_patient

    for alias in ("default", "keys"):
        call_command("migrate", database=alias, verbosity=0)
    call_command("createcachetable", verbosity=0)
    make_patient(User.objects.create_user("alice@example.org", "correct horse battery"))
    return {}


def newcomer() -> dict[str, Any]:
    """Another patient: from now on it is their files that are sent and looked at."""
    from portal.models import User
    from records.models import Patient
    from tests.factories import make_patient

    user = User.objects.create_user(f"newcomer{Patient.objects.count()}@example.org")
    return {"patient": make_patient(user).pk.hex}


def _patient() -> Any:
    from records.models import Patient

    return Patient.objects.latest("created_at")


def send(files: str, pages: str, first: int = 0) -> dict[str, Any]:
    """Send files one after another; a line in sent.log for each that was accepted."""
    from records import actions
    from tests.records.paper import paper

    patient = _patient()
    for n in range(first, first + int(files)):
        content = paper(*(f"GENE{n}P{page}=positive" for page in range(1, int(pages) + 1)), title=str(n))
        actions.receive_document(by=patient.account, patient=patient, name=f"{n}.txt", content=content)
        with SENT.open("a") as log:
            log.write(f"{n}\n")
    return {}


def expire(what: str) -> dict[str, Any]:
    """As if a lease had passed since: nobody has to wait for it. what: "leases" when no worker is left that holds one, or "rings"."""
    from django.conf import settings
    from django.utils import timezone

    from records.models import Work

    now = timezone.now()
    waiting = Work.objects.filter(state="waiting")
    if what == "leases":
        waiting.filter(token__isnull=False).update(lease_until=now - timedelta(seconds=1))
    waiting.filter(token=None).update(rung_at=now - timedelta(seconds=settings.CLAIM_LEASE_SECONDS + 1))
    return {}


def send_mixed(files: str) -> dict[str, Any]:
    """Send files of one to four pages, archives, blank pages and pages that cannot be read. Returns how many pages there are to read."""
    from records import actions
    from tests.records.paper import paper

    patient, count = _patient(), 0
    for n in range(int(files)):
        pages = [f"GENE{n}P{page}=positive" for page in range(n % 4 + 1)]
        if n % 10 == 7:
            pages.append(" ")
        if n % 10 == 8:
            pages.append("UNREADABLE")
        title = f"ARCHIVE{n}" if n % 10 == 9 else str(n)
        actions.receive_document(by=patient.account, patient=patient, name=f"{n}.txt", content=paper(*pages, title=title))
        count += len(pages)
    return {"pages": count}


def people(count: str) -> dict[str, Any]:
    """More patients, each with a token that may send files."""
    from portal.models import User
    from portal.tokens import make_token
    from tests.factories import make_patient

    tokens, first = [], User.objects.count()
    for n in range(int(count)):
        user = User.objects.create_user(f"patient{first + n}@example.org")
        make_patient(user)
        tokens.append(make_token(user=user, name="sender", scopes=["read", "write"], days=7)[1])
    return {"tokens": tokens}


def send_and_read(files: str) -> dict[str, Any]:
    """Send files of two pages that were not sent before and read them, here and now."""
    from records.actions.reading import perform_waiting
    from records.models import Document

    send(files, "2", Document.objects.count())
    perform_waiting()
    return contents()


def contents() -> dict[str, Any]:
    """What a person would see: names, originals and facts, decrypted; and whether the log is whole."""
    from records.audit import broken_link
    from records.keys import key_for
    from records.models import Document
    from records.storage import read_file

    rows = Document.objects.select_related("patient").order_by("received_at")
    return {"broken_audit": broken_link()} | {
        one.name: [
            read_file(key_for(one.patient_id, "files"), one.file).decode(),
            sorted(finding.value["name"] for finding in one.findings.all()),
        ]
        for one in rows
    }


def look_at_each() -> dict[str, Any]:
    """Each file that was sent by its name: [status, failure, codes of its pages in order, how many facts its files gave] for each copy."""
    from records.audit import broken_link
    from records.models import Document, Finding, Page, Work

    facts: dict[Any, int] = {}
    for document, parent in Finding.objects.values_list("document", "document__parent"):
        facts[parent or document] = facts.get(parent or document, 0) + 1
    codes: dict[Any, list[str]] = {}
    for document, code in Page.objects.order_by("document", "number").values_list("document", "failure_code"):
        codes.setdefault(document, []).append(code)
    files: dict[str, list[Any]] = {}
    for one in Document.objects.filter(parent=None).select_related("patient"):
        files.setdefault(one.name, []).append([one.status, one.failure_code, codes.get(one.pk, []), facts.get(one.pk, 0)])
    unfinished = Work.objects.filter(state__in=("waiting", "held")).count()
    return {"files": files, "unfinished": unfinished, "broken_audit": broken_link()}


def read_each() -> dict[str, Any]:
    """Everything of everybody, decrypted: how many files and facts there are, and by which keys of the ring the keys of patients are wrapped."""
    from records.keys import key_for
    from records.models import Document, Finding, PatientKey
    from records.storage import read_file

    files = [read_file(key_for(one.patient_id, "files"), one.file) for one in Document.objects.select_related("patient") if one.name]
    facts = [one.value["name"] for one in Finding.objects.all()]
    return {"files": len(files), "facts": len(facts), "ring": sorted(set(PatientKey.objects.values_list("ring_id", flat=True)))}


def look_at_queue() -> dict[str, Any]:
    """How many files are not yet read, and how many rows of work have ended; None where the database does not answer."""
    from django.db import DatabaseError

    from records.models import Document, Work

    try:
        unread = Document.objects.filter(status__in=("received", "reading", "extracting")).count()
        return {"unread": unread, "ended": Work.objects.filter(state__in=("done", "failed")).count()}
    except DatabaseError:
        return {"unread": None, "ended": None}


def look() -> dict[str, Any]:
    from records.audit import broken_link
    from records.models import Document, Finding, Page, Work

    mine = _patient()
    pages = [list(row) for row in Page.objects.filter(document__patient=mine).values_list("document", "number", "failure_code")]
    return {
        "status": list(Document.objects.filter(patient=mine).values_list("status", flat=True)),
        "pages": [[str(document), number, code] for document, number, code in pages],
        "findings": Finding.objects.filter(patient=mine).count(),
        "unfinished": Work.objects.filter(patient=mine, state__in=("waiting", "held")).count(),
        "broken_audit": broken_link(),
    }


DRIVEN = (prepare, newcomer, send, send_mixed, expire, people, send_and_read, contents, look_at_each, look_at_queue, read_each, look)
COMMANDS = {one.__name__: one for one in DRIVEN}


def answer_all() -> None:
    """Nothing is kept between two commands: databases and keys are not what they were when somebody broke them meanwhile."""
    from django.db import connections

    from records.keys import forget_keys

    for line in sys.stdin:
        command, *arguments = json.loads(line)
        forget_keys()
        try:
            said = json.dumps(COMMANDS[command](*arguments))
        finally:
            connections.close_all()
        print(said, flush=True)


if __name__ == "__main__":
    import tests.faults.app  # noqa: F401  sets Django up and puts the readers of paper files in place

    if len(sys.argv) > 1:
        command, *arguments = sys.argv[1:]
        print(json.dumps(COMMANDS[command](*arguments)))
    else:
        answer_all()
