"""Files that cannot be used, each with its own sentence and code, on the page and in the API; the good one beside them is kept and read."""

from __future__ import annotations

import io
import json
from collections.abc import Callable
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from PIL import Image

from records.actions.reading import perform_waiting
from records.exceptions import REASONS
from records.models import Document, Patient
from tests.demo_records import MOLECULAR, PATHOLOGY
from tests.documents import as_image, blank_pdf, digital_pdf, scanned_pdf
from tests.factories import make_patient
from tests.records.reading.text_files import zip_of

pytestmark = pytest.mark.django_db
LINES = ("SURGICAL PATHOLOGY REPORT", "FINAL DIAGNOSIS", "Pancreas, biopsy: ductal adenocarcinoma.")
GOOD = digital_pdf([LINES])
SONG = ("notes/song.mp3", b"ID3" + bytes(500))


def huge_picture() -> bytes:
    """200 megapixels in a few kilobytes."""
    made = io.BytesIO()
    Image.new("1", (20_000, 10_000), 1).save(made, "PNG")
    return made.getvalue()


def two_people() -> bytes:
    people = [{"resourceType": "Patient", "name": [{"family": name}]} for name in ("Marigold", "Brambleton")]
    return "\n".join(map(json.dumps, people)).encode()


def sliver() -> bytes:
    """40,000 pixels across and one high: more than Tesseract takes."""
    made = io.BytesIO()
    Image.new("1", (40_000, 1), 1).save(made, "PNG")
    return made.getvalue()


# name: (file name, content, code). Refused at the door: nothing is kept.
REFUSED: dict[str, tuple[str, Callable[[], bytes], str]] = {
    "empty": ("report.pdf", lambda: b"", "empty"),
    "of a wrong type": ("song.mp3", lambda: b"ID3\x04\x00\x00\x00\x00\x00\x00" + b"\xff\xfb\x90\x64" * 400, "unsupported"),
    "a program by the name of a report": ("report.pdf", lambda: b"\x7fELF\x02\x01\x01" + bytes(3000), "unsupported"),
    "too large": ("large.pdf", lambda: GOOD + b"\n%" + b"x" * 60_000, "too_large"),
}
# Kept, and found out when it is opened.
FAILED: dict[str, tuple[str, Callable[[], bytes], str]] = {
    "truncated": ("cut.pdf", lambda: GOOD[: len(GOOD) // 3], "damaged"),
    "locked": ("locked.pdf", lambda: digital_pdf([LINES], password="rosemary"), "locked"),
    "of 200 megapixels": ("huge.png", huge_picture, "too_large"),
    "blank": ("blank.pdf", blank_pdf, "blank"),
    "of two people": ("export.json", two_people, "several_people"),
    "an archive of nothing we read": ("export.zip", lambda: zip_of(("inner.zip", zip_of(("good.pdf", GOOD))), SONG), "nothing_inside"),
    "a sliver": ("sliver.png", sliver, "blank"),
    "in another language": ("report.txt", lambda: "Диагноз: аденокарцинома. Мутация KRAS не обнаружена.".encode(), "other_language"),
    "no medical record": ("flat.pdf", lambda: digital_pdf([("Dear tenant,", "the rent of the flat is due on Monday.", "Yours, the landlord")]), "not_medical"),
}  # fmt: skip


@pytest.fixture
def record(alice: Any) -> Patient:
    return make_patient(alice)


def _send(client: Client, *files: tuple[str, bytes]) -> Any:
    return client.post(reverse("upload"), {"files": [SimpleUploadedFile(name, content) for name, content in files]})


def _send_to_api(client: Client, name: str, content: bytes) -> Any:
    return client.post("/api/v1/documents/", {"file": SimpleUploadedFile(name, content)})


def _plain(response: Any) -> str:
    return str(response.content.decode()).replace("&#x27;", "'")


@pytest.mark.parametrize("kind", REFUSED)
def test_a_file_refused_at_the_door_says_why_and_loses_no_other(kind: str, as_alice: Client, record: Patient, settings: Any) -> None:
    settings.MAX_UPLOAD_BYTES = 50_000
    name, content, code = REFUSED[kind][0], REFUSED[kind][1](), REFUSED[kind][2]
    said = _plain(_send(as_alice, ("first.pdf", GOOD), (name, content), ("second.pdf", digital_pdf([(*LINES, "Second.")]))))
    for words in REASONS[code]:
        assert words in said
    assert name in said
    assert sorted(Document.objects.values_list("status", flat=True)) == ["received", "received"]
    perform_waiting()
    assert sorted(Document.objects.values_list("status", flat=True)) == ["ready", "ready"]


@pytest.mark.parametrize("kind", REFUSED)
def test_the_api_refuses_with_the_same_code_and_words(kind: str, as_alice: Client, record: Patient, settings: Any) -> None:
    settings.MAX_UPLOAD_BYTES = 50_000
    name, content, code = REFUSED[kind][0], REFUSED[kind][1](), REFUSED[kind][2]
    response = _send_to_api(as_alice, name, content)
    problem = json.loads(response.content)
    assert 400 <= response.status_code < 500
    assert problem["code"] == code
    assert problem["detail"] == " ".join(REASONS[code])
    assert not Document.objects.exists()


@pytest.mark.parametrize("kind", FAILED)
def test_a_file_that_cannot_be_used_says_why_on_the_page_and_in_the_api(kind: str, as_alice: Client, record: Patient) -> None:
    name, content, code = FAILED[kind][0], FAILED[kind][1](), FAILED[kind][2]
    assert _send(as_alice, (name, content), ("good.pdf", GOOD)).status_code == 302, "both are kept"
    perform_waiting()
    page = _plain(as_alice.get(reverse("records")))
    for words in REASONS[code]:
        assert words in page
    listed = {one["name"]: one for one in _documents(as_alice)}
    assert listed["good.pdf"]["status"] == "ready"
    assert listed[name]["status"] == "failed"
    assert listed[name]["failure"] == {"code": code, "detail": " ".join(REASONS[code])}


def _documents(client: Client) -> list[dict[str, Any]]:
    answer = json.loads(client.get("/api/v1/documents/").content)
    listed: list[dict[str, Any]] = answer["results"] if isinstance(answer, dict) else answer
    return listed


def test_the_same_file_twice_is_kept_once(as_alice: Client, record: Patient) -> None:
    said = _plain(_send(as_alice, ("a.pdf", GOOD), ("b.pdf", GOOD)))
    for words in REASONS["duplicate"]:
        assert words in said
    assert json.loads(_send_to_api(as_alice, "c.pdf", GOOD).content)["code"] == "duplicate"
    assert Document.objects.count() == 1


def test_a_picture_by_the_name_of_a_pdf_is_read_as_what_it_is(as_alice: Client, record: Patient) -> None:
    _send(as_alice, ("scan.pdf", as_image(LINES, "PNG")))
    perform_waiting()
    document = Document.objects.get()
    assert (document.status, document.media_type) == ("ready", "image/png")
    assert "adenocarcinoma" in document.pages.get().text


def test_a_locked_file_opens_with_its_password_and_not_with_another(as_alice: Client, record: Patient) -> None:
    _send(as_alice, ("locked.pdf", digital_pdf([LINES], password="rosemary")))
    perform_waiting()
    for password, status, code in (("thyme", "failed", "wrong_password"), ("rosemary", "ready", "")):
        document = Document.objects.get()
        as_alice.post(reverse("unlock", args=[document.pk]), {f"{document.pk}-password": password})
        perform_waiting()
        document.refresh_from_db()
        assert (document.status, document.failure_code) == (status, code)


def test_the_good_files_of_an_archive_are_read_beside_the_bad_ones(as_alice: Client, record: Patient) -> None:
    _send(as_alice, ("export.zip", zip_of(("good.pdf", GOOD), ("cut.pdf", GOOD[:700]), SONG)))
    perform_waiting()
    seen = dict(Document.objects.values_list("status", "failure_code"))
    assert ("failed", "damaged") in seen.items()
    names = {document.name.rsplit("/", 1)[-1]: document.status for document in Document.objects.all()}
    assert (names["export.zip"], names["good.pdf"], names["cut.pdf"]) == ("ready", "ready", "failed")


def test_the_same_report_as_a_scan_is_kept_and_said_to_be_the_same(as_alice: Client, record: Patient) -> None:
    _send(as_alice, ("from-the-portal.pdf", digital_pdf([PATHOLOGY])), ("genes.pdf", digital_pdf([MOLECULAR])))
    perform_waiting()
    _send(as_alice, ("scanned.pdf", scanned_pdf([PATHOLOGY])))
    perform_waiting()
    page = _plain(as_alice.get(reverse("records")))
    assert page.count("It looks like the same report as") == 1
    assert "It looks like the same report as from-the-portal.pdf. We keep both; you can delete one." in page
    Document.objects.get(digest=next(one.digest for one in Document.objects.all() if one.name == "from-the-portal.pdf")).delete()
    assert "It looks like the same report" not in _plain(as_alice.get(reverse("records")))
