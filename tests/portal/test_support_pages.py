"""Administrators who help: the queue, the log by opaque ids, and a record that is opened with a reason, for a while, and not in secret."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Callable
from typing import Any

import pytest
from django.core import mail
from django.test import Client
from django.utils import timezone

from portal.models import User
from records import actions, oversight
from records.actions.notices import send_due
from records.actions.reading import perform_waiting
from records.models import AuditEvent, Document, Patient, Review, SupportAccess, Work
from tests.factories import ask_for_review, make_document, make_patient
from tests.records.paper import paper

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("content")]
PASSWORD = "correct horse battery"
REASON = "The patient says that a file is shown twice."
PAGES = ("/support/", "/support/log/", "/support/record/", "/support/access/")


@pytest.fixture
def as_root(root: Any, sign_in: Callable[[Any], Client]) -> Client:
    client = sign_in(root)
    client.post("/accounts/reauthenticate/", {"password": PASSWORD})
    return client


def _open(client: Client, patient: Patient, **given: Any) -> Any:
    return client.post("/support/record/", {"record": str(patient.pk), "reason": REASON, "minutes": "15", **given})


def test_only_administrators_get_there(as_alice: Client, as_carol: Client, record: Patient) -> None:
    for client in (as_alice, as_carol):
        assert [client.get(path).status_code for path in PAGES] == [403] * 4
        assert _open(client, record).status_code == 403
        assert client.get(f"/support/record/{uuid.uuid4()}/").status_code == 404
    assert not SupportAccess.objects.exists()


def test_opening_a_record_asks_again_who_it_is(root: Any, sign_in: Callable[[Any], Client], record: Patient) -> None:
    assert _open(sign_in(root), record).headers["Location"].startswith("/accounts/reauthenticate/")
    assert not SupportAccess.objects.exists()


def test_a_record_in_need(as_root: Client, as_alice: Client, root: Any, read_file: Document, record: Patient) -> None:
    finding = read_file.findings.all()[0]
    assert as_root.get(f"/proof/{finding.pk}/").status_code == 404
    there = _open(as_root, record).headers["Location"]
    last = AuditEvent.objects.count()
    text = as_root.get(there).content.decode()
    assert "alice-report.pdf" in text and "KRAS" in text and "alice@example.org" not in text
    assert as_root.get(f"/proof/{finding.pk}/").status_code == 200
    looks = AuditEvent.objects.filter(id__gt=last)
    assert {(one.action, one.actor, one.patient, one.outcome) for one in looks} == {("looked", root.pk, record.pk, "done")} and len(
        looks
    ) == 2
    for path, form in (("/facts/decide/", {"finding": str(finding.pk), "decision": "right"}), (f"/records/{read_file.pk}/delete/", {})):
        assert as_root.post(path, form).status_code in (302, 403, 404)
    decided = as_root.post(f"/api/v1/findings/{finding.pk}/reviews/", {"decision": "confirmed"}, content_type="application/json")
    assert decided.status_code == 403 and not Review.objects.exists() and Document.objects.filter(pk=read_file.pk).exists()
    page = as_alice.get("/privacy/mine/").content.decode()
    assert page.count(REASON) == 2 and "opened the record to help, with a reason" in page
    access = SupportAccess.objects.get()
    as_alice.post(f"/privacy/mine/sharing/support/{access.pk}/end/")
    assert as_root.get(there).status_code == 404 and as_root.get(f"/proof/{finding.pk}/").status_code == 404
    assert as_alice.get("/privacy/mine/").content.decode().count(REASON) == 1, "the reason stays to be read"


def test_the_patient_is_told_whatever_she_chose(as_root: Client, record: Patient) -> None:
    actions.choose_notices(by=record.account, patient=record, off={"support", "needs_you"})
    _open(as_root, record)
    mail.outbox.clear()
    send_due()
    (told,) = mail.outbox
    assert told.to == ["alice@example.org"] and "support may look at your record" in str(told.body) and REASON not in str(told.body)


def test_it_ends_by_itself_and_when_it_is_closed(as_root: Client, read_file: Document, record: Patient) -> None:
    there = _open(as_root, record).headers["Location"]
    SupportAccess.objects.update(opened_at=timezone.now() - dt.timedelta(hours=1), until=timezone.now())
    assert as_root.get(there).status_code == 404
    there = _open(as_root, record).headers["Location"]
    as_root.post(f"{there}end/")
    last = AuditEvent.objects.count()
    assert as_root.get(there).status_code == 404
    (refused,) = AuditEvent.objects.filter(id__gt=last)
    assert (refused.patient, refused.outcome) == (record.pk, "refused")


def test_one_administrators_access_is_not_another_ones(as_root: Client, sign_in: Callable[[Any], Client], record: Patient) -> None:
    there = _open(as_root, record).headers["Location"]
    other = sign_in(User.objects.create_superuser("ada@example.org", PASSWORD))
    assert other.get(there).status_code == 404 and other.post(f"{there}end/").status_code == 404


@pytest.mark.parametrize("wrong", [{"reason": "because"}, {"minutes": "600"}, {"record": str(uuid.uuid4())}, {"record": "x"}])
def test_without_a_reason_a_short_time_and_a_record_nothing_opens(as_root: Client, record: Patient, wrong: dict[str, str]) -> None:
    assert _open(as_root, record, **wrong).status_code == 400
    assert not SupportAccess.objects.exists()


def test_the_log_is_searched_by_ids_and_the_search_is_in_it(as_root: Client, read_file: Document, record: Patient, root: Any) -> None:
    finding = read_file.findings.all()[0]
    actions.review_finding(by=record.account, finding=finding, decision="confirmed")
    for about, found in ((record.pk, "document.received"), (finding.pk, "finding.reviewed"), (record.account.pk, "consent.given")):
        text = as_root.post("/support/log/", {"id": str(about)}).content.decode()
        assert found in text and not any(word in text for word in ("KRAS", "alice-report", "alice@example.org"))
    searched = AuditEvent.objects.filter(action="log.searched")
    assert {(one.actor, one.target_id) for one in searched} == {(root.pk, record.pk), (root.pk, finding.pk), (root.pk, record.account.pk)}
    assert [one.patient for one in searched.filter(target_id=record.pk)] == [record.pk]
    assert as_root.post("/support/log/", {"id": "KRAS"}).status_code == 400
    assert "0 rows" in as_root.post("/support/log/", {"id": str(uuid.uuid4())}).content.decode()


def test_a_long_list_of_who_has_access_is_shown_a_page_at_a_time(
    as_root: Client, record: Patient, bob: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(oversight, "ACCESSES", 1)
    his = make_patient(bob)
    for one in (record, his):
        ask_for_review(one)
    pages = [as_root.get(f"/support/access/{query}").content.decode() for query in ("", "?page=2", "?page=3", "?page=x")]
    assert [(str(record.pk) in text, str(his.pk) in text) for text in pages] == [(True, False), (False, True), (False, False), (True, False)]
    assert ['href="?page=2"' in text for text in pages] == [True, False, True, True]


def test_who_of_us_has_access_and_ending_it(
    as_root: Client, as_alice: Client, as_carol: Client, carol: Any, bob: Any, read_file: Document, record: Patient
) -> None:
    until = timezone.now() + dt.timedelta(days=3)
    caregivers = actions.grant_access(by=record.account, patient=record, to=bob, rights=set(), until=until)
    review = ask_for_review(record)
    actions.claim_review(by=carol, request=review)
    assert as_carol.get(f"/review/{review.pk}/").status_code == 200
    text = as_root.get("/support/access/").content.decode()
    assert all(one in text for one in (str(record.pk), str(review.pk), "All care coordinators", "(at work: carol@example.org)"))
    assert not any(one in text for one in ("alice@example.org", "bob@example.org", "KRAS", "alice-report"))
    team = record.grants.get(to=None)
    there = f"/support/access/grant/{team.pk}/end/"
    assert as_carol.post(there, {"reason": REASON}).status_code == 403
    assert as_root.get(there).status_code == 200 and as_root.post(there, {"reason": "because"}).status_code == 400
    assert as_root.post(f"/support/access/grant/{caregivers.pk}/end/", {"reason": REASON}).status_code == 404
    assert as_carol.get(f"/review/{review.pk}/").status_code == 200, "nothing has ended yet"
    assert as_root.post(there, {"reason": REASON}).headers["Location"] == "/support/access/"
    assert as_carol.get(f"/review/{review.pk}/").status_code == 404
    review.refresh_from_db()
    assert review.claimed_by is None and review.closed_at is not None
    told = AuditEvent.objects.get(action="access.ended", outcome="done")
    assert (told.patient, told.target_id, told.purpose) == (record.pk, team.pk, "support")
    assert (
        str(record.pk) not in as_root.get("/support/access/").content.decode()
        and as_root.post(there, {"reason": REASON}).status_code == 404
    )
    page = as_alice.get("/privacy/mine/").content.decode()
    assert f"Care coordinators: {REASON}" in page and "ended access to the record, with a reason" in page
    assert record.grants.get(to=bob).revoked_at is None
    as_alice.post("/privacy/mine/consent/review/", {"agree": "yes"})
    assert str(record.pk) in as_root.get("/support/access/").content.decode(), "she may ask again"


def test_an_administrator_ends_anothers_support(
    as_root: Client, as_alice: Client, sign_in: Callable[[Any], Client], record: Patient
) -> None:
    access = actions.open_support(by=_ada(), record=record.pk, reason=REASON, minutes=15)
    ada = sign_in(access.by)
    assert ada.get(f"/support/record/{access.pk}/").status_code == 200
    assert "ada@example.org" in as_root.get("/support/access/").content.decode()
    as_root.post(f"/support/access/support/{access.pk}/end/", {"reason": "Nobody had asked for help with this."})
    assert ada.get(f"/support/record/{access.pk}/").status_code == 404
    assert "Our support: Nobody had asked" in as_alice.get("/privacy/mine/").content.decode()


def _ada() -> Any:
    return User.objects.create_superuser("ada@example.org", PASSWORD)


def test_the_queue_and_what_was_given_up(as_root: Client, record: Patient, read_file: Document) -> None:
    waiting = make_document(record, paper("TP53=positive"), name="canary.pdf")
    Document.objects.filter(pk=read_file.pk).update(status="failed", failure_code="quarantined")
    Work.objects.filter(document=read_file, step="extract").update(state="failed", failure_code="quarantined", finished_at=timezone.now())
    Work.objects.filter(document=waiting).update(created_at=timezone.now() - dt.timedelta(hours=3))
    text = as_root.get("/support/").content.decode()
    assert "3 hours" in text and str(read_file.pk)[:8] in text and "canary" not in text
    assert str(waiting.pk)[:8] not in text
    as_root.post(f"/support/files/{read_file.pk}/retry/")
    assert str(read_file.pk)[:8] not in as_root.get("/support/").content.decode()
    perform_waiting()
    read_file.refresh_from_db()
    assert (read_file.status, read_file.findings.filter(is_current=True).count()) == ("ready", 2)
    actions.withdraw_consent(by=record.account, patient=record, purpose="reading")
    refused = as_root.post(f"/support/files/{read_file.pk}/retry/", follow=True)
    assert "We need your consent" in refused.content.decode()


def test_who_leads_the_team_sees_how_the_machine_fares(as_carol: Client, carol: Any, read_file: Document, record: Patient) -> None:
    assert as_carol.get("/review/scores/").status_code == 403
    ask_for_review(record)
    one, two = read_file.findings.all()
    actions.review_finding(by=carol, finding=one, decision="confirmed")
    actions.review_finding(by=carol, finding=two, decision="rejected")
    page = read_file.pages.get(number=1)
    actions.add_finding(by=carol, page=page, spans=[(0, 4)], kind="hla", value={"allele": "A*02:01"})
    User.objects.filter(pk=carol.pk).update(is_team_lead=True)
    text = as_carol.get("/review/scores/").content.decode()
    cells = "".join(text.split())
    assert "<td>paper/1</td><td>50%</td><td>1</td><td>0</td><td>1</td><td>0</td><td>0</td>" in cells
    assert "HLAtype</th><td>–</td><td>–</td><td>0</td><td>0</td><td>0</td><td>0</td><td>1</td>" in cells
    assert "A*02:01" not in text and "/review/scores/" in as_carol.get("/review/").content.decode()
