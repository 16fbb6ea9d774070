"""Lymph nodes with tumour and lymph nodes looked at: the totals where the record gives them, else the sum over the specimens."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any, ClassVar

from records.extraction.finding import Assertion, Evidence, Finding, Kind
from records.extraction.nodes_counts import BESIDE_N, HAS_NODE, NUMBER, Count, counts_in, number
from records.extraction.patterns import lazy
from records.extraction.report import Report
from records.extraction.section_titles import Section
from records.extraction.segments import Segment

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


_RESULT = lazy(r"negative|positive|malignan|metasta|carcinoma|\bp?N[0-3OX]|tumou?r|involved|\d/\d", re.I)


_TOTAL = lazy(
    (
        rf"(?:total of |in total,? )?\b(?P<n>{NUMBER}) (?:\w+ ){{0,2}}?(?:lymph )?nodes? (?:were|are|was) (?:examined"
        rf"|identified|found|submitted|sampled)[^.;]{{0,12}}(?:total|altogether)"
        rf"|a total of (?P<n2>{NUMBER}) (?:\w+ ){{0,2}}?(?:lymph )?nodes?"
    ),
    re.I,
)


_LEVEL = lazy(r"\blevels? ?(?:\d|[IVX]{1,3})[ab]?\W*$", re.I)
_LEVELS_REACH = 3  # segments


_BY_CHANCE = 5  # nodes from which two equal counts are the same count


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


class Nodes:
    """One finding of kind NODES a document, or none."""

    name: ClassVar[str] = "nodes"
    version: ClassVar[int] = 2

    def extract(self, report: Report) -> Iterable[Finding]:
        return report.once(counted_nodes)


def counted_nodes(report: Report) -> tuple[Finding, ...]:
    """What Nodes finds, for rules that build on it: report.once(counted_nodes)."""
    stated = _stated_total(report)
    if stated is not None:
        return (stated,)
    near = _near_nodes(report, 1)
    counts = [one for segment in report.segments if segment.index in near and _may_count(segment) for one in counts_in(segment, report)]
    counts = _without_levels(counts)
    for sections in ((Section.DIAGNOSIS, Section.SYNOPTIC), _TRUSTED):
        mine = _distinct([one for one in counts if one.segment.section in sections])
        if mine:
            return (_summed(report, mine),)
    return ()


def _near_nodes(report: Report, reach: int) -> frozenset[int]:
    """Indexes of the segments that name nodes, and of the `reach` segments after each."""
    naming = [segment.index for segment in report.having(HAS_NODE, "lymph", "node", "nodal", "sentinel", "ln")]
    naming += [segment.index for segment in report.having(BESIDE_N, "n0", "n1", "n2", "n3")]
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


def _without_levels(counts: list[Count]) -> list[Count]:
    """ "5/42 nodes positive (level 2: 2/19, level 3: 2/5)": what a dissection is made of, beside the whole of it."""
    labelled = [one for one in counts if _LEVEL.search(one.segment.text[: one.start])]
    return [one for one in counts if one not in labelled or not any(_is_whole_of(other, one) for other in counts if other not in labelled)]


def _is_whole_of(whole: Count, part: Count) -> bool:
    is_before = 0 <= part.segment.index - whole.segment.index <= _LEVELS_REACH
    return is_before and whole.examined > part.examined and whole.positive >= part.positive


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
    """Do two or more of the others add up to it, in nodes and in positive ones, and is none larger?"""
    others = [other for other in counts if other is not one]
    if any(other.examined > one.examined or other.positive > one.positive for other in others):
        return False
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
            examined = number(found.group("n") or found.group("n2"))
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
