"""Plain text and RTF."""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterable
from pathlib import Path

from records.exceptions import ReadingError
from records.reading.flow import TextReader

MOST_TEXT_BYTES = 8 * 1024 * 1024
_BOMS = ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))
# what striprtf does not take out itself
_PAGE = re.compile(r"\\page(?![a-z])\s?")


def decoded(path: Path) -> str:
    """The characters of a text file: by its byte order mark, else UTF-8, else as Windows writes. Raises ReadingError("too_large")."""
    if path.stat().st_size > MOST_TEXT_BYTES:
        raise ReadingError("too_large")
    return decode(path.read_bytes())


def decode(content: bytes) -> str:
    for mark, encoding in _BOMS:
        if content.startswith(mark):
            return content.decode(encoding, errors="replace")
    try:
        return content.decode("utf-8")
    except UnicodeDecodeError:
        return content.decode("cp1252", errors="replace")


def plain_lines(text: str) -> list[str]:
    """Lines, with "\\f" alone where a page begins."""
    made: list[str] = []
    for number, page in enumerate(text.replace("\r\n", "\n").replace("\r", "\n").split("\f")):
        made += ["\f"] * (number > 0) + page.split("\n")
    return made


class PlainReader(TextReader):
    """See records.reading.reader.Reader."""

    def lines(self, path: Path) -> Iterable[str]:
        return plain_lines(decoded(path))


class RtfReader(TextReader):
    """See records.reading.reader.Reader."""

    def lines(self, path: Path) -> Iterable[str]:
        return rtf_lines(decoded(path))


def rtf_lines(text: str) -> list[str]:
    """Raises ReadingError("damaged")."""
    from striprtf.striprtf import rtf_to_text

    if "\\rtf" not in text[:100]:
        raise ReadingError("damaged")
    try:
        made: str = rtf_to_text(_PAGE.sub(r"\\par ~~page~~\\par ", text), errors="ignore")
    except (ValueError, KeyError, IndexError, LookupError):
        raise ReadingError("damaged") from None
    return plain_lines(re.sub(r"\n?~~page~~\n?", "\f", made))
