"""A trial as the registry describes it, and how one profile stands to it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from personalize.criteria import Outcome
from personalize.eligibility import TrialCriterion
from personalize.profile import PartialDate

OPEN_STATUSES = ("RECRUITING", "NOT_YET_RECRUITING", "ENROLLING_BY_INVITATION", "AVAILABLE")  # of a study, or of one of its places


class Verdict(StrEnum):
    """fits_known_rules: every rule that can be checked is met. possible_unknowns: none broken, some open. ruled_out: a known fact breaks one."""

    FITS = "fits_known_rules"
    POSSIBLE = "possible_unknowns"
    RULED_OUT = "ruled_out"


class Fit(StrEnum):
    """One rule from the patient's side: met lets in, not_met keeps out."""

    MET = "met"
    NOT_MET = "not_met"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Place:
    """Where a trial runs, degrees WGS 84."""

    country: str = ""
    city: str = ""
    facility: str = ""
    latitude: float | None = None
    longitude: float | None = None
    is_open: bool = True


@dataclass(frozen=True, slots=True)
class Trial:
    """One registry record. status in the registry's capitals; updated_on the day of its last change; text: title, summaries, everything else
    to search. corrections: an editor's rules by sentence, which hold for as long as the sentence stands unchanged."""

    nct: str
    title: str = ""
    conditions: tuple[str, ...] = ()
    interventions: tuple[str, ...] = ()
    summary: str = ""
    text: str = ""
    eligibility: str = ""
    min_age: str | None = None
    max_age: str | None = None
    sex: str | None = None
    phase: str | None = None
    status: str | None = None
    updated_on: PartialDate | None = None
    places: tuple[Place, ...] = ()
    criteria: tuple[TrialCriterion, ...] = ()
    corrections: Mapping[str, TrialCriterion] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class RuleOutcome:
    """A criterion of the trial and how the profile stands to it. is_hard: a known, high-confidence fact that time will not change."""

    criterion: TrialCriterion
    fit: Fit
    outcome: Outcome | None

    @property
    def is_hard(self) -> bool:
        return self.fit is Fit.NOT_MET and self.outcome is not None and self.outcome.is_hard and not self.outcome.recoverable


@dataclass(frozen=True, slots=True)
class TrialMatch:
    """One trial for one profile.

    cohort: the one that fits best, None where the trial has none. outcomes: every criterion that binds it. is_hidden: left out of the list, with
    a count, because of a hard rule. is_not_now: ruled out for the time being only. reasons: why it stands where it stands, best first. distance_km, nearest: to
    the nearest open place, and its town, where the person said where they live.
    """

    trial: Trial
    verdict: Verdict
    cohort: str | None
    outcomes: tuple[RuleOutcome, ...]
    is_hidden: bool
    is_not_now: bool
    score: float = 0.0
    rank: int = 0
    reasons: tuple[str, ...] = ()
    distance_km: float | None = None
    nearest: str = ""

    def with_fit(self, fit: Fit) -> tuple[RuleOutcome, ...]:
        return tuple(one for one in self.outcomes if one.fit is fit)


@dataclass(frozen=True, slots=True)
class Near:
    """Where the patient is, and how far they travel. country: its name as in the registry."""

    latitude: float | None = None
    longitude: float | None = None
    country: str | None = None
    travel_km: float | None = None
