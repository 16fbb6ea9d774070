"""Draws documents whose truth is known: the lines given are the words on the page, in that order.

    digital_pdf([["Final diagnosis", ("Gene", "Result"), ("KRAS", "p.G12D")]])   a page per list; a tuple is a row of a table
    scanned_pdf(pages, turn=90, skew=1.5)                                       pictures only, as a scanner sends
    fax_pdf(pages)                                                              200 dpi, black and white, speckled
    photo(lines, tilt=0.04, shadow=0.4, exif_turn=6)                            JPEG of a sheet on a table
    mixed_pdf([Digital(lines), Scan(lines)])                                    digital and scanned pages in one file
    as_image(lines, "PNG"), tiff(pages), heic(lines)                            pictures of a clean page

Everything is drawn from the arguments and a fixed seed: the same call gives the same picture. Used by tests and by the demo records.
"""

from __future__ import annotations

import io
import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import reportlab
from PIL import Image, ImageDraw, ImageFilter, ImageFont
from reportlab import rl_config
from reportlab.lib.utils import ImageReader
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.pdfgen.canvas import Canvas

rl_config.useA85 = 0  # pictures as bytes: writing them as letters takes seconds a page

Line = str | tuple[str, ...]
Lines = Sequence[Line]

WIDTH, HEIGHT, MARGIN = 612.0, 792.0, 54.0  # a letter page in points
SIZE, LEADING = 10.5, 15.0
FONT = "Vera"
_FONT_FILE = Path(reportlab.__file__).parent / "fonts" / "Vera.ttf"


@dataclass(frozen=True)
class Placed:
    """A run of words with its baseline's left end, in points from the top left of the page."""

    text: str
    x: float
    y: float
    size: float = SIZE


@dataclass(frozen=True)
class Rule:
    """A thin line between two points."""

    x0: float
    y0: float
    x1: float
    y1: float


@dataclass(frozen=True)
class Drawing:
    """One page: what is written, and the lines around it."""

    placed: tuple[Placed, ...]
    rules: tuple[Rule, ...] = ()

    @property
    def words(self) -> list[str]:
        """The truth, word by word, in reading order."""
        return [word for one in self.placed for word in one.text.split()]


@dataclass(frozen=True)
class Digital:
    """A page of mixed_pdf with a text layer."""

    lines: Lines


@dataclass(frozen=True)
class Scan:
    """A page of mixed_pdf that is a picture. turn: clockwise degrees by which it lies wrong, with no flag that says so."""

    lines: Lines
    turn: int = 0


# --- laying out ---------------------------------------------------------------------------------------------------------------------------


def lay_out(lines: Lines, *, size: float = SIZE, has_grid: bool = True) -> Drawing:
    """Lines under each other; rows of a table with their cells side by side, long cells wrapped. Raises ValueError if they do not fit."""
    placed: list[Placed] = []
    rules: list[Rule] = []
    y = MARGIN + size
    leading = LEADING * size / SIZE
    for line in lines:
        if isinstance(line, str):
            for text in _wrapped(line, WIDTH - 2 * MARGIN, size):
                placed.append(Placed(text, MARGIN, y, size))
                y += leading
            continue
        y = _row(line, y, size, placed, rules if has_grid else None)
    if y > HEIGHT - MARGIN / 2:
        raise ValueError("these lines do not fit on a page")
    return Drawing(tuple(placed), tuple(rules))


def _row(cells: tuple[str, ...], y: float, size: float, placed: list[Placed], rules: list[Rule] | None) -> float:
    column = (WIDTH - 2 * MARGIN) / len(cells)
    leading = LEADING * size / SIZE
    deepest = 1
    for number, cell in enumerate(cells):
        wrapped = _wrapped(cell, column - 8, size)
        deepest = max(deepest, len(wrapped))
        placed.extend(Placed(text, MARGIN + number * column + 4, y + depth * leading, size) for depth, text in enumerate(wrapped) if text)
    top, bottom = y - size - 2, y + (deepest - 1) * leading + 4
    if rules is not None:
        rules += [Rule(MARGIN, top, WIDTH - MARGIN, top), Rule(MARGIN, bottom, WIDTH - MARGIN, bottom)]
        rules += [Rule(x, top, x, bottom) for x in (MARGIN + number * column for number in range(len(cells) + 1))]
    return bottom + size + 2


def two_columns(left: Sequence[str], right: Sequence[str], *, heading: str = "", size: float = SIZE) -> Drawing:
    """A heading over two columns of prose; the truth reads the left one first. Lines are drawn as given, none is wrapped."""
    leading = LEADING * size / SIZE
    placed = [Placed(heading, MARGIN, MARGIN + size, size)] if heading else []
    top = MARGIN + size + (2 * leading if heading else 0)
    for number, column in enumerate((left, right)):
        x = MARGIN + number * (WIDTH - 2 * MARGIN + 18) / 2
        placed.extend(Placed(text, x, top + depth * leading, size) for depth, text in enumerate(column))
    return Drawing(tuple(placed))


def _wrapped(text: str, width: float, size: float) -> list[str]:
    made: list[str] = [""]
    for word in text.split(" "):
        longer = f"{made[-1]} {word}".strip()
        if made[-1] and _width(longer, size) > width:
            made.append(word)
        else:
            made[-1] = longer
    return made


def _width(text: str, size: float) -> float:
    _register()
    return float(pdfmetrics.stringWidth(text, FONT, size))


@cache
def _register() -> None:
    pdfmetrics.registerFont(TTFont(FONT, str(_FONT_FILE)))


def _drawing(page: Lines | Drawing) -> Drawing:
    return page if isinstance(page, Drawing) else lay_out(page)


# --- PDF ----------------------------------------------------------------------------------------------------------------------------------


def digital_pdf(
    pages: Sequence[Lines | Drawing],
    *,
    rotate: int = 0,
    is_righted: bool = False,
    crop: tuple[float, float, float, float] | None = None,
    password: str | None = None,
    owner_password: str | None = None,
) -> bytes:
    """Born digital: a text layer. rotate: /Rotate of every page: the words stand turned then, or, where is_righted, they were drawn turned and
    the rotation puts them right. crop: left bottom right top in points."""
    _register()
    made = io.BytesIO()
    canvas = Canvas(made, pagesize=(WIDTH, HEIGHT), invariant=1, encrypt=_encryption(password, owner_password))
    for page in pages:
        if is_righted:
            _turn(canvas, rotate)
        _draw(canvas, _drawing(page))
        if rotate:
            _rotate(canvas, (HEIGHT, WIDTH) if is_righted and rotate % 180 else (WIDTH, HEIGHT), rotate)
        if crop:
            canvas.setCropBox(crop)
        canvas.showPage()
    canvas.save()
    return made.getvalue()


def _turn(canvas: Canvas, rotate: int) -> None:
    """Draw from here on turned counter-clockwise, so that /Rotate stands it up."""
    x, y = {0: (0.0, 0.0), 90: (HEIGHT, 0.0), 180: (WIDTH, HEIGHT), 270: (0.0, WIDTH)}[rotate]
    canvas.translate(x, y)
    canvas.rotate(rotate)


def _rotate(canvas: Canvas, size: tuple[float, float], rotate: int) -> None:
    """/Rotate on a page whose media box is `size`: reportlab swaps the sides of pages on their side, so they are handed over swapped."""
    canvas.setPageSize(size[::-1] if rotate % 180 else size)
    canvas.setPageRotation(rotate)


def _encryption(password: str | None, owner_password: str | None) -> Any:
    from reportlab.lib.pdfencrypt import StandardEncryption

    if password is None and owner_password is None:
        return None
    return StandardEncryption(password or "", ownerPassword=owner_password or "owner", strength=128)


def _draw(canvas: Canvas, drawing: Drawing, *, mode: int = 0) -> None:
    for one in drawing.placed:
        text = canvas.beginText(one.x, HEIGHT - one.y)
        text.setFont(FONT, one.size)
        text.setTextRenderMode(mode)
        text.textOut(one.text)
        canvas.drawText(text)
    canvas.setLineWidth(0.6)
    for rule in drawing.rules:
        canvas.line(rule.x0, HEIGHT - rule.y0, rule.x1, HEIGHT - rule.y1)


def scanned_pdf(
    pages: Sequence[Lines | Drawing],
    *,
    dpi: int = 200,
    turn: int = 0,
    skew: float = 0.0,
    rotate: int = 0,
    hidden: Sequence[Lines | Drawing] | None = None,
) -> bytes:
    """Pictures only. turn: clockwise degrees by which the picture lies wrong; skew: degrees off level; rotate: /Rotate of the pages.

    hidden: what an invisible text layer under each picture claims.
    """
    images = [scan_image(page, dpi=dpi, turn=turn, skew=skew) for page in pages]
    return _pdf_of_images(images, rotate=rotate, hidden=hidden)


def fax_pdf(pages: Sequence[Lines | Drawing], *, dpi: int = 200, skew: float = 0.3, rules: int = 60) -> bytes:
    """Black and white, a little crooked, with the speckles of a telephone line."""
    return _pdf_of_images([fax_image(page, dpi=dpi, skew=skew, rules=rules) for page in pages])


def mixed_pdf(pages: Sequence[Digital | Scan]) -> bytes:
    """Digital and scanned pages in one file."""
    _register()
    made = io.BytesIO()
    canvas = Canvas(made, pagesize=(WIDTH, HEIGHT), invariant=1)
    for page in pages:
        if isinstance(page, Digital):
            _draw(canvas, _drawing(page.lines))
            canvas.showPage()
        else:
            _place(canvas, scan_image(page.lines, turn=page.turn))
    canvas.save()
    return made.getvalue()


def blank_pdf(count: int = 1) -> bytes:
    """Pages with nothing on them."""
    return digital_pdf([Drawing(())] * count)


def _pdf_of_images(images: Sequence[Image.Image], *, rotate: int = 0, hidden: Sequence[Lines | Drawing] | None = None) -> bytes:
    _register()
    made = io.BytesIO()
    canvas = Canvas(made, pagesize=(WIDTH, HEIGHT), invariant=1)
    for number, image in enumerate(images):
        if hidden is not None:
            _draw(canvas, _drawing(hidden[number]), mode=3)
        _place(canvas, image, rotate)
    canvas.save()
    return made.getvalue()


def _place(canvas: Canvas, image: Image.Image, rotate: int = 0) -> None:
    width, height = (WIDTH, HEIGHT) if image.height >= image.width else (HEIGHT, WIDTH)
    canvas.setPageSize((width, height))
    canvas.drawImage(ImageReader(image), 0, 0, width, height)
    if rotate:
        _rotate(canvas, (width, height), rotate)
    canvas.showPage()


# --- pictures -----------------------------------------------------------------------------------------------------------------------------


def page_image(page: Lines | Drawing, *, dpi: int = 200, rules: int = 60) -> Image.Image:
    """A clean grey picture of the page."""
    scale = dpi / 72
    image = Image.new("L", (round(WIDTH * scale), round(HEIGHT * scale)), 255)
    draw = ImageDraw.Draw(image)
    drawing = _drawing(page)
    for one in drawing.placed:
        draw.text((one.x * scale, one.y * scale), one.text, fill=15, font=_font(one.size * scale), anchor="ls")
    for rule in drawing.rules:
        draw.line((rule.x0 * scale, rule.y0 * scale, rule.x1 * scale, rule.y1 * scale), fill=rules, width=max(round(scale * 0.6), 1))
    return image


@cache
def _font(size: float) -> ImageFont.FreeTypeFont:
    return ImageFont.truetype(str(_FONT_FILE), round(size))


def scan_image(page: Lines | Drawing, *, dpi: int = 200, turn: int = 0, skew: float = 0.0, seed: int = 7) -> Image.Image:
    """As a flatbed sees it: a little blur and grain, paper not quite white."""
    image = page_image(page, dpi=dpi)
    if skew:
        image = image.rotate(-skew, Image.Resampling.BICUBIC, fillcolor=255)
    grain = np.random.default_rng(seed).normal(0, 4, (image.height, image.width))
    pixels = np.asarray(image.filter(ImageFilter.GaussianBlur(0.5)), dtype=np.float64) * 0.95 + 8 + grain
    return turned(Image.fromarray(pixels.clip(0, 255).astype(np.uint8)), turn)


def fax_image(page: Lines | Drawing, *, dpi: int = 200, skew: float = 0.3, seed: int = 11, rules: int = 60) -> Image.Image:
    """One bit a pixel. rules: their grey value; a light one comes out as a row of dots."""
    image = page_image(page, dpi=dpi, rules=rules).rotate(-skew, Image.Resampling.BICUBIC, fillcolor=255)
    pixels = np.asarray(image.filter(ImageFilter.GaussianBlur(0.6)), dtype=np.float64)
    pixels = pixels + np.random.default_rng(seed).normal(0, 18, pixels.shape)
    black = pixels < 150
    black |= np.random.default_rng(seed + 1).random(pixels.shape) < 0.0004
    return Image.fromarray((~black * 255).astype(np.uint8)).convert("1")


def turned(image: Image.Image, degrees: int) -> Image.Image:
    """Clockwise by 0, 90, 180 or 270 degrees."""
    ways = {90: Image.Transpose.ROTATE_270, 180: Image.Transpose.ROTATE_180, 270: Image.Transpose.ROTATE_90}
    return image.transpose(ways[degrees]) if degrees else image


def photo_image(
    page: Lines | Drawing, *, tilt: float = 0.03, lean: float = 1.5, shadow: float = 0.35, blur: float = 0.9, seed: int = 3
) -> Image.Image:
    """A sheet on a brown table: tilted away (tilt, share of its width), leaning by degrees, with a shadow over one side and grain."""
    sheet = page_image(page, dpi=230).convert("RGB")
    wide, high = round(sheet.width * 1.16), round(sheet.height * 1.12)
    table = Image.new("RGB", (wide, high), (96, 74, 58))
    corners = _corners(sheet.size, (wide, high), tilt, lean)
    inverse = _perspective(corners, [(0, 0), (sheet.width, 0), (sheet.width, sheet.height), (0, sheet.height)])
    laid = sheet.transform((wide, high), Image.Transform.PERSPECTIVE, inverse, Image.Resampling.BICUBIC)
    mask = Image.new("L", sheet.size, 255).transform((wide, high), Image.Transform.PERSPECTIVE, inverse)
    table.paste(laid, (0, 0), mask)
    pixels = np.asarray(table.filter(ImageFilter.GaussianBlur(blur)), dtype=np.float64)
    across = np.linspace(0, 1, wide)[None, :, None] + 0.25 * np.linspace(0, 1, high)[:, None, None]
    light = 1.0 - shadow / (1 + np.exp(-9 * (across - 0.75)))
    pixels = pixels * light * 0.92 + np.random.default_rng(seed).normal(0, 5, pixels.shape)
    return Image.fromarray(pixels.clip(0, 255).astype(np.uint8))


def _corners(sheet: tuple[int, int], table: tuple[int, int], tilt: float, lean: float) -> list[tuple[float, float]]:
    """Where the sheet's corners lie in the picture: top left, top right, bottom right, bottom left."""
    (width, height), (wide, high) = sheet, table
    inset = tilt * width
    square = [(inset, 0.0), (width - inset, 0.0), (width + 0.0, height + 0.0), (0.0, height + 0.0)]
    turn = math.radians(lean)
    made = []
    for x, y in square:
        dx, dy = x - width / 2, y - height / 2
        made.append((wide / 2 + dx * math.cos(turn) - dy * math.sin(turn), high / 2 + dx * math.sin(turn) + dy * math.cos(turn)))
    return made


def _perspective(source: Sequence[tuple[float, float]], target: Sequence[tuple[float, float]]) -> list[float]:
    """The eight numbers that Pillow wants: points of the picture → points of the sheet."""
    rows, values = [], []
    for (x, y), (u, v) in zip(source, target, strict=True):
        rows += [[x, y, 1, 0, 0, 0, -u * x, -u * y], [0, 0, 0, x, y, 1, -v * x, -v * y]]
        values += [u, v]
    return [float(one) for one in np.linalg.solve(np.array(rows, dtype=np.float64), np.array(values, dtype=np.float64))]


# How a camera that was held turned marks its pictures: EXIF orientation → clockwise turn that the viewer applies.
_EXIF_TURNS = {1: 0, 6: 90, 3: 180, 8: 270}


def photo(page: Lines | Drawing, *, exif_turn: int = 1, **kwargs: Any) -> bytes:
    """JPEG. exif_turn: the orientation tag 1, 3, 6 or 8; the pixels lie turned so that the tag puts them right."""
    image = turned(photo_image(page, **kwargs), -_EXIF_TURNS[exif_turn] % 360)
    exif = Image.Exif()
    exif[0x0112] = exif_turn
    made = io.BytesIO()
    image.save(made, "JPEG", quality=88, exif=exif)
    return made.getvalue()


def as_image(page: Lines | Drawing, form: str = "PNG", *, dpi: int = 200) -> bytes:
    """A clean scan as PNG, JPEG or WEBP."""
    made = io.BytesIO()
    scan_image(page, dpi=dpi).save(made, form, **({"quality": 90} if form != "PNG" else {}))
    return made.getvalue()


def tiff(pages: Sequence[Lines | Drawing], *, is_fax: bool = False) -> bytes:
    """Several pages in one file, compressed as fax machines do where is_fax."""
    images = [fax_image(page) if is_fax else scan_image(page) for page in pages]
    made = io.BytesIO()
    compression = "group4" if is_fax else "tiff_deflate"
    images[0].save(made, "TIFF", save_all=True, append_images=images[1:], compression=compression, dpi=(200, 200))
    return made.getvalue()


def heic(page: Lines | Drawing, **kwargs: Any) -> bytes:
    """A photo as telephones keep them. Needs an encoder; pi_heif only decodes: skip the test where pillow_heif is missing."""
    import pillow_heif

    made = io.BytesIO()
    pillow_heif.from_pillow(photo_image(page, **kwargs)).save(made, quality=80)
    return made.getvalue()
