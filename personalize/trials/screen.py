"""A first look at a whole registry: columns of numbers and bits, one row a trial, so that only the trials that may matter are judged rule by rule.

Sound: what it leaves out, `match_trial` would hide. It looks only at plain rules that bind everybody (age, sex, cancer type), only at facts that
may hide a trial, and reads every limit as the wider one; a trial about which a column says nothing stays in.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from functools import cache

import numpy as np
import numpy.typing as npt

from personalize.criteria import AllOf, Criterion, Rule, Truth, evaluate
from personalize.criteria.disease import kinds_of
from personalize.eligibility import Kind, TrialCriterion, leaves
from personalize.eligibility.diagnosis import codes_in
from personalize.eligibility.plain import plain
from personalize.profile import PatientProfile, Proof
from personalize.trials.match import criteria_of
from personalize.trials.search import GENERAL
from personalize.trials.values import OPEN_STATUSES, Trial
from personalize.vocabulary import load

Floats = npt.NDArray[np.float32]
Bytes = npt.NDArray[np.uint8]
Bits = npt.NDArray[np.uint64]
Rows = npt.NDArray[np.intp]

MOST = 50
YOUNGEST, OLDEST = 0.0, 200.0  # years: no limit
ANY_SEX, SEXES = 0, {"female": 1, "male": 2}
# Points of the first order; `ranked` makes the real one of what is left.
OWN_CANCER, SAME_MARKER, IS_OPEN, PER_YEAR, MOST_YEARS = 6.0, 7.0, 4.0, 0.5, 6.0


@dataclass(frozen=True, slots=True)
class Columns:
    """One row a trial. Ages in years. cancers: bits of the codes that a plain rule accepts, none where there is no such rule. about: bits of the
    cancers that the title, the conditions or that rule name. markers: bits of the markers that its rules ask for. updated: ordinal day, 0 unknown."""

    min_age: Floats
    max_age: Floats
    sex: Bytes
    cancers: Bits
    about: Bits
    markers: Bits
    is_open: Bytes
    updated: Floats

    def __len__(self) -> int:
        return len(self.sex)


@cache
def cancer_places() -> dict[str, int]:
    """Every code that a rule may name -> its bit."""
    diseases = load("diseases")
    named = {one["code"] for one in load("trial_diseases")["disease"]}
    known = sorted(named | {*diseases["parents"], *diseases["parents"].values()})
    return {code: place for place, code in enumerate(known)}


@cache
def marker_places() -> dict[str, int]:
    return {name: place for place, name in enumerate(sorted({one["name"] for one in load("trial_markers")["marker"]}))}


def bits(places: dict[str, int], names: Iterable[str]) -> npt.NDArray[np.uint64]:
    """One row of bits."""
    made = np.zeros((len(places) + 63) // 64, dtype=np.uint64)
    for name in names:
        place = places.get(name)
        if place is not None:
            made[place // 64] |= np.uint64(1) << np.uint64(place % 64)
    return made


def columns_of(trials: Iterable[Trial]) -> Columns:
    """Reads each trial once; keeps none."""
    rows = [_row(one) for one in trials]
    cancers, markers = (len(cancer_places()) + 63) // 64, (len(marker_places()) + 63) // 64
    return Columns(
        np.array([one.min_age for one in rows], dtype=np.float32),
        np.array([one.max_age for one in rows], dtype=np.float32),
        np.array([one.sex for one in rows], dtype=np.uint8),
        np.array([one.cancers for one in rows], dtype=np.uint64).reshape(len(rows), cancers),
        np.array([one.about for one in rows], dtype=np.uint64).reshape(len(rows), cancers),
        np.array([one.markers for one in rows], dtype=np.uint64).reshape(len(rows), markers),
        np.array([one.is_open for one in rows], dtype=np.uint8),
        np.array([one.updated for one in rows], dtype=np.float32),
    )


@dataclass(slots=True)
class _Row:
    min_age: float
    max_age: float
    sex: int
    cancers: npt.NDArray[np.uint64]
    about: npt.NDArray[np.uint64]
    markers: npt.NDArray[np.uint64]
    is_open: bool
    updated: int


def _row(trial: Trial) -> _Row:
    criteria = criteria_of(trial)
    plain_rules = [leaf for one in criteria for leaf in _plain_rules(one)]
    ages = [one for one in plain_rules if one.predicate == "age" and isinstance(one.value, int | float)]
    sexes = {SEXES.get(str(one.value), ANY_SEX) for one in plain_rules if one.predicate == "sex"}
    accepted = _accepted(plain_rules)
    named = {code for code, _, _ in codes_in(plain("; ".join((trial.title, *trial.conditions))))} | set(accepted)
    markers = {name for one in criteria for name in markers_of(one)}
    return _Row(
        min_age=max((float(one.value) for one in ages if one.op in ("at_least", "above")), default=YOUNGEST),  # type: ignore[arg-type]
        max_age=min((float(one.value) for one in ages if one.op in ("at_most", "below")), default=OLDEST),  # type: ignore[arg-type]
        sex=sexes.pop() if len(sexes) == 1 else ANY_SEX,
        cancers=bits(cancer_places(), accepted),
        about=bits(cancer_places(), named - GENERAL),
        markers=bits(marker_places(), markers),
        is_open=trial.status is None or trial.status in OPEN_STATUSES,
        updated=trial.updated_on.latest().toordinal() if trial.updated_on else 0,
    )


def _plain_rules(one: TrialCriterion) -> Iterator[Rule]:
    """Rules that everybody must meet."""
    if one.kind is Kind.INCLUSION and not one.cohorts and one.rule is not None:
        yield from _joined(one.rule)


def _joined(rule: Criterion) -> Iterator[Rule]:
    if isinstance(rule, Rule):
        yield rule
    elif isinstance(rule, AllOf):
        for one in rule.of:
            yield from _joined(one)


def _accepted(rules: Iterable[Rule]) -> tuple[str, ...]:
    """The cancers of the first rule about them; none where it names one that we have no bit for."""
    for one in rules:
        if one.predicate == "diagnosis" and isinstance(one.value, tuple):
            return one.value if set(one.value) <= cancer_places().keys() else ()
    return ()


def markers_of(one: TrialCriterion) -> Iterator[str]:
    if one.kind is Kind.INCLUSION and one.rule is not None:
        for leaf in leaves(one.rule):
            if leaf.predicate == "biomarker":
                yield from (leaf.sub or "").split("/")


def screen(columns: Columns, profile: PatientProfile, *, today: date, most: int = MOST) -> Rows:
    """Rows of the trials to judge, the likeliest first; ties in the order of the rows."""
    stays = _by_age(columns, profile, today) & _by_sex(columns, profile) & _by_cancer(columns, profile, today)
    left = np.flatnonzero(stays)
    points = _points(columns, left, profile, today)
    if len(left) > most:
        cut = np.partition(points, len(points) - most)[len(points) - most]
        left, points = left[points >= cut], points[points >= cut]
    return left[np.argsort(-points, kind="stable")][:most]


def survivors(columns: Columns, profile: PatientProfile, *, today: date) -> Rows:
    """Rows of all trials that the first look leaves in."""
    return np.flatnonzero(_by_age(columns, profile, today) & _by_sex(columns, profile) & _by_cancer(columns, profile, today))


def _all(columns: Columns) -> npt.NDArray[np.bool_]:
    return np.ones(len(columns), dtype=np.bool_)


def _may_hide(proof: Proof | None) -> bool:
    return proof is not None and proof.may_hide_a_trial


def _by_age(columns: Columns, profile: PatientProfile, today: date) -> npt.NDArray[np.bool_]:
    """From a year of birth the age is one of two: both must be outside."""
    years = profile.age_on(today)
    fact = profile.age or profile.birth_year
    if years is None or fact is None or not _may_hide(fact.proof):
        return _all(columns)
    youngest = years if profile.age is not None else years - 1
    inside: npt.NDArray[np.bool_] = (columns.min_age <= years) & (columns.max_age >= youngest)
    return inside


def _by_sex(columns: Columns, profile: PatientProfile) -> npt.NDArray[np.bool_]:
    if profile.sex is None or profile.sex.value not in SEXES or not _may_hide(profile.sex.proof):
        return _all(columns)
    inside: npt.NDArray[np.bool_] = (columns.sex == ANY_SEX) | (columns.sex == SEXES[profile.sex.value])
    return inside


def _by_cancer(columns: Columns, profile: PatientProfile, today: date) -> npt.NDArray[np.bool_]:
    """Out where every cancer that the rule accepts is known not to be the person's."""
    possible = [code for code in cancer_places() if _is_possible(code, profile, today)]
    if len(possible) == len(cancer_places()):
        return _all(columns)
    inside: npt.NDArray[np.bool_] = _any(columns.cancers, bits(cancer_places(), possible)) | ~columns.cancers.any(axis=1)
    return inside


def _is_possible(code: str, profile: PatientProfile, today: date) -> bool:
    found = evaluate(Rule("diagnosis", "in", (code,), sub="loosely"), profile, today=today)
    return found.truth is not Truth.NOT_MET or not found.is_hard


def _any(bits: Bits, wanted: npt.NDArray[np.uint64]) -> npt.NDArray[np.bool_]:
    """Rows that share a bit; word by word, so that nothing large is made."""
    found = np.zeros(len(bits), dtype=np.bool_)
    for place, word in enumerate(wanted):
        if word:
            found |= (bits[:, place] & word) != 0
    return found


def _points(columns: Columns, rows: Rows, profile: PatientProfile, today: date) -> Floats:
    cancer = profile.primary_cancer
    own = frozenset(kinds_of(cancer.code)) - GENERAL if cancer is not None and cancer.code else frozenset()
    found = [one.name for one in profile.biomarkers if one.status == "positive"]
    points = np.zeros(len(rows), dtype=np.float32)
    points += OWN_CANCER * _any(columns.about[rows], bits(cancer_places(), own))
    points += SAME_MARKER * _any(columns.markers[rows], bits(marker_places(), found))
    points += IS_OPEN * columns.is_open[rows]
    years = (today.toordinal() - columns.updated[rows]) / np.float32(365)
    points -= np.clip(years * np.float32(PER_YEAR), 0, MOST_YEARS)
    return points
