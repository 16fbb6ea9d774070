"""Words of a file that nobody sees on its page: beside the paper, cut off, or drawn so that they leave no ink."""

from __future__ import annotations

import io
from collections.abc import Callable

import numpy as np
import pytest
from PIL import Image
from reportlab.pdfgen.canvas import Canvas

from records.reading import page_code, scan, together
from records.reading.page import Source
from records.reading.scan import read_picture
from records.reading.together import Reading, finished
from tests.documents import HEIGHT, WIDTH
from tests.records.reading.pages import REPORT, check_model, read, words_of

INVISIBLE = 3
OUTLINES = ("Marigold", "Brambleton")


def _pdf(draw: Callable[[Canvas], None], **box: tuple[float, float, float, float]) -> bytes:
    made = io.BytesIO()
    canvas = Canvas(made, pagesize=(WIDTH, HEIGHT), invariant=1, **box)
    for number, line in enumerate(REPORT):
        canvas.drawString(54, 700 - 20 * number, line)
    draw(canvas)
    canvas.showPage()
    canvas.save()
    return made.getvalue()


def _written(canvas: Canvas, x: float, y: float, text: str, *, size: float = 12, mode: int = 0) -> None:
    canvas.saveState()
    line = canvas.beginText(x, y)
    line.setFont("Helvetica", size)
    line.setTextRenderMode(mode)
    line.textOut(text)
    canvas.drawText(line)
    canvas.restoreState()


def _beside(canvas: Canvas) -> None:
    for x, y in ((WIDTH + 40, 500), (-300, 400), (54, HEIGHT + 30), (54, -40)):
        _written(canvas, x, y, "another patient: glioblastoma")


@pytest.mark.parametrize("crop", [None, (40, 560, WIDTH - 40, 730)], ids=["off the paper", "off what is left of it"])
def test_words_beside_the_page_are_not_on_it(crop: tuple[float, float, float, float] | None) -> None:
    """A page cut out of a larger sheet, printer's marks, the next person's half of two pages on one: they may be anybody's."""
    page = read(_pdf(_beside, **({"cropBox": crop} if crop else {})))
    check_model(page)
    assert page.source is Source.TEXT_LAYER
    assert page.text.split() == words_of(REPORT)
    assert all(word.box and word.box.x0 < word.box.x1 and word.box.top < word.box.bottom for word in page.words), "each can be shown"


def test_a_word_that_the_edge_cuts_is_read_while_most_of_it_is_there() -> None:
    def draw(canvas: Canvas) -> None:
        _written(canvas, WIDTH - 45, 500, "Negative")
        _written(canvas, -45, 400, "Positive")

    page = read(_pdf(draw))
    assert "Negative" in page.text
    assert "Positive" not in page.text


@pytest.mark.parametrize("size", [1, 9])
def test_an_invisible_mark_of_the_program_that_made_the_page_is_left_out_and_the_page_read_by_its_layer(size: int) -> None:
    """Some print programs sign each file in letters that leave no ink. That is no hidden reading of a scan."""
    page = read(_pdf(lambda canvas: _written(canvas, 30, 30, "Printed by Quillwright (www.quillwright.example)", size=size, mode=INVISIBLE)))
    assert page.source is Source.TEXT_LAYER
    assert page.text.split() == words_of(REPORT)


def test_invisible_words_over_ink_send_the_page_to_recognition() -> None:
    """Letters drawn as outlines with their words laid over them: what the page shows is read, not what is said of it."""

    def draw(canvas: Canvas) -> None:
        for number, name in enumerate(OUTLINES):
            _written(canvas, 54, 500 - 30 * number, name, size=14)
            _written(canvas, 54, 500 - 30 * number, "somebody", size=14, mode=INVISIBLE)

    page = read(_pdf(draw))
    assert page.source is Source.OCR
    assert "somebody" not in page.text
    assert all(name in page.text for name in OUTLINES)


def test_a_page_of_invisible_words_alone_is_blank() -> None:
    made = io.BytesIO()
    canvas = Canvas(made, pagesize=(WIDTH, HEIGHT), invariant=1)
    for number, line in enumerate(REPORT):
        _written(canvas, 54, 700 - 20 * number, line, mode=INVISIBLE)
    canvas.showPage()
    canvas.save()
    assert page_code(read(made.getvalue())) == "blank"


def test_a_page_without_ink_is_not_looked_at_for_words(monkeypatch: pytest.MonkeyPatch) -> None:
    """Paper alone, as the backs of sheets: looking four ways up for words took longer than reading a page."""
    monkeypatch.setattr(together, "recognise", lambda *_: pytest.fail("there is nothing to recognise"))
    grain = np.random.default_rng(3).integers(-3, 4, (1800, 1400))
    for paper in (255, 244, 40):
        found = finished(read_picture((np.full((1800, 1400), paper) + grain).clip(0, 255).astype(np.uint8)))
        assert (found.lines, found.rotation) == ((), 0)


def test_faint_print_is_still_looked_at() -> None:
    pale = np.full((1800, 1400), 255, np.uint8)
    pale[300:330, 200:800:4] = 235
    seen: list[int] = []

    def nothing(*_: object) -> Reading[scan.Scanned]:
        seen.append(1)
        return scan.Scanned((), 0, 1.0)
        yield

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(scan, "_read", nothing)
        finished(read_picture(pale))
    assert seen


@pytest.mark.parametrize("size", [(256, 1), (1, 256), (2, 2), (700, 5)])
def test_a_picture_too_small_for_a_letter_is_blank_not_damaged(size: tuple[int, int]) -> None:
    made = io.BytesIO()
    Image.fromarray(np.random.default_rng(1).integers(0, 256, size[::-1], np.uint8)).save(made, "PNG")
    assert page_code(read(made.getvalue())) == "blank"
