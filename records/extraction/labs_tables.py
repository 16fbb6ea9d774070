"""What a laboratory table's heading line says of its columns: which hold results, of which day, and where the reference stands."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from personalize.vocabulary import Match
from personalize.vocabulary.lab_units import Analyte
from records.extraction.dates import DateMention, dates_of
from records.extraction.labs_lines import Line
from records.extraction.patterns import lazy
from records.extraction.segments import Segment

_COLUMN = lazy(
    (
        r"\b(?P<name>tests?|analytes?|components?|parameters?|investigations?)\b|\b(?P<result>results?|values?|current"
        r"|measured|your value|observed)\b|\b(?P<flag>flags?|status|abnormal)\b|\b(?P<reference>reference(?: range"
        r"| interval)?s?|ref\.?(?: range| interval)?|normal(?: range)?|range|limits?|standard range|biological)\b"
        r"|\b(?P<unit>units?)\b|\b(?P<prior>prior|previous|last)\b|\b(?P<date>collected|dates?|drawn|day)\b"
    ),
    re.I,
)
_TOPIC = lazy(
    (
        r"\b(?:labs?|laborator\w+|chemistr\w+|ha?ematolog\w+|collected|drawn|collection|results?|blood|cbc|cmp"
        r"|tumou?r markers?|panel|specimen|serum|coagulation|metabolic)\b"
    ),
    re.I,
)
_FIGURES = lazy(r"(?<![\w/.-])\d+(?:[.,]\d+)?(?![\d/.-])")


@dataclass(frozen=True, slots=True)
class Heading:
    """days: the ISO dates of result columns, in order; names: analytes that head columns (rows are days then).

    is_reference_first: the reference stands before the results. segment: where it was read.
    """

    segment: Segment
    days: tuple[str, ...] = ()
    names: tuple[Analyte, ...] = ()
    is_reference_first: bool = False


def heading_of(segment: Segment, matches: Sequence[Match[Analyte]], day_first: bool) -> Heading | None:
    """The segment as a table's heading; None where it is none: a heading names two columns and holds no result."""
    columns = [(found.start(), str(found.lastgroup)) for found in _COLUMN.finditer(segment.text)]
    days = list(dates_of(segment.text, day_first))
    kinds = {kind for _, kind in columns}
    if _has_figures(segment, [(one.start, one.end) for one in days], matches):
        return None
    if len(matches) >= 2 and (kinds & {"date"} or len(kinds) == 0) and len(segment.text) < 160:
        return Heading(segment, names=tuple(one.entry for one in matches))
    if matches or len(segment.text) > 200:
        return None
    is_days_alone = len(days) >= 2 and not re.search(r"[A-Za-z]", _without(segment.text, days))
    if len(kinds) >= 2 or is_days_alone or (len(days) >= 2 and len(kinds) >= 1):
        reference = next((start for start, kind in columns if kind == "reference"), None)
        result = days[0].start if len(days) >= 2 else next((start for start, kind in columns if kind == "result"), None)
        return Heading(
            segment,
            tuple(one.iso for one in days) if len(days) >= 2 else (),
            (),
            reference is not None and result is not None and reference < result,
        )
    return None


def _without(text: str, days: Sequence[DateMention]) -> str:
    """The line without its dates."""
    for one in reversed(days):
        text = text[: one.start] + text[one.end :]
    return text


def _has_figures(segment: Segment, days: list[tuple[int, int]], matches: Sequence[Match[Analyte]]) -> bool:
    covered = [*days, *((one.start, one.end) for one in matches)]
    return any(not any(start <= found.start() < end for start, end in covered) for found in _FIGURES.finditer(segment.text))


_NOT_A_DRAW = lazy(r"\b(?:dob|born|birth|printed|received|requested|admitted|exported)\b")


def day_above(lines: Sequence[Line], line: Line, reach: int, day_first: bool) -> str | None:
    """The day in the nearest line above that heads results ("CHEMISTRY, 09/30/2024", "Collected: ..."), within `reach` lines."""
    for above in reversed(lines[max(0, line.place - reach) : line.place]):
        segment = above.segment
        if above.names and not above.is_row:
            continue
        days = [one.iso for one in dates_of(segment.text, day_first)]
        if len(days) == 1 and len(days[0]) == 10 and _heads_results(segment):
            return days[0]
        if days and re.search(r"\bcollect(?:ed|ion)\b", segment.lower):
            return _labelled(segment, day_first)
    return None


def _heads_results(segment: Segment) -> bool:
    return len(segment.text) < 110 and bool(_TOPIC.search(segment.text)) and not _NOT_A_DRAW.search(segment.lower)


def _labelled(segment: Segment, day_first: bool) -> str | None:
    """The date right behind "collected"."""
    word = re.search(r"\bcollect(?:ed|ion)(?: date)?(?:/time)?\b", segment.lower)
    if word is None:
        return None
    return next((one.iso for one in dates_of(segment.text[word.end() : word.end() + 40], day_first)), None)
