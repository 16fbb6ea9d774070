"""The profile is put together anew whenever a finding, a review or a statement changes."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from django.db.models import Count, Max, Q
from django.utils import timezone

from personalize.codec import encode_profile
from personalize.profile import Conflict
from records.assembly import Assembled, Decision, JudgedFinding, Review, Role, assemble
from records.assembly.legibility import is_poorly_read, is_printed
from records.extraction.finding import Assertion, Evidence, Finding, Kind
from records.models import Finding as FindingRow
from records.models import Patient, Profile, ReviewRequest, Statement
from records.models.finding import standing
from records.models.sharing import UNSURE
from records.reading.page import PageText
from records.states import DocumentState

# Files whose facts are not this person's: their findings count for nothing until the person says the file is theirs.
NOT_MINE = ("not_medical", "other_person")


def build_profile(patient: Patient) -> Profile:
    """The patient's current snapshot; a new one only if it says something new. Inside a transaction that holds the patient's row."""
    assembled = assemble(judged_findings(patient), today=timezone.localdate())
    content = _content(replace(assembled, profile=replace(assembled.profile, is_reader_caregiver=patient.is_caregiver)))
    count_for_the_team(patient, len(assembled.conflicts))
    current = Profile.objects.filter(patient=patient, is_current=True).first()
    if current and current.content == content:
        return current
    last = Profile.objects.filter(patient=patient).aggregate(last=Max("number"))["last"] or 0
    Profile.objects.filter(patient=patient, is_current=True).update(is_current=False)
    return Profile.objects.create(patient=patient, number=last + 1, content=content)


def count_for_the_team(patient: Patient, conflicts: int) -> None:
    """What makes the open request for a review urgent, if there is one. Names no fact."""
    request = ReviewRequest.objects.filter(patient=patient, closed_at__isnull=True)
    if request.exists():
        facts = FindingRow.objects.filter(patient=patient, is_current=True).order_by()
        counted = facts.aggregate(facts=Count("pk"), unsure=Count("pk", filter=Q(confidence__lt=UNSURE)))
        request.update(conflicts=conflicts, is_counted=True, **counted)


def judged_findings(patient: Patient) -> list[JudgedFinding]:
    """All that counts for the profile: what the newest extraction says or a person has judged, and what the patient told us."""
    rows = (
        FindingRow.objects.filter(Q(is_current=True) | Q(reviews__isnull=False), patient=patient)
        .exclude(document__status=DocumentState.FAILED, document__failure_code__in=NOT_MINE)
        .distinct()
        .select_related("document")
        .prefetch_related("evidence__page", "reviews")
    )
    told: dict[tuple[str, ...], Statement] = {}
    for one in Statement.objects.filter(patient=patient).order_by("at", "pk"):
        before = told.get(_what(one))
        if before is not None and one.kind == Kind.SITUATION:  # asked in parts: what is left empty stays as it was
            one.value = {**before.value, **one.value}
        told[_what(one)] = one
    pages: dict[uuid.UUID, PageText] = {}
    return [*(_judged(row, pages) for row in rows), *(_told(statement) for statement in told.values())]


# Facts of which a person has one: what was told last takes the place of what was told before, be it on the same day.
_SINGLE = frozenset((Kind.DIAGNOSIS, Kind.STAGE_GROUP, Kind.EXTENT, Kind.AGE, Kind.SEX, Kind.BIRTH_DATE, Kind.SITUATION))


def _what(told: Statement) -> tuple[str, ...]:
    """What a statement is about: its kind, with the scale of a score and the name of a marker; otherwise itself."""
    if told.kind in _SINGLE:
        return (told.kind,)
    name = {Kind.PERFORMANCE: "scale", Kind.BIOMARKER: "name"}.get(Kind(told.kind))
    return (told.kind, str(told.value.get(name)) if name else str(told.pk))


def _judged(row: FindingRow, pages: dict[uuid.UUID, PageText]) -> JudgedFinding:
    """pages: those decoded so far, by the id of their row."""
    evidence = list(row.evidence.all())
    for one in evidence:
        if one.page_id not in pages:
            pages[one.page_id] = one.page.page_text
    read = {one.page.number: pages[one.page_id] for one in evidence}
    report = row.document.report or {}
    finding = Finding(
        kind=Kind(row.kind),
        value=row.value,
        evidence=tuple(Evidence(one.page.number, one.start, one.end, one.quote) for one in evidence),
        assertion=Assertion(row.assertion),
        date=row.date,
        confidence=row.confidence,
        extractor=row.extractor,
    )
    return JudgedFinding(
        finding=finding,
        id=str(row.pk),
        file=row.document.name,
        document_type=report.get("type") or "other",
        document_date=report.get("date"),
        page_is_poorly_read=is_poorly_read(finding, read),
        is_printed=is_printed(finding, read),
        is_amended=bool(report.get("is_amended")),
        reviews=tuple(_reviews(row)),
    )


def _reviews(row: FindingRow) -> Iterator[Review]:
    for one in standing(row.reviews.all()):
        role = Role.COORDINATOR if one.by_role == Role.COORDINATOR else Role.PATIENT
        yield Review(Decision(one.decision), role, one.at.astimezone(dt.UTC).isoformat(timespec="microseconds"), one.corrected)


def _told(statement: Statement) -> JudgedFinding:
    said = Finding(Kind(statement.kind), statement.value, (), Assertion.PRESENT, statement.date, 1.0, "told/1")
    day = statement.at.date().isoformat()
    return JudgedFinding(said, id=str(statement.pk), file="", document_date=day, is_told=True)


def _content(assembled: Assembled) -> dict[str, Any]:
    return {"profile": encode_profile(assembled.profile), "conflicts": [_encode_conflict(one) for one in assembled.conflicts]}


def _encode_conflict(conflict: Conflict) -> dict[str, Any]:
    return {
        "field": conflict.field,
        "values": list(conflict.values),
        "chosen": conflict.chosen,
        "why": conflict.why,
        "evidence": [{"id": one.id, "file": one.file, "page": one.page, "quote": one.quote} for one in conflict.evidence],
    }
