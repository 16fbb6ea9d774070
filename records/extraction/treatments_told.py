"""The courses that a document tells of: results of the next sentences joined, tellings of one course united, general names dropped."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

from records.extraction.finding import Evidence
from records.extraction.report import Report
from records.extraction.section_titles import Section
from records.extraction.segments import Segment
from records.extraction.treatments_course import response_in
from records.extraction.treatments_names import Named, is_general_name, names_in, names_one_of
from records.extraction.treatments_same import Value, is_same_course, united
from records.extraction.treatments_status import Status

TOLD = (Status.GIVEN, Status.ONGOING)
_ORDER = (Status.ONGOING, Status.GIVEN, Status.PLANNED, Status.DECLINED, Status.NOT_GIVEN, Status.CONSIDERED)


@dataclass(frozen=True, slots=True)
class Course:
    value: Value
    status: Status
    confidence: float
    places: tuple[tuple[Segment, int, int], ...]
    extra: tuple[Evidence, ...] = ()


def of_other_cancers_as_one(courses: list[Course]) -> list[Course]:
    """What was done for an earlier cancer is told in one breath and stays one entry: "orchiectomy and radiation therapy"."""
    mine = [
        one
        for one in courses
        if one.value.get("is_for_other_disease") and one.value["kind"] in ("surgery", "radiation") and one.status in TOLD
    ]
    beside: dict[int, list[Course]] = {}
    for one in mine:
        beside.setdefault(one.places[0][0].index, []).append(one)
    made: list[Course] = []
    for one in courses:
        partners = beside.get(one.places[0][0].index, [])
        if not any(other is one for other in partners):
            made.append(one)
        elif partners[0] is one:
            names = " and ".join(dict.fromkeys(str(other.value["name"]) for other in partners))
            made.append(replace(one, value={**one.value, "name": names}))
    return made


def with_results(report: Report, courses: list[Course]) -> list[Course]:
    """What the next sentences say of the result ("CT after cycle 4 showed a partial response") belongs to the course told last."""
    named = report.once(names_in)
    made = list(courses)
    last: dict[int, int] = {}
    for course in courses:
        segment, start, _ = course.places[-1]
        last[segment.index] = max(start, last.get(segment.index, 0))
    for place, course in enumerate(courses):
        segment, start, _ = course.places[-1]
        if (
            course.status not in TOLD
            or course.value["kind"] not in ("systemic", "cell_therapy", "radiation")
            or start < last[segment.index]
        ):
            continue
        made[place] = _with_result(course, list(_following(report, segment, named)))
    return made


def _following(report: Report, segment: Segment, named: dict[int, list[Named]]) -> Iterator[Segment]:
    for one in report.after(segment, 3):
        if one.index in named or one.section is not segment.section or one.section in (Section.PLAN, Section.MEDICATIONS):
            return
        yield one


def _with_result(course: Course, following: list[Segment]) -> Course:
    for segment in following:
        response = response_in(segment.text)
        if (
            response is None
            or not re.search(
                r"\b(?:CT|MRI|PET|scan|imaging|restag\w+|response|respond\w*|remission|disease|progress\w+|evaluat\w+"
                r"|assess\w*|tumou?r|cycles?)\b",
                segment.text,
                re.I,
            )
            or segment.is_boilerplate
        ):
            continue
        result: Value = {"response": response}
        if response == "PD":
            result["stop_reason"] = "progression"
        value = united(course.value, {**course.value, **result})
        course = replace(course, value=value, extra=(*course.extra, segment.evidence(0, min(len(segment.text), 160))))
        if response == "PD":
            status = Status.GIVEN if course.status is Status.ONGOING and value.get("stop_reason") == "progression" else course.status
            return replace(course, status=status)
    return course


def united_courses(courses: list[Course]) -> list[Course]:
    """One course a treatment: tellings that agree become one; a lone drug of a regimen that was given is only talk of its dose."""
    made: list[Course] = []
    places: dict[str, list[int]] = {}  # a drug, or the name where there is none → the courses in `made` that have it, in order
    for course in sorted(courses, key=lambda one: -_fullness(one)):
        near = sorted({place for key in _keys(course) for place in places.get(key, ())})
        if _is_part(course, [made[place] for place in near]):
            continue
        place = next((place for place in near if _is_one(course, made[place])), len(made))
        if place == len(made):
            made.append(course)
        else:
            made[place] = _one_of(made[place], course)
        for key in _keys(made[place]):
            mine = places.setdefault(key, [])
            if place not in mine[-1:] and place not in mine:
                mine.append(place)
    return made


def _is_one(one: Course, other: Course) -> bool:
    """What is only thought of adds no drug to what was given: "nivolumab for a year ... ipilimumab/nivolumab would be an option"."""
    if (one.status in TOLD) != (other.status in TOLD) and Status.PLANNED not in (one.status, other.status):
        told, idea = (one, other) if one.status in TOLD else (other, one)
        if set(idea.value.get("drugs") or ()) - set(told.value.get("drugs") or ()):
            return False
    return is_same_course(one.value, other.value)


def _keys(course: Course) -> list[str]:
    return course.value.get("drugs") or [f"{course.value['kind']} {course.value['name']}"]


def _fullness(course: Course) -> int:
    return (
        len(course.value.get("drugs") or ()) * 2
        + sum(key in course.value for key in ("start", "stop", "line", "cycles"))
        + 6 * (course.status in TOLD)
    )


def _is_part(course: Course, made: list[Course]) -> bool:
    drugs = set(course.value.get("drugs") or ())
    if len(drugs) != 1 or any(key in course.value for key in ("start", "line")):
        return False
    segment, _, end = course.places[0]
    is_harm = bool(re.match(r"[- ](?:\w+[- ])?(?:toxicity|induced|related|associated|neuropathy|reduced|held)", segment.text[end:]))
    whole = [other for other in made if drugs < set(other.value.get("drugs") or ()) and other.status in TOLD]
    return any(is_harm or "cycles" not in course.value or other.places[0][0] is segment for other in whole)


def _one_of(one: Course, other: Course) -> Course:
    status = min(one.status, other.status, key=_ORDER.index)
    if {one.status, other.status} == {Status.GIVEN, Status.ONGOING}:
        past = one if one.status is Status.GIVEN else other
        status = Status.GIVEN if past.value.get("stop") or past.value.get("stop_reason") == "progression" else Status.ONGOING
    if status in TOLD and Status.PLANNED in (one.status, other.status):
        planned = other if other.status is Status.PLANNED else one
        planned = replace(planned, value={key: kept for key, kept in planned.value.items() if key not in ("start",)})
        one, other = (
            (one, planned)
            if one is not planned and one.status in TOLD
            else (planned, one)
            if other.status not in TOLD
            else (other, planned)
        )
    return Course(
        united(one.value, other.value),
        status,
        max(one.confidence, other.confidence),
        (*one.places, *other.places),
        (*one.extra, *other.extra),
    )


def without_generals(courses: list[Course]) -> Iterator[Course]:
    """ "Chemotherapy" says nothing where the drugs are told; "surgery" nothing where the operation is."""
    for course in courses:
        if is_general_name(course.value["name"]) and any(_covers(other, course) for other in courses if other is not course):
            continue
        yield course


def _covers(other: Course, course: Course) -> bool:
    if other.status not in TOLD and course.status in TOLD:
        return False
    is_one = names_one_of(course.value["name"], other.value["kind"], other.value["name"], other.value.get("drugs") or ())
    return is_one and (course.value.get("intent") is None or other.value.get("intent") in (None, course.value["intent"]))
