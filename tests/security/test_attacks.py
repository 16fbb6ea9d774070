"""Attacks on the doors: forged requests, stolen sessions, words that become formulas or headers, the time that an answer takes."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from records.models import Document, Patient
from tests.factories import make_patient, make_read_document
from tests.records.paper import paper

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("content")]
PASSWORD = "correct horse battery"
ELSEWHERE = "https://evil.example"


@pytest.mark.asvs("3.5.1", "3.5.3")
@pytest.mark.parametrize(
    "path", ["/upload/", "/facts/decide/", "/privacy/mine/delete/", "/privacy/mine/consent/review/", "/accounts/logout/"]
)
def test_a_form_on_another_site_changes_nothing(alice: Any, record: Patient, path: str) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(alice)
    client.get("/records/")
    token = client.cookies["csrftoken"].value if "csrftoken" in client.cookies else ""
    for headers in ({"Origin": ELSEWHERE}, {"Origin": "null"}, {"Referer": ELSEWHERE + "/"}):
        assert client.post(path, {"csrfmiddlewaretoken": token, "confirm": "yes"}, secure=True, headers=headers).status_code == 403
    assert client.post(path, {"confirm": "yes"}).status_code == 403
    assert client.get("/records/").status_code == 200, "she is still signed in"
    assert Patient.objects.filter(pk=record.pk).exists()


@pytest.mark.asvs("7.2.4")
def test_signing_in_makes_a_new_session(alice: Any) -> None:
    """Who planted a session in somebody's browser has nothing of it after they sign in."""
    client = Client()
    client.get("/accounts/login/")
    session = client.session
    session["planted"] = True
    session.save()
    client.cookies["sessionid"] = planted = session.session_key
    client.post("/accounts/login/", {"login": alice.email, "password": PASSWORD})
    assert client.session["_auth_user_id"] == str(alice.pk)
    assert client.session.session_key != planted
    thief = Client()
    thief.cookies["sessionid"] = planted
    assert thief.get("/account/").status_code == 302


@pytest.mark.asvs("7.4.1", "7.4.2")
def test_a_session_ends_for_good_when_its_person_leaves_or_is_switched_off(alice: Any, sign_in: Callable[[Any], Client]) -> None:
    client = sign_in(alice)
    kept = client.cookies["sessionid"].value
    client.post("/accounts/logout/")
    thief = Client()
    thief.cookies["sessionid"] = kept
    assert thief.get("/account/").status_code == 302
    still = sign_in(alice)
    alice.is_active = False
    alice.save()
    assert still.get("/account/").status_code == 302


@pytest.mark.asvs("1.2.10")
@pytest.mark.parametrize("word", ["=cmd|'/c calc'!A1", "+1+1", "-1+1", "@SUM(A1)", "\t=1", "\r=1"])
def test_no_word_of_a_file_becomes_a_formula(as_alice: Client, record: Patient, word: str) -> None:
    make_read_document(record, paper("KRAS=positive"), name=f"{word}.pdf")
    as_alice.post("/accounts/reauthenticate/", {"password": PASSWORD})
    answer = as_alice.get("/api/v1/export/csv/")
    assert answer.status_code == 200
    body = b"".join(answer.streaming_content) if answer.streaming else answer.content
    assert body
    for cell in _cells(body):
        assert not cell.startswith(("=", "+", "@", "\t", "\r")), cell


def _cells(body: bytes) -> list[str]:
    import csv
    import io
    import zipfile

    texts = [body]
    if body.startswith(b"PK"):
        with zipfile.ZipFile(io.BytesIO(body)) as archive:
            texts = [archive.read(one) for one in archive.namelist()]
    return [cell for text in texts for row in csv.reader(io.StringIO(text.decode("utf-8-sig"))) for cell in row]


@pytest.mark.asvs("1.3.3", "5.4.1", "5.4.2", "3.2.1")
@pytest.mark.parametrize(
    "name", ["a\r\nSet-Cookie: x=1.pdf", 'a"; filename="b.html', "../../etc/passwd", "<script>alert(1)</script>.pdf", "a\x00b.pdf"]
)
def test_the_name_of_a_file_stays_a_name(as_alice: Client, record: Patient, name: str) -> None:
    document = make_read_document(record, paper("KRAS=positive"), name=name)
    answer = as_alice.get(f"/records/{document.pk}/original/")
    assert answer.status_code == 200
    b"".join(answer.streaming_content)
    said = answer.headers["Content-Disposition"]
    assert said.startswith("attachment")
    assert not set("\r\n\x00") & set(said)
    assert not set("/\\<") & set(said)
    assert "Set-Cookie" not in answer.headers
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert b"<script>alert" not in as_alice.get("/records/").content


@pytest.mark.asvs("1.2.1", "5.2.2")
def test_what_stands_in_a_file_is_shown_as_words(as_alice: Client, record: Patient) -> None:
    document = make_read_document(record, paper("<img src=x onerror=alert(1)> KRAS=positive <script>alert(2)</script>"))
    finding = document.findings.first()
    assert finding
    for path in ("/records/", f"/records/{document.pk}/", "/facts/", f"/proof/{finding.pk}/"):
        page = as_alice.get(path).content
        assert b"<script>alert" not in page
        assert b"<img src=x" not in page


@pytest.mark.asvs("3.4.3", "3.4.4", "3.4.5", "3.4.6", "3.3.4", "3.3.2", "14.3.2")
def test_headers_of_a_page_with_a_record(as_alice: Client, record: Patient) -> None:
    answer = as_alice.get("/records/")
    policy = answer.headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    assert "frame-ancestors 'none'" in policy
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Referrer-Policy"] == "same-origin"
    assert "no-store" in answer.headers["Cache-Control"]


@pytest.mark.asvs("8.2.2", "6.3.8")
def test_a_row_of_another_person_takes_no_longer_than_one_that_is_not_there(
    alice: Any, bob: Any, record: Patient, sign_in: Callable[[Any], Client]
) -> None:
    """The same answer by the same number of questions: time tells nobody which ids exist."""
    make_patient(bob)
    hers = make_read_document(record, paper("KRAS=positive"))
    client = sign_in(bob)
    for path in ("/records/{}/", "/records/{}/original/", "/api/v1/documents/{}/"):
        client.get(path.format(uuid.uuid4()))
        counts = {_queries(client, path.format(one)) for one in (uuid.uuid4(), uuid.uuid4())}
        other = _queries(client, path.format(hers.pk))
        # a refused look at a row that is there is written into its owner's log: rows written, the same page
        assert other - max(counts) <= 6, path


def _queries(client: Client, path: str) -> int:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    with CaptureQueriesContext(connection) as asked:
        assert client.get(path).status_code == 404
    return len(asked)


@pytest.mark.asvs("6.3.8")
def test_a_wrong_password_and_an_unknown_address_cost_the_same_work(alice: Any, settings: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """Hashing is what takes time when somebody signs in: it is done once for an address that nobody has, too."""
    from django.contrib.auth.hashers import MD5PasswordHasher

    hashed: list[str] = []
    right = MD5PasswordHasher.encode
    monkeypatch.setattr(MD5PasswordHasher, "encode", lambda self, password, salt: hashed.append(password) or right(self, password, salt))
    answers = {}
    for address in (alice.email, "nobody@example.org"):
        hashed.clear()
        page = Client().post("/accounts/login/", {"login": address, "password": "wrong password"})
        answers[address] = (page.status_code, len(hashed))
    assert answers[alice.email] == answers["nobody@example.org"]
    assert answers[alice.email][1] >= 1


@pytest.mark.asvs("2.3.2", "5.2.1", "5.2.2", "5.2.3")
def test_what_is_sent_again_and_again_or_too_large_is_refused(as_alice: Client, record: Patient, settings: Any) -> None:
    settings.MAX_UPLOAD_BYTES = 1000
    as_alice.post("/upload/", {"files": [SimpleUploadedFile("a.pdf", paper("x" * 2000))]})
    assert not Document.objects.exists()
    settings.MAX_DOCUMENTS_PER_PATIENT = 1
    for n in range(2):
        as_alice.post("/upload/", {"files": [SimpleUploadedFile("a.pdf", paper("KRAS=positive", title=str(n)))]})
    assert Document.objects.count() == 1
