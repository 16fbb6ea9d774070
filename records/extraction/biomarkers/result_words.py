"""The record's own words of a result that has no number and no change: "not detected", "no reportable alterations", "diffuse, cytoplasmic"."""

from __future__ import annotations

import re

from records.extraction.biomarkers.groups import Group, Slot
from records.extraction.biomarkers.names import GENE, STAIN
from records.extraction.biomarkers.readings import Reading
from records.extraction.biomarkers.tokens import Token
from records.extraction.patterns import lazy
from records.extraction.segments import Segment

_REACH = 60  # characters behind a stain's result in which its pattern may stand
_LEAD = 160  # characters before a gene in which "no pathogenic variants in ..." may begin
_PATTERNS = lazy(
    r"\b(?:strong(?:ly)?|weak(?:ly)?|moderate(?:ly)?|diffuse(?:ly)?|focal(?:ly)?|patchy|patchily|scattered|membranous|cytoplasmic|nuclear"
    r"|dot-like|apical|luminal|perinuclear|dim|bright|partial|variable|wild[- ]type pattern|mutant pattern|null pattern)\b",
    re.I,
)
_DENIALS = lazy(
    r"\b(?:no (?:[a-z-]+ ){0,4}?(?:mutations?|variants?|alterations?|rearrangements?|fusions?|amplification)|not (?:detected|identified|found"
    r"|amplified|rearranged|mutated)|wild[- ]{0,4}type(?: pattern)?|undetected|none detected)\b",
    re.I,
)
_CLAUSE = lazy(r"(?: ?\([^()]*\))?[^,.;()]*")


def words_of(segment: Segment, token: Token, group: Group, slot: Slot, status: str) -> str:
    """ "" where the record says no more than the status. status: of the closed set."""
    marker = token.marker
    if marker is None or status not in ("positive", "negative"):
        return ""
    places = [token.start, *([slot.start] if slot.start >= 0 else []), *([group.forward.start] if group.forward else [])]
    if status == "negative":
        led_from = max(0, token.start - _LEAD) if group.forward or group.is_negated or slot.start < 0 else token.start
        denied = _DENIALS.search(segment.text, min([*places, led_from]), max(token.end, slot.end))
        return " ".join(denied.group(0).lower().split()).replace(" -", "-") if denied else ""
    if marker.kind not in (STAIN, GENE) or slot.start < 0:
        return ""
    end = max(token.end, slot.end)
    behind = _CLAUSE.match(segment.text, end, end + _REACH)
    said = segment.text[token.end : end] + (behind.group(0) if behind else "")
    return ", ".join(dict.fromkeys(found.group(0).lower() for found in _PATTERNS.finditer(said)))


def rearranged(group: Group, slot: Slot, reading: Reading) -> str:
    """ "no rearrangement", "rearrangement 62%": beside a stain of the same name, a bare "not detected" would say that there is no protein. "" where
    it was not the question, or where partners or changes are named."""
    if not group.is_rearranged or slot.changes or reading.status not in ("positive", "negative"):
        return ""
    if reading.status == "negative":
        return "no rearrangement"
    return " ".join(["rearrangement", *(one.shown for one in slot.quantities if one.kind == "percent")])
