"""Treatments of the cancer: one finding a course and document, with every place that tells of it.

Drugs that only support (steroids, antiemetics), those given for another disease, and the therapy tables of molecular reports are no
treatments. What is declined, planned, considered or an allergy is told apart from what was given, and never becomes it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Any, ClassVar

from records.extraction.finding import Assertion, Finding, Kind
from records.extraction.header import ReportType
from records.extraction.patterns import lazy
from records.extraction.report import Report
from records.extraction.section_titles import Section
from records.extraction.segments import Segment
from records.extraction.treatments_course import course_of
from records.extraction.treatments_meant import (
    is_narrative,
    is_of_a_laboratory,
    is_of_another_cancer,
    is_treatment,
    may_tell,
    without_appositions,
)
from records.extraction.treatments_names import Named, names_in
from records.extraction.treatments_status import Said, Status, status_of
from records.extraction.treatments_told import TOLD, Course, of_other_cancers_as_one, united_courses, with_results, without_generals

_ASSERTIONS = {
    Status.GIVEN: Assertion.PRESENT,
    Status.ONGOING: Assertion.PRESENT,
    Status.PLANNED: Assertion.PLANNED,
    Status.CONSIDERED: Assertion.POSSIBLE,
    Status.DECLINED: Assertion.ABSENT,
    Status.NOT_GIVEN: Assertion.ABSENT,
}


class Treatments:
    """Findings of kind TREATMENT."""

    name: ClassVar[str] = "treatments"
    version: ClassVar[int] = 3

    def extract(self, report: Report) -> Iterable[Finding]:
        told = [one for one in _told(report) if one is not None]
        for course in without_generals(united_courses(of_other_cancers_as_one(with_results(report, told)))):
            yield _finding(report, course)


def _told(report: Report) -> Iterator[Course | None]:
    for index, row in report.once(names_in).items():
        segment = report.segments[index]
        if not may_tell(segment):
            continue
        is_table = report.once(is_of_a_laboratory) and not is_narrative(segment)
        last: tuple[Named, Said] | None = None
        row = without_appositions(row)
        for one in row:
            if is_table or not is_treatment(report, one):
                continue
            said = _said(report, one, last)
            last = (one, said)
            yield _course(report, one, row, said)


_OPERATED = lazy(r"(?:procedures?|operations?)(?: performed)?$", re.I)
_JOINS = lazy(
    r"[\s\w(),-]{0,25}?(?:,|\band\b|\bwith\b|\bplus\b|[+&/]|\bthen\b|followed by|together with|as well as"
    r"|along with|associated (?:to|with)|combined with|\bin addition to\b|\()[\s\w,()-]{0,45}$",
    re.I,
)


def _said(report: Report, one: Named, last: tuple[Named, Said] | None) -> Said:
    """What is said of it; a name that only "and" or a comma joins to the one before shares that one's status."""
    said = status_of(report, one)
    if last is None:
        return said
    before, shared = last
    between = one.segment.text[before.end : one.start]
    if between.strip() == "(" and shared.status not in (Status.MENTIONED, Status.ALLERGY):
        return Said(shared.status, round(shared.confidence - 0.03, 3))  # "chemoradiation (carboplatin/paclitaxel)"
    if said.status is not Status.MENTIONED and said.confidence >= 0.8:
        return said
    is_joined = (
        len(between) < 70 and bool(_JOINS.match(between)) and not re.search(r"[.;]|\b(?:but|not|no|consider\w*|if|for)\b", between, re.I)
    )
    if is_joined and shared.status not in (Status.MENTIONED, Status.ALLERGY):
        return Said(shared.status, round(shared.confidence - 0.03, 3))
    return said


def _course(report: Report, one: Named, row: list[Named], said: Said) -> Course | None:
    if said.status in (Status.MENTIONED, Status.ALLERGY):
        return None
    if one.therapy.is_general and said.confidence < 0.8:
        return None
    course = course_of(one, row)
    status = said.status
    if course.pop("is_open", False) and status in TOLD:
        status = Status.ONGOING
    if status is Status.ONGOING and (course.get("stop") or course.get("stop_reason") in ("progression", "completed")):
        status = Status.GIVEN
    if status not in TOLD:
        kept = ("start", "line", "intent") if status is Status.PLANNED else ("intent",)
        course = {key: course[key] for key in kept if key in course}
    if (
        one.therapy.kind == "surgery"
        and status is Status.GIVEN
        and report.header.type is ReportType.PATHOLOGY
        and one.segment.section is not Section.HISTORY
    ):
        course.setdefault("start", report.header.specimen_date)
        course = {key: kept for key, kept in course.items() if kept is not None}
    if one.therapy.kind == "surgery" and status is Status.GIVEN and _OPERATED.match(one.segment.label or one.segment.title):
        course.setdefault("start", report.header.specimen_date)  # an operative report: the day of the operation
        course = {key: kept for key, kept in course.items() if kept is not None}
    start = course.get("start")
    written = report.header.date or report.header.specimen_date
    if status is Status.GIVEN and start and written and start > written and len(start) >= len(written):
        status = Status.PLANNED
    value = {"kind": one.therapy.kind, "name": one.therapy.name, "drugs": list(one.therapy.drugs), **course}
    if one.therapy.is_steroid or is_of_another_cancer(report, one):
        value["is_for_other_disease"] = True
    return Course(value, status, said.confidence, ((one.segment, one.start, one.end),))


def _finding(report: Report, course: Course) -> Finding:
    value: dict[str, Any] = {**course.value, "status": "declined" if course.status is Status.NOT_GIVEN else course.status.value}
    if course.status is Status.NOT_GIVEN:
        value["status"] = "not_given"
    evidence = (
        tuple(
            dict.fromkeys(
                segment.evidence(*_quoted(segment, start, end))
                for segment, start, end in sorted(course.places, key=lambda one: (one[0].index, one[1]))[:6]
            )
        )
        + course.extra[:2]
    )
    written = report.header.specimen_date or report.header.date
    date = value.get("stop") or value.get("start") if course.status is Status.GIVEN else written
    return Finding(
        Kind.TREATMENT,
        value,
        evidence,
        _ASSERTIONS[course.status],
        date or written,
        round(course.confidence, 3),
        f"{Treatments.name}/{Treatments.version}",
    )


def _quoted(segment: Segment, start: int, end: int) -> tuple[int, int]:
    """The name with the words of its clause: a quote that shows why it counts, at most some two lines long."""
    low = max(segment.text.rfind(". ", 0, start) + 1, segment.text.rfind("; ", 0, start) + 1, start - 90, 0)
    low = start if low < 0 else low
    while 0 < low < start and segment.text[low - 1].isalnum():
        low += 1
    stops = [place for mark in (". ", "; ") if (place := segment.text.find(mark, end)) >= 0]
    high = min([*stops, end + 90, len(segment.text)])
    while high > end and high < len(segment.text) and segment.text[high].isalnum() and segment.text[high - 1].isalnum():
        high -= 1
    return low, high
