"""What the tests of reading share: files on disk, pages of them, and what must hold of every page."""

from __future__ import annotations

import io
from collections.abc import Sequence
from difflib import SequenceMatcher
from functools import cache
from pathlib import Path
from tempfile import NamedTemporaryFile

import numpy as np
import numpy.typing as npt
from PIL import Image

from records import reading
from records.reading.page import Box, PageText

REPORT = (
    "SURGICAL PATHOLOGY REPORT",
    "Specimen: pancreas, core needle biopsy",
    "Diagnosis: ductal adenocarcinoma, moderately differentiated",
    "Margins: negative for invasive carcinoma",
    "Lymph nodes: two of eighteen involved",
    "Comment: the findings were discussed with the clinical team",
)


@cache
def read(content: bytes, number: int = 1, password: str | None = None) -> PageText:
    """Page `number` of a file with these bytes. Read once a test run: recognition is the slow part."""
    return fresh(content, number, password)


def fresh(content: bytes, number: int = 1, password: str | None = None) -> PageText:
    """The same, read again each time: for tests that watch how it is read."""
    with NamedTemporaryFile() as file:
        file.write(content)
        file.flush()
        path = Path(file.name)
        opened = reading.open_document(path, password)
        return reading.read_page(path, opened.media_type, number, password)


def picture(content: bytes, page: PageText) -> npt.NDArray[np.int16]:
    """What the viewer shows of it: grey values, upright."""
    with NamedTemporaryFile() as file:
        file.write(content)
        file.flush()
        path = Path(file.name)
        made = reading.render_page(path, reading.sniff(path) or "", page.number, rotation=page.rotation)
    assert made is not None
    return _grey(made)


def stored_picture(content: bytes) -> npt.NDArray[np.int16]:
    """What is kept for the viewer when the first page is read."""
    with NamedTemporaryFile() as file:
        file.write(content)
        file.flush()
        path = Path(file.name)
        (made,) = reading.read_and_render([reading.Wanted(path, 1)])
    assert isinstance(made, reading.Rendered) and made.picture is not None
    return _grey(made.picture)


def _grey(webp: bytes) -> npt.NDArray[np.int16]:
    return np.asarray(Image.open(io.BytesIO(webp)).convert("L"), dtype=np.int16)


def check_model(page: PageText) -> None:
    """The text is made of its words, boxes lie on the page, and every span of words has the boxes that cover it."""
    assert "".join(page.text.split()) == "".join(page.text[word.start : word.end] for word in page.words)
    for before, after in zip(page.words, page.words[1:], strict=False):
        assert before.end < after.start, "words are parted by white space"
    for word in page.words:
        assert page.words_in(word.start, word.end) == (word,)
        if word.box is not None:
            assert 0 <= word.box.x0 <= word.box.x1 <= 1
            assert 0 <= word.box.top <= word.box.bottom <= 1
            assert any(_covers(box, word.box) for box in page.boxes(word.start, word.end))
        assert word.confidence is None or 0 <= word.confidence <= 1


def _covers(box: Box, inner: Box) -> bool:
    return box.x0 <= inner.x0 and box.top <= inner.top and box.x1 >= inner.x1 and box.bottom >= inner.bottom


def box_of(page: PageText, word: str) -> Box:
    """The box of a word that stands once on the page."""
    start = page.text.index(word)
    (box,) = page.boxes(start, start + len(word))
    return box


def share_in_order(expected: Sequence[str], page: PageText) -> float:
    """The share of the expected words that the page has, in this order."""
    matcher = SequenceMatcher(None, expected, page.text.split(), autojunk=False)
    return sum(block.size for block in matcher.get_matching_blocks()) / len(expected)


def words_of(lines: Sequence[str]) -> list[str]:
    return [word for line in lines for word in line.split()]
