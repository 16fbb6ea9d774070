"""Where the cancer has spread to. Regional lymph nodes are no distant site; what is negated, possible or only feared is none at all."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import ClassVar

from personalize.vocabulary import Match
from records.extraction.anatomy import Site
from records.extraction.context import context_at
from records.extraction.finding import Assertion, Finding, Kind
from records.extraction.mentions import IN_ERROR, mentions
from records.extraction.patterns import lazy
from records.extraction.report import Report
from records.extraction.section_titles import Section
from records.extraction.segments import Segment
from records.extraction.specimens import organs_by_segment
from records.extraction.tumours import tumours

_SPREAD = lazy(
    (
        r"\b(?:metasta(?:tic|sis|ses|sized|sizing|size|tases)|mets|met\b|secondar(?:y (?:deposits?|lesions?|tumou?rs?"
        r"|nodules?|(?:and unspecified )?malignan(?:cy|cies|t neoplasms?|t tumou?rs?))|ies)"
        r"|(?:spread|progression|progressed|recurrence|recurred|relapsed?|\bPD)(?= (?:in|to|into) )|(?:recurrence|relapse)(?=[^.;:()]{0,20}:)"
        r"|stage (?:IV|4)[ABC]?(?= ?\()|c?p?M1[a-d]?(?= ?\()|extranodal (?:involvement|disease|spread|sites?|lesions?)|carcinomatosis"
        r"|implants?|dissemination|seeding|deposits?)\b"
    ),
    re.I,
)
_NOT_SPREAD = lazy(r"metastatic (?:workup|work-up|potential|survey|evaluation|screening|panel)|lymph[ -]node|non-?metastatic", re.I)
_LIST = (
    r"(?:[ ,;/&()-]|and|or|the|both|bilateral|multiple|left|right|as well as|also|his|her|an?|numerous|diffuse|widespread"
    r"|liver|bilobar|distant|new|my|several|two|three|sites?|including|in|to|of|with|lobes?|organs?|small|large|innumerable"
    r"|segments?|surface|\d+)*"
)
_AFTER = lazy(
    (
        rf"^[ ,:]*(?:(?:\w+ ){{0,4}}(?:carcinoma|adenocarcinoma|cancer|melanoma|PDAC|RCC|NSCLC|ca)(?= ?\()|(?:adeno)?carcinoma|cancer|disease|lesions?"
        rf"|tumou?rs?|nodules?|adenocarcinoma|deposits?|foci"
        rf"|spread|\d{{1,2}}/\d{{4}})?[ ,:]*(?:is |are |were |was |have been |found |seen |noted |identified |present |involving |developed "
        rf"|appeared |most likely )*(?:to|in|within|of|involving|into|at|on|from|\(|:|including|and|,)?{_LIST}$"
    ),
    re.I,
)
_BEFORE = lazy(
    r"^(?:[ /-]|\b(?:and|or|osseous|hypodense|suspicious|new|known|probable|enlarging|progressive|multiple|worsening"
    r"|stable|bilobar|distant|recurrent|lesions? consistent with|tumou?r|solid|visceral|lymphangitic|bed|surface|lobe"
    r"|segment|small|tiny|biopsy-proven|progressing|extensive|diffuse|with|confirmed"
    r"|node|nodes|nodal|nodule|nodules|lesion|lesions|mass|masses|\d+)\b)*$",
    re.I,
)
_ROUTINE = frozenset({Section.FAMILY, Section.LITERATURE, Section.TECHNIQUE, Section.GENE_LIST, Section.PLAN})
_DISTANT_NODES = lazy(
    (
        r"supraclavicular|para-?aortic|retroperitoneal|mediastinal|cervical|inguinal|axillary|distant|retrocrural|virchow"
        r"|interaortocaval|hilar"
    ),
    re.I,
)


class Metastasis:
    """Findings of kind METASTASIS: one for each organ and assertion."""

    name: ClassVar[str] = "metastasis"
    version: ClassVar[int] = 4

    def extract(self, report: Report) -> Iterable[Finding]:
        seen: set[tuple[str, Assertion]] = set()
        for segment, start, end, site, assertion, confidence in (*_spreads(report), *_specimens(report)):
            if (site, assertion) in seen:
                continue
            seen.add((site, assertion))
            evidence = (segment.evidence(start, end),)
            yield Finding(
                Kind.METASTASIS,
                {"site": site},
                evidence,
                assertion,
                report.date_of(segment, start, end),
                confidence,
                f"{Metastasis.name}/{Metastasis.version}",
            )


_Spread = tuple[Segment, int, int, str, Assertion, float]


def _spreads(report: Report) -> Iterator[_Spread]:
    """ "hepatic metastases", "metastatic to liver and lung", "peritoneal carcinomatosis"."""
    organs = organs_by_segment(report)
    primaries = set(tumours(report).organs[:1])
    for index, here in organs.items():
        segment = report.segments[index]
        if (
            segment.section in _ROUTINE
            or segment.is_boilerplate
            or IN_ERROR.search(segment.text)
            or ("met" not in segment.lower and not _SPREAD.search(segment.text))
        ):
            continue
        for word in _SPREAD.finditer(segment.text):
            if _NOT_SPREAD.match(segment.text[word.start() : word.end() + 20]):
                continue
            for site in _reached(segment, word, here):
                made = _judged(segment, word, site, primaries)
                if made is not None:
                    yield made


def _reached(segment: Segment, word: re.Match[str], here: list[Match[Site]]) -> Iterator[Match[Site]]:
    """The organs that the word speaks of: a list behind it or right before it."""
    text = segment.text
    if word.group(0).lower() == "carcinomatosis":
        yield from (
            one
            for one in here
            if one.start <= word.start() < one.end or (one.end <= word.start() and _BEFORE.match(text[one.end : word.start()]))
        )
        return
    last = word.end()
    for one in (one for one in here if one.start >= word.end() and not _NAMES_A_CANCER.match(text, one.end)):
        between = text[last : one.start]
        if not (_AFTER.match(text[word.end() : one.start]) if last == word.end() else re.fullmatch(_LIST, between, re.I)):
            break
        yield one
        last = one.end
    seen = re.search(rf"(?:lesions?|nodules?|mass(?:es)?|deposits?){_SEEN_AS}", text[: word.start()], re.I)
    first = seen.start() if seen else word.start()
    for one in reversed([one for one in here if one.end <= word.start()]):
        if not (
            _BEFORE.match(text[one.end : first])
            if first in (word.start(), seen and seen.start())
            else re.fullmatch(_LIST, text[one.end : first], re.I)
        ):
            break
        yield one
        first = one.start


_NAMES_A_CANCER = lazy(r" ?(?:cancer|carcinoma|adenocarcinoma|ca|melanoma)(?= ?\()", re.I)  # "metastatic breast ca (bone)"
_SEEN_AS = r" ?,? (?:most |highly )?(?:consistent|compatible|in keeping) with (?:new |multiple |further )?$"


def _judged(segment: Segment, word: re.Match[str], site: Match[Site], primaries: set[str]) -> _Spread | None:
    start, end = min(word.start(), site.start), max(word.end(), site.end)
    name = site.entry.name
    said = segment.text[site.start : site.end].lower()
    if site.entry.role == "node":
        if not re.search(r"node|lymph|adenopath|nodal", segment.lower[max(0, site.start - 8) : site.end + 30]):
            return None
        if not _DISTANT_NODES.search(segment.text[max(0, site.start - 25) : site.end]):
            return None
        name = "lymph node"
    if name in primaries and not re.search(r"intra", said):
        return None
    if said.endswith(("ectomy", "duct", "ducts")) or re.match(
        r" ?(?:cancer|carcinoma|adenocarcinoma|primary|origin|artery|vein|duct|melanoma)", segment.text[site.end :], re.I
    ):
        return None
    if re.search(r"\bfrom (?:an? |the |his |her )?$", segment.text[max(0, site.start - 10) : site.start], re.I):
        return None
    context = context_at(segment, start, end)
    for where in ((word.start(), word.end()), (site.start, site.end)):
        other = context_at(segment, *where)
        if other.assertion is not Assertion.PRESENT and context.assertion is Assertion.PRESENT:
            context = other
    if context.assertion is Assertion.FAMILY:
        return None
    return segment, start, end, name, context.assertion, 0.92 if segment.section is not Section.HISTORY else 0.88


def _specimens(report: Report) -> Iterator[_Spread]:
    """ "Liver, biopsy: metastatic adenocarcinoma": where a confirmed metastasis was found."""
    for one in mentions(report):
        if not one.is_metastatic or one.found_in in (None, "lymph node") or not one.is_confirmed or one.found_in is None:
            continue
        if one.found_in in tumours(report).organs[:1] or re.search(
            r"node|negative", one.segment.lower[max(0, one.start - 60) : one.end + 60]
        ):
            continue
        yield one.segment, one.start, one.end, one.found_in, Assertion.PRESENT, 0.85
