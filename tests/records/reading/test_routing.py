"""Which words of a page are believed: those of the layer where a person would see the same, else those of the picture."""

from __future__ import annotations

import io
import re

import pikepdf
import pytest
from reportlab.lib.utils import ImageReader
from reportlab.pdfgen.canvas import Canvas

from records.reading import page_code
from records.reading.page import Source
from tests.documents import HEIGHT, WIDTH, Digital, Scan, blank_pdf, digital_pdf, mixed_pdf, photo, scan_image, scanned_pdf
from tests.records.reading.pages import REPORT, read, share_in_order, words_of

OTHER = (
    "SURGICAL PATHOLOGY REPORT",
    "Specimen: colon, sigmoid, resection",
    "Diagnosis: no tumor seen",
    "Lymph nodes: none of twelve involved",
)


def _canvas_pdf(draw: object) -> bytes:
    made = io.BytesIO()
    canvas = Canvas(made, pagesize=(WIDTH, HEIGHT), invariant=1)
    draw(canvas)  # type: ignore[operator]
    canvas.showPage()
    canvas.save()
    return made.getvalue()


def test_a_page_that_was_born_digital_is_read_by_its_layer() -> None:
    page = read(digital_pdf([REPORT]))
    assert page.source is Source.TEXT_LAYER
    assert page.text.split() == words_of(REPORT)


def test_a_scan_without_a_layer_is_recognised() -> None:
    page = read(scanned_pdf([REPORT]))
    assert page.source is Source.OCR
    assert share_in_order(words_of(REPORT), page) == 1


def test_a_hidden_layer_that_says_something_else_is_not_believed() -> None:
    page = read(scanned_pdf([REPORT], hidden=[OTHER]))
    assert page.source is Source.OCR
    assert share_in_order(words_of(REPORT), page) == 1
    assert "sigmoid" not in page.text


def test_a_layer_in_plain_sight_under_a_picture_of_the_page_is_not_believed() -> None:
    """Not hidden by its mode, but covered: what a person sees is the picture."""

    def draw(canvas: Canvas) -> None:
        for number, line in enumerate(OTHER):
            canvas.drawString(54, 700 - 20 * number, line)
        canvas.drawImage(ImageReader(scan_image(REPORT)), 0, 0, WIDTH, HEIGHT)

    page = read(_canvas_pdf(draw))
    assert page.source is Source.OCR
    assert share_in_order(words_of(REPORT), page) == 1


@pytest.mark.parametrize(("offset", "where"), [(0xE000, "into the private area"), (1, "to the next one"), (0x4E00, "into another writing")])
def test_a_layer_whose_letters_were_renumbered_is_not_believed(offset: int, where: str) -> None:
    """The page looks right; what its layer says is other letters."""
    page = read(_renumbered(REPORT, offset))
    assert page.source is Source.OCR, where
    assert share_in_order(words_of(REPORT), page) == 1


def _renumbered(lines: tuple[str, ...], offset: int) -> bytes:
    """Printed as given; the font's map from its glyphs to letters leads `offset` further."""

    def moved(entry: re.Match[bytes]) -> bytes:
        return entry[1] + b" <%04X>" % (int(entry[2], 16) + (offset if int(entry[2], 16) > 0x20 else 0))

    made = io.BytesIO()
    with pikepdf.open(io.BytesIO(digital_pdf([lines]))) as document:
        for thing in document.objects:
            if isinstance(thing, pikepdf.Stream) and b"begincmap" in (content := thing.read_bytes()):
                thing.write(re.sub(rb"(<[0-9A-F]{2}>) <([0-9A-F]{4})>", moved, content))
        document.save(made)
    return made.getvalue()


def test_every_page_of_a_mixed_file_goes_its_own_way() -> None:
    content = mixed_pdf([Digital(REPORT), Scan(OTHER), Digital(OTHER)])
    found = [read(content, number) for number in (1, 2, 3)]
    assert [page.source for page in found] == [Source.TEXT_LAYER, Source.OCR, Source.TEXT_LAYER]
    for page, lines in zip(found, (REPORT, OTHER, OTHER), strict=True):
        assert share_in_order(words_of(lines), page) == 1


def test_a_logo_on_a_digital_page_does_not_send_it_to_recognition() -> None:
    def draw(canvas: Canvas) -> None:
        canvas.drawImage(ImageReader(scan_image(("LOGO",))), 54, 700, 120, 60)
        for number, line in enumerate(REPORT):
            canvas.drawString(54, 660 - 20 * number, line)

    page = read(_canvas_pdf(draw))
    assert page.source is Source.TEXT_LAYER
    assert page.text.split() == words_of(REPORT)


def test_what_was_typed_into_a_form_is_on_the_page() -> None:
    def draw(canvas: Canvas) -> None:
        canvas.drawString(54, 700, "Diagnosis")
        canvas.acroForm.textfield(name="diagnosis", value="adenocarcinoma", x=150, y=690, width=300, height=24, fontSize=12)

    assert read(_canvas_pdf(draw)).text.split() == ["Diagnosis", "adenocarcinoma"]


def test_a_page_with_nothing_on_it_is_blank() -> None:
    page = read(blank_pdf())
    assert page.text.strip() == ""
    assert page_code(page) == "blank"


def test_a_good_page_has_no_code_and_a_ruined_one_is_too_poor_to_trust() -> None:
    assert page_code(read(scanned_pdf([REPORT]))) is None
    ruined = read(photo(REPORT, blur=9.0, seed=5))
    assert page_code(ruined) in ("unreadable", "blank")
