"""Trials of one person as the team sees them: every rule with its words, how it was read, the fact that was held against it, and what came of it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from personalize.criteria import describe
from personalize.trials import Fit, RuleOutcome, TrialMatch, Verdict
from portal.presenters.marks import Badge, ProofLink, proof_links
from portal.presenters.trials import FIT_BADGES, status_words

_VERDICTS = {
    Verdict.FITS: gettext_lazy("Fits every rule that can be checked"),
    Verdict.POSSIBLE: gettext_lazy("Possible"),
    Verdict.RULED_OUT: gettext_lazy("Ruled out"),
}
_SOURCES = {
    "title": gettext_lazy("The register's title"),
    "conditions": gettext_lazy("The register's conditions"),
    "fields": gettext_lazy("The register's fields"),
}


@dataclass(frozen=True, slots=True)
class TraceLine:
    """One trial in the list."""

    nct: str
    title: str
    verdict: str
    counts: str
    is_checked: bool


@dataclass(frozen=True, slots=True)
class TracedRule:
    """registry: the register's own words; ours: our words where they differ, or "". read_as: the predicate in English, or "" where no program
    can read it. facts: the words that it was held against."""

    number: int
    kind: str
    source: str
    registry: str
    ours: str
    cohorts: str
    read_as: str
    badge: Badge
    why: str
    notes: tuple[str, ...]
    facts: tuple[ProofLink, ...]


@dataclass(frozen=True, slots=True)
class Trace:
    nct: str
    title: str
    status: str
    verdict: str
    cohort: str
    place: int
    reasons: tuple[str, ...]
    rules: tuple[TracedRule, ...]
    is_checked: bool


def trace_lines(matches: Iterable[TrialMatch], *, is_checked: bool) -> tuple[TraceLine, ...]:
    return tuple(TraceLine(one.trial.nct, one.trial.title, verdict_words(one), _counts(one), is_checked) for one in matches)


def _counts(match: TrialMatch) -> str:
    met, broken, still_open = (len(match.with_fit(one)) for one in (Fit.MET, Fit.NOT_MET, Fit.UNKNOWN))
    return _("%(met)s met, %(broken)s not met, %(open)s not known") % {"met": met, "broken": broken, "open": still_open}


def verdict_words(match: TrialMatch) -> str:
    if match.is_hidden:
        return _("Ruled out by a hard fact: left out of the patient's list")
    return _("Not now") if match.is_not_now else str(_VERDICTS[match.verdict])


def trace(match: TrialMatch, registry_words: Mapping[str, str], *, is_checked: bool) -> Trace:
    """registry_words: the register's sentence by our own one, where our team has put it in other words."""
    return Trace(
        match.trial.nct,
        match.trial.title,
        status_words(match.trial.status, match.trial.updated_on),
        verdict_words(match),
        match.cohort or "",
        match.rank,
        match.reasons,
        tuple(_rule(number, one, registry_words) for number, one in enumerate(match.outcomes, 1)),
        is_checked,
    )


def _rule(number: int, judged: RuleOutcome, registry_words: Mapping[str, str]) -> TracedRule:
    criterion, outcome = judged.criterion, judged.outcome
    said = registry_words.get(criterion.sentence, "")
    return TracedRule(
        number=number,
        kind=_("Exclusion") if criterion.kind == "exclusion" else _("Inclusion"),
        source=str(_SOURCES.get(criterion.source.value, "")),
        registry=said or criterion.sentence,
        ours=criterion.sentence if said and said != criterion.sentence else "",
        cohorts=", ".join(criterion.cohorts),
        read_as=describe(criterion.rule) if criterion.rule is not None else "",
        badge=FIT_BADGES[judged.fit],
        why=outcome.reason if outcome else _("No program can read this rule."),
        notes=_notes(judged),
        facts=proof_links(outcome.evidence) if outcome else (),
    )


def _notes(judged: RuleOutcome) -> tuple[str, ...]:
    """What decides whether it may hide the trial, and what would settle it."""
    question = judged.criterion.question or (judged.outcome.question if judged.outcome else None)
    return tuple(
        note
        for note, holds in (
            (_("Hard: this alone hides the trial."), judged.is_hard),
            (
                _("Can change with time, treatment or a new test."),
                bool(judged.outcome and judged.outcome.recoverable) and judged.fit is Fit.NOT_MET,
            ),
            (_("To ask: %(question)s") % {"question": question}, judged.fit is Fit.UNKNOWN and bool(question)),
        )
        if holds
    )
