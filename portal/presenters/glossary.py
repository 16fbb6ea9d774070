"""Hard words explained where they stand."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from functools import lru_cache
from html import escape

from django.utils.safestring import SafeString
from django.utils.text import slugify

from personalize.content import GlossaryTerm
from portal.presenters.telling import told

# Everyday words that the glossary knows as other names of a term, too common to stop a reader at.
_TOO_COMMON = frozenset(
    [
        "target",
        "marker",
        "stage",
        "trial",
        "scan",
        "chemo",
        "cell",
        "cells",
        "study",
        "spread",
        "test",
        "dose",
        "tumor",
        "estadio",
        "respuesta",
        "receptor",
    ]
)


@dataclass(frozen=True, slots=True)
class Word:
    """A term of the glossary as shown. code: its id on the page."""

    code: str
    term: str
    definition: str


@dataclass(slots=True)
class Marker:
    """Marks the first use of each term in a part of the page as a button that opens its explanation. used: those to explain, in order."""

    terms: tuple[GlossaryTerm, ...]
    used: dict[str, Word] = field(default_factory=dict)
    _seen: set[str] = field(default_factory=set)
    _by_name: dict[str, Word] = field(init=False)
    _names: re.Pattern[str] = field(init=False)

    def __post_init__(self) -> None:
        self._by_name, self._names = _known(self.terms)

    def new_part(self) -> None:
        """A new section: its first uses are marked again."""
        self._seen.clear()

    def mark(self, text: str, *, is_everyones: bool = False) -> SafeString:
        """is_everyones: the text is the same for everybody, so where its terms stand may be remembered."""
        parts, last = [], 0
        find = _remembered if is_everyones else _found
        for start, end, name in find(self._names, text):
            word = self._by_name[name]
            if word.code not in self._seen:
                self._seen.add(word.code)
                self.used.setdefault(word.code, word)
                parts += [escape(text[last:start]), _button(word, text[start:end])]
                last = end
        return SafeString("".join((*parts, escape(text[last:]))))


@lru_cache(maxsize=4)
def _known(terms: tuple[GlossaryTerm, ...]) -> tuple[dict[str, Word], re.Pattern[str]]:
    """Each name of each term in lower case, and the pattern that finds them in lower-case text as whole words, longest first."""
    by_name: dict[str, Word] = {}
    for one in terms:
        word = _word(one)
        for name in (one.term, *one.aliases):
            if name.lower() not in _TOO_COMMON:
                by_name.setdefault(name.lower(), word)
    names = "|".join(re.escape(one) for one in sorted(by_name, key=len, reverse=True)) or "(?!)"
    return by_name, re.compile(rf"(?<![\w-])({names})(?![\w-])")


def _found(names: re.Pattern[str], text: str) -> tuple[tuple[int, int, str], ...]:
    """Start, end and name of every term in a text."""
    lowered = text.lower()
    return tuple((one.start(), one.end(), one[1]) for one in names.finditer(lowered if len(lowered) == len(text) else text))


_remembered = lru_cache(maxsize=4096)(_found)


def _button(word: Word, said: str) -> SafeString:
    return SafeString(f'<button type="button" class="term" popovertarget="{word.code}">{escape(said)}</button>')  # a code is a slug


def words(terms: Sequence[GlossaryTerm]) -> list[Word]:
    """The whole glossary, by its letters."""
    return [replace(_word(one), code=slugify(one.term)) for one in sorted(terms, key=lambda one: _plainly(one.term))]


def _word(one: GlossaryTerm) -> Word:
    return Word(f"word-{slugify(one.term)}", told(one.term, one.language), told(one.definition, one.language))


def _plainly(term: str) -> str:
    """Where a term stands among others: "Ámbito" with the A."""
    return unicodedata.normalize("NFKD", term).lower()
