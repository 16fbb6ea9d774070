"""A segment as tokens that the result grammar walks over: markers, result words, alterations, numbers, nouns, separators."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum, auto
from functools import cache
from typing import Any

from personalize.vocabulary import Lexicon, Match, load
from records.extraction.biomarkers.names import Marker
from records.extraction.biomarkers.quantities import Quantity, quantities_in
from records.extraction.biomarkers.variants import Change, changes_in, repaired_change
from records.extraction.patterns import lazy
from records.extraction.segments import Segment


class Type(Enum):
    """What a token is to the grammar."""

    MARKER = auto()
    AFTER = auto()  # a result word that follows its marker or stands alone
    BEFORE = auto()  # one that leads to its markers
    CHANGE = auto()
    QUANTITY = auto()
    NOUN = auto()
    NEGATOR = auto()
    METHOD = auto()
    LIST = auto()
    FILL = auto()
    COLON = auto()
    OPEN = auto()
    CLOSE = auto()
    STOP = auto()
    BREAKER = auto()
    WORD = auto()


@dataclass(frozen=True, slots=True)
class Status:
    """kind: a section of result_words.toml. is_noun: "loss", "amplification": a later word may deny it. is_detection: "found", "present".
    is_absent: "absent", which is a protein's loss, and of a change that was looked for says that it is not there."""

    kind: str
    is_noun: bool = False
    is_detection: bool = False
    is_absent: bool = False


@dataclass(frozen=True, slots=True)
class Token:
    """[start, end) in the segment; exactly one of the values is set where the type has one."""

    start: int
    end: int
    type: Type
    marker: Marker | None = None
    status: Status | None = None
    change: Change | None = None
    quantity: Quantity | None = None
    text: str = ""
    is_exact: bool = True


def _listed(name: str) -> frozenset[str]:
    return frozenset(word.strip() for word in load("biomarker_words")[name].split(";") if word.strip())


_NOUNS, _FILLS, _LISTS = _listed("nouns"), _listed("fillers"), _listed("joiners")
_NEGATORS, _STOPS, _BREAKERS = _listed("negators"), _listed("stops"), _listed("breakers")
_DRIVERS, _DETECTIONS = _listed("drivers"), _listed("detections")
_METHODS = {word.strip(): method for method, words in load("biomarker_words")["methods"].items() for word in words.split(";")}
_WORD = lazy(r"[A-Za-z][A-Za-z'/-]*[A-Za-z]|[A-Za-z]|\d+(?:[.,]\d+)*|[:;,/()\[\]&+|=-]|\S")
_HOW = lazy(r" (?:focal(?:ly)?|weak(?:ly)?|patchy|diffuse(?:ly)?|strong(?:ly)?|partial(?:ly)?|variab(?:le|ly)|dim|bright) ?(?=\+)", re.I)
_SIGN = lazy(r"[ ]?(?:[(]?(?P<v>[+-])ve\b[)]?|\([ ]?(?P<p>\+{1,4}|-)[ ]?\)|(?P<q>\+{1,4})(?![\d/+-])|(?P<m>-)(?=[\s,;./)|]|$))")
_MINUS = lazy(r" ?\( ?[-\u2212] ?\)")
_CELL_ENDS = r"(?= *(?:$|[.,;|)\n](?! ?\d)|  ))"
# "MSI-H: no", "loss of MLH1: N"; and "n.d.", which is "not detected" to some and "not done" to others
_REPLY = lazy(rf"[:?=\u2013-] *(?P<said>no|n)\b{_CELL_ENDS}", re.I)
_NOT_DONE = lazy(rf"[\w)%] *[:=\u2013-]? *(?P<said>\bnd\b|\bn\.d\.){_CELL_ENDS}", re.I)
_SENT = lazy(r"\b(?:sent|submitted|forwarded|referred)\b[^.;:]{0,70}?\bfor\b", re.I)
_BROKEN = lazy(r"\b(positive|negative)\.\s+for\b", re.I)  # a line break that OCR took for a full stop
_NOT_A_RESULT = lazy(
    (
        r"\b(?:false[ -]+(?:positive|negative)s?|true[ -]+(?:positive|negative)s?|(?:positive|negative|external|internal"
        r"|appropriate|satisfactory)(?: and negative)? (?:internal )?(?:tissue )?controls?|positive or negative"
        r"|positive and negative|negative or positive|gram[ -](?:positive|negative)|node[ -](?:positive|negative)"
        r"|as positive|rh[ -](?:positive|negative)|positive (?:predictive|margin|node|lymph|end)|negative (?:predictive"
        r"|pressure|margin|result does)|high[ -](?:power|grade|risk)|low[ -](?:power|grade)|stable (?:disease|condition)"
        r"|present illness|is present in (?:the )?(?:\w+ )?(?:background|stroma)|amplif\w+ (?:by (?!f?ish\b|in situ)|using|with|of dna)\b"
        r"|previously (?:ordered|requested|sent|submitted|performed)"
        r"|normal (?:tissue|limits|saline|range|mucosa)|wt\.?[:=]? ?\d[\d.]* ?(?:kg|lbs?)?)\b|\bnot? (?:support|exclude|rule out)\b[^.;]{0,80}"
    ),
    re.I,
)
_AS_POSITIVE = lazy(
    (
        r"interpreted as\W+(?:positive|negative)|read as (?:positive|negative)|reported as (?:positive|negative)"
        r"|considered (?:as )?(?:positive|negative)"
    ),
    re.I,
)
_ABSENT = ("absent", "is absent", "are absent")
_NOUN_ENDS = (
    "loss",
    "amplification",
    "amp",
    "expression",
    "overexpression",
    "over-expression",
    "positivity",
    "immunoreactivity",
    "staining",
    "gain",
    "reactivity",
    "polymorphism",
    "negativity",
    "absence",
    "staining present",
    "carrier",
)


@cache
def status_lexicon() -> Lexicon[tuple[Type, Status]]:
    """Result words with where they stand."""
    table: dict[str, Any] = load("result_words")
    pairs: list[tuple[str, tuple[Type, Status]]] = []
    for kind, sides in table.items():
        for side, place in (("after", Type.AFTER), ("before", Type.BEFORE)):
            for phrase in (" ".join(one.split()) for one in sides[side].split(";")):
                if phrase:
                    is_noun = place is Type.AFTER and phrase.endswith(_NOUN_ENDS) and not phrase.startswith(("no ", "not ", "without "))
                    pairs.append((phrase, (place, Status(kind, is_noun, phrase in _DETECTIONS, phrase in _ABSENT))))
    return Lexicon(pairs)


def tokens_of(segment: Segment, markers: Sequence[Match[Marker]]) -> list[Token]:
    """The segment's tokens in order, none overlapping. markers: its plausible matches, in order."""
    text = segment.text
    changes = changes_in(text)
    fusions = [made for one in changes if one.genes and (made := _fusion(text, one, markers))]
    single = [one for one in markers if not any(fusion.start < one.end and one.start < fusion.end for fusion in fusions)]
    special = [
        *_signs(text, single),
        *fusions,
        *(Token(m.start, m.end, Type.MARKER, marker=m.entry, text=text[m.start : m.end], is_exact=m.is_exact) for m in single),
    ]
    read = {one.start for one in changes}
    repaired = [one for m in single if (one := repaired_change(m.entry.name, text, m.end)) is not None and one.start not in read]
    special += [Token(c.start, c.end, Type.CHANGE, change=c) for c in (*changes, *repaired) if not c.genes]
    special += [Token(m.start(), m.end(), Type.AFTER, status=Status("negative"), text="-") for c in changes if (m := _MINUS.match(text, c.end))]
    special += [Token(q.start, q.end, Type.QUANTITY, quantity=q) for q in quantities_in(text)]
    blocked = [
        found.span() for found in _NOT_A_RESULT.finditer(text) if not _AS_POSITIVE.search(text, max(0, found.start() - 16), found.end())
    ]
    statuses = [
        Token(m.start, m.end, m.entry[0], status=m.entry[1], text=m.term)
        for m in status_lexicon().find(text)
        if not any(start < m.end and m.start < end for start, end in blocked)
    ]
    statuses += [Token(m.start(), m.end(), Type.BEFORE, status=Status("pending"), text="sent for") for m in _SENT.finditer(text)]
    statuses += [
        Token(m.start(), m.end(), Type.BEFORE, status=Status(m.group(1).lower()), text=m.group(1).lower()) for m in _BROKEN.finditer(text)
    ]
    statuses += [Token(m.start("said"), m.end("said"), Type.AFTER, status=Status("negative"), text="no") for m in _REPLY.finditer(text)]
    statuses += [Token(m.start("said"), m.end("said"), Type.AFTER, status=Status("not_resulted"), text="nd") for m in _NOT_DONE.finditer(text)]
    return _filled(text, _apart(special, statuses))


def _fusion(text: str, change: Change, markers: Sequence[Match[Marker]]) -> Token | None:
    """A fusion as its marker: the driver gene, else the second partner that is known."""
    known = [one.entry for one in markers if change.start <= one.start and one.end <= change.end]
    if not known:
        return None
    marker = next((one for one in known if one.name in _DRIVERS), known[-1])
    return Token(change.start, change.end, Type.MARKER, marker=marker, change=change, text=text[change.start : change.end])


def _signs(text: str, markers: Sequence[Match[Marker]]) -> list[Token]:
    """ "ER+", "PR-", "CD10(++)": a sign that touches its marker."""
    made = []
    for one in markers:
        how = _HOW.match(text, one.end)  # "CDX2 focal+"
        found = _SIGN.match(text, how.end() if how else one.end)
        if found is None or (found["m"] and text[one.start : one.end].endswith("-")):
            continue
        if found["m"] and text[one.end] == " " and re.match(r"\s+\S", text[found.end() :]):
            continue  # "Microsatellite status - stable": a dash before the result
        sign = found["p"] or found["q"] or found["m"] or found["v"]
        if found["q"] and text[one.end : one.end + 1] == " " and text[found.end() : found.end() + 1] not in ("", " ", ",", ";", ".", ")"):
            continue
        if found["q"] and text[one.end : one.end + 1] == " " and re.match(r" [A-Z]", text[found.end() : found.end() + 2]):
            continue  # "CK7 + CK20" is a list
        made.append(Token(one.end, found.end(), Type.AFTER, status=Status("negative" if sign == "-" else "positive"), text=sign))
    return made


def _apart(special: list[Token], statuses: list[Token]) -> list[Token]:
    """Markers and signs first, then alterations and numbers, then result words: what overlaps an earlier one falls away."""
    order = {Type.MARKER: 0, Type.AFTER: 1, Type.CHANGE: 2, Type.QUANTITY: 3}
    kept: list[Token] = []
    taken = bytearray()
    for one in [
        *sorted(special, key=lambda token: (order[token.type], token.start)),
        *sorted(statuses, key=lambda token: token.start - token.end),
    ]:
        if len(taken) < one.end:
            taken.extend(bytes(one.end - len(taken)))
        if any(taken[one.start : one.end]):
            continue
        taken[one.start : one.end] = b"\x01" * (one.end - one.start)
        kept.append(one)
    return sorted(kept, key=lambda token: token.start)


def _filled(text: str, kept: list[Token]) -> list[Token]:
    """The words between the tokens as tokens of their own."""
    made: list[Token] = []
    last = 0
    for one in kept:
        made += _words(text, last, one.start)
        made.append(one)
        last = one.end
    return made + _words(text, last, len(text))


def _words(text: str, start: int, end: int) -> list[Token]:
    return [_word(found) for found in _WORD.finditer(text, start, end)]


_PUNCTUATION = {":": Type.COLON, "=": Type.COLON, ";": Type.STOP, "(": Type.OPEN, "[": Type.OPEN, ")": Type.CLOSE, "]": Type.CLOSE}


def _word(found: re.Match[str]) -> Token:
    word = found.group(0).lower()
    start, end = found.span()
    if word in _PUNCTUATION:
        return Token(start, end, _PUNCTUATION[word], text=word)
    for known, type_ in (
        (_METHODS, Type.METHOD),
        (_NOUNS, Type.NOUN),
        (_LISTS, Type.LIST),
        (_NEGATORS, Type.NEGATOR),
        (_STOPS, Type.STOP),
        (_BREAKERS, Type.BREAKER),
    ):
        if word in known:
            return Token(start, end, type_, text=_METHODS.get(word, word))
    if word in _FILLS or not word[0].isalpha():
        return Token(start, end, Type.FILL, text=word)
    return Token(start, end, Type.WORD, text=word)
