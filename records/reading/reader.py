"""What every reader of a kind of file can do."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from records.reading.page import PageText

if TYPE_CHECKING:
    from records.reading.together import Reading  # loads what reads pictures

MOST_PAGES = 500
MOST_BYTES = 200 * 1024 * 1024
PICTURE_DPI = 150


@dataclass(frozen=True, slots=True)
class Opened:
    """A file that can be read. page_count is 0 for an archive, whose files are documents of their own (see members)."""

    media_type: str
    page_count: int


@dataclass(frozen=True, slots=True)
class Wanted:
    """A page of a file. media_type None: whatever the content shows."""

    path: Path
    number: int
    media_type: str | None = None
    password: str | None = None


@dataclass(frozen=True, slots=True)
class Rendered:
    """A page and its picture, as read_page and render_page give them."""

    page: PageText
    picture: bytes | None


class Reader(Protocol):
    """Reads one kind of file. Every method may raise ReadingError with a code of records.exceptions; pages count from 1."""

    def page_count(self, path: Path, password: str | None = None) -> int:
        """Raises ReadingError: damaged, locked, wrong_password, too_large, too_many_pages."""
        ...

    def read_page(self, path: Path, number: int, password: str | None = None) -> PageText:
        """Any page alone, so that workers can share a document. A page without words is a PageText without words."""
        ...

    def render_page(self, path: Path, number: int, password: str | None = None, dpi: int = PICTURE_DPI, rotation: int = 0) -> bytes | None:
        """WebP of the page as displayed and upright: the picture that the boxes of read_page are fractions of. None: no picture.

        rotation: that of the PageText.
        """
        ...

    def begun(self, path: Path, numbers: Sequence[int], password: str | None = None) -> AbstractContextManager[list[Reading[Rendered]]]:
        """The readings of pages with their pictures, opened and drawn once. The file stays open until they are carried on to their ends."""
        ...

    def read(self, path: Path, password: str | None = None) -> Iterator[PageText]:
        """All pages in order, one at a time."""
        ...
