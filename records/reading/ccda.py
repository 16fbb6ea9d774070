"""C-CDA: the document's head, then the narrative of every section as printed, which is what its author signed. What coded entries say beyond it
stands on pages of its own behind, each entry under its place in the file; of a section without a narrative, in its place."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any

from records.exceptions import ReadingError
from records.reading.ccda_entries import day, entry_lines, first, text_of
from records.reading.flow import PAGE_BREAK, TextReader
from records.reading.markup import html_lines, name_of, safe_xml, shown_lines
from records.reading.plain import decode, plain_lines, rtf_lines
from records.reading.sentences import is_told

# LOINC numbers of sections: titles for those that have none, and those whose entries are no facts of the disease.
_TITLES = {
    "11450-4": "Problems",
    "11348-0": "Past medical history",
    "30954-2": "Results",
    "10160-0": "Medications",
    "47519-4": "Procedures",
    "48765-2": "Allergies",
    "10157-6": "Family history",
    "18776-5": "Plan",
}
_NOT_FACTS = {"11369-6", "46240-8", "48768-6", "29762-2", "42348-3", "46264-8", "8716-3"}
_BODIES: dict[str, Callable[[str], list[str]]] = {
    "text/plain": plain_lines,
    "text/html": html_lines,
    "text/xhtml": html_lines,
    "text/rtf": rtf_lines,
    "application/rtf": rtf_lines,
}
_PLACE = "ClinicalDocument.section["
_BEHIND = "Coded entries that the text leaves out"
_SEXES = {"M": "Male", "F": "Female"}


class CcdaReader(TextReader):
    """See records.reading.reader.Reader."""

    def lines(self, path: Path) -> Iterable[str]:
        root = safe_xml(path.read_bytes())
        if name_of(root) != "ClinicalDocument":
            raise ReadingError("unsupported")
        made, behind = [*_head(root)], list[str]()
        for number, section in enumerate(_sections(root)):
            title, shown = _printed(section)
            made += ["", title, *shown]
            added = _added(section, f"{_PLACE}{number}]", shown)
            if shown and added:
                behind += ["", title, *added]
            else:
                made += [line for one in added for line in (("", one) if one.startswith(_PLACE) else (one,))]
        made += _unstructured(root)
        return [*made, PAGE_BREAK, _BEHIND, *behind] if behind else made


def _head(root: Any) -> Iterator[str]:
    yield text_of(first(root, "title"))
    patient = first(root, "recordTarget", "patientRole", "patient")
    if patient is not None:
        yield _labelled("Patient", _name(first(patient, "name")))
        yield _labelled("Date of birth", day(first(patient, "birthTime")))
        sex = first(patient, "administrativeGenderCode")
        yield _labelled("Sex", "" if sex is None else _SEXES.get(sex.get("code") or "", sex.get("displayName") or ""))
    yield _labelled("Date", day(first(root, "effectiveTime")))
    yield text_of(first(root, "custodian", "assignedCustodian", "representedCustodianOrganization", "name"))


def _labelled(label: str, value: str) -> str:
    return f"{label}: {value}" if value else ""


def _sections(root: Any) -> Iterator[Any]:
    body = first(root, "component", "structuredBody")
    if body is not None:
        yield from (one for one in body.iter() if name_of(one) == "section")


def _printed(section: Any) -> tuple[str, list[str]]:
    """(title, lines of the narrative)."""
    number, text = _number(section), first(section, "text")
    return text_of(first(section, "title")) or _TITLES.get(number, ""), [] if text is None else shown_lines(text)


def _number(section: Any) -> str:
    code = first(section, "code")
    return "" if code is None else code.get("code") or ""


def _added(section: Any, place: str, shown: list[str]) -> list[str]:
    """What the entries say and the narrative does not, each under its place."""
    if _number(section) in _NOT_FACTS:
        return []
    made: list[str] = []
    for entry, lines in entry_lines(section):
        if untold := [line for line in lines if not is_told(line, shown)]:
            made += [f"{place}.entry[{entry}]", *untold]
    return made


def _unstructured(root: Any) -> list[str]:
    """A body that is a file of its own: text and HTML are read, others are not."""
    text = first(root, "component", "nonXMLBody", "text")
    if text is None:
        return []
    content = (text.text or "").strip()
    if (text.get("representation") or "").upper() == "B64":
        try:
            content = decode(base64.b64decode(content, validate=False))
        except (binascii.Error, ValueError):
            raise ReadingError("damaged") from None
    kind = (text.get("mediaType") or "text/plain").lower()
    if kind not in _BODIES:
        raise ReadingError("unsupported")
    return _BODIES[kind](content)


def _name(element: Any) -> str:
    if element is None:
        return ""
    parts = [text_of(one) for one in element if name_of(one) in ("given", "family", "prefix", "suffix")]
    return " ".join(filter(None, parts)) or text_of(element)
