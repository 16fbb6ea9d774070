"""What the fault tests do beside the worker: python -m tests.faults.drive prepare | send FILES PAGES SECONDS | send_mixed FILES | look."""

from __future__ import annotations

import json
import sys
import time
from typing import Any


def prepare() -> dict[str, Any]:
    from django.core.management import call_command

    from portal.models import User
    from tests.factories import make_patient

    for alias in ("default", "keys"):
        call_command("migrate", database=alias, verbosity=0)
    call_command("createcachetable")
    make_patient(User.objects.create_user("alice@example.org", "correct horse battery"))
    return {}


def send(files: str, pages: str, seconds: str) -> dict[str, Any]:
    """Send files one after another, `seconds` apart. Returns how long each took to be accepted."""
    from records import actions
    from records.models import Patient
    from tests.records.paper import paper

    patient, took = Patient.objects.get(), []
    for n in range(int(files)):
        content = paper(*(f"GENE{n}P{page}=positive" for page in range(1, int(pages) + 1)), title=str(n))
        start = time.monotonic()
        actions.receive_document(by=patient.account, patient=patient, name=f"{n}.txt", content=content)
        took.append(time.monotonic() - start)
        time.sleep(float(seconds))
    return {"took": took}


def send_mixed(files: str) -> dict[str, Any]:
    """Send files of one to four pages, archives, blank pages and pages that cannot be read. Returns how many pages there are to read."""
    from records import actions
    from records.models import Patient
    from tests.records.paper import paper

    patient, count = Patient.objects.get(), 0
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


def look() -> dict[str, Any]:
    from records.audit import broken_link
    from records.models import Document, Finding, Page, Work

    pages = [list(row) for row in Page.objects.values_list("document", "number", "failure_code")]
    return {
        "status": list(Document.objects.values_list("status", flat=True)),
        "pages": [[str(document), number, code] for document, number, code in pages],
        "findings": Finding.objects.count(),
        "unfinished": Work.objects.filter(state__in=("waiting", "held")).count(),
        "broken_audit": broken_link(),
    }


if __name__ == "__main__":
    import tests.faults.app  # noqa: F401  sets Django up and puts the readers of paper files in place

    command, *arguments = sys.argv[1:]
    print(json.dumps({"prepare": prepare, "send": send, "send_mixed": send_mixed, "look": look}[command](*arguments)))
