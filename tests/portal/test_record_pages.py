"""Consent, sending files, seeing how far they are, and where a fact was read."""

from __future__ import annotations

import io
import uuid
import zipfile
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from records import actions
from records.actions.reading import perform_waiting
from records.exceptions import REASONS
from records.models import AuditEvent, Consent, Document, Patient, ReviewRequest
from tests.factories import make_document
from tests.records.paper import PICTURE, paper

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("content")]


def _file(name: str, content: bytes) -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content)


def test_nobody_gets_in_without_signing_in(client: Client) -> None:
    for url in ("/records/", "/upload/", "/facts/", "/my/", "/my/trials/", "/privacy/mine/", "/review/", "/account/"):
        assert client.get(url).headers["Location"].startswith("/accounts/login/?next=")


def test_records_start_with_consent(as_bob: Client, bob: Any) -> None:
    assert as_bob.get("/upload/").headers["Location"] == "/start/"
    refused = as_bob.post("/start/", {"who": "me"})
    assert "<title>Error: " in refused.content.decode() and not Patient.objects.filter(account=bob).exists()
    agreed = as_bob.post("/start/", {"who": "other", "reading": "on"})
    assert agreed.headers["Location"] == "/upload/"
    patient = Patient.objects.get(account=bob)
    assert patient.is_caregiver and [one.purpose for one in Consent.objects.filter(patient=patient)] == ["reading"]
    assert not ReviewRequest.objects.exists()


def test_the_team_is_asked_only_by_those_who_tick_it(as_bob: Client, bob: Any) -> None:
    as_bob.post("/start/", {"who": "me", "reading": "on", "review": "on"})
    assert ReviewRequest.objects.get().patient.account == bob


def test_staff_send_no_records(as_carol: Client) -> None:
    assert "signed in as staff" in as_carol.get("/start/").content.decode()
    assert as_carol.get("/records/").headers["Location"] == "/start/"


def test_one_bad_file_does_not_lose_the_others(as_alice: Client, record: Patient) -> None:
    sent = [_file("good.pdf", paper("KRAS=positive")), _file("empty.pdf", b""), _file("virus.exe", b"MZ")]
    response = as_alice.post("/upload/", {"files": sent, "photo": [_file("copy.pdf", paper("KRAS=positive"))]})
    text = response.content.decode()
    assert Document.objects.filter(patient=record).count() == 1
    assert "Error: Send your records" in text and "3 files were not kept" in text
    for code in ("empty", "unsupported", "duplicate"):
        assert REASONS[code][0] in text and REASONS[code][1] in text
    assert "Already sent" in text and "virus.exe" in text


def test_sending_nothing_says_so(as_alice: Client, record: Patient) -> None:
    response = as_alice.post("/upload/", {})
    assert response.status_code == 400 and "Choose a file or take a photo" in response.content.decode()


def test_good_files_lead_to_the_list(as_alice: Client, record: Patient) -> None:
    response = as_alice.post("/upload/", {"files": [_file("a.pdf", paper("x"))]}, follow=True)
    text = response.content.decode()
    assert "1 is being read." in text and "every 2s" in text and 'http-equiv="refresh"' in text
    perform_waiting()
    text = as_alice.get("/records/").content.decode()
    assert "1 file is ready." in text and "every 2s" not in text and "See what this means for you" in text


def test_polling_ends_when_all_is_read(as_alice: Client, record: Patient) -> None:
    document = make_document(record, paper("x"))
    going = as_alice.get("/records/progress/", {"row": [str(document.pk)]})
    assert going.status_code == 200 and f'id="file-{document.pk}"' in going.content.decode()
    perform_waiting()
    done = as_alice.get("/records/progress/", {"row": [str(document.pk)]})
    text = done.content.decode()
    assert done.status_code == 286 and "Ready" in text and "hx-get" not in text


def test_polling_shows_nothing_of_others(as_bob: Client, bob: Any, read_file: Document) -> None:
    actions.open_patient(by=bob)
    response = as_bob.get("/records/progress/", {"row": [str(read_file.pk), "nonsense"]})
    assert str(read_file.pk) not in response.content.decode()


def test_a_locked_file_is_opened_in_its_row(as_alice: Client, record: Patient) -> None:
    document = make_document(record, paper("KRAS=positive", title="LOCKED"))
    perform_waiting()
    text = as_alice.get("/records/").content.decode()
    assert REASONS["locked"][0] in text and f'name="{document.pk}-password"' in text
    missing = as_alice.post(f"/records/{document.pk}/unlock/", {})
    assert "<title>Error: My records" in missing.content.decode() and "Type the password of the file" in missing.content.decode()
    as_alice.post(f"/records/{document.pk}/unlock/", {f"{document.pk}-password": "wrong"})
    perform_waiting()
    assert REASONS["wrong_password"][0] in as_alice.get("/records/").content.decode()
    as_alice.post(f"/records/{document.pk}/unlock/", {f"{document.pk}-password": "open sesame"})
    perform_waiting()
    document.refresh_from_db()
    assert document.status == "ready"


def test_the_person_overrides_what_looks_like_another_person(as_alice: Client, record: Patient, read_file: Document) -> None:
    Document.objects.filter(pk=read_file.pk).update(status="failed", failure_code="other_person")
    assert "It is mine. Use it" in as_alice.get("/records/").content.decode()
    as_alice.post(f"/records/{read_file.pk}/accept/")
    perform_waiting()
    read_file.refresh_from_db()
    assert (read_file.status, read_file.is_accepted) == ("ready", True)


def test_deleting_asks_first(as_alice: Client, read_file: Document) -> None:
    assert "cannot be undone" in as_alice.get(f"/records/{read_file.pk}/delete/").content.decode()
    assert Document.objects.filter(pk=read_file.pk).exists()
    as_alice.post(f"/records/{read_file.pk}/delete/")
    assert not Document.objects.filter(pk=read_file.pk).exists()


def test_a_fact_leads_to_its_words_on_the_page(as_alice: Client, read_file: Document) -> None:
    finding = next(one for one in read_file.findings.all() if one.value["name"] == "KRAS")
    text = as_alice.get(f"/proof/{finding.pk}/").content.decode()
    assert "<mark>KRAS=positive</mark>" in text and "alice-report.pdf, page 1" in text
    assert f"/records/{read_file.pk}/pages/1/" in text and "viewBox=" in text and 'class="hit"' in text
    picture = as_alice.get(f"/records/{read_file.pk}/pages/1/")
    assert (picture.content, picture.headers["Content-Type"]) == (PICTURE, "image/webp")
    assert picture.headers["Cache-Control"] == "private, no-store" and "sandbox" in picture.headers["Content-Security-Policy"]


def test_the_file_itself_is_saved_never_shown(as_alice: Client, read_file: Document) -> None:
    response = as_alice.get(f"/records/{read_file.pk}/original/")
    assert b"".join(response.streaming_content) == paper("KRAS=positive found", "MSI=negative here")
    assert (
        response.headers["Content-Disposition"].startswith("attachment") and response.headers["Content-Type"] == "application/octet-stream"
    )
    assert response.headers["X-Content-Type-Options"] == "nosniff"


def _urls_of(document: Document) -> list[str]:
    finding = document.findings.first()
    assert finding is not None
    made = [f"/records/{document.pk}/{end}" for end in ("", "original/", "pages/1/", "delete/")]
    return [*made, f"/proof/{finding.pk}/", f"/facts/{finding.pk}/"]


def test_somebody_elses_and_nobodys_look_the_same(as_bob: Client, bob: Any, read_file: Document) -> None:
    actions.open_patient(by=bob)
    for url in _urls_of(read_file):
        others, nobodys = as_bob.get(url), as_bob.get(url.replace(str(read_file.pk), str(uuid.uuid4())))
        assert others.status_code == 404, url
        assert "alice-report" not in others.content.decode() and "KRAS" not in others.content.decode()
        if str(read_file.pk) in url:
            assert others.content == nobodys.content
    for url in ("unlock", "accept", "retry", "delete"):
        assert as_bob.post(f"/records/{read_file.pk}/{url}/", {f"{read_file.pk}-password": "x"}).status_code == 404
    assert Document.objects.filter(pk=read_file.pk).exists()


def test_a_look_leaves_one_row(as_alice: Client, alice: Any, read_file: Document) -> None:
    before = AuditEvent.objects.filter(action="looked", actor=alice.pk).count()
    as_alice.get(f"/records/{read_file.pk}/")
    assert AuditEvent.objects.filter(action="looked", actor=alice.pk).count() == before + 1


def test_privacy_shows_consents_and_who_looked(as_alice: Client, read_file: Document, record: Patient) -> None:
    text = as_alice.get("/privacy/mine/").content.decode()
    assert (
        "Files that you sent</dt><dd>1</dd>" in text
        and "Facts that we read in them</dt><dd>2</dd>" in text
        and "looked at the record" in text
        and "Our reading machine" in text
    )
    as_alice.post("/privacy/mine/consent/reading/", {"agree": "no"})
    assert not Consent.objects.filter(patient=record, withdrawn_at=None).exists()
    as_alice.post("/privacy/mine/consent/review/", {"agree": "yes"})
    assert ReviewRequest.objects.filter(patient=record, closed_at=None).exists()
    assert as_alice.post("/privacy/mine/consent/selling/", {"agree": "yes"}).status_code == 404


def test_export_and_delete_ask_who_you_are(as_alice: Client, read_file: Document) -> None:
    for url in ("/privacy/mine/copy/", "/privacy/mine/delete/"):
        assert as_alice.get(url).headers["Location"].startswith("/accounts/reauthenticate/")


def _prove(client: Client) -> None:
    client.post("/accounts/reauthenticate/", {"password": "correct horse battery"})


def test_a_copy_of_everything(as_alice: Client, read_file: Document) -> None:
    _prove(as_alice)
    content = b"".join(as_alice.get("/privacy/mine/copy/").streaming_content)
    archive = zipfile.ZipFile(io.BytesIO(content))
    assert archive.namelist() == ["facts.json", "for-my-doctor.pdf", "files/001-alice-report.pdf"]
    assert archive.read("for-my-doctor.pdf").startswith(b"%PDF-")
    assert archive.read("files/001-alice-report.pdf") == paper("KRAS=positive found", "MSI=negative here")
    assert b"KRAS" in archive.read("facts.json")


def test_delete_everything(as_alice: Client, read_file: Document, record: Patient) -> None:
    _prove(as_alice)
    assert "Error: " in as_alice.post("/privacy/mine/delete/", {}).content.decode()
    assert Patient.objects.filter(pk=record.pk).exists()
    as_alice.post("/privacy/mine/delete/", {"sure": "yes"})
    assert not Patient.objects.filter(pk=record.pk).exists()


def test_looks_say_why_and_polling_is_no_look(as_alice: Client, read_file: Document) -> None:
    as_alice.get("/records/progress/", {"row": [str(read_file.pk)]})
    as_alice.get("/facts/")
    text = as_alice.get("/privacy/mine/").content.decode()
    assert "looked at the record to see the facts" in text and text.count("<strong>You</strong> looked at the record") == 2
