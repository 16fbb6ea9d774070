"""Criteria as the JSON of the command contract (section 4)."""

from __future__ import annotations

from functools import cache
from typing import Any

from personalize.criteria import AllOf, AnyOf, Criterion, IfKnown, Not, Rule
from personalize.eligibility.questions import leading
from personalize.eligibility.values import TrialCriterion
from personalize.vocabulary import load

Json = dict[str, Any]

_SIGNS = {"at_least": ">=", "at_most": "<=", "above": ">", "below": "<"}
_PREDICATES = {
    "treatment": "prior_therapy_class",
    "metastatic_site": "stage_extent",
    "clinical_date": "stage_extent",
    "clinical": "lab",
    "unread": "other",
}
_EXTENTS = {
    "locally_advanced": "locally_advanced_unresectable",
    "resected": "resected_no_evidence_of_disease",
    "borderline": "borderline_resectable",
}
_MARKER_OPS = {"percent_at_least": "ihc_percent>=", "germline": "pathogenic_germline", "score_at_least": ">="}


@cache
def _disease_names() -> dict[str, str]:
    return {one["code"]: one.get("rule", one["code"]) for one in load("trial_diseases")["disease"]}


@cache
def _class_names() -> dict[str, str]:
    return {one["name"]: one.get("rule", one["name"]) for one in load("trial_classes")["class"]} | {"radiation": "radiotherapy"}


def encode_criterion(one: TrialCriterion) -> Json:
    """One line of `criteria`; predicate "other" where the sentence could not be read."""
    made: Json = {"sentence": one.sentence, "kind": one.kind.value, "cohort": list(one.cohorts) or None}
    made |= (
        _rule(one.rule)
        if one.rule is not None
        else {"predicate": "other", "sub": None, "op": None, "value": None, "unit": None, "negated": False}
    )
    return made | {"recoverable": one.recoverable, "question": one.question, "source": one.source.value, "start": one.start, "end": one.end}


def _rule(rule: Criterion, *, is_negated: bool = False) -> Json:
    match rule:
        case Not(inner):
            return _rule(inner, is_negated=not is_negated)
        case IfKnown(inner):
            return _rule(inner, is_negated=is_negated) | {"unknown_is_satisfied": True}
        case AllOf(of) | AnyOf(of):
            return _together(rule, of, is_negated=is_negated)
        case Rule():
            return _leaf(rule) | {"negated": is_negated}
        case _:
            raise TypeError(type(rule).__name__)


def _together(rule: AllOf | AnyOf, of: tuple[Criterion, ...], *, is_negated: bool) -> Json:
    first = _leaf(leading(rule))
    subs = {one.sub for one in of if isinstance(one, Rule) and one.predicate == "age"}
    if isinstance(rule, AllOf) and subs and len(of) == 2 and all(isinstance(one, Rule) and one.predicate == "age" for one in of):
        values = sorted(one.value for one in of if isinstance(one, Rule))  # type: ignore[type-var]
        return {"predicate": "age", "sub": None, "op": "between", "value": values, "unit": "years", "negated": is_negated}
    if isinstance(rule, AllOf) and [one.sub for one in of if isinstance(one, Rule)] == ["ast", "alt"]:
        return first | {"sub": "ast_alt", "negated": is_negated}
    if isinstance(rule, AnyOf) and [one.sub for one in of if isinstance(one, Rule)] == ["ast", "alt"]:
        return first | {"sub": "ast_alt", "negated": is_negated}
    members = [_rule(one) for one in of]
    op = "any_of" if isinstance(rule, AnyOf) else "all_of"
    return {"predicate": first["predicate"], "sub": first["sub"], "op": op, "value": members, "unit": None, "negated": is_negated}


def _leaf(rule: Rule) -> Json:
    predicate = _PREDICATES.get(rule.predicate, rule.predicate)
    made: Json = {"predicate": predicate, "sub": rule.sub, "op": _SIGNS.get(rule.op, rule.op), "value": rule.value, "unit": rule.unit}
    if isinstance(rule.value, tuple):
        made["value"] = list(rule.value)
    if rule.window_days is not None:
        made["window_days"] = rule.window_days
    return made | _as_contract(rule, made)


def _as_contract(rule: Rule, made: Json) -> Json:
    """What the contract writes otherwise than the rule does."""
    if rule.predicate == "treatment":
        return _treatment(rule, made)
    match rule.predicate:
        case "diagnosis":
            return {"sub": None, "value": [_disease_names().get(code, code) for code in made["value"]]}
        case "stage_extent":
            return {"value": [_EXTENTS.get(extent, extent) for extent in made["value"]]}
        case "metastatic_site":
            return {"op": "has_site"}
        case "biomarker":
            return {"op": _MARKER_OPS.get(rule.op, rule.op), "sub": (rule.sub or "").split("/") if "/" in (rule.sub or "") else rule.sub}
        case "other_malignancy" if rule.window_days:
            return {"op": "within_years", "value": round(rule.window_days / 365, 1)}
        case "age":
            return {"unit": "years"}
        case "measurable_disease" | "pregnancy" | "autoimmune" | "infection" | "brain_mets" | "clinical":
            return {"value": True}
        case _:
            return {}


def _treatment(rule: Rule, made: Json) -> Json:
    named = [_class_names().get(name, name) for name in made["value"]]
    if rule.op != "within_days":
        return {"value": named}
    return {"sub": named[0] if len(named) == 1 else named, "value": rule.window_days}
