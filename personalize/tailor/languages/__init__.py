"""What the page says itself in each language, and the words of a profile and of a condition's outcome in it."""

from __future__ import annotations

import re
import tomllib
from calendar import month_name
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

from personalize.content.plain import ENGLISH
from personalize.profile import PartialDate, day_in_words

_SAYS = re.compile(r"^The records (?:say|show) ")
_SILENT = ("We did not find", "We found no", "The records do not")
# Names that are the same everywhere: genes, markers, regimens, products, numbers.
_NAME = re.compile(r"(?:HLA-)?[A-Z0-9][A-Z0-9.*:/+\- ]*|[mn]?FOLF\w+|CA 19-9|Ki-67|satri-cel")


@dataclass(frozen=True, slots=True)
class Language:
    """phrases: by their keys; months: in their order; terms: English words of a profile in lower case; reasons: (pattern of an outcome's words, template)."""

    code: str
    phrases: Mapping[str, str]
    months: tuple[str, ...]
    terms: Mapping[str, str]
    reasons: tuple[tuple[re.Pattern[str], str], ...] = ()

    def say(self, key: str, **slots: object) -> str:
        return self.phrases[key].format(**slots)

    def day(self, when: date) -> str:
        """November 3, 2026."""
        if self.code == ENGLISH:
            return day_in_words(when)
        return self.say("day", day=when.day, month=self.months[when.month - 1], year=when.year)

    def partial_day(self, when: PartialDate) -> str:
        """November 3, 2026; November 2026; 2026: as much as is known."""
        if self.code == ENGLISH:
            return when.in_words()
        if when.day:
            return self.day(when.latest())
        return self.say("month_of_year", month=self.months[when.month - 1], year=when.year) if when.month else str(when.year)

    def term(self, word: str) -> str:
        """A word of a profile. One that has no translation is the record's own, and stands in quotation marks."""
        if self.code == ENGLISH:
            return word
        known = self.terms.get(word.lower().replace("_", " "))
        if known is not None:
            return known
        return word if not word or _NAME.fullmatch(word) or word.startswith("“") else f"“{word}”"

    def because(self, reason: str) -> str:
        """What an outcome says, after "your record says:". "The records say metastatic.; The cancer grew on X." → "metastatic; the cancer grew
        on X". What was not found is no reason."""
        said = [one.strip().rstrip(".") for one in reason.split(";")]
        parts = [_SAYS.sub("", one) for one in said if not one.startswith(_SILENT)] or said
        if self.code == ENGLISH:
            return "; ".join(one[0].lower() + one[1:] if number and one[:4] == "The " else one for number, one in enumerate(parts) if one)
        return "; ".join(map(self._reason, filter(None, parts)))

    def _reason(self, said: str) -> str:
        for pattern, template in self.reasons:
            if found := pattern.fullmatch(said):
                return template.format(**{name: self._slot(name, part or "") for name, part in found.groupdict().items()})
        return self.term(said)

    def _slot(self, name: str, said: str) -> str:
        if name == "DAY":
            return self.partial_day(_read(said))
        return ", ".join(self.term(one.strip()) for one in said.split(",")) if name.isupper() else said


def _read(said: str) -> PartialDate:
    """What PartialDate.in_words wrote: "November 3, 2026", "November 2026", "2026"."""
    *rest, year = said.replace(",", "").split()
    month = list(month_name).index(rest[0]) if rest else None
    return PartialDate(int(year), month, int(rest[1]) if len(rest) > 1 else None)


@cache
def language(code: str) -> Language:
    """English where a language is not known."""
    path = Path(__file__).parent / f"{code}.toml"
    if not re.fullmatch(r"[a-z]{2}", code) or not path.exists():
        return language(ENGLISH)
    read: dict[str, Any] = tomllib.loads(path.read_text(encoding="utf-8"))
    reasons = tuple((re.compile(one["said"]), one["in"]) for one in read.get("reason", ()))
    return Language(code, read["phrase"], tuple(read.get("months", ())), read.get("term", {}), reasons)
