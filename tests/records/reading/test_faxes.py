"""Faxes: the light rules of a table come out of one bit a pixel as rows of dots, which must cost no word beside them."""

from __future__ import annotations

import numpy as np
import pytest

from records.reading.dotted import long_lines
from records.reading.scan import read_picture
from records.reading.together import finished
from tests.documents import Lines, fax_image, fax_pdf
from tests.records.reading.pages import check_model, read

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
    marks, lines = long_lines(_ink(*level, *upright, *stems, *points))
    assert sum(bool(marks[y, x]) for x, y, *_ in level + upright) >= 78, "all but the ends"
    assert not any(marks[y : y + high, x : x + wide].any() for x, y, wide, high in stems + points)
    assert lines[200, 106] and lines[109 + 4, 900], "drawn through the gaps"


def test_letters_whose_feet_a_dropped_line_cut_off_are_no_line() -> None:
    letters = [(100 + 18 * step, 200, 12, 18) for step in range(30)]
    feet = [(x, 220, 12, 4) for x, *_ in letters]  # one row of pixels was lost above them
    assert not long_lines(_ink(*letters, *feet))[0].any()
    assert long_lines(_ink(*feet))[0].any(), "alone, they would be one"


def test_a_crooked_fax_is_read_level() -> None:
    lines = ["Fever since the second cycle of treatment, blood cultures negative"] * 6
    found = finished(read_picture(np.asarray(fax_image(lines, skew=0.5).convert("L"), dtype=np.uint8)))
    for line in found.lines:
        assert max(one.box.top for one in line) - min(one.box.top for one in line) > 0.002, "boxes are where the words are printed"
    assert [" ".join(one.text for one in line) for line in found.lines] == lines
