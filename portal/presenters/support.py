"""What administrators are shown: counts, opaque ids, and in need one record."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from portal.presenters.dates import moment_words, waiting_words
from portal.presenters.findings import date_words, kind_words, value_words
from records.exceptions import REASONS
from records.oversight import QueueHealth, StaffAccess


@dataclass(frozen=True, slots=True)
class GivenUpRow:
    id: Any
    code: str
    steps: int
    since: str


@dataclass(frozen=True, slots=True)
class Health:
    """oldest: how long the oldest waits, "" where nothing does."""

    waiting: int
    held: int
    failed: int
    oldest: str
    given_up: tuple[GivenUpRow, ...]


def health(found: QueueHealth, now: dt.datetime) -> Health:
    given_up = tuple(GivenUpRow(one.document, str(one.document)[:8], one.steps, moment_words(one.since)) for one in found.given_up)
    oldest = waiting_words(found.oldest_at, now) if found.oldest_at else ""
    return Health(found.waiting, found.held, found.failed, oldest, given_up)


@dataclass(frozen=True, slots=True)
class LogRow:
    number: int
    at: str
    actor: str
    role: str
    record: str
    action: str
    target: str
    purpose: str
    is_refused: bool


def log_rows(events: Iterable[Any]) -> tuple[LogRow, ...]:
    return tuple(
        LogRow(
            one.id,
            moment_words(one.at),
            str(one.actor or ""),
            one.actor_role,
            str(one.patient or ""),
            one.action,
            f"{one.target} {one.target_id or ''}".strip(),
            one.purpose,
            one.outcome == "refused",
        )
        for one in events
    )


@dataclass(frozen=True, slots=True)
class AccessRow:
    """by: what it serves, in words; holder: who works on the check now, or ""."""

    what: str
    id: Any
    who: str
    record: str
    since: str
    until: str
    by: str
    holder: str


def access_rows(found: Iterable[StaffAccess]) -> tuple[AccessRow, ...]:
    return tuple(
        AccessRow(
            one.what,
            one.id,
            str(one.to or _("All care coordinators")),
            str(one.patient),
            moment_words(one.since),
            moment_words(one.until) if one.until else _("End of the check"),
            _("Help, with a reason") if one.what == "support" else _("Check %(id)s") % {"id": one.review} if one.review else _("Grant"),
            str(one.holder or ""),
        )
        for one in found
    )


@dataclass(frozen=True, slots=True)
class HelpFile:
    id: Any
    name: str
    status: str
    why: str


@dataclass(frozen=True, slots=True)
class HelpFact:
    id: Any
    label: str
    value: str


@dataclass(frozen=True, slots=True)
class HelpPage:
    files: tuple[HelpFile, ...]
    facts: tuple[HelpFact, ...]


def help_page(scope: Any, patient: Any) -> HelpPage:
    files = tuple(
        HelpFile(one.pk, one.name, one.get_status_display(), REASONS.get(one.failure_code, ("",))[0]) for one in scope.documents(patient)
    )
    facts = tuple(
        HelpFact(one.pk, kind_words(one.kind), f"{value_words(one.kind, one.value)} {date_words(one)}".strip())
        for one in scope.findings(patient)
    )
    return HelpPage(files, facts)
