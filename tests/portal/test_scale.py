"""What a page asks of the database does not grow with the record, and no question that is asked often reads a whole table."""

from __future__ import annotations

import datetime as dt
import re
from typing import Any

import pytest
from django.db import connection
from django.db.models import Q, QuerySet
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from portal.models import User
from records import oversight
from records.models import Document, Evidence, Finding, Page, Patient, Work
from records.scope import Scope
from records.waiting import ORDERS, SHOWS
from tests.factories import ask_for_review, make_patient, make_read_document
from tests.records.paper import paper

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("content")]
PAGES = ("/records/", "/records/progress/", "/facts/", "/my/trials/", "/privacy/mine/", "/api/v1/documents/", "/api/v1/findings/")
OF_STAFF = ("/review/", "/api/v1/review/")


def _asked(client: Client, path: str) -> int:
    client.get(path)
    with CaptureQueriesContext(connection) as asked:
        assert client.get(path).status_code in (200, 286), path
    return len(asked)


def _add_files(record: Patient, numbers: range) -> None:
    """Each shows the report of the first one again, as far as the record knows."""
    for n in numbers:
        document = make_read_document(record, paper(f"GENE{n}A=positive", f"GENE{n}B=negative", title=str(n)), name=f"{n}.pdf")
        first = Document.objects.order_by("received_at").first()
        assert first is not None
        document.report = {**(document.report or {}), "same_as": str(first.pk)}
        document.save(update_fields=["report"])


def test_a_page_asks_no_more_for_a_long_record_than_for_a_short_one(as_alice: Client, record: Patient) -> None:
    _add_files(record, range(3))
    short = {path: _asked(as_alice, path) for path in PAGES}
    _add_files(record, range(3, 9))
    long = {path: _asked(as_alice, path) for path in PAGES}
    assert {path: (short[path], long[path]) for path in PAGES if long[path] > short[path]} == {}
    assert max(long.values()) <= 60


def test_a_long_queue_of_coordinators_asks_no_more_than_a_short_one(as_carol: Client, record: Patient, reader: Any) -> None:
    ask_for_review(record)
    short = {path: _asked(as_carol, path) for path in OF_STAFF}
    for n in range(4):
        ask_for_review(make_patient(User.objects.create_user(f"patient{n}@example.org")))
    assert {path: _asked(as_carol, path) for path in OF_STAFF} == short
    assert max(short.values()) <= 12


def _often_asked(alice: Any, record: Patient) -> dict[str, QuerySet[Any]]:
    now = timezone.now()
    scope = Scope(alice)
    document = Document.objects.first()
    return {
        "work that waits": Work.objects.filter(state="waiting", lease_until__lt=now),
        "what ended lately": Work.objects.filter(finished_at__gte=now - dt.timedelta(minutes=1)).order_by(),
        "work of a file": Work.objects.filter(document=document, step="page", reading=1).order_by(),
        "files of a patient": scope.documents(record),
        "pages of a file": Page.objects.filter(document=document, reading=1).order_by("number"),
        "facts of a patient": Finding.objects.filter(patient=record),
        "words of a fact": Evidence.objects.filter(finding=Finding.objects.first()),
        "log of a patient": scope.access_log(record),
        "who of us has access": oversight._granted()[:50],
        "a file by its fingerprint": Document.objects.filter(Q(patient=record) & Q(digest="x")),
    }


def test_no_question_that_is_asked_often_reads_a_whole_table(alice: Any, record: Patient) -> None:
    make_read_document(record, paper("KRAS=positive"))
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("SET LOCAL enable_seqscan = off")
    whole = {name: plan for name, rows in _often_asked(alice, record).items() if _reads_all(plan := rows.explain())}
    assert whole == {}


def test_no_page_reads_a_whole_table_of_records(as_alice: Client, as_carol: Client, record: Patient) -> None:
    """Every question that the pages ask, by its plan: what is small here has millions of rows elsewhere (python -m tests.many_rows)."""
    make_read_document(record, paper("GENE1=positive", "GENE2=negative"))
    ask_for_review(record)
    with CaptureQueriesContext(connection) as asked:
        for path in PAGES:
            as_alice.get(path)
        for path in (*OF_STAFF, *(f"/review/?show={show}&sort={sort}" for show in SHOWS for sort in ORDERS)):
            as_carol.get(path)
    statements = {one["sql"] for one in asked if one["sql"].startswith("SELECT")}
    assert len(statements) > 50
    whole = {}
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("SET LOCAL enable_seqscan = off")
        for sql in statements:
            cursor.execute(("EXPLAIN " if connection.vendor == "postgresql" else "EXPLAIN QUERY PLAN ") + sql.replace("%", "%%"), [])
            plan = "\n".join(str(row[-1]) for row in cursor.fetchall())
            if any(_reads_all(line) and "records_" in line for line in plan.splitlines()):
                whole[sql] = plan
    assert whole == {}


def _reads_all(plan: str) -> bool:
    """A scan without an index: SQLite says SCAN without USING, PostgreSQL Seq Scan even where it would rather not."""
    if connection.vendor == "postgresql":
        return "Seq Scan" in plan
    return any(re.search(r"\bSCAN\b", line) and "USING" not in line for line in plan.splitlines())
