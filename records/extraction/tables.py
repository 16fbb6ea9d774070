"""Tables: rows are lines with columns, found by bars, wide gaps or the boxes of the words; headings come from the row above."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

from records.extraction.cuts import Shape
from records.extraction.patterns import lazy
from records.extraction.segments import Cell, Segment

if TYPE_CHECKING:
    from records.reading.page import PageText, Word

_GAP = 1.6  # a gap wider than this many line heights parts two cells
_HEADING_WORDS = frozenset(
    [
        "gene",
        "genes",
        "marker",
        "markers",
        "test",
        "tests",
        "result",
        "results",
        "alteration",
        "alterations",
        "variant",
        "variants",
        "vaf",
        "value",
        "values",
        "unit",
        "units",
        "reference",
        "range",
        "flag",
        "date",
        "drug",
        "drugs",
        "start",
        "stop",
        "started",
        "stopped",
        "name",
        "analyte",
        "status",
        "interpretation",
        "protein",
        "change",
        "nucleotide",
        "frequency",
        "allele",
        "classification",
        "significance",
        "tier",
        "component",
        "specimen",
        "method",
        "clone",
        "antibody",
        "score",
        "intensity",
        "percent",
        "percentage",
        "comment",
        "comments",
        "regimen",
        "line",
        "response",
        "reason",
        "cycles",
        "dose",
        "biomarker",
        "finding",
        "findings",
        "normal",
        "ref",
        "low",
        "high",
        "parameter",
        "exon",
        "transcript",
        "effect",
        "mutation",
        "origin",
        "therapy",
        "treatment",
        "medication",
        "age",
        "relation",
        "relationship",
        "testing",
        "relative",
        "condition",
        "consequence",
        "pathogenicity",
        "coverage",
        "zygosity",
        "assay",
        "stain",
        "expression",
        "staining",
        "specimen(s)",
        "alteration(s)",
        "biomarker(s)",
        "gene(s)",
        "variant(s)",
        "result(s)",
        "therapies",
        "trials",
        "association",
        "analysis",
        "prior",
        "current",
        "previous",
    ]
)
_WORD = lazy(r"[a-z]+(?:\(s\))?")
# columns that say nothing of what was found in this patient
_OF_OTHER_THINGS = lazy(
    r"\btherap(?:y|ies)\b|\btreatments?\b|\bdrugs?\b|\btrials?\b|\bbenefit\b|\bcontrols?\b|\bref(?:erence)?\b|\bcut-?offs?\b|\bcoverage\b|\bindications?\b",
    re.I,
)
_REMARKS = lazy(r"\b(?:comments?|notes?|remarks?|interpretation)\b", re.I)
_ON_A_SCALE = lazy(r"\b(?:cut-?off|threshold|probability|criteri\w+|eligib\w+|reflex|approved|scor\w+ (?:system|key))\b", re.I)
_SHARES = lazy(r"\b(?:vaf|allele|allelic|frequency|fraction|af|maf|cfdna|reads?|depth)\b", re.I)
_NO_SHARE = lazy(r"\W*(?:n/?a|none|not applicable|--?)?\W*$", re.I)


def rows_of_boxes(page: PageText) -> dict[int, tuple[tuple[int, int], ...]]:
    """Line start → cells (start, end) for the lines whose words stand in columns. Empty for pages without boxes."""
    rows: dict[int, tuple[tuple[int, int], ...]] = {}
    line: list[Word] = []
    for word in page.words:
        if line and "\n" in page.text[line[-1].end : word.start]:
            _keep_row(page, line, rows)
            line = []
        line.append(word)
    if line:
        _keep_row(page, line, rows)
    return rows


def _keep_row(page: PageText, line: list[Word], rows: dict[int, tuple[tuple[int, int], ...]]) -> None:
    cells: list[tuple[int, int]] = []
    previous: Word | None = None
    for word in line:
        if previous is not None and not _is_gap(page, previous, word):
            cells[-1] = (cells[-1][0], word.end)
        else:
            cells.append((word.start, word.end))
        previous = word
    if len(cells) > 1:
        rows[page.text.rfind("\n", 0, line[0].start) + 1] = tuple(cells)


def _is_gap(page: PageText, left: Word, right: Word) -> bool:
    if left.box is None or right.box is None:
        return False
    height = max(left.box.bottom - left.box.top, right.box.bottom - right.box.top) * (page.height or 1)
    return (right.box.x0 - left.box.x1) * (page.width or 1) > _GAP * height


def name_columns(segments: list[Segment], page: PageText) -> None:
    """Give the cells of the rows below a heading row their column's heading, in place."""
    headings: list[tuple[float, str]] = []
    for segment in segments:
        if segment.shape is not Shape.ROW:
            if segment.shape is not Shape.SENTENCE or len(segment.raw) > 60:
                headings = []
            continue
        if is_heading_row(segment):
            headings = [(_left(page, segment, cell), segment.lower[cell.start : cell.end].strip()) for cell in segment.cells]
        elif headings:
            segment.cells = tuple(_named(page, segment, cell, place, headings) for place, cell in enumerate(segment.cells))


def results_of(segment: Segment) -> Segment:
    """The row without the cells that are about drugs, controls, cut-offs or a share that does not exist; of the same length."""
    text = segment.text
    for cell in segment.cells:
        if cell.heading and is_of_other_things(cell, segment.text[cell.start : cell.end]):
            text = text[: cell.start] + " " * (cell.end - cell.start) + text[cell.end :]
    if text == segment.text:
        return segment
    return replace(segment, text=text)


def is_of_other_things(cell: Cell, said: str) -> bool:
    """Does the cell's column say nothing of what was found in this patient?"""
    if _OF_OTHER_THINGS.search(cell.heading):
        return True
    if _SHARES.search(cell.heading):
        return _NO_SHARE.match(said) is not None
    return bool(_REMARKS.search(cell.heading) and _ON_A_SCALE.search(said))


def is_heading_row(segment: Segment) -> bool:
    """At least half of the cells name a column, and none holds a value with a decimal point or a per cent sign."""
    texts = [segment.lower[cell.start : cell.end] for cell in segment.cells]
    named = sum(any(word in _HEADING_WORDS for word in _WORD.findall(text)) and len(text) < 40 for text in texts)
    return named * 2 >= len(texts) and not re.search(r"\d[.,]\d|\d\s*%|:\s*\S", segment.lower)


def _named(page: PageText, segment: Segment, cell: Cell, place: int, headings: list[tuple[float, str]]) -> Cell:
    if len(segment.cells) == len(headings):
        return replace(cell, heading=headings[place][1])
    left = _left(page, segment, cell)
    return replace(cell, heading=min(headings, key=lambda one: abs(one[0] - left))[1])


def _left(page: PageText, segment: Segment, cell: Cell) -> float:
    """Where the cell begins: on the page if boxes are known, else its column of characters."""
    words = page.words_in(segment.page_start + cell.start, segment.page_start + cell.end)
    if words and words[0].box is not None:
        return words[0].box.x0 * 100
    return float(cell.start - segment.raw.rfind("\n", 0, cell.start) - 1)
