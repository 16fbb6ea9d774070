"""Pages of one file read in one go are the pages that they are alone."""

from __future__ import annotations

from pathlib import Path

import pytest

from records import reading
from records.exceptions import ReadingError
from records.reading import ocr, sandbox, together
from records.reading.ocr import Asked, Recognised
from records.reading.reader import Wanted
from records.reading.sniff import PDF
from tests.documents import Digital, Scan, as_image, digital_pdf, mixed_pdf
from tests.records.reading.pages import REPORT, fresh, share_in_order, words_of

OTHER = ["Radiology report", "CT of the abdomen with contrast", "Pancreas: mass of the head, 2.1 cm", "Liver: no lesions"]


@pytest.fixture
def mixed(tmp_path: Path) -> Path:
    """A scan, a page with a text layer, one upside down, and another scan."""
    path = tmp_path / "mixed.pdf"
    path.write_bytes(mixed_pdf([Scan(REPORT), Digital(OTHER), Scan(REPORT, turn=180), Scan(OTHER)]))
    return path


def _read(path: Path, numbers: list[int]) -> list[reading.Rendered | ReadingError]:
    return reading.read_and_render([reading.Wanted(path, number) for number in numbers])


def test_every_page_is_what_it_is_alone(mixed: Path) -> None:
    made = _read(mixed, [1, 2, 3, 4])
    for number, one in enumerate(made, start=1):
        assert isinstance(one, reading.Rendered)
        assert one.page == reading.read_page(mixed, PDF, number)
        (alone,) = _read(mixed, [number])
        assert one == alone


def test_any_pages_in_any_order(mixed: Path) -> None:
    fourth, second = _read(mixed, [4, 2])
    assert isinstance(fourth, reading.Rendered) and isinstance(second, reading.Rendered)
    assert (fourth.page.number, second.page.number) == (4, 2)
    assert share_in_order(words_of(OTHER), fourth.page) == 1


def test_a_page_that_is_not_there_leaves_the_others(mixed: Path) -> None:
    first, none, last = _read(mixed, [1, 9, 4])
    assert isinstance(none, ReadingError) and none.code == "damaged"
    assert isinstance(first, reading.Rendered) and isinstance(last, reading.Rendered)


@pytest.fixture
def files(tmp_path: Path) -> list[Path]:
    """Of several kinds: a scan as PDF, a locked PDF, a picture, words, and one that is nothing we read."""
    contents = [mixed_pdf([Scan(REPORT)]), digital_pdf([OTHER], password="open sesame"), as_image(OTHER), "\n".join(OTHER).encode(), b"\0" * 40]
    for number, content in enumerate(contents):
        (tmp_path / str(number)).write_bytes(content)
    return [tmp_path / str(number) for number, _ in enumerate(contents)]


def test_pages_of_several_files_are_what_they_are_alone(files: list[Path]) -> None:
    *whole, broken = wanted = [reading.Wanted(path, 1, password="open sesame" if path.name == "1" else None) for path in files]
    made = reading.read_and_render(wanted)
    for one, read in zip(whole, made, strict=False):
        assert isinstance(read, reading.Rendered)
        assert [read] == reading.read_and_render([one])
    assert isinstance(made[-1], ReadingError) and made[-1].code == "unsupported" and broken.path == files[-1]


def test_a_password_opens_its_own_file_alone(files: list[Path]) -> None:
    scan, locked = reading.read_and_render([reading.Wanted(files[0], 1, password="open sesame"), reading.Wanted(files[1], 1)])
    assert isinstance(scan, reading.Rendered)
    assert isinstance(locked, ReadingError) and locked.code == "locked"


def test_one_child_reads_several_files(files: list[Path]) -> None:
    made = list(sandbox.read_and_render([Wanted(files[number], 1) for number in (2, 0, 3)]))
    assert all(isinstance(one, sandbox.ReadPage) for one in made)
    alone = [reading.read_page(files[number], reading.sniff(files[number]) or "", 1).text for number in (2, 0, 3)]
    assert [one.page.text for one in made if isinstance(one, sandbox.ReadPage)] == alone


def test_scans_are_recognised_by_one_process(mixed: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[int] = []

    def counted(*given: Asked) -> list[Recognised]:
        asked.append(len(given))
        return ocr.recognise(*given)

    monkeypatch.setattr(together, "recognise", counted)
    _read(mixed, [1, 2, 4])
    assert [one for one in asked if one] == [2]


def test_large_pages_are_not_held_together(mixed: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[int] = []
    monkeypatch.setattr(together, "MOST_PIXELS", 1)
    monkeypatch.setattr(together, "recognise", lambda *given: asked.append(len(given)) or ocr.recognise(*given))
    made = _read(mixed, [1, 4])
    assert [one for one in asked if one] == [1, 1]
    assert all(isinstance(one, reading.Rendered) for one in made)


def test_no_pages_are_none(mixed: Path) -> None:
    assert _read(mixed, []) == []


def test_one_alone_raises_what_it_met() -> None:
    def broken() -> together.Reading[None]:
        raise ReadingError("damaged")
        yield

    with pytest.raises(ReadingError):
        together.finished(broken())


def test_a_page_alone_reads_as_before() -> None:
    assert share_in_order(words_of(REPORT), fresh(mixed_pdf([Scan(REPORT)]))) == 1
