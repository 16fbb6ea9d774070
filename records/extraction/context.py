"""What is asserted of a word: found, absent, possible, long ago, planned, a relative's, not tested, pending, or said of nobody.

After ConText (Harkema and others, J Biomed Inform 2009): cue words with a direction, scopes that end at clause terminators, phrases
that only look like negation. The cue words are in `personalize/vocabulary/context.toml`.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from dataclasses import dataclass
from functools import cache
from typing import Any

from personalize.vocabulary import Lexicon, load
from records.extraction.finding import Assertion
from records.extraction.patterns import lazy
from records.extraction.section_titles import Section
from records.extraction.segments import Cue, Segment

REACH = {
    "absent": 160,
    "possible": 110,
    "historical": 110,
    "planned": 110,
    "family": 200,
    "pending": 110,
    "not_tested": 110,
    "consistent": 60,
}
_ASSERTIONS = {
    "absent": Assertion.ABSENT,
    "possible": Assertion.POSSIBLE,
    "historical": Assertion.HISTORICAL,
    "planned": Assertion.PLANNED,
    "family": Assertion.FAMILY,
    "pending": Assertion.PENDING,
    "not_tested": Assertion.NOT_TESTED,
}
_ORDER = ("family", "not_tested", "pending", "absent", "planned", "possible", "historical")
_SECTIONS = {Section.FAMILY: Assertion.FAMILY, Section.PLAN: Assertion.PLANNED, Section.PAST_MEDICAL: Assertion.HISTORICAL}
_HARD_STOPS = ";"
# "Ruled out: lymphoma". What it was ruled out by, or when, is not what was ruled out.
_OPENS = lazy(r"(?:ruled out|excluded)(?: ?[:-]|[ ](?!by |on |with |via |after |in |at |from |following |per |for |as |and |but ))", re.I)

# "Most pancreatic cancers are metastatic at diagnosis": of many, not of this patient. "Many tumors in both lobes" may be the patient's.
OF_MANY = lazy(
    r"\b(?<!like )(?:most|many(?! tumou?rs)|(?:the )?majority of|\d{1,3} ?%? ?(?:-|to) ?\d{1,3} ?% of|\d{1,3} ?% of)\s(?:\w+\s){0,3}?"
    r"(?:pdacs?|cancers|tumou?rs|\w*carcinomas|\w*lymphomas|patients|cases|people)\b",
    re.I,
)
_MANY = ("pdac", "cancers", "tumors", "tumours", "carcinomas", "lymphomas", "patients", "cases", "people")  # one of which stands in it
# "Breast cancer: mother, at 52": a list of diseases, each with whose it is
_OF_A_RELATIVE = lazy(
    r" ?(?:: ?|- |\u2013 ?|\( ?)(?:(?:maternal|paternal|mat\.?|pat\.?|half|older|younger|\d)[ -])*"
    r"(?:(?:grand)?(?:mother|father|parents?|son|daughter)|mom|mum|dad|sisters?|brothers?|aunts?|uncles?|cousins?|nieces?|nephews?|siblings?|grandm\w+|grandp\w+)s?\b"
    r"(?= ?(?:$|[,;.()|/\n]|at\b|age|dx|diagnosed|died|and\b|x ?\d|\d))",
    re.I,
)


def _is_first(before: str) -> bool:
    """Does a clause begin after these words of the segment?"""
    return not before.strip() or before.rstrip()[-1] in ".;:"


@dataclass(frozen=True, slots=True)
class Context:
    """assertion as Finding wants it; cue is the word that decided ("" for the section, or nothing); is_about_nobody: boilerplate."""

    assertion: Assertion
    cue: str = ""
    is_about_nobody: bool = False
    is_uncertain: bool = False


@cache
def _weak() -> frozenset[str]:
    """Phrases about the world that need a second one beside them."""
    return frozenset(phrase.strip() for phrase in " ".join(load("boilerplate")["weak"].split()).split(";"))


@cache
def cue_lexicon() -> Lexicon[tuple[str, str]]:
    """Every cue word with its kind and direction."""
    pairs: list[tuple[str, tuple[str, str]]] = []
    table: dict[str, Any] = load("context")
    for kind, directions in table.items():
        for direction, phrases in directions.items():
            pairs += [(phrase.strip(), (kind, direction)) for phrase in phrases.split(";") if phrase.strip()]
    return Lexicon(pairs)


def assertion_at(segment: Segment, start: int, end: int) -> Assertion:
    """How the segment speaks of its words [start, end). Boilerplate counts as PRESENT here: ask context_at or segment.is_boilerplate."""
    return context_at(segment, start, end).assertion


def is_of_relative(text: str, end: int) -> bool:
    """Does a list of diseases say behind this one, which ends there, whose it is?"""
    return _OF_A_RELATIVE.match(text, end) is not None


def context_at(segment: Segment, start: int, end: int) -> Context:
    """As assertion_at, with the cue that decided and whether the text is about nobody."""
    nobody = segment.is_boilerplate or segment.section.is_about_nobody
    if is_of_relative(segment.text, end):
        return Context(Assertion.FAMILY, "", nobody)
    reached = _cues_reaching(segment, start, end)
    if segment.section is Section.FAMILY and "family" not in reached and not _speaks_of_patient(segment, start):
        return Context(Assertion.FAMILY, "", nobody, "possible" in reached)
    for kind in _ORDER:
        if kind in reached:
            if kind == "family" and _is_patient_again(segment, reached[kind], start):
                continue
            cue = reached[kind]
            return Context(_ASSERTIONS[kind], segment.lower[cue.start : cue.end], nobody, "possible" in reached)
    return Context(_SECTIONS.get(segment.section, Assertion.PRESENT), "", nobody)


def _cues_reaching(segment: Segment, start: int, end: int) -> dict[str, Cue]:
    """The nearest cue of each kind whose scope covers the span."""
    reached: dict[str, Cue] = {}
    stops = [cue for cue in segment.cues if cue.kind == "stop"]
    for cue in segment.cues:
        if cue.kind in ("stop", "nobody", "patient", "consistent"):
            continue
        if cue.start < end and start < cue.end:
            continue
        is_before = cue.end <= start
        if is_before != (cue.direction == "forward"):
            continue
        low, high = (cue.end, start) if is_before else (end, cue.start)
        known = reached.get(cue.kind)
        if high - low > REACH[cue.kind] or (known is not None and _gap(cue, start, end) >= _gap(known, start, end)):
            continue
        if not _is_stopped(segment, low, high, cue, stops):
            reached[cue.kind] = cue
    return reached


def _gap(cue: Cue, start: int, end: int) -> int:
    return max(start - cue.end, cue.start - end)


def _is_stopped(segment: Segment, low: int, high: int, cue: Cue, stops: list[Cue]) -> bool:
    """Does a clause end between the cue and the words? A relative reaches further: only the patient or a semicolon ends it."""
    between = segment.lower[low:high]
    if any(mark in between for mark in _HARD_STOPS) or ". " in between or "->" in between:
        return True
    if cue.kind == "family":
        return False
    if cue.direction == "forward" and cue.kind == "absent" and ":" in between.lstrip(" ")[1:]:
        return True
    if cue.direction == "backward" and cue.kind == "absent" and "," in between and segment.label_end <= low:
        return True
    return any(low <= stop.start < high and not (stop.start < cue.end and cue.start < stop.end) for stop in stops)


def _is_patient_again(segment: Segment, family: Cue, start: int) -> bool:
    """ "Mother carries BRCA2; the patient tested negative": back to the patient."""
    return any(family.end <= cue.start < start for cue in segment.cues if cue.kind == "patient")


def _speaks_of_patient(segment: Segment, start: int) -> bool:
    return any(cue.kind == "patient" and cue.start < start for cue in segment.cues)


def attach_cues(page_segments: list[Segment], page: str) -> None:
    """Find the cues of a whole page at once and give each segment its own. page: normalised text."""
    starts = [segment.page_start for segment in page_segments]
    per_segment: dict[int, list[Cue]] = {}
    for found in cue_lexicon().find(page):
        place = bisect_left(starts, found.start + 1) - 1
        if place < 0 or found.end > page_segments[place].page_end:
            continue
        offset = starts[place]
        kind, direction = found.entry
        if (
            kind == "absent"
            and direction == "backward"
            and _OPENS.match(page, found.start)
            and _is_first(page[starts[place] : found.start])
        ):
            direction = "forward"
        per_segment.setdefault(place, []).append(Cue(found.start - offset, found.end - offset, kind, direction))
    for place, cues in per_segment.items():
        segment = page_segments[place]
        pseudo = [cue for cue in cues if cue.kind == "pseudo"]
        segment.cues = tuple(
            cue for cue in cues if cue.kind != "pseudo" and not any(one.start < cue.end and cue.start < one.end for one in pseudo)
        )
        segment.is_boilerplate = _is_boilerplate(segment)
    lower = page.lower()
    for many in OF_MANY.finditer(page) if any(noun in lower for noun in _MANY) else ():
        place = bisect_left(starts, many.start() + 1) - 1
        if place >= 0 and many.end() <= page_segments[place].page_end:
            page_segments[place].is_boilerplate = True


def _is_boilerplate(segment: Segment) -> bool:
    """One strong phrase about tests or the world, or two weak ones ("in patients with", "usually")."""
    said = {" ".join(segment.lower[cue.start : cue.end].split()) for cue in segment.cues if cue.kind == "nobody"}
    return len(said) > 1 or any(words not in _weak() for words in said)
