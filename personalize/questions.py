"""What to ask the doctor: the missing fact that settles the most comes first, then what the records call for, then what anyone may ask."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from personalize.content import Gap
from personalize.criteria import AllOf, AnyOf, Criterion, IfKnown, Not, Rule
from personalize.tailor.values import Change, TailoredAnswer
from personalize.tailor.voice import for_caregiver
from personalize.trials import Fit, TrialMatch, Verdict

MOST_GAPS = 5

# The question for each of the standard gaps, in the patient's own voice.
GAPS: Mapping[Gap, str] = {
    Gap.CANCER_TYPE: "Which type of cancer do I have, in the words of the pathology report?",
    Gap.STAGE: "What is my stage today? Can the tumor be taken out, or has it spread?",
    Gap.TUMOR_PROFILING: "Has my tumor been tested for gene changes and CAR-T markers? If not, can it be?",
    Gap.INHERITED_TEST: "Have I had a test for gene changes that run in families?",
    Gap.LAST_TREATMENT: "Which treatments have I had, when was the last dose, and did the cancer grow on it?",
    Gap.ECOG: "What is my fitness score (ECOG) today?",
    Gap.TUMOR_STAIN: "Was my tumor stained for claudin 18.2 and HER2? Which stain, and what percent?",
    Gap.LABS: "What are my newest blood tests? Can I have a copy?",
    Gap.HLA: "What is my HLA type? Could a trial test it for me?",
    Gap.PLACE: "Which trials are near me, and who helps with travel and a place to stay?",
}
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


def questions(tailored: TailoredAnswer, matches: Iterable[TrialMatch]) -> tuple[Question, ...]:
    """Every question once: at most MOST_GAPS missing facts, then the questions of rows, then those on everybody's page."""
    missing = _missing(tailored, list(matches))
    if tailored.is_for_caregiver:
        missing = [replace(one, text=for_caregiver(one.text), why=for_caregiver(one.why)) for one in missing]
    asked = (*missing, *_of_rows(tailored))
    return tuple({one.text: one for one in reversed(asked)}[text] for text in dict.fromkeys(one.text for one in asked))


@dataclass(frozen=True, slots=True)
class _Fact:
    """A missing fact: a standard gap, or one marker of the tumor."""

    gap: Gap
    marker: str = ""

    @property
    def question(self) -> str:
        return f"Has my tumor been tested for {self.marker}, and what was the result?" if self.marker else GAPS[self.gap]


def _missing(tailored: TailoredAnswer, matches: Sequence[TrialMatch]) -> list[Question]:
    trials = _trials_waiting(matches)
    parts = dict.fromkeys((_Fact(one.unlocks) for one in tailored.unknowns if one.unlocks), 1)
    if _UNTESTED in parts:
        trials = _as_one_test(trials)
    found = [_question(fact, len(trials.get(fact, ())), parts.get(fact, 0)) for fact in dict.fromkeys((*parts, *trials))]
    return sorted(found, key=lambda one: (-one.settles, _RANK[one.gap or Gap.PLACE], one.text))[:MOST_GAPS]


def _question(fact: _Fact, trials: int, parts: int) -> Question:
    if trials:
        why = f"{trials} trial{'s' if trials != 1 else ''} on your list ask{'' if trials != 1 else 's'} for this."
    else:
        why = "The answer would change what this page can say about you."
    return Question(fact.question, why, fact.gap, trials + parts)


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
    return _Fact(Gap.TUMOR_STAIN) if set(names) & _STAINS else _Fact(Gap.TUMOR_PROFILING, " or ".join(names))


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
    return [Question(one.text, one.reason or "") for one in ordered]
