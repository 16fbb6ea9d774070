"""AJCC tables as facts: which categories an organ has, and which group they make. Data in `personalize/vocabulary/ajcc.toml`."""

from __future__ import annotations

import re
from functools import cache

from personalize.vocabulary import load
from records.extraction.patterns import lazy

_Row = tuple[str, frozenset[str], frozenset[str], frozenset[str]]
_CATEGORY = lazy(r"[TNM](is|X|\d)(mi|[a-d])?")


def is_allowed(stem: str, letter: str, value: str) -> bool | None:
    """Does the organ have this category in any edition we know? None where the organ has no table. value: "T3b"."""
    allowed = load("ajcc")["allowed"].get(stem)
    read = _CATEGORY.match(value)
    if allowed is None or read is None:
        return None
    return read.group(1) in {one.removesuffix("mi").rstrip("abcd") or one for one in allowed[letter.lower()].split()}


def group_of(stem: str, t: str | None, n: str | None, m: str | None) -> str | None:
    """The stage group that T, N and M make by the 8th edition ("IIB"); None where they settle none. A missing M counts as M0."""
    for t_read, n_read in ((t, n), (_base(t), n), (t, _base(n)), (_base(t), _base(n))):
        for group, ts, ns, ms in _rows(stem):
            if _fits(t_read, ts) and _fits(n_read, ns) and (_fits(m, ms) if ms else m is None or _plain(m) in ("0", "X")):
                return group
    return None


def n_of_count(stem: str, positive: int) -> str | None:
    """The N that the number of involved nodes makes ("N2a"); None where the organ has no such table."""
    steps = steps_of("by_nodes", stem)
    return [category for least, category in steps if positive >= least][-1] if steps else None


@cache
def steps_of(table: str, stem: str) -> list[tuple[float, str]]:
    """(more than, category) of a table of the vocabulary; [] where the organ is not in it."""
    return [
        (float(least), category)
        for least, category in (pair.strip().split(": ") for pair in load("ajcc")[table].get(stem, "").split(";") if pair.strip())
    ]


def _base(value: str | None) -> str | None:
    """ "T3a" → "T3": tables without sub-categories take the main one."""
    return re.sub(r"(?<=\d)[a-d].*", "", value) if value else None


@cache
def _rows(stem: str) -> tuple[_Row, ...]:
    table = next((one for one in load("ajcc")["group"] if one["stem"] == stem), None)
    if table is None:
        return ()
    made = []
    for row in table["rows"].replace("\n", " ").split(";"):
        group, _, rest = row.strip().partition(":")
        t, n, m = (frozenset(part.split()) for part in rest.split("|"))
        made.append((group, t, n, m))
    return tuple(made)


def _fits(value: str | None, wanted: frozenset[str]) -> bool:
    if "*" in wanted:
        return True
    return value is not None and _plain(value) in wanted


def _plain(value: str) -> str:
    """ "N0(i+)" → "0", "T2a" → "2a"."""
    return value[1:].split("(")[0].strip()
