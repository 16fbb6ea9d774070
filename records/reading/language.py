"""Whether words are of a language, or of a font whose letters were renumbered; and whether they are in writing that we have no rules for."""

from __future__ import annotations

import re
from collections.abc import Iterable

_LEAST_LETTERS, _FOREIGN_SHARE = 15, 0.5  # a form in two languages is read for the one of them
_FIRST_FOREIGN = "\u0370"  # Greek; Latin letters and their marks come before it, and in the ranges below
_LATIN_TOO = (("\u1d00", "\u1eff"), ("\u2070", "\u218f"), ("\ufb00", "\ufb06"), ("\uff21", "\uff5a"))
_VOWEL = re.compile(r"[aeiouyàáâäãåæèéêëìíîïòóôöõøùúûü]", re.IGNORECASE)
_EDGES = re.compile(r"^\W+|\W+$")
LEAST_WORDS, LEAST_PAIRS = 12, 40
_LEAST_VOICED = 0.7
# The 200 most common pairs of letters in English words. They are 93 % of the pairs of a report, 80 % and more of German or Spanish ones,
# and at most 59 % (median 34 %) of a report whose letters were exchanged for others: measured on 5,000 reports and 660 exchanged pages.
_LEAST_SHARE = 0.7
_FOLLOWERS = {
    "a": "bcdgilmnprstuy", "b": "aeilosu", "c": "aehikloptu", "d": "aeio", "e": "acdefglmnoprstvx",
    "f": "aeiortu", "g": "ehinor", "h": "aeioprt", "i": "abcdefglmnoprstv", "k": "e",
    "l": "adeilostuy", "m": "aeiopsu", "n": "acdegiostuy", "o": "cdfglmnoprstuvw", "p": "aehiloprtuy",
    "q": "u", "r": "acdegimnorstuy", "s": "acehioprstu", "t": "aehiorstuwy", "u": "bcdelmnprst",
    "v": "aei", "w": "ai", "x": "at", "y": "opr",
}  # fmt: skip
_PAIRS = frozenset(first + second for first, seconds in _FOLLOWERS.items() for second in seconds)


def is_language(words: Iterable[str]) -> bool:
    """True also where there are too few words to tell. Says nothing of single letters."""
    bare = [one for one in (_EDGES.sub("", word) for word in words) if len(one) > 2 and one.isalpha()]
    voiced = sum(1 for one in bare if _VOWEL.search(one))
    if len(bare) >= LEAST_WORDS and voiced <= _LEAST_VOICED * len(bare):
        return False
    # names of genes are of no language: words in capitals do not count
    pairs = [
        word[at : at + 2] for word in (one.lower() for one in bare if one.isascii() and not one.isupper()) for at in range(len(word) - 1)
    ]
    return len(pairs) < LEAST_PAIRS or sum(pair in _PAIRS for pair in pairs) >= _LEAST_SHARE * len(pairs)


def is_foreign(text: str) -> bool:
    """Whether most of it is in letters that are not Latin: what such words deny or doubt, we cannot tell."""
    letters = [one for one in text if one.isalpha()]
    foreign = sum(1 for one in letters if one >= _FIRST_FOREIGN and not any(low <= one <= high for low, high in _LATIN_TOO))
    return foreign >= _LEAST_LETTERS and foreign > _FOREIGN_SHARE * len(letters)
