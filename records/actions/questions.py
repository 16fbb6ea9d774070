"""What a coordinator asks the patient, and her answer. The answer is her word: it changes no fact by itself."""

from __future__ import annotations

from typing import Any

from django.utils import timezone

from records import audit
from records.actions.notices import Kind, tell
from records.actions.recorded import action, fresh, locked
from records.exceptions import RecordsError
from records.models import Finding, Question, ReviewRequest
from records.permissions import check_can_add, check_can_review

MAX_TEXT = 1000


@action("question.asked")
def ask_patient(*, by: Any, request: ReviewRequest, text: str, finding: Finding | None = None) -> Question:
    """One question, about a finding of this record or about all of it. RecordsError("invalid_value") where there is none."""
    patient = locked(request.patient_id)
    check_can_review(by, patient)
    if finding is not None and finding.patient_id != patient.pk:
        raise RecordsError("invalid_value")
    question = Question.objects.create(patient=patient, finding=finding, text=_said(text), asked_by=by)
    tell(patient, Kind.NEEDS_YOU)
    audit.record(by=by, action="question.asked", patient=patient.pk, target=question)
    return question


@action("question.answered")
def answer_question(*, by: Any, question: Question, text: str) -> Question:
    """Answered once, by the patient or a caregiver who may add. RecordsError("out_of_date") where it was answered already."""
    check_can_add(by, locked(question.patient_id))
    row: Question = fresh(question)
    if row.answered_at is not None:
        raise RecordsError("out_of_date")
    row.answer, row.answered_by, row.answered_at = _said(text), by, timezone.now()
    row.save(update_fields=["answer", "answered_by", "answered_at"])
    audit.record(by=by, action="question.answered", patient=row.patient_id, target=row)
    return row


def _said(text: str) -> str:
    said = text.strip()
    if not 0 < len(said) <= MAX_TEXT:
        raise RecordsError("invalid_value")
    return said
