"""Closed, reviewed word lists: one TOML file a subject, one loader, one matcher.

    load("cancers")                      the parsed file, read once
    Lexicon([("kras", gene), ...])       an Aho-Corasick matcher from (term, entry) pairs
    lexicon.find(text)                   its matches, longest at each place, whole words only, in order

Nothing is downloaded at run time. A term is matched whatever its letter case; any run of white space, a line break among them, or a
hyphen at a line end counts as one space. With `is_ocr_tolerant`, look-alikes (0/O, 1/l/I/|, 5/S, 8/B) match too and say so.
"""

from __future__ import annotations

import re
import tomllib
from bisect import bisect_right
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path
from typing import Any, Generic, TypeVar

import ahocorasick

T = TypeVar("T")

_FOLDER = Path(__file__).parent
_RUN = re.compile(r"-[^\S\n]*\n\s*|-\. (?=[\da-z])|\s{2,}|[\n\t]")
_NEEDS_CLOSING = re.compile(r"\s\s|[\n\t]|-\. [\da-z]")
_LOOKALIKES = str.maketrans("0158|!i", "olsblll")


@cache
def load(name: str) -> dict[str, Any]:
    """The parsed `name`.toml of this folder. Treat it as read-only: it is shared."""
    with (_FOLDER / f"{name}.toml").open("rb") as file:
        return tomllib.load(file)


@dataclass(frozen=True, slots=True)
class Match(Generic[T]):
    """[start, end) in the text that was searched. is_exact: letter for letter (case aside); False: an OCR look-alike matched."""

    start: int
    end: int
    entry: T
    term: str
    is_exact: bool = True


class Lexicon(Generic[T]):
    """A matcher of whole terms in linear time. Build it once (see functools.cache), use it for every document."""

    def __init__(self, terms: Iterable[tuple[str, T]], *, is_ocr_tolerant: bool = False) -> None:
        self._is_tolerant = is_ocr_tolerant
        self._automaton = ahocorasick.Automaton()
        entries: dict[str, list[tuple[str, T]]] = {}
        for term, entry in terms:
            plain = " ".join(term.lower().split())
            entries.setdefault(self._fold(plain), []).append((plain, entry))
        for key, found in entries.items():
            self._automaton.add_word(key, (len(key), found))
        self._is_empty = not entries
        if entries:
            self._automaton.make_automaton()

    def find(self, text: str) -> list[Match[T]]:
        """All matches, none inside a longer one, sorted by start. Of entries that share a term, every one is returned."""
        if self._is_empty:
            return []
        closed, raw_of = _prepared(text)
        return list(self._longest(closed, raw_of, text))

    def _fold(self, text: str) -> str:
        return text.translate(_LOOKALIKES) if self._is_tolerant else text

    def _longest(self, closed: str, raw_of: _Positions, text: str) -> Iterator[Match[T]]:
        hits = list(self._automaton.iter(self._fold(closed)))
        if not hits:
            return
        spans: list[tuple[int, int, list[tuple[str, T]]]] = []
        size = len(closed)
        for last, (length, found) in hits:
            start, end = last - length + 1, last + 1
            if (start and closed[start - 1].isalnum() and closed[start].isalnum()) or (
                end < size and closed[end].isalnum() and closed[last].isalnum()
            ):
                continue
            spans.append((start, -end, found))
        spans.sort(key=lambda span: span[:2])
        reached = 0
        for start, negative_end, found in spans:
            end = -negative_end
            if end <= reached:
                continue
            matches = list(self._judged(closed[start:end], found, raw_of(start), raw_of(end - 1) + 1, text))
            if matches:
                reached = end
                yield from matches

    def _judged(self, read: str, found: list[tuple[str, T]], start: int, end: int, text: str) -> Iterator[Match[T]]:
        exact = [(term, entry) for term, entry in found if term == read]
        for term, entry in exact:
            yield Match(start, end, entry, term)
        if not exact and _may_be_misread(text[start:end]):
            for term, entry in found:
                yield Match(start, end, entry, term, is_exact=False)


def _may_be_misread(raw: str) -> bool:
    """A plain lower-case word is what it is ("tall" is not "tail"); capitals, digits and long words may be misread."""
    return len(raw) >= 8 or (len(raw) >= 3 and not raw.islower()) or any(letter.isdigit() or letter in "|!" for letter in raw)


class _Positions:
    """From offsets in the closed-up text to offsets in the raw one."""

    __slots__ = ("_closed", "_shift")

    def __init__(self, closed: list[int], shift: list[int]) -> None:
        self._closed, self._shift = closed, shift

    def __call__(self, position: int) -> int:
        return position + self._shift[bisect_right(self._closed, position) - 1]


_SAME = _Positions([0], [0])


@lru_cache(maxsize=4)
def _prepared(text: str) -> tuple[str, _Positions]:
    """Lower case without a change of length, and closed up. The pages at hand are kept: every matcher asks for the same ones in turn."""
    lowered = text.lower()
    if len(lowered) != len(text):
        lowered = "".join(low if len(low := letter.lower()) == 1 else letter for letter in text)
    return _close_up(lowered)


def _close_up(text: str) -> tuple[str, _Positions]:
    """White space runs to one space, a hyphen at a line end with them to nothing (a line end that OCR took for a full stop, "her-. 2", is
    one too); and the way back."""
    if (" ".join(text.split()) == text and "-. " not in text) or not _NEEDS_CLOSING.search(text):
        return text, _SAME
    parts: list[str] = []
    closed, shift = [0], [0]
    last = position = 0
    for run in _RUN.finditer(text):
        start, end = run.span()
        space = "" if text[start] == "-" else " "
        parts += (text[last:start], space)
        position += start - last + len(space)
        last = end
        if end - start != len(space):
            closed.append(position)
            shift.append(end - position)
    parts.append(text[last:])
    return "".join(parts), _Positions(closed, shift)
