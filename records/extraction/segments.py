"""The smallest pieces a rule looks at: a sentence, a list item, a table row.

Pages come from many printers and from OCR: lines are wrapped, line breaks may be lost ("...carcinoma. identified."), tables are
columns of words. A segment never crosses a page, so its offsets are offsets of that page.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace

from records.extraction.cuts import Shape
from records.extraction.finding import Evidence
from records.extraction.patterns import lazy
from records.extraction.section_titles import Section
from records.extraction.text import lower_same_length

_STATUS_LENGTH = 40
_FALSE_STOP = lazy(r"(?<=[a-z])\.(?= [a-z0-9])")
_IN_ERROR = lazy(r"\bentered[- ]in[- ]error\b", re.I)


@dataclass(frozen=True, slots=True)
class Cell:
    """One table cell: [start, end) within the segment; heading is the column's, "" where the table has none."""

    start: int
    end: int
    heading: str = ""


@dataclass(frozen=True, slots=True)
class Cue:
    """A word that changes what is asserted (see context.py): [start, end) within the segment."""

    start: int
    end: int
    kind: str
    direction: str


@dataclass(eq=False, slots=True)
class Segment:
    """One sentence, item or row. All spans that rules pass around are relative to the segment; evidence() makes them the page's.

    text is the normalised same-length text without newlines, lower the same in lower case. page_start is where it begins on its page.
    label is the words before the first colon ("" without one), label_end where the value begins (0 without one).
    section and title tell the heading it stands under; cells are filled for rows only; cues come from context.py.
    """

    page_number: int
    page_start: int
    raw: str
    text: str
    section: Section
    title: str
    shape: Shape
    index: int = 0
    cells: tuple[Cell, ...] = ()
    is_day_first: bool = False
    is_boilerplate: bool = False
    starts_block: bool = False
    cues: tuple[Cue, ...] = ()
    lower: str = field(init=False)

    def __post_init__(self) -> None:
        self.lower = lower_same_length(self.text)

    @property
    def page_end(self) -> int:
        return self.page_start + len(self.raw)

    @property
    def label_end(self) -> int:
        position = self.text.find(":")
        return position + 1 if 0 < position <= 70 else 0

    @property
    def label(self) -> str:
        """Lower case, single spaces."""
        return " ".join(self.lower[: self.label_end - 1].split()) if self.label_end else ""

    def evidence(self, start: int, end: int) -> Evidence:
        """The span as evidence of the page, white space at its ends left out."""
        quote = self.raw[start:end]
        start += len(quote) - len(quote.lstrip())
        quote = quote.strip()
        return Evidence(self.page_number, self.page_start + start, self.page_start + start + len(quote), quote)

    def cell_at(self, position: int) -> Cell | None:
        return next((cell for cell in self.cells if cell.start <= position < cell.end), None)


def is_taken_back(segment: Segment) -> bool:
    """A row whose status is "entered in error": it stands on the page, and whoever wrote it says that it is not so."""
    if not segment.cells or not _IN_ERROR.search(segment.text):
        return False
    cells = (segment.text[one.start : one.end] for one in segment.cells)
    return any(len(cell) <= _STATUS_LENGTH and _IN_ERROR.search(cell) for cell in cells)


def unbroken(segment: Segment) -> Segment:
    """A full stop amid a clause ("two of. eight lymph. nodes") is a line's end that OCR took for one. Offsets stay."""
    mended = _FALSE_STOP.sub(" ", segment.text)
    return segment if mended == segment.text else replace(segment, text=mended)
