"""The words behind a fact, on the picture of their page."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.urls import reverse
from django.utils.html import conditional_escape, format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from portal.presenters.dates import moment_words
from records.models import Page
from records.reading.page import Box
from records.shown import ShownEvidence

# How much of the page is shown around the marked words, as fractions of its width or height.
ROOM_BESIDE, LEAST_WIDTH = 0.06, 0.55
ROOM_ABOVE, LEAST_HEIGHT = 0.035, 0.13
UNITS = 1000  # width of the drawing; boxes are fractions of the page


@dataclass(frozen=True, slots=True)
class Mark:
    """A box in drawing units. tone: a class for its look."""

    x: float
    y: float
    width: float
    height: float
    tone: str = ""
    item: str = ""


@dataclass(frozen=True, slots=True)
class PagePicture:
    """A page image with boxes over it. url "": there is no picture. crop: x, y, width, height of the part with the marks."""

    number: int
    url: str
    width: int
    height: int
    marks: tuple[Mark, ...]
    crop: tuple[float, float, float, float]

    @property
    def view_box(self) -> str:
        return f"0 0 {self.width} {self.height}"

    @property
    def crop_box(self) -> str:
        return " ".join(f"{one:g}" for one in self.crop)


def page_picture(page: Page, boxes: Sequence[tuple[Box, str, str]]) -> PagePicture:
    """boxes: each with its tone and the id of what it belongs to."""
    height = round(UNITS * (page.height / page.width)) if page.width and page.height else UNITS
    marks = tuple(_mark(box, height, tone, item) for box, tone, item in boxes)
    crop = _crop([box for box, _, _ in boxes], height)
    url = reverse("page_image", args=[page.document_id, page.number]) if page.image else ""
    return PagePicture(page.number, url, UNITS, height, marks, crop)


def _mark(box: Box, height: int, tone: str, item: str) -> Mark:
    pad_x, pad_y = 3.0, 2.0
    x, y = box.x0 * UNITS - pad_x, box.top * height - pad_y
    width, tall = (box.x1 - box.x0) * UNITS + 2 * pad_x, (box.bottom - box.top) * height + 2 * pad_y
    return Mark(round(x, 1), round(y, 1), round(width, 1), round(tall, 1), tone, item)


def _crop(boxes: Sequence[Box], height: int) -> tuple[float, float, float, float]:
    """A part of the page that holds the boxes with some room around, large enough to tell where it is; the whole page without any."""
    if not boxes:
        return 0, 0, UNITS, height
    left, wide = _span(min(one.x0 for one in boxes), max(one.x1 for one in boxes), ROOM_BESIDE, LEAST_WIDTH)
    top, tall = _span(min(one.top for one in boxes), max(one.bottom for one in boxes), ROOM_ABOVE, LEAST_HEIGHT)
    return round(left * UNITS, 1), round(top * height, 1), round(wide * UNITS, 1), round(tall * height, 1)


def _span(start: float, end: float, room: float, least: float) -> tuple[float, float]:
    """Start and length, as fractions, widened by `room` on both sides and to at least `least`, inside 0 to 1."""
    start, end = start - room, end + room
    missing = max(0.0, least - (end - start)) / 2
    length = min(1.0, end - start + 2 * missing)
    return min(max(0.0, start - missing), 1.0 - length), length


@dataclass(frozen=True, slots=True)
class ShownProof:
    """One place in the records: where, the words, and the words in their surroundings."""

    name: str
    page: int
    picture: PagePicture | None
    quote: str
    text: SafeString
    document: Any


@dataclass(frozen=True, slots=True)
class Said:
    """One person's word on a fact."""

    who: Any
    what: Any
    when: str


_SAID: dict[str, Any] = {
    "confirmed": gettext_lazy("said that it is right"),
    "corrected": gettext_lazy("put it right"),
    "rejected": gettext_lazy("said that it is wrong"),
    "disputed": gettext_lazy("was not sure"),
    "taken_back": gettext_lazy("took back what they said"),
}


def said_rows(reviews: Iterable[Any], me: Any) -> tuple[Said, ...]:
    """Who said what of a fact, and when, oldest first. A coordinator is one of the team to the patient, not a name."""
    told = sorted(reviews, key=lambda one: (one.at, str(one.pk)))
    return tuple(Said(_who(one, me), _SAID[one.decision], moment_words(one.at)) for one in told)


def _who(review: Any, me: Any) -> Any:
    if review.by_id == me.pk:
        return _("You")
    return _("A care coordinator") if review.by_role == "coordinator" else _("The patient or someone who helps")


def shown_proof(evidence: ShownEvidence, page: Page | None) -> ShownProof:
    picture = page_picture(page, [(box, "", "") for box in evidence.boxes]) if page and page.image else None
    text = marked_text(page.text, evidence.quote) if page else conditional_escape(evidence.quote)
    return ShownProof(evidence.document_name, evidence.page_number, picture, evidence.quote, text, evidence.document)


def marked_text(text: str, quote: str) -> SafeString:
    """The text with the quote marked, where it stands in it."""
    before, found, after = text.partition(quote)
    if not found or not quote:
        return conditional_escape(text)
    return format_html("{}<mark>{}</mark>{}", before, found, after)
