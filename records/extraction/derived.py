"""T and N that the report leaves to be worked out: from size, depth and node counts, by the 8th edition. Always `derived`, never stated."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import cache
from typing import Any, ClassVar

from personalize.vocabulary import load
from records.extraction.derived_depth import SKIPPED, Measure, by_depth
from records.extraction.finding import Assertion, Evidence, Finding, Kind
from records.extraction.header import ReportType
from records.extraction.nodes import counted_nodes
from records.extraction.patterns import lazy
from records.extraction.report import Report
from records.extraction.sections import Section
from records.extraction.segments import Segment
from records.extraction.tnm import stagings_of
from records.extraction.tumours import stem_of, tumours

_LENGTH = (
    r"(?P<a>\d{1,3}(?:[.,]\d{1,2})?)(?: ?(?:cm|mm)?\.? ?[x×X] ?(?P<b>\d{1,3}(?:[.,]\d{1,2})?))?(?: ?(?:cm"
    r"|mm)?\.? ?[x×X] ?(?P<c>\d{1,3}(?:[.,]\d{1,2})?))? ?(?P<unit>cm|mm)\b"
)


_SIZE = lazy(
    rf"(?:(?:invasive |infiltrating |primary )?(?:tumou?r|carcinoma|lesion|mass|cancer|neoplasm)(?: is"
    rf"| was)?(?: \w+){{0,2}}? ?(?:size|dimensions?|diameter)?|greatest (?:tumou?r )?dimension"
    rf"|maxim\w+ (?:tumou?r )?(?:dimension|diameter|size)|size(?: of)?(?: the)?(?: invasive)?(?: tumou?r| component"
    rf"| carcinoma)?|(?:largest|size of) (?:invasive )?(?:focus|carcinoma|tumou?r))"
    rf"(?: \([^)]{{0,40}}\))?[ :=,(]*(?:(?:is|was|measur\w+|of|approximately|about|up to|forming|a|an|solid|mass|by|at"
    rf"|microscopically|grossly|greatest|dimension|maximum|in|the|approx\.?)[ :,]+)*{_LENGTH}",
    re.I,
)


_IN_WORDS = lazy(rf"{_LENGTH}[ ,]*(?:in (?:its )?)?(?:greatest|largest|maxim\w+)(?: tumou?r)? (?:dimension|diameter|extent)", re.I)


_NAMES_TUMOUR = lazy(r"tumou?r|carcinoma|mass\b|lesion|cancer|neoplasm|malignan|invasive", re.I)


_NOT_TUMOUR = lazy(
    (
        r"specimen|node|margin|distance|from the|in[ -]situ|dcis|polyp\b|section|fragment|aggregate|skin|ellipse|portion"
        r"|core|cyst|uterus|segment of|metasta\w+ (?:focus|deposit)|additional|benign|adenoma|clip|nodal|deposit"
        r"|gallbladder|(?<!tumor )(?<!tumour )(?<!carcinoma )(?<!cancer )(?<!mass )(?<!lesion )(?<!neoplasm )measures? (?:\d|up)"
        r"|thickness|staple|separated|away|within \d|biopsy site|cavity"
    ),
    re.I,
)


# deposits of up to 2 mm, or of single cells, make another N than their number does (breast, AJCC 8th edition)
_SMALL = lazy(r"(?<!no )(?<!for )\bmicro-?metasta|isolated tumou?r cells|\bITCs?\b", re.I)
_LARGE = lazy(r"macro-?metasta|isolated tumou?r cells|\bITCs?\b", re.I)


class Derived:
    """Findings of kind TNM with `derived`: only for pathology, only where the report states no such category itself."""

    name: ClassVar[str] = "derived"
    version: ClassVar[int] = 2

    def extract(self, report: Report) -> Iterable[Finding]:
        organs = tumours(report).organs
        if report.header.type is not ReportType.PATHOLOGY or not organs:
            return
        tumour = organs[0]
        stem = stem_of(report, tumour)
        stated = {
            letter
            for finding in report.once(stagings_of)
            if finding.value.get("tumour") in (None, tumour)
            for letter in "tn"
            if not finding.value.get(letter, "X").endswith("X")
        }
        if "t" not in stated:
            measure = by_depth(report, stem) or _by_size(report, stem)
            if measure is not None:
                evidence = (measure.segment.evidence(measure.start, measure.end),)
                yield _made(report, {"t": measure.category, "tumour": tumour}, evidence)
        if "n" not in stated:
            yield from _by_nodes(report, stem, tumour)


def _by_nodes(report: Report, stem: str, tumour: str) -> Iterator[Finding]:
    steps = _steps("by_nodes", stem)
    counted = next(iter(report.once(counted_nodes)), None)
    if not steps or counted is None or counted.value.get("examined", 0) < 1:
        return
    positive = counted.value["positive"]
    if stem == "breast" and 0 < positive < 4 and _SMALL.search(report.text):
        if positive == 1 and not _LARGE.search(report.text):
            yield _made(report, {"n": "N1mi", "tumour": tumour}, counted.evidence)
        return  # which of several are how large decides between N0, N1mi and N1a
    category = [category for least, category in steps if positive >= least][-1]
    yield _made(report, {"n": category, "tumour": tumour}, counted.evidence)


def _by_size(report: Report, stem: str) -> Measure | None:
    steps = _steps("by_size", stem)
    if not steps:
        return None
    found = [one for segment in report.segments if _may_measure(segment) for one in _sizes(segment)]
    if not found:
        return None
    for sections in ((Section.SYNOPTIC, Section.DIAGNOSIS), tuple(Section)):
        mine = [one for one in found if one[0].section in sections]
        if mine:
            segment, start, end, size = max(mine, key=lambda one: one[3])
            return Measure([category for more, category in steps if size > more][-1], segment, start, end)
    return None


def _may_measure(segment: Segment) -> bool:
    return segment.section not in SKIPPED and not segment.is_boilerplate and "m" in segment.lower


def _sizes(segment: Segment) -> Iterator[tuple[Segment, int, int, float]]:
    """(segment, start, end, millimetres) of each size of the tumour."""
    for grammar in (_SIZE, _IN_WORDS):
        for found in grammar.finditer(segment.text):
            behind = re.split(r"[,;]", segment.text[found.end() : found.end() + 15])[0]  # "4.6 cm, no node involved"
            around = segment.text[max(0, found.start() - 40) : found.end()] + behind
            if _NOT_TUMOUR.search(around) or not (_is_own_line(segment, found) or _names_tumour(segment, found)):
                continue
            sides = [float(side.replace(",", ".")) for side in found.group("a", "b", "c") if side]
            size = max(sides) * (10 if found.group("unit").lower() == "cm" else 1)
            if 0 < size <= 300:
                yield segment, found.start(), found.end(), size


def _names_tumour(segment: Segment, found: re.Match[str]) -> bool:
    return _NAMES_TUMOUR.search(segment.text[max(0, found.start() - 80) : found.end() + 15]) is not None


def _is_own_line(segment: Segment, found: re.Match[str]) -> bool:
    """ "- Size: 5.2 cm" below the diagnosis that it belongs to."""
    return (
        segment.section in (Section.DIAGNOSIS, Section.SYNOPTIC)
        and re.match(r"\W*(?:size|measur)", segment.text[: found.end()], re.I) is not None
    )


@cache
def _steps(table: str, stem: str) -> list[tuple[float, str]]:
    return [
        (float(least), category)
        for least, category in (pair.strip().split(": ") for pair in load("ajcc")[table].get(stem, "").split(";") if pair.strip())
    ]


def _made(report: Report, value: dict[str, Any], evidence: tuple[Evidence, ...]) -> Finding:
    value = {**value, "prefix": "p", "edition": "8", "derived": True}
    return Finding(
        Kind.TNM,
        value,
        evidence,
        Assertion.PRESENT,
        report.header.specimen_date or report.header.date,
        0.75,
        f"{Derived.name}/{Derived.version}",
    )
