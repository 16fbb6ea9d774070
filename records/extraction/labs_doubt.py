"""Numbers that were misread: a decimal point that was lost, a value that nobody ever had. They go to a person, not into the profile."""

from __future__ import annotations

from personalize.vocabulary.lab_units import Analyte
from records.extraction.labs_trends import Value
from records.extraction.report import Report
from records.extraction.segments import Segment


def is_doubtful(report: Report, segment: Segment, analyte: Analyte, value: Value) -> bool:
    return _is_impossible(analyte, value) or (report.document.page(segment.page_number).source == "ocr" and _has_lost_its_point(value))


def _is_impossible(analyte: Analyte, value: Value) -> bool:
    factor = analyte.factor(value.unit) if value.unit else None
    if analyte.possible is None or factor is None:
        return False
    least, most = analyte.possible
    return not least <= value.piece.number * factor <= most


def _has_lost_its_point(value: Value) -> bool:
    """ "23" beside a reference of 1.5-7.8 and without a flag: the laboratory found nothing strange about it, so it was 2.3."""
    low, high = value.low, value.high
    if value.flag or not value.piece.text.isdigit() or low is None or high is None or (low.is_integer() and high.is_integer()):
        return False
    return value.piece.number > high and any(low <= value.piece.number / tenth <= high for tenth in (10, 100))
