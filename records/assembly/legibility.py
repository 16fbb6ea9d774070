"""How well the words behind a finding were read."""

from __future__ import annotations

from collections.abc import Mapping

from records.extraction.finding import Finding
from records.reading.page import PageText, Source

POOR = 0.6  # mean confidence (0-1) of a page's words under which all its facts are unsure
WEAK = 0.7  # confidence (0-1) of the least sure word of a fact under which that fact is unsure


def is_poorly_read(finding: Finding, pages: Mapping[int, PageText]) -> bool:
    """Each place that says it was read by OCR on a poor page, or has a word that OCR was not sure of. A slip changes a sign or a gene."""
    places = [(pages[one.page_number], one.start, one.end) for one in finding.evidence]
    return bool(places) and all(_is_weak(*place) for place in places)


def is_printed(finding: Finding, pages: Mapping[int, PageText]) -> bool:
    """Does it stand on a page as somebody printed it? The lines of a file of coded fields are put together by its reader."""
    return any(pages[one.page_number].source is not Source.STRUCTURED for one in finding.evidence)


def _is_weak(page: PageText, start: int, end: int) -> bool:
    if page.source is not Source.OCR:
        return False
    least = page.confidence(start, end)
    return _mean(page) < POOR or (least is not None and least < WEAK)


def _mean(page: PageText) -> float:
    sure = [word.confidence for word in page.words if word.confidence is not None]
    return sum(sure) / len(sure) if sure else 1.0
