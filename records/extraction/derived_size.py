"""The greatest dimension of the invasive tumour, as the report measures it: never the specimen's, a node's, a margin's or what is in situ."""

from __future__ import annotations

import re
from collections.abc import Iterator

from records.extraction.derived_depth import SKIPPED, Measure
from records.extraction.patterns import lazy
from records.extraction.report import Report
from records.extraction.section_titles import Section
from records.extraction.segments import Segment
from records.extraction.validity import steps_of

_LENGTH = (
    r"(?P<a>\d{1,3}(?:[.,]\d{1,2})?)(?: ?(?:cm|mm)?\.? ?[x×X] ?(?P<b>\d{1,3}(?:[.,]\d{1,2})?))?(?: ?(?:cm"
    r"|mm)?\.? ?[x×X] ?(?P<c>\d{1,3}(?:[.,]\d{1,2})?))? ?(?P<unit>cm|mm)\b"
)


_SIZE = lazy(
    rf"(?:(?:invasive |infiltrating |primary )?(?:tumou?r|carcinoma|lesion|mass|cancer|neoplasm)(?: is"
    rf"| was)?(?: \w+){{0,2}}? ?(?:size|dimensions?|diameter)?|greatest (?:tumou?r )?dimension"
    rf"|maxim\w+ (?:tumou?r )?(?:dimension|diameter|size)|size(?: of)?(?: the)?(?: invasive)?(?: tumou?r| component"
    rf"| carcinoma)?|dimension of (?:the )?(?:solid|invasive|infiltrating) component"
    rf"|(?:largest|size of)(?: (?:invasive|contiguous|single|tumou?r))* (?:focus|carcinoma|tumou?r)|\bfoci)"
    rf"(?: \([^)]{{0,40}}\))?[ :=,(]*(?:(?:is|was|measur\w+|of|approximately|about|up to|forming|a|an|solid|mass|by|at"
    rf"|microscopically|grossly|greatest|dimension|maximum|in|the|approx\.?)[ :,]+)*{_LENGTH}",
    re.I,
)


_IN_WORDS = lazy(rf"{_LENGTH}[ ,]*(?:in (?:its )?)?(?:greatest|largest|maxim\w+)(?: tumou?r)? (?:dimension|diameter|extent)", re.I)


_NAMES_TUMOUR = lazy(r"tumou?r|carcinoma|mass\b|lesion|cancer|neoplasm|malignan|invasive", re.I)


_NOT_TUMOUR = lazy(
    (
        r"specimen|node|margin|distance|from the|in[ -]situ|dcis|polyp|section|fragment|aggregate|skin|ellipse|portion"
        r"|core|cyst|uterus|segment of|metasta\w+|additional|benign|adenoma|clip|nodal|deposit"
        r"|gallbladder|thickness|staple|separated|away|within \d|biopsy site|cavity"
    ),
    re.I,
)


_MEASURES = lazy(r"(?:(\w+) )?(?:(?:grossly|microscopically|approximately|itself) )?measures? (?:\d|up)", re.I)
_TUMOUR_WORD = lazy(r"tumou?r|carcinoma|cancer|mass|lesion|neoplasm", re.I)
_TUMOUR_ITSELF = lazy(r"tumou?r|carcinoma|cancer|invasive", re.I)
# "0.4 cm from the deep margin", "5 cm of normal tissue between"; but "4 cm from medial to lateral" is a side of it
_TO_AN_EDGE = lazy(r" ?(?:from\b(?! \w+ to\b)|(?:away|beyond|thick|deep)\b|of (?:intervening|normal|uninvolved|benign))", re.I)
_OWN_LINE = lazy(r"\W*(?:(?:maximum|maximal|greatest|largest|total|overall|invasive|histologic) )*(?:size|measur|dimension|diameter)", re.I)
_PART = lazy(r"\W*(?:[Pp][Aa][Rr][Tt] )?(?:[A-Z]|\d{1,2})(?:[.):]| ?-) \W*(?P<what>[^:]{3,90})")
_OF_NODES = lazy(r"\bnodes?\b|\bnodal|axilla", re.I)
_OF_AN_ORGAN = lazy(
    r"breast|mastectomy|lumpectomy|pancrea|colon|colectomy|rect|gastr|stomach|esophag|kidney|nephrectomy|thyroid|lobectomy", re.I
)
_PART_REACH = 12  # segments

_FINAL = (Section.SYNOPTIC, Section.DIAGNOSIS)
_LESS_FINAL = (Section.MICROSCOPIC, Section.COMMENT, Section.ADDENDUM, Section.UNKNOWN, Section.OTHER, Section.IMMUNOHISTOCHEMISTRY)


def by_size(report: Report, stem: str) -> Measure | None:
    """The T that the greatest dimension makes, from the most final part of the report that gives one."""
    steps = steps_of("by_size", stem)
    return _greatest(steps, _found(report), (_FINAL, tuple(Section))) if steps else None


def by_final_size(report: Report, stem: str) -> Measure | None:
    """As by_size, for a T that is stated: a dimension that only the gross description has is none of the microscope's."""
    steps = steps_of("refined_by_size", stem)
    found = [one for one in _found(report) if one[0].section in _FINAL or _says_tumour(one)] if steps else []
    return _greatest(steps, found, (_FINAL, _LESS_FINAL))


_Size = tuple[Segment, int, int, float, str]


def _found(report: Report) -> list[_Size]:
    return [one for segment in report.segments if _may_measure(segment) for one in _sizes(report, segment)]


def _says_tumour(size: _Size) -> bool:
    """ "Mass" and "lesion" are words of the naked eye."""
    segment, start, end = size[:3]
    return _TUMOUR_ITSELF.search(segment.text[max(0, start - 60) : end]) is not None


def _greatest(steps: list[tuple[float, str]], found: list[_Size], tiers: tuple[tuple[Section, ...], ...]) -> Measure | None:
    for sections in tiers:
        mine = [one for one in found if one[0].section in sections]
        if mine:
            segment, start, end, size, words = max(mine, key=lambda one: one[3])
            return Measure([category for more, category in steps if size > more][-1], segment, start, end, words)
    return None


def _may_measure(segment: Segment) -> bool:
    return segment.section not in SKIPPED and not segment.is_boilerplate and "m" in segment.lower


def _sizes(report: Report, segment: Segment) -> Iterator[_Size]:
    """(segment, start, end, millimetres, the dimensions as written) of each size of the tumour."""
    for grammar in (_SIZE, _IN_WORDS):
        for found in grammar.finditer(segment.text):
            behind = re.split(r"[,;]", segment.text[found.end() : found.end() + 15])[0]  # "4.6 cm, no node involved"
            around = segment.text[max(0, found.start() - 40) : found.end()] + behind
            if _NOT_TUMOUR.search(around) or _TO_AN_EDGE.match(segment.text, found.end()) or _is_of_something_else(around):
                continue
            if not (_is_own_line(segment, found) or _names_tumour(segment, found)) or _is_of_nodes(report, segment):
                continue
            sides = [float(side.replace(",", ".")) for side in found.group("a", "b", "c") if side]
            size = max(sides) * (10 if found.group("unit").lower() == "cm" else 1)
            if 0 < size <= 300:
                yield segment, found.start(), found.end(), size, segment.text[found.start("a") : found.end("unit")]


def _is_of_something_else(around: str) -> bool:
    """ "This area measures 3 cm"."""
    found = _MEASURES.search(around)
    return found is not None and not _TUMOUR_WORD.fullmatch(found.group(1) or "")


def _names_tumour(segment: Segment, found: re.Match[str]) -> bool:
    return _NAMES_TUMOUR.search(segment.text[max(0, found.start() - 80) : found.end() + 15]) is not None


def _is_own_line(segment: Segment, found: re.Match[str]) -> bool:
    """ "- Size: 5.2 cm" below the diagnosis that it belongs to."""
    return segment.section in _FINAL and _OWN_LINE.match(segment.text[: found.end()]) is not None


def _is_of_nodes(report: Report, segment: Segment) -> bool:
    """Stands under "B. Lymph node, sentinel, excision": what is measured there is a metastasis."""
    for one in (segment, *report.before(segment, _PART_REACH)):
        part = _PART.match(one.text) if one.section is segment.section else None
        if part is not None and (_OF_NODES.search(part["what"]) or _OF_AN_ORGAN.search(part["what"])):
            return _OF_AN_ORGAN.search(part["what"]) is None
    return False
