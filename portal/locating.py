"""Where on a page the words are that a person points at: by a box drawn over them, or by typing them."""

from __future__ import annotations

import re
from collections.abc import Sequence

from records.reading.page import Box, PageText, Word

Span = tuple[int, int]
_CORNER = re.compile(r"\d(\.\d{1,6})?")


def box_of(text: str) -> Box | None:
    """ "x0,top,x1,bottom" as fractions of the page; None for anything else."""
    corners = text.split(",")
    if len(corners) != 4 or not all(_CORNER.fullmatch(one) for one in corners):
        return None
    return Box.clipped(*(float(one) for one in corners))


def spans_in(page: PageText, box: Box) -> tuple[Span, ...]:
    """The words whose middle lies in the box; words that follow each other make one span."""
    runs: list[list[Word]] = []
    before = -2
    for n, word in enumerate(page.words):
        if not _is_in(word, box):
            continue
        if n == before + 1:
            runs[-1].append(word)
        else:
            runs.append([word])
        before = n
    return tuple((run[0].start, run[-1].end) for run in runs)


def _is_in(word: Word, box: Box) -> bool:
    if word.box is None:
        return False
    x, y = (word.box.x0 + word.box.x1) / 2, (word.box.top + word.box.bottom) / 2
    return box.x0 <= x <= box.x1 and box.top <= y <= box.bottom


def spans_of(page: PageText, quote: str) -> tuple[Span, ...]:
    """The first place that has these words in this order, whatever their case and the spaces between them; none: ()."""
    said = quote.split()
    if not said:
        return ()
    found = re.search(r"\s+".join(map(re.escape, said)), page.text, re.IGNORECASE)
    return (found.span(),) if found else ()


def words_of(page: PageText, spans: Sequence[Span]) -> str:
    return " … ".join(" ".join(page.text[start:end].split()) for start, end in spans)
