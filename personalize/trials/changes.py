"""What became different between two looks at the trials of one person: openings, closings, rules, and where the person stands, with the reason."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum

from personalize.trials.values import OPEN_STATUSES, Fit, RuleOutcome, TrialMatch, Verdict


class TrialChange(StrEnum):
    """In the order of their weight for a person: of one trial only the first is told."""

    CLOSED = "closed"
    OPENED = "opened"
    NEW = "new"
    BETTER = "better"  # it was out or open, and now fewer rules stand against it
    WORSE = "worse"
    SETTLED = "settled"  # a rule that was open is known now
    RULES = "rules"  # the trial has other rules


@dataclass(frozen=True, slots=True)
class ChangedTrial:
    """reasons: of the rules whose answer changed."""

    nct: str
    title: str
    change: TrialChange
    reasons: tuple[str, ...] = ()


def changed_trials(before: Iterable[TrialMatch], after: Iterable[TrialMatch]) -> tuple[ChangedTrial, ...]:
    """One line a trial at most, in the order of `after`. A trial that is gone from the list counts as closed only if it says so."""
    known = {one.trial.nct: one for one in before}
    found = ((one, _change(known.get(one.trial.nct), one)) for one in after)
    return tuple(
        ChangedTrial(one.trial.nct, one.trial.title, change, _reasons(known.get(one.trial.nct), one)) for one, change in found if change
    )


def _change(before: TrialMatch | None, after: TrialMatch) -> TrialChange | None:
    is_open = _is_open(after)
    if before is None:
        return TrialChange.NEW if is_open and not after.is_hidden else None
    if _is_open(before) != is_open:
        return TrialChange.OPENED if is_open else TrialChange.CLOSED
    if _rank(before) != _rank(after):
        return TrialChange.BETTER if _rank(after) < _rank(before) else TrialChange.WORSE
    if not is_open or after.is_hidden:
        return None
    if _sentences(before).keys() != _sentences(after).keys():
        return TrialChange.RULES
    return TrialChange.SETTLED if _turned(before, after) else None


def _is_open(match: TrialMatch) -> bool:
    return match.trial.status in OPEN_STATUSES


def _rank(match: TrialMatch) -> tuple[bool, bool, bool]:
    return (match.is_hidden, match.is_not_now, match.verdict is Verdict.POSSIBLE)


def _sentences(match: TrialMatch) -> Mapping[str, RuleOutcome]:
    return {one.criterion.sentence: one for one in match.outcomes}


def _turned(before: TrialMatch, after: TrialMatch) -> list[RuleOutcome]:
    """Rules of both whose answer is another one now, and is known."""
    old = _sentences(before)
    return [
        one for one in after.outcomes if one.fit is not Fit.UNKNOWN and (was := old.get(one.criterion.sentence)) and was.fit is not one.fit
    ]


def _reasons(before: TrialMatch | None, after: TrialMatch) -> tuple[str, ...]:
    turned = _turned(before, after) if before is not None else []
    return tuple(dict.fromkeys(one.outcome.reason for one in turned if one.outcome and one.outcome.reason))
