"""What Scope hands out besides rows: values that stand on their own once they are read."""

from __future__ import annotations

import datetime as dt
import uuid
from dataclasses import dataclass
from typing import Any

from personalize.codec import decode_profile
from personalize.profile import Conflict, EvidenceRef, PatientProfile
from records.models import Finding, Profile, ReviewRequest
from records.reading.page import Box


@dataclass(frozen=True, slots=True)
class ShownEvidence:
    """The words behind a finding, where they stand. boxes: fractions of the page as displayed, one for each printed line."""

    document: uuid.UUID
    document_name: str
    page: uuid.UUID
    page_number: int
    boxes: tuple[Box, ...]
    quote: str


@dataclass(frozen=True, slots=True)
class CurrentProfile:
    """The newest snapshot of what is known of a patient. signed_off_…: a coordinator read exactly this snapshot."""

    id: uuid.UUID
    number: int
    profile: PatientProfile
    conflicts: tuple[Conflict, ...]
    built_at: dt.datetime
    signed_off_by: Any
    signed_off_at: dt.datetime | None


@dataclass(frozen=True, slots=True)
class Progress:
    """Pages of a document's newest reading: all (None until counted), read, and those that could not be read."""

    pages: int | None
    read: int
    failed: int


@dataclass(frozen=True, slots=True)
class QueuePage:
    """A page of the coordinators' queue. waiting: how many wait in all, is_more than that; number: of this page, of so many."""

    requests: tuple[ReviewRequest, ...]
    waiting: int
    is_more: bool
    number: int
    pages: int


def shown_evidence(finding: Finding, evidence: Any) -> ShownEvidence:
    """Where one row of a finding's evidence stands."""
    page = evidence.page
    boxes = page.page_text.boxes(evidence.start, evidence.end)
    return ShownEvidence(finding.document_id, finding.document.name, page.pk, page.number, boxes, evidence.quote)


def current_profile(row: Profile) -> CurrentProfile:
    """A stored snapshot, opened."""
    conflicts = tuple(_conflict(one) for one in row.content["conflicts"])
    profile = decode_profile(row.content["profile"])
    return CurrentProfile(row.pk, row.number, profile, conflicts, row.built_at, row.signed_off_by, row.signed_off_at)


def _conflict(made: dict[str, Any]) -> Conflict:
    evidence = tuple(EvidenceRef(one["id"], one["file"], one["page"], one["quote"]) for one in made["evidence"])
    return Conflict(made["field"], tuple(made["values"]), made["chosen"], made["why"], evidence)
