"""The text layer of one PDF page → words with boxes on the page as displayed, by pdfium.

pdfium reads words ten times faster than pdfplumber. pdfplumber (see tables) is asked where its characters and tables are needed.
"""

from __future__ import annotations

import ctypes
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass

import pypdfium2 as pdfium
import pypdfium2.raw as raw

from records.reading.language import is_language
from records.reading.layout import Token
from records.reading.page import Box

MOST_CHARACTERS = 200_000
MOST_BROKEN = 0.05  # of the characters of a layer that means something
_INVISIBLE = 3  # PDF 32000-1 table 106: neither fill nor stroke
_GRAIN = 1_000_000
_PRIVATE = ((0xE000, 0xF8FF), (0xF0000, 0x10FFFF))


@dataclass(frozen=True, slots=True)
class Affine:
    """Points of the page's own space → fractions of the page as displayed."""

    a: float
    b: float
    c: float
    d: float
    e: float
    f: float

    def box(self, left: float, bottom: float, right: float, top: float) -> Box:
        return Box.clipped(*self._point(left, bottom), *self._point(right, top))

    def is_on_page(self, left: float, bottom: float, right: float, top: float) -> bool:
        """Whether the middle of it is, so that a person sees most of it."""
        x, y = self._point((left + right) / 2, (bottom + top) / 2)
        return 0 <= x <= 1 and 0 <= y <= 1

    def _point(self, x: float, y: float) -> tuple[float, float]:
        return self.a * x + self.c * y + self.e, self.b * x + self.d * y + self.f


@dataclass(frozen=True, slots=True)
class Layer:
    """Words in the order of the file, each with the number of its printed line as pdfium sees lines.

    angle: clockwise degrees by which most words stand turned on the displayed page. broken: share of characters that mean nothing.
    hidden: where words stand that are drawn without ink (render mode 3), as OCR programs lay them over a scan; they are not among the tokens.
    """

    tokens: tuple[Token, ...]
    lines: tuple[int, ...]
    angle: int
    broken: float
    hidden: tuple[Box, ...] = ()

    @property
    def is_plausible(self) -> bool:
        """Text of a language, not of a font whose letters were renumbered. Says nothing of single letters."""
        return self.broken < MOST_BROKEN and is_language(one.text for one in self.tokens)


def affine(page: pdfium.PdfPage) -> Affine:
    """Crop box, rotation and offset are pdfium's business: three points say what it does."""
    origin, across, up = (_device(page, x, y) for x, y in ((0.0, 0.0), (1000.0, 0.0), (0.0, 1000.0)))
    a, b = (across[0] - origin[0]) / 1000, (across[1] - origin[1]) / 1000
    c, d = (up[0] - origin[0]) / 1000, (up[1] - origin[1]) / 1000
    return Affine(a, b, c, d, origin[0], origin[1])


def _device(page: pdfium.PdfPage, x: float, y: float) -> tuple[float, float]:
    across, down = ctypes.c_int(), ctypes.c_int()
    raw.FPDF_PageToDevice(page, 0, 0, _GRAIN, _GRAIN, 0, x, y, ctypes.byref(across), ctypes.byref(down))
    return across.value / _GRAIN, down.value / _GRAIN


def read_layer(page: pdfium.PdfPage) -> Layer:
    """The words of the text layer that stand on the page as displayed. Whether they may be trusted is for the caller.

    What lies beside the page is on no picture of it, and may be of anybody: of the sheet that the page was cut out of.
    """
    text_page = page.get_textpage()
    try:
        count = min(raw.FPDFText_CountChars(text_page), MOST_CHARACTERS)
        return _layer(page, text_page, count)
    finally:
        text_page.close()


def _layer(page: pdfium.PdfPage, text_page: pdfium.PdfTextPage, count: int) -> Layer:
    to_page = affine(page)
    tokens: list[Token] = []
    lines: list[int] = []
    hidden: list[Box] = []
    broken = total = line = 0
    for text, box, starts_line, first in _words(text_page, count):
        line += starts_line
        if not to_page.is_on_page(*box):
            continue
        if _is_inkless(text_page, first):
            hidden.append(to_page.box(*box))
            continue
        total += len(text)
        broken += sum(map(_means_nothing, text))
        if cleaned := clean(text):
            tokens.append(Token(cleaned, to_page.box(*box)))
            lines.append(line)
    return Layer(tuple(tokens), tuple(lines), _angle(text_page, count, page), broken / total if total else 0.0, tuple(hidden))


def _is_inkless(text_page: pdfium.PdfTextPage, index: int) -> bool:
    thing = raw.FPDFText_GetTextObject(text_page, index)
    return bool(thing) and raw.FPDFTextObj_GetTextRenderMode(thing) == _INVISIBLE


Rect = tuple[float, float, float, float]


def _words(text_page: pdfium.PdfTextPage, count: int) -> Iterator[tuple[str, Rect, bool, int]]:
    """(word, left bottom right top, whether a new line begins with it, the number of its first character)."""
    rect = raw.FS_RECTF()
    handle = text_page.raw
    at = ctypes.byref(rect)
    letters: list[str] = []
    left = bottom = right = top = 0.0
    is_new = pending = False
    first = 0
    for index in range(count):
        code = raw.FPDFText_GetUnicode(handle, index)
        if code in (0x0A, 0x0D, 0x20, 0x09, 0xA0, 0) or not raw.FPDFText_GetLooseCharBox(handle, index, at):
            if letters:
                yield "".join(letters), (left, bottom, right, top), is_new, first
                letters = []
                pending = False
            pending = pending or code in (0x0A, 0x0D)
            continue
        if letters and _is_apart(rect, (left, bottom, right, top)):
            yield "".join(letters), (left, bottom, right, top), is_new, first
            letters, pending = [], False
        if letters:
            left, bottom = min(left, rect.left), min(bottom, rect.bottom)
            right, top = max(right, rect.right), max(top, rect.top)
        else:
            left, bottom, right, top, is_new, first = rect.left, rect.bottom, rect.right, rect.top, pending, index
        letters.append(_letter(code))
    if letters:
        yield "".join(letters), (left, bottom, right, top), is_new, first


def _is_apart(rect: raw.FS_RECTF, word: Rect) -> bool:
    """A letter well away from the word so far: pdfium sometimes joins cells that are drawn one after the other."""
    left, bottom, right, top = word
    size = max(min(top - bottom, right - left), 1.0)
    across = max(rect.left - right, left - rect.right)
    along = max(rect.bottom - top, bottom - rect.top)
    return bool(max(across, along) > 1.2 * size)


def _letter(code: int) -> str:
    if code == 0x02:  # pdfium's mark for a hyphen at the end of a line
        return "-"
    if 0xD800 <= code <= 0xDFFF or code > 0x10FFFF:
        return "\ufffd"
    return chr(code)


def _means_nothing(letter: str) -> bool:
    code = ord(letter)
    return letter == "\ufffd" or code < 0x20 or any(low <= code <= high for low, high in _PRIVATE)


def clean(word: str) -> str:
    """A word as a database can keep it and a rule can read it: no control characters, no halves of characters, ligatures as letters."""
    if word.isascii() and word.isprintable():
        return word
    opened = "".join(unicodedata.normalize("NFKC", one) if "\ufb00" <= one <= "\ufb06" else one for one in word)
    opened = opened.replace("\u00ad", "-")
    return "".join(one for one in opened if unicodedata.category(one) not in ("Cc", "Cs", "Cf", "Zl", "Zp") and not one.isspace())


def _angle(text_page: pdfium.PdfTextPage, count: int, page: pdfium.PdfPage) -> int:
    """How most letters stand on the displayed page: 0, 90, 180 or 270 degrees clockwise from upright."""
    seen = [0, 0, 0, 0]
    for index in range(0, count, max(count // 200, 1)):
        angle = raw.FPDFText_GetCharAngle(text_page, index)
        if angle >= 0 and raw.FPDFText_GetUnicode(text_page, index) > 0x20:
            # pdfium counts clockwise from the page as it is in the file; the page's own rotation comes on top
            seen[round(angle * 2 / 3.141592653589793) % 4] += 1
    turned = seen.index(max(seen)) * 90
    return int(turned + page.get_rotation()) % 360
