"""From a received file to facts, with readers that misbehave."""

from __future__ import annotations

import errno
import logging
import time
from types import SimpleNamespace
from typing import Any

import pytest
from django.db import OperationalError

from records import actions, audit, queue
from records.actions.reading import perform_waiting, read_page
from records.actions.sweeping import sweep
from records.models import AuditEvent, Document, Finding, Page, Patient, Profile, Work
from records.storage import FolderStore, store
from tests.factories import make_document, make_read_document
from tests.records.paper import PICTURE, Reader, paper

pytestmark = pytest.mark.django_db


def _pages(document: Document) -> list[int]:
    return list(Page.objects.filter(document=document, reading=document.reading).order_by("number").values_list("number", flat=True))


def _try_until_given_up() -> None:
    for _ in range(4):
        perform_waiting()
        sweep()
    perform_waiting()


def test_a_file_becomes_pages_findings_and_a_profile(patient: Patient, reader: Reader) -> None:
    document = make_read_document(patient, paper("KRAS=positive found", "nothing here"))
    assert document.status == "ready"
    assert document.page_count == 2
    assert document.finished_at is not None
    assert [page.text for page in document.pages.all()] == ["KRAS=positive found\n", "nothing here\n"]
    (finding,) = document.findings.all()
    assert (finding.kind, finding.value, finding.date) == ("biomarker", {"name": "KRAS", "status": "positive"}, "2025-03")
    (evidence,) = finding.evidence.all()
    assert (evidence.quote, evidence.page.number, evidence.start, evidence.end) == ("KRAS=positive", 1, 0, 13)
    assert Profile.objects.get(patient=patient, is_current=True).number >= 1


def test_pages_keep_their_boxes(patient: Patient, reader: Reader) -> None:
    document = make_read_document(patient, paper("KRAS=positive found"))
    page = document.pages.get().page_text
    (box,) = page.boxes(0, 13)
    assert (round(box.x0, 6), round(box.x1, 6)) == (0.0, 0.09)
    assert page.confidence(0, 13) == 0.9


def test_nothing_of_a_patient_is_stored_in_clear(patient: Patient, reader: Reader, tmp_path: Any) -> None:
    make_read_document(patient, paper("KRAS=positive canary-words"), name="canary-name.pdf")
    stored = b"".join(path.read_bytes() for path in store().root.rglob("*") if path.is_file())
    for model in (Document, Page, Finding, AuditEvent, Work, Profile):
        stored += repr(list(model.objects.values())).encode()
    assert b"canary" not in stored
    assert b"KRAS" not in stored


def test_extracting_again_adds_nothing(patient: Patient, reader: Reader) -> None:
    document = make_read_document(patient, paper("KRAS=positive KRAS=positive MSI=negative"))
    before = set(Finding.objects.values_list("pk", flat=True))
    queue.add_work(Work.Step.EXTRACT, patient=patient.pk, document=document)
    Document.objects.filter(pk=document.pk).update(status="extracting")
    perform_waiting()
    assert set(Finding.objects.values_list("pk", flat=True)) == before
    assert len(before) == 2


def test_a_second_reading_keeps_what_people_said(patient: Patient, reader: Reader) -> None:
    document = make_read_document(patient, paper("KRAS=positive"))
    finding = document.findings.get()
    actions.review_finding(by=patient.account, finding=finding, decision="confirmed")
    actions.retry_document(by=patient.account, document=document)
    perform_waiting()
    document.refresh_from_db()
    assert (document.status, document.reading) == ("ready", 2)
    assert document.findings.get() == finding
    assert finding.reviews.count() == 1
    assert Page.objects.filter(document=document).count() == 2


def test_a_page_that_cannot_be_read_does_not_stop_the_others(patient: Patient, reader: Reader) -> None:
    document = make_read_document(patient, paper("KRAS=positive", "UNREADABLE", "MSI=negative"))
    assert document.status == "ready"
    assert [page.failure_code for page in document.pages.order_by("number")] == ["", "unreadable", ""]
    assert document.findings.count() == 2


def test_a_file_without_one_readable_page_fails_with_the_reason(patient: Patient, reader: Reader) -> None:
    document = make_read_document(patient, paper("UNREADABLE", "UNREADABLE"))
    assert (document.status, document.failure_code) == ("failed", "unreadable")


@pytest.fixture
def hanging(reader: Reader, monkeypatch: pytest.MonkeyPatch) -> Reader:
    """Each page is held to take 30 seconds; those that say so hang."""
    late = [0.0]
    reader.before_page = lambda _: late.__setitem__(0, 30.0)
    monkeypatch.setattr(queue, "time", SimpleNamespace(monotonic=lambda: time.monotonic() + late[0]))
    return reader


def test_a_file_made_to_hang_uses_up_its_minute_and_no_more(patient: Patient, hanging: Reader) -> None:
    document = make_read_document(patient, paper(*["HANGS"] * 9))
    assert (document.status, document.failure_code) == ("failed", "timed_out")
    assert [round(one) for one in hanging.given] == [20, 20], "four in one go, one alone: the others were not tried"
    assert _pages(document) == list(range(1, 10)), "and each has its end"


def test_a_long_file_with_some_pages_that_hang_has_all_others_read(patient: Patient, hanging: Reader) -> None:
    pages = ["KRAS=positive", "all well", "HANGS", "again", "HANGS", "and again", "HANGS", "NRAS=negative", *["later"] * 40]
    document = make_read_document(patient, paper(*pages))
    assert document.status == "ready" and sorted(hanging.asked) == sorted([*range(1, len(pages) + 1), 3]), "once more alone"
    assert document.pages.filter(failure_code="").count() == len(pages) - 3
    assert {one.value["name"] for one in document.findings.all()} == {"KRAS", "NRAS"}
    assert hanging.given[:3] == [20, 20, 20] and hanging.given[-1] == 10


def test_a_page_too_poor_to_trust_is_shown_and_gives_no_facts(patient: Patient, reader: Reader) -> None:
    document = make_read_document(patient, paper("KRAS=positive", "FAINT MSI=negative", " "))
    assert document.status == "ready"
    assert list(document.pages.order_by("number").values_list("failure_code", flat=True)) == ["", "unreadable", "blank"]
    assert [finding.value["name"] for finding in document.findings.all()] == ["KRAS"]
    assert document.pages.get(number=2).image, "the person can see which page it is"
    assert Work.objects.filter(state="failed").count() == 1, "a blank page is no failure"


def test_a_file_of_blank_and_poor_pages_asks_for_a_better_picture(patient: Patient, reader: Reader) -> None:
    document = make_read_document(patient, paper(" ", "FAINT words"))
    assert (document.status, document.failure_code) == ("failed", "unreadable")


def test_a_file_without_words_is_blank(patient: Patient, reader: Reader) -> None:
    document = make_read_document(patient, paper("", " "))
    assert (document.status, document.failure_code) == ("failed", "blank")


def test_a_reader_that_breaks_is_tried_three_times_and_then_given_up(patient: Patient, reader: Reader, caplog: Any) -> None:
    caplog.set_level(logging.DEBUG)
    document = make_document(patient, paper("KRAS=positive", "CRASH", "MSI=negative"))
    _try_until_given_up()
    document.refresh_from_db()
    assert reader.asked.count(2) == 3
    assert reader.asked.count(1) == reader.asked.count(3) == 1
    assert document.pages.get(number=2).failure_code == "quarantined"
    assert document.status == "ready"
    assert document.findings.count() == 2
    assert "words of a patient" not in caplog.text


def test_a_file_that_breaks_its_reader_is_quarantined(patient: Patient, reader: Reader) -> None:
    document = make_document(patient, paper("KRAS=positive", title="CRASH"))
    other = make_document(patient, paper("MSI=negative"))
    _try_until_given_up()
    document.refresh_from_db()
    other.refresh_from_db()
    assert reader.opened == 3 + 1
    assert (document.status, document.failure_code) == ("failed", "quarantined")
    assert other.status == "ready"


def test_a_locked_file_asks_for_its_password_and_opens_with_it(patient: Patient, reader: Reader) -> None:
    document = make_read_document(patient, paper("KRAS=positive", title="LOCKED"))
    assert (document.status, document.failure_code) == ("failed", "locked")
    for password, status, code in (("wrong", "failed", "wrong_password"), ("open sesame", "ready", "")):
        actions.unlock_document(by=patient.account, document=document, password=password)
        perform_waiting()
        document.refresh_from_db()
        assert (document.status, document.failure_code) == (status, code)


def test_files_of_an_archive_become_documents_once(patient: Patient, reader: Reader) -> None:
    make_read_document(patient, paper("KRAS=positive", title="0"))
    archive = make_read_document(patient, paper("KRAS=positive", "MSI=negative", "UNREADABLE", title="ARCHIVE"))
    assert archive.status == "ready"
    assert sorted(member.name for member in archive.members.all()) == ["1.paper", "2.paper"]
    assert sorted(member.status for member in archive.members.all()) == ["failed", "ready"]
    assert patient.documents.count() == 4


def test_a_withdrawn_consent_stops_reading_at_the_next_page_and_stores_nothing_more(patient: Patient, reader: Reader) -> None:
    document = make_document(patient, paper("one", "two", "three", "four"))

    def withdraw_at_2(number: int) -> None:
        if number == 2:
            actions.withdraw_consent(by=patient.account, patient=patient, purpose="reading")

    reader.before_page = withdraw_at_2
    perform_waiting()
    document.refresh_from_db()
    assert reader.asked == [1, 2]
    assert _pages(document) == [1]
    assert document.status == "received"
    assert len([path for path in store().root.rglob("*") if path.is_file()]) == 2  # the file, and the picture of page 1

    reader.before_page = None
    actions.give_consent(by=patient.account, patient=patient, purpose="reading", version="2")
    perform_waiting()
    document.refresh_from_db()
    assert document.status == "ready"
    assert reader.asked == [1, 2, 2, 3, 4]


def test_a_file_deleted_while_it_is_read_leaves_nothing(patient: Patient, reader: Reader, django_capture_on_commit_callbacks: Any) -> None:
    document = make_document(patient, paper("one", "two"))

    def delete(number: int) -> None:
        with django_capture_on_commit_callbacks(execute=True):
            actions.delete_document(by=patient.account, document=document)

    reader.before_page = delete
    perform_waiting()
    assert not Document.objects.exists()
    assert not Page.objects.exists()
    assert [path for path in store().root.rglob("*") if path.is_file()] == []


def test_a_worker_that_lost_its_claim_stores_nothing(patient: Patient, reader: Reader) -> None:
    document = make_document(patient, paper("one", "two"))

    def lose(number: int) -> None:
        if reader.asked == [1]:
            Work.objects.filter(step="page", number=1).update(token=None, lease_until=None)

    reader.before_page = lose
    perform_waiting()
    perform_waiting()
    document.refresh_from_db()
    assert reader.asked == [1, 2, 1]
    assert _pages(document) == [1, 2]
    assert document.status == "ready"
    files = [path for path in store().root.rglob("*") if path.is_file()]
    assert len(files) == 3


def test_ringing_twice_reads_once(patient: Patient, reader: Reader) -> None:
    make_document(patient, paper("one"))
    perform_waiting()
    page = Work.objects.get(step="page")
    read_page(work=page.pk)
    read_page(work=page.pk)
    assert reader.asked == [1]


def test_every_document_leaves_a_trace_of_its_reading(patient: Patient, reader: Reader) -> None:
    document = make_read_document(patient, paper("KRAS=positive"))
    events = AuditEvent.objects.filter(target_id=document.pk).order_by("id").values_list("action", "actor_role")
    assert list(events) == [("document.received", "patient"), ("document.ready", "system")]


def test_pictures_are_kept_encrypted(patient: Patient, reader: Reader) -> None:
    from records.scope import Scope

    document = make_read_document(patient, paper("KRAS=positive"))
    scope = Scope(patient.account)
    assert scope.page_image(scope.page(document.pk, 1)) == PICTURE
    assert all(PICTURE not in path.read_bytes() for path in store().root.rglob("*") if path.is_file())


@pytest.mark.parametrize("number", [errno.ENOSPC, errno.EIO])
def test_a_full_disk_or_storage_that_is_gone_makes_a_file_wait_and_not_fail(
    patient: Patient, reader: Reader, monkeypatch: pytest.MonkeyPatch, number: int
) -> None:
    documents = [make_document(patient, paper("KRAS=positive")), make_document(patient, paper("MSI=negative", title="ARCHIVE"))]
    with monkeypatch.context() as while_gone:

        def fail(*_: object) -> None:
            raise OSError(number, "gone")

        while_gone.setattr(FolderStore, "put", fail)
        _try_until_given_up()
    _try_until_given_up()
    for document in documents:
        document.refresh_from_db()
        assert (document.status, document.failure_code) == ("ready", "")
    assert Finding.objects.count() == 2


def test_a_database_that_goes_away_at_the_last_moment_leaves_the_file(
    patient: Patient, reader: Reader, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whether the row was kept is not known then: a row without its file would be a file lost."""

    def go_away(**_: object) -> None:
        raise OperationalError

    with monkeypatch.context() as then:
        then.setattr(audit, "record", go_away)
        with pytest.raises(OperationalError):
            make_document(patient, paper("KRAS=positive"))
    assert len(list(store().root.glob("*/*"))) == 1
