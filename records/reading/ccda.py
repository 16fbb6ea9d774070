"""C-CDA: the document's head, then the narrative of every section, which is what its author signed. Coded entries only repeat it."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from records.exceptions import ReadingError
from records.reading.flow import TextReader
from records.reading.markup import html_lines, name_of, safe_xml, shown_lines
from records.reading.plain import decode, plain_lines

_SEXES = {"M": "Male", "F": "Female"}


class CcdaReader(TextReader):
    """See records.reading.reader.Reader."""

    def lines(self, path: Path) -> Iterable[str]:
        root = safe_xml(path.read_bytes())
        if name_of(root) != "ClinicalDocument":
            raise ReadingError("unsupported")
        made = [*_head(root)]
        for section in _sections(root):
            made += ["", *_section(section)]
        return made + _unstructured(root)


def _head(root: Any) -> Iterator[str]:
    yield _text(_first(root, "title"))
    patient = _first(root, "recordTarget", "patientRole", "patient")
    if patient is not None:
        yield _labelled("Patient", _name(_first(patient, "name")))
        yield _labelled("Date of birth", _day(_first(patient, "birthTime")))
        sex = _first(patient, "administrativeGenderCode")
        yield _labelled("Sex", "" if sex is None else _SEXES.get(sex.get("code") or "", sex.get("displayName") or ""))
    yield _labelled("Date", _day(_first(root, "effectiveTime")))
    yield _text(_first(root, "custodian", "assignedCustodian", "representedCustodianOrganization", "name"))


def _labelled(label: str, value: str) -> str:
    return f"{label}: {value}" if value else ""


def _sections(root: Any) -> Iterator[Any]:
    body = _first(root, "component", "structuredBody")
    if body is not None:
        yield from (one for one in body.iter() if name_of(one) == "section")


def _section(section: Any) -> Iterator[str]:
    yield _text(_first(section, "title"))
    text = _first(section, "text")
    if text is not None:
        yield from shown_lines(text)


def _unstructured(root: Any) -> list[str]:
    """A body that is a file of its own: text and HTML are read, others are not."""
    text = _first(root, "component", "nonXMLBody", "text")
    if text is None:
        return []
    content = (text.text or "").strip()
    if (text.get("representation") or "").upper() == "B64":
        try:
            content = decode(base64.b64decode(content, validate=False))
        except (binascii.Error, ValueError):
            raise ReadingError("damaged") from None
    kind = (text.get("mediaType") or "text/plain").lower()
    if kind not in ("text/plain", "text/html", "text/xhtml"):
        raise ReadingError("unsupported")
    return plain_lines(content) if kind == "text/plain" else html_lines(content)


def _first(element: Any, *names: str) -> Any:
    """The first element at the end of a path of child names, or None."""
    for name in names:
        element = next((one for one in element if name_of(one) == name), None)
        if element is None:
            return None
    return element


def _text(element: Any) -> str:
    return "" if element is None else " ".join("".join(element.itertext()).split())


def _name(element: Any) -> str:
    if element is None:
        return ""
    parts = [_text(one) for one in element if name_of(one) in ("given", "family", "prefix", "suffix")]
    return " ".join(filter(None, parts)) or _text(element)


def _day(element: Any) -> str:
    """HL7's 20240320101500-0500 as 2024-03-20."""
    value = "" if element is None else (element.get("value") or "")
    if not value[:4].isdigit():
        return ""
    return "-".join(filter(None, (value[:4], value[4:6], value[6:8])))
