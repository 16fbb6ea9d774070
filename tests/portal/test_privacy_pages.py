"""The patient's privacy: what is held, who looked and why, a copy of everything, and who else may see it."""

from __future__ import annotations

import hashlib
import io
import json
import zipfile
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from portal.forms.records import StartForm
from portal.presenters.privacy import PURPOSES
from portal.views.records import CONSENT_VERSION
from records import actions
from records.models import AuditEvent, Document, Patient
from records.scope import Scope
from tests.factories import ask_for_review
from tests.records.paper import paper

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("content")]
PASSWORD = "correct horse battery"


def sure(client: Client) -> Client:
    """The person has just typed the password."""
    client.post("/accounts/reauthenticate/", {"password": PASSWORD})
    return client


@pytest.fixture
def full(record: Patient, read_file: Document, alice: Any, carol: Any) -> Patient:
    """alice's record with a word of hers and of carol's, a question, and somebody who was turned away."""
    finding = read_file.findings.all()[0]
    actions.state_fact(by=alice, patient=record, kind="age", value={"age": 61}, date="2025")
    request = ask_for_review(record)
    actions.claim_review(by=carol, request=request)
    actions.review_finding(by=carol, finding=finding, decision="disputed", note="Which lab?")
    actions.answer_question(by=alice, question=actions.ask_patient(by=carol, request=request, text="Which lab?"), text="The one in town.")
    Scope(carol, purpose="review").document(read_file.pk)
    return record


@pytest.fixture(autouse=True)
def no_pdf(monkeypatch: pytest.MonkeyPatch) -> None:
    """Making the PDF has its own test."""
    monkeypatch.setattr("portal.views.privacy.personal", lambda scope, patient: None)
    monkeypatch.setattr("portal.views.privacy.my_page", lambda content, made, is_clinical: None)
    monkeypatch.setattr("portal.views.privacy.summary_pdf", lambda page: b"%PDF-summary")


def test_the_page_says_what_is_held_and_how_long_backups_last(as_alice: Client, full: Patient, read_file: Document) -> None:
    text = as_alice.get("/privacy/mine/").content.decode()
    for words in ("Files that you sent", "Facts that you told us", "alice-report.pdf", f"/records/{read_file.pk}/delete/", "30 days"):
        assert words in text, words


def test_the_page_says_who_looked_and_why(as_alice: Client, full: Patient, bob: Any, sign_in: Callable[[Any], Client]) -> None:
    sign_in(bob).get(f"/records/{full.documents.get().pk}/original/")
    text = as_alice.get("/privacy/mine/").content.decode()
    for words in (
        "A care coordinator",
        "looked at the record to check the facts",
        "started a check",
        "Turned away",
        "asked you a question",
    ):
        assert words in text, words
    assert "carol@example.org" not in text and "bob@example.org" not in text


def _copy(client: Client) -> zipfile.ZipFile:
    answer: Any = sure(client).get("/privacy/mine/copy/")
    return zipfile.ZipFile(io.BytesIO(b"".join(answer.streaming_content)))


def test_the_copy_holds_the_files_all_that_is_known_and_the_summary(as_alice: Client, full: Patient) -> None:
    copy = _copy(as_alice)
    assert copy.namelist() == ["facts.json", "for-my-doctor.pdf", "files/001-alice-report.pdf"]
    assert copy.read("files/001-alice-report.pdf") == paper("KRAS=positive found", "MSI=negative here")
    assert copy.read("for-my-doctor.pdf") == b"%PDF-summary"
    held = json.loads(copy.read("facts.json"))
    assert {one["value"]["name"] for one in held["findings"]} == {"KRAS", "MSI"}
    assert held["findings"][0]["quotes"][0]["words"] in ("KRAS=positive", "MSI=negative")
    assert held["profile"]["biomarkers"] and held["said"][0]["value"] == {"age": 61}
    assert held["reviews"][0]["note"] == "Which lab?" and held["questions"][0]["answer"] == "The one in town."
    assert [one["purpose"] for one in held["agreements"]] == ["review", "reading"]
    assert {"looked", "review.claimed", "finding.reviewed"} <= {one["action"] for one in held["log"]}
    assert "example.org" not in copy.read("facts.json").decode(), "accounts of others are not in it"


def test_a_copy_is_one_look_with_its_reason(as_alice: Client, full: Patient) -> None:
    sure(as_alice)
    last = AuditEvent.objects.count()
    _copy(as_alice)
    assert [(one.action, one.purpose) for one in AuditEvent.objects.filter(id__gt=last, patient=full.pk)] == [("looked", "export")]


@pytest.mark.parametrize("path", ["/privacy/mine/copy/", "/privacy/mine/delete/"])
def test_a_copy_and_the_end_of_it_all_ask_who_you_are(as_alice: Client, full: Patient, path: str) -> None:
    for answer in (as_alice.get(path), as_alice.post(path, {"sure": "yes"})):
        assert answer.status_code in (302, 405) and (answer.status_code == 405 or "/accounts/reauthenticate/" in answer.headers["Location"])
    assert Patient.objects.filter(pk=full.pk).exists()


def test_deleting_everything_leaves_nothing_to_see(as_alice: Client, full: Patient) -> None:
    sure(as_alice).post("/privacy/mine/delete/", {"sure": "yes"})
    assert not Patient.objects.exists() and not Document.objects.exists()
    assert as_alice.get("/privacy/mine/").headers["Location"] == "/start/"


# What each version of the agreement said, as a digest: who changes a word of it gives it a new version, so that what was agreed to is known.
AGREED = {"2026-11": "9021c72a88ce434b"}


def test_a_changed_word_of_an_agreement_needs_a_new_version() -> None:
    fields = [StartForm().fields[name] for name in ("reading", "review", "alerts")]
    said = [*(f"{one.label} {one.help_text}" for one in fields), *(f"{name} {title} {text}" for name, title, text in PURPOSES)]
    assert AGREED[CONSENT_VERSION] == hashlib.sha256("|".join(said).encode()).hexdigest()[:16]


def test_which_mails_come_is_chosen_on_the_privacy_page(as_alice: Client, record: Patient) -> None:
    assert "Which e-mails?" not in as_alice.get("/privacy/mine/").content.decode()
    as_alice.post("/privacy/mine/consent/alerts/", {"agree": "yes"})
    assert as_alice.get("/privacy/mine/").content.decode().count(" checked>") == 4
    as_alice.post("/privacy/mine/notices/", {"notice": ["needs_you", "nonsense"]})
    assert as_alice.get("/privacy/mine/").content.decode().count(" checked>") == 1
    record.refresh_from_db()
    assert record.notices_off == ["answer_changed", "file_read", "review_done"]
