"""E-mails to the patient: what causes one, what they say, how often they come, and that nobody waits for them."""

from __future__ import annotations

import datetime as dt
import smtplib
from collections.abc import Callable
from typing import Any

import pytest
from django.core import mail
from django.db import transaction
from django.utils import timezone

from records import actions
from records.actions.notices import forget_notices, send_due
from records.models import Finding, Notice, Patient, Profile
from records.permissions import NotAllowed
from tests.factories import ask_for_review, make_patient, make_read_document
from tests.records.paper import paper, reader

__all__ = ["reader"]
pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("reader")]


@pytest.fixture
def alices(alice: Any) -> Patient:
    return make_patient(alice, consents=("reading", "alerts"))


def _due() -> None:
    Notice.objects.filter(sent_at=None).update(due_at=timezone.now())


def _sent() -> list[str]:
    """What the mails that are due say, first lines."""
    mail.outbox.clear()
    _due()
    send_due()
    return [str(one.body).split("\n")[0] for one in mail.outbox]


READ, NEEDED = "A file that you sent has been read.", "Something waits for you."
DONE, CHANGED = "Our team has finished its check.", "Your page has changed."


def test_from_the_first_file_to_the_end_of_the_check(alices: Patient, carol: Any) -> None:
    document = make_read_document(alices, paper("KRAS=positive"), name="secret-name.pdf")
    make_read_document(alices, paper("TP53=positive"))
    assert _sent() == [READ], "two files in a row are one mail"
    request = ask_for_review(alices)
    finding, other = document.findings.get(), Finding.objects.exclude(document=document).get()
    actions.ask_patient(by=carol, request=request, text="canary of a question", finding=finding)
    assert _sent() == [NEEDED]
    actions.review_finding(by=carol, finding=other, decision="confirmed")
    assert _sent() == [], "a fact that is confirmed changes no answer"
    actions.review_finding(by=carol, finding=finding, decision="corrected", corrected={"name": "KRAS", "status": "negative"})
    assert _sent() == [CHANGED]
    actions.sign_off(by=carol, snapshot=Profile.objects.get(is_current=True))
    assert _sent() == [DONE]
    (done,) = mail.outbox
    assert (done.to, done.subject) == (["alice@example.org"], "Something new for you")
    assert not any(word in f"{done.subject}{done.body}" for word in ("KRAS", "secret-name", "canary", "http", "cancer", str(alices.pk)))


def test_a_file_that_could_not_be_read_needs_the_patient(alices: Patient) -> None:
    make_read_document(alices, paper("x", title="LOCKED"))
    assert _sent() == [NEEDED]


def test_at_most_one_of_a_kind_in_an_hour(alices: Patient) -> None:
    for n in range(3):
        make_read_document(alices, paper(f"KRAS=positive {n}"))
        assert _sent() == ([READ] if n == 0 else [])
    Notice.objects.exclude(sent_at=None).update(sent_at=timezone.now() - dt.timedelta(minutes=61))
    assert _sent() == [READ]
    assert not Notice.objects.filter(sent_at=None).exists()


def _no_consent(patient: Patient) -> None:
    actions.withdraw_consent(by=patient.account, patient=patient, purpose="alerts")


def _off(patient: Patient) -> None:
    actions.choose_notices(by=patient.account, patient=patient, off={"file_read", "nonsense"})


def _switched_off(patient: Patient) -> None:
    patient.account.is_active = False
    patient.account.save()


@pytest.mark.parametrize("refuse", [_no_consent, _off, _switched_off])
@pytest.mark.parametrize("is_late", [False, True], ids=["before", "while it waits"])
def test_who_does_not_want_them_gets_none(alices: Patient, refuse: Callable[[Patient], None], is_late: bool) -> None:
    if not is_late and refuse is not _switched_off:
        refuse(alices)
    make_read_document(alices, paper("KRAS=positive"))
    if is_late or refuse is _switched_off:
        refuse(Patient.objects.get(pk=alices.pk))
    assert _sent() == [] and not Notice.objects.filter(kind="file_read").exists()


def test_only_the_owner_chooses(alices: Patient, bob: Any) -> None:
    until = timezone.now() + dt.timedelta(days=1)
    actions.grant_access(by=alices.account, patient=alices, to=bob, rights={"add"}, until=until)
    with pytest.raises(NotAllowed):
        actions.choose_notices(by=bob, patient=alices, off=set())


def test_what_is_rolled_back_tells_nothing(alices: Patient, carol: Any) -> None:
    request = ask_for_review(alices)
    with transaction.atomic():
        actions.ask_patient(by=carol, request=request, text="x")
        transaction.set_rollback(True)
    assert _sent() == []


def test_a_mail_server_that_is_down_loses_nothing_and_stops_at_five_tries(
    alices: Patient, bob: Any, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    make_read_document(alices, paper("KRAS=positive"))
    make_read_document(make_patient(bob, consents=("reading", "alerts")), paper("KRAS=positive"))
    tried = []

    def down(*args: Any, **options: Any) -> None:
        tried.append(args)
        raise smtplib.SMTPServerDisconnected("alice@example.org")

    with monkeypatch.context() as broken:
        broken.setattr("records.actions.notices.send_mail", down)
        assert _sent() == [] and len(tried) == 1, "one server for all: the round ends at the first"
        for _ in range(20):
            _sent()
    assert len(tried) == 10 and "example.org" not in caplog.text
    assert _sent() == []
    make_read_document(alices, paper("TP53=positive"))
    assert _sent() == [READ], "something new is tried again"


def test_old_mails_are_forgotten_and_go_with_the_record(alices: Patient) -> None:
    make_read_document(alices, paper("KRAS=positive"))
    _sent()
    make_read_document(alices, paper("TP53=positive"))
    Notice.objects.exclude(sent_at=None).update(sent_at=timezone.now() - dt.timedelta(days=31))
    forget_notices()
    assert [one.sent_at for one in Notice.objects.all()] == [None]
    actions.delete_patient(by=alices.account, patient=alices)
    assert not Notice.objects.exists()
