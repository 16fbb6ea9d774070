"""The extractor: segments that name a marker, read by the grammar, judged by context, turned into findings."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from typing import Any, ClassVar

from personalize.vocabulary import Match
from records.extraction.biomarkers import assays
from records.extraction.biomarkers.classes import settle_classes
from records.extraction.biomarkers.constructions import read_groups
from records.extraction.biomarkers.doubt import doubted
from records.extraction.biomarkers.evaluated import DETAIL, evaluated_group
from records.extraction.biomarkers.groups import Group, Slot
from records.extraction.biomarkers.names import GENE, STAIN, Marker, is_plausible, marker_lexicon
from records.extraction.biomarkers.overall import settle
from records.extraction.biomarkers.readings import Reading, readings_of
from records.extraction.biomarkers.result_words import rearranged, words_of
from records.extraction.biomarkers.screening import is_of_hla, is_therapy_target, is_unfit, speaks_of_others
from records.extraction.biomarkers.tokens import Token, Type, tokens_of
from records.extraction.context import Context, context_at
from records.extraction.finding import Assertion, Evidence, Finding, Kind
from records.extraction.patterns import lazy
from records.extraction.report import Report
from records.extraction.segments import Segment
from records.extraction.tables import is_of_other_things, results_of

_LOOK_AHEAD = 8  # segments after a heading that names a marker in which its result may stand
_HEADING_STRANGERS = 5
_VUS = lazy(r"un(?:certain|known|determined)|vus\b", re.I)
# of a template: "ER: / Performed on another specimen / Results: Positive"
_ELSEWHERE = lazy(
    r"\W*(?:performed on (?:an?|the)? ?(?:other|prior|previous) (?:specimen|biopsy|case)\W*)?(?:specify specimen\W*)?(?:(?:\w{1,2} )?results?\b\W*)?",
    re.I,
)
_TRIAL_ID = lazy(r"\bNCT\d{6,8}\b")
_SHARE = lazy(r" ?[:=]? ?[<>~]?\d{1,3}(?:[.,]\d+)? ?%|\s*\(%\)|\s*%")
_LEADERS = (Type.FILL, Type.COLON, Type.NOUN, Type.METHOD, Type.LIST, Type.OPEN, Type.CLOSE, Type.NEGATOR)


@dataclass(frozen=True, slots=True)
class _Topic:
    """A heading's markers that wait for their result. segment: where they stand. is_answered: the stain's result is said; what may follow is
    that of the same gene's copies ("HER2: 2+; FISH: not amplified")."""

    markers: tuple[Token, ...]
    segment: Segment
    lead: Token | None = None
    is_answered: bool = False

    def may_go_on(self, segment: Segment, tokens: list[Token]) -> bool:
        if self.is_answered and not (
            segment.index == self.segment.index + 1 and tokens and (tokens[0].type, tokens[0].text) == (Type.METHOD, "FISH")
        ):
            return False
        lead = _ELSEWHERE.match(segment.text)
        return _starts_with_result([one for one in tokens if lead is None or one.start >= lead.end()])


class Biomarkers:
    """Each result of each marker, with method, origin and specimen where the report says them."""

    name: ClassVar[str] = "biomarkers"
    version: ClassVar[int] = 4

    def extract(self, report: Report) -> Iterable[Finding]:
        return settle(list(self._found(report)))

    def _found(self, report: Report) -> Iterator[Finding]:
        named = _named_segments(report)
        topic: _Topic | None = None
        for index in _places(named, len(report.segments)):
            segment = results_of(report.segments[index])
            markers = named.get(index, [])
            if not markers and (topic is None or index - topic.segment.index > _LOOK_AHEAD):
                continue
            tokens = tokens_of(segment, markers)
            if markers:
                groups = read_groups(tokens, segment.text)
                settle_classes(report, segment, groups, named)
                yield from self._of_groups(report, segment, groups)
                yield from self._of_evaluated(report, segment, tokens, groups)
                topic = _topic_of(report, segment, tokens, groups) or (None if any(one.says_something for one in groups) else topic)
                topic = topic or _reflex_of(segment, groups)
            elif topic is not None and topic.may_go_on(segment, tokens):
                subject = Group(list(topic.markers), forward=topic.lead)
                read_groups(tokens, segment.text, subject)
                settle_classes(report, segment, [subject], named)
                found = list(self._of_groups(report, segment, [subject], topic.segment))
                yield from (one for one in found if not (topic.is_answered and one.value["status"] == "not_tested"))
                topic = None if found else topic

    def _of_evaluated(self, report: Report, segment: Segment, tokens: list[Token], groups: list[Group]) -> Iterator[Finding]:
        listed = evaluated_group(report, segment, tokens, groups)
        if listed is None:
            return
        group, said = listed
        for one in self._of_groups(report, segment, [group]):
            yield replace(one, value={**one.value, "detail": DETAIL}, evidence=(*one.evidence, said.evidence(0, len(said.text))))

    def _of_groups(self, report: Report, segment: Segment, groups: list[Group], home: Segment | None = None) -> Iterator[Finding]:
        for group in groups:
            if not group.says_something:
                continue
            for token in group.markers:
                yield from self._of_marker(report, segment, group, token, groups, home)

    def _of_marker(
        self, report: Report, segment: Segment, group: Group, token: Token, groups: list[Group], home: Segment | None
    ) -> Iterator[Finding]:
        assert token.marker is not None
        place = home or segment
        context = context_at(place, token.start, token.end)
        if is_unfit(report, segment, place, group, token, groups, context):
            return
        is_listed = assays.is_sequencing(report) or any(slot.changes for one in groups for slot in one.slots)
        for slot in group.slots:
            said = slot.method or group.method
            is_stain = assays.is_stain(place, token.marker, said) or (home is not None and assays.is_stain(segment, token.marker, said))
            for name in _names_of(token.marker, slot):
                for reading in readings_of(
                    token.marker, name, group, slot, is_stain=is_stain, is_vus_section=bool(_VUS.search(segment.title)), is_listed=is_listed
                ):
                    yield self._finding(report, segment, place, group, slot, token, name, doubted(reading, segment, place, token, slot), context)

    def _finding(
        self,
        report: Report,
        segment: Segment,
        place: Segment,
        group: Group,
        slot: Slot,
        token: Token,
        name: str,
        reading: Reading,
        context: Context,
    ) -> Finding:
        marker = token.marker
        assert marker is not None
        said, has_change = slot.method or group.method, bool(slot.changes)
        method = assays.method_of(report, segment, marker, said, has_change=has_change)
        if method is None and place is not segment:
            method = assays.method_of(report, place, marker, said, has_change=has_change)
        value: dict[str, Any] = {"name": name, "status": reading.status, "origin": assays.origin_of(report, segment, marker)}
        extras = {
            "detail": rearranged(group, slot, reading) or reading.detail or words_of(segment, token, group, slot, reading.status) or None,
            "method": method,
            "specimen": assays.specimen_of(report, segment, marker, method),
            "vaf": reading.vaf,
            "cdna": reading.cdna,
        }
        value.update({key: held for key, held in extras.items() if held is not None})
        score = next((one for one in slot.quantities if one.kind != "vaf"), None)
        if score is not None and not slot.changes and not score.comparator:  # "<1%" is no 1
            value["score"] = score.number
        confidence = (
            0.95
            - (0.2 if not token.is_exact else 0)
            - (0.35 if reading.is_repaired else 0)
            - (0.1 if place is not segment else 0)
            - (0.1 if slot.gap > 2 else 0)
        )
        return Finding(
            kind=Kind.BIOMARKER,
            value=value,
            evidence=_evidence(segment, place, group, slot, token),
            assertion=_assertion(context, place),
            date=report.date_of(segment, max(slot.start, 0), max(slot.end, 1)),
            confidence=round(max(confidence, 0.3), 2),
            extractor=f"{self.name}/{self.version}",
        )


# proteins whose stain and gene go by two names: a change in the sequence is the gene's
_GENES_OF_STAINS = {"p53": "TP53", "p16": "CDKN2A"}


def _names_of(marker: Marker, slot: Slot) -> tuple[str, ...]:
    return tuple(_GENES_OF_STAINS.get(name, name) for name in marker.names) if slot.changes else marker.names


def _named_segments(report: Report) -> dict[int, list[Match[Marker]]]:
    """Segment index → its plausible marker names, in order."""
    named: dict[int, list[Match[Marker]]] = {}
    for segment, match in report.find(marker_lexicon()):
        raw = segment.text[match.start : match.end]
        cell = segment.cell_at(match.start)
        if cell is not None and cell.heading and is_of_other_things(cell, raw):
            continue
        if _TRIAL_ID.search(segment.text, 0, match.start):
            continue  # a study's cohort: "NCT00000003 palbociclib; BRAF V600E"
        if raw == "MAF" and _SHARE.match(segment.text, match.end):
            continue  # the minor allele's frequency
        if match.entry.name == "LOH" and is_of_hla(segment.text, match.start, match.end):
            continue
        if is_plausible(raw, match.term, match.is_exact) and not is_therapy_target(segment.text, match.start, match.end):
            named.setdefault(segment.index, []).append(match)
    return named


def _places(named: dict[int, list[Match[Marker]]], count: int) -> list[int]:
    """The segments worth a look: those that name a marker, and those close behind."""
    places: set[int] = set()
    for index in named:
        places.update(range(index, min(index + _LOOK_AHEAD + 1, count)))
    return sorted(places)


def _topic_of(report: Report, segment: Segment, tokens: list[Token], groups: list[Group]) -> _Topic | None:
    """The markers of a heading ("KRAS MUTATION ANALYSIS", "Stains for MLH1 and PMS2 are performed on block A7"), still without a result."""
    if any(group.says_something for group in groups) or speaks_of_others(report, segment):
        return None
    clause = _clause_of(tokens)
    strangers = sum(token.type in (Type.WORD, Type.BREAKER) for token in clause)
    if strangers > _HEADING_STRANGERS or len(clause) > 40:
        return None
    return _Topic(tuple(token for group in groups for token in group.markers), segment, groups[-1].forward)


def _reflex_of(segment: Segment, groups: list[Group]) -> _Topic | None:
    """HER2 whose stain was read last in the segment: its copies may be counted in the next (ASCO/CAP 2018)."""
    last = groups[-1].markers if groups and groups[-1].says_something else []
    if len(last) != 1 or last[0].marker is None or last[0].marker.name != "HER2":
        return None
    return _Topic(tuple(last), segment, is_answered=True)


def _clause_of(tokens: list[Token]) -> list[Token]:
    """From the stop or colon before the first marker on: what a report says of other things before it does not matter."""
    first = next(place for place, token in enumerate(tokens) if token.type is Type.MARKER)
    return tokens[next((place for place in range(first, -1, -1) if tokens[place].type in (Type.STOP, Type.COLON)), 0) :]


def _starts_with_result(tokens: list[Token]) -> bool:
    """ "RESULTS: No mutation detected", "Negative (score 1+)": a result word within the first words, nothing strange before it."""
    for place, token in enumerate(tokens[:9]):
        if token.type in (Type.AFTER, Type.BEFORE, Type.CHANGE, Type.QUANTITY):
            is_bare = token.status is not None and token.status.is_detection
            is_asked = [one.type for one in tokens[max(0, place - 2) : place]] == [Type.NOUN, Type.COLON]  # "Rearrangement: detected"
            return not is_bare or is_asked or any(one.type is Type.CHANGE for one in tokens[:12])  # "Mutation detected: p.G12R"
        if token.type not in _LEADERS:
            return False
    return False


def _assertion(context: Context, place: Segment) -> Assertion:
    return context.assertion if context.assertion in (Assertion.FAMILY, Assertion.HISTORICAL) else Assertion.PRESENT


def _evidence(segment: Segment, place: Segment, group: Group, slot: Slot, token: Token) -> tuple[Evidence, ...]:
    """Marker and result in one quote where they stand close, else each in its own."""
    if slot.start >= 0:
        start, end = slot.start, slot.end
    elif group.forward is not None:
        start, end = group.forward.start, group.forward.end
    else:
        start, end = token.start, token.end
    if place is not segment:
        return (place.evidence(token.start, token.end), segment.evidence(start, end))
    low, high = min(start, token.start), max(end, token.end)
    if high - low <= 160:
        return (segment.evidence(low, high),)
    return (segment.evidence(token.start, token.end), segment.evidence(start, end))


__all__ = ["GENE", "STAIN", "Biomarkers"]
