"""How hard a text is to read: Flesch-Kincaid grade, with syllables from the hyphenation patterns of pyphen."""

from __future__ import annotations

import re
from functools import cache, lru_cache

import pyphen

MAX_GRADE = 8.0
MAX_INTERFACE_GRADE = 6.0
MAX_WORDS_IN_SENTENCE = 25
_WORD = re.compile(r"[^\W_]+(?:['’.,:/-][^\W_]+)*")
_STOP = re.compile(r"(?<=[.!?:])[\"'”’)]*\s+(?=[\"'“‘(¿¡]*[A-ZÁÉÍÓÚÑ0-9])|\n+")
_ABBREVIATION = re.compile(r"\b(?:Dr|Mr|Mrs|Ms|vs|p|St|No|e\.g|i\.e)\.$")


def sentences(text: str) -> tuple[str, ...]:
    """Cut at full stops, question marks, exclamation marks, colons and line ends; each piece has at least one word."""
    pieces: list[str] = []
    for piece in _STOP.split(text):
        if pieces and _ABBREVIATION.search(pieces[-1]):
            pieces[-1] += " " + piece
        else:
            pieces.append(piece)
    return tuple(piece.strip() for piece in pieces if _WORD.search(piece))


def words(text: str) -> tuple[str, ...]:
    return tuple(_WORD.findall(text))


@cache
def _patterns() -> pyphen.Pyphen:
    """Read when first asked: most processes never ask."""
    return pyphen.Pyphen(lang="en_US")


@lru_cache(maxsize=20_000)
def syllables(word: str) -> int:
    """At least one; a number counts as one, as the usual tools do."""
    return sum(str(_patterns().inserted(part.lower())).count("-") + 1 for part in word.split("-") if part) or 1


def reading_grade(text: str) -> float:
    """Flesch-Kincaid grade of a block; 0.0 for a text without words."""
    found, pieces = words(text), sentences(text)
    if not found or not pieces:
        return 0.0
    return round(0.39 * len(found) / len(pieces) + 11.8 * sum(map(syllables, found)) / len(found) - 15.59, 2)


def longest_sentence(text: str) -> int:
    """Words in the longest sentence."""
    return max((len(words(one)) for one in sentences(text)), default=0)
