"""Faxes: the light rules of a table come out of one bit a pixel as rows of dots, which must cost no word beside them."""

from __future__ import annotations

import io
from pathlib import Path

import numpy as np
import pytest
from PIL import Image, ImageDraw

from records import reading
from records.reading.dotted import long_lines
from records.reading.ocr import Gray
from records.reading.scan import read_picture
from records.reading.together import finished
from tests.documents import Lines, fax_image, fax_pdf, page_image, tiff
from tests.records.reading.pages import check_model, read, stored_picture

GENES: Lines = (
    "TUMOR PROFILE",
    ("GENE", "CHANGE", "SHARE", "COMMENT"),
    ("KRAS", "p.G12D", "22.7%", "Tier 2"),
    ("TP53", "p.R248Q", "25.1%", "Tier 3"),
    ("BRCA2", "p.V410A", "71.3%", "Tier 1; the share suggests that it is inherited"),
    "MICROSATELLITE STATUS: STABLE",
)


@pytest.mark.parametrize("skew", [0.2, 0.5])
def test_rows_between_dotted_rules_are_read_whole(skew: float) -> None:
    page = read(fax_pdf([GENES], rules=150, skew=skew))
    check_model(page)
    lines = page.text.splitlines()
    assert "KRAS p.G12D 22.7% Tier 2" in lines, page.text
    assert "TP53 p.R248Q 25.1% Tier 3" in lines, page.text
    assert any(line.startswith("BRCA2 p.V410A 71.3% Tier 1; the share") for line in lines), page.text
    assert len(lines) == len(GENES), page.text


@pytest.mark.parametrize("rules", [60, 150, 200])
def test_black_and_white_finer_than_a_fax_is_read_whole_with_solid_rules_and_with_dotted(rules: int) -> None:
    """Of scanners. As a fax is read, the solid ones cost words; as a scan is, the dotted ones do."""
    picture = np.asarray(fax_image(GENES, rules=rules, skew=0.2, dpi=300).convert("L"), dtype=np.uint8)
    lines = [" ".join(one.text for one in line) for line in finished(read_picture(picture, dpi=300)).lines]
    assert "KRAS p.G12D 22.7% Tier 2" in lines and "TP53 p.R248Q 25.1% Tier 3" in lines, lines
    assert len(lines) == len(GENES), lines


def _ink(*marks: tuple[int, int, int, int]) -> np.ndarray:  # type: ignore[type-arg]
    """A picture of 1700 × 600; marks: left, top, width, height."""
    made = np.zeros((600, 1700), np.uint8)
    for x, y, width, height in marks:
        made[y : y + height, x : x + width] = 255
    return made


def test_dots_in_a_row_are_a_line_and_letters_are_none() -> None:
    level = [(100 + 8 * step, 200 + step // 20, 3, 2) for step in range(40)]
    upright = [(900, 100 + 9 * step, 2, 3) for step in range(40)]
    stems = [(1200, 100 + 30 * step, 4, 20) for step in range(10)]  # "I" below "I", as in a column of stages
    points = [(1300 + 60 * step, 300, 4, 4) for step in range(6)]  # decimal points of a row of numbers
    found = long_lines(_ink(*level, *upright, *stems, *points))
    marks, lines = found.marks, found.lines
    assert sum(bool(marks[y, x]) for x, y, *_ in level + upright) >= 78, "all but the ends"
    assert not any(marks[y : y + high, x : x + wide].any() for x, y, wide, high in stems + points)
    assert lines[200, 106] and lines[109 + 4, 900], "drawn through the gaps"


def test_letters_whose_feet_a_dropped_line_cut_off_are_no_line() -> None:
    letters = [(100 + 18 * step, 200, 12, 18) for step in range(30)]
    feet = [(x, 220, 12, 4) for x, *_ in letters]  # one row of pixels was lost above them
    assert not long_lines(_ink(*letters, *feet)).marks.any()
    assert long_lines(_ink(*feet)).marks.any(), "alone, they would be one"


def test_a_crooked_fax_is_read_level() -> None:
    lines = ["Fever since the second cycle of treatment, blood cultures negative"] * 6
    found = finished(read_picture(np.asarray(fax_image(lines, skew=0.5).convert("L"), dtype=np.uint8)))
    for line in found.lines:
        assert max(one.box.top for one in line) - min(one.box.top for one in line) > 0.002, "boxes are where the words are printed"
    assert [" ".join(one.text for one in line) for line in found.lines] == lines


@pytest.mark.parametrize(("paper", "rules"), [(246, 60), (235, 150)])
def test_grey_paper_that_a_fax_turned_into_dots_is_read_and_told_from_clean_paper(paper: int, rules: int) -> None:
    """Rows of dots passed for lines there: they were taken out, and "22.7%" was read as 227%."""
    grey = page_image(GENES, dpi=200, rules=rules).point(lambda value: min(value, paper)).convert("1")
    assert [long_lines(_ink_of(one)).is_specked for one in (fax_image(GENES), grey)] == [False, True]
    lines = [" ".join(one.text for one in line) for line in finished(read_picture(np.asarray(grey.convert("L")))).lines]
    assert "KRAS p.G12D 22.7% Tier 2" in lines and "TP53 p.R248Q 25.1% Tier 3" in lines, lines


def _ink_of(image: Image.Image) -> Gray:
    return 255 - np.asarray(image.convert("L"))


@pytest.mark.parametrize("kind", ["tiff", "pdf"])
def test_the_picture_that_is_shown_of_a_fax_has_no_haze_around_its_letters(kind: str) -> None:
    shown = stored_picture(tiff([GENES], is_fax=True) if kind == "tiff" else fax_pdf([GENES]))
    assert set(np.unique(shown)) <= {0, 85, 170, 255}  # greys of WebP's lossless kind, which the other cannot keep to


def test_a_stamp_in_colour_on_black_and_white_is_shown_in_colour(tmp_path: Path) -> None:
    sheet = fax_image(GENES).convert("RGB")
    ImageDraw.Draw(sheet).rectangle((900, 1500, 1000, 1540), fill=(200, 0, 0))
    sheet.save(path := tmp_path / "a.png")
    (made,) = reading.read_and_render([reading.Wanted(path, 1)])
    assert isinstance(made, reading.Rendered) and made.picture
    with Image.open(io.BytesIO(made.picture)) as shown:
        red, green, _ = np.asarray(shown.convert("RGB"), dtype=int).transpose(2, 0, 1)
    assert (red - green > 100).any()
