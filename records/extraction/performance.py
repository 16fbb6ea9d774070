"""How fit the patient is: ECOG (Zubrod, WHO) 0–4 and Karnofsky 10–100, from words and from ticked boxes.

Of a range ("0-1") the higher number counts, as trials do; the printed range stays in the quote. Scales printed with their definitions
give a value only where one box is ticked. Oken and others, Am J Clin Oncol 1982; Karnofsky and Burchenal 1949.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Any, ClassVar

from records.extraction.context import context_at
from records.extraction.dates import nearest_date
from records.extraction.finding import Assertion, Finding, Kind
from records.extraction.patterns import lazy
from records.extraction.report import Report
from records.extraction.section_titles import Section
from records.extraction.segments import Segment

_WORDS = {"zero": 0, "one": 1, "two": 2, "three": 3, "four": 4, "o": 0, "i": 1, "ii": 2, "iii": 3, "iv": 4}
_DIGIT = (
    r"(?P<value>[0-4]|zero|one|two|three|four)(?:\s?(?:-|to|or|/)\s?(?P<high>[0-4]))?(?![\d.]*\d|%|\s?(?:of"
    r"|/)\s?(?:5|10|100)\b|\s?(?:cm|mm|mg|weeks?|months?|days?|years?|patients)\b|[/-]\d|:)"
)
_NAME = (
    r"(?:(?:E\.?C\.?[O0]\.?G\.?|EGOG|ECQG|Zubrod|WHO|ECOG/WHO|ECOG/Zubrod"
    r"|GOG)(?:['’]s)?(?:[ -]?(?:performance(?: status| score| scale)?|PS|score|status|grade|scale"
    r"|functional status))*)"
)
_LABEL = r"(?:performance (?:status|score|scale)|functional status|\bP\.?S\.?)"
_JOIN = (
    r"(?:[ ]?\((?:ECOG|Zubrod|WHO|PS|0-[45]|ECOG PS|ECOG scale)\))?(?:[ \t]*(?:[:=,-]|is|was|of|score|status"
    r"|grade|at|remains|today|currently|estimated|approximately|about|now|level|stable|still|as|equals"
    r"|improved to|declined to|worsened to|has|been|an?|the|on|current|ECOG|Zubrod|PS|\(|\[|~)[ \t]*){0,6}[ ]?"
)
_ECOG = lazy(rf"\b{_NAME}{_JOIN}{_DIGIT}", re.I)
_STATUS = lazy(rf"\b(?:{_LABEL})\b(?:[ ]?\((?:ECOG|Zubrod|WHO)\))?{_JOIN}{_DIGIT}", re.I)
_SHORT = lazy(rf"\bPS ?[:=]? ?(?:of |is |was )?{_DIGIT}")
_NUMBER_FIRST = lazy(r"(?<![\d.])(?P<value>[0-4])(?P<high>(?!))?[ ]?(?:on (?:the )?|\(|by )(?:ECOG|Zubrod)\b", re.I)
_KARNOFSKY = lazy(
    r"\b(?:KPS|Karnofsky)(?:['’]s)?(?:[ ]?(?:performance|status|score|scale|index|PS|\(KPS\)|\(%\)"
    r"|grade))*(?:[ \t]*(?:[:=,-]|is|was|of|at|remains|about|approximately|estimated|today|now|as|~"
    r"|\()[ \t]*){0,5}[ ]?(?P<value>[1-9]0|100)(?:\s?(?:-|to)\s?(?P<high>[1-9]0|100))?\s?%?(?!\d|\.\d)",
    re.I,
)
_KARNOFSKY_FIRST = lazy(r"(?<![\d.])(?P<value>[1-9]0|100)(?P<high>(?!))? ?% (?:on (?:the )?|by )?Karnofsky", re.I)
_TICK = r"(?:[\[(]\s*[xX✓✔vV*]\s*[\])]|[☒☑✓✔])"
_BOX_FIRST = lazy(rf"{_TICK}\s*(?P<number>\d{{1,3}})\b")
_NUMBER_THEN_BOX = lazy(rf"\b(?P<number>\d{{1,3}})\s*{_TICK}")
_TICKED = lazy(_TICK)
_EMPTY_BOX = lazy(r"[\[(]\s*[\])]|[☐□○]")
_HAS = lazy(r"ec[o0]g|egog|ecqg|zubrod|performance|karnofsky|\bkps\b|\bps\b|functional status|\bwho\b", re.I)
_STEMS = ("ecog", "ec0g", "egog", "ecqg", "zubrod", "performance", "karnofsky", "kps", "ps", "functional status", "who")
_SCALE = lazy(r"\b0\b.{0,160}\b1\b.{0,160}\b2\b.{0,160}\b3\b", re.S)
_TO_CIRCLE = lazy(r"\b0 ?[/|,] ?1 ?[/|,] ?2 ?[/|,] ?3\b")  # a scale to circle on
_TRIAL = lazy(
    r"\b(?:eligib\w+|inclusion|criteri\w+|required?|patients with|must have|trials? (?:of|for|requires?)"
    r"|enrol\w+|protocol requires)\b",
    re.I,
)
_PAST = lazy(r"\b(?:previously|prior|baseline|was|from|in the past|before|initially|at diagnosis|last visit)\b[^.;,]{0,20}$", re.I)

# "ECOG 0 at diagnosis, now 2", "improved from 3 to 1": what holds is said last
_NOW = lazy(
    r"[^.;:]{0,50}?\b(?:now|currently|today|presently|at present)\b ?(?:is |at |an? |of |ECOG |PS |KPS )*(?P<value>[0-4]|[1-9]0|100)\b"
    r"(?![./-]\d| ?(?:weeks?|wks?|months?|mos?|days?|years?|yrs?|cycles?|doses?|lines?|cm|mm|mg|kg|lbs?|pounds?)\b)",
    re.I,
)
_FROM_TO = lazy(
    rf"\b(?:{_NAME}|{_LABEL}|KPS|Karnofsky)[^.;:]{{0,30}}?\bfrom (?:an? )?(?P<before>[0-4]|[1-9]0|100) ?%? to (?:an? )?"
    r"(?P<value>[0-4]|[1-9]0|100)\b(?![./-]\d)",
    re.I,
)
_THEN = lazy(
    r" ?[(,]?(?: ?(?:at|before|prior to)) (?:the )?(?:time of )?(?:initial )?"
    r"(?:diagnosis|baseline|presentation|surgery|consult\w*|treatment|chemo\w*|admission)\b",
    re.I,
)


class Performance:
    """Findings of kind PERFORMANCE."""

    name: ClassVar[str] = "performance"
    version: ClassVar[int] = 2

    def extract(self, report: Report) -> Iterable[Finding]:
        for segment in report.having(_HAS, *_STEMS):
            if segment.is_boilerplate or segment.section.is_about_nobody or segment.section is Section.FAMILY:
                continue
            made = list(_ticked(report, segment) if _has_boxes(report, segment) else _stated(report, segment))
            yield from made or _under_heading(report, segment)


def _has_boxes(report: Report, segment: Segment) -> bool:
    form = _form(report, segment)
    return (
        bool(_TICKED.search(form) or _TO_CIRCLE.search(segment.text))
        or len(_EMPTY_BOX.findall(form)) > 1
        or (len(segment.text) > 60 and bool(_SCALE.search(segment.text)))
    )


def _form(report: Report, segment: Segment) -> str:
    """The line with the name of the scale and the lines of boxes under it."""
    below = [one.text for one in report.after(segment, 6) if _TICKED.search(one.text) or _EMPTY_BOX.search(one.text)]
    return " ".join([segment.text, *below])


def _ticked(report: Report, segment: Segment) -> Iterator[Finding]:
    """The one ticked number of a form; nothing where none or several are ticked."""
    is_karnofsky = bool(re.search(r"karnofsky|\bkps\b", segment.text, re.I))
    form = _form(report, segment)
    box = re.search(rf"{_TICK}|{_EMPTY_BOX.pattern}", form)
    digit = re.search(r"\b\d{1,3}\b", form)
    grammar = _NUMBER_THEN_BOX if box and digit and digit.start() < box.start() else _BOX_FIRST
    ticked = [
        (one, found)
        for one in (segment, *report.after(segment, 6))
        for found in grammar.finditer(one.text)
        if one is segment or not _HAS.search(one.text)
    ]
    if len(ticked) != 1:
        return
    where, found = ticked[0]
    number = int(found.group("number"))
    if is_karnofsky and number in range(10, 101, 10):
        yield _finding(report, where, found.start(), found.end(), "Karnofsky", number, 0.9)
    elif not is_karnofsky and number <= 4:
        yield _finding(report, where, found.start(), found.end(), "ECOG", number, 0.9)


def _stated(report: Report, segment: Segment) -> Iterator[Finding]:
    taken: list[tuple[int, int]] = []
    for found in _FROM_TO.finditer(segment.text):
        scale = "Karnofsky" if int(found["value"]) > 4 or int(found["before"]) > 4 else "ECOG"
        if _is_of(scale, int(found["value"])) and not _TRIAL.search(segment.text, 0, found.start()):
            taken.append(found.span())
            yield _finding(report, segment, found.start(), found.end(), scale, int(found["value"]), 0.92)
    for grammar, confidence in (
        (_ECOG, 0.97),
        (_STATUS, 0.92),
        (_SHORT, 0.9),
        (_NUMBER_FIRST, 0.9),
        (_KARNOFSKY, 0.97),
        (_KARNOFSKY_FIRST, 0.95),
    ):
        for found in grammar.finditer(segment.text):
            if any(start < found.end() and found.start() < end for start, end in taken) or _is_no_statement(segment, found):
                continue
            taken.append(found.span())
            scale = "Karnofsky" if grammar in (_KARNOFSKY, _KARNOFSKY_FIRST) else "ECOG"
            low, high = _number(found.group("value")), _number(found.group("high") or found.group("value"))
            number, end = min(low, high) if scale == "Karnofsky" else max(low, high), found.end()
            if (now := _NOW.match(segment.text, end)) and _is_of(scale, number_now := int(now["value"])):
                number, end = number_now, now.end()
            yield _finding(report, segment, found.start(), end, scale, number, confidence)


_HEADING = lazy(r"^\W*(?:(?:ECOG|Zubrod|WHO|performance|status|score|scale|PS|KPS|Karnofsky|[()/ ])+)[ :=]*$", re.I)


def _under_heading(report: Report, segment: Segment) -> Iterator[Finding]:
    """The name of the scale as a heading, its value on the next line."""
    following = report.after(segment, 1)
    if not _HEADING.match(segment.text) or not following:
        return
    is_karnofsky = bool(re.search(r"karnofsky|kps", segment.text, re.I))
    found = re.match(
        r"[ :=]*(?P<value>[1-9]0|100)\b ?%?" if is_karnofsky else rf"[ :=]*(?:(?:ECOG|Zubrod|PS|is|of|grade)[ :=]*)*{_DIGIT}",
        following[0].text,
        re.I,
    )
    if found is not None:
        yield _finding(report, following[0], 0, found.end(), "Karnofsky" if is_karnofsky else "ECOG", _number(found.group("value")), 0.88)


def _is_of(scale: str, number: int) -> bool:
    return number >= 10 if scale == "Karnofsky" else number <= 4


def _number(text: str) -> int:
    return int(text) if text.isdigit() else _WORDS[text.lower()]


def _is_no_statement(segment: Segment, found: re.Match[str]) -> bool:
    """A trial's rule, another scale, or "WHO grade 2" of a tumour."""
    said, before = found.group(0), segment.text[max(0, found.start() - 60) : found.start()]
    if _TRIAL.search(before) or re.match(r"WHO\b(?!.*(?:performance|PS|functional))", said, re.I):
        return True
    return bool(
        re.match(r"\s?(?:or (?:less|better|below|lower|higher|more|greater)|and below|criteria)", segment.text[found.end() :], re.I)
    ) or bool(re.search(r"grade", said, re.I) and not re.search(r"performance|ecog", said, re.I))


def _finding(report: Report, segment: Segment, start: int, end: int, scale: str, number: int, confidence: float) -> Finding:
    context = context_at(segment, start, end)
    is_told_before = context.cue == "" or context.cue in segment.lower[:start]  # "ECOG 2, previously ECOG 1": the word is of the next
    is_past = (context.assertion is Assertion.HISTORICAL and is_told_before) or bool(
        _PAST.search(segment.text[max(0, start - 40) : start])
        and re.search(r"previous|prior|baseline|in the past|initially|at diagnosis", segment.text[max(0, start - 40) : start], re.I)
    )
    is_past = is_past or _THEN.match(segment.text, end) is not None
    value: dict[str, Any] = {"scale": scale, "value": number}
    near = nearest_date(segment, start, end)
    is_close = near is not None and max(start - near.end, near.start - end) < 30
    day = near.iso if near is not None and is_close else report.header.specimen_date or report.header.date
    return Finding(
        Kind.PERFORMANCE,
        value,
        (segment.evidence(start, end),),
        Assertion.HISTORICAL if is_past else Assertion.PRESENT,
        day,
        confidence,
        f"{Performance.name}/{Performance.version}",
    )
