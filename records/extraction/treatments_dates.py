"""When a treatment began and ended: ranges, columns of tables, words of beginning and of ending, and a bare date beside the name."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import pairwise

from personalize.profile import PartialDate
from records.extraction.cuts import Shape
from records.extraction.dates import DateMention, dates_in_text
from records.extraction.patterns import lazy
from records.extraction.segments import Segment
from records.extraction.treatments_names import Named

HELD = lazy(r"\b(?:held|dose[- ]reduced|dose reduction|reduced(?: to| by)|delayed|omitted|dropped|hold)\b[^.;]{0,60}", re.I)
_STOP_CUE = lazy(
    r"(?:->|→|=>) ?(?:PD|POD) $|\b(?:until|till|through|thru|stopped|stop|complet\w+|discontinu\w+|ended|end|ceas\w+|finished|last (?:dose|cycle"
    r"|infusion|treatment)|held|progress\w+|c(?!1 ?d)\d{1,2} ?d\d{1,2}) ?(?:[\w()]+ ){0,4}$",
    re.I,
)
_STRONG_START = lazy(
    r"\b(?:start\w*(?: on| date)?|since|began|begun|beginning|begin|initiat\w+|from|commenc\w+|c1(?: ?d1)?|cycle 1"
    r"|first (?:dose|cycle|infusion)) ?(?:\w+ ){0,3}$",
    re.I,
)
_RANGE = lazy(r"^[ ]*(?:-|–|to|through|until|till|thru|and|->|/)[ ]*(?:approximately |about )?$", re.I)
_OPEN = lazy(
    r"^[ ]*(?:->?|→|[,;]|to|until|till|through)?[ ]*(?:still )?(?:ongoing|present|current(?:ly)?|now|date|continu\w+|today)\b", re.I
)
_FIRST = lazy(r"\bc(?:ycle )?1 ?d(?:ay )?1\b|\bstart\w*|\bbegan|\binitiat\w+|\bfirst (?:dose|cycle)|\bcycle 1\b|\bc1\b", re.I)
_LAST = lazy(r"\blast\b|\bfinal\b|\bcomplet\w+|\bstopp\w+|\bdiscontinu\w+|\bended\b|\bceas\w+|\bc(?!1\b)\d{1,2} ?d\d{1,2}\b", re.I)


def span_of(named: Named, others: list[Named]) -> tuple[str | None, str | None, bool | None]:
    """(start, stop, whether it is said to go on)."""
    segment = named.segment
    others = [one for one in others if one is named or not _is_beside(one, named)]
    held = HELD.search(segment.text, named.end)
    found = [
        one
        for one in _dates(segment, named.therapy.kind in _DATED_BY_YEAR)
        if _is_mine(one, named, others) and not (held and held.start() <= one.start < held.end())
    ]
    if not found:
        return None, None, None
    columns = _columns(segment, found)
    if columns is not None:
        return columns
    pair = _range(segment, found, named)
    if pair is not None:
        return pair
    if _AGAIN.search(segment.text[max(0, named.start - 30) : named.start]):
        return None, None, None
    starts = [one for one in found if _is_start(segment, one, named)]
    stops = [one for one in found if one not in starts and _STOP_CUE.search(_lead(segment, one))]
    start = starts[0].iso if starts else None
    stop = stops[-1].iso if stops else None
    if start is None and stop and found[0] not in stops and 0 <= found[0].start - named.end < 12:
        start = found[0].iso  # "ibrutinib 11/2022 -> PD 6/2023"
    if start is None and stop is None:
        start, stop = _event(segment, min(found, key=lambda one: max(named.start - one.end, one.start - named.end)), named)
    return start, stop, None


_PARTS = lazy(r"[^.;\d]{0,60}")


def _is_beside(one: Named, named: Named) -> bool:
    """Prednisone with a drug, or the other half of one operation: a date behind both is of both."""
    if (one.therapy.is_supportive or one.therapy.is_steroid) and not named.therapy.is_steroid:
        return True
    between = named.segment.text[min(one.end, named.end) : max(one.start, named.start)]
    return one.therapy.kind == named.therapy.kind == "surgery" and one.start > named.start and _PARTS.fullmatch(between) is not None


def _dates(segment: Segment, is_bare_year_told: bool = False) -> tuple[DateMention, ...]:
    """All dates, those of tight ranges too ("5/2024-9/2024"): the dash is read as a space, of the same length."""
    text = _TIGHT.sub(" ", segment.text)
    found = tuple(
        one for one in dates_in_text(text, segment.is_day_first) if not _OF_BIRTH.search(text[max(0, one.start - 22) : one.start])
    )
    months = [*_months(text), *_short_months(segment.text)]
    found = tuple(sorted((*found, *months), key=lambda one: one.start)) if months else found
    years = [
        DateMention(one.start(), one.end(), year)
        for one in (*_YEARS.finditer(text), *(_BARE_YEARS.finditer(text) if is_bare_year_told else ()))
        if not any(known.start < one.end() and one.start() < known.end for known in found)
        and (year := PartialDate.parse(one.group(0))) is not None
    ]
    return tuple(sorted((*found, *years), key=lambda one: one.start)) if years else found


_OF_BIRTH = lazy(r"\b(?:birth|born(?: on)?|dob|d\.o\.b\.?)[ :]*$", re.I)
# "March to June 2023": the first month is of the same year
_MONTHS = lazy(
    r"\b(?P<month>(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*)(?=\.? ?(?:-|to|until|through|and) ?"
    r"(?P<second>(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*)\.? (?P<year>(?:19|20)\d\d)\b)",
    re.I,
)


def _months(text: str) -> Iterator[DateMention]:
    for found in _MONTHS.finditer(text):
        for mention in dates_in_text(f"{found['month']} {found['year']}", False):
            yield DateMention(found.start("month"), found.end("month"), mention.date)


# "8/23 - 1/24", "(3/25-7/25)": months of two years, or of one; a range of two days ("6/10-6/17") never looks so
_SHORT_MONTHS = lazy(
    r"(?<![\d/.-])(?P<a>0?[1-9]|1[0-2])/(?P<first>[1-4]\d) ?(?:-|to|until|through) ?(?P<b>0?[1-9]|1[0-2])/(?P<last>[1-4]\d)(?![\d/])", re.I
)


def _short_months(text: str) -> Iterator[DateMention]:
    for found in _SHORT_MONTHS.finditer(text):
        first, last, a, b = (int(found[name]) for name in ("first", "last", "a", "b"))
        if not ((first == last and a < b) or (0 < last - first < 7 and b < a)):
            continue
        for month, year in (("a", "first"), ("b", "last")):
            made = PartialDate.parse(f"20{found[year]}-{int(found[month]):02}")
            if made is not None:
                yield DateMention(found.start(month), found.end(year), made)


# a bare year is a date where a range of dates begins or ends with it: "2019 - 2/2023", "2017-2019"
_YEARS = lazy(
    r"(?<![\d/.,$#-])(?:19|20)\d\d(?=[ ]?(?:->?|→|to|until|through)[ ]?(?:(?:\d{1,2}/)?(?:19|20)\d\d|present|current|ongoing|now)\b)"
    r"|(?:(?<=(?:19|20)\d\d-)|(?<=(?:19|20)\d\d - ))(?:19|20)\d\d(?![\d/.,-])"
)
# "left nephrectomy 2021, ...": behind an operation or radiation, where no drug's dose can be meant
_BARE_YEARS = lazy(r"(?<=[A-Za-z)] )(?:19[6-9]|20[0-4])\d(?=[ ]?(?:[,;.)]|$))")
_DATED_BY_YEAR = ("surgery", "radiation", "cell_therapy")
_TIGHT = lazy(r"(?<=[\d])-(?=\d{1,2}/\d)|(?<=\d{4})-(?=[A-Z][a-z]{2})")


def _is_mine(one: DateMention, named: Named, others: list[Named]) -> bool:
    """Between this name and the date stands no other treatment, and no other treatment is nearer to the date."""
    text = named.segment.text
    low, high = min(one.end, named.end), max(one.start, named.start)
    if any(low <= other.start < high for other in others if other is not named) or high - low > 150:
        return False
    if _starts_line(named.segment, one):
        return one.end <= named.start or not any(other.start >= one.end for other in others)
    between = text[low:high] if one.start > named.end else text[one.end : named.start]
    if ";" in between:
        return False
    if one.start >= named.end:
        following = min((other.start for other in others if other.start >= one.end), default=None)
        is_next_ones = (
            following is not None
            and following - one.end < 18
            and one.start - named.end > 25
            and not re.search(r"[,.]", text[one.end : following])
        )
        return not is_next_ones and not re.search(r"\b(?:CT|MRI|PET|scan|imaging|biops\w+|CA ?19|labs?)\b[^.]*$", between, re.I)
    earlier = max((other.end for other in others if other.end <= one.start), default=None)
    return earlier is None or named.start - one.end < one.start - earlier


def _lead(segment: Segment, one: DateMention) -> str:
    """The words before a date on its own line."""
    line = segment.raw.rfind("\n", 0, one.start) + 1 if _starts_line(segment, one) else 0
    return segment.text[max(line, one.start - 40) : one.start]


def _starts_line(segment: Segment, one: DateMention) -> bool:
    """A date that opens a line of a history belongs to what follows it there."""
    return segment.raw[: one.start].rstrip(" \t*-").endswith("\n")


_START_COLUMN = lazy(r"\b(?:start\w*|from|began|begin|initiated|date started|given|date)\b")
_STOP_COLUMN = lazy(r"\b(?:stop\w*|end\w*|to|until|through|completed|last|discontinued)\b")


def _columns(segment: Segment, found: list[DateMention]) -> tuple[str | None, str | None, bool | None] | None:
    """Start and stop by the headings of their columns; None where no column says which is which."""
    start = stop = None
    for one in found:
        cell = segment.cell_at(one.start)
        heading = cell.heading if cell is not None else ""
        if _STOP_COLUMN.search(heading):
            stop = stop or one.iso
        elif _START_COLUMN.search(heading):
            start = start or one.iso
    if start is None and stop is None:
        return None
    is_open = any(_STOP_COLUMN.search(cell.heading) and _OPEN.match(segment.text[cell.start : cell.end].strip()) for cell in segment.cells)
    return start, stop, is_open or None


def _range(segment: Segment, found: list[DateMention], named: Named) -> tuple[str | None, str | None, bool | None] | None:
    text = segment.text
    for one, two in pairwise(found):
        between = text[one.end : two.start]
        is_row = not between.strip(" |") and (not text[: one.start].strip(" |*-") or segment.shape is Shape.ROW)
        if _RANGE.match(between) or is_row:
            return one.iso, two.iso, None
    for one in found:
        if _OPEN.match(text[one.end : one.end + 25].replace("|", " ").strip(" ")) and one.start < named.start + 160:
            return one.iso, None, True
    return None


def _is_start(segment: Segment, one: DateMention, named: Named) -> bool:
    lead = _lead(segment, one)
    if _STOP_CUE.search(lead) and not _STRONG_START.search(lead):
        return False
    return bool(_STRONG_START.search(lead))


_AGAIN = lazy(r"\b(?:resum\w+|restart\w*|continu\w+|re-?initiat\w+)\b[\w ]{0,20}$", re.I)
_LAST_ONE = lazy(r"\b(?:last|final|finished|completed|stopped|ended|discontinued)\b[\w ,-]{0,40}$", re.I)


def _event(segment: Segment, one: DateMention, named: Named) -> tuple[str | None, str | None]:
    """A bare date: of an operation, its day; of drugs, their start unless the words say it was the last dose."""
    text = segment.text
    between = text[one.end : named.start] if one.end <= named.start else text[named.end : one.start]
    if len(between) > (60 if named.therapy.kind in ("surgery", "cell_therapy") else 45):
        return None, None
    if _LAST_ONE.search(text[max(0, named.start - 45) : named.start]):
        return None, one.iso
    around = between + " " + text[named.end : named.end + 30]
    if _LAST.search(around) and not _FIRST.search(around):
        return None, one.iso
    return one.iso, None
