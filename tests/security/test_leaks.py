"""Words that nobody else has, sent in every way a patient can send words: they come out on her own pages and nowhere else."""

from __future__ import annotations

import json
import logging
import re
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client

from records import bells
from records.actions.reading import perform_waiting
from records.models import Document, Patient
from tests.records.paper import Reader, paper

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("content")]
CANARY = re.compile(r"canary[-_ ]?\w*", re.I)
TOKEN = "metrics-token-of-the-tests"


@pytest.fixture
def rung(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """All that goes to the broker."""
    sent: list[str] = []
    monkeypatch.setattr(bells, "_quiet_until", 0.0)
    monkeypatch.setattr(bells.current_app, "send_task", lambda *args, **options: sent.append(json.dumps([args, options])))
    return sent


def send(client: Client, name: str, content: bytes) -> Any:
    return client.post("/upload/", {"files": [SimpleUploadedFile(name, content)]})


@pytest.mark.asvs("14.2.1", "14.2.4", "16.2.5", "16.4.1", "16.5.1")
def test_words_of_a_patient_are_on_her_pages_and_nowhere_else(
    as_alice: Client,
    record: Patient,
    log: list[str],
    rung: list[str],
    mailoutbox: list[Any],
    settings: Any,
    django_capture_on_commit_callbacks: Any,
) -> None:
    settings.METRICS_TOKEN = TOKEN
    places = []
    with django_capture_on_commit_callbacks(execute=True):
        for name, content in (
            ("canary-name.pdf", paper("CANARYGENE=positive canary-text")),
            ("canary-crash.pdf", paper("CRASH canary-page", title="1")),
            ("canary-kind.exe", b"MZ canary-bytes"),
        ):
            places.append(send(as_alice, name, content).headers.get("Location", ""))
    for _ in range(4):
        perform_waiting()
    as_alice.post("/facts/add/biomarker/", {"name": "canary-fact", "value": "canary-value"})
    as_alice.get("/records/?q=canary-query")
    assert "canary-name.pdf" in as_alice.get("/records/").content.decode(), "on her own page it is"
    assert Document.objects.filter(status="ready").exists()

    metrics = Client().get("/metrics", headers={"Authorization": f"Bearer {TOKEN}"})
    assert metrics.status_code == 200
    elsewhere = {
        "log": "\n".join(log),
        "broker": "\n".join(rung),
        "mail": "\n".join(str(one.message()) for one in mailoutbox),
        "addresses": "\n".join(places),
        "metrics": metrics.content.decode(),
        "public page": Client().get("/").content.decode(),
        "database": _database(),
    }
    assert {name for name in ("log", "broker", "metrics", "database") if not elsewhere[name]} == set(), "there was something to look at"
    assert {name: CANARY.findall(text) for name, text in elsewhere.items() if CANARY.search(text)} == {}


def _database() -> str:
    """All rows as they are stored. (A file dump or a backup holds these bytes.)"""
    said = []
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            if table.startswith(("records_", "django_session", "portal_cache")):
                cursor.execute(f"SELECT * FROM {table}")
                said += [
                    bytes(value).decode("latin-1") if isinstance(value, bytes | memoryview) else str(value)
                    for row in cursor
                    for value in row
                ]
    return "\n".join(said)


@pytest.mark.asvs("16.3.4", "16.5.1", "16.5.4")
def test_an_error_page_says_nothing_of_what_was_asked_for_and_the_log_no_word_of_the_error(
    as_alice: Client, record: Patient, log: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def break_down(*args: object, **kwargs: object) -> None:
        raise ValueError("canary-of-the-error")

    monkeypatch.setattr("portal.views.records.render", break_down)
    as_alice.raise_request_exception = False
    answer = as_alice.get("/records/?canary-query=1")
    assert answer.status_code == 500
    missing = as_alice.get("/canary-path/")
    assert missing.status_code == 404
    for said in (answer.content.decode(), missing.content.decode(), "\n".join(log)):
        assert not CANARY.search(said)
    (line,) = [json.loads(one) for one in log if '"ValueError"' in one]
    assert line["where"], "where it broke is there to be found"


@pytest.mark.asvs("16.2.2", "16.2.4", "16.4.1", "1.3.10")
def test_lines_of_the_log_hold_what_is_on_the_list(log: list[str]) -> None:
    logging.getLogger("records.queue").warning("step_failed step=%s", "page")
    logging.getLogger("elsewhere").warning("Not Found: %s", "/invited/canary-secret/")
    logging.getLogger("elsewhere").warning(f"canary {1}")
    ours, others, bare = (json.loads(one) for one in log[-3:])
    assert ours["event"] == "step_failed step=page"
    assert others["event"] == "Not Found: %s"
    assert bare["event"] == "str left out"
    assert set(ours) == {"at", "level", "logger", "event"}
    assert ours["at"].endswith("+00:00")
    logging.getLogger("records.queue").warning('a\n{"level": "faked %s"}', "{0.__class__}")
    assert "\n" not in log[-1], "a line that somebody puts a line into stays one"
    assert "{0.__class__}" in json.loads(log[-1])["event"]


@pytest.mark.asvs("13.4.5")
@pytest.mark.parametrize("given", ["", "Bearer ", "Bearer wrong", "Bearer ä"])
def test_metrics_are_not_there_for_who_has_not_the_token(client: Client, settings: Any, given: str) -> None:
    settings.METRICS_TOKEN = TOKEN
    assert client.get("/metrics", headers={"Authorization": given}).status_code == 404
    settings.METRICS_TOKEN = ""
    assert client.get("/metrics", headers={"Authorization": "Bearer "}).status_code == 404


def test_metrics_count_what_was_done(as_alice: Client, record: Patient, reader: Reader, settings: Any) -> None:
    settings.METRICS_TOKEN = TOKEN
    send(as_alice, "a.pdf", paper("KRAS=positive", "UNREADABLE"))
    waiting = Client().get("/metrics", headers={"Authorization": f"Bearer {TOKEN}"}).content.decode()
    assert 'cartguide_work{state="waiting"} 1' in waiting
    perform_waiting()
    done = Client().get("/metrics", headers={"Authorization": f"Bearer {TOKEN}"}).content.decode()
    assert "cartguide_pages_last_minute 2" in done
    assert 'cartguide_failures_last_10_minutes{code="unreadable"} 1' in done
    assert re.search(r'^cartguide_step_seconds_last_10_minutes\{step="page"\} \d', done, re.M)
    assert "alice" not in done
    assert str(record.pk) not in done
