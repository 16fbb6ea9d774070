"""The class of a variant, wherever the print put it: behind it, in the next column, on the lines below, in a heading above.

A class in the words right behind a variant is the grammar's affair (constructions). Here is what it cannot see: words broken over lines or
cells, a column of classes, a heading, a class said of several variants. Where a class is begun but not legible, the variant is uncertain;
where a table has a column of classes and the row shows none, nobody knows ("unread"). Neither is ever pathogenic.
Source of the classes: ACMG/AMP 2015 (five classes), AMP/ASCO/CAP 2017 (four tiers).
"""

from __future__ import annotations

import re
from collections.abc import Container, Sequence

from records.extraction.biomarkers.groups import Group, Slot
from records.extraction.cuts import Shape
from records.extraction.patterns import lazy
from records.extraction.report import Report
from records.extraction.segments import Segment

_UNSURE = r"(?:uncertain|unknown|undetermined|unclear|unclassified|indeterminate|conflicting)"
_CLASS = lazy(
    rf"(?P<vus>\bv\.?u\.?s\.?(?![a-z])|\bvuse?s\b|{_UNSURE}\W+(?:(?:clinical|biological|pathogenic|functional|or|and)\W+)*significance"
    rf"|significance\W+(?:is\W+|was\W+)?{_UNSURE}|\bconflicting\b|\bclass\W{{0,2}}(?:3|iii)\b|\btier\W{{0,2}}(?:3|iii)(?![iv\d]))"
    r"|(?P<benign>\b(?:likely\W+)?benign\b|\bnon?t?[- ]?pathogenic\b|\bpolymorphism\b|\bclass\W{0,2}(?:[12]|ii?)\b|\btier\W{0,2}(?:4|iv)\b)"
    r"|(?P<pathogenic>\b(?:likely\W+)?(?:pathogenic|oncogenic|deleterious)\b|\bclass\W{0,2}(?:[45]|iv|v)\b|\btier\W{0,2}(?:[12]|ii?)(?![iv\d])[a-d]?\b)",
    re.I,
)
_BEGUN = lazy(rf"\b(?:{_UNSURE}|variants?\W+of(?:\W+un-?)?)\W*$", re.I)
_GOES_ON = lazy(r"^\W*(?:(?:un)?certain\W+|clinical\W+)?significance\b(?!\W*:)", re.I)
_CLASS_COLUMN = lazy(r"\b(?:class(?:ification)?|pathogenicity|tier|significance|acmg|amp)\b", re.I)
_NUMBERS = {
    "class": {"1": "benign", "2": "benign", "3": "vus", "4": "pathogenic", "5": "pathogenic"},
    "tier": {"1": "pathogenic", "2": "pathogenic", "3": "vus", "4": "benign"},
}
_ROMAN = {"i": "1", "ii": "2", "iii": "3", "iv": "4", "v": "5"}
_LABELS = lazy(r"(?:[a-z/]+ ){0,3}(?:class(?:ification)?|pathogenicity|tier|significance|interpretation|assessment)$", re.I)
_PLURAL = lazy(r"\b(?:variants|mutations|alterations|vuse?s|both|all|each|are|were)\b", re.I)
_DENIED = lazy(r"\b(?:no|none|not|without|never)\b", re.I)
_BROKEN_WORD = lazy(r"-\s+(?=[a-z])")
_LINES_BELOW = 5
_LINES_ABOVE = 40
_SHORT = 70  # characters of a line that is a cell of its own


def settle_classes(report: Report, segment: Segment, groups: Sequence[Group], named: Container[int]) -> None:
    """Give every variant of the segment its class where the grammar found none. named: the segments that name a marker."""
    with_change = [(group, slot) for group in groups for slot in group.slots if slot.changes]
    starts = [token.start for group in groups for token in group.markers] + [slot.start for _, slot in with_change]
    said = _said(segment.text) if with_change else []
    for place, (group, slot) in enumerate(with_change):
        if slot.classification is not None or group.is_negated or (slot.status is not None and slot.status.kind != "positive"):
            continue
        follows = min((start for start in starts if start >= slot.end), default=len(segment.text))
        slot.classification = _within(segment, slot, said, with_change[place + 1 :]) or _outside(report, segment, slot, follows, named)


def _said(text: str) -> list[re.Match[str]]:
    """The classes that a text names and does not deny."""
    return [found for found in _CLASS.finditer(text) if not _DENIED.search(text[max(0, found.start() - 24) : found.start()])]


def _within(segment: Segment, slot: Slot, said: list[re.Match[str]], later: list[tuple[Group, Slot]]) -> str | None:
    """Said earlier in the sentence, or later of several variants together. said: the classes that the segment names."""
    led = next((one for one in reversed(said) if one.end() <= slot.start), None)
    if led is not None and led.lastgroup == "vus" and not _is_taken(segment.text[led.end() : slot.start], segment):
        return "vus"
    for _, other in later:
        if other.classification is not None and segment.shape is not Shape.ROW:
            words = segment.text[other.end - 60 if other.end > 60 else 0 : other.end]
            is_shared = bool(_PLURAL.search(words[words.rfind(";") + 1 :])) and ";" not in segment.text[slot.end : other.start]
            return other.classification if is_shared else None
    return None


def _is_taken(between: str, segment: Segment) -> bool:
    """Does a clause end, or a row's next cell begin, between a class and the variant behind it? Then it was the class of another."""
    return (
        segment.shape is Shape.ROW
        or bool(re.search(r"[;.](?:\s|$)|\b(?:and|but)\s+(?:a |one )?pathogenic", between))
        or ") " in between[-6:]
    )


def _outside(report: Report, segment: Segment, slot: Slot, follows: int, named: Container[int]) -> str | None:
    tail = segment.text[slot.end : follows]
    is_last = follows == len(segment.text)
    below = _below(report, segment, named) if is_last else []
    heading = _class_above(report, segment, named) if is_last or not below else None
    column = _of_column(segment, slot)
    return column or _of_words(tail, heading, below) or _unread(report, segment, slot, below)


def _of_words(tail: str, heading: tuple[str, bool] | None, below: list[str]) -> str | None:
    """tail: the rest of the variant's own line. heading: the class above, and whether it heads a list. below: the lines that follow."""
    if _BEGUN.search(tail):
        return "vus"
    if heading is not None and heading[1]:
        return heading[0]
    joined = _BROKEN_WORD.sub("", " ".join([tail, *below]))
    found = _CLASS.search(joined)
    if found is not None and not _DENIED.search(joined[max(0, found.start() - 12) : found.start()]):
        return found.lastgroup
    return "vus" if any(_GOES_ON.match(line) for line in below) else None


def _below(report: Report, segment: Segment, named: Container[int]) -> list[str]:
    """The short lines right below that name no marker: the rest of a broken row, or a record of one value a line."""
    lines: list[str] = []
    for one in report.after(segment, _LINES_BELOW):
        if one.index in named or not _is_same_record(one, segment) or len(one.text) > _SHORT or _is_other_label(one):
            break
        lines.append(one.text)
        if _CLASS.search(_BROKEN_WORD.sub("", " ".join(lines))):
            break
    return lines


def _is_same_record(one: Segment, segment: Segment) -> bool:
    return one.title == segment.title or bool(_LABELS.match(one.title))


def _is_other_label(segment: Segment) -> bool:
    """ "Gene: ...", "Interpretation of results: ..." of another record; a label of classes is this one's."""
    return segment.label.startswith(("gene", "marker", "variant:", "alteration", "specimen", "date"))


def _class_above(report: Report, segment: Segment, named: Container[int]) -> tuple[str, bool] | None:
    """The class of a line of nothing else above, and whether such lines head lists here (the first of the block is one)."""
    nearest: str | None = None
    is_heading = False
    for one in report.before(segment, _LINES_ABOVE):
        if one.title != segment.title or (len(one.text) > _SHORT and one.index not in named):
            break
        alone = None if one.index in named else _alone(one.text)
        nearest = nearest or alone
        is_heading = alone is not None
        if alone is None and one.index not in named:
            break
    return (nearest, is_heading) if nearest is not None else None


def _alone(line: str) -> str | None:
    """The class that a line holds and nothing else but a count or the word for variants."""
    found = list(_CLASS.finditer(line))
    if len({one.lastgroup for one in found}) != 1 or _DENIED.search(line):
        return None
    rest = re.sub(
        r"\b(?:variants?|mutations?|alterations?|findings?|of|or|and|likely|clinical\w*|significan\w+|the|reportable|tier|class)\b",
        "",
        _CLASS.sub("", line),
        flags=re.I,
    )
    return found[0].lastgroup if not re.search(r"[A-Za-z]", rest) else None


def _of_column(segment: Segment, slot: Slot) -> str | None:
    """A bare number under "Class" or "Tier"."""
    for cell in segment.cells:
        kind = "tier" if "tier" in cell.heading else "class"
        if cell.start >= slot.end and _CLASS_COLUMN.search(cell.heading):
            word = segment.lower[cell.start : cell.end].strip(" .")
            return _NUMBERS[kind].get(_ROMAN.get(word, word))
    return None


def _unread(report: Report, segment: Segment, slot: Slot, below: list[str]) -> str | None:
    """The table has a column of classes, and this row shows nothing there."""
    if segment.shape is not Shape.ROW:
        return None
    for one in report.before(segment, _LINES_ABOVE):
        if one.shape is Shape.ROW and _is_table_head(one):
            shown = [
                cell for cell in segment.cells if _CLASS_COLUMN.search(cell.heading) and segment.text[cell.start : cell.end].strip(" -|")
            ]
            shown = [cell for cell in shown if cell.start >= slot.end]
            return None if shown or not _CLASS_COLUMN.search(one.text) else "unread"
    return None


def _is_table_head(segment: Segment) -> bool:
    return bool(re.match(r"\W*(?:genes?|markers?|biomarkers?|variants?|alterations?)\b", segment.lower)) and not any(
        letter.isdigit() for letter in segment.text
    )
