"""Pages that are one picture are not drawn, and look as if they were; whatever could look other is drawn."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pikepdf
import pypdfium2 as pdfium
import pytest
from pikepdf import Array, Dictionary, Name
from PIL import Image, ImageDraw

from records.reading.drawing import Drawings, render
from records.reading.picture import Pixels
from records.reading.sole import fitted, may_have_masks, sole_picture

WIDTH, HEIGHT = 612, 792
DPI = 220


def _sheet(mode: str = "L", scale: float = 300 / 72) -> Image.Image:
    image = Image.new("RGB", (round(WIDTH * scale), round(HEIGHT * scale)), (250, 250, 244))
    draw = ImageDraw.Draw(image)
    for number in range(20):
        left, top = 100 + 40 * number, 80 + 120 * number
        draw.rectangle((left, top, left + 300, top + 50), fill=(20, 20 + 8 * number, 90))
    return image.convert(mode, dither=Image.Dither.NONE)


def _pdf(path: Path, image: Image.Image, change: Callable[[pikepdf.Pdf, Any, Any], None] | None = None, **saved: Any) -> Path:
    image.save(path, "PDF", resolution=image.width / WIDTH * 72, **saved)
    if change:
        with pikepdf.open(path, allow_overwriting_input=True) as file:
            page = file.pages[0]
            change(file, page, next(iter(page.Resources.XObject.values())))
            file.save(path)
    return path


def _pictures(path: Path) -> tuple[Pixels | None, Pixels]:
    """(of the picture itself, as pdfium draws it), to be read."""
    with pdfium.PdfDocument(str(path)) as document:
        page = document[0]
        own = None if may_have_masks(path) else sole_picture(page)
        return (None if own is None else Drawings(page, may_have_masks=False).grey(DPI)), Drawings(page).grey(DPI)


@pytest.mark.parametrize("mode", ["L", "RGB", "1"])
def test_a_scan_looks_as_if_it_were_drawn(tmp_path: Path, mode: str) -> None:
    own, drawn = _pictures(_pdf(tmp_path / "a.pdf", _sheet(mode)))
    assert own is not None
    assert own.shape == drawn.shape
    assert np.abs(own.astype(int) - drawn).mean() < 1.5


@pytest.mark.parametrize("mode", ["L", "RGB"])
def test_what_is_shown_of_it_too(tmp_path: Path, mode: str) -> None:
    path = _pdf(tmp_path / "a.pdf", _sheet(mode))
    with pdfium.PdfDocument(str(path)) as document:
        drawings = Drawings(document[0], may_have_masks=False)
        drawings.grey(DPI)
        shown, drawn = drawings.shown(), render(document[0], 150)
    assert shown.size == drawn.size
    assert np.abs(np.asarray(shown.convert("RGB"), dtype=int) - np.asarray(drawn)).mean() < 1.5


def test_a_negative_in_the_file_is_shown_as_it_is_meant(tmp_path: Path) -> None:
    def inverted(_: pikepdf.Pdf, __: Any, picture: Any) -> None:
        picture.Decode = Array([1, 0])

    own, drawn = _pictures(_pdf(tmp_path / "a.pdf", Image.fromarray(255 - np.asarray(_sheet())), inverted))
    assert np.median(drawn) > 200
    assert own is None or np.abs(own.astype(int) - drawn).mean() < 1.5


def _masked(file: pikepdf.Pdf, _: Any, picture: Any) -> None:
    picture.SMask = file.make_stream(
        bytes(WIDTH * HEIGHT), Type=Name.XObject, Subtype=Name.Image, Width=WIDTH, Height=HEIGHT, BitsPerComponent=8, ColorSpace=Name.DeviceGray
    )


def _key_masked(_: pikepdf.Pdf, __: Any, picture: Any) -> None:
    picture.Mask = Array([0, 100])


def _around(before: bytes, after: bytes = b"") -> Callable[[pikepdf.Pdf, Any, Any], None]:
    def change(file: pikepdf.Pdf, page: Any, _: Any) -> None:
        page.contents_add(before, prepend=True)
        page.contents_add(after)

    return change


def _turned(_: pikepdf.Pdf, page: Any, __: Any) -> None:
    page.Rotate = 90


def _cropped(_: pikepdf.Pdf, page: Any, __: Any) -> None:
    page.CropBox = Array([50, 50, 400, 700])


def _in_a_layer(file: pikepdf.Pdf, page: Any, _: Any) -> None:
    layer = file.make_indirect(Dictionary(Type=Name.OCG, Name="off"))
    file.Root.OCProperties = Dictionary(OCGs=Array([layer]), D=Dictionary(OFF=Array([layer])))
    page.Resources.Properties = Dictionary(L=layer)
    page.contents_add(b"/OC /L BDC", prepend=True)
    page.contents_add(b"EMC")


@pytest.mark.parametrize(
    "change",
    [
        _masked,
        _key_masked,
        _turned,
        _cropped,
        _in_a_layer,
        _around(b"0 0 300 300 re W n"),
        _around(b"q 0.5 0 0 0.5 0 0 cm", b"Q"),
        _around(b"q -1 0 0 1 612 0 cm", b"Q"),
        _around(b"q 0.99 0.1 -0.1 0.99 0 0 cm", b"Q"),
        _around(b"q", b"Q 0 0 1 rg 100 100 200 200 re f"),
    ],
    ids=["mask", "key", "turned", "cropped", "layer", "clip", "small", "mirrored", "askew", "painted over"],
)
def test_what_could_look_other_than_its_picture_is_drawn(tmp_path: Path, change: Callable[[pikepdf.Pdf, Any, Any], None]) -> None:
    own, _ = _pictures(_pdf(tmp_path / "a.pdf", _sheet(), change))
    assert own is None


def test_a_picture_of_too_many_pixels_is_left_to_be_drawn(tmp_path: Path) -> None:
    own, _ = _pictures(_pdf(tmp_path / "a.pdf", Image.new("1", (9000, 12_000), 1)))
    assert own is None


def test_a_broken_picture_is_drawn(tmp_path: Path) -> None:
    path = _pdf(tmp_path / "a.pdf", _sheet())
    content = bytearray(path.read_bytes())
    start = content.index(b"stream", content.index(b"/DCTDecode")) + 200
    content[start : start + 20_000] = bytes(20_000)
    path.write_bytes(content)
    with pdfium.PdfDocument(str(path)) as document:
        own = sole_picture(document[0])
        assert Drawings(document[0], may_have_masks=False).grey(DPI).shape == Drawings(document[0]).grey(DPI).shape
    assert own is None or own.size


@pytest.mark.parametrize("size", [(3300, 2550), (2200, 1700), (1300, 1000), (6600, 5100), (1, 1)])
def test_any_size_comes_out_as_asked(size: tuple[int, int]) -> None:
    for pixels in (np.full(size, 200, np.uint8), np.full((*size, 3), 200, np.uint8)):
        made = fitted(pixels, 1870, 2420)
        assert made.shape[:2] == (2420, 1870) and (made == 200).all()
