"""The N that the number of involved nodes makes, where the number alone settles it."""

from __future__ import annotations

import re
from dataclasses import dataclass

from records.extraction.finding import Evidence
from records.extraction.nodes import counted_nodes
from records.extraction.patterns import lazy
from records.extraction.report import Report
from records.extraction.section_titles import Section
from records.extraction.validity import n_of_count

# deposits of up to 2 mm, or of single cells, make another N than their number does (breast, AJCC 8th edition)
_SMALL = lazy(r"(?<!no )(?<!negative for )(?<!evidence of )\bmicro-?me'?tasta|isolated tumou?r cells|\bITCs?\b", re.I)
_CELLS = lazy(r"macro-?metasta|isolated tumou?r cells|\bITCs?\b", re.I)
_DEPOSIT = lazy(
    r"(?:largest|greatest|metasta\w+)[^.;]{0,50}?\b(?:focus|foci|deposit|metasta\w+)\b[^.;]{0,30}?(?P<size>\d{1,2}(?:\.\d{1,2})?) ?(?P<unit>[cm]m)\b",
    re.I,
)
# internal mammary and other basins of the breast have categories of their own
_OTHER_BASIN = lazy(r"internal mammary|infraclavicular", re.I)
_SUPRACLAVICULAR = lazy(r"supra-?clavicular (?:lymph )?nodes?\b(?P<said>[^;]{0,120})", re.I)
_IS_POSITIVE = lazy(r"(?<!no )(?<!negative for )(?:metasta|involv|positive)", re.I)
_TISSUE = (Section.DIAGNOSIS, Section.SYNOPTIC, Section.MICROSCOPIC, Section.COMMENT, Section.ADDENDUM)
_MICRO = 2.0  # millimetres


@dataclass(frozen=True, slots=True)
class NodesMade:
    """A category, with the words that count the nodes. said: "2/18"."""

    category: str
    evidence: tuple[Evidence, ...]
    said: str


def by_nodes(report: Report, stem: str) -> NodesMade | None:
    counted = next(iter(report.once(counted_nodes)), None)
    if counted is None or counted.value.get("examined", 0) < 1:
        return None
    positive = int(counted.value["positive"])
    category = n_of_count(stem, positive)
    if category is None:
        return None
    said = f"{positive}/{counted.value['examined']}"
    if stem == "breast" and positive:
        far = _supraclavicular(report)
        if far is not None:
            return NodesMade("N3c", (*counted.evidence, far), said)
        if _OTHER_BASIN.search(report.text):
            return None
        if positive < 4 and _SMALL.search(report.text) and not _has_large_deposit(report):
            # which of several are how large decides between N0, N1mi and N1a
            return NodesMade("N1mi", counted.evidence, said) if positive == 1 and not _CELLS.search(report.text) else None
    return NodesMade(category, counted.evidence, said)


def _has_large_deposit(report: Report) -> bool:
    return any(
        float(found["size"]) * (10 if found["unit"].lower() == "cm" else 1) > _MICRO
        for segment in report.having(_DEPOSIT, "focus", "foci", "deposit", "metasta")
        for found in _DEPOSIT.finditer(segment.text)
    )


def _supraclavicular(report: Report) -> Evidence | None:
    """The words that find cancer in a node above the collarbone (N3c of the breast). Tissue alone counts, not a scan."""
    for segment in report.having(_SUPRACLAVICULAR, "supraclavicular", "supra-clavicular"):
        if segment.section in _TISSUE:
            found = _SUPRACLAVICULAR.search(segment.text)
            if found is not None and _IS_POSITIVE.search(found["said"]):
                return segment.evidence(found.start(), found.end())
    return None
