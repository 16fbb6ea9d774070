"""Dates exactly as precise as they are printed: a day, a month or a year, never filled in from the calendar.

"3/4/2024" is read by the order the document shows elsewhere (US where it shows none). "3/21" alone is not a date that can be kept:
it lacks its year; it is given only when the document's year makes it certain.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from personalize.profile import PartialDate
from records.extraction.patterns import lazy
from records.extraction.segments import Segment

_MONTHS = {
    name: number for number, name in enumerate(["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"], 1)
}
_MONTH = r"(?P<{0}>jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)\.?"
_GRAMMAR = lazy(
    r"(?<![\d/.-])(?:"
    r"(?P<iy>(?:19|20)\d\d)-(?P<im>0[1-9]|1[0-2])(?:-(?P<id>0[1-9]|[12]\d|3[01]))?(?=$|[^\d-]|T)"
    r"|(?P<sy>(?:19|20)\d\d)/(?P<sm>0?[1-9]|1[0-2])/(?P<sd>0?[1-9]|[12]\d|3[01])"
    r"|(?P<ey>(?:19|20)\d\d)[ -]" + _MONTH.format("em") + r"[ -](?P<ed>0?[1-9]|[12]\d|3[01])(?!\d)"
    r"|(?P<a>0?[1-9]|[12]\d|3[01])(?P<sep>[/.-])(?P<b>0?[1-9]|[12]\d|3[01])(?P=sep)(?P<y>(?:19|20)\d\d|\d\d)(?![\d%])"
    r"|(?P<my_m>0?[1-9]|1[0-2])[/](?P<my_y>(?:19|20)\d\d)"
    r"|(?P<dd>0?[1-9]|[12]\d|3[01])(?:st|nd|rd|th)?[ -](?:of )?" + _MONTH.format("dm") + r"[ ,/-]{1,2}(?P<dy>(?:19|20)\d\d|'?\d\d(?=\W|$))"
    r"|\b" + _MONTH.format("wm") + r" (?P<wd>0?[1-9]|[12]\d|3[01])(?:st|nd|rd|th)?,? (?P<wy>(?:19|20)\d\d)"
    r"|\b" + _MONTH.format("nm") + r",?[ /-](?:of )?(?P<ny>(?:19|20)\d\d)"
    r"|\b(?:in|since|from|of|year|during|until|by|after|before|early|late|mid|ca\.?|\() ?-?(?P<yy>(?:19|20)\d\d)(?=$|[\s,.;:)])"
    r"|\((?P<py>(?:19|20)\d\d)\)"
    r")(?!\d)",
    re.I,
)
_MAY_HOLD = lazy(r"\d[/.-]\d|(?:19|20)\d\d|'\d\d|[a-z]\.?[ ,/-]{1,2}\d\d\b")
_NUMERIC = lazy(r"(?<![\d/.-])(\d{1,2})([/.-])(\d{1,2})\2((?:19|20)\d\d|\d\d)(?![\d/.-])")


# spellings and units of countries that write the day first; a document without a telling date goes by them
_BRITISH = lazy(r"\bha?emoglobin estimation|\bhaem(?:oglobin|atology)|\bNHS\b|\btumours?\b|\boesophag|\b10\*9/L|[\duµμ ]mol/L\b", re.I)


@dataclass(frozen=True, slots=True)
class DateMention:
    """[start, end) within its segment. date is a PartialDate; iso is how findings carry it."""

    start: int
    end: int
    date: PartialDate

    @property
    def iso(self) -> str:
        return str(self.date)


def is_day_first(text: str) -> bool:
    """Does the document write the day before the month? Decided by its own unambiguous dates; dots are European."""
    votes = 0
    for found in _NUMERIC.finditer(text):
        first, separator, second = int(found.group(1)), found.group(2), int(found.group(3))
        if first > 12 >= second:
            votes += 1
        elif second > 12 >= first:
            votes -= 1
        elif separator == "." and len(found.group(4)) == 4:
            votes += 1
    return votes > 0 or (votes == 0 and _BRITISH.search(text) is not None)


def dates_in(segment: Segment) -> tuple[DateMention, ...]:
    """All dates of a segment, in order."""
    return dates_in_text(segment.text, segment.is_day_first)


@lru_cache(maxsize=64)
def dates_in_text(text: str, day_first: bool) -> tuple[DateMention, ...]:
    """Everything that a segment names asks for its dates in turn."""
    return tuple(dates_of(text, day_first))


@lru_cache(maxsize=256)
def day_in(heading: str, day_first: bool = False) -> DateMention | None:
    """The first date of a column's heading: every cell below asks for it."""
    return next(dates_of(heading, day_first), None)


# "O1/l9/1957": letters that a scan took for digits, in what else has the shape of a date
_SLIPPED = lazy(r"(?<![A-Za-z0-9/.-])[\dOoIl]{1,2}([/-])[\dOoIl]{1,2}\1(?:[\dOoIl]{4}|[\dOoIl]{2})(?![A-Za-z0-9/-])")
_DIGITS = str.maketrans("OoIl", "0011")


def _as_digits(found: re.Match[str]) -> str:
    shaped = found.group()
    return shaped.translate(_DIGITS) if sum(letter.isdigit() for letter in shaped) >= 4 else shaped


def dates_of(text: str, day_first: bool = False) -> Iterator[DateMention]:
    if not _MAY_HOLD.search(text):
        return
    for found in _GRAMMAR.finditer(_SLIPPED.sub(_as_digits, text)):
        made = _date(found, day_first)
        if made is not None:
            start = next(found.start(name) for name in ("iy", "sy", "ey", "a", "my_m", "dd", "wm", "nm", "yy", "py") if found.group(name))
            end = found.end("py") if found.group("py") else found.end()
            yield DateMention(start, end, made)


def nearest_date(segment: Segment, start: int, end: int) -> DateMention | None:
    """The date of the segment nearest to the span; a tie goes to the one before it."""
    found = dates_in(segment)
    return min(found, key=lambda one: (max(start - one.end, one.start - end), one.start > end), default=None)


def _date(found: re.Match[str], day_first: bool) -> PartialDate | None:
    got = found.groupdict()
    if got["iy"]:
        return _checked(got["iy"], got["im"], got["id"])
    if got["ey"]:
        return _checked(got["ey"], _month(got["em"]), got["ed"])
    if got["sy"]:
        return _checked(got["sy"], got["sm"], got["sd"])
    if got["a"]:
        day, month = (got["a"], got["b"]) if day_first or int(got["b"]) > 12 < int(got["a"]) else (got["b"], got["a"])
        return _checked(got["y"], month, day) or _checked(got["y"], day, month)
    if got["my_m"]:
        return _checked(got["my_y"], got["my_m"], None)
    if got["dd"]:
        return _checked(got["dy"].lstrip("'"), _month(got["dm"]), got["dd"])
    if got["wm"]:
        return _checked(got["wy"], _month(got["wm"]), got["wd"])
    if got["nm"]:
        return _checked(got["ny"], _month(got["nm"]), None)
    return _checked(got["yy"] or got["py"], None, None)


def _month(name: str) -> str:
    return str(_MONTHS[name[:3].lower()])


def _checked(year: str, month: str | None, day: str | None) -> PartialDate | None:
    """Two-digit years: 00–49 are of this century."""
    whole = int(year) + (0 if len(year) == 4 else 2000 if int(year) < 50 else 1900)
    text = f"{whole:04}" + (f"-{int(month):02}" if month else "") + (f"-{int(day):02}" if month and day else "")
    return PartialDate.parse(text)
