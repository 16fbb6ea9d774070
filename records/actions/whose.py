"""Is a file a medical record, and is it this patient's? Judged again whenever another file says whose it is."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from records import queue
from records.assembly.documents import ReadDocument, belongs_to, owner_of
from records.models import Document, Patient, Work
from records.states import DocumentState, check_step

Person = tuple[str | None, str | None]


def refusal_of(document: Document, *, is_medical: bool) -> str:
    """ "", "not_medical" or "other_person" for a document whose report has just been read. What the person accepted is never refused."""
    if document.is_accepted:
        return ""
    if not is_medical:
        return "not_medical"
    return "" if _is_owners(document, _owner(document.patient, document)) else "other_person"


def settle_others(document: Document) -> None:
    """Most files may agree on another person than the first file named. Those of the others are set aside, those set aside come back."""
    owner = _owner(document.patient, document)
    others = Document.objects.filter(patient=document.patient_id, is_accepted=False, report__isnull=False).exclude(pk=document.pk)
    for other in others.filter(status=DocumentState.READY):
        if not _is_owners(other, owner):
            _move(other, DocumentState.FAILED, "other_person")
    for other in others.filter(status=DocumentState.FAILED, failure_code="other_person"):
        if _is_owners(other, owner):
            _move(other, DocumentState.EXTRACTING, "")
            queue.add_work(Work.Step.EXTRACT, patient=other.patient_id, document=other)


def _move(document: Document, state: DocumentState, code: str) -> None:
    check_step(document.status, state)
    document.status, document.failure_code = state, code
    document.save(update_fields=["status", "failure_code"])


def _is_owners(document: Document, owner: Person) -> bool:
    return belongs_to(_named(document), *owner)


def _owner(patient: Patient, document: Document) -> Person:
    """Whom most files name. Where as many name another person, the files that were here first decide.

    In the order in which they came, whichever was read last: else each of two would call the other back when it is read again, without end.
    """
    known = Document.objects.filter(patient=patient, report__isnull=False).exclude(pk=document.pk).exclude(failure_code="not_medical")
    counted = [*known, document] if document.failure_code != "not_medical" else [*known]
    owner: Person = (None, None)
    here: list[ReadDocument] = []
    for one in sorted(counted, key=lambda one: (one.received_at, str(one.pk))):
        here.append(_named(one))
        now = owner_of(here, patient.name, None)
        if now != owner and (not any(owner) or _count(here, now) > _count(here, owner)):
            owner = now
    return owner


def _count(documents: Sequence[ReadDocument], owner: Person) -> int:
    return sum(belongs_to(one, *owner) for one in documents if one.patient_name or one.birth_date)


def _named(document: Document) -> ReadDocument:
    report: dict[str, Any] = document.report or {}
    return ReadDocument(str(document.pk), patient_name=report.get("patient_name"), birth_date=report.get("birth_date"))
