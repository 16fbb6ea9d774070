"""Pages that lie wrong, with no flag that says so, are put right: the turn is told, and the words are read in order."""

from __future__ import annotations

import io
from dataclasses import replace

import numpy as np
import pytest
from PIL import Image

from records.reading import scan, together
from records.reading.ocr import Asked, Recognised
from tests.documents import Digital, Rule, Scan, lay_out, mixed_pdf, page_image, photo, scanned_pdf
from tests.records.reading.pages import REPORT, fresh, read, share_in_order, words_of


@pytest.mark.parametrize(("turn", "rotation"), [(90, 270), (180, 180)])
def test_a_scanned_page_that_lies_wrong_in_a_mixed_file_is_put_right(turn: int, rotation: int) -> None:
    content = mixed_pdf([Digital(REPORT), Scan(REPORT, turn=turn)])
    page = read(content, 2)
    assert page.rotation == rotation
    assert share_in_order(words_of(REPORT), page) == 1
    assert page.width < page.height, "upright"
    assert read(content, 1).rotation == 0


def test_a_photo_with_a_turn_in_its_header_is_upright_and_needs_no_other() -> None:
    page = read(photo(REPORT, exif_turn=8))
    assert page.rotation == 0
    assert page.width < page.height
    assert share_in_order(words_of(REPORT), page) == 1


def test_a_page_on_its_side_is_turned_before_it_is_read_and_read_once(monkeypatch: pytest.MonkeyPatch) -> None:
    readings = _counted(monkeypatch)
    page = fresh(mixed_pdf([Scan(REPORT * 5, turn=90)]))
    assert (page.rotation, len(readings)) == (270, 1)
    assert share_in_order(words_of(REPORT * 5), page) > 0.98


def test_a_page_that_only_seems_to_lie_on_its_side_is_read_as_it_stands(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(scan, "orientation", lambda _: (90, 9.0))
    monkeypatch.setattr(scan, "lies_on_side", lambda _: True)
    page = fresh(mixed_pdf([Scan(REPORT)]))
    assert page.rotation == 0
    assert share_in_order(words_of(REPORT), page) == 1


def test_bars_across_a_page_do_not_cost_it_a_reading(monkeypatch: pytest.MonkeyPatch) -> None:
    readings = _counted(monkeypatch)
    barred = replace(lay_out(REPORT), rules=tuple(Rule(x, 100, x, 500) for x in range(60, 560, 25)))
    page = fresh(scanned_pdf([barred]))
    assert page.rotation == 0
    assert len(readings) == 1


def _counted(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    readings: list[int] = []
    plain = together.recognise

    def counted(*asked: Asked) -> list[Recognised]:
        readings.extend(1 for one in asked if min(one.picture.shape) > 1200)  # whole pages
        return plain(*asked)

    monkeypatch.setattr(together, "recognise", counted)
    return readings


@pytest.mark.parametrize(("turn", "rotation"), [(90, 270), (270, 90)])
def test_which_way_a_page_on_its_side_goes_up_is_told_by_some_of_its_lines(
    turn: int, rotation: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(scan, "orientation", lambda _: pytest.fail("it costs as much as reading the page"))
    page = fresh(mixed_pdf([Scan(REPORT * 5, turn=turn)]))
    assert page.rotation == rotation
    assert share_in_order(words_of(REPORT * 5), page) > 0.98


def test_a_page_on_its_side_with_little_print_is_still_turned() -> None:
    page = fresh(mixed_pdf([Scan([*REPORT, *REPORT], turn=90)]))
    assert page.rotation == 270
    assert share_in_order(words_of([*REPORT, *REPORT]), page) > 0.98


def test_the_empty_back_of_a_sheet_with_a_dark_edge_is_read_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(scan, "orientation", lambda _: pytest.fail("there is nothing to turn"))
    readings = _counted(monkeypatch)
    back = np.random.default_rng(5).normal(246, 2, (2200, 1700))
    back[:, :14] = 90
    for place in range(20):  # dust
        back[100 * place + 60 : 100 * place + 63, 40 + 80 * place : 42 + 80 * place] = 120
    made = io.BytesIO()
    Image.fromarray(back.clip(0, 255).astype(np.uint8)).save(made, "PNG")
    assert fresh(made.getvalue()).text == ""
    assert len(readings) == 1


@pytest.mark.parametrize("grey", [0, 170])
def test_a_few_words_on_a_sheet_that_lies_wrong_are_found(grey: int) -> None:
    words = Image.new("L", (1700, 2200), 250)
    words.paste(Image.eval(page_image(["KRAS p.G12D"], dpi=200), lambda value: max(value, grey)))
    made = io.BytesIO()
    words.transpose(Image.Transpose.ROTATE_90).save(made, "PNG")
    assert fresh(made.getvalue()).text == "KRAS p.G12D\n"
