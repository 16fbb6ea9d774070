"""Where the ruled tables of a page are: its cells, by pdfplumber. From the lines of a PDF page, or from the lines in a picture.

Only asked where it can matter: a printed line between two rules that is not alone there may be half of a wrapped cell.
"""

from __future__ import annotations

import ctypes
import logging
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

import cv2
import numpy as np
import pypdfium2 as pdfium
import pypdfium2.raw as raw

from records.reading.layer import Affine, Layer, affine
from records.reading.layout import Token
from records.reading.ocr import Gray
from records.reading.page import Box

MOST_RULES = 600  # drawings of noise have more, tables of a record do not
_LEAST_RULES = 4
_THIN = 0.006
_NEAR = 0.003
_STROKES = set("|[]{}_")
_LARGE = 1200  # pixels across
_SNAP = 3.0  # points, as pdfplumber has it
Edge = dict[str, float | str]

logging.getLogger("pdfminer").setLevel(logging.ERROR)  # it quotes what it cannot parse


def cells_of_page(page: pdfium.PdfPage, layer: Layer, path: Path | None, number: int, password: str | None) -> tuple[Box, ...]:
    """Cells on the page as displayed; () where no cell can hold two printed lines, or where pdfplumber cannot open what pdfium can."""
    drawn = rules(page)
    if not _may_wrap(layer, drawn.boxes):
        return ()
    if drawn.is_nested and path is not None:
        return _cells_of_file(affine(page), path, number, password)
    width, height = page.get_size()
    edges = [edge for one in drawn.lines for edge in _edges_of(one, width, height)]
    return tuple(Box.clipped(x0 / width, top / height, x1 / width, bottom / height) for x0, top, x1, bottom in _cells(edges, _SNAP))


def _cells_of_file(to_page: Affine, path: Path, number: int, password: str | None) -> tuple[Box, ...]:
    """By all of pdfplumber, which follows drawings within drawings and takes as long as reading all letters."""
    import pdfplumber
    from pdfplumber.page import Page

    try:
        with pdfplumber.open(path, pages=[number], password=password or "") as document:
            there = document.pages[0].page_obj
            # its own turning of pages reverses words and boxes: read the page as it lies, and turn with pdfium
            there.rotate, there.attrs["Rotate"] = 0, 0
            plain = Page(document, there, number)
            height = plain.mediabox[3] - plain.mediabox[1]
            found = [cell for table in plain.find_tables() for cell in table.cells]
            plain.close()
    except (MemoryError, RecursionError):
        raise
    except Exception:  # pdfminer throws whatever a broken file makes it throw; pdfium has read the words
        return ()
    return tuple(to_page.box(x0, height - bottom, x1, height - top) for x0, top, x1, bottom in found)


@dataclass(frozen=True, slots=True)
class Drawn:
    """What is drawn on a page: the bounds of each drawing, its straight lines, and whether some stand in drawings of their own."""

    boxes: tuple[Box, ...] = ()
    lines: tuple[Box, ...] = ()
    is_nested: bool = False


def rules(page: pdfium.PdfPage) -> Drawn:
    """Lines and frames that are drawn on the page; nothing where there are too many to be tables."""
    to_page = affine(page)
    boxes: list[Box] = []
    lines: list[Box] = []
    is_nested = False
    for thing in page.get_objects(filter=[raw.FPDF_PAGEOBJ_PATH], max_depth=3):
        if len(boxes) >= MOST_RULES or len(lines) >= 8 * MOST_RULES:
            return Drawn()
        is_nested = is_nested or thing.level > 0
        try:
            boxes.append(to_page.box(*thing.get_bounds()))
        except pdfium.PdfiumError:
            continue
        lines += (to_page.box(*one) for one in _straight(thing))
    return Drawn(tuple(boxes), tuple(lines), is_nested)


def _straight(thing: pdfium.PdfObject) -> Iterator[tuple[float, float, float, float]]:
    """The lines of a path, as (left, bottom, right, top) in the page's own space."""
    matrix = thing.get_matrix()
    x, y = ctypes.c_float(), ctypes.c_float()
    first = last = (0.0, 0.0)
    for number in range(min(raw.FPDFPath_CountSegments(thing), MOST_RULES)):
        segment = raw.FPDFPath_GetPathSegment(thing, number)
        if not raw.FPDFPathSegment_GetPoint(segment, ctypes.byref(x), ctypes.byref(y)):
            continue
        here = matrix.on_point(x.value, y.value)
        kind = raw.FPDFPathSegment_GetType(segment)
        if kind == raw.FPDF_SEGMENT_MOVETO:
            first = here
        elif kind == raw.FPDF_SEGMENT_LINETO:
            yield (*last, *here)
        if raw.FPDFPathSegment_GetClose(segment):
            yield (*here, *first)
        last = here


def _edges_of(line: Box, width: float, height: float) -> Iterator[Edge]:
    """A level or upright line, in points from the top left."""
    x0, x1, top, bottom = line.x0 * width, line.x1 * width, line.top * height, line.bottom * height
    if bottom - top <= 1 < x1 - x0:
        yield _edge(x0, top, x1, top)
    elif x1 - x0 <= 1 < bottom - top:
        yield _edge(x0, top, x0, bottom)


def _edge(x0: float, top: float, x1: float, bottom: float) -> Edge:
    """As pdfplumber knows edges."""
    sides: Edge = {"x0": x0, "x1": x1, "top": top, "bottom": bottom, "doctop": top, "width": x1 - x0, "height": bottom - top}
    return sides | {"orientation": "h" if top == bottom else "v"}


def _may_wrap(layer: Layer, drawn: Sequence[Box]) -> bool:
    """Some two lines of words stand between two neighbouring rules, and something upright is drawn at all."""
    edges = sorted({round(edge, 3) for box in drawn if box.x1 - box.x0 > 0.02 for edge in (box.top, box.bottom)})
    if not any(box.bottom - box.top > 2 * _THIN for box in drawn):
        return False
    middles = sorted(token.middle for token in layer.tokens)
    for above, below in pairwise(edges):
        inside = [one for one in middles if above < one < below]
        if any(after - before > 0.005 for before, after in pairwise(inside)):
            return True
    return False


def cells_of_picture(picture: Gray) -> tuple[Box, ...]:
    """Cells between long straight lines of a level picture."""
    return cells_of_rules(small_with_rules(picture))


def cells_of_rules(picture: Gray) -> tuple[Box, ...]:
    """The same, of what small_with_rules() made of it."""
    ink = cv2.threshold(picture, 0, 255, cv2.THRESH_BINARY_INV + cv2.THRESH_OTSU)[1]
    height, width = ink.shape[:2]
    length = max(width // 30, 30)
    edges = [*_edges(ink, (length, 1), "h"), *_edges(ink, (1, length // 2), "v")]
    if not _LEAST_RULES <= len(edges) <= MOST_RULES:
        return ()
    return tuple(Box.clipped(x0 / width, top / height, x1 / width, bottom / height) for x0, top, x1, bottom in _cells(edges, width / 400))


def small_with_rules(picture: Gray) -> Gray:
    """Of a large picture half the size, of each four pixels the darkest: a thin line stays."""
    if picture.shape[1] < _LARGE:
        return picture
    return np.asarray(cv2.erode(picture, np.ones((2, 2), np.uint8))[::2, ::2], dtype=np.uint8)


def without_rules(tokens: Iterable[Token], cells: Sequence[Box]) -> tuple[Token, ...]:
    """The words less those that are a rule between two cells, taken for a letter."""
    edges = {edge for cell in cells for edge in (cell.x0, cell.x1)}
    return tuple(one for one in tokens if not (set(one.text) <= _STROKES and _is_on(one.box, edges)))


def _is_on(box: Box, edges: Iterable[float]) -> bool:
    return any(box.x0 - _NEAR < edge < box.x1 + _NEAR for edge in edges)


def _edges(ink: Gray, kernel: tuple[int, int], orientation: str) -> list[Edge]:
    """Straight runs of ink as pdfplumber knows edges."""
    # one pixel off level must not break a line
    thick = cv2.dilate(ink, np.ones((3, 1) if orientation == "h" else (1, 3), np.uint8))
    lines = cv2.morphologyEx(thick, cv2.MORPH_OPEN, cv2.getStructuringElement(cv2.MORPH_RECT, kernel))
    # by their outlines: to label each pixel of a nearly empty picture takes ten times as long
    outlines, _ = cv2.findContours(lines, cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_SIMPLE)
    made: list[Edge] = []
    for x, y, w, h in sorted(cv2.boundingRect(one) for one in outlines[: MOST_RULES + 2]):
        middle_x, middle_y = float(x + w / 2), float(y + h / 2)
        if orientation == "h" and w > 4 * h:
            made.append(_edge(float(x), middle_y, float(x + w), middle_y))
        elif orientation == "v" and h > 3 * w:
            made.append(_edge(middle_x, float(y), middle_x, float(y + h)))
    return made


def _cells(edges: Sequence[Edge], snap: float) -> list[tuple[float, float, float, float]]:
    from pdfplumber.table import edges_to_intersections, intersections_to_cells, merge_edges

    merged = merge_edges(list(edges), snap, snap, snap, snap)
    if len(merged) > MOST_RULES:
        return []
    crossings = edges_to_intersections(merged, snap * 2, snap * 2)
    return intersections_to_cells(crossings) if len(crossings) < MOST_RULES else []
