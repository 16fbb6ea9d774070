"""What only the whole record shows: lists of alternatives, cohorts of different cancers, the same rule said twice."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from functools import lru_cache

from personalize.criteria import AllOf, AnyOf, Criterion, Not, Rule
from personalize.criteria.disease import kinds_of
from personalize.eligibility.diagnosis import codes_in, narrowed
from personalize.eligibility.plain import plain
from personalize.eligibility.questions import is_recoverable, leading, question_of
from personalize.eligibility.values import Kind, Passage, TrialCriterion

_ONE_OF = re.compile(
    r"(?:(?:>= ?)?\b1(?: or more)? of|\bany(?: 1)? of|\beither of|\b1 or more of"
    r"|\beither)(?: the)?(?: following)?[^.]{0,60}:?$|(?:relapsed|refractory|r/r"
    r"|measurable disease)\b[^.]{0,60}(?:defined (?:as|by)|as follows|following)[^.]{0,40}:?$"
)
_GENERAL_MARKER_OPS = ("positive", "mutated")


def alternatives(passages: Sequence[Passage]) -> list[list[Passage]]:
    """Passages in runs: those of a list of alternatives ("one of the following", bullets that end in "or") stand in one run."""
    runs: list[list[Passage]] = []
    for passage in passages:
        if runs and _goes_with(runs[-1][-1], passage):
            runs[-1].append(passage)
        else:
            runs.append([passage])
    return runs


def _goes_with(last: Passage, passage: Passage) -> bool:
    if passage.bullet_number == last.bullet_number or passage.intro_number != last.intro_number:
        return False
    if passage.kind is Kind.EXCLUSION or last.kind is Kind.EXCLUSION:
        return False
    is_listed = passage.intro_number is not None and _asks_for_one(passage.intro[-110:])
    ends_in_or = last.plain.rstrip(" :.").endswith("or") and bool(re.search(r"(?:^|[ ,;])(?:and/)?or[ :.]*$", last.plain))
    return is_listed or ends_in_or or bool(passage.plain.startswith("or") and re.match(r"or\b", passage.plain))


@lru_cache(maxsize=64)
def _asks_for_one(intro: str) -> bool:
    return bool(_ONE_OF.search(intro))


def as_one(run: Sequence[Passage], read: Callable[[Passage], Iterable[Criterion]], text: str) -> list[TrialCriterion] | None:
    """One criterion met by any of the run's; None where one of them cannot be read: then nothing can be said of the list."""
    parts = [tuple(read(passage)) for passage in run]
    if not all(parts):
        return None
    rule = AnyOf(tuple(one[0] if len(one) == 1 else AllOf(one) for one in parts))
    start, end = run[0].start, run[-1].end
    return [
        TrialCriterion(text[start:end], run[0].kind, rule, run[0].cohorts, is_recoverable(rule), question_of(rule), start=start, end=end)
    ]


def diagnosis_of(one: TrialCriterion) -> frozenset[str]:
    """The cancers that an inclusion asks for; empty where it is about something else."""
    rule = one.rule
    if one.kind is Kind.INCLUSION and isinstance(rule, Rule) and rule.predicate == "diagnosis" and isinstance(rule.value, tuple):
        return frozenset(rule.value)
    return frozenset()


def overlap(one: Iterable[str], other: Iterable[str]) -> bool:
    """Is a cancer of one list a kind of one of the other?"""
    others = list(other)
    return any(left in kinds_of(right) or right in kinds_of(left) for left in one for right in others)


def _takes_in(wide: frozenset[str], narrow: frozenset[str]) -> bool:
    return all(any(code in kinds_of(one) for code in wide) for one in narrow)


def without_rule(one: TrialCriterion) -> TrialCriterion:
    return replace(one, rule=None, recoverable=None, question=None)


def condense(criteria: Sequence[TrialCriterion], title: str | None, conditions: Sequence[str]) -> list[TrialCriterion]:
    """Diagnoses checked against what the record says it is for, alternatives joined, repetitions left as bare sentences."""
    made = _for_the_condition(_unbound(criteria), title, conditions)
    made = _joined_diagnoses(made)
    made = _said_once(made)
    return _specific_markers(made)


# Rules that every cohort has: after the last cohort's heading they go on for all.
_UNIVERSAL = frozenset(
    {
        "age",
        "sex",
        "ecog",
        "karnofsky",
        "life_expectancy",
        "measurable_disease",
        "lab",
        "pregnancy",
        "infection",
        "autoimmune",
        "steroids",
        "other_malignancy",
    }
)


def _unbound(criteria: Sequence[TrialCriterion]) -> list[TrialCriterion]:
    """A general rule under one cohort's heading only is a rule of the whole trial."""
    if not any(one.is_under_heading for one in criteria):
        return list(criteria)
    cohorts_of: dict[str, set[tuple[str, ...]]] = {}
    for one in criteria:
        if one.rule is not None:
            cohorts_of.setdefault(_about(one), set()).add(one.cohorts)
    return [
        replace(one, cohorts=()) if one.is_under_heading and _is_universal(one) and len(cohorts_of[_about(one)] - {()}) == 1 else one
        for one in criteria
    ]


def _about(one: TrialCriterion) -> str:
    first = leading(one.rule) if one.rule is not None else None
    return f"{first.predicate} {first.sub}" if first else ""


def _is_universal(one: TrialCriterion) -> bool:
    return one.rule is not None and leading(one.rule).predicate in _UNIVERSAL


def _for_the_condition(criteria: list[TrialCriterion], title: str | None, conditions: Sequence[str]) -> list[TrialCriterion]:
    """A cancer that the record is not for is named for another reason: no rule."""
    if not any(map(diagnosis_of, criteria)):
        return criteria
    listed = [code for code, _, _ in codes_in(plain("; ".join((*conditions, title or "")))) if code != "any_cancer"]
    if not listed:
        return criteria
    return [without_rule(one) if (codes := diagnosis_of(one)) and not overlap(codes, listed) else one for one in criteria]


def _joined_diagnoses(criteria: list[TrialCriterion]) -> list[TrialCriterion]:
    """Diagnoses of one cohort that shut each other out are a list: any of them lets a person in; markers beside one bind that one."""
    made = list(criteria)
    for cohorts in {one.cohorts for one in criteria}:
        places = [place for place, one in enumerate(criteria) if one.cohorts == cohorts and diagnosis_of(one)]
        lists = [diagnosis_of(criteria[place]) for place in places]
        if not any(not overlap(one, other) for one in lists for other in lists):
            continue
        union = narrowed([code for one in lists for code in sorted(one)])
        for place in places:
            own = made[place]
            made[place] = replace(own, rule=Rule("diagnosis", "in", union, sub="loosely"))
            made = [_bound_to(one, criteria[place]) for one in made]
    return made


def _bound_to(one: TrialCriterion, disease: TrialCriterion) -> TrialCriterion:
    is_beside = (one.start, one.end, one.source) == (disease.start, disease.end, disease.source)
    if (
        not is_beside
        or one.kind is Kind.EXCLUSION
        or one.rule is None
        or disease.rule is None
        or diagnosis_of(one)
        or isinstance(one.rule, AnyOf)
    ):
        return one
    return replace(one, rule=AnyOf((Not(disease.rule), one.rule)))


def _said_once(criteria: list[TrialCriterion]) -> list[TrialCriterion]:
    """Of diagnoses that take each other in, the narrowest holds; of equal ones, the first. Stages likewise are said once."""
    made = list(criteria)
    for place, one in enumerate(criteria):
        mine = diagnosis_of(one)
        if not mine:
            continue
        for other_place, other in enumerate(criteria):
            theirs = diagnosis_of(other)
            if other_place == place or not theirs or (other.cohorts and other.cohorts != one.cohorts):
                continue
            is_wider = _takes_in(mine, theirs) and not _takes_in(theirs, mine)
            is_repeated = mine == theirs and other_place < place
            if (is_wider and not other.cohorts) or is_repeated:
                made[place] = without_rule(one)
    return made


def _specific_markers(criteria: list[TrialCriterion]) -> list[TrialCriterion]:
    """ "HER2 positive" beside "HER2 2+ or 3+" is the same rule said loosely; a rule said twice counts once."""
    seen: set[tuple[object, ...]] = set()
    specific = {(rule.sub, one.cohorts) for one in criteria for rule in _marker_rules(one) if rule.op not in _GENERAL_MARKER_OPS}
    made = []
    for one in criteria:
        rules = _marker_rules(one)
        if not rules:
            made.append(one)
            continue
        key = (one.rule, one.cohorts)
        is_loose = all(
            rule.op in _GENERAL_MARKER_OPS and any((rule.sub, cohorts) in specific for cohorts in (one.cohorts, ())) for rule in rules
        )
        made.append(without_rule(one) if is_loose or key in seen else one)
        seen.add(key)
    return made


def _marker_rules(one: TrialCriterion) -> list[Rule]:
    rule = one.rule
    if rule is None or one.kind is not Kind.INCLUSION:
        return []
    parts = rule.of if isinstance(rule, AnyOf) and not any(isinstance(part, Not) for part in rule.of) else (rule,)
    return [part for part in parts if isinstance(part, Rule) and part.predicate == "biomarker"]
