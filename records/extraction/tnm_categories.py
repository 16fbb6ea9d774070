"""Each T, N and M on a page, justified by its prefix, its sequence or its label."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

from records.extraction.patterns import lazy
from records.extraction.tnm_grammar import (
    BLOCK,
    FILLER,
    LABEL_HINT,
    LABELLED,
    LOOKALIKE,
    M_HINT,
    MISREAD,
    N_HINT,
    N_IN_SLOT,
    N_SMALL,
    NO_MORE,
    SLOT_HINT,
    STAGING,
    T_BROKEN,
    T_BROKEN_HINT,
    T_HINT,
    T_IN_SLOT,
    T_SMALL,
    T_SMALL_HINT,
    M,
    N,
    T,
)

_LONGEST_PREFIX, _LONGEST_LABEL = 6, 60
_OR_ANOTHER = lazy(r" ?(?:/|-|or) ?[b-d](?![A-Za-z0-9])")


@dataclass(frozen=True, slots=True)
class Category:
    """One T, N or M at [start, end) of a page. strength: how it was justified (see the module)."""

    letter: str
    value: str
    prefix: str
    page: int
    start: int
    end: int
    strength: float
    is_repaired: bool = False
    sequence: int = 0


class _Found:
    """The categories of a page so far, and which characters they stand on."""

    def __init__(self, text: str) -> None:
        self.categories: list[Category] = []
        self._taken = bytearray(len(text))

    def add(self, *made: Category) -> None:
        for one in made:
            self.categories.append(one)
            self._taken[one.start : one.end] = b"\1" * (one.end - one.start)

    def covers(self, start: int, end: int) -> bool:
        return 1 in self._taken[start:end]


def categories_in(text: str, page: int = 1) -> Iterator[Category]:
    """All categories of a page (newlines already spaces), in order."""
    found = _Found(text)
    for match in _around(T, T_HINT, text):
        found.add(*_sequence(text, page, match, len(found.categories) + 1))
    for grammar, hint in ((T_SMALL, T_SMALL_HINT), (T_BROKEN, T_BROKEN_HINT)):
        for match in _around(grammar, hint, text):
            if not found.covers(match.start(), match.start() + 1):
                found.add(*_sequence(text, page, match, len(found.categories) + 1, is_broken=grammar is T_BROKEN))
    _add_in_slots(text, page, found)
    _add_alone(text, page, found)
    _add_labelled(text, page, found)
    return iter(sorted(found.categories, key=lambda one: one.start))


def _add_in_slots(text: str, page: int, found: _Found) -> None:
    """ "Primary tumor (pT): p'13": the slot is certain, so what OCR made of the letter may be put right."""
    for hint in SLOT_HINT.finditer(text):
        for letter, grammar in (("T", T_IN_SLOT), ("N", N_IN_SLOT)):
            match = grammar.match(text, hint.start())
            if match is not None and not found.covers(match.start("pre"), match.end()):
                made = _made(letter, match, page, 0.9, -len(found.categories) - 1, _prefix(match))
                found.add(replace(made, start=match.start("pre"), is_repaired=True))


def _add_alone(text: str, page: int, found: _Found) -> None:
    for letter, alone, hint in (("N", N, N_HINT), ("M", M, M_HINT)):
        for match in _around(alone, hint, text):
            made = _alone(text, page, letter, match)
            if made is not None and not found.covers(made.start, made.end):
                found.add(replace(made, sequence=-len(found.categories) - 1))
                behind = _following(M, text, match.end()) if letter == "N" else None
                if behind is not None and not found.covers(behind.start(), behind.end()):
                    found.add(_made("M", behind, page, 0.92, found.categories[-1].sequence, _prefix(behind) or made.prefix))


def _add_labelled(text: str, page: int, found: _Found) -> None:
    hints = [one.start() for one in LABEL_HINT.finditer(text)]
    for letter, labelled in LABELLED.items():
        reached = 0
        for hint in hints:
            match = labelled.search(text, max(reached, hint - _LONGEST_LABEL), hint + 40) if hint >= reached else None
            if match is None:
                continue
            reached = match.end()
            if not _is_count(text, match) and not found.covers(match.start("v"), match.end()):
                found.add(_made(letter, match, page, 0.93, -len(found.categories) - 1, ""))


def _around(grammar: re.Pattern[str], hint: re.Pattern[str], text: str) -> Iterator[re.Match[str]]:
    """grammar.finditer(text), tried only where its letter stands (hint) and up to a prefix before it: most of a page holds neither."""
    reached = 0
    for letter in hint.finditer(text):
        for start in range(max(reached, letter.start() - _LONGEST_PREFIX), letter.start() + 1):
            match = grammar.match(text, start)
            if match is not None:
                yield match
                reached = match.end()
                break


def _sequence(text: str, page: int, match: re.Match[str], number: int, *, is_broken: bool = False) -> list[Category]:
    """T and the N and M that follow it; [] where the T is justified by nothing."""
    prefix = _prefix(match)
    n = _following(N_SMALL if match.re is T_SMALL else N, text, match.end())
    m = _following(M, text, (n or match).end())
    if m is None and n is not None and match.re is T_SMALL:
        m = None
    raw = match.group(0)
    before = text[max(0, match.start() - 70) : match.start()]
    has_sequence = (n is not None and not _is_block_list(text, match, n)) or m is not None
    if raw.startswith(("P", "C")) and not has_sequence and (" " in raw or match.group("v") in "lI|!OZ8" or prefix == "c"):
        return []
    if not prefix and not has_sequence and not (STAGING.search(before) and match.group("v") not in "lI|!OZ8"):
        return []
    if not prefix and (
        LOOKALIKE.match(text, match.end())
        or (BLOCK.search(before) and not has_sequence)
        or (match.group("v") in "lI|!OZ8" and not STAGING.search(before))
    ):
        return []
    if prefix and re.match(r"[-–]\d", text[match.end() :]) and not has_sequence:
        return []
    strength = 0.97 if prefix and has_sequence else 0.95 if prefix else 0.92 if has_sequence else 0.85
    made = [replace(_made("T", match, page, strength, number, prefix), is_repaired=is_broken or match.group("v") in "lI|!OZ8")]
    for letter, other in (("N", n), ("M", m)):
        if other is not None:
            made.append(_made(letter, other, page, strength, number, _prefix(other) or prefix))
    return made


def _is_count(text: str, match: re.Match[str]) -> bool:
    """ "Regional lymph nodes (pN): 1 residual node was ...": a number of things, not a category."""
    return text[match.start("v") - 1] in " :=" and bool(
        re.match(r" ?(?:[a-z]{3,}|lymph|nodes?|positive|negative)", text[match.end() :], re.I)
    )


def _is_block_list(text: str, t: re.Match[str], n: re.Match[str]) -> bool:
    """ "T1-T4, tumor; N1, lymph node": a key of blocks. Words between the two never pass the filler, dashes may."""
    return bool(re.match(r" ?[:,=-] ?[a-z]{3}", text[n.end() :])) and not _prefix(t) and not _prefix(n) and "," in text[t.end() : n.start()]


def _following(grammar: re.Pattern[str], text: str, position: int) -> re.Match[str] | None:
    filler = FILLER.match(text, position, position + 40)
    end = filler.end() if filler else position
    for start in range(end, position - 1, -1):
        found = grammar.match(text, start)
        if found is not None:
            return found
    return None


def _alone(text: str, page: int, letter: str, match: re.Match[str]) -> Category | None:
    """An N or M that follows no T: needs its prefix, or a label right before it."""
    prefix = _prefix(match)
    value = match.group("v")
    before = text[max(0, match.start() - 70) : match.start()]
    labels = {
        "N": r"(?:(?:nodes?|\(p?N\)|\bN\b|TNM|nodal)[^.;]{0,25}[:=.]|(?:pathologic(?:al)?|clinical) N)[ ]*$",
        "M": r"(?:(?:metasta\w+|\(p?M\)|TNM)[^.;]{0,25}[:=.]|(?:pathologic(?:al)?|clinical) M)[ ]*$",
    }[letter]
    is_labelled = bool(re.search(labels, before, re.I))
    raw = match.group(0)
    if not prefix and not (is_labelled and " " not in raw.strip() and (value in "0123Xx" or value in "OlI")):
        return None
    if value in "Oo" and not is_labelled and (prefix[-1:] not in ("p", "c") or re.search(r"[.'\"_-]", raw)):
        return None  # "rNo", "Hosp.No": a box that is ticked, a number
    if raw[0] in "PCYRA" and (value not in "0123Xx" or raw[1:2] == " ") and not is_labelled:
        return None
    if letter == "M" and (re.search(r"\d ?$", before) or (raw.startswith("PM") and not is_labelled)):
        return None
    if value in "OoQlI|!Zz" and (" " in raw and not is_labelled and value not in "O"):
        return None
    if LOOKALIKE.match(text, match.end()) and not prefix:
        return None
    if value in "Oo" and not prefix and NO_MORE.match(text, match.end()):
        return None
    return _made(letter, match, page, 0.95 if prefix else 0.85, 0, prefix)


def _prefix(match: re.Match[str]) -> str:
    made = match.groupdict().get("pre") or ""
    return re.sub(r"[^a-z]", "", made.lower())


def _made(letter: str, match: re.Match[str], page: int, strength: float, sequence: int, prefix: str) -> Category:
    groups = match.groupdict()
    value, suffix = groups["v"], (groups.get("s") or "").strip()
    if suffix and _OR_ANOTHER.match(match.string, match.end("s")):
        suffix = ""  # "pT3a/b": either letter
    clear = MISREAD.get(value, value)
    clear = clear.upper() if clear in "xX" else clear.lower()
    notes = re.sub(r"\s", "", groups.get("q") or "").lower()
    notes = "".join(re.findall(r"\((?:i|mol)\+\)", notes))  # N0(i-) is N0
    extra = "mi" if "(mi" in (groups.get("q") or "").lower().replace(" ", "") else ""
    strength += 0.004 * len(suffix + extra + notes)  # of two that differ in detail, the fuller one
    return Category(
        letter,
        letter + clear + suffix.lower() + extra + notes,
        prefix,
        page,
        match.start(),
        match.end(),
        strength,
        value in MISREAD,
        sequence,
    )
