"""Files that are text, not pictures: lines and tables → pages of words without boxes.

A table is laid out in columns of characters, as a person would type it: the rules see which cell stands under which heading.
"""

from __future__ import annotations

import re
from abc import ABC, abstractmethod
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from records.exceptions import ReadingError
from records.reading.layer import clean
from records.reading.page import PageText, Source, Word
from records.reading.reader import MOST_PAGES, PICTURE_DPI, Rendered

if TYPE_CHECKING:
    from records.reading.together import Reading  # loads what reads pictures

MOST_CHARACTERS = 2_000_000
PAGE_CHARACTERS = 12_000
GAP = 6  # spaces between columns, more than any sentence has
WIDEST_COLUMN = 60
_PRINTED = re.compile(r"\S+")
_WIDE = re.compile(r"[^\S\n]{80,}")
PAGE_BREAK = "\f"


class TextReader(ABC):
    """A Reader (see records.reading.reader) of one kind of text file: it only has to say the lines."""

    @abstractmethod
    def lines(self, path: Path) -> Iterable[str]:
        """Printed lines in order; "\\f" alone begins a page. Raises ReadingError: damaged, too_large."""

    def page_count(self, path: Path, password: str | None = None) -> int:
        return len(self._pages(path))

    def read_page(self, path: Path, number: int, password: str | None = None) -> PageText:
        pages = self._pages(path)
        if number > len(pages):
            raise ReadingError("damaged")
        return text_page(number, pages[number - 1])

    def render_page(self, path: Path, number: int, password: str | None = None, dpi: int = PICTURE_DPI, rotation: int = 0) -> None:
        return None

    @contextmanager
    def begun(self, path: Path, numbers: Sequence[int], password: str | None = None) -> Iterator[list[Reading[Rendered]]]:
        pages = dict(enumerate(self._pages(path), start=1))
        yield [_told(one, pages.get(one)) for one in numbers]

    def read(self, path: Path, password: str | None = None) -> Iterator[PageText]:
        for number, text in enumerate(self._pages(path), start=1):
            yield text_page(number, text)

    def _pages(self, path: Path) -> list[str]:
        return paginate(self.lines(path))


def _told(number: int, text: str | None) -> Reading[Rendered]:
    yield from ()  # there is nothing to recognise
    if text is None:
        raise ReadingError("damaged")
    return Rendered(text_page(number, text), None)


def text_page(number: int, text: str) -> PageText:
    words = tuple(Word(found.start(), found.end(), None) for found in _PRINTED.finditer(text))
    return PageText(number, 0.0, 0.0, text, words, Source.STRUCTURED)


def paginate(lines: Iterable[str]) -> list[str]:
    """Pages of about PAGE_CHARACTERS, cut at line ends, best between paragraphs. At least one. Raises too_large, too_many_pages."""
    pages: list[list[str]] = [[]]
    size = total = 0
    for line in lines:
        total += len(line)
        if total > MOST_CHARACTERS:
            raise ReadingError("too_large")
        for piece in _pieces(line):
            is_full = size + len(piece) > PAGE_CHARACTERS or (size > 0.8 * PAGE_CHARACTERS and not piece)
            if pages[-1] and (piece == PAGE_BREAK or is_full):
                pages.append([])
                size = 0
            if piece != PAGE_BREAK:
                pages[-1].append(piece)
                size += len(piece) + 1
    made = [text for page in pages if (text := "\n".join(page).strip("\n"))]
    if len(made) > MOST_PAGES:
        raise ReadingError("too_many_pages")
    return [f"{text}\n" for text in made] or [""]


def _pieces(line: str) -> Iterator[str]:
    """A line without what no page has; one longer than a page in pieces."""
    if line == PAGE_BREAK:
        yield line
        return
    kept = printable(line).rstrip()
    while len(kept) > PAGE_CHARACTERS:
        cut = kept.rfind(" ", 0, PAGE_CHARACTERS)
        cut = cut if cut > 0 else PAGE_CHARACTERS
        yield kept[:cut]
        kept = kept[cut:].lstrip()
    yield kept


def printable(line: str) -> str:
    """Words cleaned one by one; the spaces between them stay, within reason: columns are made of spaces."""
    if not (line.isascii() and line.isprintable()):
        line = "".join(part if part.isspace() else clean(part) for part in re.split(r"(\s+)", line.expandtabs(8)))
    return _WIDE.sub(" " * 80, line)


def table(rows: Sequence[Sequence[str]]) -> list[str]:
    """Rows as lines with the cells of a column under each other."""
    squeezed = [[" ".join(cell.split()) for cell in row] for row in rows]
    widths: list[int] = []
    for row in squeezed:
        for number, cell in enumerate(row):
            if number == len(widths):
                widths.append(0)
            widths[number] = max(widths[number], min(len(cell), WIDEST_COLUMN))
    return [line for row in squeezed if (line := _row(row, widths))]


def _row(cells: Sequence[str], widths: Sequence[int]) -> str:
    made, start = "", 0
    for cell, width in zip(cells, widths, strict=False):
        if cell:
            made = made.ljust(max(start, len(made) + GAP if made.strip() else 0)) + cell
        start += width + GAP
    return made
