"""Cutting registry text into sentences that know their section, their list entry, what that stands under, and their cohort.

Shapes met in the registry: one entry a line or hard-wrapped at 80 columns; markers or none; nested lists by indentation; lists inside a
line ("i. ... ii. ..."); headings on a line of their own or inside one; cohorts as headings or as the first words of a sentence.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from itertools import pairwise

from personalize.eligibility.cohorts import cohorts_of, is_cohort_heading
from personalize.eligibility.plain import plain
from personalize.eligibility.values import Entry, Kind, Passage

_MARKER = re.compile(
    r"\s*(?:[-*•·●○▪◦–➢>]+(?=\s|[A-Z(])|\(?\d{1,2}(?:\.\d{1,2})*\s?[.)\]](?!\d)|\(?[a-zA-Z][.)]|\(?(?:[ivx]{1,4}|[IVX]{1,4})[.)])\s*"
)
_HEADING = re.compile(
    r"(?:[\w'/\-]+[ ,:-]+){0,6}?(?P<kind>inclusions?|exclusions?|eligibility|non-?eligibility|ineligibility|excluded"
    r"|included|non-?inclusion|not eligible)"
    r"(?:[ -]+(?:and[ /]+or[ ]+exclusion )?(?:criteri\w+|requirements?))?(?:[ \w,()/'-]{0,60})?[:;.\s-]*",
    re.IGNORECASE,
)
_ALPHANUMERIC = re.compile(r"[^\W_]")
_HEADING_WORDS = ("clusion", "ligib", "excluded", "included", "who can")
_INLINE = re.compile(r"(?<=[\s.;:)])(?=(?:key |main |major |general )?(?:inclusion|exclusion) criteria\s*:)", re.IGNORECASE)
_LISTED = re.compile(
    r"(?<=[\s:;,.])(?:\(?(?P<roman>[ivx]{1,4})[.)]|\(?(?P<digit>\d{1,2})[.)](?!\d)|\(?(?P<letter>[a-h])[.)]"
    r"|(?P<star>\*))\s+(?=[A-Z≥≤<>\d\\(a-z])"
)
_STOP = re.compile(
    r"(?<=:)\s+(?=(?:[Cc]ohorts?|[Aa]rms?|[Pp]arts?|[Gg]roups?) -?[\dA-D]\b)|(?<=[a-z0-9)%\]][.!?])\s+(?=[A-Z(≥≤\"*\\])"
    r"|;\s+(?!or\b(?! [A-Z]))|(?<=[a-z)\d]\.)\s{2,}"
)
_SHORTEST_LIST = 60
_LABELS = (("1", "2"), ("a", "b"), ("i", "ii"))
# One of these stands wherever a sentence may end inside an entry.
_MAY_STOP = re.compile(r"[.!?:;]\s")
_ABBREVIATED = re.compile(r"(?:\b(?:e\.g|i\.e|vs|dr|no|approx|incl|etc|st|resp|esp|cf|prof|max|min)|\b[A-Z])\.$", re.IGNORECASE)
# A list goes on after its semicolons; "&ge;" is a sign.
_NO_STOP = re.compile(r"such as|including|includes|following|limited to|e\.g\.|&#?\w{1,8}$", re.IGNORECASE)
_EXCLUDES = re.compile(
    r"\b(?:must|should|may|can|will)(?: ?not|not) (?:have|be|meet)\b|\bexclu(?:ded|sion)\b|\bineligible\b"
    r"|\bnot eligible\b|\bdo not have\b|\bnone of the following\b|\bno evidence of\b"
)
_OPENS_EXCLUSION = re.compile(r"excl|inelig|non-?elig|not eligible|non-?incl", re.IGNORECASE)


def passages(text: str) -> Iterator[Passage]:
    """The sentences of the text in order; headings too, marked."""
    entries = list(_entries(text))
    plains = [plain(text[one.start : one.end]) for one in entries]
    for number, entry in enumerate(entries):
        intro = plains[entry.intro] if entry.intro is not None else ""
        carried = entry.cohorts
        for start, end in _sentences(text, entry.start, entry.end):
            words = plains[number] if (start, end) == (entry.start, entry.end) else plain(text[start:end])
            words = _titled(words, intro) if intro else words
            carried = cohorts_of(words) or carried
            yield Passage(
                start,
                end,
                words,
                entry.kind,
                plains[number],
                intro,
                carried,
                number,
                entry.start,
                entry.end,
                entry.intro,
                bool(carried) and carried == entry.cohorts,
            )


def _titled(words: str, intro: str) -> str:
    """A bare value under a short title ("Life expectancy: / More than 12 weeks") is read with it."""
    is_bare = len(words.split()) <= 6 and 0 < len(intro.split()) <= 3 and "criteria" not in intro
    return f"{intro.rstrip(':')}: {words}" if is_bare else words


def _entries(text: str) -> Iterator[Entry]:
    kind = Kind.INCLUSION
    heading_cohorts: tuple[str, ...] = ()
    parents: list[tuple[int, int, tuple[str, ...], Kind]] = []
    number = 0
    for entry in _blocks(text):
        words = text[entry.start : entry.end]
        if not _ALPHANUMERIC.search(words):
            continue
        found = _section_of(words)
        if found is not None:
            kind, heading_cohorts, parents = found, cohorts_of(plain(words)) if is_cohort_heading(plain(words)) else (), []
            continue
        while parents and entry.indent <= parents[-1][0]:
            parents.pop()
        entry.kind = parents[-1][3] if parents else kind
        entry.intro = parents[-1][1] if parents else None
        entry.cohorts = (parents[-1][2] if parents else ()) or heading_cohorts
        is_intro = words.rstrip().endswith(":")
        short = plain(words) if is_intro or len(words) < 90 else ""
        names_cohort = bool(short) and is_cohort_heading(short)
        if names_cohort:
            heading_cohorts = cohorts_of(short)
            entry.cohorts = heading_cohorts
        if is_intro or entry.has_marker:
            flips = is_intro and entry.kind is Kind.INCLUSION and bool(_EXCLUDES.search(short)) and not short.startswith("excluding")
            depth = entry.indent if entry.has_marker else entry.indent - 1
            parents.append((depth, number, () if names_cohort else entry.cohorts, Kind.EXCLUSION if flips else entry.kind))
        yield entry
        number += 1


def _may_head(words: str) -> bool:
    return any(map(words.lower().__contains__, _HEADING_WORDS))


def _section_of(words: str) -> Kind | None:
    """The section that a heading opens; None where it is no heading."""
    if len(words) > 130 or not _may_head(words):
        return None
    short = " ".join(words.replace("*", " ").split())
    found = _HEADING.fullmatch(short)
    if not found or (len(short.split()) > 9 and not short.endswith(":")):
        return None
    if not re.search(r"criteri|:$|requirement", short, re.IGNORECASE) and len(short.split()) > 3:
        return None
    has_both = re.search(r"inclusion.*exclusion", short, re.IGNORECASE)
    return Kind.EXCLUSION if _OPENS_EXCLUSION.search(short) and not has_both else Kind.INCLUSION


def _blocks(text: str) -> Iterator[Entry]:
    """List entries and paragraphs: [start, end) of their words without the marker."""
    is_wrapped = _is_wrapped(text)
    current: Entry | None = None
    was_blank, position, last_line = True, 0, ""
    for line in text.splitlines(keepends=True):
        start, position = position, position + len(line)
        bare = line.strip()
        if not bare:
            was_blank = True
            continue
        marker = _MARKER.match(line)
        if (
            current
            and not marker
            and not (_may_head(bare[:60]) and _section_of(bare) is not None)
            and _goes_on(bare, last_line, was_blank=was_blank, is_wrapped=is_wrapped)
        ):
            current.end = start + len(line.rstrip())
        else:
            if current:
                yield from _parted(text, current)
            begin = start + (marker.end() if marker else len(line) - len(line.lstrip()))
            current = Entry(
                min(begin, start + len(line.rstrip())), start + len(line.rstrip()), len(line) - len(line.lstrip()), bool(marker)
            )
        was_blank, last_line = False, line
    if current:
        yield from _parted(text, current)


def _parted(text: str, entry: Entry) -> Iterable[Entry]:
    """What stands inside a long entry as entries of its own."""
    return (entry,) if entry.end - entry.start < _SHORTEST_LIST else _inline_headings(text, entry)


def _is_wrapped(text: str) -> bool:
    lengths = [len(line) for line in text.splitlines() if line.strip()]
    return bool(lengths) and max(lengths) <= 112 and sum(length > 65 for length in lengths) * 6 >= len(lengths)


def _goes_on(bare: str, last: str, *, was_blank: bool, is_wrapped: bool) -> bool:
    if was_blank:
        return False
    if is_wrapped:
        return len(last.rstrip()) > 55 or bare[0].islower()
    return bare[0].islower() and last.rstrip()[-1:] not in ".;:"


def _inline_headings(text: str, entry: Entry) -> Iterator[Entry]:
    """A heading inside a line opens a section of its own; lists of starred points inside a line are entries."""
    words = text[entry.start : entry.end]
    found_headings = [found.start() for found in _INLINE.finditer(words) if found.start() > 40] if "riteria" in words else []
    if not found_headings:
        yield from _inline_list(text, entry)
        return
    cuts = [0, *found_headings, len(words)]
    for left, right in pairwise(cuts):
        colon = words.find(":", left, right)
        if 0 <= colon - left < 30 and "criteria" in words[left:colon].lower():
            yield Entry(entry.start + left, entry.start + colon + 1, entry.indent, entry.has_marker)
            left = colon + 1
        yield from _inline_list(text, Entry(entry.start + left, entry.start + right, entry.indent, entry.has_marker))


def _inline_list(text: str, entry: Entry) -> Iterator[Entry]:
    words = text[entry.start : entry.end]
    cuts = _list_cuts(words)
    if not cuts:
        if words.strip():
            yield entry
        return
    lead = words[: cuts[0][0]].rstrip()
    if lead:
        yield Entry(entry.start, entry.start + len(lead), entry.indent, entry.has_marker)
    ends = [one[0] for one in cuts[1:]] + [len(words)]
    inner = entry.indent + (2 if lead.endswith(":") else 0)
    for (_, begin), end in zip(cuts, ends, strict=True):
        if words[begin:end].strip():
            yield Entry(entry.start + begin, entry.start + begin + len(words[begin:end].rstrip()), inner, has_marker=True)


def _may_list(words: str) -> bool:
    """Two stars, or the first two labels of a style."""
    for one, two in _LABELS:
        if (f"{one}." in words or f"{one})" in words) and (f"{two}." in words or f"{two})" in words):
            return True
    return words.count("*") > 1


def _list_cuts(words: str) -> list[tuple[int, int]]:
    """[(marker start, words start)] of a list inside a line; at least two markers of one style, counting up from the first."""
    if len(words) < _SHORTEST_LIST or not _may_list(words):
        return []
    by_style: dict[str, list[tuple[int, int, str]]] = {}
    for found in _LISTED.finditer(words):
        style = str(found.lastgroup)
        by_style.setdefault(style, []).append((found.start(), found.end(), found[style]))
    for style, firsts in (("roman", ("i",)), ("digit", ("1",)), ("letter", ("a",)), ("star", ("*",))):
        found_here = by_style.get(style, [])
        if len(found_here) >= 2 and found_here[0][2] in firsts and _counts_up(style, [one[2] for one in found_here]):
            return [one[:2] for one in found_here]
    return []


_ROMAN = ["i", "ii", "iii", "iv", "v", "vi", "vii", "viii", "ix", "x", "xi", "xii", "xiii", "xiv"]


def _counts_up(style: str, labels: list[str]) -> bool:
    if style == "star":
        return True
    order = {"roman": _ROMAN, "digit": [str(one) for one in range(1, 30)], "letter": list("abcdefgh")}[style]
    return labels == order[: len(labels)]


def _sentences(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """Sentences and clauses parted by semicolons, outside brackets."""
    words, left = text[start:end], 0
    for found in _STOP.finditer(words) if _MAY_STOP.search(words) else ():
        before = words[left : found.start()]
        if found[0].startswith(";"):
            if before.count("(") > before.count(")") or _NO_STOP.search(before):
                continue
        elif _ABBREVIATED.search(before[-12:]) or before.count("(") > before.count(")"):
            continue
        if len(before.strip()) < 4:
            continue
        yield start + left, start + left + len(before.rstrip())
        left = found.end()
    if words[left:].strip():
        yield start + left, end
