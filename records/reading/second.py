"""A second reading of the values on poor pages, by another engine where one is installed (requirements-second.txt): RapidOCR, models and all.

Measured: of 620 values on scans and photos that both engines read the same, none was wrong; of 197 on faxes, 11. So what both read is surer than
what one read, and what they read differently is nobody's: it goes to a person with both readings.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from difflib import Match, SequenceMatcher
from functools import cache
from importlib import import_module
from importlib.util import find_spec
from itertools import islice

import cv2
import numpy as np

from records.reading.layout import Token
from records.reading.ocr import Gray
from records.reading.page import Box

# A picture of a few words on a line → (what it says, how sure: 0–1).
Engine = Callable[[Gray], tuple[str, float]]

MOST_RUNS = 60  # on a page
SURE = 0.6  # a second reading less sure than this says nothing
DOUBTED = 0.5  # confidence of a word that the two read differently: under what facts are believed on (assembly.legibility.WEAK)
_APART = 1.5  # line heights: values nearer than this are read in one go
_AROUND = 0.25  # line heights
_EDGES = ".,;:()[]'\""


def is_installed() -> bool:
    return find_spec("rapidocr") is not None and find_spec("onnxruntime") is not None


@cache
def engine() -> Engine | None:
    """The engine, loaded once a process; None where it is not installed. One thread, and nothing is fetched: the models came with it."""
    if not is_installed():
        return None
    rapid_ocr = import_module("rapidocr").RapidOCR
    quiet = {"Global.use_cls": False, "Global.log_level": "critical"}
    threads = {f"EngineConfig.onnxruntime.{kind}_op_num_threads": 1 for kind in ("intra", "inter")}
    rapid = rapid_ocr(params=quiet | threads)

    def read(picture: Gray) -> tuple[str, float]:
        found = rapid(cv2.cvtColor(picture, cv2.COLOR_GRAY2BGR), use_det=False, use_cls=False, use_rec=True)
        texts, scores = found.txts or (), found.scores or ()
        return (str(texts[0]), float(scores[0])) if texts and scores else ("", 0.0)

    return read


def reread(lines: Sequence[Sequence[Token]], picture: Gray, second: Engine, *, agreed: float) -> tuple[tuple[Token, ...], ...]:
    """The lines, their values read again on the picture that their boxes are fractions of. agreed: confidence of what both read the same."""
    made = [list(line) for line in lines]
    runs = ((line, start, end) for line in made for start, end in _runs(line))
    for line, start, end in islice(runs, MOST_RUNS):
        words = line[start:end]
        text, sure = second(_cut(picture, words))
        if sure >= SURE and _plain(text):
            line[start:end] = compared(words, text, agreed=agreed)
    return tuple(tuple(line) for line in made)


def compared(words: Sequence[Token], text: str, *, agreed: float) -> list[Token]:
    """Words of a line against a second reading of them, which may have no spaces: each surer, or doubted with what the other says."""
    mine, shown = "".join(_key(_plain(one.text)) for one in words), _plain(text)
    other = _key(shown)
    alike = [block for block in SequenceMatcher(None, mine, other, autojunk=False).get_matching_blocks() if block.size]
    made, start = [], 0
    for word in words:
        end = start + len(_plain(word.text))
        low, high = _between(alike, start, end, len(other))
        if not _is_value(word.text):
            made.append(word)
        elif other[low:high].strip(_EDGES) == mine[start:end].strip(_EDGES):
            made.append(replace(word, confidence=max(word.confidence or 0.0, agreed)))
        else:
            made.append(replace(word, confidence=min(word.confidence or 0.0, DOUBTED), other=shown[low:high]))
        start = end
    return made


def _between(alike: Sequence[Match], start: int, end: int, length: int) -> tuple[int, int]:
    """Where the other reading has what stands at [start, end) of mine: between what is alike before it and what is alike after.

    What only the other has between two words goes to the first of them, before all words to the first.
    """
    low, high = 0, length
    for a, b, size in alike:
        if a + size <= start:
            low = b + size
        elif a <= start and start:
            low = b + start - a
        if a + size > end:
            high = min(high, b + max(end - a, 0))
    return low, max(low, high)


def _runs(line: Sequence[Token]) -> Iterator[tuple[int, int]]:
    """Neighbouring words with a value among them, as (first, end)."""
    start: int | None = None
    for number, word in enumerate(line):
        is_near = start is not None and word.box.x0 - line[number - 1].box.x1 < _APART * (word.box.bottom - word.box.top)
        if start is not None and not (_is_value(word.text) and is_near):
            yield start, number
            start = None
        if start is None and _is_value(word.text):
            start = number
    if start is not None:
        yield start, len(line)


def _is_value(text: str) -> bool:
    """Categories, variants, percentages, laboratory values and dates all have a digit in them."""
    return any(one.isdigit() for one in text)


def _cut(picture: Gray, words: Sequence[Token]) -> Gray:
    height, width = picture.shape[:2]
    box: Box = words[0].box
    for one in words[1:]:
        box = box.union(one.box)
    around = max(int(_AROUND * (box.bottom - box.top) * height), 3)
    top, bottom = max(int(box.top * height) - around, 0), int(box.bottom * height) + around + 1
    left, right = max(int(box.x0 * width) - around, 0), int(box.x1 * width) + around + 1
    return np.ascontiguousarray(picture[top:bottom, left:right])


def _plain(text: str) -> str:
    """Without spaces, and with one sign where there are several for the same: full-width colons, long dashes."""
    return "".join(unicodedata.normalize("NFKC", text).translate(_ALIKE).split())


def _key(text: str) -> str:
    """In lower case, each letter in its place."""
    return "".join(one.lower() if len(one.lower()) == 1 else one for one in text)


_ALIKE = str.maketrans({"–": "-", "—": "-", "−": "-", "’": "'", "‘": "'", "“": '"', "”": '"', "×": "x"})
