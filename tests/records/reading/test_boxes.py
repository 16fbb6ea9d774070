"""A box drawn over the picture of the page covers the word: checked by pixels, for every reader that has pictures and every rotation.

A page is drawn twice, once without some of its words. Where the two pictures differ is the ink of those words.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

import cv2
import numpy as np
import numpy.typing as npt
import pytest

from records.reading.page import Box
from tests.documents import Drawing, Placed, _width, digital_pdf, fax_pdf, lay_out, mixed_pdf, photo, scanned_pdf, tiff
from tests.documents import Scan as ScannedPage
from tests.records.reading.pages import REPORT, box_of, picture, read, stored_picture

Draw = Callable[[Drawing], bytes]
WORDS = ("PATHOLOGY", "adenocarcinoma,", "eighteen")
ROTATIONS = (0, 90, 180, 270)
DRAWN: dict[str, Draw] = {
    **{f"pdf, rotated by {turn}": lambda page, turn=turn: digital_pdf([page], rotate=turn) for turn in ROTATIONS},
    **{f"pdf, righted by {turn}": lambda page, turn=turn: digital_pdf([page], rotate=turn, is_righted=True) for turn in ROTATIONS},
    "pdf, cropped": lambda page: digital_pdf([page], crop=(30, 400, 580, 770)),
    "pdf, cropped and turned": lambda page: digital_pdf([page], crop=(30, 400, 580, 770), rotate=90),
    "scanned pdf, turned by its flag": lambda page: scanned_pdf([page], rotate=90),
    "scanned pdf, upside down": lambda page: scanned_pdf([page], turn=180),
    "scanned pdf, on its side": lambda page: mixed_pdf([ScannedPage(page, turn=270)]),  # type: ignore[arg-type]
    "scanned pdf, crooked": lambda page: scanned_pdf([page], skew=2.0),
    "faxed pdf": lambda page: fax_pdf([page]),
    "photo, camera on its side": lambda page: photo(page, exif_turn=6),
    "tiff": lambda page: tiff([page], is_fax=True),
}  # fmt: skip


@pytest.mark.parametrize("kind", DRAWN)
def test_the_boxes_of_words_cover_their_ink_and_little_else(kind: str) -> None:
    drawing = _word_by_word(REPORT)
    content = DRAWN[kind](drawing)
    page = read(content)
    ink = np.abs(picture(content, page) - picture(DRAWN[kind](_without(drawing, WORDS)), page)) > 90
    assert ink.sum() > 200, "there is ink to cover"
    boxes = [box_of(page, word) for word in WORDS]
    inside = [_inside(ink, box) for box in boxes]
    assert sum(part.sum() for part in inside) > 0.97 * ink.sum(), "no ink of these words is outside of their boxes"
    for word, box, part in zip(WORDS, boxes, inside, strict=True):
        assert part.sum() > 0.15 * ink.sum(), f"the box of {word} is on the word"
        assert _area(box) < 3.0 * _area(_around(part)) + 0.0005, f"the box of {word} is not much larger than the word"
    assert [box.top for box in boxes] == sorted(box.top for box in boxes), "each box is that of its own word"


@pytest.mark.parametrize("kind", ["pdf, rotated by 90", "scanned pdf, turned by its flag", "scanned pdf, on its side", "faxed pdf", "tiff"])
def test_the_picture_kept_when_a_page_is_read_is_that_of_the_page(kind: str) -> None:
    """Boxes are fractions of it: one half a word off would mark the wrong line."""
    content = DRAWN[kind](_word_by_word(REPORT))
    kept, drawn = stored_picture(content), picture(content, read(content))
    assert kept.shape == drawn.shape
    blurred = [cv2.GaussianBlur(one.astype(np.float32), (0, 0), 1.5) for one in (kept, drawn)]
    assert np.abs(blurred[0] - blurred[1]).max() < 40


def _word_by_word(lines: Sequence[str]) -> Drawing:
    """Each word placed alone, so that one can be left out without moving the others."""
    placed: list[Placed] = []
    for one in lay_out(lines, size=12).placed:
        x = one.x
        for word in one.text.split():
            placed.append(Placed(word, x, one.y, one.size))
            x += _width(word + " ", one.size)
    return Drawing(tuple(placed))


def _without(drawing: Drawing, words: Sequence[str]) -> Drawing:
    return Drawing(tuple(one for one in drawing.placed if one.text not in words))


def _inside(ink: npt.NDArray[np.bool_], box: Box) -> npt.NDArray[np.bool_]:
    height, width = ink.shape
    kept = np.zeros_like(ink)
    # a pixel of the picture may lie half inside
    rows = slice(max(int(box.top * height) - 1, 0), int(box.bottom * height) + 2)
    columns = slice(max(int(box.x0 * width) - 1, 0), int(box.x1 * width) + 2)
    kept[rows, columns] = ink[rows, columns]
    return kept


def _around(ink: npt.NDArray[np.bool_]) -> Box:
    height, width = ink.shape
    rows, columns = np.nonzero(ink)
    return Box(columns.min() / width, rows.min() / height, (columns.max() + 1) / width, (rows.max() + 1) / height)


def _area(box: Box) -> float:
    return (box.x1 - box.x0) * (box.bottom - box.top)
