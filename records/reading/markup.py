"""HTML, and the narratives inside C-CDA and FHIR: what a browser would show, as lines. Scripts, styles and hidden parts are not shown."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from lxml import etree
from lxml import html as lxml_html

from records.exceptions import ReadingError
from records.reading.flow import MOST_CHARACTERS, TextReader, table
from records.reading.plain import decoded

_UNSEEN = {"script", "style", "head", "template", "noscript", "svg", "iframe", "object", "renderMultiMedia", "select", "textarea"}
_BLOCKS = {"p", "div", "li", "ul", "ol", "dl", "dt", "dd", "h1", "h2", "h3", "h4", "h5", "h6", "section", "article", "header", "footer"}
_BLOCKS |= {"main", "address", "blockquote", "pre", "hr", "br", "form", "fieldset", "caption", "figure", "center", "body", "html"}
_BLOCKS |= {"paragraph", "list", "item", "text"}  # of C-CDA
_CELLS = {"td", "th"}
_HIDDEN = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.IGNORECASE)
_MOST_DEPTH = 200
_MOST_BYTES = 60 * 1024 * 1024


class HtmlReader(TextReader):
    """See records.reading.reader.Reader."""

    def lines(self, path: Path) -> Iterable[str]:
        return html_lines(decoded(path))


def html_lines(text: str) -> list[str]:
    """Raises ReadingError("damaged")."""
    # a declared encoding no longer means anything once the bytes are decoded
    stripped = re.sub(r"^\s*<\?xml[^>]*\?>", "", text)
    try:
        root = lxml_html.document_fromstring(stripped, parser=lxml_html.HTMLParser(no_network=True, remove_comments=True, huge_tree=False))
    except (etree.ParserError, etree.XMLSyntaxError, ValueError):
        raise ReadingError("damaged") from None
    return shown_lines(root)


def safe_xml(content: bytes) -> Any:
    """The root of an XML file that declares no types and no entities of its own. Raises ReadingError: damaged, too_large."""
    if len(content) > _MOST_BYTES:
        raise ReadingError("too_large")
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False, remove_comments=True, remove_pis=True
    )
    try:
        root = etree.fromstring(content, parser)
    except (etree.XMLSyntaxError, ValueError, LookupError):
        raise ReadingError("damaged") from None
    document = root.getroottree().docinfo
    if document.doctype or (document.encoding or "utf-8").lower() not in _ENCODINGS:
        raise ReadingError("damaged")
    return root


_ENCODINGS = {
    "utf-8",
    "utf8",
    "us-ascii",
    "ascii",
    "utf-16",
    "utf-16le",
    "utf-16be",
    "iso-8859-1",
    "iso-8859-15",
    "latin-1",
    "windows-1252",
}


def name_of(element: Any) -> str:
    """The tag without its namespace; empty for comments and the like."""
    return etree.QName(element).localname if isinstance(element.tag, str) else ""


def shown_lines(root: Any) -> list[str]:
    """Lines as shown, in order; tables as rows. Walks without recursion: depth is the file's to choose, not ours to pay for."""
    shown = _Shown()
    for event, element in _walk(root):
        name = name_of(element)
        if event == "start":
            shown.start(name, element)
        else:
            shown.end(name)
            if element is not root:
                shown.words(element.tail)
    shown.break_line()
    return shown.lines


def _walk(root: Any) -> Iterator[tuple[str, Any]]:
    """Start and end of every element that is shown."""
    depth = 0
    walker = etree.iterwalk(root, events=("start", "end"))
    for event, element in walker:
        depth += 1 if event == "start" else -1
        if depth > _MOST_DEPTH:
            raise ReadingError("too_large")
        if event == "start" and _is_hidden(element):
            walker.skip_subtree()
        yield event, element


def _is_hidden(element: Any) -> bool:
    return name_of(element) in _UNSEEN | {""} or "hidden" in element.attrib or bool(_HIDDEN.search(element.get("style") or ""))


class _Shown:
    """Collects words into lines, and cells into rows. A table inside a cell is read as lines of that cell."""

    def __init__(self) -> None:
        self.lines: list[str] = []
        self._words: list[str] = []
        self._rows: list[list[str]] = []
        self._tables = 0
        self._size = 0

    def start(self, name: str, element: Any) -> None:
        if name == "table":
            self.break_line()
            self._tables += 1
        elif name == "tr" and self._tables == 1:
            self.break_line()
            self._rows.append([])
        elif name in _BLOCKS:
            self.break_line()
        if not _is_hidden(element):
            self.words(element.text)

    def end(self, name: str) -> None:
        if name == "table":
            self._tables -= 1
            if self._tables == 0:
                self.lines += table(self._rows)
                self._rows = []
        elif name in _CELLS and self._tables == 1:
            if not self._rows:
                self._rows.append([])
            self._rows[-1].append(self._taken())
        elif name in _BLOCKS:
            self.break_line()

    def words(self, text: str | None) -> None:
        if text:
            self._size += len(text)
            if self._size > MOST_CHARACTERS:
                raise ReadingError("too_large")
            self._words.append(text)

    def break_line(self) -> None:
        if self._rows:  # inside a cell a line's end is a space
            self._words.append(" ")
            return
        if line := self._taken():
            self.lines.append(line)

    def _taken(self) -> str:
        line = " ".join("".join(self._words).split())
        self._words = []
        return line
