"""Medicines that do not treat the cancer: what is taken now, with its dose; steroids and blood thinners matter to trials."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import ClassVar

from records.extraction.finding import Assertion, Finding, Kind
from records.extraction.header import ReportType
from records.extraction.patterns import lazy
from records.extraction.report import Report
from records.extraction.section_titles import Section
from records.extraction.treatments_names import Named, names_in
from records.extraction.treatments_status import Status, is_others, status_of

_DOSE = lazy(
    r"^[ ,:]{0,2}(?P<dose>\d[\d,.]*(?:/\d+)? ?(?:mg|mcg|µg|g|units?|mL|IU|tablets?|puffs?)(?: ?(?:per|/) ?(?:day"
    r"|d))?(?: (?:once |twice |three times )?(?:daily|nightly|weekly|BID|TID|QID|QHS|QD|PRN|with meals"
    r"|at bedtime|every \w+ (?:hours|weeks|days)))?)",
    re.I,
)
_STOPPED = lazy(r"^[^.;]{0,40}?\b(?:stopped|discontinued|completed|finished|in the past)\b", re.I)
_TAPER = lazy(r"\btapered? (?:from \d+ ?(?:mg)? )?to (?P<dose>\d+(?:\.\d+)? ?mg(?: daily)?)", re.I)


class Medications:
    """Findings of kind MEDICATION; value.dose as printed where it is."""

    name: ClassVar[str] = "medications"
    version: ClassVar[int] = 1

    def extract(self, report: Report) -> Iterable[Finding]:
        if report.header.type is ReportType.MOLECULAR:
            return
        seen: set[str] = set()
        for row in report.once(names_in).values():
            for one in row:
                if not one.therapy.is_supportive or one.therapy.name in seen or one.segment.section is Section.FAMILY or is_others(one):
                    continue
                finding = _finding(report, one)
                if finding is not None:
                    seen.add(one.therapy.name)
                    yield finding


def _finding(report: Report, one: Named) -> Finding | None:
    said = status_of(report, one)
    after = one.segment.text[one.end :]
    dose = _TAPER.search(after[:60]) or _DOSE.match(after)
    is_listed = one.segment.section is Section.MEDICATIONS
    if said.status in (Status.ALLERGY, Status.NOT_GIVEN, Status.DECLINED, Status.CONSIDERED, Status.PLANNED) or (
        said.status is Status.MENTIONED and not (dose or is_listed)
    ):
        return None
    is_past = bool(_STOPPED.match(after)) or (said.status is Status.GIVEN and dose is None and not is_listed)
    value = {"name": one.therapy.name} | ({"dose": " ".join(dose.group("dose").split())} if dose else {})
    end = one.end + (dose.end() if dose else 0)
    return Finding(
        Kind.MEDICATION,
        value,
        (one.segment.evidence(one.start, end),),
        Assertion.HISTORICAL if is_past else Assertion.PRESENT,
        report.header.specimen_date or report.header.date,
        0.85,
        f"{Medications.name}/{Medications.version}",
    )
