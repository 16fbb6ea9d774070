"""The values behind the name of a test: in a row, under the days of a trend, in cells, in a sentence."""

from __future__ import annotations

import re
from dataclasses import replace
from functools import cache
from typing import Any

from personalize.vocabulary import Match, load
from personalize.vocabulary.lab_units import Analyte
from records.extraction.cuts import Shape
from records.extraction.dates import dates_in, dates_of
from records.extraction.labs_lines import Line
from records.extraction.labs_numbers import NumberStyle, Part, Piece, pieces_of
from records.extraction.labs_tables import Heading
from records.extraction.labs_trends import Value, around, bound, trend
from records.extraction.patterns import lazy
from records.extraction.segments import Segment

_REACH = 170  # characters behind a name in which its result may stand
_LEAD = 260  # characters before a name in which the day of a list may stand: "Labs of 3 May 2024: ..."
_LIMITS = lazy(
    r"\b(?:hold|if|unless|when|goal|target|threshold|must be|should be|eligib\w*|criteria|cut-?off|keep|maintain"
    r"|transfuse|call for|upper limit|lewis|considered)\b",
    re.I,
)
_HOLD = lazy(r"\b(?:hold|delay|reduce|transfuse|call)\b(?:[^.;]|\.\d)*$", re.I)
_PARAMETERS = lazy(r"\W*(?:[A-Za-z]+ ){0,2}(?:parameters|criteria|thresholds?|requirements?|limits) ?(?:for \w+ )?:", re.I)
_DOSES = frozenset(("mg", "mcg", "mg/m2", "ml", "units", "tablets", "tab", "mg/kg", "gray", "gy", "cm", "mm", "kg", "ms"))
_SHARES = ("LVEF", "SpO2")
_RESULT_HEADING = lazy(r"result|value|current|\d")
_OTHER_HEADING = lazy(r"ref|range|normal|limit|unit|prior|previous")


@cache
def _links() -> frozenset[str]:
    return frozenset(word.strip() for word in load("lab_words")["links"].split(";"))


def values_of(line: Line, number: int, heading: Heading | None, style: NumberStyle) -> list[Value]:
    """The values of the line's analyte `number`."""
    segment, match = line.segment, line.names[number]
    until = line.names[number + 1].start if number + 1 < len(line.names) else len(segment.text)
    until = _line_end(segment, match.end, min(until, match.end + _REACH))
    pieces = list(pieces_of(segment.text, match.end, until, style, segment.is_day_first))
    if heading is not None and len(heading.days) >= 2:
        return trend(segment, pieces, heading)
    cells = _by_cells(segment, match, pieces)
    if cells:
        return cells
    is_sentence = not line.is_row and segment.shape is not Shape.ROW
    if is_sentence and (_PARAMETERS.match(segment.text) or _HOLD.search(segment.text[max(0, match.start - 60) : match.start])):
        return []
    if line.is_row or heading is not None or segment.shape is Shape.ROW or _looks_like_row(pieces):
        return _row(line, match, pieces, heading)
    if _PARAMETERS.match(segment.text) or _LIMITS.search(_around(segment, match)):
        return []
    return _told(line, match, pieces)


def _around(segment: Segment, match: Match[Analyte]) -> str:
    """Sixty characters before the name and behind it, of its own line and sentence."""
    before, behind = segment.raw[max(0, match.start - 60) : match.start], segment.raw[match.end : match.end + 60]
    return re.split(r"\n|\. (?=[A-Z])", before)[-1] + segment.raw[match.start : match.end] + re.split(r"\n|\. (?=[A-Z])", behind)[0]


def _line_end(segment: Segment, start: int, until: int) -> int:
    """A row ends with its line; a sentence goes on where the line has no number yet."""
    newline = segment.raw.find("\n", start, until)
    while newline >= 0 and not re.search(r"\d", segment.raw[start:newline]):
        newline = segment.raw.find("\n", newline + 1, until)
    if newline < 0:
        return until
    after = segment.raw[newline + 1 : newline + 12]
    return until if re.match(r"\s*(?:[a-z(]|on |to )", after) else newline


def _looks_like_row(pieces: list[Piece]) -> bool:
    """Number first, then only flag, range and unit."""
    return (
        bool(pieces)
        and pieces[0].part is Part.NUMBER
        and any(one.part in (Part.RANGE, Part.FLAG) for one in pieces[1:4])
        and not any(one.part is Part.WORD for one in pieces[1:3])
    )


def _by_cells(segment: Segment, match: Match[Analyte], pieces: list[Piece]) -> list[Value]:
    """A row with known column headings: results are the cells under days, or under "result" and the like."""
    if segment.shape is not Shape.ROW or not any(cell.heading for cell in segment.cells):
        return []
    made = []
    beside = around([one for one in pieces if one.part in (Part.UNIT, Part.RANGE)])
    for cell in segment.cells:
        if cell.start < match.start or not _RESULT_HEADING.search(cell.heading) or _OTHER_HEADING.search(cell.heading):
            continue
        day = next((one.iso for one in dates_of(cell.heading, segment.is_day_first)), None)
        if day is None and re.search(r"\d", cell.heading):
            continue
        inside = [one for one in pieces if cell.start <= one.start < cell.end]
        number = next((one for one in inside if one.part is Part.NUMBER), None)
        if number is not None and number.comparator and segment.text[max(0, number.start - 2) : number.start].strip() == "(":
            continue  # "(< 34)": the limit
        if number is not None:
            flag = next((one.text for one in inside if one.part is Part.FLAG), beside["flag"])
            made.append(Value(number, **(beside | {"day": day or _day_before(segment, match), "flag": flag})))
    return made


def _day_before(segment: Segment, match: Match[Analyte]) -> str | None:
    return next((one.iso for one in dates_of(segment.text[: match.start], segment.is_day_first)), None)


def _row(line: Line, match: Match[Analyte], pieces: list[Piece], heading: Heading | None) -> list[Value]:
    """Name, result, flag, reference, unit in any order; the day stands in the row, if anywhere."""
    numbers = _numbers_of_row(pieces)
    if not numbers or pieces.index(numbers[0]) > 6:
        return []
    if heading is not None and heading.is_reference_first and numbers[0].comparator and len(numbers) > 1:
        numbers = [*numbers[1:], numbers[0]]
    chosen = numbers[0]
    if chosen.comparator and _is_only_reference(pieces, chosen, heading):
        return []
    others = [bound(one) if one.part is Part.NUMBER and one.comparator else one for one in pieces if one is not chosen]
    beside = around([one for one in others if one.start > chosen.start or heading is not None])
    if (beside["unit"] or "").lower() in _DOSES:
        return []
    beside["unit"] = match.entry.mended(beside["unit"]) if beside["unit"] else None
    days = [one for one in pieces if one.part is Part.DATE]
    day = _day_before(line.segment, match) or (days[0].text if days else _lead_day(line, match))
    return [Value(chosen, **(beside | {"day": day}))]


def _is_only_reference(pieces: list[Piece], chosen: Piece, heading: Heading | None) -> bool:
    """ "CRP  ~t  H  <8.0  mg/L": the result could not be read, and the limit that stands behind its flag is none."""
    before = [one for one in pieces if one.start < chosen.start]
    if any(one.part is Part.FLAG for one in before):
        return True
    return heading is not None and any(one.part is Part.WORD and one.text.lower() not in _links() for one in before)


def _numbers_of_row(pieces: list[Piece]) -> list[Piece]:
    numbers: list[Piece] = []
    for one in pieces:
        if one.part is Part.WORD and one.text.lower() not in _links() and numbers:
            break
        if one.part is Part.MISSING and not numbers:
            return []
        if one.part is Part.NUMBER:
            numbers.append(one)
        if one.part is Part.STOP and numbers:
            break
    return numbers


def _told(line: Line, match: Match[Analyte], pieces: list[Piece]) -> list[Value]:
    """A sentence: numbers joined to the name by linking words only, each with the day beside it."""
    analyte = match.entry
    made: list[Value] = []
    is_from = False
    for place, one in enumerate(_joined(pieces)):
        if one.part is Part.WORD:
            word = one.text.lower()
            is_from = word == "from" or (is_from and word in ("a", "the", "baseline", "about", "peak", "initial"))
        if one.part is Part.MISSING and not made:
            return []
        if one.part is Part.RANGE and not made and analyte.name in _SHARES and one.low is not None:
            day = _near_day(line, pieces, place, match)
            return [Value(replace(one, number=one.low, part=Part.NUMBER), unit="%", is_at_least=True, day=day)]
        if one.part is not Part.NUMBER:
            continue
        if made and _OLDER.search(line.segment.text[: one.start]):
            continue
        if made and one.comparator and line.segment.text[max(0, one.start - 2) : one.start].strip() == "(":
            continue  # "2310 U/mL (< 34)": the limit
        unit = _unit_behind(pieces, place)
        unit = analyte.mended(unit) if unit else unit
        if unit is not None and (unit.lower() in _DOSES or analyte.factor(unit) is None):
            break
        if not _is_where_it_came_from(pieces, place, is_from):
            made.append(Value(one, unit, _near_day(line, pieces, place, match), **_reference_behind(pieces, place)))
        is_from = False
    return _with_units(made)


# "PSA 148.2 (7/14: 96.7; 5/5: 51.0)": the ones in brackets are older, of days whose year is not told
_OLDER = lazy(r"\([^()]*(?<![\d/])\d{1,2}/\d{1,2} ?: ?$")


def _joined(pieces: list[Piece]) -> list[Piece]:
    """The pieces up to where the sentence turns to something else: a full stop, or strange words."""
    strangers, has_number = 0, False
    for place, one in enumerate(pieces):
        strangers += one.part is Part.WORD and one.text.lower() not in _links()
        if (
            one.part is Part.STOP
            and not (has_number and one.text == ";" and place + 1 < len(pieces) and pieces[place + 1].part is Part.DATE)
        ) or strangers > (0 if has_number else 1):
            return pieces[:place]
        has_number = has_number or one.part is Part.NUMBER
    return pieces


def _is_where_it_came_from(pieces: list[Piece], place: int, is_from: bool) -> bool:
    """ "from 37 to 812", "37 -> 812": the first, without a day of its own, is not the result."""
    has_arrow = place + 1 < len(pieces) and pieces[place + 1].part is Part.ARROW
    return (is_from or has_arrow) and _own_day(pieces, place) is None


def _unit_behind(pieces: list[Piece], place: int) -> str | None:
    following = pieces[place + 1] if place + 1 < len(pieces) else None
    if following is not None and following.part is Part.FLAG and place + 2 < len(pieces):
        following = pieces[place + 2]
    if following is not None and following.part is Part.UNIT and following.start - pieces[place].end <= 6:
        return following.text
    return None


def _reference_behind(pieces: list[Piece], place: int) -> dict[str, Any]:
    for one in pieces[place + 1 : place + 4]:
        if one.part is Part.NUMBER:
            break
        if one.part is Part.RANGE:
            return {"low": one.low, "high": one.high}
    return {}


def _own_day(pieces: list[Piece], place: int, text: str = "") -> str | None:
    """The date close behind a number: "37 (01/2025)", "812 U/mL on 4 April 2025". One with a colon heads what follows it."""
    end = pieces[place].end
    for one in pieces[place + 1 : place + 6]:
        if one.part in (Part.NUMBER, Part.ARROW, Part.STOP):
            return None
        if one.part is Part.DATE:
            return one.text if one.start - end <= 34 and not text.startswith(":", one.end) else None
    return None


def _near_day(line: Line, pieces: list[Piece], place: int, match: Match[Analyte]) -> str | None:
    own = _own_day(pieces, place, line.segment.text)
    if own is not None:
        return own
    before = [one for one in pieces[:place] if one.part is Part.DATE]
    return before[-1].text if before else _lead_day(line, match)


def _lead_day(line: Line, match: Match[Analyte]) -> str | None:
    """The day that heads a list of results ("Labs 05/03/2024: ..."); one right behind another number is that number's own."""
    text, end = line.whole.text, line.lead + match.start
    start = max(0, end - _LEAD)
    if not any(start <= one.start < end for one in dates_in(line.whole)):
        return None
    pieces = list(pieces_of(text, start, end, NumberStyle(), line.whole.is_day_first))
    for place in range(len(pieces) - 1, -1, -1):
        one = pieces[place]
        if one.part is Part.STOP and re.match(r"\.\s+[A-Z]", text[one.start :]):
            return None
        if one.part is Part.DATE and not _is_of_number(pieces, place):
            return one.text
    return None


def _is_of_number(pieces: list[Piece], place: int) -> bool:
    """Does a result stand right before the date, with its unit, flag or "on" between?"""
    for one in reversed(pieces[max(0, place - 3) : place]):
        if one.part is Part.NUMBER:
            return True
        if one.part not in (Part.UNIT, Part.FLAG) and not (one.part is Part.WORD and one.text.lower() in ("on", "as", "of")):
            return False
    return False


def _with_units(made: list[Value]) -> list[Value]:
    """ "37 to 812 U/mL": the unit behind the last number is that of all; of undated ones only the last is kept."""
    unit = next((one.unit for one in reversed(made) if one.unit), None)
    dated = [one for one in made if one.day is not None]
    is_newest_first = bool(dated) and made[0].day is None and made[1:] == dated  # "18,441 (4/4/25: 12,210; 3/7/25: 9,006)"
    kept = made if is_newest_first else dated or made[-1:]
    return [replace(one, unit=one.unit or unit) for one in kept]
