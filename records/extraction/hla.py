"""HLA types as a laboratory typed them, and their loss in the tumour. A type that a trial or a drug asks for is nobody's type.

"HLA-A*02:01, *11:01", "HLA-A 02:01 24:02", "HLA-A: A*02:01 / A*24:02", "HLA-A2 positive", "HLA-A0201".
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from typing import Any, ClassVar

from records.extraction.context import context_at
from records.extraction.finding import Assertion, Finding, Kind
from records.extraction.patterns import lazy
from records.extraction.report import Report
from records.extraction.section_titles import Section
from records.extraction.segments import Segment

_LOCUS = r"(?:A|B|C|DRB[1345]|DQ[AB]1|DP[AB]1)"
_FIELDS = r"(?P<group>\d{2})[: ]?(?P<protein>\d{2,3})(?::\d{2,3}){0,2}[A-Z]?(?![\d:])"
# a locus with HLA before it, or with its star; the second allele may leave the locus out
_ALLELE = lazy(
    rf"(?<![\w*])(?:HLA[- ]?(?P<locus>{_LOCUS})(?: locus)?\s*[:|]?\s*(?:{_LOCUS} ?)?[-*]? ?|(?P<starred>{_LOCUS}) ?\* ?){_FIELDS}"
)
_SECOND = lazy(rf"(?:\s{{0,9}}(?:[,;/|&]|and)\s{{0,9}}|\s{{1,9}})(?:HLA-?)?\*?{_FIELDS}")
_SEROTYPE = lazy(
    r"(?<!\w)HLA[- ]?(?P<locus>A|B)(?P<group>\d{1,2})(?!\d)(?![*:]) ?(?:is |was )?"
    r"(?P<sign>positive|negative|\+|-(?= |,|$)|pos\b|neg\b|present|absent|carrier)",
    re.I,
)
_ASKED = lazy(
    r"\b(?:trials?|stud(?:y|ies)|restricted|require[sd]?|requiring|eligib\w*|if|only (?:for|in)|must|criteri\w+|enrol\w*|target(?:s|ing)?"
    r"|TCR|vaccines?|therap(?:y|ies)|peptides?|typing (?:is|was) (?:planned|ordered|requested|recommended)|frequency|population"
    r"|common(?:ly)?|donors?|brother|sister|sibling|mother|father)\b",
    re.I,
)
_TYPING = lazy(r"\bHLA[- ](?:typing|type)(?: \([^()]{1,30}\))?(?: results?)? ?[:=]", re.I)
_LOST = lazy(
    r"\bHLA(?:[ -]class[ -]I)?(?:[ -][ABC])?(?: loss of heterozygosity|[ -]?LOH| loss)\b(?: \(LOH\))?"
    r"|\bloss of heterozygosity (?:at|of|in) (?:the )?HLA(?:[ -]class[ -]I)?(?: loc(?:us|i)| region| genes?)?\b"
    r"|\bloss of heterozygosity,? \(?HLA\)?(?:[ -]class[ -]I)?"
    r"|\bloss of HLA\b(?:[ -]class[ -]I)?",
    re.I,
)
_LINKED = r"^\W*(?:is |was |status\W+|by NGS\W+|expression )*"
_LOST_SAID = lazy(
    rf"{_LINKED}(?:(?P<no>not (?:detected|identified|present|found|seen)|absent|none|negative|no\b)|(?:detected|identified|present|found"
    r"|positive|yes|seen))",
    re.I,
)


@dataclass(frozen=True, slots=True)
class _Typed:
    """[start, end) in a segment, and the allele with two fields: "A*02:01"; "A*02" where only the serotype is told.

    is_absent: None where the words around decide.
    """

    start: int
    end: int
    allele: str
    is_absent: bool | None = None


class Hla:
    """Findings of kind HLA: alleles of the patient, and loss in the tumour."""

    name: ClassVar[str] = "hla"
    version: ClassVar[int] = 2

    def extract(self, report: Report) -> Iterable[Finding]:
        if "HLA" not in report.text.upper():
            return
        seen: set[_Typed] = set()
        for segment in report.segments:
            if segment.is_boilerplate or segment.section.is_about_nobody or segment.section in (Section.FAMILY, Section.PLAN):
                continue
            for one in _typed_in(report, segment):
                known = replace(one, start=0, end=0)
                if known not in seen:
                    seen.add(known)
                    yield self._finding(report, segment, (one.start, one.end), {"allele": one.allele}, one.is_absent)
            for start, end, is_absent in _lost_in(segment):
                yield self._finding(report, segment, (start, end), {"loss": not is_absent}, is_absent)
            yield from self._lost_below(report, segment)

    def _lost_below(self, report: Report, segment: Segment) -> Iterator[Finding]:
        """The name of the loss as a line of its own, its result on the next."""
        named = _LOST.search(segment.text)
        following = report.after(segment, 1)
        if named is None or not following or segment.text[: named.start()].strip() or segment.text[named.end() :].strip(" :"):
            return
        said = _LOST_SAID.match(following[0].text)
        if said is not None and not following[0].is_boilerplate:
            is_absent = said["no"] is not None
            yield self._finding(report, following[0], (0, said.end()), {"loss": not is_absent}, is_absent)

    def _finding(self, report: Report, segment: Segment, span: tuple[int, int], value: dict[str, Any], is_absent: bool | None) -> Finding:
        assertion = context_at(segment, *span).assertion
        if is_absent is not None and assertion in (Assertion.PRESENT, Assertion.ABSENT):
            assertion = Assertion.ABSENT if is_absent else Assertion.PRESENT
        return Finding(
            kind=Kind.HLA,
            value=value,
            evidence=(segment.evidence(*span),),
            assertion=assertion,
            date=report.date_of(segment, *span),
            confidence=0.95,
            extractor=f"{self.name}/{self.version}",
        )


def _typed_in(report: Report, segment: Segment) -> Iterator[_Typed]:
    found = [*_alleles(segment), *_serotypes(segment)]
    if found and not _is_asked_for(segment) and _is_about_typing(report, segment):
        yield from found


def _alleles(segment: Segment) -> Iterator[_Typed]:
    end = 0
    for match in _ALLELE.finditer(segment.text):
        if match.start() < end:
            continue
        locus, end = match["locus"] or match["starred"], match.end()
        yield _Typed(match.start(), end, f"{locus}*{match['group']}:{match['protein']}")
        while (further := _SECOND.match(segment.text, end)) is not None:
            start = further.end() - len(further.group(0).lstrip(" ,;/|&"))
            yield _Typed(start, further.end(), f"{locus}*{further['group']}:{further['protein']}")
            end = further.end()


def _serotypes(segment: Segment) -> Iterator[_Typed]:
    for match in _SEROTYPE.finditer(segment.text):
        is_absent = match["sign"].lower() in ("negative", "-", "neg", "absent")
        yield _Typed(match.start(), match.end(), f"{match['locus'].upper()}*{int(match['group']):02}", is_absent)


def _is_asked_for(segment: Segment) -> bool:
    label = _TYPING.search(segment.text)  # "Trial eligibility: HLA typing (12/2024): A*02:01 ..."
    return _ASKED.search(segment.text, label.end() if label else 0) is not None


def _is_about_typing(report: Report, segment: Segment) -> bool:
    """HLA stands in the line, its heading, its title or the lines just above: "A*02:01" alone is as well a laboratory's number."""
    near = [segment.text, segment.title, *(cell.heading for cell in segment.cells), *(one.text for one in report.before(segment, 4))]
    return any(re.search(r"\bHLA\b", one, re.I) for one in near)


def _lost_in(segment: Segment) -> Iterator[tuple[int, int, bool]]:
    """(start, end, is_absent) where a result is said of HLA loss."""
    for match in _LOST.finditer(segment.text):
        said = _LOST_SAID.match(segment.text[match.end() : match.end() + 60])
        if said is not None:
            yield match.start(), match.end() + said.end(), said["no"] is not None
        elif context_at(segment, match.start(), match.end()).assertion is Assertion.ABSENT:
            yield match.start(), match.end(), True
