"""DOCX: the words as printed. What was struck out under tracked changes, hidden text and macros are not."""

from __future__ import annotations

import zipfile
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from records.exceptions import ReadingError
from records.reading.flow import TextReader, table
from records.reading.markup import name_of, safe_xml

_MOST_PART_BYTES = 30 * 1024 * 1024
_MOST_RATIO = 400
_SKIPPED = {"del", "moveFrom", "Fallback", "instrText", "delText", "pPr", "sectPr"}


class DocxReader(TextReader):
    """See records.reading.reader.Reader."""

    def lines(self, path: Path) -> Iterable[str]:
        try:
            with zipfile.ZipFile(path) as archive:
                return [line for part in _parts(archive) for line in _block(safe_xml(_content(archive, part)))]
        except (zipfile.BadZipFile, KeyError, OSError, NotImplementedError, EOFError, ValueError):
            raise ReadingError("damaged") from None
        except RuntimeError:  # zipfile's word for a password
            raise ReadingError("locked") from None


def _parts(archive: zipfile.ZipFile) -> list[str]:
    """First page's head, the body, notes: each part once."""
    names = set(archive.namelist())
    if any(name.endswith("vbaProject.bin") for name in names):
        raise ReadingError("unsupported")
    heads = sorted(name for name in names if name.startswith("word/header"))
    tails = sorted(name for name in names if name.startswith(("word/footer", "word/footnotes", "word/endnotes")))
    return [*heads, "word/document.xml", *tails]


def _content(archive: zipfile.ZipFile, name: str) -> bytes:
    entry = archive.getinfo(name)
    if entry.file_size > _MOST_PART_BYTES or entry.file_size > max(entry.compress_size, 4096) * _MOST_RATIO:
        raise ReadingError("too_large")
    with archive.open(entry) as stream:
        content = stream.read(_MOST_PART_BYTES + 1)
    if len(content) > _MOST_PART_BYTES:
        raise ReadingError("too_large")
    return content


def _block(element: Any) -> Iterator[str]:
    """Paragraphs and tables of a body, in order."""
    for child in element:
        name = name_of(child)
        if name == "p":
            yield from _paragraph(child)
        elif name == "tbl":
            yield from table([_cells(row) for row in child.iter() if name_of(row) == "tr"])
        elif name not in _SKIPPED:
            yield from _block(child)


def _cells(row: Any) -> list[str]:
    cells: list[str] = []
    for cell in row:
        if name_of(cell) == "tc":
            cells.append(" ".join(_block(cell)))
            span = next((one for one in cell.iter() if name_of(one) == "gridSpan"), None)
            cells += [""] * (int(_value(span)) - 1 if span is not None and _value(span).isdigit() and int(_value(span)) < 50 else 0)
    return cells


def _value(element: Any) -> str:
    return next((str(value) for key, value in element.attrib.items() if key.endswith("}val")), "")


def _paragraph(paragraph: Any) -> Iterator[str]:
    text = "".join(_runs(paragraph))
    for number, page in enumerate(text.split("\f")):
        if number:
            yield "\f"
        yield from (line.strip() for line in page.split("\n"))


def _runs(element: Any) -> Iterator[str]:
    for child in element:
        name = name_of(child)
        if name == "t":
            yield child.text or ""
        elif name in ("br", "cr", "tab", "lastRenderedPageBreak", "noBreakHyphen"):
            yield _mark(name, child)
        elif name == "p":  # of a text box
            yield "\n" + "".join(_runs(child)) + "\n"
        elif name not in _SKIPPED and not (name == "r" and _is_hidden(child)):
            yield from _runs(child)


def _mark(name: str, element: Any) -> str:
    if name == "br":
        return "\f" if any(value == "page" for value in element.attrib.values()) else "\n"
    return {"cr": "\n", "tab": "    ", "lastRenderedPageBreak": "\f", "noBreakHyphen": "-"}[name]


def _is_hidden(run: Any) -> bool:
    return any(name_of(one) == "vanish" and _value(one) not in ("0", "false") for made in run if name_of(made) == "rPr" for one in made)
