"""Forms with boxes to tick: an option that nobody ticked says nothing, so the rules never get to see it.

    without_unticked("[ ] MSI-High  [x] MSS")  ==  "              [x] MSS"

The text keeps its length: spans stay spans of the page, and quotes are taken from the page as it was read.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from records.extraction.patterns import lazy

_TICK = r"[\[(][ ]?[xX✓✔✗✘vV*][ ]?[\])]|[☒☑✓✔]"
_EMPTY = r"\[[ ]{1,3}\]|\([ ]{1,3}\)|[☐□]"
_BOX = lazy(rf"(?P<tick>{_TICK})|(?P<empty>{_EMPTY})")
# paper forms have a line to write an X on; without one such X a line is a place for a name
_WRITTEN = lazy(rf"(?P<tick>_+[xX✓✔]_*|{_TICK})|(?P<empty>_{{2,}}(?=[ ]?[A-Za-z])|{_EMPTY})")
_WRITTEN_TICK = lazy(r"_[xX✓✔]_*(?![A-Za-z])|_[xX]_")
_HAS_BOX = lazy(rf"{_EMPTY}|__")
_OPTION_ENDS = lazy(r"[ ]{3,}(?=\S)|[|\n]")
_OPTION_STARTS = lazy(r"(?:.*(?:[ ]{3,}|[:|]))?[ ]*", re.S)
# a list of things to do: what is not done yet is still to come
_TO_DO = lazy(
    r"[ ]*(?:await|f/?u\b|follow|check|send|sent\b|order|schedule|obtain|refer|request|repeat|call|discuss|arrange|get\b|confirm|review"
    r"|start|plan|consider|pending)",
    re.I,
)
_WRAPPED = lazy(r"\n[ ]{3,}(?=[a-z(])[^\n]*")


def without_unticked(page: str) -> str:
    """The page with every unticked box and its option blanked out, character for character."""
    if not _HAS_BOX.search(page):
        return page
    box = _WRITTEN if _WRITTEN_TICK.search(page) else _BOX
    if box is _BOX and not re.search(_EMPTY, page):
        return page
    parts, last = [], 0
    for start, end in _unticked(page, box):
        start = max(start, last)
        if start < end:
            parts += [page[last:start], re.sub(r"[^\n]", " ", page[start:end])]
            last = end
    return "".join([*parts, page[last:]])


def _unticked(page: str, box: re.Pattern[str]) -> Iterator[tuple[int, int]]:
    start = 0
    while start < len(page):
        end = page.find("\n", start)
        end = len(page) if end < 0 else end
        found = list(box.finditer(page, start, end))
        if any(one["empty"] is not None for one in found):
            is_behind = not page[found[-1].end() : end].strip(" .;,|")
            yield from _behind(page, start, found) if is_behind else _before(page, end, found)
        start = end + 1


def _before(page: str, line_end: int, found: list[re.Match[str]]) -> Iterator[tuple[int, int]]:
    """ "[ ] option": up to the next box, a wide gap or the line's end, and over a wrapped line."""
    for place, one in enumerate(found):
        if one["empty"] is None or _TO_DO.match(page, one.end()):
            continue
        limit = found[place + 1].start() if place + 1 < len(found) else line_end
        first = one.end()
        while first < limit and page[first] == " ":
            first += 1
        ending = _OPTION_ENDS.search(page, first, limit)
        end = ending.start() if ending else limit
        if end == line_end and (more := _WRAPPED.match(page, end)) and not _BOX.search(more[0]):
            end = more.end()
        yield one.start(), end


def _behind(page: str, line_start: int, found: list[re.Match[str]]) -> Iterator[tuple[int, int]]:
    """ "option [ ]": back to the box before, a wide gap or a colon. A label that stands alone with its box is a question, not an option."""
    last = line_start
    for one in found:
        if one["empty"] is not None:
            lead = page[last : one.start()].rstrip(" :.")
            starts = _OPTION_STARTS.match(lead)
            yield last + (starts.end() if starts else 0), one.end()
        last = one.end()
