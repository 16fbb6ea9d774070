"""The organ that a specimen's heading names: where its words stand for the tumours told of below it."""

from __future__ import annotations

import re
from collections import Counter

from personalize.vocabulary import Match
from records.extraction.anatomy import Site, site_lexicon
from records.extraction.patterns import lazy
from records.extraction.report import Report
from records.extraction.section_titles import Section
from records.extraction.segments import Segment

_PROCEDURE = lazy(
    r"biops|resection|ectomy|excision|aspirat|fna|whipple|core|specimen|brush|wash|fluid|curettage|margin|node|dissection|segment", re.I
)


def organs_by_segment(report: Report) -> dict[int, list[Match[Site]]]:
    """Segment index → organs named there. Computed once a report."""
    return report.once(_organs)


def _organs(report: Report) -> dict[int, list[Match[Site]]]:
    found: dict[int, list[Match[Site]]] = {}
    for segment, site in report.find(site_lexicon()):
        found.setdefault(segment.index, []).append(site)
    return found


def specimen(segment: Segment, here: list[Match[Site]]) -> tuple[int, Match[Site] | None, bool] | None:
    """The organ of a specimen heading ("B. Pancreas, head, Whipple resection: ..."); None where the segment is no heading."""
    if _TUMOUR_SITE.match(segment.label):
        site = next((one for one in here if one.start >= segment.label_end and one.entry.role == ""), None)
        return (segment.index, site, True) if site is not None else None
    is_short = len(segment.text) < 90 and segment.starts_block
    if segment.section is Section.SPECIMEN and not segment.label_end and not _LETTERED.match(segment.text):
        return None  # "Duodenum", "Gallbladder": a line each of all that was taken out with the tumour
    end = segment.label_end if segment.label_end > 3 or not is_short else len(segment.text)  # "C: Pancreas, microscopic"
    end = end or (len(segment.text) if is_short or _LONG_HEADING.match(segment.text) else 0)
    if not end or segment.section in (Section.GROSS, Section.HISTORY, Section.LITERATURE, Section.TECHNIQUE):
        return None
    inside = [one for one in here if one.start < end and one.entry.role != "place"]
    if not inside or not (_PROCEDURE.search(segment.text[:end]) or inside[0].start < 8):
        return None
    if _NOTHING_THERE.search(segment.text[end:]) or of_an_edge(segment, end):
        return segment.index, None, True
    return segment.index, of_heading(inside, segment.text[:end]), True


def of_an_edge(segment: Segment, end: int = 0) -> bool:
    """A label of resection margins ("Gastric resection margin: free"): its organ is where the knife went, not where the tumour is."""
    return _OF_AN_EDGE.search(segment.text[: end or segment.label_end]) is not None


def of_heading(sites: list[Match[Site]], heading: str) -> Match[Site] | None:
    """Of several organs taken out together, the one that the operation is named for, else the one named most, else the first."""
    parts = [one for one in sites if not _AN_OPERATION.search(heading[one.start : one.end])]
    if any(one.entry.name == "ampulla" for one in parts):
        sites = parts  # "Ampulla of Vater, Whipple resection" is no tumour of the pancreas
    counts = Counter(one.entry.group for one in sites)
    return max(sites, key=lambda one: (_is_taken_out(one, heading), counts[one.entry.group], -one.start), default=None)


_TUMOUR_SITE = lazy(
    r"(?:specimen |biopsy |body |anatomic(?:al)? )?(?:site|source)$|materials?$|(?:primary )?(?:tumou?r|primary|cancer) (?:site|location)"
    r"|(?:site|location) of (?:the )?(?:primary )?tumou?r",
    re.I,
)


# "B. PANCREAS, DUODENUM, DISTAL STOMACH AND COMMON BILE DUCT; PANCREATICODUODENECTOMY (WHIPPLE):"
_LONG_HEADING = lazy(r"\W*(?:[A-Z]|\d{1,2})\d?[.):] [^.]{20,240}:\s*$")


_LETTERED = lazy(r"\W*(?:[A-Z]|\d{1,2}|[IVX]{1,4})\d?[.):]")


# "Appendix, resection: no significant abnormality": the next words about a carcinoma are of another specimen
_NOTHING_THERE = lazy(
    r"^\W{0,4}(?:no (?:significant|diagnostic|histologic\w*|pathologic\w*) \w+|unremarkable|within normal|normal|benign)\b", re.I
)


_OF_AN_EDGE = lazy(r"\bmargins?\b", re.I)


_AN_OPERATION = lazy(r"whipple|ectomy", re.I)


def is_of_an_edge(heading: str) -> bool:
    """A heading of a margin: what is found there came from the tumour beside it."""
    return _OF_AN_EDGE.search(heading) is not None


_NAMED_FOR = {"pancreas": lazy(r"\bwhipple|pancreat(?:ico|o)?-?(?:duoden)?\w*ectomy", re.I)}


def _is_taken_out(site: Match[Site], heading: str) -> bool:
    words = _NAMED_FOR.get(site.entry.group)
    return words is not None and words.search(heading) is not None
