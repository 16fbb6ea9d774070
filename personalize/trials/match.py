"""How a profile stands to a trial: rule by rule, cohort by cohort.

A rule is met, not met or open; open never counts as either. Ruled out needs a known fact that breaks a rule, and only a fact that may hide a
trial (confirmed, or read with high confidence, undisputed) can break one: else the rule stays open and is asked about.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date

from personalize.criteria import Outcome, Truth, evaluate
from personalize.eligibility import Kind, TrialCriterion, leading, parse_eligibility
from personalize.profile import PatientProfile
from personalize.trials.rank import ranked
from personalize.trials.values import Fit, Near, RuleOutcome, Trial, TrialMatch, Verdict


def match_trials(trials: Iterable[Trial], profile: PatientProfile, *, today: date, near: Near | None = None) -> list[TrialMatch]:
    """Every trial with its verdict, best first; ties stay in NCT order. Hidden ones come last and say so."""
    return ranked([match_trial(one, profile, today=today) for one in trials], profile, today=today, near=near)


def criteria_of(trial: Trial) -> tuple[TrialCriterion, ...]:
    """The trial's criteria, read from its text unless given, with editors' corrections where their sentence still stands."""
    read = trial.criteria or parse_eligibility(
        trial.eligibility, title=trial.title, conditions=trial.conditions, min_age=trial.min_age, max_age=trial.max_age, sex=trial.sex
    )
    return tuple(trial.corrections.get(one.sentence, one) for one in read) if trial.corrections else read


def match_trial(trial: Trial, profile: PatientProfile, *, today: date) -> TrialMatch:
    """The verdict of the cohort that fits best: fewest hard, then fewest broken, then fewest open rules."""
    outcomes = tuple(judge(one, profile, today=today) for one in criteria_of(trial))
    named = sorted({cohort for one in outcomes for cohort in one.criterion.cohorts})
    cohorts: list[str | None] = [*named] if len(named) > 1 else [*named, None]
    views = [(cohort, _binding(outcomes, cohort)) for cohort in cohorts]
    cohort, binding = min(views, key=lambda view: _badness(view[1]))
    verdict = _verdict(binding)
    is_hard = any(one.is_hard for one in binding)
    return TrialMatch(
        trial, verdict, cohort, binding, verdict is Verdict.RULED_OUT and is_hard, verdict is Verdict.RULED_OUT and not is_hard
    )


def judge(criterion: TrialCriterion, profile: PatientProfile, *, today: date) -> RuleOutcome:
    """One criterion; an unread one is open, and so is one that only a soft fact would break."""
    if criterion.rule is None:
        return RuleOutcome(criterion, Fit.UNKNOWN, _asked(criterion))
    outcome = evaluate(criterion.rule, profile, today=today)
    if outcome.truth is Truth.UNKNOWN:
        return RuleOutcome(criterion, Fit.UNKNOWN, outcome)
    lets_in = (outcome.truth is Truth.MET) == (criterion.kind is Kind.INCLUSION)
    if not lets_in and not outcome.is_hard:
        return RuleOutcome(criterion, Fit.UNKNOWN, _softened(outcome, criterion))
    return RuleOutcome(criterion, Fit.MET if lets_in else Fit.NOT_MET, _recovering(outcome, criterion))


def _asked(criterion: TrialCriterion) -> Outcome | None:
    """What no record can settle, but a person can be asked in words that an editor wrote; None where nobody has read the sentence."""
    if criterion.question is None:
        return None
    return Outcome(Truth.UNKNOWN, f"Records do not settle this: {criterion.sentence}", (), False, criterion.question, False)


def _softened(outcome: Outcome, criterion: TrialCriterion) -> Outcome:
    """What an unchecked or poorly read fact says is shown, and asked about."""
    return Outcome(Truth.UNKNOWN, outcome.reason, outcome.evidence, True, criterion.question or outcome.question, False)


def _recovering(outcome: Outcome, criterion: TrialCriterion) -> Outcome:
    """A broken rule is recoverable where its kind is, and where the person's own state says so."""
    recoverable = bool(criterion.recoverable) or (
        outcome.recoverable and criterion.rule is not None and leading(criterion.rule).predicate in ("stage_extent", "metastatic_site")
    )
    return Outcome(outcome.truth, outcome.reason, outcome.evidence, recoverable, outcome.question, outcome.is_hard)


def _binding(outcomes: Sequence[RuleOutcome], cohort: str | None) -> tuple[RuleOutcome, ...]:
    return tuple(one for one in outcomes if not one.criterion.cohorts or cohort in one.criterion.cohorts)


def _badness(outcomes: Sequence[RuleOutcome]) -> tuple[int, int, int]:
    broken = [one for one in outcomes if one.fit is Fit.NOT_MET]
    still_open = [one for one in outcomes if one.fit is Fit.UNKNOWN and one.criterion.rule is not None]
    return sum(one.is_hard for one in broken), len(broken), len(still_open)


def _verdict(outcomes: Sequence[RuleOutcome]) -> Verdict:
    if any(one.fit is Fit.NOT_MET for one in outcomes):
        return Verdict.RULED_OUT
    checkable = [one for one in outcomes if one.criterion.rule is not None]
    if not checkable or any(one.fit is Fit.UNKNOWN for one in checkable):
        return Verdict.POSSIBLE
    return Verdict.FITS
