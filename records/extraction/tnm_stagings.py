"""Which categories of a page were chosen, and which of them make one staging."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from records.extraction.patterns import lazy
from records.extraction.tnm_categories import Category

_MARK = lazy(r"(?:[\[(_{] ?[xX✓✔*]+ ?[\])_}]|[☒☑■✓✔]|(?:^|\s)[_]*[xX][_]+|(?:^|\n|\. )[xX] )[\s.:_-]*$")


_BOX = lazy(r"(?:[\[(] ?[\])]|☐|□|_{2,}|\( \)|(?<![A-Za-z0-9])[oO] )[\s.:_-]*$")


_NEAR = 1500  # characters between categories that belong to one tumour's staging


def without_checklists(found: list[Category], text: str) -> list[Category]:
    """Drop options that are offered, not chosen: three values of one letter close together, unless marked."""
    kept: list[Category] = []
    for letter in "TNM":
        mine = [one for one in found if one.letter == letter]
        for group in _clusters(mine):
            offered = {one.value[:2] for one in group}
            boxed = [one for one in group if _BOX.search(text[max(0, one.start - 12) : one.start])]
            marked = [one for one in group if _MARK.search(text[max(0, one.start - 12) : one.start])]
            if marked and (len(offered) > 2 or boxed):
                kept += marked
            elif boxed:
                kept += [one for one in group if one not in boxed]
            elif len(offered) < 3 or len(group) > 12 or not _is_defined(group, text):
                kept += group
    return sorted(kept, key=lambda one: one.start)


def _clusters(mine: list[Category]) -> Iterator[list[Category]]:
    group: list[Category] = []
    for one in mine:
        if group and one.start - group[-1].end > 320:
            yield group
            group = []
        group.append(one)
    if group:
        yield group


def _is_defined(group: list[Category], text: str) -> bool:
    """Do most of them have words of definition behind them ("T2: tumor more than 2 cm")?"""
    defined = sum(bool(re.match(r"[ ]*[:=)-]?[ ]*\(?[A-Za-z]{3,}[^:]{8,}", text[one.end : one.end + 40])) for one in group)
    return defined * 2 > len(group)


def stagings(found: list[Category]) -> Iterator[list[Category]]:
    """Categories that belong together: one of each letter, same kind of prefix, near each other."""
    staging: list[Category] = []
    for one in found:
        if staging and not _fits(staging, one):
            yield staging
            staging = []
        staging.append(one)
    if staging:
        yield staging


def said_of(stagings: Iterable[list[Category]]) -> set[tuple[str, str]]:
    """(p or c, value) of every category."""
    return {(one.prefix[-1:], one.value) for staging in stagings for one in staging}


def is_said_fuller(staging: list[Category], said: set[tuple[str, str]]) -> bool:
    """A lone "pN0" where another place says "pN0(i+)": the fuller one speaks for both. said: said_of all stagings."""
    if len(staging) > 1 or staging[0].letter != "N":
        return False
    kind, value = staging[0].prefix[-1:], staging[0].value
    return any(other_kind == kind and other != value and other.startswith(value) for other_kind, other in said)


def _fits(staging: list[Category], one: Category) -> bool:
    if any(other.letter == one.letter for other in staging):
        return False
    if one.sequence == staging[-1].sequence:
        return True
    if one.start - staging[-1].end > _NEAR or (one.sequence > 0 and staging[-1].sequence > 0):
        return False
    clash = {prefix[-1:] for prefix in (one.prefix, *(other.prefix for other in staging)) if prefix and one.letter != "M"}
    return len(clash) < 2 and "TNM".index(one.letter) > max("TNM".index(other.letter) for other in staging)
