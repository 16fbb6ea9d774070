"""What the registry's own fields, the title and the conditions add to the text."""

from __future__ import annotations

import re
from dataclasses import replace

from personalize.criteria import AllOf, AnyOf, Criterion, Not, Rule
from personalize.eligibility.diagnosis import codes_in, narrowed
from personalize.eligibility.plain import plain
from personalize.eligibility.questions import is_recoverable, leading, question_of
from personalize.eligibility.values import Kind, Source, TrialCriterion

_AGE = re.compile(r"\s*(\d+)\s*(year|month|week|day|hour|minute)?", re.IGNORECASE)
_DAYS = {"year": 365.25, "month": 30.44, "week": 7.0, "day": 1.0, "hour": 1 / 24, "minute": 1 / 1440}


def years(text: str | None) -> float | None:
    """ "18 Years", "6 Months" in years; None for N/A and the like."""
    found = _AGE.match(text or "")
    if not found:
        return None
    unit = (found[2] or "year").lower()
    return float(found[1]) if unit == "year" else round(int(found[1]) * _DAYS[unit] / 365.25, 2)


def age_and_sex(criteria: list[TrialCriterion], min_age: str | None, max_age: str | None, sex: str | None) -> list[TrialCriterion]:
    """With the registry's fields. Where the text gives another age than the field, the field holds and the sentence is left to a person."""
    made = criteria
    for op, text, label in (("at_least", min_age, "Minimum age"), ("at_most", max_age, "Maximum age")):
        limit = years(text)
        if limit is None:
            continue
        made = [_without_other_limit(one, op, limit) for one in made]
        if not any(limit in _limits(one, op) for one in made):
            made = [*made, _from_field(f"{label}: {text}", Rule("age", op, limit))]
    wanted = (sex or "").strip().lower()
    if wanted in ("male", "female"):
        rule = Rule("sex", "is", wanted)
        made = [one for one in made if not (isinstance(one.rule, Rule) and one.rule.predicate == "sex" and one.rule != rule)]
        if not any(one.rule == rule for one in made):
            made = [*made, _from_field(f"Sex: {sex}", rule)]
    return made


def _from_field(sentence: str, rule: Criterion) -> TrialCriterion:
    return TrialCriterion(sentence, Kind.INCLUSION, rule, (), is_recoverable(rule), question_of(rule), Source.FIELDS, 0, len(sentence))


def _limits(one: TrialCriterion, op: str) -> list[float]:
    """The limits of this side that a criterion on age sets, as an inclusion would say them."""
    if one.rule is None or leading(one.rule).predicate != "age":
        return []
    return [number for side, number in _sides(one.rule, one.kind is Kind.EXCLUSION) if side == op]


def _sides(rule: Criterion, is_turned: bool) -> list[tuple[str, float]]:
    match rule:
        case Rule("age", op, value) if isinstance(value, int | float):
            side = {"at_least": "at_least", "above": "at_least"}.get(op, "at_most")
            turned = {"at_least": "at_most", "at_most": "at_least"}
            return [(turned[side] if is_turned else side, float(value))]
        case AllOf(of) | AnyOf(of):
            return [pair for one in of for pair in _sides(one, is_turned)]
        case Not(inner):
            return _sides(inner, not is_turned)
        case _:
            return []


def _without_other_limit(one: TrialCriterion, op: str, limit: float) -> TrialCriterion:
    found = _limits(one, op)
    if not found or limit in found or one.rule is None:
        return one
    parts = one.rule.of if isinstance(one.rule, AllOf | AnyOf) else (one.rule,)
    kept = [part for part in parts if not [side for side, _ in _sides(part, one.kind is Kind.EXCLUSION) if side == op]]
    rule = kept[0] if len(kept) == 1 else (replace(one.rule, of=tuple(kept)) if kept and isinstance(one.rule, AllOf | AnyOf) else None)
    question = "The registry gives another age elsewhere. Which one holds?" if rule is None else one.question
    return replace(one, rule=rule, recoverable=one.recoverable if rule else None, question=question)


def disease_of_title(title: str | None, conditions: tuple[str, ...]) -> list[TrialCriterion]:
    """The cancer named by the title or the conditions, where the text asks for none. Any of them counts."""
    for sentence, source in ((title or "", Source.TITLE), ("; ".join(conditions), Source.CONDITIONS)):
        codes = narrowed([code for code, _, _ in codes_in(plain(sentence)) if code != "any_cancer" or source is Source.CONDITIONS])
        if codes and source is Source.TITLE and conditions:
            listed = [code for code, _, _ in codes_in(plain("; ".join(conditions))) if code != "any_cancer"]
            codes = narrowed([*codes, *listed])
        if codes:
            rule = Rule("diagnosis", "in", codes, sub="loosely")
            return [TrialCriterion(sentence, Kind.INCLUSION, rule, (), False, question_of(rule), source, 0, len(sentence))]
    return []
