"""Results that a portal prints one value a line: the test, its range, the words "your value", the number."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from personalize.vocabulary.lab_units import Analyte
from records.extraction.labs_lines import Names
from records.extraction.labs_numbers import NumberStyle, Part, pieces_of
from records.extraction.labs_trends import Value
from records.extraction.patterns import lazy
from records.extraction.report import Report
from records.extraction.segments import Segment

_REACH = 5  # lines below a test's name
_LABEL = lazy(r"\W*(?:your |current |latest )?(?:value|result)\W*$", re.I)
_TOLD_LABEL = lazy(r"\W*(?:your (?:value|result) is |(?:your |current |latest )?(?:value|result)[: ]+)(?=[<>]?\d)", re.I)
_REFERENCE = lazy(r"[ ]{2,}|\b(?:standard|reference|normal|expected)\b", re.I)  # behind the value on its line
_COLLECTED = lazy(r"\W*(?:collected|drawn|final)\b[^\n]{0,60}$", re.I)  # behind the name on its line
_RANGE = lazy(r"\W*(?:normal|standard|reference|ref\.?|expected)\b", re.I)
_NEXT_PAGE_WORDS = 60  # a line longer than this is no value


class Stacked(NamedTuple):
    """analyte and where it is named; value in `segment`."""

    analyte: Analyte
    name: Segment
    segment: Segment
    value: Value


def stacked_in(report: Report, named: dict[int, Names], style: NumberStyle) -> Iterator[Stacked]:
    """Only where a line holds a test's name alone, and one right below says that the value follows."""
    for index in sorted(named):
        segment = report.segments[index]
        match = named[index][-1]
        last_line = segment.raw.rstrip()[segment.raw.rstrip().rfind("\n") + 1 :]
        if (
            (len(last_line.strip()) > match.end - match.start + 6 and not _COLLECTED.match(segment.raw.rstrip(), match.end))
            or match.start < len(segment.raw.rstrip()) - len(last_line)
            or segment.section.is_about_nobody
        ):
            continue
        where = _value_line(report, segment, named)
        made = _read(where, match.entry, style) if where is not None else None
        if where is not None and made is not None:
            yield Stacked(match.entry, segment, where, made)


def _value_line(report: Report, segment: Segment, named: dict[int, Names]) -> Segment | None:
    below = report.after(segment, _REACH)
    for place, one in enumerate(below):
        if one.index in named:
            return None
        if _LABEL.match(one.text) and place + 1 < len(below):
            return below[place + 1]
        if _TOLD_LABEL.match(one.text):
            return one
        if not _RANGE.match(one.text):
            return None
    return None


def _read(segment: Segment, analyte: Analyte, style: NumberStyle) -> Value | None:
    """The line as a number with its unit, and nothing else."""
    told = _TOLD_LABEL.match(segment.text)
    behind = _REFERENCE.search(segment.text, told.end()) if told else None
    end = behind.start() if behind else len(segment.text)
    if end > _NEXT_PAGE_WORDS:
        return None
    pieces = list(pieces_of(segment.text, told.end() if told else 0, end, style, segment.is_day_first))
    numbers = [one for one in pieces if one.part is Part.NUMBER]
    if len(numbers) != 1 or any(one.part in (Part.WORD, Part.DATE) for one in pieces):
        return None
    unit = next((one.text for one in pieces if one.part is Part.UNIT), None)
    flag = next((one.text for one in pieces if one.part is Part.FLAG), None)
    if unit is not None and analyte.factor(analyte.mended(unit)) is None:
        return None
    return Value(numbers[0], analyte.mended(unit) if unit else None, flag=flag)
