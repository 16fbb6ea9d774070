"""Where a page is cut into segments: lines that a printer wrapped are joined, rows stay alone, sentences end at their full stops."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from records.extraction.patterns import lazy

LONGEST = 900  # characters; longer runs without a full stop are cut at a space
LONGEST_ROW = 1_500


class Shape(StrEnum):
    """How the segment is laid out."""

    SENTENCE = "sentence"
    ITEM = "item"
    ROW = "row"


@dataclass(frozen=True, slots=True)
class Span:
    """A piece of a page before it becomes a segment. cells: (start, end) in the page, for rows."""

    start: int
    end: int
    shape: Shape
    cells: tuple[tuple[int, int], ...] = ()
    starts_block: bool = False


_BULLET = lazy(r"[ ]*(?:[-*>+~]+ ?(?=[A-Za-z(])|\(?(?:\d{1,2}|[A-Za-z]|[ivx]{2,4})[.)][ ]|[A-Z]\d?[:][ ]|[oO][ ](?=[A-Z]))")


_HYPHENED = lazy(r"-[a-z]+\b(?!:)")


_LABEL = lazy(r"[ ]*[A-Z][\w /,()&'.-]{1,60}?:(?!\d)")


_LEADS_A_LIST = lazy(
    r"\b(?:found|detected|identified|seen|negative|following|mutations?|variants?|alterations?|changes|genes?)(?: in| for)?:$", re.I
)


_ENDS = lazy(r"[.!?][\"')\]]?[ ]*$")


_CELL_GAP = lazy(r"[ ]*[|¦][ |¦]*|(?<![.:?!])[ ]{3,}|(?<=[:.])[ ]{6,}")


_OPEN_WORDS = frozenset([
    "a", "an", "the", "of", "for", "with", "without", "by", "in", "on", "at", "to", "from", "and", "or", "is", "are", "was", "were",
    "be", "been", "as", "than", "that", "which", "this", "no", "not", "per", "via", "into", "within", "between", "has", "have",
    "had", "all", "both", "less", "greater", "least", "approximately", "show", "shows", "showing", "see", "vs", "et", "dr",
    "measuring", "measures", "including", "involving", "involves", "negative", "positive", "x", "up", "its", "their", "these",
    "those", "one", "two", "three", "four", "five", "single",
])  # fmt: skip


_OPEN_MARKS = ",(/&-"


_GOES_ON = lazy(
    r"[a-z]|[(\[,]|(?:FOR|IN|BY|WITH|ON|AND|OR|STAIN\w*|NUCLEAR|CYTOPLASMIC|MEMBRANOUS|EXPRESSION|RESULTS?)\b|\d{1,3}(?:\+| ?%)"
    r"|(?i:(?:IHC |allred |intensity |total )?score|allred|intensity)\b"
)
_STOP = lazy(r"(?<![.!?])[.!?]+[\"')\]]*\s+(?=\S)|;\s+(?=[A-Z][\w ]{2,40}:)")


# "Have you had surgery? No": question and answer are one piece, and the next question another
_AN_ANSWER = lazy(r"(?:yes|no|none|never|n/a|unknown)\b", re.I)
# the mark of a doctor's doubt stands before what is doubted
_ASKS_AHEAD = lazy(r"\?{1,3}[ ]+(?!(?:vs|versus|or|and)\b)(?=[A-Za-z])", re.I)
_QUESTION = lazy(r"(?:^|[.:;!?]\s|[-*]\s)\s*(?:is|are|was|were|has|have|had|do|does|did|can|could|any|what|which|who|when|where|why|how)\b[^.:;!?]*$", re.I)
_MARKED_LINE = lazy(r"^[ ]*\?[ ]", re.M)
_MANY_LINES = 3
_ANSWERED = lazy(r"\?[ ]*(?:yes|no|none|never|n/a|unknown|not sure)\b[.]?[ ]*\n", re.I)


_ABBREVIATIONS = frozenset([
    "dr", "mr", "mrs", "ms", "prof", "st", "no", "vs", "fig", "approx", "ca", "cf", "e.g", "i.e", "eg", "ie", "resp", "inc", "incl",
    "dept", "min", "max", "med", "hosp", "ref", "pt", "pts", "al", "etc", "q", "sp", "spp", "sect", "dx", "tx", "hx", "s/p", "mod",
    "poss", "prob", "lt", "rt", "sup", "inf", "jan", "feb", "mar", "apr", "jun", "jul", "aug", "sep", "sept", "oct", "nov", "dec",
    "p.o", "i.v", "d.o.b", "d.o.s",
])  # fmt: skip


_ENDS_VALUE = lazy(r"[a-z\d)%/]\s+\d{1,2}$|\b[IVX]+$|\b(?:grade|stage|type)\s+\w$", re.I)


def spans_in(page: str, headings: list[tuple[int, int]], rows: dict[int, tuple[tuple[int, int], ...]]) -> Iterator[Span]:
    """Cut a normalised page. headings: (start, end) of those found, each a segment edge. rows: line start → cells, where boxes show columns."""
    starts = {start for start, _ in headings}
    edges = sorted({edge for heading in headings for edge in heading})
    for start, end, shape, cells in _with_wrapped_rows(page, _blocks(page, starts, rows), starts):
        if shape is Shape.ROW:
            yield from _short_rows(start, end, cells)
            continue
        first = True
        for part_start, part_end in _sentences(page, start, end, edges):
            yield Span(part_start, part_end, shape, (), first)
            first = False


def _short_rows(start: int, end: int, cells: tuple[tuple[int, int], ...]) -> Iterator[Span]:
    """A row, cut between cells where it is longer than any table's: what looks at each word beside all others must not meet a whole book."""
    if end - start <= LONGEST_ROW:
        yield Span(start, end, Shape.ROW, cells, True)
        return
    first = 0
    for place in range(1, len(cells) + 1):
        if place == len(cells) or cells[place][1] - cells[first][0] > LONGEST_ROW:
            yield Span(cells[first][0], cells[place - 1][1], Shape.ROW, cells[first:place], first == 0)
            first = place


_Block = tuple[int, int, Shape, tuple[tuple[int, int], ...]]


def _blocks(page: str, edges: set[int], rows: dict[int, tuple[tuple[int, int], ...]]) -> Iterator[_Block]:
    """Lines joined where a printer's wrap split them; rows stay alone."""
    lines = _lines(page)
    width = _usual_width(lines)
    open_start = open_end = -1
    shape = Shape.SENTENCE
    for start, end in lines:
        text = page[start:end]
        cells = rows.get(start) or _cells(text, start)
        if any(right - left > LONGEST for left, right in cells):
            cells = ()
        is_blank = not text.strip()
        continues = (
            open_start >= 0
            and not is_blank
            and not cells
            and start not in edges
            and _continues(page[open_start:open_end], text, width, open_end - open_start)
        )
        if continues:
            open_end = end
            continue
        if open_start >= 0:
            yield open_start, open_end, shape, ()
            open_start = -1
        if cells:
            yield start, end, Shape.ROW, cells
        elif not is_blank:
            open_start, open_end = start, end
            shape = Shape.ITEM if _BULLET.match(text) or _LABEL.match(text) else Shape.SENTENCE
    if open_start >= 0:
        yield open_start, open_end, shape, ()


def _with_wrapped_rows(page: str, blocks: Iterator[_Block], edges: set[int]) -> Iterator[_Block]:
    """A line that only goes on in the columns of the row above belongs to that row."""
    row: _Block | None = None
    for block in blocks:
        more = _wrapped_cells(page, row, block) if row is not None and block[0] not in edges else ()
        if row is not None and more:
            row = (row[0], block[1], Shape.ROW, (*row[3], *more))
            continue
        if row is not None:
            yield row
        row = block if block[2] is Shape.ROW else None
        if row is None:
            yield block
    if row is not None:
        yield row


_BARE_VALUE = lazy(r"[<>]?[\d.,/:-]+[%*]?(?: ?[HL])?$")


def _wrapped_cells(page: str, row: _Block, block: _Block) -> tuple[tuple[int, int], ...]:
    """The cells of one line that goes on in the columns of the row above, its first column empty; () where it does not."""
    start, end, _, cells = block
    text = page[start:end]
    indent = len(text) - len(text.lstrip(" "))
    if indent < 8 or row[1] + 1 != start or "\n" in text or "|" in text or row[1] - row[0] > LONGEST:
        return ()
    line = page.rfind("\n", 0, row[0] + 1) + 1
    columns = [left - line for left, right in row[3] if right <= (page.find("\n", line) if "\n" in page[line : row[1]] else row[1])]
    mine = cells or ((start + indent, start + len(text.rstrip())),)
    if len(columns) < 2 or indent < columns[1] - 1 or len(mine) >= len(columns):
        return ()
    if any(_BARE_VALUE.match(page[left:right]) for left, right in mine):
        return ()
    return mine if all(any(abs(left - start - one) <= 1 for one in columns[1:]) for left, _ in mine) else ()


def _lines(page: str) -> list[tuple[int, int]]:
    made, start = [], 0
    for line in page.split("\n"):
        made.append((start, start + len(line)))
        start += len(line) + 1
    return made


def _usual_width(lines: list[tuple[int, int]]) -> int:
    """The length of a full line: most wrapped pages have a fifth of their lines about this long."""
    lengths = sorted(end - start for start, end in lines if end - start > 20)
    return lengths[int(len(lengths) * 0.8)] if lengths else 80


def _continues(before: str, line: str, width: int, joined: int) -> bool:
    before = before.rstrip()
    if _HYPHENED.match(line) and before[-1:].islower():
        return True  # "wild / -type pattern": the second half of one word, no list item
    last_line = before[before.rfind("\n") + 1 :]
    if joined > 6000 or _BULLET.match(line):
        return False
    first = line.lstrip()[:1]
    if _LABEL.match(line):
        return False
    if before.endswith(":"):
        return "\n" not in before and len(before) < (120 if _LEADS_A_LIST.search(before) else 70)
    if _is_open(last_line, line.lstrip()):
        return True
    if _ENDS.search(last_line):
        return len(last_line) >= 0.7 * width and not first.isdigit()
    if first.islower() or first in "(),;%":
        return True
    return len(last_line) >= 0.75 * width and len(last_line) > 30


def _cells(line: str, start: int) -> tuple[tuple[int, int], ...]:
    """Cells of a row printed with bars or wide gaps; () where the line is running text."""
    if "|" not in line and "¦" not in line and "   " not in line.strip():
        return ()
    made, last = [], 0
    for gap in _CELL_GAP.finditer(line):
        if line[last : gap.start()].strip():
            made.append((start + last, start + gap.start()))
        last = gap.end()
    if line[last:].strip():
        made.append((start + last, start + len(line.rstrip())))
    return tuple(made) if len(made) > 1 else ()


def _sentences(page: str, start: int, end: int, edges: list[int]) -> Iterator[tuple[int, int]]:
    cuts = {cut for cut in _cuts(page, start, end) if start < cut < end}
    cuts.update(edges[bisect_right(edges, start) : bisect_left(edges, end)])
    last = start
    for cut in [*sorted(cuts), end]:
        yield from _short(page, last, cut)
        last = cut


def _cuts(page: str, start: int, end: int) -> Iterator[int]:
    """Where sentences end. A stop that only marks a lost line break ("no carcinoma. identified") is none."""
    yield from (found.end() for found in _ANSWERED.finditer(page, start, end))
    for stop in _STOP.finditer(page, start, end):
        if page[stop.start()] == "?" and _AN_ANSWER.match(page, stop.end()):
            continue
        if _ASKS_AHEAD.match(page, stop.start()) and _stands_alone(page, start, stop.start()):
            yield stop.start()
            continue
        if page[stop.end()].islower() and page[stop.start()] not in "!?":
            continue
        if page[stop.start()] == ".":
            before = page[max(start, stop.start() - 24) : stop.start()]
            if _is_open(before, page[stop.end() : stop.end() + 16]) or (
                _is_abbreviated(before) and not ("\n" not in before[-4:] and _ENDS_VALUE.search(before))
            ):
                continue
        yield stop.end()


def _stands_alone(page: str, start: int, mark: int) -> bool:
    """Does the question mark ask for what follows it ("jaundice ? pancreatic cancer"), not end the question before ("Is it cancer ? Yes")?
    Where lines of a page begin with it, it was a bullet once."""
    line = page.rfind("\n", 0, mark) + 1
    if not page[line:mark].strip(" ("):
        return len(_MARKED_LINE.findall(page)) < _MANY_LINES
    before = page[max(start, line) : mark]
    return before[-1] in " (" and not _QUESTION.search(before)


def _is_open(text: str, follows: str) -> bool:
    """Does the text stop where no sentence can: after "of", "the", a comma, an opening bracket?

    "Negative" is open only before what goes on with it ("for estrogen"): before another marker's name it is the result of the last one.
    """
    words = text.rsplit(None, 1)
    if not words:
        return False
    last = words[-1].lower()
    if last in ("negative", "positive"):
        return bool(_GOES_ON.match(follows))
    return last[-1] in _OPEN_MARKS or last in _OPEN_WORDS


def _is_abbreviated(text: str) -> bool:
    """ "e.g", an initial, the number of a list: their full stop ends no sentence."""
    words = text.rsplit(None, 1)
    if not words:
        return True
    last = words[-1].lower().lstrip("(")
    return last in _ABBREVIATIONS or (len(last) == 1 and last.isalpha()) or (len(last) <= 2 and last.isdigit())


def _short(page: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    while end - start > LONGEST:
        cut = max(page.rfind("\n", start + LONGEST // 2, start + LONGEST), page.rfind(" ", start + LONGEST // 2, start + LONGEST))
        cut = cut + 1 if cut > start else start + LONGEST
        yield start, cut
        start = cut
    if page[start:end].strip():
        yield start, end
