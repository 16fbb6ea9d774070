"""Picture files: photos, scans saved as pictures, faxes as TIFF. Each frame is a page."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import numpy as np
from PIL import Image

from records.exceptions import ReadingError
from records.reading import picture
from records.reading.page import PageText, Source, make_page
from records.reading.reader import MOST_PAGES, PICTURE_DPI, Rendered
from records.reading.scan import read_picture, turned
from records.reading.together import Reading, finished

PAPER_INCHES = 8.5  # pictures rarely know their scale: taken to show a sheet


class ImageReader:
    """See records.reading.reader.Reader."""

    def __init__(self, media_type: str) -> None:
        self.media_type = media_type

    def page_count(self, path: Path, password: str | None = None) -> int:
        count = picture.frame_count(path, self.media_type)
        if count > MOST_PAGES:
            raise ReadingError("too_many_pages")
        return count

    def read_page(self, path: Path, number: int, password: str | None = None) -> PageText:
        return finished(self._read(picture.load(path, self.media_type, number), number))

    @contextmanager
    def begun(self, path: Path, numbers: Sequence[int], password: str | None = None) -> Iterator[list[Reading[Rendered]]]:
        yield [self._read_and_drawn(path, number) for number in numbers]

    def _read_and_drawn(self, path: Path, number: int) -> Reading[Rendered]:
        image = picture.load(path, self.media_type, number)
        page = yield from self._read(image, number)
        return Rendered(page, self._drawn(image, PICTURE_DPI, page.rotation))

    def _read(self, image: Image.Image, number: int) -> Reading[PageText]:
        grey = np.asarray(image.convert("L"), dtype=np.uint8)
        found = yield from read_picture(grey, dpi=max(round(min(image.size) / PAPER_INCHES), 70))
        width, height = image.size if found.rotation in (0, 180) else image.size[::-1]
        lines = (((one.text, one.box, one.confidence, one.other) for one in line) for line in found.lines)
        return make_page(number=number, width=width, height=height, lines=lines, source=Source.OCR, rotation=found.rotation)

    def render_page(self, path: Path, number: int, password: str | None = None, dpi: int = PICTURE_DPI, rotation: int = 0) -> bytes | None:
        return self._drawn(picture.load(path, self.media_type, number), dpi, rotation)

    def _drawn(self, image: Image.Image, dpi: int, rotation: int) -> bytes:
        is_two_toned = picture.is_two_toned(np.asarray(image))
        image = turned(image, rotation)
        longest = round(dpi * PAPER_INCHES * 2**0.5)
        image.thumbnail((longest, longest), Image.Resampling.LANCZOS)
        return picture.as_webp(image, is_two_toned=is_two_toned)

    def read(self, path: Path, password: str | None = None) -> Iterator[PageText]:
        for number in range(1, self.page_count(path) + 1):
            yield self.read_page(path, number)
