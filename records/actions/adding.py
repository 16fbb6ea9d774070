"""A fact that the machine missed and a coordinator saw: the words on the page, with the coordinator's own word on it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from personalize.profile import PartialDate
from records import audit
from records.actions.findings import add_found, fingerprint_of
from records.actions.notices import telling_of_change
from records.actions.profiles import build_profile
from records.actions.recorded import action, fresh, locked
from records.actions.values import check_value
from records.exceptions import RecordsError
from records.extraction.finding import Assertion, Evidence, Kind
from records.extraction.finding import Finding as Found
from records.models import Finding, Page, Review
from records.permissions import check_can_review

PERSON = "person/1"  # in the place of the extractor's name
MOST_SPANS = 60


@action("finding.added")
def add_finding(
    *, by: Any, page: Page, spans: Sequence[tuple[int, int]], kind: str, value: Mapping[str, Any], date: str | None = None
) -> Finding:
    """spans: of the page's text, each [start, end). What the machine found in the same words already is confirmed instead.

    RecordsError("invalid_value") for words, kinds, values and dates there are not.
    """
    patient = locked(page.patient_id)
    check_can_review(by, patient)
    row: Page = fresh(page)
    if kind not in Kind._value2member_map_ or (date is not None and PartialDate.parse(date) is None):
        raise RecordsError("invalid_value")
    check_value(value)
    assertion = Assertion.FAMILY if kind == Kind.FAMILY_HISTORY else Assertion.PRESENT
    found = Found(Kind(kind), dict(value), _evidence(row, spans), assertion, date, 1.0, PERSON)
    fingerprint = fingerprint_of(row.document, found)
    finding = Finding.objects.filter(document=row.document, fingerprint=fingerprint).first()
    finding = finding or add_found(row.document, {fingerprint: found}, [row])[0]
    Review.objects.create(patient=patient, finding=finding, decision=Review.Decision.CONFIRMED, by=by, by_role=by.role)
    with telling_of_change(by, patient):
        build_profile(patient)
    audit.record(by=by, action="finding.added", patient=patient.pk, target=finding)
    return finding


def _evidence(page: Page, spans: Sequence[tuple[int, int]]) -> tuple[Evidence, ...]:
    is_there = 0 < len(spans) <= MOST_SPANS and all(0 <= start < end <= len(page.text) for start, end in spans)
    if not is_there or not any(page.text[start:end].strip() for start, end in spans):
        raise RecordsError("invalid_value")
    return tuple(Evidence(page.number, start, end, page.text[start:end]) for start, end in spans)
