"""The database as a queue: who holds a claim, who may finish, what the sweeper puts back."""

from __future__ import annotations

import datetime as dt
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from celery import Celery
from django.db import connection, transaction
from django.test import TestCase
from django.utils import timezone

from records import bells, processes, queue
from records.actions.reading import perform_waiting
from records.actions.sweeping import sweep
from records.models import Document, Patient, Work
from tests import services
from tests.factories import make_document
from tests.records.paper import Reader, paper

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def nothing_under_way(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """A broker of another test, with the bells that were left in it, counts for nothing here."""
    if "broker" not in request.fixturenames:
        monkeypatch.setattr(bells, "under_way", lambda: 0)


@pytest.fixture
def rung(monkeypatch: pytest.MonkeyPatch) -> list[Any]:
    """What was sent to the broker."""
    sent: list[Any] = []
    monkeypatch.setattr(bells.current_app, "send_task", lambda name, args, **options: sent.append((name, *args)))
    return sent


@pytest.fixture
def document(patient: Patient, reader: Reader) -> Document:
    return make_document(patient, paper("one", "two"))


@pytest.fixture
def work(document: Document) -> Work:
    return Work.objects.get()


def _later(work: Work, **moments: float) -> None:
    Work.objects.filter(pk=work.pk).update(**{name: timezone.now() - dt.timedelta(seconds=ago) for name, ago in moments.items()})


def test_one_claim_at_a_time(work: Work) -> None:
    first = queue.claim(work.pk, "document")
    assert first is not None
    assert queue.claim(work.pk, "document") is None
    assert (first.patient, first.document, first.number) == (work.patient_id, work.document_id, 0)


def test_a_claim_is_for_its_own_step(work: Work) -> None:
    assert queue.claim(work.pk, "page") is None


def test_who_finishes_twice_is_refused(work: Work) -> None:
    claim = queue.claim(work.pk, "document")
    assert claim
    assert queue.finish(claim) is True
    assert queue.finish(claim) is False
    assert queue.claim(work.pk, "document") is None


def test_who_lost_the_claim_cannot_finish(work: Work) -> None:
    slow = queue.claim(work.pk, "document")
    _later(work, lease_until=1)
    quick = queue.claim(work.pk, "document")
    assert slow
    assert quick
    assert queue.renew(slow) is False
    assert queue.finish(slow) is False
    assert queue.renew(quick) is True
    assert queue.finish(quick) is True


def test_the_heartbeat_keeps_the_lease(work: Work) -> None:
    claim = queue.claim(work.pk, "document")
    assert claim
    _later(work, lease_until=-1)
    assert queue.renew(claim) is True
    work.refresh_from_db()
    assert work.lease_until is not None
    assert work.lease_until > timezone.now() + dt.timedelta(seconds=30)


def test_the_doorbell_rings_on_commit_with_an_id_only(
    patient: Patient, reader: Reader, rung: list[Any], django_capture_on_commit_callbacks: Any
) -> None:
    with django_capture_on_commit_callbacks() as callbacks:
        make_document(patient, paper("one"), name="canary.pdf")
        assert rung == []
    for callback in callbacks:
        callback()
    assert rung == [("records.tasks.read_document", str(Work.objects.get().pk))]


def test_a_broker_that_is_down_is_no_error_and_the_sweeper_rings_later(
    patient: Patient, reader: Reader, monkeypatch: pytest.MonkeyPatch, django_capture_on_commit_callbacks: Any
) -> None:
    tried: list[str] = []

    def refuse(name: str, args: list[str], **options: Any) -> None:
        tried.append(name)
        raise ConnectionError

    monkeypatch.setattr(bells, "_quiet_until", 0.0)
    monkeypatch.setattr(bells.current_app, "send_task", refuse)
    with django_capture_on_commit_callbacks(execute=True):
        make_document(patient, paper("one"))
        make_document(patient, paper("two"))
    assert len(tried) == 1, "after the first failure the broker is left alone for a moment"
    assert set(Work.objects.values_list("rung_at", flat=True)) == {None}

    rung: list[str] = []
    monkeypatch.setattr(bells, "_quiet_until", 0.0)
    monkeypatch.setattr(bells.current_app, "send_task", lambda name, args, **options: rung.append(name))
    with django_capture_on_commit_callbacks(execute=True):
        assert sweep().rung == 2
    assert len(rung) == 2
    assert sweep().rung == 0


@pytest.mark.parametrize(
    ("moments", "is_rung"),
    [
        ({}, False),
        ({"rung_at": 30}, False),
        ({"rung_at": 61}, True),
        ({"lease_until": -30, "rung_at": 120}, False),
        ({"lease_until": 1, "rung_at": 5}, True),
    ],
    ids=["just rung", "rung half a lease ago", "rung a lease ago and nobody came", "being worked on", "lease ran out"],
)
def test_the_sweeper_rings_what_nobody_does(work: Work, moments: dict[str, float], is_rung: bool) -> None:
    if "lease_until" in moments:
        queue.claim(work.pk, "document")
    _later(work, **moments)
    assert sweep().rung == int(is_rung)


def test_the_sweeper_voids_a_claim_that_ran_out(work: Work) -> None:
    dead = queue.claim(work.pk, "document")
    _later(work, lease_until=1)
    sweep()
    assert dead
    assert queue.finish(dead) is False


def test_killed_three_times_is_given_up(work: Work, document: Document) -> None:
    for _ in range(3):
        assert queue.claim(work.pk, "document")
        _later(work, lease_until=1)
    assert queue.claim(work.pk, "document") is None
    assert sweep().given_up == 1
    document.refresh_from_db()
    work.refresh_from_db()
    assert (document.status, document.failure_code) == ("failed", "quarantined")
    assert (work.state, work.failure_code) == ("failed", "quarantined")
    assert sweep() == type(sweep())(0, 0, 0)


@pytest.fixture
def gone(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """What is claimed is claimed by a process that has ended since."""
    one = subprocess.run(
        [sys.executable, "-c", "from records.processes import this_process; print(this_process())"], capture_output=True, text=True, check=True
    )
    name = one.stdout.strip()
    assert processes.is_gone(name)
    assert not processes.is_gone(processes.this_process())
    monkeypatch.setattr(queue, "this_process", lambda: name)
    yield


def test_nobody_waits_for_the_lease_of_a_process_that_has_ended(work: Work, gone: None) -> None:
    lost = queue.claim(work.pk, "document")
    assert lost
    again = queue.claim(work.pk, "document")
    assert again, "the bell of the killed process rings again, and the row is free"
    assert queue.finish(lost) is False
    assert queue.finish(again) is True


def test_what_a_killed_worker_was_reading_is_rung_for_at_once(work: Work, gone: None, rung: list[Any]) -> None:
    queue.claim(work.pk, "document")
    with TestCase.captureOnCommitCallbacks(execute=True):
        assert queue.return_claims_of_the_gone() == 1
        assert queue.return_claims_of_the_gone() == 0
    assert rung == [("records.tasks.read_document", str(work.pk))]


def test_what_killed_two_processes_is_tried_again_only_when_its_lease_ends(work: Work, gone: None) -> None:
    assert [bool(queue.claim(work.pk, "document")) for _ in range(3)] == [True, True, False], "a machine without memory is given time"
    assert sweep().given_up == 0
    _later(work, lease_until=1)
    assert queue.claim(work.pk, "document")
    assert sweep().given_up == 1, "that was the last try"


def test_a_claim_of_another_machine_or_of_a_process_that_is_there_stands(work: Work, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in (processes.this_process(), "another-boot:4026531836:1:1", ""):
        Work.objects.filter(pk=work.pk).update(token=None, lease_until=None, attempts=0)
        monkeypatch.setattr(queue, "this_process", lambda: name)  # noqa: B023
        assert queue.claim(work.pk, "document")
        assert queue.claim(work.pk, "document") is None
        assert queue.return_claims_of_the_gone() == 0


def test_where_the_system_tells_nothing_of_processes_leases_decide(work: Work, gone: None, monkeypatch: pytest.MonkeyPatch) -> None:
    assert queue.claim(work.pk, "document")
    processes.this_place.cache_clear()
    monkeypatch.setattr(processes, "PROC", Path("/nowhere"))
    try:
        assert processes.this_process() == ""
        assert queue.claim(work.pk, "document") is None
    finally:
        processes.this_place.cache_clear()


def test_what_is_being_tried_for_the_third_time_is_not_given_up(work: Work) -> None:
    for _ in range(2):
        queue.claim(work.pk, "document")
        _later(work, lease_until=1)
    claim = queue.claim(work.pk, "document")
    assert sweep().given_up == 0
    assert claim
    assert queue.finish(claim) is True


def test_a_kill_between_two_pages_redoes_no_finished_page(document: Document, reader: Reader) -> None:
    def die(number: int) -> None:
        if number == 2 and reader.asked.count(2) == 1:
            raise KeyboardInterrupt

    reader.before_page = die
    with pytest.raises(KeyboardInterrupt):
        perform_waiting()
    _later(Work.objects.get(step="page", number=2), lease_until=1, rung_at=100)
    sweep()
    perform_waiting()
    document.refresh_from_db()
    assert document.status == "ready"
    assert reader.asked == [1, 2, 2]


def test_a_document_that_lost_its_work_starts_over(document: Document, reader: Reader) -> None:
    perform_waiting()
    Work.objects.all().delete()
    Document.objects.update(status="reading", received_at=timezone.now() - dt.timedelta(minutes=5))
    assert sweep().found == 1
    perform_waiting()
    document.refresh_from_db()
    assert document.status == "ready"
    assert reader.asked == [1, 2]


def test_held_work_is_not_rung(work: Work) -> None:
    queue.hold(work.patient_id)
    _later(work, rung_at=1000)
    assert queue.claim(work.pk, "document") is None
    assert sweep().rung == 0
    queue.resume(work.patient_id)
    assert queue.claim(work.pk, "document") is not None


def test_the_same_work_is_not_added_twice(document: Document) -> None:
    queue.add_work("document", patient=document.patient_id, document=document)
    assert Work.objects.count() == 1


def test_a_profile_being_built_does_not_swallow_a_later_change(patient: Patient) -> None:
    queue.add_work("profile", patient=patient.pk)
    queue.add_work("profile", patient=patient.pk)
    assert Work.objects.count() == 1
    queue.claim(Work.objects.get().pk, "profile")
    queue.add_work("profile", patient=patient.pk)
    assert Work.objects.count() == 2


def test_depth_tells_how_much_waits(work: Work) -> None:
    assert queue.depth() == {"waiting": 1, "failed": 0, "held": 0, "oldest_at": work.created_at}


@pytest.mark.skipif("connection.vendor != 'postgresql'", reason="SQLite has one writer")
def test_the_sweeper_passes_by_what_another_transaction_holds(work: Work) -> None:
    assert connection.features.has_select_for_update_skip_locked
    with transaction.atomic():
        assert "SKIP LOCKED" in str(queue._skip_locked(Work.objects.all()).query)


def test_a_lease_that_a_wrong_clock_made_too_long_is_none(work: Work, rung: list[Any], settings: Any) -> None:
    """A clock that was an hour ahead for a moment must not keep a file waiting for an hour."""
    assert queue.claim(work.pk, "document")
    _later(work, lease_until=-3600, rung_at=-3600)
    assert queue.ring_overdue() == 1
    assert queue.claim(work.pk, "document")


def test_a_moment_of_ringing_that_lies_ahead_is_none(work: Work, rung: list[Any]) -> None:
    _later(work, rung_at=-3600)
    assert queue.ring_overdue() == 1


def test_what_was_put_off_counts_as_no_try_and_waits_for_the_sweeper(work: Work, rung: list[Any], settings: Any) -> None:
    for _ in range(settings.CLAIM_ATTEMPTS + 1):
        claim = queue.claim(work.pk, "document")
        assert claim
        queue.put_off(claim)
    assert rung == []
    assert queue.ring_overdue() == 0
    work.refresh_from_db()
    assert work.rung_at
    Work.objects.update(rung_at=work.rung_at - dt.timedelta(seconds=queue.PUT_OFF_SECONDS))
    assert queue.ring_overdue() == 1, "storage that is back is not waited for a minute longer"


def test_what_was_put_off_for_a_day_counts(work: Work, rung: list[Any]) -> None:
    _later(work, created_at=25 * 3600)
    claim = queue.claim(work.pk, "document")
    assert claim
    queue.put_off(claim)
    work.refresh_from_db()
    assert (work.attempts, work.token) == (1, None)


def test_what_waits_for_its_turn_is_not_rung_again_and_again(
    read: Reader, patient: Patient, broker: services.Broker, monkeypatch: pytest.MonkeyPatch, django_capture_on_commit_callbacks: Any
) -> None:
    """A worker that is slower than the sweeper is patient: the broker fills with no bells that do nothing, and one that was lost is rung."""
    app = Celery("slow", broker=broker.url)
    app.conf.task_default_queue = "pages"
    monkeypatch.setattr(bells, "current_app", app)
    monkeypatch.setattr(bells, "_quiet_until", 0.0)
    with django_capture_on_commit_callbacks(execute=True):
        for n in range(5):
            make_document(patient, paper("KRAS=positive", title=str(n)))
    assert bells.under_way() == 5
    for _ in range(4):
        Work.objects.update(rung_at=timezone.now() - dt.timedelta(hours=1))
        with django_capture_on_commit_callbacks(execute=True):
            queue.ring_overdue()
    assert bells.under_way() == 5

    with app.connection_for_read() as connected, connected.SimpleQueue("pages") as hanging:
        for _ in range(2):
            hanging.get(timeout=5).ack()  # two bells are lost
    Work.objects.update(rung_at=timezone.now() - dt.timedelta(hours=1))
    with django_capture_on_commit_callbacks(execute=True):
        assert queue.ring_overdue() == 2
    Work.objects.filter(pk__in=Work.objects.values("pk")[:1]).update(rung_at=None)
    with django_capture_on_commit_callbacks(execute=True):
        assert queue.ring_overdue() == 1, "what never was rung is rung at once"
