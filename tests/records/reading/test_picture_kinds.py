"""Pictures of unusual kinds that any viewer opens: read like the others, or refused as what they are, never called damaged or blank."""

from __future__ import annotations

import io
import struct
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image, ImageChops, ImageOps, PngImagePlugin

from records import reading
from records.exceptions import ReadingError
from records.reading import picture
from records.reading.sniff import JPEG, PNG, TIFF
from tests.documents import page_image
from tests.records.reading.pages import REPORT, read


@cache
def _sheet() -> Image.Image:
    return page_image(REPORT, dpi=60).convert("L")


def _grey() -> np.ndarray[Any, np.dtype[np.uint8]]:
    return np.asarray(_sheet(), dtype=np.uint8)


def _bytes(image: Image.Image, form: str, **given: Any) -> bytes:
    made = io.BytesIO()
    image.save(made, form, **given)
    return made.getvalue()


def _loaded(content: bytes, path: Path) -> np.ndarray[Any, np.dtype[np.int16]]:
    path.write_bytes(content)
    opened = reading.open_document(path)
    return np.asarray(picture.load(path, opened.media_type).convert("L"), dtype=np.int16)


def _tiff(strip: bytes, bits: int, *, form: int = 1, samples: int = 1, order: str = ">", extra: int | None = None) -> bytes:
    """One uncompressed strip the size of the sheet. form: 1 whole numbers, 3 floats. extra: what a second sample means (1: alpha, multiplied in)."""
    width, height = _sheet().size
    entries = [(256, 4, width), (257, 4, height), (258, 3, bits), (259, 3, 1), (262, 3, 1), (273, 4, 0), (277, 3, samples), (278, 4, height)]
    entries += [(279, 4, len(strip)), (339, 3, form)] + ([(338, 3, extra)] if extra is not None else [])
    entries.sort()
    start = 8 + 2 + 12 * len(entries) + 4
    made = (b"MM" if order == ">" else b"II") + struct.pack(order + "HI", 42, 8) + struct.pack(order + "H", len(entries))
    for tag, kind, value in entries:
        count = 2 if tag in (258, 339) and samples == 2 else 1
        value = start if tag == 273 else value
        packed = struct.pack(order + "I", value) if kind == 4 else struct.pack(order + "HH", value, value if count == 2 else 0)
        made += struct.pack(order + "HHI", tag, kind, count) + packed
    return made + struct.pack(order + "I", 0) + strip


DEEP: dict[str, Callable[[], bytes]] = {
    "16 bits, high byte first": lambda: _tiff((_grey().astype(">u2") * 257).tobytes(), 16),
    "16 bits, low byte first": lambda: _tiff((_grey().astype("<u2") * 257).tobytes(), 16, order="<"),
    "12 bits in 16": lambda: _tiff((_grey().astype("<u2") * 16).tobytes(), 16, order="<"),
    "floats to 1": lambda: _tiff((_grey().astype("<f4") / 255).tobytes(), 32, form=3, order="<"),
    "floats to 255": lambda: _tiff(_grey().astype("<f4").tobytes(), 32, form=3, order="<"),
    "transparency multiplied in": lambda: _tiff(np.dstack([_grey(), np.full_like(_grey(), 255)]).tobytes(), 8, samples=2, extra=1),
    "a large kind of TIFF": lambda: _bytes(_sheet(), "TIFF", big_tiff=True),
}  # fmt: skip


@pytest.mark.parametrize("kind", DEEP)
def test_a_picture_of_more_bits_shows_what_it_shows_in_eight(kind: str, tmp_path: Path) -> None:
    assert abs(_loaded(DEEP[kind](), tmp_path / "scan") - _grey()).max() <= 2


@pytest.mark.parametrize("is_progressive", [False, True])
@pytest.mark.parametrize("missing", [1, 2, 30])
def test_a_jpeg_that_lost_its_last_bytes_is_read_as_viewers_show_it(missing: int, is_progressive: bool, tmp_path: Path) -> None:
    content = _bytes(_sheet().convert("RGB"), "JPEG", quality=90, progressive=is_progressive)
    assert abs(_loaded(content[:-missing], tmp_path / "photo") - _grey()).mean() < 3


def test_a_jpeg_that_lost_part_of_its_page_is_damaged(tmp_path: Path) -> None:
    """What stood in the part that is missing would be taken for not said."""
    noise = np.random.default_rng(5).integers(0, 256, (400, 300), np.uint8)
    content = _bytes(Image.fromarray(noise), "JPEG", quality=90)
    for share in (0.3, 0.9):
        with pytest.raises(ReadingError, match="damaged"):
            _loaded(content[: int(share * len(content))], tmp_path / "photo")


def test_a_picture_with_a_long_note_in_it_is_read(tmp_path: Path) -> None:
    note = PngImagePlugin.PngInfo()
    note.add_text("Comment", "the program that made it, and all that it did " * 60_000, zip=True)
    assert (_loaded(_bytes(_sheet(), "PNG", pnginfo=note), tmp_path / "picture") == _grey()).all()


UNUSUAL: dict[str, Callable[[], bytes]] = {
    "12 bits without gaps": lambda: _tiff(bytes(_sheet().width * _sheet().height * 2), 12),
    "a measure of light that no screen shows": lambda: _tiff(bytes(_sheet().width * _sheet().height * 8), 64, form=3),
}


@pytest.mark.parametrize("kind", UNUSUAL)
def test_a_whole_picture_that_we_cannot_show_is_unsupported_not_damaged(kind: str, tmp_path: Path) -> None:
    with pytest.raises(ReadingError, match="unsupported"):
        _loaded(UNUSUAL[kind](), tmp_path / "scan")


def test_a_broken_picture_is_damaged(tmp_path: Path) -> None:
    whole = {JPEG: _bytes(_sheet(), "JPEG"), PNG: _bytes(_sheet(), "PNG"), TIFF: DEEP["16 bits, high byte first"]()}
    for content in whole.values():
        with pytest.raises(ReadingError, match="damaged"):
            _loaded(content[: len(content) // 3], tmp_path / "picture")


def test_small_copies_beside_the_pages_of_a_tiff_are_no_pages(tmp_path: Path) -> None:
    """Some scanners put a thumbnail behind each page, marked as a copy of fewer pixels."""
    second = _sheet().transpose(Image.Transpose.ROTATE_180)
    frames = [_sheet(), _sheet().reduce(4), second, second.reduce(4)]
    for number, frame in enumerate(frames):
        frame.encoderinfo = {"tiffinfo": {254: number % 2}}  # type: ignore[attr-defined]
    path = tmp_path / "scan.tif"
    frames[0].save(path, "TIFF", save_all=True, append_images=frames[1:])
    assert reading.open_document(path).page_count == 2
    for number, sheet in ((1, frames[0]), (2, second)):
        assert (np.asarray(picture.load(path, TIFF, number)) == np.asarray(sheet)).all()


@pytest.mark.parametrize(("black", "edges"), [((), "smooth"), (("NGS RESULT",), "smooth"), (REPORT * 3, "hard"), (REPORT * 3, "smooth")])
def test_words_in_grey_print_among_black_ones_are_no_paper(black: tuple[str, ...], edges: str) -> None:
    """White and black in all but a few pixels, a sheet passes for a fax, of which only what is black was ink; and where it does not, one
    threshold for the whole page lies between black and white, and grey above it."""
    upper = page_image(black, dpi=200).point(lambda value: value if edges == "smooth" else 255 * (value > 127))
    lower = page_image([*[""] * 20, "KRAS p.G12D was detected", "BRCA2: no mutation detected"], dpi=200).point(lambda value: max(value, 150))
    made = io.BytesIO()
    ImageChops.darker(upper, lower).save(made, "PNG")
    assert read(made.getvalue()).text.splitlines() == [*black, "KRAS p.G12D was detected", "BRCA2: no mutation detected"]


@pytest.mark.parametrize("level", [225, 240])
def test_what_shines_through_from_the_back_of_a_sheet_stays_paper(level: int) -> None:
    back = ImageOps.mirror(page_image([*[""] * 20, *REPORT], dpi=200)).point(lambda value: max(value, level))
    made = io.BytesIO()
    ImageChops.darker(page_image(REPORT, dpi=200), back).save(made, "PNG")
    assert read(made.getvalue()).text.splitlines() == list(REPORT)


@pytest.mark.parametrize("paper", [225, 245])
@pytest.mark.parametrize("grain", [0, 10])
def test_paper_of_any_brightness_and_grain_is_read_and_white_print_on_dark_bars_too(paper: int, grain: int) -> None:
    page = np.asarray(page_image([*REPORT, "", "Biomarker status", "", "KRAS p.G12D detected"], dpi=200).convert("L"), dtype=np.float64)
    bar = slice(*(round(share * len(page)) for share in _band_of(page, line=6)))
    page[bar] = 255 - 0.6 * page[bar]
    page *= paper / 255
    page += np.random.default_rng(5).normal(0, grain, page.shape) if grain else 0.0
    made = io.BytesIO()
    Image.fromarray(page.clip(0, 255).astype(np.uint8)).save(made, "PNG")
    assert read(made.getvalue()).text.splitlines() == [*REPORT, "Biomarker status", "KRAS p.G12D detected"]


def _band_of(page: np.ndarray, line: int) -> tuple[float, float]:
    """Where that line of print stands, with some paper around it, as shares of the page's height."""
    has_ink = (page < 128).any(axis=1)
    starts = np.flatnonzero(np.diff(has_ink.astype(np.int8)) == 1)
    ends = np.flatnonzero(np.diff(has_ink.astype(np.int8)) == -1)
    return (starts[line] - 12) / len(page), (ends[line] + 12) / len(page)
