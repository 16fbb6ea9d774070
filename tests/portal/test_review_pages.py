"""The coordinators' queue and bench."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from records import actions, waiting
from records.actions.profiles import count_for_the_team
from records.actions.reading import perform_waiting
from records.actions.sweeping import sweep
from records.models import AuditEvent, Document, Evidence, Finding, Page, Patient, Profile, Question, Review, ReviewRequest
from records.reading.page import Box, PageText, Source, Word
from tests.conftest import _person
from tests.factories import ask_for_review, make_patient, make_read_document
from tests.records.paper import paper

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("content")]


@pytest.fixture
def request_(read_file: Document, record: Patient) -> ReviewRequest:
    made: ReviewRequest = ask_for_review(record)
    return made


def _bench(request: ReviewRequest, end: str = "") -> str:
    return f"/review/{request.pk}/{end}"


def test_only_coordinators_see_the_queue(as_alice: Client, request_: ReviewRequest) -> None:
    assert as_alice.get("/review/").status_code == 403
    assert as_alice.get(_bench(request_)).status_code == 403


def test_without_a_request_there_is_nothing(as_carol: Client, read_file: Document) -> None:
    assert "Nothing to check" in as_carol.get("/review/").content.decode()
    finding = read_file.findings.first()
    assert finding is not None
    assert as_carol.get(f"/proof/{finding.pk}/").status_code == 404


def test_the_bench_opens_after_the_claim(as_carol: Client, request_: ReviewRequest) -> None:
    assert as_carol.get(_bench(request_)).headers["Location"] == "/review/"
    assert as_carol.post(_bench(request_, "claim/")).headers["Location"] == _bench(request_)
    text = as_carol.get(_bench(request_)).content.decode()
    assert "0 of 2 checked" in text and "KRAS=positive" in text and "hit-current" in text and 'data-key="a"' in text
    assert "alice@example.org" not in text


def test_both_readings_of_doubtful_words_are_shown(
    as_carol: Client, request_: ReviewRequest, read_file: Document, monkeypatch: pytest.MonkeyPatch
) -> None:
    evidence = next(one for one in Evidence.objects.filter(finding__document=read_file) if "KRAS" in one.quote)
    other = "HRAS & positive"
    monkeypatch.setattr(Page, "page_text", property(lambda page: _twice_read(page.text, evidence.start, evidence.end, other)))
    as_carol.post(_bench(request_, "claim/"))
    there = f"{_bench(request_)}?at={evidence.finding_id}"
    assert "The other reading: “HRAS &amp; positive”" in as_carol.get(there).content.decode()
    other = ""
    assert "The other reading" not in as_carol.get(there).content.decode()


def _twice_read(text: str, start: int, end: int, other: str) -> PageText:
    return PageText(1, 1, 1, text, (Word(start, end, Box(0.1, 0.1, 0.2, 0.2), 0.5, other),), Source.OCR)


def test_one_decision_leads_to_the_next_fact(as_carol: Client, request_: ReviewRequest, read_file: Document) -> None:
    as_carol.post(_bench(request_, "claim/"))
    first, second = (str(one.pk) for one in sorted(read_file.findings.all(), key=lambda one: one.evidence.all()[0].page.number))
    then = as_carol.post(_bench(request_, "decide/"), {"finding": first, "decision": "accept"})
    assert then.headers["Location"] == f"{_bench(request_)}?at={second}"
    as_carol.post(_bench(request_, "decide/"), {"finding": second, "decision": "reject"})
    text = as_carol.get(_bench(request_)).content.decode()
    assert "2 of 2 checked" in text and "Accepted" in text and "Rejected" in text and "Sign off" in text
    assert {(one.decision, one.by_role) for one in Review.objects.all()} == {("confirmed", "coordinator"), ("rejected", "coordinator")}


def test_a_correction_from_the_bench(as_carol: Client, as_alice: Client, request_: ReviewRequest, read_file: Document) -> None:
    as_carol.post(_bench(request_, "claim/"))
    finding = next(one for one in read_file.findings.all() if one.value["name"] == "MSI")
    as_carol.post(_bench(request_, f"{finding.pk}/"), {"name": "MSI", "status": "positive", "detail": "high"})
    assert Review.objects.get().corrected == {"name": "MSI", "status": "positive", "detail": "high"}
    proof = as_alice.get(f"/proof/{finding.pk}/").content.decode()
    assert "Who checked this" in proof and "A care coordinator</strong> put it right" in proof and "carol" not in proof
    assert "Corrected" in as_carol.get(_bench(request_)).content.decode()


def test_deciding_needs_the_claim(as_carol: Client, request_: ReviewRequest, read_file: Document) -> None:
    finding = read_file.findings.first()
    assert finding is not None
    assert as_carol.post(_bench(request_, "decide/"), {"finding": str(finding.pk), "decision": "accept"}).status_code == 404
    assert not Review.objects.exists()


def test_taking_over_is_said_aloud(as_carol: Client, request_: ReviewRequest, sign_in: Callable[[Any], Client]) -> None:
    dave = sign_in(_person("dave@example.org", "coordinator"))
    as_carol.post(_bench(request_, "claim/"))
    assert "Take over" in dave.get("/review/").content.decode()
    refused = dave.post(_bench(request_, "claim/"), follow=True)
    assert "Somebody else is working on this." in refused.content.decode()
    dave.post(_bench(request_, "claim/"), {"take": "over"})
    assert as_carol.get(_bench(request_)).headers["Location"] == "/review/"


def test_sign_off_names_the_snapshot_that_was_read_and_ends_the_review(
    as_carol: Client, as_alice: Client, request_: ReviewRequest, record: Patient, read_file: Document
) -> None:
    as_carol.post(_bench(request_, "claim/"))
    _accept_all(as_carol, request_)
    snapshot = Profile.objects.get(patient=record, is_current=True)
    as_carol.post(_bench(request_, "sign/"), {"snapshot": str(snapshot.pk)})
    snapshot.refresh_from_db()
    assert snapshot.signed_off_by is not None and snapshot.signed_off_by.email == "carol@example.org"
    assert "Nothing to check" in as_carol.get("/review/").content.decode()
    assert as_carol.get(f"/records/{read_file.pk}/original/").status_code == 404, "the review is over, and with it the sight of the record"
    assert "Ask for a check" in as_alice.get("/privacy/mine/").content.decode()
    as_alice.post("/privacy/mine/consent/review/", {"agree": "yes"})
    assert "Ask for a check" not in as_alice.get("/privacy/mine/").content.decode()
    assert "Start" in as_carol.get("/review/").content.decode()


def _accept_all(client: Client, request: ReviewRequest) -> None:
    for one in Finding.objects.filter(patient=request.patient):
        client.post(_bench(request, "decide/"), {"finding": str(one.pk), "decision": "accept"})


def test_a_sign_off_with_open_facts_is_refused_and_leads_to_them(as_carol: Client, request_: ReviewRequest, record: Patient) -> None:
    as_carol.post(_bench(request_, "claim/"))
    done, left = Finding.objects.filter(patient=record)
    as_carol.post(_bench(request_, "decide/"), {"finding": str(done.pk), "decision": "accept"})
    snapshot = Profile.objects.get(patient=record, is_current=True)
    text = as_carol.post(_bench(request_, "sign/"), {"snapshot": str(snapshot.pk)}, follow=True).content.decode()
    (said,) = re.findall(r"You cannot sign off yet.*?</section>", text, re.S)
    assert re.findall(r"at=([0-9a-f-]{36})", said) == [str(left.pk)]
    request_.refresh_from_db()
    assert request_.closed_at is None


def _doors(request: ReviewRequest, document: Document) -> list[tuple[str, str, dict[str, str]]]:
    """Every way to the record that a coordinator at work has: method, path, form."""
    finding = document.findings.first()
    assert finding is not None
    decided = {"finding": str(finding.pk), "decision": "accept"}
    return [
        ("get", _bench(request), {}),
        ("post", _bench(request, "claim/"), {}),
        ("post", _bench(request, "claim/"), {"take": "over"}),
        ("post", _bench(request, "release/"), {}),
        ("post", _bench(request, "decide/"), decided),
        ("get", _bench(request, f"{finding.pk}/"), {}),
        ("post", _bench(request, f"{finding.pk}/"), {"name": "KRAS", "status": "negative"}),
        ("post", _bench(request, "sign/"), {"snapshot": str(Profile.objects.get(is_current=True).pk)}),
        ("get", f"/proof/{finding.pk}/", {}),
        ("get", f"/records/{document.pk}/pages/1/", {}),
        ("get", f"/records/{document.pk}/original/", {}),
        ("get", f"/api/v1/documents/{document.pk}/", {}),
        ("post", f"/api/v1/findings/{finding.pk}/reviews/", {"decision": "confirmed"}),
    ]


def _revoke(record: Patient) -> None:
    actions.revoke_access(by=record.account, grant=record.grants.get(to=None))


def _withdraw(record: Patient) -> None:
    actions.withdraw_consent(by=record.account, patient=record, purpose="review")


@pytest.mark.parametrize("lose", [_revoke, _withdraw])
def test_losing_the_grant_ends_the_review_at_the_next_request(
    as_carol: Client, request_: ReviewRequest, record: Patient, read_file: Document, lose: Callable[[Patient], None]
) -> None:
    as_carol.post(_bench(request_, "claim/"))
    assert as_carol.get(_bench(request_)).status_code == 200
    lose(record)
    last = AuditEvent.objects.count()
    doors = _doors(request_, read_file)
    for method, path, form in doors:
        assert getattr(as_carol, method)(path, form).status_code == 404, (method, path)
    assert set(AuditEvent.objects.filter(id__gt=last).values_list("patient", "outcome")) == {(record.pk, "refused")}
    assert AuditEvent.objects.filter(id__gt=last).count() == len(doors)
    assert not Review.objects.exists()
    request_.refresh_from_db()
    assert (request_.claimed_by, request_.claimed_until) == (None, None)
    assert request_.closed_at is not None
    assert "Nothing to check" in as_carol.get("/review/").content.decode()


def _deactivate(user: Any) -> None:
    user.is_active = False
    user.save()


def _become_a_patient(user: Any) -> None:
    user.role = "patient"
    user.save()


@pytest.mark.parametrize("leave", [_deactivate, _become_a_patient])
def test_the_claim_of_a_coordinator_who_leaves_the_team_holds_nobody_up(
    as_carol: Client,
    carol: Any,
    request_: ReviewRequest,
    read_file: Document,
    sign_in: Callable[[Any], Client],
    leave: Callable[[Any], None],
) -> None:
    as_carol.post(_bench(request_, "claim/"))
    leave(carol)
    for method, path, form in _doors(request_, read_file):
        assert getattr(as_carol, method)(path, form).status_code in (302, 403, 404), (method, path)
    assert not Review.objects.exists()
    dave = sign_in(_person("dave@example.org", "coordinator"))
    text = dave.get("/review/").content.decode()
    assert "Start" in text and "Take over" not in text and "carol@example.org" not in text
    assert dave.post(_bench(request_, "claim/")).headers["Location"] == _bench(request_)
    request_.refresh_from_db()
    assert request_.claimed_by is not None and request_.claimed_by.email == "dave@example.org"


def test_a_claim_ends_by_itself(as_carol: Client, request_: ReviewRequest) -> None:
    as_carol.post(_bench(request_, "claim/"))
    ReviewRequest.objects.update(claimed_until=timezone.now())
    assert as_carol.get(_bench(request_)).headers["Location"] == "/review/"
    assert "Start" in as_carol.get("/review/").content.decode()


@pytest.fixture
def three(request_: ReviewRequest, reader: Any) -> dict[str, ReviewRequest]:
    """alice has waited longest; bob has a fact that we are unsure of; dora has two answers to one question."""
    made = {"alice": request_}
    for name, pages in (("bob", ("TP53=positive",)), ("dora", ("KRAS=positive", "KRAS=negative"))):
        patient = make_patient(_person(f"{name}@example.org", "patient"))
        make_read_document(patient, paper(*pages))
        made[name] = ask_for_review(patient)
    Finding.objects.filter(patient=made["bob"].patient).update(confidence=0.4)
    count_for_the_team(made["bob"].patient, 0)
    for days, name in enumerate(("dora", "bob", "alice")):
        ReviewRequest.objects.filter(pk=made[name].pk).update(requested_at=timezone.now() - dt.timedelta(days=days, hours=1))
    return made


def _shown(client: Client, query: str = "") -> list[str]:
    """The records of the queue in the order of the page, by the ids in their forms."""
    return re.findall(r'action="/review/([0-9a-f-]{36})/claim/"', client.get(f"/review/{query}").content.decode())


@pytest.mark.parametrize(
    ("query", "order"),
    [
        ("", ["dora", "bob", "alice"]),
        ("?sort=waiting", ["alice", "bob", "dora"]),
        ("?show=conflicts", ["dora"]),
        ("?show=unsure", ["bob"]),
        ("?show=old&sort=waiting", ["alice", "bob"]),
        ("?show=nonsense&sort=id);--", ["dora", "bob", "alice"]),
    ],
)
def test_what_needs_a_person_most_comes_first_and_the_address_says_what_is_shown(
    as_carol: Client, three: dict[str, ReviewRequest], query: str, order: list[str]
) -> None:
    assert _shown(as_carol, query) == [str(three[name].pk) for name in order]


def test_a_long_queue_is_shown_a_page_at_a_time(
    as_carol: Client, three: dict[str, ReviewRequest], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(waiting, "PAGE", 2)
    order = [str(three[name].pk) for name in ("dora", "bob", "alice")]
    assert _shown(as_carol) == order[:2]
    assert 'href="?page=2"' in as_carol.get("/review/").content.decode()
    assert _shown(as_carol, "?page=2") == _shown(as_carol, "?page=9") == order[2:]
    assert 'href="?"' in as_carol.get("/review/?page=2").content.decode()
    assert _shown(as_carol, "?page=-1") == _shown(as_carol, "?page=two") == order[:2]
    assert "3 records wait" in as_carol.get("/review/").content.decode()
    monkeypatch.setattr(waiting, "MOST", 2)
    assert "More than 2 records wait" in as_carol.get("/review/").content.decode()
    assert _shown(as_carol, "?page=2") == order[:2], "who needs more of them takes the first"


def test_what_makes_a_record_urgent_is_counted_whenever_its_facts_change(request_: ReviewRequest, record: Patient) -> None:
    request_.refresh_from_db()
    assert (request_.conflicts, request_.unsure, request_.facts, request_.is_counted) == (0, 0, 2, True)
    make_read_document(record, paper("TP53=positive", "TP53=negative", title="torn"))
    request_.refresh_from_db()
    assert (request_.conflicts, request_.facts) == (1, 4)


def test_requests_from_before_they_were_counted_are_counted_by_the_sweeper(request_: ReviewRequest) -> None:
    ReviewRequest.objects.update(conflicts=0, unsure=0, facts=0, is_counted=False)
    sweep()
    perform_waiting()
    request_.refresh_from_db()
    assert (request_.facts, request_.is_counted) == (2, True)


def test_the_queue_tells_nothing_but_counts(as_carol: Client, three: dict[str, ReviewRequest]) -> None:
    text = as_carol.get("/review/").content.decode()
    assert not any(word in text for word in ("KRAS", "TP53", "example.org", "report"))


def test_what_a_colleague_is_on_can_be_left_out(
    as_carol: Client, three: dict[str, ReviewRequest], sign_in: Callable[[Any], Client]
) -> None:
    sign_in(_person("dave@example.org", "coordinator")).post(_bench(three["bob"], "claim/"))
    assert _shown(as_carol, "?show=free") == [str(three[name].pk) for name in ("dora", "alice")]


def test_after_the_sign_off_comes_the_next_record_of_the_same_view(
    as_carol: Client, three: dict[str, ReviewRequest], sign_in: Callable[[Any], Client]
) -> None:
    as_carol.get("/review/?sort=waiting")
    for name, following in (("alice", "bob"), ("bob", "dora")):
        as_carol.post(_bench(three[name], "claim/"))
        _accept_all(as_carol, three[name])
        snapshot = Profile.objects.get(patient=three[name].patient, is_current=True)
        then = as_carol.post(_bench(three[name], "sign/"), {"snapshot": str(snapshot.pk)})
        assert then.headers["Location"] == _bench(three[following])
        assert "Review of" in as_carol.get(_bench(three[following])).content.decode(), "it is claimed already"
    sign_in(_person("dave@example.org", "coordinator")).post(_bench(three["dora"], "claim/"), {"take": "over"})
    assert as_carol.get(_bench(three["dora"])).headers["Location"] == "/review/?sort=waiting"


def test_undo_takes_back_the_last_word_and_what_was_said_before_it_stands(
    as_carol: Client, request_: ReviewRequest, read_file: Document, record: Patient
) -> None:
    as_carol.post(_bench(request_, "claim/"))
    before = Profile.objects.get(patient=record, is_current=True).content
    finding = next(one for one in read_file.findings.all() if one.value["name"] == "KRAS")
    for decision in ("accept", "reject"):
        as_carol.post(_bench(request_, "decide/"), {"finding": str(finding.pk), "decision": decision})
    assert "Rejected" in as_carol.get(_bench(request_)).content.decode()
    then = as_carol.post(_bench(request_, "undo/"), {"finding": str(finding.pk)})
    assert then.headers["Location"] == f"{_bench(request_)}?at={finding.pk}"
    assert "Accepted" in as_carol.get(_bench(request_)).content.decode()
    as_carol.post(_bench(request_, "undo/"), {"finding": str(finding.pk)})
    text = as_carol.get(_bench(request_)).content.decode()
    assert "0 of 2 checked" in text and "Undo my last one" not in text
    assert Profile.objects.get(patient=record, is_current=True).content == before
    assert [one.decision for one in Review.objects.all()] == ["confirmed", "rejected", "taken_back", "taken_back"], "the words are kept"
    again = as_carol.post(_bench(request_, "undo/"), {"finding": str(finding.pk)}, follow=True)
    assert "The facts changed" in again.content.decode()


def test_undo_takes_back_no_one_elses_word(as_carol: Client, request_: ReviewRequest, read_file: Document, alice: Any) -> None:
    finding = read_file.findings.all()[0]
    actions.review_finding(by=alice, finding=finding, decision="disputed")
    as_carol.post(_bench(request_, "claim/"))
    as_carol.post(_bench(request_, "undo/"), {"finding": str(finding.pk)})
    assert [one.decision for one in Review.objects.all()] == ["disputed"]


def test_a_question_to_the_patient_and_her_answer(
    as_carol: Client, as_alice: Client, as_bob: Client, request_: ReviewRequest, read_file: Document
) -> None:
    as_carol.post(_bench(request_, "claim/"))
    finding = str(read_file.findings.all()[0].pk)
    as_carol.post(_bench(request_, "ask/"), {"finding": finding, "text": "  "})
    assert not Question.objects.exists()
    sent = as_carol.post(_bench(request_, "ask/"), {"finding": finding, "text": "Was this test done twice?"}, follow=True)
    assert "The question is sent" in sent.content.decode() and "No answer yet" in sent.content.decode()
    question = Question.objects.get()
    assert "question has no answer yet" not in sent.content.decode(), "signing off is far"
    _accept_all(as_carol, request_)
    assert "1 question has no answer yet" in as_carol.get(_bench(request_)).content.decode()
    assert "Was this test done twice?" in as_alice.get("/questions/").content.decode()
    assert 'href="/questions/"' in as_alice.get("/records/").content.decode(), "she finds it from any of her pages"
    assert as_bob.post(f"/questions/{question.pk}/", {"text": "mine"}).status_code in (302, 404)
    assert "Type your answer" in as_alice.post(f"/questions/{question.pk}/", {"text": " "}, follow=True).content.decode()
    as_alice.post(f"/questions/{question.pk}/", {"text": "Yes, in May and in June."})
    assert "Yes, in May and in June." in as_carol.get(_bench(request_)).content.decode()
    assert 'href="/questions/"' not in as_alice.get("/records/").content.decode()
    as_alice.post(f"/questions/{question.pk}/", {"text": "No"})
    assert Question.objects.get().answer == "Yes, in May and in June."
