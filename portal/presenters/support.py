"""What administrators are shown: counts, opaque ids, and in need one record."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from portal.presenters.dates import moment_words, waiting_words
from portal.presenters.findings import date_words, kind_words, value_words
from records.exceptions import REASONS
from records.oversight import QueueHealth


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
