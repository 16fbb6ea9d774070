"""Letting somebody in: a caregiver by invitation, a doctor by a link with a code. Both end at once when the patient says so."""

from __future__ import annotations

import datetime as dt
import re
import smtplib
from collections.abc import Callable
from typing import Any

import pytest
from django.core import mail
from django.test import Client
from django.utils import timezone

from records import actions
from records.models import AuditEvent, Document, Grant, Invitation, Patient, Review, ShareLink
from records.scope import NotVisible
from tests.conftest import _person
from tests.factories import make_patient
from tests.portal import stand_ins
from tests.portal.test_privacy_pages import sure

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("content")]
PAGE = "/privacy/mine/sharing/"


def _day(days: int) -> str:
    return (timezone.localdate() + dt.timedelta(days=days)).isoformat()


def _invite(client: Client, email: str = "dora@example.org", *rights: str, days: int = 30) -> str:
    """The address of the link in the mail."""
    client.post(PAGE, {"do": "invite", "email": email, "rights": rights, "until": _day(days)})
    found = re.search(r"http://testserver(/invited/\S+)", str(mail.outbox[-1].body))
    assert found
    return found[1]


@pytest.fixture
def dora(db: None) -> Any:
    return _person("dora@example.org", "patient")


@pytest.fixture
def as_dora(dora: Any, sign_in: Callable[[Any], Client]) -> Client:
    return sign_in(dora)


def test_a_mail_that_cannot_be_sent_leaves_no_open_invitation(as_alice: Client, record: Patient, monkeypatch: pytest.MonkeyPatch) -> None:
    def down(*args: Any, **options: Any) -> None:
        raise smtplib.SMTPServerDisconnected

    monkeypatch.setattr("portal.inviting.send_mail", down)
    as_alice.post("/accounts/reauthenticate/", {"password": "correct horse battery"})
    until = (timezone.localdate() + dt.timedelta(days=5)).isoformat()
    refused = as_alice.post("/privacy/mine/sharing/", {"do": "invite", "email": "dora@example.org", "until": until})
    assert "We could not send the e-mail." in refused.content.decode()
    assert [one.revoked_at is not None for one in Invitation.objects.all()] == [True]


def test_letting_someone_in_asks_who_you_are_and_ending_it_does_not(
    as_alice: Client, read_file: Document, record: Patient, dora: Any
) -> None:
    for answer in (as_alice.get(PAGE), as_alice.post(PAGE, {"do": "link", "days": "7"})):
        assert answer.headers["Location"].startswith("/accounts/reauthenticate/")
    assert not ShareLink.objects.exists()
    until = timezone.now() + dt.timedelta(days=3)
    grant = actions.grant_access(by=record.account, patient=record, to=dora, rights=set(), until=until)
    assert as_alice.post(f"{PAGE}grant/{grant.pk}/end/").headers["Location"] == "/privacy/mine/"
    grant.refresh_from_db()
    assert grant.revoked_at is not None


def test_a_caregiver_from_the_invitation_to_the_end(as_alice: Client, as_dora: Client, dora: Any, read_file: Document) -> None:
    link = _invite(sure(as_alice), "Dora@Example.org", "decide")
    said = str(mail.outbox[-1].body) + mail.outbox[-1].subject
    assert mail.outbox[-1].to == ["dora@example.org"] or mail.outbox[-1].to == ["Dora@Example.org"]
    assert not any(word in said for word in ("KRAS", "alice-report", "cancer"))
    assert "Invited, not here yet" in as_alice.get("/privacy/mine/").content.decode()
    assert as_dora.get("/records/").headers["Location"] == "/start/"
    assert "alice@example.org lets you see" in as_dora.get(link).content.decode()
    assert as_dora.post(link).headers["Location"] == "/records/"
    text = as_dora.get("/records/").content.decode()
    assert "alice-report.pdf" in text and "Someone else" in text
    finding = read_file.findings.all()[0]
    as_dora.post("/facts/decide/", {"finding": str(finding.pk), "decision": "right"})
    assert Review.objects.get().by == dora, "under her own name"
    assert as_dora.post(f"/records/{read_file.pk}/delete/").status_code == 403
    assert as_dora.get("/privacy/mine/").status_code == 403
    grant = Grant.objects.get(to=dora)
    assert "dora@example.org" in as_alice.get("/privacy/mine/").content.decode()
    as_alice.post(f"{PAGE}grant/{grant.pk}/end/")
    assert as_dora.get(f"/records/{read_file.pk}/").status_code == 404
    assert as_dora.get("/records/").headers["Location"] == "/start/"


def test_an_invitation_is_for_one_address_one_time_and_a_week(
    as_alice: Client, as_bob: Client, as_dora: Client, as_carol: Client, dora: Any, bob: Any, read_file: Document
) -> None:
    link = _invite(sure(as_alice))
    nothing = as_bob.get("/invited/made-up/").content
    for client in (as_bob, as_carol, as_alice):
        for answer in (client.get(link), client.post(link)):
            assert answer.status_code == 404
    assert as_bob.get(link).content == nothing, "somebody else's link looks like none"
    assert Client().get(link).headers["Location"].startswith("/accounts/login/")
    Invitation.objects.update(expires_at=timezone.now())
    assert as_dora.get(link).status_code == 404
    Invitation.objects.update(expires_at=timezone.now() + dt.timedelta(days=1))
    assert as_dora.post(link).status_code == 302
    assert as_dora.post(link).status_code == 404, "used"
    other = _invite(as_alice, "bob@example.org")
    as_alice.post(f"{PAGE}invitation/{Invitation.objects.get(grant=None).pk}/end/")
    assert as_bob.post(other).status_code == 404, "taken back"


def test_an_address_that_was_not_confirmed_gets_nothing(as_alice: Client, as_dora: Client, dora: Any, read_file: Document) -> None:
    link = _invite(sure(as_alice))
    dora.emailaddress_set.update(verified=False)
    assert as_dora.post(link).status_code == 404
    assert not Grant.objects.exists()


def test_inviting_tells_nobody_who_has_an_account(as_alice: Client, dora: Any, read_file: Document) -> None:
    sure(as_alice)
    told = []
    for email in ("dora@example.org", "nobody@example.org"):
        answer = as_alice.post(PAGE, {"do": "invite", "email": email, "until": _day(9)})
        told.append((answer.status_code, answer.headers["Location"]))
    assert told[0] == told[1]
    assert len(mail.outbox) == 2


@pytest.mark.parametrize(
    ("given", "says"),
    [
        ({"email": "no address"}, "Type the address like"),
        ({"until": ""}, "Choose the last day"),
        ({"until": "2020-01-01"}, "Choose a day after today"),
        ({"until": "2099-01-01"}, "at most one year"),
        ({"email": "alice@example.org"}, "There is a problem"),
        ({"rights": ["review"]}, "There is a problem"),
    ],
)
def test_what_is_not_right_is_said_and_nothing_is_sent(as_alice: Client, read_file: Document, given: dict[str, Any], says: str) -> None:
    form = {"do": "invite", "email": "dora@example.org", "until": _day(9), **given}
    assert says in sure(as_alice).post(PAGE, form).content.decode()
    assert not Invitation.objects.exists() and not mail.outbox


def test_who_has_two_records_sees_which_one_and_changes(as_alice: Client, as_dora: Client, dora: Any, read_file: Document) -> None:
    own = make_patient(dora)
    as_dora.post(_invite(sure(as_alice)))
    assert "alice-report.pdf" in as_dora.get("/records/").content.decode()
    page = as_dora.get("/account/").content.decode()
    assert "My record" in page and "alice@example.org" in page
    as_dora.post("/account/record/", {"record": str(own.pk)})
    text = as_dora.get("/records/").content.decode()
    assert "alice-report.pdf" not in text and "Someone else" not in text
    assert as_alice.post("/account/record/", {"record": str(own.pk)}).status_code == 404


def _link(client: Client, days: str = "7") -> tuple[str, str]:
    """Its address and its code, as the page shows them once."""
    text = sure(client).post(PAGE, {"do": "link", "days": days}).content.decode()
    found = re.search(r"http://testserver(/for-my-doctor/[\w-]+/)", text), re.search(r'class="code">(\d{6})<', text)
    assert found[0] and found[1]
    return found[0][1], found[1][1]


@pytest.fixture
def doctor(monkeypatch: pytest.MonkeyPatch) -> Client:
    """Somebody without an account. Tailoring is the stand-in, which looks at the profile as the real one does."""

    def personal(scope: Any, patient: Patient, slug: str | None = None) -> Any:
        assert scope.profile(patient) is not None
        return stand_ins.rendered()

    monkeypatch.setattr("portal.views.sharing.personal", personal)
    return Client()


def test_a_doctor_opens_the_summary_with_the_code(as_alice: Client, doctor: Client, read_file: Document, record: Patient) -> None:
    address, code = _link(as_alice)
    asked = doctor.get(address)
    assert "Type the code" in asked.content.decode() and "KRAS" not in asked.content.decode()
    last = AuditEvent.objects.count()
    opened = doctor.post(address, {"code": code})
    assert "Summary of a patient" in opened.content.decode() and "KRAS" in opened.content.decode()
    assert opened.headers["Cache-Control"] == "private, no-store"
    (event,) = AuditEvent.objects.filter(id__gt=last)
    assert (event.action, event.patient, event.actor, event.outcome) == ("link.opened", record.pk, None, "done")
    text = as_alice.get("/privacy/mine/").content.decode()
    assert "Someone with your link" in text and "Opened 1 times" in text
    assert code not in as_alice.get(PAGE).content.decode(), "shown once"
    assert doctor.get("/records/").status_code == 302 and doctor.get(f"/records/{read_file.pk}/original/").status_code == 302


def test_five_wrong_codes_end_a_link(as_alice: Client, doctor: Client, read_file: Document, record: Patient) -> None:
    address, code = _link(as_alice)
    wrong = f"{(int(code) + 1) % 10**6:06}"
    for _ in range(5):
        answer = doctor.post(address, {"code": wrong})
        assert answer.status_code == 403 and "That code is not right" in answer.content.decode()
    assert doctor.post(address, {"code": code}).status_code == 404
    refused = AuditEvent.objects.filter(patient=record.pk, action="link.opened", outcome="refused").count()
    assert (ShareLink.objects.get().missed, refused) == (5, 6), "the last was right, and too late"
    told = as_alice.get("/privacy/mine/").content.decode()
    assert "is closed. " in told and "A wrong code was typed too often." in told and "may see the summary" not in told


def test_a_link_ends_when_it_is_old_or_taken_away(as_alice: Client, doctor: Client, read_file: Document) -> None:
    address, code = _link(as_alice, "1")
    ShareLink.objects.update(until=timezone.now())
    assert doctor.post(address, {"code": code}).status_code == 404
    ShareLink.objects.update(until=timezone.now() + dt.timedelta(days=1))
    assert doctor.post(address, {"code": code}).status_code == 200
    as_alice.post(f"{PAGE}link/{ShareLink.objects.get().pk}/end/")
    assert doctor.post(address, {"code": code}).status_code == 404
    last = AuditEvent.objects.count()
    made_up = doctor.post("/for-my-doctor/made-up/", {"code": code})
    assert made_up.status_code == 404 and AuditEvent.objects.count() == last


def test_what_is_kept_of_a_link_opens_nothing(as_alice: Client, read_file: Document) -> None:
    address, code = _link(as_alice)
    kept = repr(ShareLink.objects.values().get())
    assert address.split("/")[2] not in kept and code not in kept


def test_only_the_owner_lets_people_in(record: Patient, dora: Any, bob: Any, read_file: Document) -> None:
    until = timezone.now() + dt.timedelta(days=3)
    actions.grant_access(by=record.account, patient=record, to=dora, rights={"add", "decide"}, until=until)
    for by in (dora, bob):
        for act in (
            lambda by: actions.invite(by=by, patient=record, email="x@example.org", rights=set(), until=until),
            lambda by: actions.make_share_link(by=by, patient=record, days=7),
        ):
            last = AuditEvent.objects.count()
            with pytest.raises((NotVisible, actions.sharing.NotAllowed)):
                act(by)
            assert AuditEvent.objects.filter(id__gt=last).values_list("outcome", "patient").get() == ("refused", record.pk)
    assert not Invitation.objects.exists() and not ShareLink.objects.exists()


def test_no_more_than_ten_links_at_a_time(record: Patient) -> None:
    for _ in range(10):
        actions.make_share_link(by=record.account, patient=record, days=1)
    with pytest.raises(actions.sharing.RecordsError, match="quota"):
        actions.make_share_link(by=record.account, patient=record, days=1)
