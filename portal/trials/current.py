"""Trials as rows → the values that matching works with. What was read is remembered until the revision moves."""

from __future__ import annotations

from functools import lru_cache

from personalize import trials as values
from personalize.criteria import CriterionFault, decode
from personalize.criteria.disease import disease_name
from personalize.eligibility import Kind, TrialCriterion, question_of
from personalize.profile import PartialDate
from portal.models import trial as rows
from portal.models.editable import Revision


def current_trials() -> tuple[values.Trial, ...]:
    """All trials that are shown, in NCT order; one small query while nothing has changed."""
    return _trials(Revision.current())


@lru_cache(maxsize=2)
def _trials(revision: int) -> tuple[values.Trial, ...]:
    shown = rows.Trial.objects.filter(is_shown=True).prefetch_related("criteria", "sites")
    return tuple(trial_value(one) for one in shown)


def trial_value(row: rows.Trial) -> values.Trial:
    """A curated trial: its own words as title and summary, its rules as rows; nothing is left to be read from registry text."""
    criteria = tuple(criterion_value(one) for one in row.criteria.all())
    return values.Trial(
        nct=row.nct,
        title=row.title,
        conditions=tuple(disease_name(code) for code in row.conditions),
        interventions=tuple(one for one in (row.kind, row.target) if one),
        summary=row.what_is_tested,
        phase=row.phase or None,
        status=row.status,
        updated_on=PartialDate(row.status_on.year, row.status_on.month, row.status_on.day),
        places=tuple(place_value(one) for one in row.sites.all()) or tuple(values.Place(country=one) for one in row.countries),
        criteria=criteria,
    )


def place_value(row: rows.Site) -> values.Place:
    return values.Place(row.country, row.city, row.facility, row.latitude, row.longitude)


def criterion_value(row: rows.Criterion) -> TrialCriterion:
    """A rule that cannot be evaluated any more leaves its sentence unread: open, never met."""
    try:
        rule = decode(row.rule) if row.rule else None
    except CriterionFault:
        rule = None
    cohorts = tuple(one.strip() for one in row.cohort.split(";") if one.strip())
    question = row.question or (question_of(rule) if rule else None)
    return TrialCriterion(row.sentence, Kind(row.kind), rule, cohorts, row.is_recoverable, question, end=len(row.sentence))


def registry_words(nct: str) -> dict[str, str]:
    """Of a trial of ours: the registry's own sentence by the one that we show, for those that were read from one."""
    found = rows.Criterion.objects.filter(trial=nct).exclude(registry_sentence="")
    return dict(found.values_list("sentence", "registry_sentence"))
