"""One language of conditions, for passages and for trials: rules joined by all, any and not, evaluated in three values.

As JSON or TOML: {"predicate": "biomarker", "sub": "KRAS", "op": "variant_in", "value": ["G12D"]}, {"all": [...]}, {"any": [...]}, {"not": {...}},
{"if_known": {...}}.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from personalize.profile import EvidenceRef

Value = str | int | float | bool | tuple[str, ...] | None


class Truth(StrEnum):
    """Unknown is never met and never not met."""

    MET = "met"
    NOT_MET = "not_met"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a condition comes to for one profile.

    reason: plain words. evidence: the patient's own words that settle it. recoverable: a new test, time or treatment could change it.
    question: what to ask while it is unknown. is_hard: settled only by facts that may hide a trial (confirmed, or read with high confidence).
    """

    truth: Truth
    reason: str
    evidence: tuple[EvidenceRef, ...] = ()
    recoverable: bool = False
    question: str | None = None
    is_hard: bool = True


@dataclass(frozen=True, slots=True)
class Criterion:
    """A condition on a profile: a Rule, or AllOf, AnyOf, Not of conditions."""


@dataclass(frozen=True, slots=True)
class Rule(Criterion):
    """One predicate of personalize.criteria.PREDICATES. window_days: look back this many days from today."""

    predicate: str
    op: str
    value: Value = None
    sub: str | None = None
    unit: str | None = None
    window_days: int | None = None


@dataclass(frozen=True, slots=True)
class AllOf(Criterion):
    of: tuple[Criterion, ...]


@dataclass(frozen=True, slots=True)
class AnyOf(Criterion):
    of: tuple[Criterion, ...]


@dataclass(frozen=True, slots=True)
class Not(Criterion):
    of: Criterion


@dataclass(frozen=True, slots=True)
class IfKnown(Criterion):
    """Met only where it is known to be met; not known counts as not met. For rules that say "where a result is known"."""

    of: Criterion


class CriterionFault(ValueError):
    """Not a condition. The text says what is wrong, for an editor."""


_RULE_KEYS = ("predicate", "op", "value", "sub", "unit", "window_days")


def encode(criterion: Criterion) -> dict[str, Any]:
    """JSON of a condition; absent parts are left out."""
    match criterion:
        case AllOf(of):
            return {"all": [encode(one) for one in of]}
        case AnyOf(of):
            return {"any": [encode(one) for one in of]}
        case Not(of):
            return {"not": encode(of)}
        case IfKnown(of):
            return {"if_known": encode(of)}
        case Rule():
            made = {key: getattr(criterion, key) for key in _RULE_KEYS}
            return {key: list(one) if isinstance(one, tuple) else one for key, one in made.items() if one is not None}
        case _:
            raise CriterionFault(f"{type(criterion).__name__} is not a condition")


def decode_unchecked(made: Mapping[str, Any]) -> Criterion:
    """The structure alone; personalize.criteria.decode also checks predicates and types."""
    if not isinstance(made, Mapping):
        raise CriterionFault("a condition is an object")
    for key, group in (("all", AllOf), ("any", AnyOf)):
        if key in made:
            if len(made) != 1 or not isinstance(made[key], list | tuple) or not made[key]:
                raise CriterionFault(f"'{key}' stands alone and holds a list of conditions")
            return group(tuple(decode_unchecked(one) for one in made[key]))
    if "not" in made:
        return Not(decode_unchecked(made["not"]))
    if "if_known" in made:
        return IfKnown(decode_unchecked(made["if_known"]))
    unknown = set(made) - set(_RULE_KEYS)
    if unknown or "predicate" not in made or "op" not in made:
        raise CriterionFault(
            f"a rule has predicate and op, and may have value, sub, unit, window_days; not {', '.join(sorted(unknown)) or 'less'}"
        )
    value = made.get("value")
    return Rule(
        predicate=made["predicate"],
        op=made["op"],
        value=tuple(value) if isinstance(value, list) else value,
        sub=made.get("sub"),
        unit=made.get("unit"),
        window_days=made.get("window_days"),
    )
