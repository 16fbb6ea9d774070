"""A trend table's row: one analyte, a column a day."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from records.extraction.dates import dates_of
from records.extraction.labs_numbers import Part, Piece
from records.extraction.labs_tables import Heading
from records.extraction.segments import Segment


@dataclass(frozen=True, slots=True)
class Value:
    """One number of one analyte. piece: where it stands; unit, range, flag and day as found around it."""

    piece: Piece
    unit: str | None = None
    day: str | None = None
    low: float | None = None
    high: float | None = None
    flag: str | None = None
    is_at_least: bool = False


def around(pieces: Sequence[Piece]) -> dict[str, Any]:
    """Unit, reference and flag of a result."""
    reference = next((one for one in pieces if one.part is Part.RANGE), None)
    unit = next((one for one in pieces if one.part is Part.UNIT), None)
    flag = next((one for one in pieces if one.part is Part.FLAG), None)
    return {
        "unit": unit.text if unit else None,
        "low": reference.low if reference else None,
        "high": reference.high if reference else None,
        "flag": flag.text if flag else None,
    }


def trend(segment: Segment, pieces: list[Piece], heading: Heading) -> list[Value]:
    """One analyte, a column a day. Only where every column is accounted for, or where the columns of characters tell which is empty."""
    numbers = [one for one in pieces if one.part in (Part.NUMBER, Part.MISSING)]
    rest = [one for one in pieces if one.part in (Part.UNIT, Part.RANGE)]
    if len(numbers) == len(heading.days) + 1 and numbers[0 if heading.is_reference_first else -1].comparator:
        rest.append(bound(numbers.pop(0 if heading.is_reference_first else -1)))
    days: Sequence[str] = heading.days
    if any(one.comparator for one in numbers) or len(numbers) != len(days):
        below = _below_days(segment, numbers, heading)
        if below is not None:
            rest += [bound(one) for one in numbers if one not in below and one.comparator]
            numbers, days = list(below), list(below.values())
    if len(numbers) != len(days):
        return []
    beside = around(rest)
    made = []
    for place, (piece, day) in enumerate(zip(numbers, days, strict=True)):
        until = numbers[place + 1].start if place + 1 < len(numbers) else piece.end + 6
        flag = next((one.text for one in pieces if one.part is Part.FLAG and piece.end <= one.start < until), None)
        if piece.part is Part.NUMBER:
            made.append(Value(piece, **(beside | {"day": day, "flag": flag})))
    return made


_NEAR = 6  # characters that a number may stand aside of its column's heading


def _below_days(segment: Segment, numbers: list[Piece], heading: Heading) -> dict[Piece, str] | None:
    """Each number with the day that it stands below, in text whose columns are lined up; None where two fall into one, or one into none."""
    if "\n" in heading.segment.raw.strip() or len(numbers) > len(heading.days) + 1:
        return None
    columns = [(one.start, one.end, one.iso) for one in dates_of(heading.segment.text, segment.is_day_first)]
    found: dict[Piece, str] = {}
    for one in numbers:
        line = segment.raw.rfind("\n", 0, one.start) + 1
        start, end = one.start - line, one.end - line
        aside, day = min((min(abs(start - left), abs(end - right)), iso) for left, right, iso in columns)
        if aside <= _NEAR:
            if day in found.values():
                return None
            found[one] = day
        elif not (heading.is_reference_first and one is numbers[0] and one.comparator):
            return None
    return found or None


def bound(number: Piece) -> Piece:
    """ "<102" as the reference that it is."""
    is_least = number.comparator.startswith(">")
    return replace(number, part=Part.RANGE, low=number.number if is_least else None, high=None if is_least else number.number)
