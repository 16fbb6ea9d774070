"""Counts of lymph nodes in one segment: "2 of 18 nodes", "(0/14)", "twelve nodes, negative"."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from records.extraction.patterns import lazy
from records.extraction.report import Report
from records.extraction.segments import Segment, unbroken

_UNITS = [
    "zero",
    "one",
    "two",
    "three",
    "four",
    "five",
    "six",
    "seven",
    "eight",
    "nine",
    "ten",
    "eleven",
    "twelve",
    "thirteen",
    "fourteen",
    "fifteen",
    "sixteen",
    "seventeen",
    "eighteen",
    "nineteen",
]


_TENS = {"twenty": 20, "thirty": 30, "forty": 40, "fifty": 50}


_WORDS = (
    {word: number for number, word in enumerate(_UNITS)}
    | _TENS
    | {f"{ten}-{_UNITS[one]}": value + one for ten, value in _TENS.items() for one in range(1, 10)}
    | {"no": 0, "none": 0, "all": -1, "single": 1, "a": 1}
)


NUMBER = r"(?:\d{1,3}|" + "|".join(sorted(_WORDS, key=len, reverse=True)) + r")(?: ?\((?:\d{1,3}|[a-z-]{3,12})\))?"


_NODE = r"(?:lymph\b|lymphaden|nodes?\b|nodal|sentinel|\bLN\b|\bLNs\b)"


_FRACTION = lazy(r"(?<![\d/.])(\d{1,3}) ?/ ?(\d{1,3})(?![\d/]|\.\d)")


_OF = lazy(
    (
        rf"\b(?P<positive>{NUMBER}) +(?:out )?of +(?:the |a total of |total |all |these )?(?P<examined>{NUMBER})(?= |,|\.|\)"
        rf"|$)(?P<after>[^.;]{{0,60}})"
    ),
    re.I,
)


_COUNTED = lazy(
    (
        rf"\b(?:in|all|any of|each of)(?: of)?(?: the)? (?P<n3>{NUMBER}) (?:[a-z-]+ ){{0,3}}?(?:lymph ?)?nodes?\b"
        rf"|(?:\b(?P<n>{NUMBER})|\((?P<n2>\d{{1,3}})\)) (?:(?!of\b|and\b|or\b|[cm]m\b)[a-z-]+,? ){{0,4}}?(?:lymph ?)?nodes?\b"
    ),
    re.I,
)


_SINGLE_OF = lazy(r"\b(?:a )?(?P<positive>single|one|two|three|multiple|\d+)? ?\((?:(?P<inner>\d{1,3}) )?of (?P<examined>\d{1,3})\)", re.I)


_NOT_POSITIVE = lazy(
    (
        r"negative|\bfree\b[. ]{0,3}(?:of|from)\b|\bno +(?:\w+ +){0,3}(?:tumou?r|carcinoma|malignan|metasta|evidence|neoplas)|benign"
        r"|reactive|uninvolved|without|not +involved"
    ),
    re.I,
)


_IS_POSITIVE = lazy(
    r"positive|metasta|replaced|involved by|with (?:\w+ )?carcinoma|involvement by|contain\w* (?:\w+ )?(?:carcinoma|tumou?r)", re.I
)


HAS_NODE = lazy(_NODE, re.I)


BESIDE_N = lazy(r"\bp?N[0-3][a-c]?(?: ?\(sn\))?,? ?[(\[]\d")


_BEHIND_N = lazy(r"\bp?N[0-3][a-c]?(?: ?\(sn\))?,? ?[(\[]$")  # "pN1 (2/18)"


# "metastasis in one to three regional lymph nodes" says what pN1 means
_A_RANGE = lazy(rf"\b{NUMBER} ?(?:to|or) ?{NUMBER} |\b\d+ ?- ?\d+ |\b(?:or more|at least)\b", re.I)


_TOTAL_OF = lazy(r"total of ?$", re.I)


_OF_WHICH = lazy(
    rf"(?:,? ?(?:\w+ ){{0,3}}?of (?:which|these),?|[,;]) (?P<positive>{NUMBER}) (?:\w+ ){{0,2}}?"
    rf"(?:positive|involved|contain\w*|metasta\w*|demonstrat\w*|show\w*)",
    re.I,
)


_DEFINES = lazy(r"\bp?N ?[0-3] ?[a-c]?(?:mi)? ?[:=-] ?(?:\w+ ){0,3}?$", re.I)  # "pN2a: Metastasis in 4 to 6 nodes"


_PAGE = lazy(r"\bpage ?$", re.I)


_DENIED = lazy(r"\bno +(?:\w+ +){0,3}(?:tumou?r|carcinoma|malignan\w*|metasta\w*|neoplas\w*)[^.;:]*$", re.I)


_SCORING = lazy(r"nottingham|bloom|gleason|score|grade|mitos|quadrant|slides?|blocks?|hpf|microns?|cores?", re.I)


_JAR = lazy(r"\W*(?:[A-Z]|\d{1,2})[.):] ?\W*(?P<what>[^:]{0,60}\b[Nn](?:ode|ODE)\b[^:]{0,50}):")


_MANY = lazy(r"nodes|dissect|contents|packet|level|station", re.I)


# single cells and clusters up to 0.2 mm leave a node uninvolved (AJCC: N0(i+))
_FEW_CELLS = lazy(r"isolated tumou?r cells?|\b(?:rare|single|few|scattered)\b[^.;:]{0,30}\bcells?\b|\bITCs?\b", re.I)


@dataclass(frozen=True, slots=True)
class Count:
    """positive of examined at [start, end) of a segment."""

    segment: Segment
    start: int
    end: int
    positive: int
    examined: int


def counts_in(segment: Segment, report: Report) -> Iterator[Count]:
    """Each "2 of 18 nodes", "(0/14)" or "twelve nodes, negative" of a segment."""
    segment = unbroken(segment)
    text = segment.text
    before = report.before(segment)
    has_node = bool(HAS_NODE.search(text) or BESIDE_N.search(text)) or bool(
        before and segment.shape != "row" and HAS_NODE.search(before[0].text[-70:])
    )
    if not has_node or not re.search(r"\d|\bof\b|negative|no |positive|benign|reactive|metasta|involved", text, re.I):
        return
    found = [*_shares(segment), *_fractions(segment)]
    kept = [one for place, one in enumerate(found) if not any(_says_again(one, other) for other in found[:place])]
    yield from kept or list(_counted(segment)) or _alone_in_a_jar(segment, report)


def _says_again(one: Count, other: Count) -> bool:
    same = (one.positive, one.examined) == (other.positive, other.examined)
    return (one.start < other.end and other.start < one.end) or (same and abs(one.start - other.end) < 60)


def _shares(segment: Segment) -> Iterator[Count]:
    """ "two of twelve nodes", "a single (of 33) node", "multiple (2 of 24) nodes"."""
    for found in _OF.finditer(segment.text):
        positive, examined = number(found.group("positive")), number(found.group("examined"))
        if _PAGE.search(segment.text[: found.start()]):
            continue
        if positive is None or not examined or not HAS_NODE.search(segment.text[max(0, found.start() - 60) : found.end()]):
            continue
        positive = examined if positive == -1 else positive
        if 0 <= positive <= examined <= 150:
            yield Count(segment, found.start(), found.start("after"), positive, examined)
    for found in _SINGLE_OF.finditer(segment.text):
        positive, examined = number(found.group("inner") or found.group("positive") or ""), int(found.group("examined"))
        near = segment.text[found.end() : found.end() + 60]
        if positive is not None and 0 < positive <= examined <= 150 and HAS_NODE.search(near):
            yield Count(segment, found.start(), found.end(), 0 if _NOT_POSITIVE.search(near) else positive, examined)


def _fractions(segment: Segment) -> Iterator[Count]:
    text = segment.text
    for found in _FRACTION.finditer(text):
        positive, examined = int(found.group(1)), int(found.group(2))
        if not 0 <= positive <= examined <= 150 or examined == 0:
            continue
        if _SCORING.search(text[max(0, found.start() - 30) : found.end() + 12]) or not (
            HAS_NODE.search(text[max(0, found.start() - 130) : found.end() + 40]) or _BEHIND_N.search(text[: found.start()])
        ):
            continue
        if positive == examined and _NOT_POSITIVE.search(text[found.end() : found.end() + 50]):
            positive = 0
        yield Count(segment, found.start(), found.end(), positive, examined)


def _counted(segment: Segment) -> Iterator[Count]:
    """Nodes that are counted and called positive or negative as a whole."""
    text = segment.text
    for found in _COUNTED.finditer(text):
        examined = number(found.group("n") or found.group("n2") or found.group("n3"))
        around = text[max(0, found.start() - (60 if found.group("n3") or not found.start() else 25)) : found.end() + 90]
        if (
            examined is None
            or not 0 < examined <= 100
            or _DEFINES.search(text[: found.start()])
            or _A_RANGE.search(text[max(0, found.start() - 25) : found.end()])
            or re.search(r"#|number \w+$|level|station", text[max(0, found.start() - 10) : found.start()], re.I)
            or (re.search(r"\d ?of ?$|\w of ?$", text[: found.start()]) and not _TOTAL_OF.search(text[: found.start()]))
        ):
            continue
        share = _OF_WHICH.match(text[found.end() :][_are_found(text[found.end() :]) :])
        positive = number(share.group("positive")) if share else None
        if positive is not None and 0 <= positive <= examined:
            yield Count(segment, found.start(), found.end(), positive, examined)
        elif _NOT_POSITIVE.search(around) or _leaves_uninvolved(text[max(0, found.start() - 90) : found.start()]):
            yield Count(segment, found.start(), found.end(), 0, examined)
        elif _IS_POSITIVE.search(around):
            yield Count(segment, found.start(), found.end(), examined, examined)


def _leaves_uninvolved(before: str) -> bool:
    return _DENIED.search(before) is not None or _FEW_CELLS.search(before[-60:]) is not None


def _alone_in_a_jar(segment: Segment, report: Report) -> Iterator[Count]:
    """ "A. Sentinel lymph node #1, excision: negative for tumor": a specimen that is one node, and no number anywhere."""
    found = _JAR.match(segment.text)
    behind = report.after(segment)
    if found is None or _MANY.search(found["what"]) or (behind and HAS_NODE.search(behind[0].text) and not _JAR.match(behind[0].text)):
        return
    said = segment.text[found.end() : found.end() + 70]
    if _NOT_POSITIVE.search(said) or _FEW_CELLS.search(said):
        yield Count(segment, found.start("what"), found.end() + len(said.rstrip()), 0, 1)
    elif _IS_POSITIVE.search(said):
        yield Count(segment, found.start("what"), found.end() + len(said.rstrip()), 1, 1)


def _are_found(behind: str) -> int:
    """Where "are identified" ends behind a number of nodes."""
    found = re.match(r" (?:are|were|is|was) (?:\w+ ){0,1}?(?:identified|found|examined|seen|present|recovered|isolated)", behind)
    return found.end() if found else 0


def number(text: str) -> int | None:
    lead = text.split("(")[0].strip().lower()
    return int(lead) if lead.isdigit() else _WORDS.get(lead)
