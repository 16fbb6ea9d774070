"""Numbers as reports give them: exact, between two, or only known to be under or over one."""

from __future__ import annotations

import re
from dataclasses import dataclass

_SPAN = (
    r"(?:(?P<sign>[<>\u2264\u2265]=?|less than|under|fewer than|more than|greater than|over|at least|at most|up to)\s*)?"
    r"(?P<low>\d+(?:\.\d+)?)(?:\s*%?\s*(?:-|\u2013|to)\s*(?P<high>\d+(?:\.\d+)?))?"
)
_PERCENT, _SCORE = re.compile(_SPAN + r"\s*%", re.I), re.compile(_SPAN, re.I)
_BELOW = {"<", "less than", "under", "fewer than"}
_AT_MOST = {"<=", "\u2264", "\u2264=", "at most", "up to"}
_ABOVE = {">", ">=", "\u2265", "\u2265=", "more than", "greater than", "over", "at least"}


@dataclass(frozen=True, slots=True)
class Span:
    """Between what a number lies that a report gives: "<1" may be anything from nothing to short of 1."""

    low: float
    high: float
    is_short_of_high: bool = False

    def reaches(self, limit: float) -> bool | None:
        """None: some of it does."""
        if self.low >= limit:
            return True
        return False if self.high < limit or (self.is_short_of_high and self.high <= limit) else None


def _span(pattern: re.Pattern[str], detail: str | None) -> Span | None:
    found = pattern.search(detail or "")
    if found is None:
        return None
    sign, low = (found["sign"] or "").lower(), float(found["low"])
    if sign in _BELOW:
        return Span(0.0, low, is_short_of_high=True)
    if sign in _AT_MOST:
        return Span(0.0, low)
    return Span(low, float("inf") if sign in _ABOVE else float(found["high"] or low))


def share_of(detail: str | None) -> Span | None:
    """The share of cells in a detail ("80% 2+", "<1%")."""
    return _span(_PERCENT, detail)


def score_of(detail: str | None) -> Span | None:
    """The number in a detail ("12 mut/Mb", "CPS 5")."""
    return _span(_SCORE, detail)
