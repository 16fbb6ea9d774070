"""What is new in the list of trials, in words."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy

from personalize.trials.changes import ChangedTrial, TrialChange
from portal.presenters.dates import day_words
from portal.presenters.phrasing import in_words
from portal.trials.news import TrialNews

MOST_REASONS = 3
_WORDS: Mapping[TrialChange, Any] = {
    TrialChange.CLOSED: gettext_lazy("It takes no new people now."),
    TrialChange.OPENED: gettext_lazy("It is open to new people now."),
    TrialChange.NEW: gettext_lazy("It is new in our list."),
    TrialChange.BETTER: gettext_lazy("It may fit better than before."),
    TrialChange.WORSE: gettext_lazy("It may fit less than before."),
    TrialChange.SETTLED: gettext_lazy("We know more about its rules now."),
    TrialChange.RULES: gettext_lazy("Its rules changed."),
}


@dataclass(frozen=True, slots=True)
class ChangedLine:
    nct: str
    title: str
    words: Any
    reasons: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ShownTrialNews:
    since: str
    lines: tuple[ChangedLine, ...]


def shown_trial_news(news: TrialNews | None) -> ShownTrialNews | None:
    return ShownTrialNews(day_words(news.since), tuple(map(_line, news.changed))) if news else None


def _line(one: ChangedTrial) -> ChangedLine:
    return ChangedLine(one.nct, one.title, _WORDS[one.change], tuple(map(in_words, one.reasons[:MOST_REASONS])))
