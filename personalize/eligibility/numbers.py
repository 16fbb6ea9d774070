"""Limits in plain text: a comparison, a number, a unit, and what they come to in the units of the profile."""

from __future__ import annotations

import re
from dataclasses import dataclass

OPS = {">=": "at_least", "<=": "at_most", ">": "above", "<": "below", "=": "at_most"}
NUMBER = r"\d+(?:[.,]\d+)?"
_LIMIT = re.compile(
    rf"(?P<sign>>=|<=|>|<|=)\s?(?:the |to )?(?P<number>{NUMBER})\s?(?P<power>(?:x|\*|times)\s?10\s?(?:\^|e|\*\*|exp"
    rf"|\()?\s?(?P<exponent>\d{{1,2}})\)?|e9|k(?=[ /])|g/l|thousand)?"
    rf"(?P<rest>[^<>=;]{{0,60}})"
)
_ULN = re.compile(
    r"^\s?-?\s?(?:(?:x|times?|fold|\*)\s?)?(?:the |of |than |above )*(?:institutional(?:ly)? |laboratory |local |lab "
    r"|age-?\w* |normal |applicable |defined |site |higher |upper |their |that |central |reference )*"
    r"(?:iuln|uln|u\.l\.n|un\b|upper limits? (?:of )?(?:the )?(?:laboratory |institutional |reference )?(?:normal"
    r"|reference)|upper normal limits?|normal upper limits?|upper limit|upper range|normal limits?|normal\b"
    r"|upper reference)"
)
_JUST_ULN = re.compile(r"(?P<sign>>=|<=|>|<|=)?\s?(?:the )?(?:institutional |laboratory |local )?(?:uln\b|upper limit of normal)")


@dataclass(frozen=True, slots=True)
class Limit:
    """op of the criteria language; number as printed, times its power of ten; rest: the words after it; start and end in the plain text."""

    op: str
    number: float
    power: int | None
    rest: str
    start: int
    end: int

    @property
    def is_times_uln(self) -> bool:
        return bool(_ULN.match(self.rest))


def limits(text: str, start: int = 0, end: int | None = None) -> list[Limit]:
    """All limits in text[start:end], in order."""
    found_all = []
    for found in _LIMIT.finditer(text, start, len(text) if end is None else end):
        number = float(found["number"].replace(",", "."))
        power = found["exponent"]
        exponent = int(power) if power else {"k": 3, "e9": 9, "g/l": 9, "thousand": 3}.get((found["power"] or "").strip())
        found_all.append(Limit(OPS[found["sign"]], number, exponent, found["rest"], found.start(), found.end() - len(found["rest"])))
    return found_all


def times_uln_alone(text: str) -> str | None:
    """The operator of "<= ULN" without a number."""
    found = _JUST_ULN.search(text)
    return OPS[found["sign"]] if found and found["sign"] else None
