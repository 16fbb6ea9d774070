"""The coordinators' queue: what needs a person most comes first, and the address says what is shown."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from portal.presenters.bench import record_name
from portal.presenters.dates import waiting_words
from records.permissions import holder_of
from records.shown import Waiting

OLD = dt.timedelta(hours=24)
Test = Callable[[Waiting, Any, dt.datetime], bool]
SHOW: Mapping[str, tuple[Any, Test]] = {
    "all": (gettext_lazy("All"), lambda one, holder, now: True),
    "conflicts": (gettext_lazy("With conflicts"), lambda one, holder, now: one.conflicts > 0),
    "unsure": (gettext_lazy("With unsure facts"), lambda one, holder, now: one.unsure > 0),
    "old": (gettext_lazy("Over a day"), lambda one, holder, now: now - one.request.requested_at > OLD),
    "free": (gettext_lazy("Nobody is on it"), lambda one, holder, now: holder is None),
}
SORT: Mapping[str, tuple[Any, Callable[[Waiting], Any]]] = {
    "need": (gettext_lazy("What needs you most"), lambda one: (-one.conflicts, -one.unsure, one.request.requested_at)),
    "waiting": (gettext_lazy("Longest waiting"), lambda one: one.request.requested_at),
}


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
class Queue:
    """rows: those shown, the next one to take first. total: all that wait. query: of this view of the queue."""

    rows: tuple[QueueRow, ...]
    total: int
    shows: tuple[Choice, ...]
    sorts: tuple[Choice, ...]
    query: str


def queue(waiting: Iterable[Waiting], asked: Mapping[str, str], me: Any, now: dt.datetime) -> Queue:
    """asked: "show" and "sort" as the address has them; what it does not know counts as not said."""
    show = asked.get("show", "") if asked.get("show") in SHOW else "all"
    sort = asked.get("sort", "") if asked.get("sort") in SORT else "need"
    all_of_them = list(waiting)
    held = [(one, holder_of(one.request)) for one in sorted(all_of_them, key=SORT[sort][1])]
    rows = tuple(_row(one, holder, me, now) for one, holder in held if SHOW[show][1](one, holder, now))
    shows = tuple(Choice(label, _query(key, sort), key == show) for key, (label, _test) in SHOW.items())
    sorts = tuple(Choice(label, _query(show, key), key == sort) for key, (label, _key) in SORT.items())
    return Queue(rows, len(all_of_them), shows, sorts, _query(show, sort))


def _query(show: str, sort: str) -> str:
    """Without what goes without saying, so that one view has one address."""
    said = {"show": show if show != "all" else "", "sort": sort if sort != "need" else ""}
    return urlencode({key: value for key, value in said.items() if value})


def next_free(made: Queue) -> Any:
    """The request to go on with: the first that nobody holds; None where there is none."""
    return next((row.id for row in made.rows if not row.taken_by), None)


def _row(one: Waiting, holder: Any, me: Any, now: dt.datetime) -> QueueRow:
    request = one.request
    is_mine = holder == me
    is_others = holder is not None and not is_mine
    button = _("Go on") if is_mine else _("Take over") if is_others else _("Start")
    return QueueRow(
        id=request.pk,
        name=record_name(request.patient_id),
        waiting=waiting_words(request.requested_at, now),
        is_old=now - request.requested_at > OLD,
        conflicts=one.conflicts,
        unsure=one.unsure,
        facts=one.facts,
        taken_by=_("You") if is_mine else str(holder) if is_others else "",
        button=button,
        is_takeover=is_others,
    )
