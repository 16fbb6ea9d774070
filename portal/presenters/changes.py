"""What editors checked or changed, newest first."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import groupby, islice
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from personalize.content import Content, FactStatement
from portal.presenters.dates import as_of_words, day_words
from portal.presenters.telling import told

MOST_DAYS = 30


@dataclass(frozen=True, slots=True)
class PublishedDay:
    """What came onto the pages on one day, each in one plain sentence."""

    day: str
    changes: tuple[str, ...]


def published_days(editions: Iterable[Any]) -> list[PublishedDay]:
    """editions: published ones, the newest first, as portal.content.publishing gives them."""
    days = groupby(editions, key=lambda one: timezone.localdate(one.reviewed_at))
    return [PublishedDay(day_words(day), tuple(dict.fromkeys(_said(one) for one in made))) for day, made in days][:MOST_DAYS]


def _said(edition: Any) -> str:
    return edition.note or _("We changed a part of our pages: %(what)s.") % {"what": edition.title}


@dataclass(frozen=True, slots=True)
class CheckedFact:
    statement: str
    as_of: str


@dataclass(frozen=True, slots=True)
class CheckedDay:
    day: str
    facts: tuple[CheckedFact, ...]


def checked_days(content: Content) -> list[CheckedDay]:
    """Facts by the day on which an editor last compared them with their sources."""
    shown = sorted(
        (one for one in content.facts if one.is_shown and one.checked_on), key=lambda one: (one.checked_on, one.id), reverse=True
    )
    days = groupby(shown, key=lambda one: one.checked_on)
    return [_checked_day(day, facts) for day, facts in islice(days, MOST_DAYS) if day is not None]


def _checked_day(day: dt.date, facts: Iterable[FactStatement]) -> CheckedDay:
    ordered = sorted(facts, key=lambda one: one.id)
    return CheckedDay(day_words(day), tuple(CheckedFact(told(one.statement, one.language), as_of_words(one.as_of)) for one in ordered))
