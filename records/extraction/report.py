"""A document cut into what the rules work on: header, sections, segments.

    report = parse_report(DocumentText.of_text(text))
    report.segments                      every sentence, item and row, in reading order
    report.find(lexicon)                 one pass over the whole text: (segment, match), spans relative to the segment
    report.header                        type, dates, patient name, birth date, institution
    report.date_of(segment, start, end)  the ISO date a statement is true for, or None

Pure and without a clock; the same document always gives the same report.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, TypeVar

from personalize.vocabulary import Lexicon, Match
from records.extraction import dates
from records.extraction.boxes import without_unticked
from records.extraction.context import attach_cues
from records.extraction.cuts import Shape, Span, spans_in
from records.extraction.header import ReportHeader, ReportType, read_header
from records.extraction.patterns import lazy
from records.extraction.section_titles import Section
from records.extraction.sections import Heading, headings_in
from records.extraction.segments import Cell, Segment, is_taken_back
from records.extraction.tables import name_columns, rows_of_boxes
from records.extraction.text import DocumentText, lower_same_length, normalise

__all__ = ["Report", "ReportHeader", "ReportType", "parse_report"]

T = TypeVar("T")


@dataclass(eq=False)
class Report:
    """One parsed document. pages: normalised text by page number."""

    document: DocumentText
    header: ReportHeader
    segments: tuple[Segment, ...]
    pages: dict[int, str]
    is_day_first: bool
    _starts: dict[int, tuple[list[int], list[Segment]]] = field(default_factory=dict, repr=False)
    _made: dict[Any, Any] = field(default_factory=dict, repr=False)

    def __post_init__(self) -> None:
        for segment in self.segments:
            starts, segments = self._starts.setdefault(segment.page_number, ([], []))
            starts.append(segment.page_start)
            segments.append(segment)

    @cached_property
    def text(self) -> str:
        """All pages, normalised, joined by a form feed. For yes/no questions only: its offsets mean nothing."""
        return "\f".join(self.pages.values())

    @cached_property
    def lowered(self) -> dict[int, str]:
        """The pages in lower case, offsets unchanged."""
        return {number: lower_same_length(page) for number, page in self.pages.items()}

    @cached_property
    def words(self) -> frozenset[str]:
        """Every word of the document, in lower case: for yes/no questions."""
        return frozenset(word for page in self.lowered.values() for word in _WORD.findall(page))

    def having(self, pattern: re.Pattern[str], *stems: str) -> Iterator[Segment]:
        """The segments in which the pattern is found, in order. stems: lower-case letters of which every match holds some; looking for
        them first is many times faster than a search in each segment."""
        for number, page in self.lowered.items():
            places = {segment.index: segment for place in _places(page, stems) if (segment := self.segment_at(number, place)) is not None}
            yield from (segment for _, segment in sorted(places.items()) if pattern.search(segment.text))

    def find(self, lexicon: Lexicon[T]) -> Iterator[tuple[Segment, Match[T]]]:
        """Every term of the lexicon in the document, in reading order. Terms that cross a segment's edge are left out."""
        for number, page in self.pages.items():
            for match in lexicon.find(page):
                segment = self.segment_at(number, match.start)
                if segment is not None and match.end <= segment.page_end:
                    offset = segment.page_start
                    yield segment, Match(match.start - offset, match.end - offset, match.entry, match.term, match.is_exact)

    def segment_at(self, page_number: int, position: int) -> Segment | None:
        starts, segments = self._starts.get(page_number, ([], []))
        place = bisect_right(starts, position) - 1
        if place < 0 or position >= segments[place].page_end:
            return None
        return segments[place]

    def once(self, make: Callable[[Report], T]) -> T:
        """make(report), computed once a report: what several extractors need (the tumours, say) is found only once."""
        if make not in self._made:
            self._made[make] = make(self)
        made: T = self._made[make]
        return made

    def before(self, segment: Segment, count: int = 1) -> tuple[Segment, ...]:
        """Up to `count` segments before this one, nearest first."""
        return tuple(reversed(self.segments[max(0, segment.index - count) : segment.index]))

    def after(self, segment: Segment, count: int = 1) -> tuple[Segment, ...]:
        return self.segments[segment.index + 1 : segment.index + 1 + count]

    def date_of(self, segment: Segment, start: int, end: int) -> str | None:
        """When a statement was true: a date beside it, else that of its row or heading, else the specimen's, else the report's."""
        near = dates.nearest_date(segment, start, end)
        if near is not None:
            return near.iso
        headed = next((found for cell in segment.cells if (found := dates.day_in(cell.heading, self.is_day_first))), None)
        if headed is not None:
            return headed.iso
        return self.header.specimen_date or self.header.date


_WORD = lazy(r"[a-z]+")


def _places(page: str, stems: Iterable[str]) -> Iterator[int]:
    for stem in stems:
        place = page.find(stem)
        while place >= 0:
            yield place
            place = page.find(stem, place + 1)


def parse_report(document: DocumentText) -> Report:
    """Cut a document. Linear in its length."""
    pages = {page.number: without_unticked(normalise(page.text)) for page in document.pages}
    day_first = dates.is_day_first("\n".join(pages.values()))
    segments: list[Segment] = []
    section, title = Section.UNKNOWN, ""
    for page in document.pages:
        text = pages[page.number]
        headings = list(headings_in(text))
        spans = list(spans_in(text, [(one.start, one.end) for one in headings], rows_of_boxes(page)))
        made, section, title = _segments(page.number, page.text, text, spans, headings, (section, title), day_first)
        name_columns(made, page)
        attach_cues(made, text)
        segments += (one for one in made if not is_taken_back(one))
    for index, segment in enumerate(segments):
        segment.index = index
    return Report(document, read_header(segments, pages, day_first), tuple(segments), pages, day_first)


def _segments(
    number: int, raw: str, text: str, spans: list[Span], headings: list[Heading], under: tuple[Section, str], day_first: bool
) -> tuple[list[Segment], Section, str]:
    """The segments of one page; a section runs on over the page break (`under`)."""
    section, title = under
    made: list[Segment] = []
    next_heading = 0
    for span in spans:
        while next_heading < len(headings) and headings[next_heading].start < span.end and headings[next_heading].start <= span.start + 4:
            section, title = headings[next_heading].section, headings[next_heading].title
            next_heading += 1
        made.append(
            Segment(
                page_number=number,
                page_start=span.start,
                raw=raw[span.start : span.end],
                text=text[span.start : span.end].replace("\n", " "),
                section=section,
                title=title,
                shape=Shape.ROW if span.cells else span.shape,
                cells=tuple(Cell(start - span.start, end - span.start) for start, end in span.cells),
                is_day_first=day_first,
                starts_block=span.starts_block,
            )
        )
    while next_heading < len(headings):
        section, title = headings[next_heading].section, headings[next_heading].title
        next_heading += 1
    return made, section, title
