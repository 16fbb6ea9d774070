"""Look-back windows: "within 4 weeks", "in the past 2 years", "less than 28 days ago"."""

from __future__ import annotations

import re
from functools import lru_cache

_PER_UNIT = {"d": 1, "w": 7, "m": 30, "y": 365, "h": 0}
_WINDOW = re.compile(
    r"(?:within|in|during|over|for|since|last|past|previous|prior|preceding|<=?|>=?|minimum|than|of|at|,|\(|-|:|after"
    r"|until|elapsed|completed|be|is|and|or|discontinued|free|every|disease-free)\b[\s(]*(?:the )?(?:last |past "
    r"|previous |prior |preceding |first |approximately |about |>= |<= |> |< |= )*"
    r"(?P<number>\d{1,3}(?:\.5)?)(?: ?-? ?(?:to|or|-) ?\d{1,3})?[- ]*(?:full |calendar |consecutive )?(?P<unit>days?"
    r"|weeks?|wks?|months?|mos?\b|years?|yrs?)"
    r"|(?P<number2>\d{1,3})[- ]*(?P<unit2>days?|weeks?|wks?|months?|years?|yrs?)(?: (?:prior|before|of|from|since|ago"
    r"|earlier|after|or (?:>|<)|washout|have|has|must|preceding))"
    r"|(?:>=?|<=?) ?(?P<number3>\d{1,3})[- ]*(?P<unit3>days?|weeks?|wks?|months?|years?|yrs?)"
)


# A number before a unit of time: whatever _WINDOW finds holds one, and looking for it is much faster.
_SPAN = re.compile(r"\d[-)]? ?(?:full |calendar |consecutive |- ?|-+ ?)*(?:day|week|wk|mo|year|yr)")


def days_in(words: str, *, least: int = 1) -> int | None:
    """The first span of time named, in days (a month is 30, a year 365), of at least so many; None where there is none."""
    return next((days for days in _spans(words) if days >= least), None)


def shortest(words: str, *, least: int = 1) -> int | None:
    """Of several spans of time the shortest of at least so many days."""
    return min((days for days in _spans(words) if days >= least), default=None)


@lru_cache(maxsize=256)
def _spans(words: str) -> tuple[int, ...]:
    """Every span of time in days, in order; several readers ask for those of one sentence."""
    return tuple(_days(found) for found in _WINDOW.finditer(words)) if _SPAN.search(words) else ()


def _days(found: re.Match[str]) -> int:
    number = float(found["number"] or found["number2"] or found["number3"])
    unit = str(found["unit"] or found["unit2"] or found["unit3"])
    return int(number * _PER_UNIT[unit[0]])
