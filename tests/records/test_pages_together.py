"""Pages of a person that a worker reads in one go: faster than one by one, and nothing else may differ."""

from __future__ import annotations

import logging
import os
from typing import Any

import pytest

from records import queue
from records.actions.reading import _read_pages, perform_waiting, read_document, read_page
from records.models import Document, Page, Patient, Work
from records.reading.patience import MOST_TOGETHER, Spent, page_seconds, pages_together, seconds_together
from tests.factories import make_document, make_patient
from tests.records.paper import Reader, paper

pytestmark = pytest.mark.django_db
CALM = [f"page {number} KRAS=positive" for number in range(1, 13)]


@pytest.fixture(autouse=True)
def two_workers(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "sched_getaffinity", lambda _: {0, 1})


def _opened(patient: Patient, pages: list[str]) -> list[Work]:
    document = make_document(patient, paper(*pages))
    read_document(work=Work.objects.get(document=document, step="document").pk)
    return list(Work.objects.filter(document=document, step="page").order_by("number"))


def _kept() -> list[int]:
    return list(Page.objects.filter(failure_code="").order_by("number").values_list("number", flat=True))


def test_a_worker_takes_several_pages_of_a_long_document(patient: Patient, reader: Reader) -> None:
    rows = _opened(patient, CALM)
    read_page(work=rows[0].pk)
    assert reader.asked == _kept() == list(range(1, MOST_TOGETHER + 1))
    read_page(work=rows[1].pk)
    assert len(reader.asked) == MOST_TOGETHER, "it is done"


@pytest.mark.parametrize(("count", "taken"), [(1, 1), (2, 1), (3, 2), (4, 2), (5, 3), (12, MOST_TOGETHER)])
def test_what_waits_is_shared_with_the_other_worker(patient: Patient, reader: Reader, count: int, taken: int) -> None:
    read_page(work=_opened(patient, CALM[:count])[0].pk)
    assert len(reader.asked) == taken


def _documents_done() -> list[Any]:
    return list(Work.objects.filter(step="page", state="done").order_by("finished_at").values_list("document", flat=True))


def test_pages_of_the_same_document_go_first(patient: Patient, reader: Reader) -> None:
    _opened(patient, CALM[:1])
    rows = _opened(patient, CALM[:2])
    read_page(work=rows[0].pk)
    assert _documents_done() == [rows[0].document_id] * 2


def test_photos_of_one_page_each_go_together(patient: Patient, reader: Reader) -> None:
    rows = [_opened(patient, [f"photo {number} KRAS=positive"])[0] for number in range(10)]
    read_page(work=rows[3].pk)
    assert _documents_done() == [rows[one].document_id for one in (3, 0, 1, 2, 4)]
    assert set(Document.objects.filter(pk__in=_documents_done()).values_list("status", flat=True)) == {"extracting"}
    perform_waiting()
    assert set(Document.objects.values_list("status", flat=True)) == {"ready"}
    assert len(reader.asked) == 10


def test_pages_of_another_person_are_never_among_them(patient: Patient, reader: Reader, bob: Any) -> None:
    first = _opened(patient, CALM[:1])[0]
    other = make_patient(bob)
    for number in range(6):
        _opened(other, [f"other {number}"])
    read_page(work=first.pk)
    assert _documents_done() == [first.document_id]


def test_a_large_file_is_not_opened_beside_another(patient: Patient, reader: Reader) -> None:
    first, large, *_ = [_opened(patient, [f"file {number}"])[0] for number in range(6)]
    Document.objects.filter(pk=large.document_id).update(byte_size=queue.MOST_BYTES_BESIDE + 1)
    read_page(work=first.pk)
    assert len(_documents_done()) > 1 and large.document_id not in _documents_done()


def test_a_file_that_hangs_costs_the_files_beside_it_a_try_and_no_page(patient: Patient, reader: Reader) -> None:
    rows = [_opened(patient, [f"file {number} {'HANGS' if number == 1 else ''}"])[0] for number in range(10)]
    read_page(work=rows[0].pk)
    assert _documents_done() == [rows[0].document_id], "what had come is kept"
    assert not Work.objects.filter(state="waiting", lease_until__isnull=False).exists(), "all others wait again"
    perform_waiting()
    assert sorted(Document.objects.values_list("status", flat=True)) == ["failed"] + ["ready"] * 9
    assert Document.objects.get(status="failed").failure_code == "timed_out"
    assert len(reader.asked) == 10 + 1, "the one that hung was tried once more, alone"


def test_what_was_tried_before_is_not_taken_beside_another_file(patient: Patient, reader: Reader) -> None:
    first, tried, *_ = [_opened(patient, [f"file {number}", "more"])[0] for number in range(6)]
    Work.objects.filter(pk=tried.pk).update(attempts=2)
    read_page(work=first.pk)
    assert len(_documents_done()) == MOST_TOGETHER and tried.document_id not in _documents_done()


def test_a_file_deleted_meanwhile_leaves_the_others(patient: Patient, reader: Reader) -> None:
    rows = [_opened(patient, [f"file {number}"])[0] for number in range(8)]
    claim = queue.claim(rows[0].pk, "page")
    assert claim
    beside = queue.claim_beside(claim, MOST_TOGETHER - 1)
    Document.objects.filter(pk=beside[0].document).delete()
    _read_pages([claim, *beside], Spent())
    assert _documents_done() == [claim.document, *(one.document for one in beside[1:])]


def test_a_page_that_somebody_holds_is_left_to_them(patient: Patient, reader: Reader) -> None:
    rows = _opened(patient, CALM)
    assert queue.claim(rows[1].pk, "page")
    read_page(work=rows[0].pk)
    assert reader.asked == [1, 3, 4, 5, 6]


def test_where_reading_ends_over_several_pages_each_is_tried_alone(patient: Patient, reader: Reader, caplog: Any) -> None:
    caplog.set_level(logging.DEBUG)
    rows = _opened(patient, ["one", "two", "HANGS", *CALM])
    read_page(work=rows[0].pk)
    assert _kept() == [1, 2], "what had come is kept"
    assert not Page.objects.exclude(failure_code="").exists(), "and nobody says yet that a page is bad"
    assert not Work.objects.filter(state="waiting", lease_until__isnull=False).exists(), "all others wait again"
    perform_waiting()
    document = Document.objects.get()
    assert document.status == "ready"
    assert list(Page.objects.exclude(failure_code="").values_list("number", "failure_code")) == [(3, "timed_out")]
    assert reader.asked.count(3) == 2 and max(reader.asked.count(n) for n in range(1, 16) if n != 3) == 1


def test_a_page_that_breaks_the_worker_takes_no_other_with_it(patient: Patient, reader: Reader) -> None:
    rows = _opened(patient, ["one", "CRASH", "three", *CALM])
    for _ in range(4):
        read_page(work=rows[0].pk)
        perform_waiting()
    assert sorted(_kept()) == [1, *range(3, 16)]
    assert reader.asked.count(2) == 3
    assert all(reader.asked.count(n) == 1 for n in range(3, 16))


def test_a_page_tried_before_is_tried_alone(patient: Patient, reader: Reader) -> None:
    rows = _opened(patient, CALM)
    Work.objects.filter(pk=rows[0].pk).update(attempts=1)
    read_page(work=rows[0].pk)
    assert reader.asked == [1]


def test_all_of_them_keep_their_claims_while_they_are_read(patient: Patient, reader: Reader, settings: Any) -> None:
    rows = _opened(patient, CALM)
    held: list[int] = []
    reader.before_page = lambda number: held.append(Work.objects.filter(step="page", lease_until__isnull=False).count())
    read_page(work=rows[0].pk)
    assert held == list(range(MOST_TOGETHER, 0, -1))


def test_the_seconds_of_pages_are_counted_once(patient: Patient, reader: Reader) -> None:
    rows = _opened(patient, CALM)
    ticks = iter(range(0, 10_000, 5))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("time.monotonic", lambda: next(ticks))
        read_page(work=rows[0].pk)
        whole = next(ticks)
    assert sum(Work.objects.filter(step="page", state="done").values_list("seconds", flat=True)) <= whole


def test_how_many_go_together() -> None:
    assert pages_together(Spent()) == MOST_TOGETHER
    assert pages_together(Spent(read_pages=10, reading=8)) == MOST_TOGETHER
    assert pages_together(Spent(read_pages=2, reading=8)) == 2, "each takes four seconds: nobody waits long without seeing one come"
    assert pages_together(Spent(read_pages=2, reading=60)) == 1
    assert pages_together(Spent(lost=5, lost_pages=1, read_pages=9, reading=9)) == 1
    assert pages_together(Spent(opening=20)) == 1


def test_together_they_are_given_no_more_than_a_file_made_to_hang_may_have() -> None:
    assert seconds_together(Spent()) < page_seconds(Spent())
    assert seconds_together(Spent(opening=40)) == page_seconds(Spent(opening=40)) == 10
