"""Picture files → pixels as a person would see them: sizes checked before anything is decoded, camera turns undone."""

from __future__ import annotations

import struct
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from io import BytesIO
from pathlib import Path

import cv2
import numpy as np
import numpy.typing as npt
from PIL import Image, ImageOps, JpegImagePlugin, PngImagePlugin, TiffImagePlugin, UnidentifiedImageError

from records.exceptions import ReadingError
from records.reading.sniff import HEIC, JPEG, PNG, TIFF, WEBP

Pixels = npt.NDArray[np.uint8]
MOST_PIXELS = 80_000_000
WORKING_PIXELS = 25_000_000
FORMATS = {JPEG: ("JPEG",), PNG: ("PNG",), TIFF: ("TIFF",), WEBP: ("WEBP",), HEIC: ("HEIF",)}

END_OF_JPEG = b"\xff\xd9"
_SUBFILE_TYPE, _MOST_FRAMES = 254, 1000  # TIFF 6.0: bit 0 is a copy of fewer pixels
MOST_MISSING = 0.02  # of a picture's height, at its lower edge
_UNDRAWN = 128  # what the JPEG decoder leaves where nothing came
_WHITES = (1.0, *(float(2**bits - 1) for bits in (8, 10, 12, 14, 16)))
# what Pillow's decoders say of a whole file that they cannot show
_CANNOT_SHOW = ("unknown pixel mode", "unknown data organization", "cannot handle")
# what they raise of broken files
_BROKEN = (OSError, ValueError, SyntaxError, TypeError, EOFError, KeyError, IndexError, OverflowError)
_DECODERS = {TIFF: TiffImagePlugin.TiffImageFile, JPEG: JpegImagePlugin.JpegImageFile}
_BLACK, _WHITE = 16, 240
_MOST_GREY, _BESIDE_BLACK = 0.005, 0.3  # a fax saved as JPEG has 0.26 of its black, print drawn smoothly 0.5 and more
_FOUR_GREYS = [round(grey / 85) * 85 for grey in range(256)]

Image.MAX_IMAGE_PIXELS = MOST_PIXELS
PngImagePlugin.MAX_TEXT_CHUNK = 16 * 1024 * 1024  # notes of the program that made it, which nobody reads


@contextmanager
def opened(path: Path, media_type: str, end: bytes = b"") -> Iterator[Image.Image]:
    """A picture opened by the decoders of its type only. end: what it lacks. Raises ReadingError: too_large from the header alone, damaged,
    unsupported where it is whole but of a kind that we cannot show."""
    if media_type == HEIC:
        import pi_heif

        pi_heif.register_heif_opener()
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            with Image.open(BytesIO(path.read_bytes() + end) if end else path, formats=FORMATS[media_type]) as image:
                if image.width * image.height > MOST_PIXELS:
                    raise ReadingError("too_large")
                yield image
    except Image.DecompressionBombError as error:
        raise ReadingError("too_large") from error
    except UnidentifiedImageError as error:
        raise ReadingError("unsupported" if _is_beyond_us(path, media_type) else "damaged") from error
    except _BROKEN as error:
        raise ReadingError("damaged") from error


def _is_beyond_us(path: Path, media_type: str) -> bool:
    """Whether its decoder understood the file, and cannot show its kind of pixels. Pillow does not tell: the decoder is asked alone."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            _DECODERS[media_type](path).close()
    except SyntaxError as error:
        return str(error).startswith(_CANNOT_SHOW)
    except (*_BROKEN, struct.error):
        return False
    return False


def frame_count(path: Path, media_type: str) -> int:
    with opened(path, media_type) as image:
        return len(_pages(image)) if media_type == TIFF else 1


def _pages(image: Image.Image) -> list[int]:
    """The frames of a TIFF that are pages: small copies of others, marked so, are none."""
    count = int(getattr(image, "n_frames", 1))
    found = [number for number in range(min(count, _MOST_FRAMES)) if not _is_copy(image, number)]
    return [*found, *range(_MOST_FRAMES, count)] or [0]


def _is_copy(image: Image.Image, number: int) -> bool:
    try:
        image.seek(number)
    except (*_BROKEN, Image.DecompressionBombError):  # one bad page leaves the others
        return False
    kind = getattr(image, "tag_v2", {}).get(_SUBFILE_TYPE, 0)
    return isinstance(kind, int) and bool(kind & 1)


def load(path: Path, media_type: str, number: int = 1) -> Image.Image:
    """Frame `number` (from 1), turned as its EXIF says, at most WORKING_PIXELS, on white, as grey or RGB."""
    try:
        return _loaded(path, media_type, number)
    except ReadingError as error:
        if media_type != JPEG or not isinstance(error.__cause__, OSError):
            raise
    return _loaded(path, media_type, number, END_OF_JPEG)


def _loaded(path: Path, media_type: str, number: int, end: bytes = b"") -> Image.Image:
    with opened(path, media_type, end) as image:
        if media_type == TIFF:
            pages = _pages(image)
            if number > len(pages):
                raise ReadingError("damaged")
            image.seek(pages[number - 1])
        image.draft("RGB", _fitting(image.width, image.height))
        if end and _missing(image) > MOST_MISSING:
            raise ReadingError("damaged")
        upright = ImageOps.exif_transpose(image) or image
        plain = _on_white(upright)
        plain.thumbnail(_fitting(plain.width, plain.height), Image.Resampling.LANCZOS)
        return plain


def _missing(image: Image.Image) -> float:
    """The share of a JPEG's height, from below, that never came."""
    is_drawn = (np.asarray(image) != _UNDRAWN).reshape(image.height, -1).any(axis=1)
    rows = np.flatnonzero(is_drawn)
    return 1 - (int(rows[-1]) + 1) / image.height if len(rows) else 1.0


def _fitting(width: int, height: int) -> tuple[int, int]:
    scale = min(1.0, (WORKING_PIXELS / max(width * height, 1)) ** 0.5)
    return max(1, int(width * scale)), max(1, int(height * scale))


def _on_white(image: Image.Image) -> Image.Image:
    if image.mode in ("1", "L"):
        return image.convert("L")
    if image.mode.startswith(("I", "F")):
        return _in_eight_bits(image)
    if image.mode in ("La", "RGBa"):
        image = image.convert(image.mode.upper())
    if "A" in image.getbands() or image.mode == "P":
        rgba = image.convert("RGBA")
        background = Image.new("RGBA", rgba.size, "white")
        return Image.alpha_composite(background, rgba).convert("RGB")
    return image.convert("RGB")


def _in_eight_bits(image: Image.Image) -> Image.Image:
    """Grey of more bits: white is the most that the fewest bits can say in which all of it can be said (twelve bits come in words of sixteen)."""
    values = np.nan_to_num(np.asarray(image, dtype=np.float32))
    most = float(values.max(initial=0.0))
    values *= 255 / next((one for one in _WHITES if one >= most), most)
    return Image.fromarray(values.clip(0, 255, out=values).astype(np.uint8))


def grey_share(grey: Pixels) -> float:
    """Of the pixels, those that are neither black nor white."""
    some = np.ascontiguousarray(grey[::3, ::3])
    return cv2.countNonZero(cv2.inRange(some, _BLACK, _WHITE - 1)) / some.size


def is_one_bit(grey: Pixels) -> bool:
    """Black and white only, as faxes are. Of a page with little on it few pixels are grey in any case: there must be little grey beside the black
    too, else grey print would be taken for paper."""
    share = grey_share(grey)
    return bool(share < _MOST_GREY and share <= _BESIDE_BLACK * np.mean(grey[::3, ::3] < _BLACK))


def shrunk(grey: Pixels, factor: int) -> Pixels:
    """Each square of `factor` × `factor` pixels as one, their mean; a rest at the edges is left out. By whole numbers it takes a fifth of the time,
    and by halves a tenth of that."""
    height, width = (max(side // factor, 1) for side in grey.shape[:2])
    made = grey[: height * factor, : width * factor]
    while factor % 2 == 0 and min(made.shape[:2]) > 1:
        made, factor = _smaller(made, made.shape[1] // 2, made.shape[0] // 2), factor // 2
    return made if made.shape[:2] == (height, width) else _smaller(made, width, height)


def _smaller(grey: Pixels, width: int, height: int) -> Pixels:
    return np.asarray(cv2.resize(grey, (width, height), interpolation=cv2.INTER_AREA), dtype=np.uint8)


def is_evenly_lit(grey: Pixels) -> bool:
    """White paper to all edges, as a scanner sees it; a camera sees shadows, a table, a hand."""
    small = _smaller(shrunk(grey, 4), 160, 200).astype(np.float64)
    # the brightest tenth of each patch is its paper
    patches = small.reshape(20, 10, 16, 10).transpose(0, 2, 1, 3).reshape(320, 100)
    paper = np.percentile(patches, 90, axis=1)
    return bool(np.percentile(paper, 4) > 0.88 * np.percentile(paper, 96) and np.median(paper) > 200)


def is_two_toned(pixels: Pixels) -> bool:
    """Black on white and no colours, as is_one_bit() tells it of greys alone."""
    if pixels.ndim == 2:
        return is_one_bit(pixels)
    some = pixels[::3, ::3]
    return bool((some == some[..., :1]).all()) and is_one_bit(pixels[..., 0])


def as_webp(image: Image.Image, *, is_two_toned: bool = False) -> bytes:
    """The stored page picture. is_two_toned: made smaller of black and white alone."""
    made = BytesIO()
    if is_two_toned:
        # of four greys exactly: a third of the bytes, and of the time, of all greys nearly
        image.convert("L").point(_FOUR_GREYS).save(made, "WEBP", lossless=True, quality=0, method=0)
        return made.getvalue()
    # the quickest way: slower ones save a fifth of the bytes and cost several times as long
    image.save(made, "WEBP", quality=70, method=0)
    return made.getvalue()
