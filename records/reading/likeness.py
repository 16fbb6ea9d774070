"""Whether two files show the same report: scanned twice, or sent by the hospital and photographed at home. Bytes differ; words hardly do.

Reports of one hospital are alike in all but their numbers, and those are what must not be lost: the follow-up CT is no copy of the first.
So the words must be much alike and the numbers nearly all the same. A likeness is shown to the person, never acted on.
"""

from __future__ import annotations

import re
import zlib
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import pairwise

_WORD = re.compile(r"[^\W\d_]{4,}")
_NUMBER = re.compile(r"\d+(?:[.,:/-]\d+)*")
_MOST = 256  # hashes kept: the smallest are a fair sample
_LEAST_PAIRS, _LEAST_NUMBERS = 20, 4
# Recognition breaks a tenth of the words of a poor page, and with each two pairs.
_LEAST_WORDS_ALIKE, _LEAST_NUMBERS_ALIKE = 0.5, 0.8


@dataclass(frozen=True, slots=True)
class Sketch:
    """What is kept of a text to compare it: hashes of its pairs of words and of its numbers, sorted. Not the text, but as private."""

    pairs: tuple[int, ...]
    numbers: tuple[int, ...]


def sketch(text: str) -> Sketch:
    words = _WORD.findall(text.lower())
    return Sketch(_hashes(f"{one} {other}" for one, other in pairwise(words)), _hashes(_NUMBER.findall(text)))


def is_same_report(one: Sketch, other: Sketch) -> bool:
    """False where there is too little to tell."""
    if min(len(one.pairs), len(other.pairs)) < _LEAST_PAIRS or min(len(one.numbers), len(other.numbers)) < _LEAST_NUMBERS:
        return False
    return _alike(one.numbers, other.numbers) >= _LEAST_NUMBERS_ALIKE and _alike(one.pairs, other.pairs) >= _LEAST_WORDS_ALIKE


def _hashes(parts: Iterable[str]) -> tuple[int, ...]:
    return tuple(sorted({zlib.crc32(part.encode()) for part in parts})[:_MOST])


def _alike(one: tuple[int, ...], other: tuple[int, ...]) -> float:
    """The share of hashes that both have, of those up to where the shorter sample ends: an estimate where samples were cut."""
    end = min(_reach(one), _reach(other))
    mine, theirs = {part for part in one if part <= end}, {part for part in other if part <= end}
    return 2 * len(mine & theirs) / max(len(mine) + len(theirs), 1)


def _reach(hashes: tuple[int, ...]) -> int:
    return hashes[-1] if len(hashes) == _MOST else 0xFFFFFFFF
