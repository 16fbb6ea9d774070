"""Pages of one file read in one go are the pages that they are alone."""

from __future__ import annotations

from pathlib import Path

import pytest

from records import reading
from records.exceptions import ReadingError
from records.reading import ocr, together
from records.reading.ocr import Asked, Recognised
from records.reading.sniff import PDF
from tests.documents import Digital, Scan, mixed_pdf
from tests.records.reading.pages import REPORT, fresh, share_in_order, words_of

OTHER = ["Radiology report", "CT of the abdomen with contrast", "Pancreas: mass of the head, 2.1 cm", "Liver: no lesions"]


@pytest.fixture
def mixed(tmp_path: Path) -> Path:
    """A scan, a page with a text layer, one upside down, and another scan."""
    path = tmp_path / "mixed.pdf"
    path.write_bytes(mixed_pdf([Scan(REPORT), Digital(OTHER), Scan(REPORT, turn=180), Scan(OTHER)]))
    return path


def test_every_page_is_what_it_is_alone(mixed: Path) -> None:
    made = reading.read_and_render(mixed, PDF, [1, 2, 3, 4])
    for number, one in enumerate(made, start=1):
        assert isinstance(one, reading.Rendered)
        assert one.page == reading.read_page(mixed, PDF, number)
        (alone,) = reading.read_and_render(mixed, PDF, [number])
        assert one == alone


def test_any_pages_in_any_order(mixed: Path) -> None:
    fourth, second = reading.read_and_render(mixed, PDF, [4, 2])
    assert isinstance(fourth, reading.Rendered) and isinstance(second, reading.Rendered)
    assert (fourth.page.number, second.page.number) == (4, 2)
    assert share_in_order(words_of(OTHER), fourth.page) == 1


def test_a_page_that_is_not_there_leaves_the_others(mixed: Path) -> None:
    first, none, last = reading.read_and_render(mixed, PDF, [1, 9, 4])
    assert isinstance(none, ReadingError) and none.code == "damaged"
    assert isinstance(first, reading.Rendered) and isinstance(last, reading.Rendered)


def test_scans_are_recognised_by_one_process(mixed: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[int] = []

    def counted(*given: Asked) -> list[Recognised]:
        asked.append(len(given))
        return ocr.recognise(*given)

    monkeypatch.setattr(together, "recognise", counted)
    reading.read_and_render(mixed, PDF, [1, 2, 4])
    assert [one for one in asked if one] == [2]


def test_large_pages_are_not_held_together(mixed: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[int] = []
    monkeypatch.setattr(together, "MOST_PIXELS", 1)
    monkeypatch.setattr(together, "recognise", lambda *given: asked.append(len(given)) or ocr.recognise(*given))
    made = reading.read_and_render(mixed, PDF, [1, 4])
    assert [one for one in asked if one] == [1, 1]
    assert all(isinstance(one, reading.Rendered) for one in made)


def test_no_pages_are_none(mixed: Path) -> None:
    assert reading.read_and_render(mixed, PDF, []) == []


def test_one_alone_raises_what_it_met() -> None:
    def broken() -> together.Reading[None]:
        raise ReadingError("damaged")
        yield

    with pytest.raises(ReadingError):
        together.finished(broken())


def test_a_page_alone_reads_as_before() -> None:
    assert share_in_order(words_of(REPORT), fresh(mixed_pdf([Scan(REPORT)]))) == 1
