"""A finding with what people said of it, and what then counts: the machine's words, a person's correction, or nothing.

Reviews are only ever added. Of each person's reviews the newest counts; a coordinator's outweighs a patient's, but a patient who
disagrees later makes the fact disputed. A rejected finding never shows.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any

from personalize.profile import Check, EvidenceRef, PartialDate, Proof
from records.extraction.finding import Assertion, Finding, Kind


class Decision(StrEnum):
    """What a person decided of a finding."""

    CONFIRMED = "confirmed"
    CORRECTED = "corrected"
    REJECTED = "rejected"
    DISPUTED = "disputed"


class Role(StrEnum):
    """Whose word it is; a caregiver speaks as the patient."""

    COORDINATOR = "coordinator"
    PATIENT = "patient"


@dataclass(frozen=True, slots=True)
class Review:
    """One person's decision. at: ISO moment, so that text order is time order. corrected: the value put right, iff CORRECTED."""

    decision: Decision
    role: Role
    at: str
    corrected: Mapping[str, Any] | None = None


@dataclass(frozen=True, slots=True)
class JudgedFinding:
    """A finding of one file of the patient. id is opaque and unique; evidence_ids go with finding.evidence (the finding's id where empty).

    document_type: a ReportType value ("pathology", "molecular", ...). document_date: ISO, when it was written. is_amended: a corrected
    report or an addendum. is_told: typed by the patient, from no file. is_printed: on a page that somebody printed, not put together from
    coded fields. page_is_poorly_read: OCR was not sure of its page or of its words.
    """

    finding: Finding
    id: str
    file: str
    document_type: str = "other"
    document_date: str | None = None
    page_is_poorly_read: bool = False
    is_amended: bool = False
    is_told: bool = False
    is_printed: bool = True
    reviews: tuple[Review, ...] = ()
    evidence_ids: tuple[str, ...] = ()


_TRUST = {"pathology": 1, "molecular": 2, "oncology_note": 3, "radiology": 4, "labs": 4}
_AMENDED, _OUTSIDE, _TOLD = 0, 5, 6


@dataclass(frozen=True, slots=True)
class Voice:
    """What one finding says in the end. trust: 0 is most. is_word: a person stands behind it."""

    kind: Kind
    value: Mapping[str, Any]
    assertion: Assertion
    dated: PartialDate | None
    written: PartialDate | None
    trust: int
    confidence: float
    check: Check
    is_word: bool
    is_poorly_read: bool
    is_told: bool
    is_printed: bool
    file: str
    id: str
    document_type: str
    refs: tuple[EvidenceRef, ...]
    place: tuple[int, int]

    @property
    def day(self) -> date:
        """The day it was true; else the day it was written; else the beginning of time."""
        known = self.dated or self.written
        return known.latest() if known else date.min

    @property
    def written_on(self) -> date:
        known = self.written or self.dated
        return known.latest() if known else date.min

    @property
    def text(self) -> str:
        return " ".join(" ".join(ref.quote.split()) for ref in self.refs)

    def weight(self) -> tuple[Any, ...]:
        """Sorts what outweighs first; the id makes it certain."""
        return (not self.is_word, self.trust, -self.day.toordinal(), -self.confidence, self.id)

    def newest_first(self) -> tuple[Any, ...]:
        """As recency, for what changes from day to day: what the patient told counts by its day, and after the records of that day."""
        return (not self.is_word, -self.day.toordinal(), self.is_told, self.trust, -self.confidence, self.id)

    def recency(self) -> tuple[Any, ...]:
        """Sorts the newest first, a person's word before all."""
        return (not self.is_word, self.is_told, -self.day.toordinal(), self.trust, -self.confidence, self.id)


def voices(judged: Iterable[JudgedFinding]) -> list[Voice]:
    """What counts, in an order that does not depend on the order given."""
    heard = [voice for one in judged if (voice := _voice(one)) is not None]
    return sorted(heard, key=lambda one: (one.kind, one.weight()))


def _voice(judged: JudgedFinding) -> Voice | None:
    decision = _deciding(judged.reviews)
    if decision is not None and decision.decision is Decision.REJECTED:
        return None
    finding = judged.finding
    corrected = decision.corrected if decision is not None and decision.decision is Decision.CORRECTED else None
    is_word = decision is not None and decision.decision in (Decision.CONFIRMED, Decision.CORRECTED)
    first = finding.evidence[0] if finding.evidence else None
    return Voice(
        kind=finding.kind,
        value=corrected if corrected is not None else finding.value,
        assertion=Assertion.PRESENT if corrected is not None and finding.assertion is not Assertion.FAMILY else finding.assertion,
        dated=PartialDate.parse(finding.date),
        written=PartialDate.parse(judged.document_date),
        trust=_trust(judged),
        confidence=1.0 if is_word else finding.confidence,
        check=_check(judged, decision),
        is_word=is_word,
        is_poorly_read=judged.page_is_poorly_read and not is_word,
        is_told=judged.is_told,
        is_printed=judged.is_printed,
        file=judged.file,
        id=judged.id,
        document_type="told" if judged.is_told else judged.document_type,
        refs=_refs(judged),
        place=(first.page_number, first.start) if first else (0, 0),
    )


def _deciding(reviews: tuple[Review, ...]) -> Review | None:
    for role in (Role.COORDINATOR, Role.PATIENT):
        mine = [one for one in reviews if one.role is role]
        if mine:
            return max(mine, key=lambda one: (one.at, one.decision))
    return None


def _check(judged: JudgedFinding, decision: Review | None) -> Check:
    if decision is None:
        return Check.TOLD_BY_PATIENT if judged.is_told else Check.NOT_CHECKED
    later = [one for one in judged.reviews if one.role is Role.PATIENT and one.at > decision.at]
    newest = max(later, key=lambda one: one.at, default=None)
    is_doubted = newest is not None and newest.decision is not Decision.CONFIRMED
    if decision.decision is Decision.DISPUTED or is_doubted:
        return Check.DISPUTED
    return Check.CONFIRMED_BY_COORDINATOR if decision.role is Role.COORDINATOR else Check.CONFIRMED_BY_PATIENT


def _trust(judged: JudgedFinding) -> int:
    if judged.is_told:
        return _TOLD
    if judged.finding.assertion is Assertion.HISTORICAL:
        return _OUTSIDE
    trust = _TRUST.get(judged.document_type, _OUTSIDE)
    return _AMENDED if judged.is_amended and trust <= 2 else trust


def _refs(judged: JudgedFinding) -> tuple[EvidenceRef, ...]:
    ids = judged.evidence_ids if len(judged.evidence_ids) == len(judged.finding.evidence) else (judged.id,) * len(judged.finding.evidence)
    return tuple(EvidenceRef(ref, judged.file, one.page_number, one.quote) for ref, one in zip(ids, judged.finding.evidence, strict=True))


_CHECKS = (
    Check.CONFIRMED_BY_COORDINATOR,
    Check.CONFIRMED_BY_PATIENT,
    Check.NOT_CHECKED,
    Check.TOLD_BY_PATIENT,
)


def proof_of(chosen: Voice, agreeing: Iterable[Voice] = (), *, is_conflicting: bool = False, day: PartialDate | None = None) -> Proof:
    """Why a fact is believed: the chosen voice first, then those that agree. One dispute makes it disputed; one clean page makes it well read."""
    others = sorted({one.id: one for one in agreeing if one.id != chosen.id}.values(), key=Voice.weight)
    mine = [chosen, *others]
    check = Check.DISPUTED if any(one.check is Check.DISPUTED for one in mine) else min((one.check for one in mine), key=_CHECKS.index)
    return Proof(
        evidence=tuple(dict.fromkeys(ref for one in mine for ref in one.refs)),
        date=day or chosen.dated or chosen.written,
        confidence=max(one.confidence for one in mine) if mine else None,
        check=check,
        is_conflicting=is_conflicting,
        is_poorly_read=all(one.is_poorly_read for one in mine),
        finding_ids=tuple(dict.fromkeys(one.id for one in mine)),
    )
