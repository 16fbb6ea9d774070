"""What the patient must not be given: allergies with a reaction or in a list of allergies; entries called an error or unconfirmed are none."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import ClassVar

from records.extraction.context import context_at
from records.extraction.finding import Assertion, Finding, Kind
from records.extraction.patterns import lazy
from records.extraction.report import Report
from records.extraction.section_titles import Section
from records.extraction.segments import Segment
from records.extraction.treatments_names import Named, names_in
from records.extraction.treatments_status import Status, status_of

_DENIED = lazy(
    r"^\W{0,3}(?:none|no (?:known|reaction|allerg)|nil|tolerated|ok\b|not confirmed|unconfirmed|denied|negative)"
    r"|^[^.;]{0,80}\b(?:in error|erroneous\w*|not (?:a true )?(?:confirmed|allerg\w+)|unconfirmed"
    r"|tolerat\w+ (?:since|well)|entered by mistake|refuted)\b",
    re.I,
)
_DOUBTED = lazy(r"not confirmed|unconfirmed|\?", re.I)


class Allergies:
    """Findings of kind ALLERGY."""

    name: ClassVar[str] = "allergies"
    version: ClassVar[int] = 1

    def extract(self, report: Report) -> Iterable[Finding]:
        seen: set[str] = set()
        for row in report.once(names_in).values():
            for one in row:
                if status_of(report, one).status is not Status.ALLERGY or one.therapy.name in seen:
                    continue
                assertion = _assertion(report, one)
                if assertion is not None:
                    seen.add(one.therapy.name)
                    yield Finding(
                        Kind.ALLERGY,
                        {"name": one.therapy.name},
                        (one.segment.evidence(one.start, one.end),),
                        assertion,
                        report.header.specimen_date or report.header.date,
                        0.9,
                        f"{Allergies.name}/{Allergies.version}",
                    )


def _assertion(report: Report, one: Named) -> Assertion | None:
    segment = one.segment
    after = segment.text[one.end :]
    if _DENIED.match(after):
        return None
    if _DOUBTED.search(after[:90]) or _is_doubted_next(report, segment):
        return Assertion.POSSIBLE
    context = context_at(segment, one.start, one.end)
    return None if context.assertion in (Assertion.ABSENT, Assertion.FAMILY) else Assertion.PRESENT


def _is_doubted_next(report: Report, segment: Segment) -> bool:
    return any(
        one.section is Section.ALLERGIES and re.match(r"\W*(?:not confirmed|unconfirmed)", one.text, re.I)
        for one in report.after(segment, 1)
    )
