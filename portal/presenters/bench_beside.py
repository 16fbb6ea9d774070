"""What stands beside the page in hand at the bench: other words on the same fact, and another page to compare with."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from personalize.profile import Conflict
from portal.presenters.findings import date_words, value_words
from portal.presenters.marks import place_words
from portal.presenters.proof import PagePicture, page_picture
from records.models import Document, Evidence, Finding, Page


@dataclass(frozen=True, slots=True)
class Rival:
    """Another finding that says otherwise. page: as PageChoice.value, "" where it has no page."""

    id: str
    value: str
    place: str
    page: str


@dataclass(frozen=True, slots=True)
class PageChoice:
    """value: "<document>:<number>" """

    value: str
    label: str


@dataclass(frozen=True, slots=True)
class Beside:
    """choice: the page shown beside; picture None: it has none."""

    choice: PageChoice
    document: str
    number: int
    picture: PagePicture | None


def first_evidence(finding: Finding) -> Evidence | None:
    """Where the finding is said first; its evidence was fetched with it."""
    return next(iter(finding.evidence.all()), None)


def rivals(current: Finding, findings: Sequence[Finding], conflicts: Iterable[Conflict]) -> tuple[Rival, ...]:
    """Findings in the same conflict with another value; the one after `current` first, so that going on goes round all of them."""
    rows = {str(key): one for one in findings for key in (one.pk, *(evidence.pk for evidence in one.evidence.all()))}
    group: dict[Any, Finding] = {}
    for conflict in conflicts:
        told = [rows[ref.id] for ref in conflict.evidence if ref.id in rows]
        if current in told:
            group |= {one.pk: one for one in told}
    ordered = list(group.values())
    start = next((n for n, one in enumerate(ordered) if one.pk == current.pk), 0)
    turned = [*ordered[start + 1 :], *ordered[:start]]
    mine = value_words(current.kind, current.value)
    return tuple(_rival(one) for one in turned if value_words(one.kind, one.value) != mine)


def _rival(finding: Finding) -> Rival:
    first = first_evidence(finding)
    page = first.page if first else None
    value, on = value_words(finding.kind, finding.value), date_words(finding)
    place = place_words(finding.document.name, page.number) if page else finding.document.name
    return Rival(str(finding.pk), f"{value} ({on})" if on else value, place, f"{finding.document_id}:{page.number}" if page else "")


def page_choices(documents: Iterable[Document]) -> tuple[PageChoice, ...]:
    """Every page of the record, the oldest file first."""
    ordered = sorted(documents, key=lambda one: (one.received_at, str(one.pk)))
    return tuple(PageChoice(f"{one.pk}:{n}", place_words(one.name, n)) for one in ordered for n in range(1, (one.page_count or 0) + 1))


def beside(page: Page, findings: Sequence[Finding], tones: Mapping[str, str]) -> Beside:
    """tones: the look of a finding's boxes, by its id."""
    text = page.page_text
    boxes = [
        (box, tones.get(str(one.pk), ""), str(one.pk))
        for one in findings
        for evidence in one.evidence.all()
        if evidence.page_id == page.pk
        for box in text.boxes(evidence.start, evidence.end)
    ]
    choice = PageChoice(f"{page.document_id}:{page.number}", place_words(page.document.name, page.number))
    return Beside(choice, str(page.document_id), page.number, page_picture(page, boxes) if page.image else None)
