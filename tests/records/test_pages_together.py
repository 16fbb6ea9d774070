"""Pages of a document that a worker reads in one go: faster than one by one, and nothing else may differ."""

from __future__ import annotations

import logging
import os
from typing import Any

import pytest

from records import queue
from records.actions.reading import perform_waiting, read_document, read_page
from records.models import Document, Page, Patient, Work
from records.reading.patience import MOST_TOGETHER, Spent, page_seconds, pages_together, seconds_together
from tests.factories import make_document
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


def test_what_waits_of_other_documents_counts_but_is_not_taken(patient: Patient, reader: Reader) -> None:
    rows = _opened(patient, CALM[:2])
    _opened(patient, CALM[:1])
    read_page(work=rows[0].pk)
    assert Work.objects.filter(step="page", state="done").values_list("document", flat=True).distinct().get() == rows[0].document_id
    assert len(reader.asked) == 2


def test_a_page_that_somebody_holds_is_left_to_them(patient: Patient, reader: Reader) -> None:
    rows = _opened(patient, CALM)
    assert queue.claim(rows[1].pk, "page")
    read_page(work=rows[0].pk)
    assert reader.asked == [1, 3, 4, 5]


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
    assert held == [4, 3, 2, 1]


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
