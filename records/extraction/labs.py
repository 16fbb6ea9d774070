"""Laboratory results: number, unit as printed, day, reference range, flag; from tables, trend tables and sentences.

A reference range is never a value, a dose is never a result, a stain is never a blood level. "Rose from 37 to 812 on 4 April" gives 812
of that day; the 37 has no day of its own and is left out.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import timedelta
from functools import cache
from typing import Any, ClassVar

from personalize.profile import PartialDate
from personalize.vocabulary import Lexicon, Match
from personalize.vocabulary.lab_units import Analyte, analytes
from records.extraction.context import context_at
from records.extraction.cuts import Shape
from records.extraction.dates import dates_in
from records.extraction.finding import Assertion, Finding, Kind
from records.extraction.header import written_on
from records.extraction.labs_doubt import is_doubtful
from records.extraction.labs_lines import Line, Names, lines_of
from records.extraction.labs_numbers import NumberStyle, Part, Piece, pieces_of
from records.extraction.labs_stacked import stacked_in
from records.extraction.labs_tables import Heading, day_above, heading_of
from records.extraction.labs_trends import Value
from records.extraction.labs_values import values_of
from records.extraction.patterns import lazy
from records.extraction.report import Report
from records.extraction.section_titles import Section
from records.extraction.segments import Segment

_HEADING_REACH = 60  # lines under a heading that may be its rows
_SHORT = lazy(r"[A-Za-z]{2,3}\d?$|[A-Za-z]{1}\.? ?bili$")
_CAPITALISED = frozenset(("hgb", "plt", "plts", "crp", "alb", "alt", "ast", "cga", "igg", "iga", "igm", "psa"))
_SMALL = frozenset(("plt", "plts", "hgb", "hb", "alb", "alt", "ast"))  # as hurried hands write them, a number right behind
_NOT_THE_TEST = lazy(
    r"^[- ]*(?:clearance|electrophoresis|transfusion|concentrate|kinase|carbonate|gluconate|chloride|citrate|solution"
    r"|infusion|bound|glargine|aspart|lispro|channel|blocker|supplement|replacement|acetate|scan|antigen|antibod\w*"
    r"|receptor|stain\w*|immuno\w*|inhibitor|toxicity|binding|dependent|sparing|disorder|count recovery|recovery"
    r"|x ?\d+ ?(?:y|yrs?|mo|months?|w|wks?|weeks?|d)\b|engraftment|nadir of|monitoring|goal|threshold|hold)\b|^-\d{4}"
    r"|^ ?[+](?=[ ,;.)]|$)|^[+]? ?(?:positive )?(?:plasma )?cells\b",
    re.I,
)
_FIGURES = (Part.NUMBER, Part.FLAG, Part.UNIT)
_STAINS = lazy(
    r"\bimmuno\w+|\bstain\w*\b|tumou?r cells|neoplastic cells|\bihc\b|positive for|negative for|\bmembranous\b|cytoplasmic", re.I
)
_UNFIT = (Section.FAMILY, Section.ALLERGIES, Section.IMMUNOHISTOCHEMISTRY, Section.GROSS, Section.MEDICATIONS)
_LISTS = (Section.ALLERGIES, Section.MEDICATIONS)  # a line "Labs 2/9: ..." ends them
_CASES = {
    "Calcium": lazy(r"(?!(?i:ca)(?![\w,]))|Ca[:= ]{1,3}\d{1,2}(?:[.,]\d+)? ?(?:mg/dL|mmol/[Ll])"),  # "ca" is a cancer
    "eGFR": lazy(r"eGFR|EGFR\b.{0,30}m[Ll]/min|egfr\b.{0,30}ml/min|GFR|.*filtration.*", re.S),
}


@cache
def analyte_lexicon() -> Lexicon[Analyte]:
    return Lexicon([(word, one) for one in analytes() for word in one.words])


class Labs:
    """Every dated value of every analyte."""

    name: ClassVar[str] = "labs"
    version: ClassVar[int] = 4

    def extract(self, report: Report) -> Iterable[Finding]:
        named: dict[int, Names] = {}
        for segment, match in report.find(analyte_lexicon()):
            if _is_name(segment, match):
                named.setdefault(segment.index, []).append(match)
        if not named:
            return
        _name_again(report, named)
        style = NumberStyle.of("\n".join(report.pages.values()))
        lines = lines_of(report.segments, named, style)
        headings = _headings(lines, report.is_day_first)
        for line in lines:
            if line.names and not _is_unfit(line.segment):
                yield from self._of_line(report, lines, line, headings.get(line.place), style)
        yield from self._of_day_rows(report, lines, headings, style)
        for one in stacked_in(report, named, style):
            day = report.header.specimen_date or report.header.date
            made = self._finding(report, one.segment, one.value.piece.start, one.analyte, one.value, day)
            yield replace(made, evidence=(one.name.evidence(0, len(one.name.text)), *made.evidence))

    def _of_line(self, report: Report, lines: Sequence[Line], line: Line, heading: Heading | None, style: NumberStyle) -> Iterator[Finding]:
        for number, match in enumerate(line.names):
            if _NOT_THE_TEST.match(line.segment.text[match.end : match.end + 30]):
                continue
            for value in values_of(line, number, heading, style):
                day = _today(report, line, match.start) or value.day or _day_without_year(report, line, match.start, value.piece.end)
                day = day or _day(report, lines, line, heading)
                yield self._finding(report, line.segment, match.start, match.entry, value, day)

    def _of_day_rows(self, report: Report, lines: Sequence[Line], headings: dict[int, Heading], style: NumberStyle) -> Iterator[Finding]:
        """Tables whose columns are analytes and whose rows are days."""
        for place, heading in headings.items():
            segment = lines[place].segment
            if not heading.names or lines[place].names or _is_unfit(segment):
                continue
            pieces = list(pieces_of(segment.text, 0, len(segment.text), style, report.is_day_first))
            if not pieces or pieces[0].part is not Part.DATE:
                yield from self._of_cells(report, segment, pieces, heading)
                continue
            figures = [one for one in pieces[1:] if one.part in (Part.NUMBER, Part.MISSING)]
            if len(figures) != len(heading.names):
                yield from self._of_cells(report, segment, pieces, heading)
                continue
            for analyte, piece in zip(heading.names, figures, strict=True):
                if piece.part is Part.NUMBER:
                    yield self._finding(report, segment, piece.start, analyte, Value(piece), pieces[0].text)

    def _of_cells(self, report: Report, segment: Segment, pieces: Sequence[Piece], heading: Heading) -> Iterator[Finding]:
        """A row of a flow sheet, where other columns stand beside days and analytes: a cell is of the analyte that it stands below."""
        day = next((one.text for one in pieces if one.part is Part.DATE), None)
        for place, cell in enumerate(segment.cells if day is not None else ()):
            above = _cell_above(heading.segment, segment, place)
            analyte = next((one.entry for one in analyte_lexicon().find(above) if one.end - one.start >= len(above) - 2), None)
            inside = [one for one in pieces if cell.start <= one.start < cell.end]
            if analyte is not None and analyte in heading.names and inside and inside[0].part is Part.NUMBER and all(one.part in _FIGURES for one in inside):
                yield self._finding(report, segment, inside[0].start, analyte, Value(inside[0]), day)

    def _finding(self, report: Report, segment: Segment, start: int, analyte: Analyte, value: Value, day: str | None) -> Finding:
        held: dict[str, Any] = {
            "name": analyte.name,
            "loinc": analyte.loinc,
            "value": _whole(value.piece.number),
            "comparator": ">=" if value.is_at_least else value.piece.comparator or None,
            "unit": value.unit,
            "low": value.low,
            "high": value.high,
            "flag": value.flag,
        }
        doubtful = is_doubtful(report, segment, analyte, value)
        if doubtful:
            held["is_doubtful"] = True
        low, high = min(start, value.piece.start), max(value.piece.end, start)
        context = context_at(segment, value.piece.start, value.piece.end)
        return Finding(
            kind=Kind.LAB,
            value={key: one for key, one in held.items() if one is not None},
            evidence=(segment.evidence(low, high),),
            assertion=Assertion.FAMILY if context.assertion is Assertion.FAMILY else Assertion.PRESENT,
            date=day,
            confidence=0.4 if doubtful else 0.95 if value.unit else 0.8,
            extractor=f"{self.name}/{self.version}",
        )


_ASIDE = 4  # characters that a cell may begin aside of its column's heading


def _cell_above(heading: Segment, row: Segment, place: int) -> str:
    """The heading of the row's cell `place`: of the same place where all columns are there, else the one it begins below."""
    if len(heading.cells) == len(row.cells):
        above = heading.cells[place]
    else:
        near = [one for one in heading.cells if abs(one.start - row.cells[place].start) <= _ASIDE]
        if len(near) != 1:
            return ""
        above = near[0]
    return heading.text[above.start : above.end].strip()


def _whole(number: float) -> float | int:
    return int(number) if number == int(number) else number


def _day(report: Report, lines: Sequence[Line], line: Line, heading: Heading | None) -> str | None:
    """Of the table, else of the record; None for a number told without a day: it may be an old one."""
    if heading is not None and len(heading.days) == 1:
        return heading.days[0]
    is_table = line.is_row or heading is not None or line.segment.shape is Shape.ROW
    above = day_above(lines, line, 45 if is_table else 4, report.is_day_first)
    if above is None and not is_table:
        return _day_of_list(report, line.segment) or _day_of_story(report, line.segment)
    return above or ((report.header.specimen_date or report.header.date) if is_table else None)


_SHORT_DAY = lazy(
    r"\b(?:labs?|bloods?|results?|cbc|cmp|bmp|lfts?|chem\w*|markers?)\b[ ]*(?:on |from |of )?\(?(?P<one>\d{1,2})/(?P<two>\d{1,2})\)?[ ]?[:-](?!\d)",
    re.I,
)


_OWN_SHORT_DAY = lazy(r"[^.;\d]{0,12}\((?P<one>\d{1,2})/(?P<two>\d{1,2})\)")
_SHORT_DAY_BEHIND = lazy(r"(?:[^.;]|\.\d){0,90}? on (?P<one>\d{1,2})/(?P<two>\d{1,2})(?![/\d])")
_TODAY = lazy(r"\btoday(?:'s)?\b(?:[^.;\d]|\d(?![/-]))*$", re.I)


def _today(report: Report, line: Line, start: int) -> str | None:
    """ "... since Aug 2024. Counts today Hb 128, WBC 9.7": the day of the record, whatever other day stands before."""
    before = line.whole.text[max(0, line.lead + start - 120) : line.lead + start]
    return written_on(report) if _TODAY.search(re.sub(r"\d\.\d", "00", before)) else None


def _day_without_year(report: Report, line: Line, start: int, end: int) -> str | None:
    """ "Discharge labs 2/24: ...": of the year in which the record was written, or of the one before."""
    behind = _OWN_SHORT_DAY.match(line.segment.text, end) or _SHORT_DAY_BEHIND.match(line.segment.text, end)
    found = [behind] if behind else list(_SHORT_DAY.finditer(line.whole.text, 0, line.lead + start))
    written = PartialDate.parse(written_on(report) or "")
    if not found or written is None or not written.day:
        return None
    month, day = (int(found[-1]["two"]), int(found[-1]["one"])) if report.is_day_first else (int(found[-1]["one"]), int(found[-1]["two"]))
    for year in (written.year, written.year - 1):
        made = PartialDate.parse(f"{year:04}-{month:02}-{day:02}")
        if made is not None and made.earliest() <= written.earliest() + timedelta(days=60):
            return str(made)
    return None


_STORY = lazy(
    r"\b(?:at|on) (?:the time of )?(?:relapse|diagnosis|presentation|recurrence|progression|admission)\b|\binitial(?:ly)?\b", re.I
)
_LIST = lazy(r"\W*(?:\w+ )?(?:labs?|bloods?|results?|laborator\w+)\b[^.:]{0,30}:", re.I)


def _day_of_list(report: Report, segment: Segment) -> str | None:
    """ "Labs (5/2/25): Hb 10.2, INR 1.1. CA 19-9: 441": the next sentence of the same line is of the same list."""
    for above in report.before(segment, 3):
        if "\n" in report.pages[segment.page_number][above.page_start : segment.page_start] or above.page_number != segment.page_number:
            return None
        if _LIST.match(above.text):
            return next((one.iso for one in dates_in(above)), None)
    return None


_STORY_REACH = 3  # sentences


def _day_of_story(report: Report, segment: Segment) -> str | None:
    """ "Relapse was proven on 24 February 2025. LDH at relapse was 612": told of a past event, whose day stands in the sentences before."""
    if not _STORY.search(segment.text):
        return None
    for above in report.before(segment, _STORY_REACH):
        days = dates_in(above)
        if above.title != segment.title:
            return None
        if days:
            return days[-1].iso
    return None


_AGAIN = lazy(
    r"\s*(?:the )?(?:last|latest|most recent|previous|prior|current|today's|repeat)(?: (?:value|level|result|reading|measurement|one))?\b",
    re.I,
)


def _name_again(report: Report, named: dict[int, Names]) -> None:
    """ "CA 19-9 is due in July. Last value 3 June: 31 U/mL": the sentence speaks of the only test of the one before it."""
    for index in sorted(named):
        entries = {one.entry.name: one for one in named[index]}
        if len(entries) != 1 or index + 1 >= len(report.segments) or index + 1 in named:
            continue
        again = _AGAIN.match(report.segments[index + 1].text)
        if again is not None and report.segments[index + 1].title == report.segments[index].title:
            (one,) = entries.values()
            named[index + 1] = [Match(again.start(), again.end(), one.entry, one.term)]


def _is_name(segment: Segment, match: Match[Analyte]) -> bool:
    """Short names count only as laboratories write them ("ALT", "Hb"); eGFR is not the gene EGFR."""
    raw = segment.text[match.start : match.end]
    case = _CASES.get(match.entry.name)
    if case is not None and not case.match(segment.text[match.start : match.end + 40]):
        return False
    if _SHORT.match(match.term):
        has_capitals = len(raw) < 3 or match.term.endswith("bili") or any(letter.isupper() for letter in raw[1:]) or raw.lower() in _CAPITALISED
        is_written = raw[0].isupper() or "H" in raw[1:2] or (raw in _SMALL and bool(re.match(r" ?[:=]? ?\d", segment.text[match.end :])))
        return is_written and has_capitals
    return match.start == 0 or segment.text[match.start - 1] not in "-"


def _is_unfit(segment: Segment) -> bool:
    """Method, literature, medicines, a relative's; a stain in a pathology report."""
    is_elsewhere = segment.section in _UNFIT and not (segment.section in _LISTS and _LIST.match(segment.text))
    return segment.section.is_about_nobody or is_elsewhere or bool(_STAINS.search(segment.text))


def _headings(lines: Sequence[Line], day_first: bool) -> dict[int, Heading]:
    """Place of a line → the table heading it stands under."""
    found: dict[int, Heading] = {}
    current: Heading | None = None
    since = 0
    for line in lines:
        made = heading_of(line.segment, line.names, day_first)
        if made is not None:
            current, since = made, line.place
        elif current is not None:
            if line.place - since > _HEADING_REACH or _is_outside(line, current):
                current = None
            else:
                found[line.place] = current
    return found


def _is_outside(line: Line, heading: Heading) -> bool:
    """Another page, or another section that is no table."""
    if line.segment.page_number != heading.segment.page_number:
        return True
    return line.segment.title != heading.segment.title and line.segment.shape is not Shape.ROW and not line.names
