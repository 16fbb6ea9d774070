"""Consent that is withdrawn is obeyed at once, at whichever step the reading stands."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.utils import timezone

from records import actions, queue
from records.actions import reading, sweeping
from records.actions.reading import perform_waiting
from records.models import Document, Evidence, Finding, Page, Patient, Profile, Work
from records.storage import store
from tests.factories import make_document
from tests.records.paper import Reader, paper

pytestmark = pytest.mark.django_db


def _stored(patient: Patient) -> tuple[int, ...]:
    """How much there is of alice's: files on disk, documents, pages, findings, evidence and snapshots."""
    files = [path for path in store().root.rglob("*") if path.is_file()]
    rows = (Document, Page, Finding, Evidence, Profile)
    return (len(files), *(model.objects.filter(patient=patient).count() for model in rows))


def _withdraw(patient: Patient) -> None:
    actions.withdraw_consent(by=patient.account, patient=patient, purpose="reading")


def test_facts_worked_out_when_consent_went_are_thrown_away(patient: Patient, reader: Reader, monkeypatch: pytest.MonkeyPatch) -> None:
    document = make_document(patient, paper("KRAS=positive"))
    found = reading.extract
    before: list[tuple[int, ...]] = []

    def withdraw_then_extract(*given: Any) -> Any:
        before.append(_stored(patient))
        _withdraw(patient)
        return found(*given)

    monkeypatch.setattr(reading, "extract", withdraw_then_extract)
    perform_waiting()
    document.refresh_from_db()
    assert before == [_stored(patient)]
    assert (document.status, document.report) == ("received", None)
    assert not Finding.objects.exists()


def test_an_archive_that_is_being_unpacked_when_consent_goes_gives_no_more_files(
    patient: Patient, reader: Reader, monkeypatch: pytest.MonkeyPatch
) -> None:
    make_document(patient, paper("one=a", "two=b", "three=c", title="ARCHIVE"))
    keep, kept = reading.keep_member, []

    def withdraw_before_the_second(*given: Any) -> Any:
        if len(kept) == 1:
            _withdraw(patient)
        kept.append(1)
        return keep(*given)

    monkeypatch.setattr(reading, "keep_member", withdraw_before_the_second)
    perform_waiting()
    assert _stored(patient) == (2, 2, 0, 0, 0, 0)  # the archive and its first member, which came before; nothing was read
    assert len(kept) == 2
    assert not Work.objects.exclude(state="held").exclude(step="profile").exists()


def test_a_file_claimed_while_consent_goes_does_not_say_that_it_is_being_read(
    patient: Patient, reader: Reader, monkeypatch: pytest.MonkeyPatch
) -> None:
    document = make_document(patient, paper("one"))
    claim = queue.claim

    def claim_then_withdraw(*given: Any) -> Any:
        claimed = claim(*given)
        _withdraw(patient)
        return claimed

    monkeypatch.setattr(queue, "claim", claim_then_withdraw)
    perform_waiting()
    document.refresh_from_db()
    assert document.status == "received"
    assert _stored(patient) == (1, 1, 0, 0, 0, 0)


def test_without_consent_the_sweeper_starts_nothing(patient: Patient, reader: Reader) -> None:
    make_document(patient, paper("one", "two"))
    _withdraw(patient)
    Document.objects.update(received_at=timezone.now() - dt.timedelta(days=1))
    Work.objects.update(attempts=3)
    before = _stored(patient)
    assert sweeping.sweep() == sweeping.Swept(rung=0, given_up=0, found=0)
    assert perform_waiting() == 0
    assert _stored(patient) == before
