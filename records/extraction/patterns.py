"""Patterns that are compiled when they are first used: most documents need a few of the grammars, and starting needs none."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Any, cast


class _Lazy:
    """Stands for a compiled pattern; the first question compiles it, and from then on its methods are the pattern's own."""

    def __init__(self, source: str, flags: int) -> None:
        self._source, self._flags = source, flags

    def __getattr__(self, name: str) -> Any:
        made = re.compile(self._source, self._flags)
        for method in ("search", "match", "fullmatch", "finditer", "findall", "split", "sub", "subn", "pattern", "flags"):
            setattr(self, method, getattr(made, method))
        return getattr(made, name)


def lazy(source: str, flags: int = 0) -> re.Pattern[str]:
    """As re.compile, later."""
    return cast("re.Pattern[str]", _Lazy(source, int(flags)))


@lru_cache(maxsize=256)
def says(pattern: re.Pattern[str], words: str) -> bool:
    """pattern.search as a yes or no, kept: a sentence names many markers, and each asks the same of it."""
    return pattern.search(words) is not None
