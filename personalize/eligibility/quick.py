"""Long patterns, tried only where their first letters stand.

Python's matcher tries every alternative at every letter. Most letters begin none of them, and a scan for the few beginnings is many times faster.
"""

from __future__ import annotations

import re
from collections.abc import Iterator


class Quick:
    """A pattern that is tried only where one of `begins` stands, or at the very start where `is_anchored`; what it finds stays the same.

    begins: lower-case texts, one of which each match begins with; with is_anchored, each match that does not begin at 0.
    """

    __slots__ = ("_begins", "_is_anchored", "_pattern")

    def __init__(self, pattern: str, begins: str, *, is_anchored: bool = False) -> None:
        self._pattern = re.compile(pattern)
        rests: dict[str, list[str]] = {}
        for one in begins.split("|"):
            rests.setdefault(one[0], []).append(re.escape(one[1:]))
        self._begins = re.compile("|".join(f"{re.escape(first)}(?={'|'.join(rest)})" for first, rest in rests.items()))
        self._is_anchored = is_anchored

    @property
    def pattern(self) -> str:
        return self._pattern.pattern

    def search(self, words: str) -> re.Match[str] | None:
        match = self._pattern.match
        if self._is_anchored and (found := match(words)):
            return found
        for one in self._begins.finditer(words):
            if found := match(words, one.start()):
                return found
        return None

    def finditer(self, words: str) -> Iterator[re.Match[str]]:
        """As that of a compiled pattern; none of the matches may be empty."""
        reached = 0
        if self._is_anchored and (found := self._pattern.match(words)):
            reached = found.end()
            yield found
        for one in self._begins.finditer(words):
            if one.start() >= reached and (found := self._pattern.match(words, one.start())):
                reached = found.end()
                yield found

    def blanked(self, words: str) -> str:
        """The words with each match written over with spaces."""
        for found in list(self.finditer(words)):
            words = words[: found.start()] + " " * (found.end() - found.start()) + words[found.end() :]
        return words
