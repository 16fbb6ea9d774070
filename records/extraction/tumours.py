"""The organs in which a document finds a primary, and the one that a stage, a grade or a marker at a place belongs to."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

from personalize.vocabulary import Match
from records.extraction.anatomy import CancerKind, Site, stem_of_site
from records.extraction.mentions import Mention, mentions, mentions_by_segment
from records.extraction.report import Report
from records.extraction.section_titles import Section
from records.extraction.segments import Segment
from records.extraction.specimens import of_an_edge, organs_by_segment


@dataclass(frozen=True, slots=True)
class Tumours:
    """The organs in which the document finds a primary, strongest first, and the kind it gives each."""

    organs: tuple[str, ...]
    kinds: dict[str, CancerKind]


def tumours(report: Report) -> Tumours:
    """Organs with a confirmed primary, by the weight of what is said. Computed once a report."""
    return report.once(_tumours)


def _tumours(report: Report) -> Tumours:
    weights: Counter[str] = Counter()
    kinds: dict[str, Counter[CancerKind]] = {}
    for one in mentions(report):
        if one.organ is None or not one.is_confirmed or one.histology.behaviour not in ("malignant",):
            continue
        weight = weight_of(one)
        weights[one.organ] += weight
        if one.kind is not None:
            kinds.setdefault(one.organ, Counter())[one.kind] += weight * (1 if one.histology.is_general else 3)
    ordered = [organ for organ, _ in sorted(weights.items(), key=lambda pair: -pair[1])]
    return Tumours(tuple(ordered), {organ: max(found, key=lambda kind: found[kind]) for organ, found in kinds.items()})


def weight_of(mention: Mention) -> int:
    """What the diagnosis says outweighs the history; what is named outweighs what only stands under a heading."""
    sections = {
        Section.DIAGNOSIS: 4,
        Section.SYNOPTIC: 4,
        Section.IMPRESSION: 4,
        Section.ADDENDUM: 3,
        Section.COMMENT: 2,
        Section.MICROSCOPIC: 2,
        Section.UNKNOWN: 2,
    }
    return sections.get(mention.segment.section, 1) * (2 if mention.is_named else 1)


def anchor_at(report: Report, segment: Segment, position: int) -> str | None:
    """The organ of the tumour that a stage, a grade or a marker at this place belongs to; None where the document names none."""
    known = tumours(report).organs
    here = organs_by_segment(report)
    for one in _headings_before(report, segment, position, here):
        if one in known or (
            segment.label_end
            and one in {site.entry.group for site in here.get(segment.index, []) if site.start < min(segment.label_end, position)}
            and not of_an_edge(segment)
        ):
            return one
    return known[0] if known else None


def _headings_before(report: Report, segment: Segment, position: int, here: dict[int, list[Match[Site]]]) -> Iterator[str]:
    """Organs named in headings or in tumours' names, going back from the place."""
    named = mentions_by_segment(report)
    for index in range(segment.index, max(-1, segment.index - 40), -1):
        one = report.segments[index]
        limit = position if index == segment.index else len(one.text)
        places = [
            (mention.start, mention.organ)
            for mention in named.get(index, [])
            if mention.organ and mention.start < limit and mention.is_confirmed
        ]
        places += [
            (site.start, site.entry.group)
            for site in here.get(index, [])
            if site.entry.role == "" and site.start < min(limit, one.label_end)
        ]
        yield from (organ for _, organ in sorted(places, reverse=True))


def stem_of(report: Report, organ: str) -> str:
    """The staging table of a tumour of this document ("" where we have none)."""
    kind = tumours(report).kinds.get(organ)
    return kind.stem if kind is not None else stem_of_site(organ)
