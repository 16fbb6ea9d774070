"""The one page model: text made of words, so that any span of the text has boxes on the page.

Every reader (text layer, OCR, structured files) ends here, and nothing after reading knows which it was.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable
from dataclasses import dataclass, field
from enum import StrEnum


class Source(StrEnum):
    """Where a page's words come from."""

    TEXT_LAYER = "text_layer"
    OCR = "ocr"
    STRUCTURED = "structured"


@dataclass(frozen=True, slots=True)
class Box:
    """A rectangle on the page as displayed: fractions of its width and height (0–1), origin top left."""

    x0: float
    top: float
    x1: float
    bottom: float

    def __post_init__(self) -> None:
        if not (0 <= self.x0 <= self.x1 <= 1 and 0 <= self.top <= self.bottom <= 1):
            raise ValueError(f"not a box within the page: {self}")

    @classmethod
    def clipped(cls, x0: float, top: float, x1: float, bottom: float) -> Box:
        """The box with corners put in order and cut to the page."""
        x0, x1 = sorted((min(max(x0, 0.0), 1.0), min(max(x1, 0.0), 1.0)))
        top, bottom = sorted((min(max(top, 0.0), 1.0), min(max(bottom, 0.0), 1.0)))
        return cls(x0, top, x1, bottom)

    def union(self, other: Box) -> Box:
        return Box(min(self.x0, other.x0), min(self.top, other.top), max(self.x1, other.x1), max(self.bottom, other.bottom))


@dataclass(frozen=True, slots=True)
class Word:
    """One word: [start, end) in its page's text, its box, and how sure the reader is.

    box is None for structured files, which have no picture. confidence is 0–1, None for a text layer. other: what a second engine read
    there, where the two differ.
    """

    start: int
    end: int
    box: Box | None
    confidence: float | None = None
    other: str = ""


@dataclass(frozen=True, slots=True)
class PageText:
    """One page as read.

    number counts from 1. width and height are those of the page as displayed, in points (1/72 inch) for PDFs and in
    pixels for pictures. rotation is the clockwise turn in degrees that made the page upright (0, 90, 180, 270).
    Words are in reading order, do not overlap, and text[w.start:w.end] is the word; lines are separated by a newline.
    quality is the mean word confidence (0–1), None where the reader has none.
    """

    number: int
    width: float
    height: float
    text: str
    words: tuple[Word, ...]
    source: Source
    rotation: int = 0
    quality: float | None = None
    _starts: tuple[int, ...] = field(init=False, repr=False, compare=False, default=())
    _ends: tuple[int, ...] = field(init=False, repr=False, compare=False, default=())

    def __post_init__(self) -> None:
        last = 0
        for word in self.words:
            if not last <= word.start < word.end <= len(self.text):
                raise ValueError(f"page {self.number}: word {word.start}:{word.end} is out of order or out of the text")
            last = word.end
        object.__setattr__(self, "_starts", tuple(word.start for word in self.words))
        object.__setattr__(self, "_ends", tuple(word.end for word in self.words))

    def words_in(self, start: int, end: int) -> tuple[Word, ...]:
        """The words that [start, end) touches."""
        return self.words[bisect_right(self._ends, start) : bisect_left(self._starts, end)]

    def boxes(self, start: int, end: int) -> tuple[Box, ...]:
        """The boxes that cover [start, end): one for each printed line that the span runs over."""
        lines: list[Box] = []
        last_end = 0
        for word in self.words_in(start, end):
            if word.box is None:
                continue
            if lines and _same_line(lines[-1], word.box) and "\n" not in self.text[last_end : word.start]:
                lines[-1] = lines[-1].union(word.box)
            else:
                lines.append(word.box)
            last_end = word.end
        return tuple(lines)

    def second_reading(self, start: int, end: int) -> str:
        """The words that [start, end) touches as a second engine read them; "" where it read the same or was not asked."""
        words = self.words_in(start, end)
        return " ".join(one.other or self.text[one.start : one.end] for one in words) if any(one.other for one in words) else ""

    def confidence(self, start: int, end: int) -> float | None:
        """The least confidence of the words that [start, end) touches; None where the reader gave none."""
        known = [word.confidence for word in self.words_in(start, end) if word.confidence is not None]
        return min(known) if known else None


def _same_line(line: Box, box: Box) -> bool:
    overlap = min(line.bottom, box.bottom) - max(line.top, box.top)
    return overlap > 0.4 * min(line.bottom - line.top, box.bottom - box.top)


def make_page(
    *,
    number: int,
    width: float,
    height: float,
    lines: Iterable[Iterable[tuple[str, Box | None, float | None] | tuple[str, Box | None, float | None, str]]],
    source: Source,
    rotation: int = 0,
) -> PageText:
    """A page from lines of (word, box, confidence), with or without what a second engine read there: words joined by one space, lines by a newline."""
    parts: list[str] = []
    words: list[Word] = []
    position = 0
    for line in lines:
        first = True
        for text, box, confidence, *other in line:
            if not text:
                continue
            if not first:
                parts.append(" ")
                position += 1
            words.append(Word(position, position + len(text), box, confidence, *other))
            parts.append(text)
            position += len(text)
            first = False
        parts.append("\n")
        position += 1
    known = [word.confidence for word in words if word.confidence is not None]
    quality = sum(known) / len(known) if known else None
    return PageText(number, width, height, "".join(parts), tuple(words), source, rotation, quality)
