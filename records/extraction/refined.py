"""The letter of a T or N that the report states without one, by what the same report measures: "pT1" and 0.8 cm are T1b.

Only where the measurement makes a category of the very one that is stated, and only of what the pathologist staged. What is measured must
be the invasive tumour, as the microscope's report gives it (derived_size), the layer that it reaches, or the nodes that were counted.
Source: AJCC Cancer Staging Manual, 8th edition (thresholds as facts); the same in the 7th for the organs of these tables.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from personalize.vocabulary import load
from records.extraction.derived_depth import Measure, by_depth
from records.extraction.derived_nodes import by_nodes
from records.extraction.derived_size import by_final_size
from records.extraction.finding import Assertion, Evidence, Finding
from records.extraction.report import Report
from records.extraction.section_titles import Section
from records.extraction.tnm import edition_in

_NOT_THE_RESULT = (Section.HISTORY, Section.PAST_MEDICAL, Section.IMAGING, Section.INTRAOPERATIVE, Section.PLAN)

Refinement = tuple[Mapping[str, Any], tuple[Evidence, ...]]


def refinements(report: Report, stem: str, stagings: Sequence[Finding]) -> Iterator[Refinement]:
    """(value, evidence) of each letter. stagings: what the report states of this tumour."""
    final = [one for one in stagings if _is_final(report, one)]
    for letter, measured in (("t", _measured), ("n", _counted)):
        stating = [one for one in final if not one.value.get(letter, "X").endswith("X")]
        said = {str(one.value[letter]) for one in stating}
        if len(said) != 1:
            continue
        written = said.pop()
        if not written[-1].isdigit() or not is_split(report, stem, written):
            continue
        for category, evidence, because in measured(report, stem):
            if category.startswith(written) and category != written:
                value = {letter: category, "written": written, "because": because, "prefix": stating[0].value.get("prefix", "p")}
                yield value, (_words_of(letter, stating[0]), *evidence)
                break


def is_split(report: Report, stem: str, written: str) -> bool:
    """Does the organ's table part this category ("T1") by letters that a measurement may settle, in the edition that the report goes by?"""
    tables = load("ajcc")
    if written not in tables["refined"].get(stem, "").split():
        return False
    year = tables["refined_since"].get(stem)
    edition, day = report.once(edition_in), report.header.specimen_date or report.header.date or ""
    return year is None or (edition or "") >= "8" or (edition is None and day[:4] >= str(year))


def _is_final(report: Report, staging: Finding) -> bool:
    """What the pathologist staged: no clinical stage, nor one that the history tells of."""
    first = staging.evidence[0]
    segment = report.segment_at(first.page_number, first.start)
    is_clinical = str(staging.value.get("prefix") or "p").endswith("c")
    return staging.assertion is Assertion.PRESENT and not is_clinical and segment is not None and segment.section not in _NOT_THE_RESULT


def _words_of(letter: str, staging: Finding) -> Evidence:
    """Of the spans of a staging, the one with this letter."""
    return next((one for one in staging.evidence if letter in one.quote.lower()), staging.evidence[0])


def _measured(report: Report, stem: str) -> Iterator[tuple[str, tuple[Evidence, ...], str]]:
    for measure in (by_depth(report, stem, is_stated=True), by_final_size(report, stem)):
        if measure is not None:
            evidence = measure.segment.evidence(measure.start, measure.end)
            yield measure.category, (evidence,), _words(measure, evidence)


def _counted(report: Report, stem: str) -> Iterator[tuple[str, tuple[Evidence, ...], str]]:
    made = by_nodes(report, stem)
    if made is not None:
        yield made.category, made.evidence, made.said


def _words(measure: Measure, evidence: Evidence) -> str:
    return " ".join((measure.words or evidence.quote).split())
