"""What alice, bob and carol see. Not visible and not existing are the same; every look leaves exactly one row."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from typing import Any

import pytest
from django.contrib.auth.models import AnonymousUser

from records import actions
from records.models import AuditEvent, Document, Patient
from records.permissions import NotAllowed, NotVisible, can_add, can_decide, can_own, can_review, can_see
from records.scope import Scope
from tests.factories import ask_for_review, make_patient, make_read_document
from tests.records.paper import Reader, paper

pytestmark = pytest.mark.django_db


@pytest.fixture
def document(patient: Patient, reader: Reader) -> Document:
    return make_read_document(patient, paper("KRAS=positive", "more words"))


Look = Callable[[Scope, Document], Any]
LOOKS: dict[str, Look] = {
    "patient": lambda s, d: s.patient(d.patient_id),
    "documents": lambda s, d: list(s.documents(d.patient)),
    "document": lambda s, d: s.document(d.pk),
    "document by text": lambda s, d: s.document(str(d.pk)),
    "progress": lambda s, d: s.progress(d),
    "pages": lambda s, d: list(s.pages(d)),
    "page": lambda s, d: s.page(d.pk, 1),
    "page image": lambda s, d: s.page_image(d.pages.first()),
    "original": lambda s, d: b"".join(s.original(d)),
    "findings of a patient": lambda s, d: list(s.findings(d.patient)),
    "findings of a document": lambda s, d: list(s.findings(d)),
    "finding": lambda s, d: s.finding(d.findings.get().pk),
    "evidence": lambda s, d: s.evidence(d.findings.get()),
    "profile": lambda s, d: s.profile(d.patient),
    "snapshot": lambda s, d: s.snapshot(d.patient.profiles.first().pk),
    "statements": lambda s, d: list(s.statements(d.patient)),
    "reviews": lambda s, d: list(s.reviews(d.patient)),
}
OWNERS: dict[str, Look] = {
    "consents": lambda s, d: list(s.consents(d.patient)),
    "grants": lambda s, d: list(s.grants(d.patient)),
    "access log": lambda s, d: list(s.access_log(d.patient)),
}


@pytest.mark.parametrize("name", LOOKS | OWNERS)
def test_the_owner_sees_and_leaves_one_row(document: Document, name: str) -> None:
    last = AuditEvent.objects.count()
    assert (LOOKS | OWNERS)[name](Scope(document.patient.account, "facts"), document) is not None
    (event,) = AuditEvent.objects.filter(id__gt=last)
    assert (event.action, event.purpose, event.outcome, event.patient) == ("looked", "facts", "done", document.patient_id)


@pytest.mark.parametrize("name", LOOKS | OWNERS)
@pytest.mark.parametrize("who", ["bob", "carol", "admin", "nobody", "closed"])
def test_others_see_nothing_and_leave_one_row(
    document: Document, name: str, who: str, bob: Any, carol: Any, django_user_model: Any
) -> None:
    alice = document.patient.account
    people = {
        "bob": lambda: bob,
        "carol": lambda: carol,
        "admin": lambda: django_user_model.objects.create_superuser("root@example.org", "correct horse battery"),
        "nobody": AnonymousUser,
        "closed": lambda: alice,
    }
    user = people[who]()
    if who == "closed":
        user.is_active = False
    last = AuditEvent.objects.count()
    with pytest.raises(NotVisible) as refused:
        (LOOKS | OWNERS)[name](Scope(user), document)
    assert str(refused.value) == "Not found."
    (event,) = AuditEvent.objects.filter(id__gt=last)
    assert (event.outcome, event.patient) == ("refused", document.patient_id)
    assert event.actor == (None if who == "nobody" else user.pk)


@pytest.mark.parametrize("name", OWNERS)
def test_a_reviewing_coordinator_sees_the_record_but_not_the_owners_pages(document: Document, carol: Any, name: str) -> None:
    ask_for_review(document.patient)
    for look in LOOKS.values():
        assert look(Scope(carol, "review"), document) is not None
    with pytest.raises(NotAllowed):
        OWNERS[name](Scope(carol, "review"), document)


@pytest.mark.parametrize("pk", [uuid.UUID(int=7), str(uuid.UUID(int=8)), "no-id", "", "../1", 17])
def test_what_does_not_exist_is_not_visible(document: Document, pk: Any) -> None:
    scope = Scope(document.patient.account)
    for get in (scope.patient, scope.document, scope.finding, scope.snapshot, scope.grant, scope.review_request):
        with pytest.raises(NotVisible) as refused:
            get(pk)
        assert str(refused.value) == "Not found."


def test_one_request_is_one_row_however_much_is_shown(document: Document) -> None:
    scope, last = Scope(document.patient.account), AuditEvent.objects.count()
    for look in LOOKS.values():
        look(scope, document)
    assert AuditEvent.objects.count() == last + 1


def test_lists_hold_only_what_is_visible(document: Document, bob: Any, carol: Any) -> None:
    his = make_patient(bob)
    assert list(Scope(document.patient.account).patients()) == [document.patient]
    assert list(Scope(bob).patients()) == [his]
    assert list(Scope(carol).patients()) == []
    assert list(Scope(AnonymousUser()).patients()) == []
    ask_for_review(document.patient)
    assert list(Scope(carol).patients()) == [document.patient]
    assert list(Scope(bob).review_queue()) == []
    (request,) = Scope(carol).review_queue()
    assert request.patient == document.patient


def test_own_patient(document: Document, carol: Any) -> None:
    assert Scope(document.patient.account).own_patient() == document.patient
    assert Scope(carol).own_patient() is None
    assert Scope(AnonymousUser()).own_patient() is None


def test_revoked_is_over_at_the_next_request(document: Document, carol: Any) -> None:
    ask_for_review(document.patient)
    assert Scope(carol).document(document.pk) == document
    grant = document.patient.grants.get()
    actions.revoke_access(by=document.patient.account, grant=grant)
    with pytest.raises(NotVisible):
        Scope(carol).document(document.pk)
    assert list(Scope(carol).review_queue()) == []


def test_evidence_says_where_the_words_stand(document: Document) -> None:
    (shown,) = Scope(document.patient.account).evidence(document.findings.get())
    assert (shown.document_name, shown.page_number, shown.quote) == ("report.txt", 1, "KRAS=positive")
    (box,) = shown.boxes
    assert 0 <= box.x0 < box.x1 <= 1


def test_progress_counts_pages(patient: Patient, reader: Reader) -> None:
    document = make_read_document(patient, paper("one", "UNREADABLE", "three"))
    progress = Scope(patient.account).progress(document)
    assert (progress.pages, progress.read, progress.failed) == (3, 2, 1)


def test_what_an_extraction_no_longer_says_is_shown_only_if_a_person_judged_it(document: Document) -> None:
    finding = document.findings.get()
    type(finding).objects.update(is_current=False)
    scope = Scope(document.patient.account)
    assert list(scope.findings(document)) == []
    actions.review_finding(by=document.patient.account, finding=finding, decision="confirmed")
    actions.review_finding(by=document.patient.account, finding=finding, decision="disputed")
    assert list(scope.findings(document)) == [finding]


def test_the_access_log_tells_the_owner_who_looked(document: Document, carol: Any, bob: Any) -> None:
    ask_for_review(document.patient)
    Scope(carol, "review").document(document.pk)
    with pytest.raises(NotVisible):
        Scope(bob).document(document.pk)
    rows = Scope(document.patient.account).access_log(document.patient).filter(action="looked", actor__in=[bob.pk, carol.pk])
    assert [(row.actor, row.outcome) for row in rows] == [(bob.pk, "refused"), (carol.pk, "done")]


def test_can_asks_what_check_can_raises(document: Document, bob: Any, carol: Any) -> None:
    patient, alice = document.patient, document.patient.account
    asks = (can_see, can_add, can_decide, can_own, can_review)
    assert [ask(alice, patient) for ask in asks] == [True, True, True, True, False]
    assert [ask(bob, patient) for ask in asks] == [False] * 5
    assert [ask(carol, patient) for ask in asks] == [False] * 5
    ask_for_review(patient)
    assert [ask(carol, patient) for ask in asks] == [True, False, True, False, True]
