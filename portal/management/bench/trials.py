"""Made-up trials as rows, as many as are asked for: of many cancers, with rules of the usual kinds and a few places each. The same every time."""

from __future__ import annotations

import datetime as dt
import random

from personalize.criteria import Criterion, Rule, encode
from personalize.vocabulary import load
from portal.models.editable import Revision
from portal.models.trial import Criterion as CriterionRow
from portal.models.trial import Site, Trial, TrialStatus

_PLACES = (
    ("United States", "Boston"),
    ("United States", "Houston"),
    ("Spain", "Madrid"),
    ("Germany", "Berlin"),
    ("China", "Beijing"),
    ("France", "Paris"),
)
_DAY = dt.date(2026, 1, 1)
_AT_ONCE = 2_000


def make_trials(count: int) -> None:
    """Fill the database that stands. Sentences, rules and places are made up; no registry's text is in them."""
    chance = random.Random(12)  # noqa: S311 — the same trials every time, no secret
    codes = sorted(load("diseases")["parents"])
    markers = sorted({one["name"] for one in load("trial_markers")["marker"]})
    for start in range(0, count, _AT_ONCE):
        numbers = range(start, min(count, start + _AT_ONCE))
        trials = [_trial(number, chance.choice(codes), chance) for number in numbers]
        Trial.objects.bulk_create(trials)
        CriterionRow.objects.bulk_create([row for one in trials for row in _criteria(one, chance, markers)])
        Site.objects.bulk_create(
            [Site(trial=one, city=city, country=country) for one in trials for country, city in chance.sample(_PLACES, 3)]
        )
    Revision.advance()


def _trial(number: int, code: str, chance: random.Random) -> Trial:
    return Trial(
        nct=f"NCT{90_000_000 + number}", title=f"A made-up study {number} of a new drug", what_is_tested="A drug that a program made up. " * 3,
        target=chance.choice(("", "KRAS", "CLDN18.2")), kind="drug", phase=chance.choice(("1", "1/2", "2", "3")),
        status=chance.choice((TrialStatus.RECRUITING, TrialStatus.COMPLETED, TrialStatus.ACTIVE_NOT_RECRUITING)), status_on=_DAY,
        conditions=[code], countries=[],
    )  # fmt: skip


def _criteria(trial: Trial, chance: random.Random, markers: list[str]) -> list[CriterionRow]:
    rules: list[tuple[str, Criterion | None]] = [
        ("inclusion", Rule("diagnosis", "in", (trial.conditions[0],))),
        ("inclusion", Rule("age", "at_least", 18)),
        ("inclusion", Rule("age", "at_most", chance.choice((70, 75, 80)))),
        ("inclusion", Rule("ecog", "at_most", chance.choice((1, 2)))),
        ("inclusion", Rule("stage_extent", "in", ("metastatic",))),
        ("inclusion", Rule("biomarker", "positive", sub=chance.choice(markers))),
        ("inclusion", Rule("lab", "at_least", 9, sub="hemoglobin", unit="g/dL")),
        ("inclusion", Rule("prior_lines", "at_least", chance.choice((0, 1, 2)))),
        ("exclusion", Rule("infection", "positive", sub="hiv")),
        ("exclusion", Rule("other_malignancy", "active")),
        ("exclusion", None),
    ]
    return [
        CriterionRow(trial=trial, order=place, kind=kind, sentence=f"A made-up rule {place}.", rule=encode(rule) if rule else None)
        for place, (kind, rule) in enumerate(rules)
    ]
