"""Photos: the sheet is found under any shadow, light is evened out, and HEIC files are opened as telephones write them."""

from __future__ import annotations

import io
from pathlib import Path

import numpy as np
import pytest
from PIL import Image, ImageDraw

from records.reading import page_code
from records.reading.page import Source
from records.reading.sheet import sheet_of
from tests.documents import WIDTH, page_image, photo, photo_image
from tests.documents import _corners as corners_drawn
from tests.records.reading.pages import REPORT, check_model, read, share_in_order, words_of

LEANS = [(0.03, 1.5, 0.35), (0.03, -3.0, 0.65), (0.05, 0.0, 0.7)]


@pytest.mark.parametrize(("tilt", "lean", "shadow"), LEANS)
def test_the_corners_of_the_sheet_are_found_under_a_shadow(tilt: float, lean: float, shadow: float) -> None:
    image = photo_image(REPORT, tilt=tilt, lean=lean, shadow=shadow)
    sheet = (round(WIDTH * 230 / 72), round(792 * 230 / 72))
    truth = np.array(corners_drawn(sheet, image.size, tilt, lean))
    found = sheet_of(np.asarray(image.convert("L")))
    assert found is not None
    assert np.abs(found - truth).max() < 0.02 * image.width


def test_a_band_of_shadow_across_the_sheet_is_not_taken_for_its_edge() -> None:
    """The light falls off as softly as a hand's shadow does, down to the brightness of the table."""
    image = photo_image(REPORT, shadow=0.0)
    pixels = np.asarray(image.convert("L"), dtype=np.float64)
    across = np.abs(np.arange(image.width) - 0.7 * image.width) / (0.12 * image.width)
    shaded = pixels * (1 - 0.55 / (1 + across**4))
    found = sheet_of(shaded.clip(0, 255).astype(np.uint8))
    plain = sheet_of(pixels.astype(np.uint8))
    assert found is not None
    assert plain is not None
    assert np.abs(found - plain).max() < 0.02 * image.width


def test_a_page_that_fills_the_picture_and_a_picture_of_no_page_are_left_alone() -> None:
    white = np.full((1400, 1000), 235, np.uint8)
    assert sheet_of(white) is None
    scene = Image.new("L", (1000, 1400), 90)
    ImageDraw.Draw(scene).ellipse((200, 300, 800, 900), fill=220)
    assert sheet_of(np.asarray(scene)) is None


def test_a_dark_band_across_a_page_is_no_sheet_and_what_stands_on_it_and_beside_it_is_read() -> None:
    """It is brighter above and below the band: sides taken for each other stood the page on its head, and left out the rest of it."""
    page = np.asarray(page_image(["Department of Pathology", *[""] * 6, *REPORT]).convert("L"), dtype=np.float64)
    top, bottom = round(0.12 * len(page)), round(0.85 * len(page))
    page[top:bottom] *= 0.8
    made = io.BytesIO()
    Image.fromarray(page.astype(np.uint8)).save(made, "PNG")
    assert share_in_order(["Pathology", *words_of(REPORT)], read(made.getvalue())) > 0.95


@pytest.mark.parametrize("look", [{"shadow": 0.65, "lean": -3.0}, {"tilt": 0.07, "lean": 4.0}])
def test_a_photo_in_bad_light_or_at_a_slant_is_read(look: dict[str, float]) -> None:
    page = read(photo(REPORT, **look))
    assert page.source is Source.OCR
    assert share_in_order(words_of(REPORT), page) > 0.95


def test_a_heic_photo_is_read() -> None:
    """Written once by a telephone's kind of encoder, for the project only decodes: a drawn sheet on a table."""
    content = Path(__file__).with_name("photo.heic").read_bytes()
    page = read(content)
    check_model(page)
    expected = "MOLECULAR REPORT Specimen: liver, core needle biopsy KRAS p.G12D, pathogenic, 31% Microsatellite status: stable"
    assert page.text.split() == expected.split()


@pytest.mark.parametrize("paper", [0, 28])
def test_light_words_on_a_dark_ground_are_read(paper: int) -> None:
    """As telephones set at night show a portal's page."""
    page = page_image(REPORT, dpi=150).convert("L")
    dark = page.point([int(paper + (224 - paper) * (255 - value) / 255) for value in range(256)])
    made = io.BytesIO()
    Image.merge("RGB", (dark.point([value // 3 for value in range(256)]), dark, dark)).save(made, "JPEG", quality=90)
    read_page = read(made.getvalue())
    assert page_code(read_page) is None
    assert share_in_order(words_of(REPORT), read_page) == 1
