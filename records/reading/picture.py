"""Picture files → pixels as a person would see them: sizes checked before anything is decoded, camera turns undone."""

from __future__ import annotations

import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import cv2
import numpy as np
import numpy.typing as npt
from PIL import Image, ImageOps, UnidentifiedImageError

from records.exceptions import ReadingError
from records.reading.sniff import HEIC, JPEG, PNG, TIFF, WEBP

Pixels = npt.NDArray[np.uint8]
MOST_PIXELS = 80_000_000
WORKING_PIXELS = 25_000_000
FORMATS = {JPEG: ("JPEG", "MPO"), PNG: ("PNG",), TIFF: ("TIFF",), WEBP: ("WEBP",), HEIC: ("HEIF",)}

Image.MAX_IMAGE_PIXELS = MOST_PIXELS


@contextmanager
def opened(path: Path, media_type: str) -> Iterator[Image.Image]:
    """A picture opened by the decoders of its type only. Raises ReadingError: too_large from the header alone, damaged."""
    if media_type == HEIC:
        import pi_heif

        pi_heif.register_heif_opener()
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            with Image.open(path, formats=FORMATS[media_type]) as image:
                if image.width * image.height > MOST_PIXELS:
                    raise ReadingError("too_large")
                yield image
    except Image.DecompressionBombError as error:
        raise ReadingError("too_large") from error
    except (UnidentifiedImageError, OSError, ValueError, SyntaxError, TypeError, EOFError, KeyError, IndexError, OverflowError) as error:
        raise ReadingError("damaged") from error


def frame_count(path: Path, media_type: str) -> int:
    with opened(path, media_type) as image:
        return int(getattr(image, "n_frames", 1)) if media_type == TIFF else 1


def load(path: Path, media_type: str, number: int = 1) -> Image.Image:
    """Frame `number` (from 1), turned as its EXIF says, at most WORKING_PIXELS, on white, as grey or RGB."""
    with opened(path, media_type) as image:
        if number > 1:
            image.seek(number - 1)
        image.draft("RGB", _fitting(image.width, image.height))
        upright = ImageOps.exif_transpose(image) or image
        plain = _on_white(upright)
        plain.thumbnail(_fitting(plain.width, plain.height), Image.Resampling.LANCZOS)
        return plain


def _fitting(width: int, height: int) -> tuple[int, int]:
    scale = min(1.0, (WORKING_PIXELS / max(width * height, 1)) ** 0.5)
    return max(1, int(width * scale)), max(1, int(height * scale))


def _on_white(image: Image.Image) -> Image.Image:
    if image.mode in ("1", "L"):
        return image.convert("L")
    if image.mode in ("I;16", "I", "F"):
        return Image.fromarray((np.asarray(image, dtype=np.float64) / 256).clip(0, 255).astype(np.uint8))
    if "A" in image.getbands() or image.mode == "P":
        rgba = image.convert("RGBA")
        background = Image.new("RGBA", rgba.size, "white")
        return Image.alpha_composite(background, rgba).convert("RGB")
    return image.convert("RGB")


def is_one_bit(grey: Pixels, least: float = 0.995) -> bool:
    """Black and white only, as faxes are. least: the share of the pixels that must be one or the other."""
    some = grey[::3, ::3]
    return bool(np.count_nonzero((some < 16) | (some >= 240)) > least * some.size)


def is_evenly_lit(grey: Pixels) -> bool:
    """White paper to all edges, as a scanner sees it; a camera sees shadows, a table, a hand."""
    small = cv2.resize(np.ascontiguousarray(grey[::2, ::2]), (160, 200), interpolation=cv2.INTER_AREA).astype(np.float64)
    # the brightest tenth of each patch is its paper
    patches = small.reshape(20, 10, 16, 10).transpose(0, 2, 1, 3).reshape(320, 100)
    paper = np.percentile(patches, 90, axis=1)
    return bool(np.percentile(paper, 4) > 0.88 * np.percentile(paper, 96) and np.median(paper) > 200)


def as_webp(image: Image.Image) -> bytes:
    """The stored page picture."""
    from io import BytesIO

    made = BytesIO()
    # the quickest way: slower ones save a fifth of the bytes and cost several times as long
    image.save(made, "WEBP", quality=70, method=0)
    return made.getvalue()
