"""The coordinators' queue: what needs a person most comes first, and the address says what is shown."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import urlencode

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from portal.presenters.bench import record_name
from portal.presenters.dates import waiting_words
from records.models import ReviewRequest
from records.permissions import holder_of
from records.shown import QueuePage
from records.waiting import OLD

SHOW: Mapping[str, Any] = {
    "all": gettext_lazy("All"),
    "conflicts": gettext_lazy("With conflicts"),
    "unsure": gettext_lazy("With unsure facts"),
    "old": gettext_lazy("Over a day"),
    "free": gettext_lazy("Nobody is on it"),
}
SORT: Mapping[str, Any] = {"need": gettext_lazy("What needs you most"), "waiting": gettext_lazy("Longest waiting")}


@dataclass(frozen=True, slots=True)
class QueueRow:
    id: Any
    name: str
    waiting: str
    is_old: bool
    conflicts: int
    unsure: int
    facts: int
    taken_by: str
    button: Any
    is_takeover: bool


@dataclass(frozen=True, slots=True)
class Choice:
    """One way to filter or sort. query: of the address that does it."""

    label: Any
    query: str
    is_here: bool


@dataclass(frozen=True, slots=True)
class View:
    """show, sort: keys of SHOW and SORT; page: from 1."""

    show: str
    sort: str
    page: int

    @property
    def query(self) -> str:
        """Without what goes without saying, so that one view has one address."""
        said = {"show": self.show != "all", "sort": self.sort != "need", "page": self.page > 1}
        return urlencode({key: getattr(self, key) for key, is_said in said.items() if is_said})


@dataclass(frozen=True, slots=True)
class Queue:
    """rows: those of this page, the next one to take first. total: all that wait, is_more than that. before, after: queries of the pages beside."""

    rows: tuple[QueueRow, ...]
    total: int
    is_more: bool
    shows: tuple[Choice, ...]
    sorts: tuple[Choice, ...]
    before: str | None
    after: str | None


def view_of(asked: Mapping[str, str]) -> View:
    """asked: "show", "sort" and "page" as the address has them; what it does not know counts as not said."""
    show = asked.get("show", "") if asked.get("show") in SHOW else "all"
    sort = asked.get("sort", "") if asked.get("sort") in SORT else "need"
    page = asked.get("page", "")
    return View(show, sort, int(page) if re.fullmatch("[0-9]{1,3}", page) else 1)


def queue(found: QueuePage, view: View, me: Any, now: dt.datetime) -> Queue:
    shows = tuple(Choice(label, View(key, view.sort, 1).query, key == view.show) for key, label in SHOW.items())
    sorts = tuple(Choice(label, View(view.show, key, 1).query, key == view.sort) for key, label in SORT.items())
    before = replace(view, page=found.number - 1).query if found.number > 1 else None
    after = replace(view, page=found.number + 1).query if found.number < found.pages else None
    rows = tuple(_row(one, holder_of(one), me, now) for one in found.requests)
    return Queue(rows, found.waiting, found.is_more, shows, sorts, before, after)


def _row(request: ReviewRequest, holder: Any, me: Any, now: dt.datetime) -> QueueRow:
    is_mine = holder == me
    is_others = holder is not None and not is_mine
    button = _("Go on") if is_mine else _("Take over") if is_others else _("Start")
    return QueueRow(
        id=request.pk,
        name=record_name(request.patient_id),
        waiting=waiting_words(request.requested_at, now),
        is_old=now - request.requested_at > OLD,
        conflicts=request.conflicts,
        unsure=request.unsure,
        facts=request.facts,
        taken_by=_("You") if is_mine else str(holder) if is_others else "",
        button=button,
        is_takeover=is_others,
    )
