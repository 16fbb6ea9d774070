"""Pictures of one person's course: stage strip, timeline, marker trend."""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from personalize.profile import CancerStage, LabResult, PatientProfile, Treatment
from portal.presenters.dates import partial_words
from portal.presenters.findings import STATUSES
from portal.presenters.marks import Badge, ProofLink, check_badge, proof_links

_STAGES: tuple[tuple[str, Any], ...] = (
    ("I", gettext_lazy("Only where it began.")),
    ("II", gettext_lazy("Bigger, or in a few nodes nearby.")),
    ("III", gettext_lazy("In large blood vessels or more nodes.")),
    ("IV", gettext_lazy("Spread to other parts of the body.")),
)


@dataclass(frozen=True, slots=True)
class StageStep:
    name: str
    meaning: Any
    mine: str


def stage_strip(profile: PatientProfile) -> tuple[StageStep, ...]:
    """The four stages with the person's own marked; empty where no I to IV stage is known."""
    stage = profile.stage
    group = stage.group if stage else None
    if not stage or not group or stage.other_system or not group.startswith("I"):
        return ()
    number = "IV" if group.startswith("IV") else group.rstrip("ABC123")
    said = _("The records say: stage %(group)s") % {"group": group}
    said = f"{said} ({stage.as_written})" if stage.as_written else said
    if stage.stated_or_derived == "derived":
        said = _("We worked this out from %(tnm)s: stage %(group)s. It is not checked yet.") % {"tnm": _tnm(stage), "group": group}
    for written, made, because in stage.letters:
        letter = _("%(written)s as written; %(because)s makes it %(made)s.") % {"written": written, "because": because, "made": made}
        said = f"{said.rstrip('.')}. {letter}"
    return tuple(StageStep(_("Stage %(n)s") % {"n": name}, meaning, said if name == number else "") for name, meaning in _STAGES)


def _tnm(stage: CancerStage) -> str:
    return " ".join(one for one in (stage.t, stage.n, stage.m) if one)


@dataclass(frozen=True, slots=True)
class Event:
    """One step of the course so far. when "": no date is known."""

    when: str
    what: str
    more: str
    proofs: tuple[ProofLink, ...]
    badge: Badge | None


def timeline(profile: PatientProfile) -> tuple[Event, ...]:
    """Diagnosis and treatments, oldest first; those without a date last."""
    events: list[tuple[dt.date, Event]] = []
    cancer = profile.primary_cancer
    if cancer and cancer.proof.date:
        proofs, badge = proof_links(cancer.proof.evidence), check_badge(cancer.proof.check)
        named = _("A report names the cancer: %(name)s.") % {"name": cancer.name}
        events.append((cancer.proof.date.earliest(), Event(partial_words(cancer.proof.date), named, "", proofs, badge)))
    events += [(_starts(one), _treatment(one)) for one in profile.treatments if not one.is_for_other_disease]
    return tuple(event for _when, event in sorted(events, key=lambda pair: pair[0]))


def _starts(treatment: Treatment) -> dt.date:
    known = treatment.start or treatment.stop or treatment.proof.date
    return known.earliest() if known else dt.date.max


def _treatment(one: Treatment) -> Event:
    more = [str(STATUSES[part]) for part in (one.response, one.stop_reason) if part in STATUSES]
    if one.status in ("planned", "declined"):
        more.insert(0, str(STATUSES[one.status]))
    if one.line:
        more.insert(0, _("treatment number %(n)s") % {"n": one.line})
    said = ", ".join(part for part in more if part)
    return Event(_span(one), one.name, said[:1].upper() + said[1:], proof_links(one.proof.evidence), check_badge(one.proof.check))


def _span(one: Treatment) -> str:
    start, stop = partial_words(one.start), partial_words(one.stop)
    if start and stop and start != stop:
        return _("%(start)s to %(stop)s") % {"start": start, "stop": stop}
    if start and one.status == "ongoing":
        return _("%(start)s to now") % {"start": start}
    return start or (_("until %(stop)s") % {"stop": stop} if stop else "") or partial_words(one.proof.date) or _("No date given")


@dataclass(frozen=True, slots=True)
class Point:
    x: float
    y: float
    label_x: float
    label_y: float
    value: str
    anchor: str


@dataclass(frozen=True, slots=True)
class Tick:
    position: float
    label: str
    anchor: str = "middle"


@dataclass(frozen=True, slots=True)
class Drawing:
    """One size of the chart, in its own units."""

    name: str
    width: int
    height: int
    left: int
    right: int
    bottom: int
    points: tuple[Point, ...]
    line: str
    levels: tuple[Tick, ...]
    days: tuple[Tick, ...]


@dataclass(frozen=True, slots=True)
class Row:
    on: str
    value: str
    proofs: tuple[ProofLink, ...]


@dataclass(frozen=True, slots=True)
class Trend:
    """A marker over time: drawings for narrow and wide screens, and the numbers as a table."""

    name: str
    unit: str
    drawings: tuple[Drawing, ...]
    rows: tuple[Row, ...]
    summary: str


def trend(profile: PatientProfile, name: str = "CA 19-9") -> Trend | None:
    """None with fewer than two dated values in one unit."""
    labs = [one for one in reversed(profile.labs_named(name)) if one.proof.date]
    unit = next((one.unit for one in reversed(labs) if one.unit), None)
    labs = [one for one in labs if one.unit in (unit, None)]
    if len({one.proof.date for one in labs}) < 2:
        return None
    rows = tuple(Row(partial_words(one.proof.date), _number(one), proof_links(one.proof.evidence)) for one in labs)
    first, last = labs[0], labs[-1]
    said = _("%(name)s was %(first)s on %(start)s and %(last)s on %(end)s.") % {
        "name": name, "first": _number(first), "start": rows[0].on, "last": _number(last), "end": rows[-1].on,
    }  # fmt: skip
    drawings = (_drawing("narrow", labs, 360, 250, 5), _drawing("wide", labs, 720, 290, 9))
    return Trend(name, unit or "", drawings, rows, said)


def _number(lab: LabResult) -> str:
    return f"{lab.comparator or ''}{lab.value:,.10g}"


def _drawing(name: str, labs: Sequence[LabResult], width: int, height: int, most_labels: int) -> Drawing:
    left, right, top, bottom = 58, width - 24, 34, height - 34
    days = [_day(one).toordinal() for one in labs]
    step = _nice_step(max(one.value for one in labs))
    highest = step * math.ceil(max(one.value for one in labs) / step) or step
    span = max(1, days[-1] - days[0])

    def across(day: int) -> float:
        return round(left + 18 + (right - left - 36) * (day - days[0]) / span, 1)

    def up(value: float) -> float:
        return round(bottom - (bottom - top) * value / highest, 1)

    labelled = set(_spread(len(labs), most_labels))
    places = [(across(day), up(one.value)) for day, one in zip(days, labs, strict=True)]
    points = tuple(_point(places, n, _number(labs[n]) if n in labelled else "") for n in range(len(labs)))
    levels = tuple(Tick(up(step * n), f"{step * n:,g}") for n in range(int(highest / step) + 1))
    line = " ".join(f"{one.x},{one.y}" for one in points)
    return Drawing(name, width, height, left, right, bottom, points, line, levels, _months(labs, days, across, name == "narrow"))


def _point(places: Sequence[tuple[float, float]], n: int, value: str) -> Point:
    """The label stands beside a line that comes down steeply from the left or goes down to the right, else above its point."""
    x, y = places[n]
    falls = n + 1 < len(places) and places[n + 1][1] - y > 20
    return Point(x, y, x + 9 if falls else x, y - (4 if falls else 14), value, "start" if falls else "middle")


def _day(lab: LabResult) -> dt.date:
    assert lab.proof.date is not None
    return lab.proof.date.earliest()


def _months(labs: Sequence[LabResult], days: Sequence[int], across: Any, is_narrow: bool) -> tuple[Tick, ...]:
    wanted = _spread(len(labs), 3 if is_narrow else 6)
    found = [Tick(across(days[n]), date_format(_day(labs[n]), "M Y")) for n in wanted]
    room = 84
    kept = [found[0]]
    for one in found[1:]:
        if one.position - kept[-1].position >= room and one.label != kept[-1].label:
            kept.append(one)
    return tuple(kept)


def _spread(count: int, most: int) -> list[int]:
    """At most `most` of range(count), the first and the last among them."""
    if count <= most:
        return list(range(count))
    return sorted({round(n * (count - 1) / (most - 1)) for n in range(most)})


def _nice_step(highest: float) -> float:
    """1, 2 or 5 times a power of ten, so that three to five lines fit."""
    rough = max(highest, 1e-9) / 4
    power = 10 ** math.floor(math.log10(rough))
    return float(next(one * power for one in (1, 2, 5, 10) if one * power >= rough))
