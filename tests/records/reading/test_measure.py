"""The figures are counted right, and one command prints them all."""

from __future__ import annotations

import io
import json
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from records.reading import open_document
from records.reading.measure import Long, PageAt, Throughput, copies, distance, page_picture, truths_of
from records.reading.page import Source
from records.reading.sniff import PDF, TIFF
from tests.documents import digital_pdf, scanned_pdf, tiff
from tests.records.reading.pages import REPORT

texts = st.text("abc ", max_size=12)


def _by_table(one: str, other: str) -> int:
    row = list(range(len(other) + 1))
    for i, a in enumerate(one, 1):
        before, row = row, [i]
        for j, b in enumerate(other, 1):
            row.append(min(before[j] + 1, row[-1] + 1, before[j - 1] + (a != b)))
    return row[-1]


@given(texts, texts)
def test_the_distance_is_levenshteins(one: str, other: str) -> None:
    assert distance(one, other) == _by_table(one, other)


def test_an_even_share_is_one_and_a_ratio_is_ours_over_theirs() -> None:
    made = Throughput(pages=20, ours=2.0, bare=2.5, alone=1.0, cores=2, as_scanned=2.2)
    assert made.ratio == pytest.approx(0.8)
    assert made.last_page == pytest.approx(1.0)


def test_a_long_scan_is_made_of_copies_and_shared_evenly_at_one(tmp_path: Path) -> None:
    (tmp_path / "a.pdf").write_bytes(scanned_pdf([REPORT]))
    page = PageAt(tmp_path / "a.pdf", PDF, 1, Source.OCR)
    for name in ("one", "other"):
        copies(page, 3, tmp_path / name)
        assert open_document(tmp_path / name).page_count == 3
    assert (tmp_path / "one").read_bytes() != (tmp_path / "other").read_bytes(), "the same file twice is read once"
    made = Long(pages=20, cores=2, last=11.0, alone=1.0, bare=9.9, bare_as_scanned=13.0, ocrmypdf=None)
    assert made.share == pytest.approx(1.1)


def test_a_fax_saved_as_a_picture_goes_to_the_bare_program_too(tmp_path: Path) -> None:
    (tmp_path / "fax.tif").write_bytes(tiff([REPORT], is_fax=True))
    made = page_picture(PageAt(tmp_path / "fax.tif", TIFF, 1, Source.OCR), tmp_path)
    with Image.open(made) as picture:
        assert (picture.mode, picture.info["compression"]) == ("L", "raw")


def _folder(tmp_path: Path) -> Path:
    (tmp_path / "files").mkdir()
    (tmp_path / "files" / "a.pdf").write_bytes(digital_pdf([REPORT]))
    (tmp_path / "files" / "b.pdf").write_bytes(scanned_pdf([REPORT]))
    listed = [
        {"file": name, "pages": [{"page": 1, "kind": kind, "text": "\n".join(REPORT)}]}
        for name, kind in (("a.pdf", "digital"), ("b.pdf", "scan"))
    ]
    (tmp_path / "documents.json").write_text(json.dumps({"documents": [*listed, {"file": "missing.pdf", "pages": []}]}))
    return tmp_path


def test_the_text_of_pages_is_found_beside_their_folder(tmp_path: Path) -> None:
    folder = _folder(tmp_path)
    for asked in (folder, folder / "files"):
        assert {path.name: pages[1].kind for path, pages in truths_of(asked).items()} == {"a.pdf": "digital", "b.pdf": "scan"}


def test_one_command_prints_every_figure(tmp_path: Path) -> None:
    printed = io.StringIO()
    call_command("bench_reading", str(_folder(tmp_path)), most=2, long=0, stdout=printed)
    lines = printed.getvalue().splitlines()
    assert lines[0].startswith("1 recognised pages, 1 with a text layer")
    for start in (
        "recognition of 1 scans and faxes in short files, pages/s",
        "scans and faxes, time to the last page",
        "text layer, ms a page",
        "peak memory of a page",
    ):
        assert any(line.startswith(start) for line in lines), start
    assert "character error rate, digital (1 pages): 0.0000" in lines
    assert any(line.startswith("character error rate, scan (1 pages): 0.0") and "bare tesseract" in line for line in lines)


def test_a_folder_without_pages_is_said_to_be_one(tmp_path: Path) -> None:
    with pytest.raises(CommandError, match="no page"):
        call_command("bench_reading", str(tmp_path))
    with pytest.raises(CommandError, match="no such folder"):
        call_command("bench_reading", str(tmp_path / "missing"))
