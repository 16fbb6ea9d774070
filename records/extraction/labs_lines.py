"""Result lines: a table whose lines were run together is cut at its rows again, a sentence that was wrapped stays whole."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from itertools import pairwise

from personalize.vocabulary import Match
from personalize.vocabulary.lab_units import Analyte
from records.extraction.cuts import Shape
from records.extraction.labs_numbers import NumberStyle, Part, pieces_of
from records.extraction.segments import Segment

Names = list[Match[Analyte]]


@dataclass(slots=True)
class Line:
    """segment: the line's own, spans relative to it. names: analytes in it. whole: the segment that it was cut from, lead its start there.

    is_row: it holds nothing but a name, results and what belongs to them.
    """

    segment: Segment
    names: Names
    whole: Segment
    lead: int = 0
    is_row: bool = False
    place: int = field(default=0)


def lines_of(segments: Sequence[Segment], named: dict[int, Names], style: NumberStyle) -> list[Line]:
    """The segments in order, those with results cut into their rows; so are lines above them, which may be headings."""
    lines: list[Line] = []
    for segment in segments:
        lines += _cut(segment, named.get(segment.index, []), style)
    for place, line in enumerate(lines):
        line.place = place
    return lines


def _cut(segment: Segment, names: Names, style: NumberStyle) -> Iterator[Line]:
    """At every line end beside a row of results."""
    if not names:
        yield Line(segment, [], segment)
        return
    ends = [found.start() for found in re.finditer("\n", segment.raw)] if segment.shape is not Shape.ROW else []
    edges = [0, *ends, len(segment.raw)]
    spans = list(pairwise(edges))
    rows = [_is_row(segment, low, high, names, style) for low, high in spans]
    start = 0
    was_row = False
    for place, (low, high) in enumerate(spans):
        is_last = place + 1 == len(spans)
        if is_last or rows[place] or rows[place + 1]:
            yield _line(segment, start, high, names, rows[place] and start == low)
            start, was_row = high, rows[place]
    if start < len(segment.raw):
        yield _line(segment, start, len(segment.raw), names, was_row)


def _line(segment: Segment, low: int, high: int, names: Names, is_row: bool) -> Line:
    inside = [Match(one.start - low, one.end - low, one.entry, one.term, one.is_exact) for one in names if low <= one.start < high]
    if (low, high) == (0, len(segment.raw)):
        return Line(segment, inside, segment, 0, is_row)
    cells = tuple(
        replace(cell, start=max(cell.start, low) - low, end=min(cell.end, high) - low)
        for cell in segment.cells
        if cell.start < high and cell.end > low
    )
    cues = tuple(replace(cue, start=cue.start - low, end=cue.end - low) for cue in segment.cues if low <= cue.start and cue.end <= high)
    cut = replace(
        segment, page_start=segment.page_start + low, raw=segment.raw[low:high], text=segment.text[low:high], cells=cells, cues=cues
    )
    return Line(cut, inside, segment, low, is_row)


def _is_row(segment: Segment, low: int, high: int, names: Names, style: NumberStyle) -> bool:
    """A day, a name, then results, flags, ranges and units, and no other word; it does not run on with a comma."""
    inside = [one for one in names if low <= one.start < high]
    if not inside or segment.text[low:high].rstrip().endswith((",", ";", " and")):
        return False
    first = inside[0]
    lead = list(pieces_of(segment.text, low, first.start, style, segment.is_day_first))
    if any(one.part is not Part.DATE for one in lead):
        return False
    pieces = list(pieces_of(segment.text, first.end, high, style, segment.is_day_first))
    results = [place for place, one in enumerate(pieces) if one.part in (Part.NUMBER, Part.MISSING)]
    if not results or results[0] > 3:
        return False
    return not any(one.part in (Part.WORD, Part.STOP, Part.ARROW) for one in pieces[results[0] :])
