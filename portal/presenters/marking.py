"""A page on which a coordinator marks words."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from portal.locating import Span, words_of
from portal.presenters.marks import place_words
from portal.presenters.proof import PagePicture, page_picture
from records.models import Page


@dataclass(frozen=True, slots=True)
class Marking:
    """words: of the page, each with the fractions of the page that its box takes; quote: those that are marked."""

    place: str
    picture: PagePicture | None
    words: list[list[Any]]
    quote: str


def marking(page: Page, spans: Sequence[Span]) -> Marking:
    text = page.page_text
    boxes = [(box, "current", "") for start, end in spans for box in text.boxes(start, end)]
    words = [
        [text.text[one.start : one.end], *(round(part, 4) for part in (one.box.x0, one.box.top, one.box.x1, one.box.bottom))]
        for one in text.words
        if one.box is not None
    ]
    place = place_words(page.document.name, page.number)
    return Marking(place, page_picture(page, boxes) if page.image else None, words, words_of(text, spans))
