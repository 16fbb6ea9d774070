"""Each action three ways: it works and leaves a trace, it is refused and leaves a trace, it breaks and leaves nothing."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest
from django.utils import timezone

from records import actions, audit, keys
from records.actions.reading import perform_waiting
from records.exceptions import RecordsError
from records.models import (
    AuditEvent,
    Consent,
    Document,
    Finding,
    Grant,
    Patient,
    PatientKey,
    Profile,
    Review,
    ReviewRequest,
    Statement,
    Work,
)
from records.permissions import NotAllowed, NotVisible, can_see
from records.storage import store
from tests.factories import ask_for_review, make_document, make_patient, make_read_document
from tests.records.paper import Reader, paper

pytestmark = pytest.mark.django_db
TABLES = (Consent, Document, Finding, Grant, Patient, Profile, Review, ReviewRequest, Statement, Work)


@dataclass
class World:
    """alice with one read document, one locked and one unfinished one, a grant, a request and a profile; carol may review."""

    patient: Patient
    document: Document
    locked: Document
    finding: Finding
    grant: Grant
    request: ReviewRequest
    snapshot: Profile
    carol: Any
    friend: Any


@pytest.fixture
def world(patient: Patient, reader: Reader, carol: Any, django_user_model: Any) -> World:
    friend = django_user_model.objects.create_user("dora@example.org", "correct horse battery")
    document = make_read_document(patient, paper("KRAS=positive"))
    locked = make_read_document(patient, paper("MSI=negative", title="LOCKED"))
    request = ask_for_review(patient)
    until = timezone.now() + dt.timedelta(days=3)
    grant = actions.grant_access(by=patient.account, patient=patient, to=friend, rights={"view"}, until=until)
    actions.review_finding(by=carol, finding=document.findings.get(), decision="confirmed")
    snapshot = Profile.objects.get(patient=patient, is_current=True)
    return World(patient, document, locked, document.findings.get(), grant, request, snapshot, carol, friend)


Act = Callable[[Any, World], Any]
LATER = dt.timedelta(days=3)
OWNERS: dict[str, Act] = {
    "consent.given": lambda by, w: actions.give_consent(by=by, patient=w.patient, purpose="alerts", version="1"),
    "consent.withdrawn": lambda by, w: actions.withdraw_consent(by=by, patient=w.patient, purpose="reading"),
    "document.received": lambda by, w: actions.receive_document(by=by, patient=w.patient, name="x.txt", content=paper("new")),
    "document.unlocked": lambda by, w: actions.unlock_document(by=by, document=w.locked, password="open sesame"),
    "document.retried": lambda by, w: actions.retry_document(by=by, document=w.document),
    "document.deleted": lambda by, w: actions.delete_document(by=by, document=w.document),
    "access.granted": lambda by, w: actions.grant_access(
        by=by, patient=w.patient, to=w.friend, rights={"add"}, until=timezone.now() + LATER
    ),
    "access.revoked": lambda by, w: actions.revoke_access(by=by, grant=w.grant),
    "finding.reviewed": lambda by, w: actions.review_finding(by=by, finding=w.finding, decision="confirmed"),
    "fact.stated": lambda by, w: actions.state_fact(by=by, patient=w.patient, kind="age", value={"age": 61}, date="2025"),
    "patient.deleted": lambda by, w: actions.delete_patient(by=by, patient=w.patient),
}
COORDINATORS: dict[str, Act] = {
    "review.claimed": lambda by, w: actions.claim_review(by=by, request=w.request),
    "profile.signed_off": lambda by, w: actions.sign_off(by=by, snapshot=w.snapshot),
}
ACTS = OWNERS | COORDINATORS


def _allowed(name: str, world: World) -> Any:
    return world.carol if name in COORDINATORS else world.patient.account


def _rows() -> dict[str, list[Any]]:
    return {model.__name__: sorted(map(repr, model.objects.values())) for model in TABLES}


@pytest.mark.parametrize("name", ACTS)
def test_it_works_and_leaves_one_trace(world: World, name: str) -> None:
    by = _allowed(name, world)
    before, last = _rows(), AuditEvent.objects.count()
    ACTS[name](by, world)
    assert _rows() != before
    (event,) = AuditEvent.objects.filter(id__gt=last)
    assert (event.action, event.actor, event.patient, event.outcome) == (name, by.pk, world.patient.pk, "done")


@pytest.mark.parametrize("name", ACTS)
def test_others_are_refused_and_leave_a_trace(world: World, bob: Any, name: str) -> None:
    before, last = _rows(), AuditEvent.objects.count()
    with pytest.raises(NotVisible):
        ACTS[name](bob, world)
    assert _rows() == before
    (event,) = AuditEvent.objects.filter(id__gt=last)
    assert (event.action, event.actor, event.patient, event.outcome) == (name, bob.pk, world.patient.pk, "refused")


@pytest.mark.parametrize("name", ACTS)
def test_who_may_only_look_may_do_nothing(world: World, name: str) -> None:
    before = _rows()
    with pytest.raises(NotAllowed):
        ACTS[name](world.friend, world)
    assert _rows() == before


@pytest.mark.parametrize("name", sorted(set(OWNERS) - {"finding.reviewed"}))
def test_coordinators_do_not_act_as_the_patient(world: World, name: str) -> None:
    with pytest.raises(NotAllowed):
        ACTS[name](world.carol, world)


@pytest.mark.parametrize("name", ACTS)
def test_administrators_see_nothing(world: World, django_user_model: Any, name: str) -> None:
    with pytest.raises(NotVisible):
        ACTS[name](django_user_model.objects.create_superuser("root@example.org", "correct horse battery"), world)


@pytest.mark.parametrize("name", ACTS)
def test_an_account_that_was_closed_can_do_nothing(world: World, name: str) -> None:
    by = _allowed(name, world)
    by.is_active = False
    by.save()
    with pytest.raises(NotVisible):
        ACTS[name](by, world)


@pytest.mark.parametrize("name", ACTS)
def test_without_its_trace_it_did_not_happen(world: World, monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    before, files = _rows(), sorted(store().root.rglob("*"))

    def broken(**given: Any) -> None:
        raise OSError("the audit log cannot be written")

    monkeypatch.setattr(audit, "record", broken)
    with pytest.raises(OSError, match="audit"):
        ACTS[name](_allowed(name, world), world)
    assert _rows() == before
    assert sorted(store().root.rglob("*")) == files


def test_a_change_that_breaks_leaves_no_trace_of_having_happened(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    last, said = AuditEvent.objects.count(), Review.objects.count()

    def broken(patient: Patient) -> None:
        raise OSError("no profile")

    monkeypatch.setattr("records.actions.reviews.build_profile", broken)
    with pytest.raises(OSError, match="no profile"):
        ACTS["finding.reviewed"](world.patient.account, world)
    assert AuditEvent.objects.count() == last
    assert Review.objects.count() == said


def test_an_account_opens_one_record(alice: Any, carol: Any) -> None:
    first = actions.open_patient(by=alice, name="Alice A.")
    assert actions.open_patient(by=alice) == first
    assert Patient.objects.get(account=alice).name == "Alice A."
    with pytest.raises(NotAllowed):
        actions.open_patient(by=carol)
    assert not Patient.objects.filter(account=carol).exists()


def test_actions_take_keywords_only(alice: Any) -> None:
    with pytest.raises(TypeError):
        actions.open_patient(alice)  # type: ignore[misc]


@pytest.mark.parametrize(
    ("content", "code"),
    [(b"", "empty"), (b"MZ not a record", "unsupported"), (paper("x" * 2000), "too_large"), (paper("same"), "duplicate")],
)
def test_a_file_that_cannot_be_kept_says_why_and_leaves_nothing(
    patient: Patient, reader: Reader, settings: Any, content: bytes, code: str
) -> None:
    make_document(patient, paper("same"))
    settings.MAX_UPLOAD_BYTES = 1000
    files = sorted(store().root.rglob("*"))
    with pytest.raises(RecordsError) as refused:
        make_document(patient, content)
    assert refused.value.code == code
    assert sorted(store().root.rglob("*")) == files
    assert patient.documents.count() == 1


def test_the_same_file_may_be_sent_by_another_patient(patient: Patient, reader: Reader, bob: Any) -> None:
    make_document(patient, paper("same"))
    assert make_document(make_patient(bob), paper("same")).status == "received"


@pytest.mark.parametrize("limit", ["MAX_DOCUMENTS_PER_PATIENT", "MAX_PATIENT_BYTES"])
def test_a_full_record_takes_no_more(patient: Patient, reader: Reader, settings: Any, limit: str) -> None:
    make_document(patient, paper("one"))
    setattr(settings, limit, 1)
    with pytest.raises(RecordsError, match="quota"):
        make_document(patient, paper("two"))


def test_without_consent_no_file_is_taken(alice: Any, reader: Reader) -> None:
    with pytest.raises(RecordsError, match="no_consent"):
        make_document(make_patient(alice, consents=()), paper("one"))


def test_a_full_disk_is_said_plainly(patient: Patient, reader: Reader, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*args: Any) -> str:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("records.actions.documents.keep_file", full)
    with pytest.raises(RecordsError, match="no_room"):
        make_document(patient, paper("one"))


def test_deleting_a_document_takes_its_pictures_and_members(
    patient: Patient, reader: Reader, django_capture_on_commit_callbacks: Any
) -> None:
    archive = make_read_document(patient, paper("KRAS=positive", "MSI=negative", title="ARCHIVE"))
    with django_capture_on_commit_callbacks(execute=True):
        actions.delete_document(by=patient.account, document=archive)
    assert not Document.objects.exists()
    assert not Finding.objects.exists()
    assert [path for path in store().root.rglob("*") if path.is_file()] == []


def test_deleting_a_patient_takes_rows_files_and_key(world: World, django_capture_on_commit_callbacks: Any) -> None:
    owner = world.patient.pk
    with django_capture_on_commit_callbacks(execute=True):
        actions.delete_patient(by=world.patient.account, patient=world.patient)
    for model in TABLES:
        assert not model.objects.exists()
    assert not PatientKey.objects.filter(owner=owner).exists()
    assert not (store().root / owner.hex).exists()
    assert AuditEvent.objects.filter(patient=owner, action="patient.deleted").count() == 1


def test_what_a_backup_brings_back_cannot_be_read(world: World, django_capture_on_commit_callbacks: Any) -> None:
    rows = [*Finding.objects.all(), *world.document.pages.all(), *Document.objects.all(), Patient.objects.get(pk=world.patient.pk)]
    with django_capture_on_commit_callbacks(execute=True):
        actions.delete_patient(by=world.patient.account, patient=world.patient)
    for row in (Patient.objects.model(pk=world.patient.pk, account=world.patient.account), *rows[::-1]):
        row._state.adding = True
        type(row).objects.bulk_create([row], ignore_conflicts=True)
    with pytest.raises(keys.KeyDestroyed):
        _ = Finding.objects.get(pk=world.finding.pk).value
    with pytest.raises(keys.KeyDestroyed):
        _ = Document.objects.get(pk=world.document.pk).name


def test_a_deletion_that_was_stopped_half_way_is_finished(patient: Patient, bob: Any) -> None:
    from records.actions.sweeping import clear_orphans

    other = make_patient(bob)
    for owner in (patient.pk, other.pk):
        keys.doom_key(owner)
    PatientKey.objects.filter(doomed_at__isnull=False).update(doomed_at=timezone.now() - dt.timedelta(hours=1))
    gone = patient.pk
    Patient.objects.filter(pk=gone).delete()
    assert clear_orphans() == 1
    assert not PatientKey.objects.filter(owner=gone).exists()
    assert PatientKey.objects.get(owner=other.pk).doomed_at is None


def test_files_that_no_row_names_are_cleared_and_others_stay(patient: Patient, reader: Reader, monkeypatch: pytest.MonkeyPatch) -> None:
    import os

    from records.actions import sweeping
    from records.actions.sweeping import clear_orphans
    from records.storage import keep_file

    monkeypatch.setattr(sweeping, "FILES_AT_ONCE", 2)
    make_read_document(patient, paper("one"))
    keep_file(b"k" * 32, patient.pk, [b"left behind"])
    files = [path for path in store().root.rglob("*") if path.is_file()]
    for path in files:
        os.utime(path, (0, 0))
    assert clear_orphans() == 1
    assert len([path for path in files if path.exists()]) == len(files) - 1


class TestConsent:
    def test_it_is_given_once_for_each_version(self, patient: Patient) -> None:
        first = actions.give_consent(by=patient.account, patient=patient, purpose="alerts", version="1")
        assert actions.give_consent(by=patient.account, patient=patient, purpose="alerts", version="1") == first
        second = actions.give_consent(by=patient.account, patient=patient, purpose="alerts", version="2")
        first.refresh_from_db()
        assert first.withdrawn_at is not None
        assert second.withdrawn_at is None

    def test_without_review_consent_no_review(self, patient: Patient) -> None:
        with pytest.raises(RecordsError, match="no_consent"):
            actions.request_review(by=patient.account, patient=patient)

    def test_withdrawing_review_consent_shuts_the_team_out(self, world: World) -> None:
        actions.claim_review(by=world.carol, request=world.request)
        actions.withdraw_consent(by=world.patient.account, patient=world.patient, purpose="review")
        with pytest.raises(NotVisible):
            actions.review_finding(by=world.carol, finding=world.finding, decision="confirmed")
        world.request.refresh_from_db()
        assert world.request.closed_at is not None
        assert world.request.claimed_by is None


class TestReview:
    def test_a_corrected_value_iff_corrected(self, world: World) -> None:
        for decision, corrected in (("confirmed", {"name": "KRAS"}), ("corrected", None), ("corrected", {}), ("nonsense", None)):
            with pytest.raises(RecordsError, match="invalid_value"):
                actions.review_finding(by=world.patient.account, finding=world.finding, decision=decision, corrected=corrected)

    @pytest.mark.parametrize(
        "value", [{"a": {"b": 1}}, {"a": float("nan")}, {"a": "x" * 501}, {1: "a"}, {"a": [1] * 21}, {str(n): 1 for n in range(21)}]
    )
    def test_only_plain_values_of_a_persons_size(self, world: World, value: Any) -> None:
        with pytest.raises(RecordsError, match="invalid_value"):
            actions.state_fact(by=world.patient.account, patient=world.patient, kind="age", value=value)

    @pytest.mark.parametrize(("kind", "date"), [("horoscope", None), ("age", "yesterday"), ("age", "2024-13")])
    def test_only_kinds_and_dates_there_are(self, world: World, kind: str, date: str | None) -> None:
        with pytest.raises(RecordsError, match="invalid_value"):
            actions.state_fact(by=world.patient.account, patient=world.patient, kind=kind, value={"age": 1}, date=date)

    def test_a_form_that_is_sent_twice_says_it_once(self, world: World, monkeypatch: pytest.MonkeyPatch) -> None:
        def say(age: int) -> Any:
            return actions.state_fact(by=world.patient.account, patient=world.patient, kind="age", value={"age": age}, date="2025").pk

        first, again, other, back = say(61), say(61), say(62), say(61)
        assert first == again
        assert len({first, other, back}) == 3, "who goes back to the first word says it anew"
        monkeypatch.setattr("records.actions.reviews._SENT_TWICE", dt.timedelta())
        assert say(61) != back, "the same a while later: it is still so"

    def test_two_coordinators_do_not_take_the_same_review(self, world: World, django_user_model: Any) -> None:
        other = django_user_model.objects.create_user("erin@example.org", "correct horse battery", role="coordinator")
        actions.claim_review(by=world.carol, request=world.request)
        with pytest.raises(RecordsError, match="taken"):
            actions.claim_review(by=other, request=world.request)
        assert actions.claim_review(by=other, request=world.request, is_takeover=True).claimed_by == other
        actions.release_review(by=world.carol, request=world.request)
        world.request.refresh_from_db()
        assert world.request.claimed_by == other
        actions.release_review(by=other, request=world.request)
        assert actions.claim_review(by=world.carol, request=world.request).claimed_by == world.carol

    def test_a_claim_ends_by_itself(self, world: World, django_user_model: Any) -> None:
        other = django_user_model.objects.create_user("erin@example.org", "correct horse battery", role="coordinator")
        actions.claim_review(by=world.carol, request=world.request)
        ReviewRequest.objects.update(claimed_until=timezone.now() - dt.timedelta(seconds=1))
        assert actions.claim_review(by=other, request=world.request).claimed_by == other

    def test_signing_off_names_the_snapshot_that_was_read(self, world: World) -> None:
        signed = actions.sign_off(by=world.carol, snapshot=world.snapshot)
        assert (signed.signed_off_by, signed.is_current) == (world.carol, True)
        world.request.refresh_from_db()
        assert world.request.closed_at is not None

    def test_signing_off_ends_what_the_team_may_see(self, world: World) -> None:
        actions.sign_off(by=world.carol, snapshot=world.snapshot)
        assert not can_see(world.carol, world.patient)
        assert world.patient.grants.get(to=None).revoked_by == world.carol
        asked = actions.request_review(by=world.patient.account, patient=world.patient)
        assert asked != world.request and can_see(world.carol, world.patient), "asking again opens it again"

    @pytest.mark.parametrize("said", [(), ("confirmed", "taken_back")])
    def test_nothing_is_signed_off_while_a_fact_waits_for_a_word_of_the_team(self, world: World, said: tuple[str, ...]) -> None:
        document = make_read_document(world.patient, paper("TP53=positive"))
        finding = document.findings.get()
        actions.review_finding(by=world.patient.account, finding=finding, decision="confirmed")
        for one in said:
            if one == "taken_back":
                actions.take_back(by=world.carol, finding=finding)
            else:
                actions.review_finding(by=world.carol, finding=finding, decision=one)
        current = Profile.objects.get(patient=world.patient, is_current=True)
        with pytest.raises(RecordsError, match="undecided"):
            actions.sign_off(by=world.carol, snapshot=current)
        assert can_see(world.carol, world.patient)
        actions.review_finding(by=world.carol, finding=finding, decision="rejected")
        actions.sign_off(by=world.carol, snapshot=Profile.objects.get(patient=world.patient, is_current=True))

    def test_an_old_snapshot_cannot_be_signed_off(self, world: World) -> None:
        Profile.objects.filter(pk=world.snapshot.pk).update(is_current=False)
        with pytest.raises(RecordsError, match="out_of_date"):
            actions.sign_off(by=world.carol, snapshot=world.snapshot)


class TestSharing:
    def test_a_grant_ends_on_its_day(self, world: World) -> None:
        from records.scope import Scope

        assert Scope(world.friend).document(world.document.pk) == world.document
        Grant.objects.filter(pk=world.grant.pk).update(until=timezone.now() - dt.timedelta(seconds=1))
        with pytest.raises(NotVisible):
            Scope(world.friend).document(world.document.pk)

    def test_a_caregiver_acts_under_their_own_name(self, world: World) -> None:
        by = world.patient.account
        actions.grant_access(by=by, patient=world.patient, to=world.friend, rights={"add", "decide"}, until=timezone.now() + LATER)
        review = actions.review_finding(by=world.friend, finding=world.finding, decision="disputed", note="not me")
        assert (review.by, review.by_role, review.note) == (world.friend, "patient", "not me")
        assert make_document(world.patient, paper("from a friend"), by=world.friend).status == "received"
        with pytest.raises(NotAllowed):
            actions.delete_patient(by=world.friend, patient=world.patient)

    @pytest.mark.parametrize("rights", [{"review"}, {"own"}, {"everything"}])
    def test_nobody_gives_away_more_than_there_is(self, world: World, rights: set[str]) -> None:
        with pytest.raises(RecordsError, match="invalid_value"):
            actions.grant_access(
                by=world.patient.account, patient=world.patient, to=world.friend, rights=rights, until=timezone.now() + LATER
            )

    def test_records_are_not_shared_with_staff_one_by_one(self, world: World) -> None:
        with pytest.raises(NotAllowed):
            actions.grant_access(
                by=world.patient.account, patient=world.patient, to=world.carol, rights={"view"}, until=timezone.now() + LATER
            )


def test_a_retry_while_it_is_read_changes_nothing(patient: Patient, reader: Reader) -> None:
    document = make_document(patient, paper("one"))
    actions.retry_document(by=patient.account, document=document)
    perform_waiting()
    document.refresh_from_db()
    assert (document.reading, document.status) == (1, "ready")
