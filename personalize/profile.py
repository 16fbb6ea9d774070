"""One patient's profile: what is known, since when, from which words, and who has checked it.

Names follow mCODE (PrimaryCancerCondition, CancerStage, TumorMarkerTest, ...). Everything is immutable and holds plain values, so
that the same profile always gives the same page. An absent fact (None or an empty tuple) means "not found", never "no".
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from types import MappingProxyType
from typing import Any, Generic, TypeVar

T = TypeVar("T")
_ISO = re.compile(r"(\d{4})(?:-(\d{2})(?:-(\d{2}))?)?(?:T.*)?")


class Check(StrEnum):
    """Who stands behind a fact."""

    NOT_CHECKED = "not_checked"
    CONFIRMED_BY_COORDINATOR = "confirmed_by_coordinator"
    CONFIRMED_BY_PATIENT = "confirmed_by_patient"
    TOLD_BY_PATIENT = "told_by_patient"
    DISPUTED = "disputed"


class FactState(StrEnum):
    """The four states a fact is shown in. Not found is never "no"."""

    FOUND = "found"
    NOT_FOUND = "not_found"
    CONFLICTING = "conflicting"
    OUT_OF_DATE = "out_of_date"


def day_in_words(when: date) -> str:
    """November 3, 2026."""
    return f"{when:%B} {when.day}, {when.year}"


@dataclass(frozen=True, slots=True, order=True)
class PartialDate:
    """A day, a month or a year, exactly as precise as the record: str() gives ISO cut to what is known."""

    year: int
    month: int | None = None
    day: int | None = None

    @classmethod
    def parse(cls, text: str | None) -> PartialDate | None:
        """From "2024", "2024-05" or "2024-05-17"; None where the text is none of these or no such day exists."""
        found = _ISO.fullmatch(text or "")
        if not found:
            return None
        year, month, day = (int(part) if part else None for part in found.groups())
        assert year is not None
        try:
            date(year, month or 1, day or 1)
        except ValueError:
            return None
        return cls(year, month, day)

    def earliest(self) -> date:
        return date(self.year, self.month or 1, self.day or 1)

    def latest(self) -> date:
        if self.month is None:
            return date(self.year, 12, 31)
        if self.day is None:
            following = date(self.year + self.month // 12, self.month % 12 + 1, 1)
            return date.fromordinal(following.toordinal() - 1)
        return date(self.year, self.month, self.day)

    def in_words(self) -> str:
        """November 3, 2026; November 2026; 2026: as much as is known."""
        if self.day:
            return day_in_words(self.latest())
        return f"{self.latest():%B} {self.year}" if self.month else str(self.year)

    def __str__(self) -> str:
        return "-".join([f"{self.year:04}"] + [f"{part:02}" for part in (self.month, self.day) if part is not None])


@dataclass(frozen=True, slots=True)
class EvidenceRef:
    """A pointer to words on a page: id is opaque (a finding's or an evidence row's), file is a name, page counts from 1."""

    id: str
    file: str
    page: int
    quote: str


@dataclass(frozen=True, slots=True)
class Proof:
    """Why we believe a fact. confidence 0–1 (None: not stated). is_conflicting: the records disagree and this is the one chosen.
    is_poorly_read: the words come from a page read by OCR with low confidence and nobody has checked them."""

    evidence: tuple[EvidenceRef, ...] = ()
    date: PartialDate | None = None
    confidence: float | None = None
    check: Check = Check.NOT_CHECKED
    is_conflicting: bool = False
    is_poorly_read: bool = False
    finding_ids: tuple[str, ...] = ()

    @property
    def is_confirmed(self) -> bool:
        return self.check in (Check.CONFIRMED_BY_COORDINATOR, Check.CONFIRMED_BY_PATIENT)

    @property
    def may_hide_a_trial(self) -> bool:
        """Only a confirmed or a high-confidence fact, cleanly read and undisputed, may rule anything out."""
        if self.check is Check.DISPUTED or self.is_conflicting or (self.is_poorly_read and not self.is_confirmed):
            return False
        return self.is_confirmed or self.confidence is None or self.confidence >= 0.9


NO_PROOF = Proof()


@dataclass(frozen=True, slots=True)
class Fact(Generic[T]):
    """A single value with its proof."""

    value: T
    proof: Proof = NO_PROOF


@dataclass(frozen=True, slots=True)
class Cancer:
    """mCODE PrimaryCancerCondition. code: OncoTree. status: confirmed | suspected | ruled_out. grade: G1–G4."""

    name: str
    site: str | None = None
    code: str | None = None
    status: str = "confirmed"
    histology: str | None = None
    grade: str | None = None
    is_historical: bool = False
    proof: Proof = NO_PROOF


@dataclass(frozen=True, slots=True)
class CancerStage:
    """TNM as the text states it ("T3", "N1a", "M0"); group stated or derived, never mixed.

    extent: resectable | borderline | locally_advanced | metastatic | resected. other_system: a stage in Ann Arbor, ISS, Rai ... words.
    t_written, n_written: the category as it stands ("T1") where t or n has a letter that we worked out ("T1b") from t_because ("0.8 cm"),
    n_because ("1/23").
    """

    group: str | None = None
    stated_or_derived: str | None = None
    edition: str | None = None
    t: str | None = None
    n: str | None = None
    m: str | None = None
    prefix: str | None = None
    extent: str | None = None
    nodes_positive: int | None = None
    nodes_examined: int | None = None
    other_system: str | None = None
    t_written: str | None = None
    t_because: str | None = None
    n_written: str | None = None
    n_because: str | None = None
    proof: Proof = NO_PROOF

    @property
    def as_written(self) -> str:
        """ "T1 N0 M0", no letter of ours in it."""
        return " ".join(one for one in (self.t_written or self.t, self.n_written or self.n, self.m) if one)

    @property
    def letters(self) -> tuple[tuple[str, str, str], ...]:
        """(as written, with its letter, because of) of each category whose letter we worked out."""
        said = ((self.t_written, self.t, self.t_because), (self.n_written, self.n, self.n_because))
        return tuple((written, made or "", because or "") for written, made, because in said if written)


@dataclass(frozen=True, slots=True)
class Biomarker:
    """mCODE TumorMarkerTest / GenomicVariant. name: HGNC symbol or the marker's usual name.

    status: positive negative equivocal vus pending not_tested not_resulted quantity_not_sufficient reported.
    MMR and MSI: negative is proficient / stable, positive is deficient / high. reported: a number without a call, in detail.
    origin: germline | somatic | unknown. specimen: tissue | blood | None.
    """

    name: str
    status: str
    detail: str | None = None
    origin: str = "unknown"
    method: str | None = None
    specimen: str | None = None
    proof: Proof = NO_PROOF

    @property
    def is_result(self) -> bool:
        return self.status in ("positive", "negative", "equivocal", "vus", "reported")


@dataclass(frozen=True, slots=True)
class Treatment:
    """kind: systemic surgery radiation cell_therapy other. status: given ongoing planned declined. drugs: RxNorm ingredients.
    response: CR PR SD PD. stop_reason: progression toxicity completed. setting: neoadjuvant adjuvant metastatic maintenance ..."""

    kind: str
    name: str
    drugs: tuple[str, ...] = ()
    line: int | None = None
    start: PartialDate | None = None
    stop: PartialDate | None = None
    status: str = "given"
    response: str | None = None
    stop_reason: str | None = None
    setting: str | None = None
    is_for_other_disease: bool = False
    proof: Proof = NO_PROOF


@dataclass(frozen=True, slots=True)
class LabResult:
    """value in unit; low and high: the laboratory's reference range in the same unit; uln: upper limit of normal used for x ULN."""

    name: str
    value: float
    unit: str | None = None
    loinc: str | None = None
    comparator: str | None = None
    low: float | None = None
    uln: float | None = None
    proof: Proof = NO_PROOF


@dataclass(frozen=True, slots=True)
class FamilyHistory:
    """A relative's condition or gene finding. Never the patient's."""

    relative: str
    condition: str
    proof: Proof = NO_PROOF


@dataclass(frozen=True, slots=True)
class PatientProfile:
    """All that is known of one patient. clinical: further facts by the names of the command contract (section 7), absent is unknown."""

    sex: Fact[str] | None = None
    birth_year: Fact[int] | None = None
    age: Fact[int] | None = None
    primary_cancer: Cancer | None = None
    other_cancers: tuple[Cancer, ...] = ()
    stage: CancerStage | None = None
    metastatic_sites: tuple[Fact[str], ...] = ()
    biomarkers: tuple[Biomarker, ...] = ()
    treatments: tuple[Treatment, ...] = ()
    ecog: Fact[int] | None = None
    karnofsky: Fact[int] | None = None
    labs: tuple[LabResult, ...] = ()
    family_history: tuple[FamilyHistory, ...] = ()
    hla: tuple[Fact[str], ...] = ()
    comorbidities: tuple[Fact[str], ...] = ()
    allergies: tuple[Fact[str], ...] = ()
    country: Fact[str] | None = None
    postcode: Fact[str] | None = None
    is_reader_caregiver: bool = False
    checked_on: date | None = None
    clinical: Mapping[str, Any] = field(default_factory=lambda: MappingProxyType({}))

    def age_on(self, today: date) -> int | None:
        """Completed years: from the birth year where known (which may be one too many), else the age as printed."""
        if self.age is not None:
            printed = self.age.proof.date
            return self.age.value + (today.year - printed.year if printed else 0)
        return today.year - self.birth_year.value if self.birth_year else None

    def biomarkers_named(self, name: str) -> tuple[Biomarker, ...]:
        return tuple(one for one in self.biomarkers if one.name == name)

    def labs_named(self, name: str) -> tuple[LabResult, ...]:
        """Latest first; undated ones last."""
        mine = [one for one in self.labs if one.name == name]
        return tuple(sorted(mine, key=lambda one: one.proof.date.earliest() if one.proof.date else date.min, reverse=True))


@dataclass(frozen=True, slots=True)
class Conflict:
    """Records that disagree: every value offered, the one chosen (None: none), and why in plain words."""

    field: str
    values: tuple[str, ...]
    chosen: str | None
    why: str
    evidence: tuple[EvidenceRef, ...] = ()
