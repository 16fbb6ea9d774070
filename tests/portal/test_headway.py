"""When a worker or a sweeper counts as stuck."""

from __future__ import annotations

import os
import time
from pathlib import Path
from typing import Any

import pytest
from django.core.cache import cache
from django.db import DatabaseError
from django.utils import timezone

from portal import headway
from records import bells, queue
from records.management.commands.sweep import ALIVE
from records.models import Work
from tests.factories import make_document, make_patient
from tests.records.paper import paper

pytestmark = pytest.mark.django_db


@pytest.fixture
def alive(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The file of a worker whose loop turns, beside a broker that answers."""
    monkeypatch.setattr(bells, "broker_answers", lambda: True)
    path = tmp_path / "worker.alive"
    path.touch()
    return path


def let_it_fall_silent(alive: Path) -> None:
    then = time.time() - headway.SILENT_SECONDS - 60
    os.utime(alive, (then, then))


def test_a_worker_whose_loop_turns_and_has_nothing_to_do_is_well(alive: Path) -> None:
    assert headway.worker_stuck_on(alive) is None


def test_a_worker_whose_loop_stopped_is_stuck_on_its_last_sign(alive: Path) -> None:
    let_it_fall_silent(alive)
    first = headway.worker_stuck_on(alive)
    assert first is not None
    assert first == headway.worker_stuck_on(alive)


def test_work_that_nobody_takes_is_what_the_worker_is_stuck_on(alive: Path, alice: Any, reader: Any) -> None:
    make_document(make_patient(alice), paper("KRAS=positive"))
    row = Work.objects.get()
    before = headway.worker_stuck_on(alive)
    assert before == (row.pk, 0, None)
    claim = queue.claim(row.pk, row.step)
    assert claim
    assert headway.worker_stuck_on(alive) is None, "somebody works"
    queue.finish(claim)
    assert headway.worker_stuck_on(alive) is None, "nothing is left"
    Work.objects.create(patient=row.patient, document=row.document, step="page", reading=1, number=1)
    first = headway.worker_stuck_on(alive)
    Work.objects.filter(pk=row.pk).update(finished_at=timezone.now())
    assert headway.worker_stuck_on(alive) != first, "something was finished: that is headway, though the oldest still waits"


def test_a_broker_that_is_gone_is_no_fault_of_the_worker(alive: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    let_it_fall_silent(alive)
    monkeypatch.setattr(bells, "broker_answers", lambda: False)
    assert headway.worker_stuck_on(alive) is None


def test_a_database_that_is_gone_is_no_fault_either(alive: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail() -> None:
        raise DatabaseError

    monkeypatch.setattr(queue, "left_waiting", fail)
    assert headway.worker_stuck_on(alive) is None


def test_a_sweeper_is_well_as_long_as_it_goes_round() -> None:
    assert headway.sweeper_stuck_on() == "silent"
    cache.set(ALIVE, True)
    assert headway.sweeper_stuck_on() is None


def test_the_broker_is_asked(settings: Any) -> None:
    assert not bells.broker_answers(), "the broker of the tests is none"
