"""What to ask the doctor: the missing fact that settles the most comes first, then what the records call for, then what anyone may ask."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from personalize.content import Gap
from personalize.content.plain import written_in
from personalize.criteria import AllOf, AnyOf, Criterion, IfKnown, Not, Rule
from personalize.tailor.languages import Language, language
from personalize.tailor.values import Change, TailoredAnswer
from personalize.tailor.voice import for_caregiver
from personalize.trials import Fit, TrialMatch, Verdict

MOST_GAPS = 5

_OF_PREDICATE: Mapping[str, Gap] = {
    **dict.fromkeys(("diagnosis", "diagnosis_status", "histology", "grade"), Gap.CANCER_TYPE),
    **dict.fromkeys(("stage_group", "stage_extent", "staging", "metastatic_site"), Gap.STAGE),
    **dict.fromkeys(("prior_lines", "treatment", "progression", "platinum_weeks", "prior_cell_therapy"), Gap.LAST_TREATMENT),
    **dict.fromkeys(("ecog", "karnofsky"), Gap.ECOG),
    "profiling": Gap.TUMOR_PROFILING,
    "lab": Gap.LABS,
    "hla": Gap.HLA,
    "country": Gap.PLACE,
}
_STAINS = frozenset(("CLDN18.2", "HER2"))
_RANK = {gap: rank for rank, gap in enumerate(Gap)}


@dataclass(frozen=True, slots=True)
class Question:
    """why: what an answer would settle, or the record that calls for the question. gap: the missing fact it is about. settles: how
    many open trials it would decide, and one more where the page waits for it."""

    text: str
    why: str = ""
    gap: Gap | None = None
    settles: int = 0
    language: str = written_in()
    why_language: str = written_in()


def questions(tailored: TailoredAnswer, matches: Iterable[TrialMatch]) -> tuple[Question, ...]:
    """Every question once: at most MOST_GAPS missing facts, then the questions of rows, then those on everybody's page."""
    spoken = language(tailored.language)
    missing = _missing(tailored, list(matches), spoken)
    if tailored.is_for_caregiver:
        missing = [replace(one, text=for_caregiver(one.text, spoken.code), why=for_caregiver(one.why, spoken.code)) for one in missing]
    asked = (*missing, *_of_rows(tailored))
    return tuple({one.text: one for one in reversed(asked)}[text] for text in dict.fromkeys(one.text for one in asked))


@dataclass(frozen=True, slots=True)
class _Fact:
    """A missing fact: a standard gap, or one marker of the tumor (any of several)."""

    gap: Gap
    markers: tuple[str, ...] = ()

    def question(self, spoken: Language) -> str:
        """In the patient's own voice."""
        return spoken.say("ask_marker", marker=spoken.say("or").join(self.markers)) if self.markers else spoken.say(f"ask_{self.gap}")


def _missing(tailored: TailoredAnswer, matches: Sequence[TrialMatch], spoken: Language) -> list[Question]:
    trials = _trials_waiting(matches)
    parts = dict.fromkeys((_Fact(one.unlocks) for one in tailored.unknowns if one.unlocks), 1)
    if _UNTESTED in parts:
        trials = _as_one_test(trials)
    found = [_question(fact, len(trials.get(fact, ())), parts.get(fact, 0), spoken) for fact in dict.fromkeys((*parts, *trials))]
    return sorted(found, key=lambda one: (-one.settles, _RANK[one.gap or Gap.PLACE], one.text))[:MOST_GAPS]


def _question(fact: _Fact, trials: int, parts: int, spoken: Language) -> Question:
    why = spoken.say("one_trial_asks") if trials == 1 else spoken.say("trials_ask", n=trials) if trials else spoken.say("changes_the_page")
    return Question(fact.question(spoken), why, fact.gap, trials + parts, spoken.code, spoken.code)


def _trials_waiting(matches: Iterable[TrialMatch]) -> dict[_Fact, set[str]]:
    """The trials that a missing fact still holds open; one that is out already waits for nothing."""
    waiting: dict[_Fact, set[str]] = {}
    for match in matches:
        if match.is_hidden or match.verdict is Verdict.RULED_OUT:
            continue
        for judged in match.with_fit(Fit.UNKNOWN):
            fact = _fact_of(judged.criterion.rule) if judged.outcome else None
            if fact:
                waiting.setdefault(fact, set()).add(match.trial.nct)
    return waiting


def _as_one_test(trials: Mapping[_Fact, set[str]]) -> dict[_Fact, set[str]]:
    """Where the tumor was never tested, one test answers for every marker."""
    merged: dict[_Fact, set[str]] = {}
    for fact, ncts in trials.items():
        merged.setdefault(_Fact(fact.gap), set()).update(ncts)
    return merged


def _fact_of(rule: Criterion | None) -> _Fact | None:
    """What a rule is about; None where it is about several facts, of which the records may well have some."""
    facts = set(map(_fact_of_leaf, _leaves(rule)))
    return facts.pop() if len(facts) == 1 else None


def _fact_of_leaf(rule: Rule) -> _Fact | None:
    if rule.predicate != "biomarker":
        gap = _OF_PREDICATE.get(rule.predicate)
        return _Fact(gap) if gap else None
    if rule.op == "germline":
        return _Fact(Gap.INHERITED_TEST)
    names = (rule.sub or "").split("/")
    return _Fact(Gap.TUMOR_STAIN) if set(names) & _STAINS else _Fact(Gap.TUMOR_PROFILING, tuple(names))


_UNTESTED = _Fact(Gap.TUMOR_PROFILING)


def _leaves(rule: Criterion | None) -> Iterator[Rule]:
    match rule:
        case Rule():
            yield rule
        case AllOf(of) | AnyOf(of):
            for one in of:
                yield from _leaves(one)
        case Not(one) | IfKnown(one):
            yield from _leaves(one)


def _of_rows(tailored: TailoredAnswer) -> list[Question]:
    """What a row asks stands before what anyone may ask."""
    ordered = sorted(tailored.questions, key=lambda one: one.change is Change.GENERAL)
    return [Question(one.text, one.reason or "", language=one.language, why_language=one.reason_language) for one in ordered]
