"""Lymph nodes with tumour and lymph nodes looked at: the totals where the record gives them, else the sum over the specimens."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from typing import Any, ClassVar

from records.extraction.finding import Assertion, Evidence, Finding, Kind
from records.extraction.patterns import lazy
from records.extraction.report import Report
from records.extraction.sections import Section
from records.extraction.segments import Segment

_UNITS = [
    "zero",
    "one",
    "two",
    "three",
    "four",
    "five",
    "six",
    "seven",
    "eight",
    "nine",
    "ten",
    "eleven",
    "twelve",
    "thirteen",
    "fourteen",
    "fifteen",
    "sixteen",
    "seventeen",
    "eighteen",
    "nineteen",
]
_TENS = {"twenty": 20, "thirty": 30, "forty": 40, "fifty": 50}
_WORDS = (
    {word: number for number, word in enumerate(_UNITS)}
    | _TENS
    | {f"{ten}-{_UNITS[one]}": value + one for ten, value in _TENS.items() for one in range(1, 10)}
    | {"no": 0, "none": 0, "all": -1, "single": 1, "a": 1}
)
_NUMBER = r"(?:\d{1,3}|" + "|".join(sorted(_WORDS, key=len, reverse=True)) + r")(?: ?\((?:\d{1,3}|[a-z-]{3,12})\))?"
_NODE = r"(?:lymph\b|lymphaden|nodes?\b|nodal|sentinel|\bLN\b|\bLNs\b)"
_FRACTION = lazy(r"(?<![\d/.])(\d{1,3}) ?/ ?(\d{1,3})(?![\d/]|\.\d)")
_OF = lazy(
    (
        rf"\b(?P<positive>{_NUMBER}) +(?:out )?of +(?:the |a total of |total |all |these )?(?P<examined>{_NUMBER})(?= |,|\.|\)"
        rf"|$)(?P<after>[^.;]{{0,60}})"
    ),
    re.I,
)
_EXAMINED = lazy(
    r"(?:(?:total )?(?:number|no\.?|#)(?: of)?(?: (?:regional|total|lymph))*(?: lymph)? ?(?:nodes?|LNs?)? ?(?:sampled"
    r"|examined|identified|found|retrieved|submitted|evaluated|assessed)|(?:lymph )?nodes? (?:examined|sampled"
    r"|identified|retrieved)|(?:total )?number examined|total(?: number)?(?: of)?(?: lymph)? nodes?"
    r"(?: examined)?|examined)(?: \(.{0,30}?\))? ?[:=-] ?(?:at least )?(\d{1,3})(?![\d/.]\d|\d)",
    re.I,
)
_POSITIVE = lazy(
    r"(?:(?:total )?(?:number|no\.?|#)(?: of)?(?: (?:regional|total|lymph|positive|involved))*(?: lymph)? ?(?:nodes?"
    r"|LNs?)? ?(?:involved|positive|with (?:metasta\w+|tumou?r|carcinoma)|with macrometasta\w+)"
    r"|(?:lymph )?nodes? (?:involved|positive)|number (?:involved|positive)|number of positive(?: lymph)? nodes?"
    r"|positive(?: lymph)? nodes?"
    r"|involved|metastatic)(?: by (?:tumor|carcinoma|metastatic carcinoma))?(?: \(.{0,30}?\))? ?[:=-] ?(\d{1,3}|none"
    r"|zero|[oO])(?![\d/.]\d|\w)",
    re.I,
)
_COUNTED = lazy(
    (
        rf"(?:\b(?P<n>{_NUMBER})|\((?P<n2>\d{{1,3}})\)) (?:(?!of\b|and\b|or\b)[a-z-]+,? ){{0,4}}?(?:lymph ?)?nodes?\b"
        rf"|\b(?:in|all|any of|each of)(?: of)?(?: the)? (?P<n3>{_NUMBER}) (?:[a-z-]+ ){{0,3}}?(?:lymph ?)?nodes?\b"
    ),
    re.I,
)
_SINGLE_OF = lazy(r"\b(?:a )?(?P<positive>single|one|two|three|multiple|\d+)? ?\((?:(?P<inner>\d{1,3}) )?of (?P<examined>\d{1,3})\)", re.I)
_NOT_POSITIVE = lazy(
    (
        r"negative|\bfree\b[. ]{0,3}(?:of|from)\b|\bno (?:\w+ ){0,3}(?:tumou?r|carcinoma|malignan|metasta|evidence|neoplas)|benign"
        r"|reactive|uninvolved|without|not involved|no evidence|\bno tumou?r"
    ),
    re.I,
)
_IS_POSITIVE = lazy(
    r"positive|metasta|replaced|involved by|with (?:\w+ )?carcinoma|involvement by|contain\w* (?:\w+ )?(?:carcinoma|tumou?r)", re.I
)
_RESULT = lazy(r"negative|positive|malignan|metasta|carcinoma|\bp?N[0-3OX]|tumou?r|involved|\d/\d", re.I)
_TOTAL = lazy(
    (
        rf"(?:total of |in total,? )?\b(?P<n>{_NUMBER}) (?:\w+ ){{0,2}}?(?:lymph )?nodes? (?:were|are|was) (?:examined"
        rf"|identified|found|submitted|sampled)[^.;]{{0,12}}(?:total|altogether)"
        rf"|a total of (?P<n2>{_NUMBER}) (?:\w+ ){{0,2}}?(?:lymph )?nodes?"
    ),
    re.I,
)
_HAS_NODE = lazy(_NODE, re.I)
_BESIDE_N = lazy(r"\bp?N[0-3][a-c]?(?: ?\(sn\))?,? ?[(\[]\d")
_BEHIND_N = lazy(r"\bp?N[0-3][a-c]?(?: ?\(sn\))?,? ?[(\[]$")  # "pN1 (2/18)"
_BY_CHANCE = 5  # nodes from which two equal counts are the same count
_FALSE_STOP = lazy(r"(?<=[a-z])\.(?= [a-z0-9])")
_TOTAL_OF = lazy(r"total of ?$", re.I)
_OF_WHICH = lazy(
    rf",? ?(?:\w+ ){{0,3}}?of (?:which|these),? (?P<positive>{_NUMBER}) (?:\w+ ){{0,2}}?(?:positive|involved|contain\w*|metasta\w*)", re.I
)
_SCORING = lazy(r"nottingham|bloom|gleason|score|grade|mitos|quadrant|slides?|blocks?|hpf|microns?|cores?", re.I)
_TRUSTED = (
    Section.GROSS,
    Section.HISTORY,
    Section.IMAGING,
    Section.IMPRESSION,
    Section.DIAGNOSIS,
    Section.SYNOPTIC,
    Section.UNKNOWN,
    Section.MICROSCOPIC,
    Section.COMMENT,
    Section.SPECIMEN,
    Section.ADDENDUM,
    Section.IMMUNOHISTOCHEMISTRY,
    Section.OTHER,
)


@dataclass(frozen=True, slots=True)
class Count:
    """positive of examined at [start, end) of a segment."""

    segment: Segment
    start: int
    end: int
    positive: int
    examined: int


class Nodes:
    """One finding of kind NODES a document, or none."""

    name: ClassVar[str] = "nodes"
    version: ClassVar[int] = 1

    def extract(self, report: Report) -> Iterable[Finding]:
        return report.once(counted_nodes)


def counted_nodes(report: Report) -> tuple[Finding, ...]:
    """What Nodes finds, for rules that build on it: report.once(counted_nodes)."""
    stated = _stated_total(report)
    if stated is not None:
        return (stated,)
    near = _near_nodes(report, 1)
    counts = [one for segment in report.segments if segment.index in near and _may_count(segment) for one in counts_in(segment, report)]
    for sections in ((Section.DIAGNOSIS, Section.SYNOPTIC), _TRUSTED):
        mine = _distinct([one for one in counts if one.segment.section in sections])
        if mine:
            return (_summed(report, mine),)
    return ()


def _near_nodes(report: Report, reach: int) -> frozenset[int]:
    """Indexes of the segments that name nodes, and of the `reach` segments after each."""
    naming = [segment.index for segment in report.having(_HAS_NODE, "lymph", "node", "nodal", "sentinel", "ln")]
    naming += [segment.index for segment in report.having(_BESIDE_N, "n0", "n1", "n2", "n3")]
    return frozenset(index + step for index in naming for step in range(reach + 1))


def _may_count(segment: Segment) -> bool:
    if segment.is_boilerplate or segment.section in (
        Section.LITERATURE,
        Section.TECHNIQUE,
        Section.INTRAOPERATIVE,
        Section.LABS,
        Section.FAMILY,
    ):
        return False
    return segment.section not in (Section.GROSS, Section.HISTORY) or bool(
        _RESULT.search(segment.text) and not re.search(r"submitted|labell?ed|cassette|bisected|received|measur", segment.lower)
    )


def counts_in(segment: Segment, report: Report) -> Iterator[Count]:
    """Each "2 of 18 nodes", "(0/14)" or "twelve nodes, negative" of a segment."""
    segment = _unbroken(segment)
    text = segment.text
    before = report.before(segment)
    has_node = bool(_HAS_NODE.search(text) or _BESIDE_N.search(text)) or bool(
        before and segment.shape != "row" and _HAS_NODE.search(before[0].text[-70:])
    )
    if not has_node or not re.search(r"\d|\bof\b|negative|no |positive|benign|reactive", text, re.I):
        return
    found = [*_shares(segment), *_fractions(segment)]
    kept = [one for place, one in enumerate(found) if not any(_says_again(one, other) for other in found[:place])]
    yield from kept or _counted(segment)


def _unbroken(segment: Segment) -> Segment:
    """A full stop amid a clause ("two of. eight lymph. nodes") is a line's end that OCR took for one. Offsets stay."""
    mended = _FALSE_STOP.sub(" ", segment.text)
    return segment if mended == segment.text else replace(segment, text=mended)


def _says_again(one: Count, other: Count) -> bool:
    same = (one.positive, one.examined) == (other.positive, other.examined)
    return (one.start < other.end and other.start < one.end) or (same and abs(one.start - other.end) < 60)


def _shares(segment: Segment) -> Iterator[Count]:
    """ "two of twelve nodes", "a single (of 33) node", "multiple (2 of 24) nodes"."""
    for found in _OF.finditer(segment.text):
        positive, examined = _number(found.group("positive")), _number(found.group("examined"))
        if positive is None or not examined or not _HAS_NODE.search(segment.text[max(0, found.start() - 60) : found.end()]):
            continue
        positive = examined if positive == -1 else positive
        if 0 <= positive <= examined <= 150:
            yield Count(segment, found.start(), found.start("after"), positive, examined)
    for found in _SINGLE_OF.finditer(segment.text):
        positive, examined = _number(found.group("inner") or found.group("positive") or ""), int(found.group("examined"))
        near = segment.text[found.end() : found.end() + 60]
        if positive is not None and 0 < positive <= examined <= 150 and _HAS_NODE.search(near):
            yield Count(segment, found.start(), found.end(), 0 if _NOT_POSITIVE.search(near) else positive, examined)


def _fractions(segment: Segment) -> Iterator[Count]:
    text = segment.text
    for found in _FRACTION.finditer(text):
        positive, examined = int(found.group(1)), int(found.group(2))
        if not 0 <= positive <= examined <= 150 or examined == 0:
            continue
        if _SCORING.search(text[max(0, found.start() - 30) : found.end() + 12]) or not (
            _HAS_NODE.search(text[max(0, found.start() - 130) : found.end() + 40]) or _BEHIND_N.search(text[: found.start()])
        ):
            continue
        if positive == examined and _NOT_POSITIVE.search(text[found.end() : found.end() + 50]):
            positive = 0
        yield Count(segment, found.start(), found.end(), positive, examined)


def _counted(segment: Segment) -> Iterator[Count]:
    """Nodes that are counted and called positive or negative as a whole."""
    text = segment.text
    for found in _COUNTED.finditer(text):
        examined = _number(found.group("n") or found.group("n2") or found.group("n3"))
        around = text[max(0, found.start() - (60 if found.group("n3") or not found.start() else 25)) : found.end() + 90]
        if (
            examined is None
            or not 0 < examined <= 100
            or re.search(r"#|number \w+$|level|station", text[max(0, found.start() - 10) : found.start()], re.I)
            or (re.search(r"\d ?of ?$|\w of ?$", text[: found.start()]) and not _TOTAL_OF.search(text[: found.start()]))
        ):
            continue
        share = _OF_WHICH.match(text[found.end() :][_are_found(text[found.end() :]) :])
        positive = _number(share.group("positive")) if share else None
        if positive is not None and 0 <= positive <= examined:
            yield Count(segment, found.start(), found.end(), positive, examined)
        elif _NOT_POSITIVE.search(around):
            yield Count(segment, found.start(), found.end(), 0, examined)
        elif _IS_POSITIVE.search(around):
            yield Count(segment, found.start(), found.end(), examined, examined)


def _are_found(behind: str) -> int:
    """Where "are identified" ends behind a number of nodes."""
    found = re.match(r" (?:are|were|is|was) (?:\w+ ){0,1}?(?:identified|found|examined|seen|present|recovered|isolated)", behind)
    return found.end() if found else 0


def _number(text: str) -> int | None:
    lead = text.split("(")[0].strip().lower()
    return int(lead) if lead.isdigit() else _WORDS.get(lead)


def _distinct(counts: list[Count]) -> list[Count]:
    """Each specimen's count once. Said again is one: in another part of the report, or with as many nodes as no two specimens share by
    chance; two small specimens of one part may well have the same count. A count that is the sum of others is the total, and stands alone."""
    made: list[Count] = []
    for one in counts:
        said = [other for other in made if (other.positive, other.examined) == (one.positive, one.examined)]
        if not any(one.examined >= _BY_CHANCE or _is_another_part(one, other) for other in said):
            made.append(one)
    whole = next((one for one in sorted(made, key=lambda one: -one.examined) if _is_sum(one, made)), None)
    return made if whole is None else [whole]


def _is_another_part(one: Count, other: Count) -> bool:
    return (
        other.segment.section is not one.segment.section
        or other.segment.title != one.segment.title
        or one.segment.index - other.segment.index > 60
    )


def _is_sum(one: Count, counts: list[Count]) -> bool:
    """Do two or more of the others add up to it, in nodes and in positive ones?"""
    others = [other for other in counts if other is not one and other.examined <= one.examined]
    reached: set[tuple[int, int, int]] = {(0, 0, 0)}
    for other in others[:12]:
        reached |= {
            (positive + other.positive, examined + other.examined, min(2, parts + 1))
            for positive, examined, parts in reached
            if examined + other.examined <= one.examined
        }
    return (one.positive, one.examined, 2) in reached


def _summed(report: Report, counts: list[Count]) -> Finding:
    value = {"positive": sum(one.positive for one in counts), "examined": sum(one.examined for one in counts)}
    total = _total(report)
    if total is not None and total.examined >= value["positive"]:
        value["examined"] = total.examined
        counts = [total, *counts]
    evidence = tuple(dict.fromkeys(one.segment.evidence(one.start, one.end) for one in counts))
    return _made(report, value, evidence, 0.9 if len(counts) == 1 else 0.8)


def _total(report: Report) -> Count | None:
    """ "Fourteen lymph nodes were examined in total"."""
    if "total" not in report.text.lower():
        return None
    for segment in report.segments:
        for found in _TOTAL.finditer(segment.text):
            examined = _number(found.group("n") or found.group("n2"))
            if examined and "total" in found.group(0).lower() and not segment.is_boilerplate:
                return Count(segment, found.start(), found.end(), 0, examined)
    return None


def _stated_total(report: Report) -> Finding | None:
    """ "Number of nodes examined: 18" with "number positive: 2" near it."""
    examined: list[tuple[Segment, re.Match[str]]] = []
    positive: list[tuple[Segment, re.Match[str]]] = []
    near = _near_nodes(report, 4)
    for segment in report.segments:
        if segment.index not in near or not _may_count(segment):
            continue
        examined += [(segment, found) for found in _EXAMINED.finditer(segment.text)]
        positive += [(segment, found) for found in _POSITIVE.finditer(segment.text)]
    pairs = [
        (one, other)
        for one in examined
        for other in positive
        if abs(one[0].index - other[0].index) <= 6
        and _count(other[1]) <= _count(one[1])
        and (one[0] is not other[0] or one[1].span(1) != other[1].span(1))
    ]
    if not pairs:
        return None
    whole = max(pairs, key=lambda pair: (_count(pair[0][1]), -abs(pair[0][0].index - pair[1][0].index)))
    value = {"positive": _count(whole[1][1]), "examined": _count(whole[0][1])}
    evidence = tuple(segment.evidence(found.start(), found.end()) for segment, found in whole)
    return _made(report, value, evidence, 0.95)


def _count(found: re.Match[str]) -> int:
    return int(found.group(1)) if found.group(1).isdigit() else 0


def _made(report: Report, value: dict[str, Any], evidence: tuple[Evidence, ...], confidence: float) -> Finding:
    return Finding(
        Kind.NODES,
        value,
        evidence,
        Assertion.PRESENT,
        report.header.specimen_date or report.header.date,
        confidence,
        f"{Nodes.name}/{Nodes.version}",
    )
