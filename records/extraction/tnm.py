"""T, N and M as written: a grammar of sequences, with OCR repair only in slots that are certain.

A category counts when it has a prefix ("pT3"), stands in a sequence ("T3 N1 M0"), or follows its label ("N stage: 1"). A lone
unprefixed "T2" counts only behind a word about staging: elsewhere it is a vertebra, a block, an MRI weighting. Of a checklist only
the marked options count. N repaired from "NO" or "Nl" is as good as clean; a repaired T is not, and both say so (`repaired`).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Any, ClassVar

from records.extraction.context import context_at
from records.extraction.finding import Assertion, Evidence, Finding, Kind
from records.extraction.patterns import lazy
from records.extraction.report import Report
from records.extraction.section_titles import Section
from records.extraction.tnm_categories import Category, categories_in
from records.extraction.tnm_stagings import is_said_fuller, said_of, stagings, without_checklists
from records.extraction.tumours import anchor_at, stem_of
from records.extraction.validity import is_allowed

_EDITION = lazy(
    (
        r"\b(?:(\d)(?:th|st|nd|rd)|(sixth|seventh|eighth|fifth|ninth))[ -]*(?:ed\b|edition|AJCC|UICC)|(?:AJCC"
        r"|UICC)[^.\n]{0,25}?\b(?:(?<![\d.,:-])(\d)(?:th)?(?! ?%)|(sixth|seventh|eighth))(?: ed|\)|[ ,;.])|\bAJCC ?v?(\d)\b"
    ),
    re.I,
)


_EDITION_HINT = lazy(r"AJCC|UICC|[tndh][ -]*ed", re.I)


_NUMBERS = {"fifth": "5", "sixth": "6", "seventh": "7", "eighth": "8", "ninth": "9"}


_MAY_HOLD = lazy(r"[TNMtnm] ?[0-4XxOoIl]|[Tt]is|[TNM]\b[^:\n]{0,20}:")


class Tnm:
    """Findings of kind TNM: one for each staging that the document states, categories that stand together in one finding."""

    name: ClassVar[str] = "tnm"
    version: ClassVar[int] = 3

    def extract(self, report: Report) -> Iterable[Finding]:
        return report.once(stagings_of)


def _extract(report: Report) -> Iterator[Finding]:
    for page, text in report.pages.items():
        if _MAY_HOLD.search(text):
            flat = text.replace("\n", " ")
            made = list(stagings(without_checklists(list(categories_in(flat, page)), flat)))
            said = said_of(made)
            yield from _findings(report, [one for one in made if not is_said_fuller(one, said)], flat)


def stagings_of(report: Report) -> tuple[Finding, ...]:
    """What Tnm finds, for rules that build on it: report.once(stagings_of)."""
    return tuple(_extract(report))


def _findings(report: Report, stagings: Iterable[list[Category]], text: str) -> Iterator[Finding]:
    edition = report.once(edition_in)
    for staging in stagings:
        first = staging[0]
        segment = report.segment_at(first.page, first.start)
        if segment is None or segment.section is Section.LITERATURE:
            continue
        offset = segment.page_start
        context = context_at(segment, first.start - offset, first.end - offset)
        if segment.is_boilerplate and not (first.prefix and first.strength >= 0.95):
            continue
        if _IS_EXPLAINED.match(segment.text, staging[-1].end - offset):
            continue
        if context.assertion in (Assertion.FAMILY, Assertion.ABSENT) and context.cue.startswith(
            ("not", "family", "mother", "father", "sister", "brother")
        ):
            continue
        tumour = anchor_at(report, segment, first.start - offset)
        yield _finding(
            report,
            staging,
            tumour,
            _assertion(Assertion.PRESENT if context.cue in TREATED else context.assertion, first.prefix),
            edition_of(text[first.start : first.start + 200]) or edition,
        )


# "pT4 disease is defined by involvement of the celiac axis": of no patient
_IS_EXPLAINED = lazy(
    r"\W{0,2}(?:disease|tumou?rs?|category|stage|cancers?)?,? (?:is|are) (?:defined|reserved|assigned|used) |\W{0,2}(?:means"
    r"|refers to)\b",
    re.I,
)
# "stage III colon cancer s/p colectomy": the operation is past, the stage stands
TREATED = ("s/p", "status post")


def _assertion(said: Assertion, prefix: str) -> Assertion:
    """A category is not negated or pending by its neighbours; the other ways of speaking stand. What a pathologist staged is no plan."""
    if said is Assertion.PLANNED and prefix.endswith("p"):
        return Assertion.PRESENT
    return said if said in (Assertion.POSSIBLE, Assertion.HISTORICAL, Assertion.PLANNED) else Assertion.PRESENT


def _finding(report: Report, staging: list[Category], tumour: str | None, assertion: Assertion, edition: str | None) -> Finding:
    kept = [one for one in staging if tumour is None or is_allowed(stem_of(report, tumour), one.letter, one.value) is not False] or staging
    value: dict[str, Any] = {one.letter.lower(): one.value for one in kept}
    prefix = next((one.prefix for one in kept if one.prefix), None)
    repaired = [one for one in kept if one.is_repaired]
    confidence = min(one.strength for one in kept)
    if len(kept) < len(staging) or (
        kept == staging and tumour and any(is_allowed(stem_of(report, tumour), one.letter, one.value) is False for one in kept)
    ):
        confidence = min(confidence, 0.6)
    if any(one.letter == "T" for one in repaired):
        confidence = min(confidence, 0.6)
    elif repaired:
        confidence = min(confidence, 0.88)
    value |= {"prefix": prefix, "tumour": tumour, "edition": edition, "repaired": bool(repaired) or None}
    first = kept[0]
    segment = report.segment_at(first.page, first.start)
    date = report.date_of(segment, first.start - segment.page_start, first.end - segment.page_start) if segment else None
    return Finding(
        Kind.TNM,
        {key: one for key, one in value.items() if one is not None},
        _evidence(report, kept),
        assertion,
        date,
        confidence,
        f"{Tnm.name}/{Tnm.version}",
    )


def _evidence(report: Report, staging: list[Category]) -> tuple[Evidence, ...]:
    """One span for categories that stand in one sequence, else one for each."""
    page = report.document.page(staging[0].page).text
    spans: list[tuple[int, int]] = []
    for one in staging:
        if spans and one.start - spans[-1][1] < 40 and one.sequence == staging[0].sequence:
            spans[-1] = (spans[-1][0], one.end)
        else:
            spans.append((one.start, one.end))
    return tuple(Evidence(staging[0].page, start, end, page[start:end]) for start, end in spans)


def edition_in(report: Report) -> str | None:
    """The edition that the document names; ask through report.once."""
    return edition_of(report.text)


def edition_of(text: str) -> str | None:
    """The edition that a text names, "7"."""
    found = _EDITION.search(text) if _EDITION_HINT.search(text) else None
    if not found:
        return None
    said = next(group for group in found.groups() if group)
    said = _NUMBERS.get(said.lower(), said)
    return said if said in "56789" else None
