"""Numbers as laboratories print them: comparators, thousands, decimal commas, ranges, flags, units."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum, auto
from functools import cache

from personalize.vocabulary.lab_units import analytes, fold_unit
from records.extraction.dates import dates_of
from records.extraction.patterns import lazy


class Part(Enum):
    """What a piece of a result line is."""

    NUMBER = auto()
    RANGE = auto()
    UNIT = auto()
    FLAG = auto()
    DATE = auto()
    MISSING = auto()
    ARROW = auto()
    WORD = auto()
    STOP = auto()


@dataclass(frozen=True, slots=True)
class Piece:
    """[start, end) in the segment. number, comparator for NUMBER; low, high for RANGE; text: the unit, flag, word or ISO date."""

    start: int
    end: int
    part: Part
    text: str = ""
    number: float = 0.0
    comparator: str = ""
    low: float | None = None
    high: float | None = None


_FIGURE = r"\d{1,3}(?:[.,']\d{3})+(?:[.,]\d{1,2})?(?![\d.,]*\d)|\d+(?:[.,]\d+)?"
_EUROPEAN = lazy(r"(?<![\d.,/-])\d{1,3},\d{1,2}(?![\d,/.-])")
_AMERICAN = lazy(r"(?<![\d.,/-])\d{1,4}\.\d{1,2}(?![\d./-])")


@dataclass(frozen=True, slots=True)
class NumberStyle:
    """How a document writes numbers: is_comma_decimal for "14,2" and "1.284" = 1284."""

    is_comma_decimal: bool = False

    @classmethod
    def of(cls, text: str) -> NumberStyle:
        commas, points = len(_EUROPEAN.findall(text)), len(_AMERICAN.findall(text))
        return cls(commas > points and commas >= 2)

    def read(self, written: str) -> float:
        """ "1,842" → 1842, "1.284" → 1.284 or, where commas are decimal, 1284; "13,1" → 13.1."""
        figure = written.replace(" ", "").replace("'", "")
        if re.fullmatch(r"\d{1,3}(?:\.\d{3})+,\d+", figure):
            return float(figure.replace(".", "").replace(",", "."))
        if re.fullmatch(r"\d{1,3}(?:,\d{3})+(?:\.\d+)?", figure):
            return float(figure.replace(",", "")) if not self.is_comma_decimal or figure.count(",") > 1 else float(figure.replace(",", "."))
        if re.fullmatch(r"[1-9]\d{0,2}(?:\.\d{3})+", figure) and (self.is_comma_decimal or figure.count(".") > 1):
            return float(figure.replace(".", ""))
        return float(figure.replace(",", "."))


@cache
def _unit_pattern() -> str:
    """Every known spelling, longest first; "x 10^9 /L" with its usual spaces."""
    spellings = {fold_unit(unit) for one in analytes() for unit, _ in one.factors} | {
        "pmol/l",
        "nmol/l",
        "mmol/mol",
        "u/l",
        "ng/l",
        "mg",
        "mcg",
        "mg/m2",
        "ml",
        "units",
        "tablets",
        "tab",
        "mg/kg",
        "gray",
        "gy",
        "cm",
        "mm",
        "kg",
        "ms",
        "pg",
    }
    spellings -= {"ratio", "s", "k", "%", "/hpf"}
    return "|".join(_loose(one) for one in sorted(spellings, key=len, reverse=True))


def _loose(folded: str) -> str:
    """A folded spelling as a pattern: micro signs, powers and spaces as printers write them."""
    made = re.escape(folded).replace(r"\^", "").replace("/", "[ ]?/[ ]?")
    made = re.sub(r"^u(?!nits)|(?<=\])u(?=[lg])|(?<= )u", "(?:u|\u00b5|\u03bc|mc)", made)
    made = re.sub(r"^10(\d)", r"[xX*]?[ ]?10[ ]?[*^eE]{0,2}[ ]?\1", made)
    return made.replace("73m2", r"73[ ]?m(?:\^?2|\u00b2)").replace("[ ]?73", "73")


@cache
def _grammar(is_spaced: bool) -> re.Pattern[str]:
    """is_spaced: "1 284 ug/l" is one number; elsewhere a space parts the columns of a table."""
    # between the parts of a range the dash may be a word; a reference in brackets holds one bound or two
    bound = rf"(?:{_FIGURE})"
    number = (
        rf"(?<!\d )\d{{1,3}}(?: \d{{3}})+(?= ?(?:{_unit_pattern()}))|{_FIGURE}"
        if is_spaced
        else rf"(?<=: )\d{{1,3}} \d{{3}}(?= ?k?U/m?L)|{_FIGURE}"
    )
    return re.compile(
        rf"(?P<ref>[(\[]?[ ]?(?:ref(?:erence)?(?: range| interval)?\.?|normal(?: range)?|nl|range|rr|uln"
        rf"|n)[ ]?[:.]?[ ]?(?:(?P<ref_c>[<>]=?)[ ]?(?P<ref_one>{bound})|(?P<ref_low>{bound})[ ]?(?:-"
        rf"|to)[ ]?(?P<ref_high>{bound})|(?P<ref_uln>{bound}))[ ]?(?:[a-zA-Z%\u00b5/]{{1,8}})?[ ]?[)\]]?)"
        rf"|(?P<range>[(\[]?(?<![\d.,/])(?<!from )(?P<low>{bound})[ ]?(?:-|to)[ ]?(?P<high>{bound})(?![\d/]|[.,]\d)[)\]]?)"
        rf"|(?P<arrow>->|-->|=>|\u2192|\u2191|\u2193)"
        rf"|(?P<missing>(?<![\w-])(?:--+|n/a|not measured|not done|nd|\*{{3,}}|pending|cancell?ed|hemolyzed)(?![\w-]))"
        rf"|(?P<unit>(?<![A-Za-z])(?:{_unit_pattern()})(?![A-Za-z0-9])|(?<=\d)[ ]?%|(?<=\d)[Kk](?![A-Za-z0-9/])|(?<![\w%])%(?!\w))"
        rf"|(?P<clock>(?<![\d:])\d{{1,2}}:\d{{2}}(?::\d{{2}})?(?!\d)(?:[ ]?[AaPp]\.?[Mm]\b)?)"
        rf"|(?P<number>(?:(?P<c>[<>]=?|~|less than|greater than|under|over|above"
        rf"|below)[ ]?)?(?<![\w.,/^])(?P<n>{number})(?![/:]\d|[.,]?\d|\+|st\b|nd\b|rd\b|th\b))"
        rf"|(?P<flag>(?<![\w-])\(?(?:HH|LL|H|L|A|High|Low|HIGH|LOW|CRIT|\*{{1,2}}|\(!\)|!)\)?(?![\w-]))"
        rf"|(?P<word>[A-Za-z][A-Za-z'-]*)"
        rf"|(?P<stop>[;]|\.(?=[ ]+[A-Z]|[ ]*$))",
        re.I,
    )


_COMPARE = {"less than": "<", "under": "<", "below": "<", "greater than": ">", "over": ">", "above": ">", "~": ""}


def pieces_of(text: str, start: int, end: int, style: NumberStyle, day_first: bool) -> Iterator[Piece]:
    """The pieces of [start, end) in order; dates first, so that their figures are no values."""
    days = [(start + one.start, start + one.end, one.iso) for one in dates_of(text[start:end], day_first)]
    position = start
    for day_start, day_end, iso in days:
        yield from _plain(text, position, day_start, style)
        yield Piece(day_start, day_end, Part.DATE, iso)
        position = day_end
    yield from _plain(text, position, end, style)


def _plain(text: str, start: int, end: int, style: NumberStyle) -> Iterator[Piece]:
    for found in _grammar(style.is_comma_decimal).finditer(text, start, end):
        kind = found.lastgroup
        made = _piece(found, style)
        if made is not None and kind:
            yield made


def _piece(found: re.Match[str], style: NumberStyle) -> Piece | None:
    start, end = found.span()
    if found["clock"]:
        return None
    if found["ref"]:
        return _reference(found, style)
    if found["range"]:
        low, high = style.read(found["low"]), style.read(found["high"])
        return Piece(start, end, Part.RANGE, low=low, high=high) if low <= high else None
    for name, part in (
        ("arrow", Part.ARROW),
        ("missing", Part.MISSING),
        ("unit", Part.UNIT),
        ("flag", Part.FLAG),
        ("word", Part.WORD),
        ("stop", Part.STOP),
    ):
        if found[name]:
            return Piece(start, end, part, found.group(0).strip(" ()"))
    said = (found["c"] or "").lower()
    comparator = _COMPARE.get(said, said)
    return Piece(start, end, Part.NUMBER, found["n"], style.read(found["n"]), comparator)


def _reference(found: re.Match[str], style: NumberStyle) -> Piece:
    """ "(ref. < 102)", "[0-35]", "ULN 40"."""
    low = high = None
    if found["ref_low"]:
        low, high = style.read(found["ref_low"]), style.read(found["ref_high"])
    elif found["ref_one"]:
        bound = style.read(found["ref_one"])
        low, high = (bound, None) if found["ref_c"].startswith(">") else (None, bound)
    else:
        high = style.read(found["ref_uln"])
    return Piece(*found.span(), Part.RANGE, low=low, high=high)
