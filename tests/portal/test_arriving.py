"""Files that come in pieces over a line that breaks."""

from __future__ import annotations

import datetime as dt
import hashlib
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from records import actions
from records.actions.arriving import forget_arrivals
from records.actions.sweeping import clear_orphans
from records.exceptions import REASONS
from records.keys import key_for
from records.models import Arrival, Document, Patient
from records.storage import read_file, store
from tests.records.paper import paper

pytestmark = pytest.mark.django_db
CONTENT = paper("KRAS=positive found", title="x" * 5000)


def begin(client: Client, *, name: str = "report.pdf", size: int = len(CONTENT), label: str = "1700000000") -> Any:
    return client.post(reverse("arriving"), {"name": name, "byte_size": size, "label": label})


def send(client: Client, url: str, at: int, content: bytes) -> Any:
    return client.post(f"{url}?at={at}", content, content_type="application/octet-stream")


def files_on_disk() -> int:
    return sum(path.is_file() for path in store().root.rglob("*"))


def test_a_file_arrives_in_pieces_and_is_whole(as_alice: Client, record: Patient) -> None:
    url = begin(as_alice).json()["url"]
    assert send(as_alice, url, 0, CONTENT[:2000]).json() == {"kept": 2000}
    assert not Document.objects.exists()
    assert send(as_alice, url, 2000, CONTENT[2000:4000]).json() == {"kept": 4000}
    ended = send(as_alice, url, 4000, CONTENT[4000:]).json()
    document = Document.objects.get()
    assert ended == {"kept": len(CONTENT), "document": str(document.pk)}
    assert (document.name, document.byte_size) == ("report.pdf", len(CONTENT))
    assert read_file(key_for(record.pk, "files"), document.file) == CONTENT
    assert not Arrival.objects.exists()
    assert files_on_disk() == 1, "the pieces are gone"


def test_the_same_file_goes_on_where_it_stopped(as_alice: Client, record: Patient) -> None:
    send(as_alice, begin(as_alice).json()["url"], 0, CONTENT[:3000])
    again = begin(as_alice).json()
    assert again["kept"] == 3000
    assert begin(as_alice, label="another file").json()["kept"] == 0
    assert send(as_alice, again["url"], 3000, CONTENT[3000:]).json()["document"]


def test_a_piece_that_comes_twice_or_out_of_turn_changes_nothing(as_alice: Client, record: Patient) -> None:
    url = begin(as_alice).json()["url"]
    send(as_alice, url, 0, CONTENT[:1000])
    assert send(as_alice, url, 0, CONTENT[:1000]).json() == {"kept": 1000}
    assert send(as_alice, url, 4000, CONTENT[4000:4500]).json() == {"kept": 1000}
    assert send(as_alice, url, 1000, b"").json() == {"kept": 1000}
    assert files_on_disk() == 1


@given(cuts=st.lists(st.integers(1, len(CONTENT) - 1), max_size=5), lost=st.sets(st.integers(0, 5), max_size=3))
@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_whatever_is_cut_and_sent_again_arrives_as_it_was(as_alice: Client, record: Patient, cuts: list[int], lost: set[int]) -> None:
    Document.objects.all().delete()
    url, kept, number = begin(as_alice, label=str((cuts, lost))).json()["url"], 0, 0
    ends = [*sorted(set(cuts)), len(CONTENT)]
    while kept < len(CONTENT):
        piece = CONTENT[kept : next(end for end in ends if end > kept)]
        answer = send(as_alice, url, kept, piece).json()
        if number in lost:  # the answer never came: the sender asks where to go on
            kept = len(CONTENT) if "document" in answer else begin(as_alice, label=str((cuts, lost))).json()["kept"]
        else:
            kept = answer["kept"]
        number += 1
    kept_file = read_file(key_for(record.pk, "files"), Document.objects.get().file)
    assert hashlib.sha256(kept_file).digest() == hashlib.sha256(CONTENT).digest()


@pytest.mark.parametrize(("size", "code"), [(0, "empty"), (10**12, "too_large")])
def test_a_file_that_would_be_refused_is_refused_before_it_is_sent(as_alice: Client, record: Patient, size: int, code: str) -> None:
    answer = begin(as_alice, size=size)
    assert answer.status_code == 422
    told = answer.json()
    assert (told["code"], told["message"], told["next_step"]) == (code, *REASONS[code])
    assert not Arrival.objects.exists()


def test_a_whole_file_of_a_wrong_kind_is_refused_and_its_pieces_go(as_alice: Client, record: Patient) -> None:
    url = begin(as_alice, size=300).json()["url"]
    answer = send(as_alice, url, 0, b"\x7fELF" + bytes(296))
    assert (answer.status_code, answer.json()["code"]) == (422, "unsupported")
    assert not Arrival.objects.exists()
    assert files_on_disk() == 0


def test_more_bytes_than_were_said_are_refused(as_alice: Client, record: Patient) -> None:
    url = begin(as_alice, size=100).json()["url"]
    assert send(as_alice, url, 0, CONTENT[:101]).json()["code"] == "incomplete"
    assert Arrival.objects.get().kept == 0


def test_another_person_finds_no_file_on_its_way(as_alice: Client, as_bob: Client, record: Patient) -> None:
    url = begin(as_alice).json()["url"]
    assert send(as_bob, url, 0, CONTENT).status_code in (302, 404)
    assert Arrival.objects.get().kept == 0


def test_without_consent_nothing_more_is_kept(as_alice: Client, record: Patient) -> None:
    url = begin(as_alice).json()["url"]
    actions.withdraw_consent(by=record.account, patient=record, purpose="reading")
    assert send(as_alice, url, 0, CONTENT[:100]).json()["code"] == "no_consent"
    assert begin(as_alice, label="other").json()["code"] == "no_consent"
    assert files_on_disk() == 0


def test_pieces_are_kept_for_a_day_and_then_cleared(as_alice: Client, record: Patient, monkeypatch: pytest.MonkeyPatch) -> None:
    url = begin(as_alice).json()["url"]
    send(as_alice, url, 0, CONTENT[:1000])
    monkeypatch.setattr("records.actions.sweeping.ORPHAN_SECONDS", -1.0)
    assert clear_orphans() == 0
    assert files_on_disk() == 1
    Arrival.objects.update(touched_at=timezone.now() - dt.timedelta(hours=25))
    assert forget_arrivals() == 1
    assert files_on_disk() == 0


@pytest.mark.parametrize("at", ["", "-1", "x", "9" * 30])
def test_a_place_that_is_none_is_refused(as_alice: Client, record: Patient, at: str) -> None:
    url = begin(as_alice).json()["url"]
    assert as_alice.post(f"{url}?at={at}", CONTENT, content_type="application/octet-stream").status_code == 400
    assert as_alice.post(reverse("arriving"), {"name": "x"}).status_code == 400
