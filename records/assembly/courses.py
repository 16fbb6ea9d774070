"""Treatments across documents: tellings of one course become one, and the lines of therapy are rebuilt from what is dated.

A line is systemic treatment or cell therapy for disease that was not removed. Treatment around surgery (neoadjuvant, adjuvant) and
maintenance open no new line. What was planned and is later told as given is given; what was only considered is nothing.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

from personalize.profile import Cancer, CancerStage, PartialDate, Treatment
from records.assembly.cancers import is_blood_cancer
from records.assembly.judged import Voice, proof_of
from records.extraction.finding import Kind
from records.extraction.treatments_names import is_general_name, names_one_of
from records.extraction.treatments_same import is_same_course, united

_SHOWN = ("given", "ongoing", "planned", "declined")
_TOLD = ("given", "ongoing")
_AROUND = ("neoadjuvant", "adjuvant", "perioperative", "maintenance", "consolidation")
_PREPARING = frozenset(("Fludarabine + cyclophosphamide",))


@dataclass(frozen=True, slots=True)
class _Course:
    value: dict[str, Any]
    said: list[Voice] = field(default_factory=list)

    @property
    def status(self) -> str:
        return str(self.value["status"])

    @property
    def start(self) -> PartialDate | None:
        return PartialDate.parse(self.value.get("start"))

    @property
    def stop(self) -> PartialDate | None:
        return PartialDate.parse(self.value.get("stop"))


def treatments_of(voices: Sequence[Voice], primary: Cancer | None, stage: CancerStage | None) -> tuple[Treatment, ...]:
    said = [one for one in voices if one.kind is Kind.TREATMENT and one.value.get("status") in _SHOWN and one.value.get("name")]
    courses = _without_generals(_merged(said))
    courses = _ended(courses)
    return tuple(_treatment(one) for one in _numbered(sorted(courses, key=_order), primary, stage))


def _order(course: _Course) -> tuple[Any, ...]:
    start = course.start or course.stop
    written = min((one.written_on for one in course.said), default=date.min)
    return (
        start.earliest() if start else date.max,
        course.value.get("line") or 99,
        written,
        min((one.place for one in course.said), default=(0, 0)),
        str(course.value["name"]),
    )


def _fullness(voice: Voice) -> tuple[Any, ...]:
    value = voice.value
    return (
        not voice.is_word,
        voice.is_told,
        value["status"] not in _TOLD,
        -len(value.get("drugs") or ()),
        -sum(bool(value.get(key)) for key in ("start", "stop", "line", "cycles")),
        voice.weight(),
    )


def _merged(said: list[Voice]) -> list[_Course]:
    made: list[_Course] = []
    for voice in sorted(said, key=_fullness):
        value = _plain(voice)
        place = next((place for place, one in enumerate(made) if is_same_course(one.value, value)), None)
        if place is not None:
            made[place] = _with(made[place], voice, value)
        elif not _is_part(value, made):
            made.append(_Course(value, [voice]))
    return made


def _plain(voice: Voice) -> dict[str, Any]:
    value = dict(voice.value)
    value.setdefault("kind", "systemic")
    value["drugs"] = list(value.get("drugs") or ())
    return value


def _is_part(value: dict[str, Any], made: list[_Course]) -> bool:
    """A lone drug of a regimen that was given, without dates of its own, is talk of that regimen."""
    drugs = set(value["drugs"])
    if len(drugs) != 1 or any(value.get(key) for key in ("start", "line", "cycles")):
        return False
    return any(drugs < set(one.value["drugs"]) and one.status in _TOLD for one in made)


def _with(course: _Course, voice: Voice, value: dict[str, Any]) -> _Course:
    """The course with one more telling. A person's value is never changed by the machine's; the rest only adds."""
    if any(one.is_word for one in course.said) and not voice.is_word:
        return replace(course, said=[*course.said, voice])
    status = _status([*course.said, voice])
    if value["status"] == "planned" and course.status in _TOLD:
        value = {key: one for key, one in value.items() if key != "start"} if course.value.get("start") else value
    return _Course({**united(course.value, value), "status": status}, [*course.said, voice])


def _status(said: list[Voice]) -> str:
    """The newest of what was told as happening; only planned or declined where nothing was."""
    told = [one for one in said if one.value["status"] in _TOLD]
    if not told:
        return str(min(said, key=lambda one: (-one.written_on.toordinal(), one.weight())).value["status"])
    newest = max(one.written_on for one in told)
    last = {str(one.value["status"]) for one in told if one.written_on == newest}
    if any(one.value.get("kind") in ("surgery", "other") for one in told):
        return "given"
    if "given" in last and any(one.value["status"] == "given" and one.written_on == newest and _has_ended(one) for one in told):
        return "given"
    if "ongoing" in last:
        return "ongoing"
    was_ongoing = any(one.value["status"] == "ongoing" for one in told)
    was_planned = any(one.value["status"] == "planned" for one in said)
    is_open = not any(_has_ended(one) for one in told)
    return "ongoing" if (was_ongoing or was_planned) and is_open else "given"


def _has_ended(voice: Voice) -> bool:
    return bool(voice.value.get("stop") or voice.value.get("stop_reason"))


def _without_generals(courses: list[_Course]) -> list[_Course]:
    """ "Chemotherapy" says nothing beside the drugs that were given."""
    return [one for one in courses if not (is_general_name(str(one.value["name"])) and any(_covers(other, one) for other in courses))]


def _covers(other: _Course, course: _Course) -> bool:
    if other is course or (other.status not in _TOLD and course.status in _TOLD):
        return False
    is_one = names_one_of(str(course.value["name"]), str(other.value["kind"]), str(other.value["name"]), other.value["drugs"])
    return is_one and (course.value.get("intent") is None or other.value.get("intent") in (None, course.value["intent"]))


def _ended(courses: list[_Course]) -> list[_Course]:
    """What was going on has ended once a later line of treatment began."""
    made = []
    for one in courses:
        is_over = one.status == "ongoing" and any(_follows(other, one) for other in courses)
        made.append(
            _Course({**one.value, "status": "given"}, one.said) if is_over and not any(voice.is_word for voice in one.said) else one
        )
    return made


def _follows(other: _Course, course: _Course) -> bool:
    if other is course or other.status not in _TOLD or {other.value["kind"], course.value["kind"]} - {"systemic", "cell_therapy"}:
        return False
    if other.value.get("line") and course.value.get("line"):
        return bool(other.value["line"] > course.value["line"])
    last = max((one.written_on for one in course.said if one.value["status"] == "ongoing"), default=date.min)
    return bool(other.start and course.start and other.start.earliest() > course.start.latest() and other.start.earliest() > last)


def _numbered(courses: list[_Course], primary: Cancer | None, stage: CancerStage | None) -> list[_Course]:
    """Lines as stated; those not stated follow in order of time, or of telling where one record tells them all."""
    mine = [one for one in courses if _is_line(one)]
    if not mine or not _has_lines(mine, primary, stage):
        return courses
    numbered: dict[int, _Course] = {}
    last = 0
    for one in _in_order(mine):
        line = int(one.value.get("line") or last + 1)
        last = max(last, line)
        numbered[id(one)] = _Course({**one.value, "line": line}, one.said)
    return [numbered.get(id(one), one) for one in courses]


def _in_order(mine: list[_Course]) -> list[_Course]:
    """First to last; [] where the order of what was given is not known."""
    if all(one.value.get("line") for one in mine):
        return sorted(mine, key=lambda one: (one.value["line"], _order(one)))
    given = [one for one in mine if one.status in _TOLD]
    planned = sorted((one for one in mine if one.status not in _TOLD), key=_order)
    if len(given) < 2 or all(one.start or one.value.get("line") for one in given):
        return [*sorted(given, key=_order), *planned]
    files = set.intersection(*({voice.file for voice in one.said} for one in given))
    if not files:
        return []
    file = min(files)
    return [*sorted(given, key=lambda one: min(voice.place for voice in one.said if voice.file == file)), *planned]


def _is_line(course: _Course) -> bool:
    value = course.value
    if (
        value.get("is_for_other_disease")
        or value["kind"] not in ("systemic", "cell_therapy")
        or course.status not in (*_TOLD, "planned")
        or value["name"] in _PREPARING
    ):
        return False
    if value["name"] in ("autologous stem cell transplant", "allogeneic stem cell transplant", "BEAM"):
        return False
    return value.get("intent") not in _AROUND and not is_general_name(str(value["name"]))


def _has_lines(mine: list[_Course], primary: Cancer | None, stage: CancerStage | None) -> bool:
    """Lines are counted for disease that is not removed; where that is not known, only from stated ones."""
    if any(one.value.get("line") or one.value.get("stop_reason") == "progression" for one in mine):
        return True
    if stage is not None and (stage.extent in ("metastatic", "locally_advanced", "borderline") or (stage.group or "").startswith("IV")):
        return True
    return is_blood_cancer(primary)


def _treatment(course: _Course) -> Treatment:
    value, said = course.value, course.said
    shown = [one for one in said if one.value["status"] == course.status] or said
    chosen = min(shown, key=lambda one: _fullness(one))
    return Treatment(
        kind=str(value["kind"]),
        name=str(value["name"]),
        drugs=tuple(value["drugs"]),
        line=value.get("line"),
        start=course.start,
        stop=course.stop if course.status == "given" else None,
        status=course.status,
        response=value.get("response"),
        stop_reason=value.get("stop_reason") if course.status == "given" else None,
        setting=value.get("intent"),
        is_for_other_disease=bool(value.get("is_for_other_disease")),
        proof=proof_of(chosen, said, day=course.stop or course.start or chosen.dated or chosen.written),
    )
