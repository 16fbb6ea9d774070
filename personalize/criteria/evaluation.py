"""Evaluating conditions: three-valued logic over the predicates."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from typing import Any

from personalize.criteria.predicates import PREDICATES
from personalize.criteria.values import AllOf, AnyOf, Criterion, CriterionFault, IfKnown, Not, Outcome, Rule, Truth, decode_unchecked
from personalize.profile import PatientProfile

_FLIPPED = {Truth.MET: Truth.NOT_MET, Truth.NOT_MET: Truth.MET, Truth.UNKNOWN: Truth.UNKNOWN}


def evaluate(criterion: Criterion, profile: PatientProfile, *, today: date) -> Outcome:
    """What the condition comes to for this profile on this day."""
    match criterion:
        case Rule():
            return PREDICATES[criterion.predicate].evaluate(criterion, profile, today)
        case Not(of):
            inner = evaluate(of, profile, today=today)
            return Outcome(_FLIPPED[inner.truth], inner.reason, inner.evidence, inner.recoverable, inner.question, inner.is_hard)
        case IfKnown(of):
            inner = evaluate(of, profile, today=today)
            return replace(inner, truth=Truth.NOT_MET) if inner.truth is Truth.UNKNOWN else inner
        case AllOf(of):
            return _joined([evaluate(one, profile, today=today) for one in of], Truth.NOT_MET)
        case AnyOf(of):
            return _joined([evaluate(one, profile, today=today) for one in of], Truth.MET)
        case _:
            raise CriterionFault(f"{type(criterion).__name__} is not a condition")


def _joined(outcomes: list[Outcome], decisive: Truth) -> Outcome:
    """AllOf is decided by one that is not met, AnyOf by one that is met; else by an unknown one; else all agree."""
    deciding = [one for one in outcomes if one.truth is decisive]
    if deciding:
        return max(deciding, key=lambda one: (one.is_hard, not one.recoverable))
    unknown = [one for one in outcomes if one.truth is Truth.UNKNOWN]
    if unknown:
        questions = [one.question for one in unknown if one.question]
        return Outcome(Truth.UNKNOWN, unknown[0].reason, (), True, questions[0] if questions else None)
    evidence = tuple(dict.fromkeys(ref for one in outcomes for ref in one.evidence))
    reason = "; ".join(dict.fromkeys(one.reason for one in outcomes))
    is_recoverable = any(one.recoverable for one in outcomes) if decisive is Truth.NOT_MET else all(one.recoverable for one in outcomes)
    return Outcome(outcomes[0].truth, reason, evidence, is_recoverable, None, all(one.is_hard for one in outcomes))


def decode(made: Mapping[str, Any]) -> Criterion:
    """A condition from JSON or TOML, checked: known predicates and operators, values of the right type. Raises CriterionFault."""
    criterion = decode_unchecked(made)
    check(criterion)
    return criterion


def check(criterion: Criterion) -> None:
    """Raises CriterionFault where a rule cannot be evaluated."""
    match criterion:
        case AllOf(of) | AnyOf(of):
            for one in of:
                check(one)
        case Not(of) | IfKnown(of):
            check(of)
        case Rule():
            predicate = PREDICATES.get(criterion.predicate)
            if predicate is None:
                raise CriterionFault(f"there is no predicate '{criterion.predicate}'; there are {', '.join(sorted(PREDICATES))}")
            predicate.check(criterion)


def describe(criterion: Criterion) -> str:
    """The condition as an English phrase, for editors."""
    match criterion:
        case AllOf(of):
            return " and ".join(_grouped(one) for one in of)
        case AnyOf(of):
            return " or ".join(_grouped(one) for one in of)
        case Not(of):
            return f"it is not known that {_grouped(of.of)}" if isinstance(of, IfKnown) else f"it is not so that {_grouped(of)}"
        case IfKnown(of):
            return f"it is known that {_grouped(of)}"
        case Rule():
            return PREDICATES[criterion.predicate].describe(criterion)
        case _:
            raise CriterionFault(f"{type(criterion).__name__} is not a condition")


def _grouped(criterion: Criterion) -> str:
    """In brackets where several conditions stand together."""
    said = describe(criterion)
    return f"({said})" if isinstance(criterion, AllOf | AnyOf) and len(criterion.of) > 1 else said
