"""Dates as people say them, as precise as they are known."""

from __future__ import annotations

import datetime as dt
from functools import lru_cache

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from personalize.profile import PartialDate


def day_words(when: dt.date | dt.datetime) -> str:
    """November 3, 2026, or as the language has it."""
    return date_format(timezone.localtime(when) if isinstance(when, dt.datetime) else when, "DATE_FORMAT")


def moment_words(when: dt.datetime) -> str:
    return date_format(timezone.localtime(when), "DATETIME_FORMAT")


def partial_words(text: str | PartialDate | None) -> str:
    """ "2026-06-22", "2026-06" or "2026" in words; "" for anything else."""
    return _partial(str(text), get_language()) if text else ""


@lru_cache(maxsize=1024)
def _partial(text: str, language: str | None) -> str:
    """A page says the same few dates again and again."""
    when = PartialDate.parse(text)
    if when is None:
        return ""
    if when.month is None:
        return str(when.year)
    return date_format(when.earliest(), "DATE_FORMAT" if when.day else "YEAR_MONTH_FORMAT")


def waiting_words(since: dt.datetime, now: dt.datetime) -> str:
    """How long something has waited: "3 hours"."""
    minutes = max(0, int((now - since).total_seconds() // 60))
    if minutes < 60:
        return ngettext("%(n)d minute", "%(n)d minutes", minutes) % {"n": minutes}
    if minutes < 48 * 60:
        hours = minutes // 60
        return ngettext("%(n)d hour", "%(n)d hours", hours) % {"n": hours}
    days = minutes // (24 * 60)
    return ngettext("%(n)d day", "%(n)d days", days) % {"n": days}


def as_of_words(text: str) -> str:
    said = partial_words(text)
    return _("As of %(date)s") % {"date": said} if said else ""
