"""People's word on what the machine found, and the coordinators' reviews."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any

from django.db.models import Q
from django.utils import timezone

from personalize.profile import PartialDate
from records import audit
from records.actions.adding import PERSON
from records.actions.notices import Kind as Mail
from records.actions.notices import tell, telling_of_change
from records.actions.profiles import NOT_MINE, build_profile, count_for_the_team
from records.actions.recorded import action, fresh, locked
from records.actions.sharing import end_review
from records.actions.values import check_value
from records.exceptions import RecordsError
from records.extraction.finding import Kind
from records.models import Consent, Finding, Grant, Patient, Profile, Review, ReviewRequest, Statement
from records.models.finding import standing, word_of_the_team
from records.permissions import NotVisible, check_can_add, check_can_decide, check_can_own, check_can_review, holder_of

DECISIONS = tuple(one for one in Review.Decision.values if one != Review.Decision.TAKEN_BACK)
MAX_NOTE = 2000


@action("finding.reviewed")
def review_finding(*, by: Any, finding: Finding, decision: str, corrected: Mapping[str, Any] | None = None, note: str = "") -> Review:
    """A person's word beside the machine's. corrected: the finding's value with what was wrong put right, iff decision is CORRECTED."""
    patient = locked(finding.patient_id)
    check_can_decide(by, patient)
    row = fresh(finding)
    review = _said(by, row, decision, corrected, note)
    with telling_of_change(by, patient):
        build_profile(patient)
    audit.record(by=by, action="finding.reviewed", patient=patient.pk, target=row)
    return review


@action("finding.reviewed")
def review_findings(*, by: Any, patient: Patient, findings: Sequence[Finding], decision: str) -> None:
    """The same word on several findings of one record: on all of them or on none. NotVisible where one is not of this record."""
    mine = locked(patient.pk)
    check_can_decide(by, mine)
    rows = [fresh(one) for one in findings]
    if any(row.patient_id != mine.pk for row in rows):
        raise NotVisible
    for row in rows:
        _said(by, row, decision)
    with telling_of_change(by, mine):
        build_profile(mine)
    for row in rows:
        audit.record(by=by, action="finding.reviewed", patient=mine.pk, target=row)


def _said(by: Any, finding: Finding, decision: str, corrected: Mapping[str, Any] | None = None, note: str = "") -> Review:
    if decision not in DECISIONS or (decision == Review.Decision.CORRECTED) != (corrected is not None):
        raise RecordsError("invalid_value")
    if corrected is not None:
        check_value(corrected)
    return Review.objects.create(
        patient_id=finding.patient_id,
        finding=finding,
        decision=decision,
        corrected=dict(corrected) if corrected is not None else None,
        note=note[:MAX_NOTE],
        by=by,
        by_role=by.role,
    )


@action("finding.taken_back")
def take_back(*, by: Any, finding: Finding) -> None:
    """Undo this person's last word on a finding: what they said before it, or nothing, counts again. The log of both words stays."""
    patient = locked(finding.patient_id)
    check_can_decide(by, patient)
    row = fresh(finding)
    said = [one for one in standing(row.reviews.all()) if one.by_id == by.pk]
    if not said:
        raise RecordsError("out_of_date")
    is_unsaid = row.extractor == PERSON and len(said) == 1 and said[0].decision != Review.Decision.REJECTED
    undone = Review.Decision.REJECTED if is_unsaid else Review.Decision.TAKEN_BACK  # nobody but this person ever said it
    Review.objects.create(patient=patient, finding=row, decision=undone, by=by, by_role=by.role)
    with telling_of_change(by, patient):
        build_profile(patient)
    audit.record(by=by, action="finding.taken_back", patient=patient.pk, target=row)


_SENT_TWICE = dt.timedelta(minutes=10)


@action("fact.stated")
def state_fact(*, by: Any, patient: Patient, kind: str, value: Mapping[str, Any], date: str | None = None) -> Statement:
    """What the patient tells us: kind and value as in records.extraction.finding.Kind; date ISO, as short as it is known. The same
    words of the same person within minutes are said once: a form that was sent two times."""
    mine = locked(patient.pk)
    check_can_add(by, mine)
    if kind not in Kind._value2member_map_ or (date is not None and PartialDate.parse(date) is None):
        raise RecordsError("invalid_value")
    check_value(value)
    last = Statement.objects.filter(patient=mine, kind=kind, at__gte=timezone.now() - _SENT_TWICE).last()
    if last is not None and (last.by_id, last.value, last.date) == (by.pk, dict(value), date):
        return last
    statement = Statement.objects.create(patient=mine, kind=kind, value=dict(value), date=date, by=by)
    build_profile(mine)
    audit.record(by=by, action="fact.stated", patient=mine.pk, target=statement)
    return statement


@action("review.requested")
def request_review(*, by: Any, patient: Patient) -> ReviewRequest:
    """Ask the coordinators to check the facts; this, and nothing else, opens the record to their team. Needs review consent."""
    check_can_own(by, locked(patient.pk))
    if not Consent.objects.filter(patient=patient, purpose=Consent.Purpose.REVIEW, withdrawn_at__isnull=True).exists():
        raise RecordsError("no_consent")
    if not Grant.objects.filter(patient=patient, to__isnull=True, revoked_at__isnull=True).exists():
        Grant.objects.create(patient=patient, rights=[Grant.Right.REVIEW.value, Grant.Right.VIEW.value], granted_by=by)
    request, is_new = ReviewRequest.objects.get_or_create(patient=patient, closed_at=None, defaults={"requested_by": by})
    if is_new:
        current = Profile.objects.filter(patient=patient, is_current=True).first()
        count_for_the_team(patient, len(current.content["conflicts"]) if current else 0)
        audit.record(by=by, action="review.requested", patient=patient.pk, target=request)
    return request


CLAIM_MINUTES = 30


@action("review.claimed")
def claim_review(*, by: Any, request: ReviewRequest, is_takeover: bool = False) -> ReviewRequest:
    """Take an open request for half an hour, or longer by claiming it again. RecordsError("taken") unless it is a takeover."""
    check_can_review(by, locked(request.patient_id))
    row = fresh(request)
    holder = holder_of(row)
    if row.closed_at or (holder not in (None, by) and not is_takeover):
        raise RecordsError("taken")
    row.claimed_by, row.claimed_until = by, timezone.now() + dt.timedelta(minutes=CLAIM_MINUTES)
    row.save(update_fields=["claimed_by", "claimed_until"])
    audit.record(by=by, action="review.claimed", patient=row.patient_id, target=row)
    return row


@action("review.released")
def release_review(*, by: Any, request: ReviewRequest) -> None:
    check_can_review(by, locked(request.patient_id))
    mine = ReviewRequest.objects.filter(pk=request.pk, claimed_by=by)
    if mine.update(claimed_by=None, claimed_until=None):
        audit.record(by=by, action="review.released", patient=request.patient_id, target=request)


@action("profile.signed_off")
def sign_off(*, by: Any, snapshot: Any) -> Profile:
    """A coordinator read exactly this snapshot (a CurrentProfile or its row). With that the review is over: the request is closed and the
    team loses sight of the record.

    RecordsError("out_of_date") if a newer snapshot exists, RecordsError("undecided") while a fact waits for a word.
    """
    row = fresh(Profile(pk=snapshot.id))
    check_can_review(by, locked(row.patient_id))
    row = fresh(row)
    if not row.is_current:
        raise RecordsError("out_of_date")
    if undecided(row.patient):
        raise RecordsError("undecided")
    if row.signed_off_at is None:
        row.signed_off_by, row.signed_off_at = by, timezone.now()
        row.save(update_fields=["signed_off_by", "signed_off_at"])
    end_review(by, row.patient)
    tell(row.patient, Mail.REVIEW_DONE)
    audit.record(by=by, action="profile.signed_off", patient=row.patient_id, target=row)
    return row


def undecided(patient: Patient) -> list[Finding]:
    """Facts that count for the profile and have no word of the team that stands."""
    counting = Finding.objects.filter(Q(is_current=True) | Q(reviews__isnull=False), patient=patient).distinct()
    counting = counting.exclude(document__status="failed", document__failure_code__in=NOT_MINE).prefetch_related("reviews")
    return [one for one in counting if not word_of_the_team(one.reviews.all())]
