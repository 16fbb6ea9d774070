"""A blood marker over time, drawn and as a table."""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from personalize.profile import LabResult, PatientProfile
from portal.presenters.dates import partial_words
from portal.presenters.marks import ProofLink, proof_links


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


def _months(labs: Sequence[LabResult], days: Sequence[int], across: Callable[[int], float], is_narrow: bool) -> tuple[Tick, ...]:
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
