"""Pages that lie wrong, with no flag that says so, are put right: the turn is told, and the words are read in order."""

from __future__ import annotations

import pytest

from tests.documents import Digital, Scan, mixed_pdf, photo
from tests.records.reading.pages import REPORT, read, share_in_order, words_of


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
