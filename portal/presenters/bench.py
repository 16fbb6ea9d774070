"""The coordinator's bench: facts beside their page, one decision at a time."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from personalize.profile import Conflict
from portal.presenters.bench_beside import Beside, Rival, beside, first_evidence, rivals
from portal.presenters.dates import waiting_words
from portal.presenters.findings import ASSERTIONS, date_words, kind_words, value_words
from portal.presenters.marks import Badge
from records.models import Evidence, Finding, Page
from records.models.finding import standing, word_of_the_team

_DECISIONS = {
    "confirmed": Badge(gettext_lazy("Accepted"), "ok", "check"),
    "corrected": Badge(gettext_lazy("Corrected"), "ok", "check"),
    "rejected": Badge(gettext_lazy("Rejected"), "quiet", "cross"),
    "disputed": Badge(gettext_lazy("Questioned"), "warn", "question"),
}
_TONES = {"confirmed": "accepted", "corrected": "accepted", "rejected": "rejected"}


def record_name(patient: Any) -> str:
    """A name for a record that says nothing of the person."""
    return _("Record %(code)s") % {"code": str(patient)[:4].upper()}


@dataclass(frozen=True, slots=True)
class BenchItem:
    """One finding to decide. status: "" while open. second: its words as a second engine read them, where it read something else."""

    id: str
    label: str
    value: str
    quote: str
    place: str
    on: str
    assertion: Any
    sure: str
    status: str
    badge: Badge
    tone: str
    is_current: bool
    second: str = ""


@dataclass(frozen=True, slots=True)
class Asked:
    """A question to the patient. about: the fact it is about, or ""; answer: "" while she has not answered."""

    text: str
    about: str
    answer: str
    by: str


@dataclass(frozen=True, slots=True)
class Bench:
    name: str
    waiting: str
    items: tuple[BenchItem, ...]
    current: BenchItem | None
    done: int
    page: Beside | None
    before: str
    after: str
    undo: str
    asked: tuple[Asked, ...]
    rivals: tuple[Rival, ...]
    other: Beside | None

    @property
    def is_done(self) -> bool:
        return self.done == len(self.items)

    @property
    def unanswered(self) -> int:
        return sum(not one.answer for one in self.asked)

    @property
    def open(self) -> tuple[BenchItem, ...]:
        return tuple(one for one in self.items if not one.status)


def asked(questions: Iterable[Any]) -> tuple[Asked, ...]:
    return tuple(
        Asked(one.text, kind_words(one.finding.kind) if one.finding else "", one.answer or "", str(one.asked_by)) for one in questions
    )


def bench(
    request: Any,
    findings: Sequence[Finding],
    *,
    at: str,
    me: Any,
    now: dt.datetime,
    questions: Iterable[Any] = (),
    conflicts: Iterable[Conflict] = (),
    other: Page | None = None,
) -> Bench:
    """at: the finding to look at; without it the first open one. other: a page to compare with."""
    ordered = sorted(findings, key=_place_key)
    decided = {str(one.pk): _decision(one) for one in ordered}
    ids = list(decided)
    here = at if at in decided else next((one for one in ids if not decided[one]), ids[0] if ids else "")
    items = tuple(_item(one, decided[str(one.pk)], here) for one in ordered)
    index = ids.index(here) if here else 0
    tones = {one: "current" if one == here else _TONES.get(decided[one], "") for one in ids}
    first = first_evidence(ordered[index]) if ordered else None
    return Bench(
        name=record_name(request.patient_id),
        waiting=waiting_words(request.requested_at, now),
        items=items,
        current=items[index] if items else None,
        done=sum(bool(one) for one in decided.values()),
        page=beside(first.page, ordered, tones) if first else None,
        before=ids[index - 1] if index > 0 else "",
        after=ids[index + 1] if index + 1 < len(ids) else "",
        undo=_last_of(ordered, me),
        asked=asked(questions),
        rivals=rivals(ordered[index], ordered, conflicts) if ordered else (),
        other=beside(other, ordered, tones) if other else None,
    )


def next_open(findings: Sequence[Finding], after: str) -> str:
    """The finding to go to after deciding one: the next open one, from there round to the start; "" when none is left."""
    ordered = sorted(findings, key=_place_key)
    ids = [str(one.pk) for one in ordered]
    start = ids.index(after) + 1 if after in ids else 0
    turned = [*ordered[start:], *ordered[:start]]
    return next((str(one.pk) for one in turned if not _decision(one)), "")


def _place_key(finding: Finding) -> tuple[Any, ...]:
    first = first_evidence(finding)
    return (
        finding.document.received_at,
        str(finding.document_id),
        first.page.number if first else 0,
        first.start if first else 0,
        str(finding.pk),
    )


def _decision(finding: Finding) -> str:
    return word_of_the_team(finding.reviews.all())


def _last_of(findings: Sequence[Finding], me: Any) -> str:
    """The finding that this coordinator decided last; undo takes that word back."""
    mine = [one for finding in findings for one in standing(finding.reviews.all()) if one.by_id == me.pk]
    newest = max(mine, key=lambda one: one.at, default=None)
    return str(newest.finding_id) if newest else ""


def _item(finding: Finding, decision: str, here: str) -> BenchItem:
    first = first_evidence(finding)
    corrected = [one.corrected for one in standing(finding.reviews.all()) if one.decision == "corrected" and one.by_role == "coordinator"]
    value = corrected[-1] if decision == "corrected" and corrected else finding.value
    sure = f"{round(finding.confidence * 100)}%"
    return BenchItem(
        id=str(finding.pk),
        label=kind_words(finding.kind),
        value=value_words(finding.kind, value),
        quote=first.quote if first else "",
        place=_("page %(page)s") % {"page": first.page.number} if first else "",
        on=date_words(finding),
        assertion=ASSERTIONS.get(finding.assertion, ""),
        sure=sure,
        status=decision,
        badge=_DECISIONS.get(decision) or Badge(_("To check, %(sure)s sure") % {"sure": sure}, "warn", "clock"),
        tone=_TONES.get(decision, ""),
        is_current=str(finding.pk) == here,
        second=_second_reading(finding.evidence.all()) if str(finding.pk) == here else "",
    )


def _second_reading(evidence: Iterable[Evidence]) -> str:
    """Of the first place where two engines read something else; "" where they agree or only one was asked."""
    readings = (one.page.page_text.second_reading(one.start, one.end) for one in evidence)
    return next(filter(None, readings), "")
