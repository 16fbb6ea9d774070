"""T and N that the report leaves to be worked out: from size, depth and node counts, by the 8th edition. Always `derived`, never stated.

Two kinds: a category that the report does not state at all, and the letter of one that it states without ("pT1", and 0.8 cm). The second
says what was `written` and what the letter was made of (`because`), and has both for evidence.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any, ClassVar

from records.extraction.derived_depth import by_depth
from records.extraction.derived_nodes import by_nodes
from records.extraction.derived_size import by_size
from records.extraction.finding import Assertion, Evidence, Finding, Kind
from records.extraction.header import ReportType
from records.extraction.refined import refinements
from records.extraction.report import Report
from records.extraction.tnm import stagings_of
from records.extraction.tumours import stem_of, tumours


class Derived:
    """Findings of kind TNM with `derived`: only for pathology, only what the report does not state itself."""

    name: ClassVar[str] = "derived"
    version: ClassVar[int] = 3

    def extract(self, report: Report) -> Iterable[Finding]:
        organs = tumours(report).organs
        if report.header.type is not ReportType.PATHOLOGY or not organs:
            return
        tumour = organs[0]
        stem = stem_of(report, tumour)
        stagings = [one for one in report.once(stagings_of) if one.value.get("tumour") in (None, tumour)]
        stated = {letter for one in stagings for letter in "tn" if not one.value.get(letter, "X").endswith("X")}
        for value, evidence in (*_left_out(report, stem, stated), *refinements(report, stem, stagings)):
            yield _made(report, {"prefix": "p", **value, "tumour": tumour}, evidence)


def _left_out(report: Report, stem: str, stated: set[str]) -> Iterator[tuple[Mapping[str, Any], tuple[Evidence, ...]]]:
    """(value, evidence) of the T and the N that the report does not state."""
    if "t" not in stated:
        measure = by_depth(report, stem) or by_size(report, stem)
        if measure is not None:
            yield {"t": measure.category}, (measure.segment.evidence(measure.start, measure.end),)
    if "n" not in stated:
        made = by_nodes(report, stem)
        if made is not None:
            yield {"n": made.category}, made.evidence


def _made(report: Report, value: Mapping[str, Any], evidence: tuple[Evidence, ...]) -> Finding:
    value = {**value, "edition": "8", "derived": True}
    return Finding(
        Kind.TNM,
        value,
        evidence,
        Assertion.PRESENT,
        report.header.specimen_date or report.header.date,
        0.75,
        f"{Derived.name}/{Derived.version}",
    )
