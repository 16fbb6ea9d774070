"""FHIR R4: the narrative of each resource, which is what a person is shown; where there is none, its coded data as one plain line.

What the record itself calls an error ("entered-in-error") is left out: it was taken back. Links are never followed.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from records.exceptions import ReadingError
from records.reading.fhir_lines import LINES
from records.reading.flow import TextReader
from records.reading.markup import html_lines

_MOST_BYTES = 60 * 1024 * 1024
MOST_RESOURCES = 20_000
_HEADINGS = {
    "Condition": "Problems",
    "Observation": "Results",
    "MedicationRequest": "Medications",
    "MedicationStatement": "Medications",
    "MedicationAdministration": "Medications",
    "Procedure": "Procedures",
    "FamilyMemberHistory": "Family history",
    "AllergyIntolerance": "Allergies",
    "CarePlan": "Plan",
    "DiagnosticReport": "Reports",
}
_FIRST = ("Composition", "Patient")


class FhirReader(TextReader):
    """See records.reading.reader.Reader."""

    def lines(self, path: Path) -> Iterable[str]:
        resources = list(_resources(_loaded(path)))
        resources.sort(key=lambda one: _FIRST.index(one["resourceType"]) if one["resourceType"] in _FIRST else len(_FIRST))
        heading = ""
        for resource in resources:
            lines = [line for line in _lines(resource) if line.strip()]
            if not lines:
                continue
            kind = resource["resourceType"]
            if kind in _HEADINGS and heading != _HEADINGS[kind] and not _narrative(resource):
                heading = _HEADINGS[kind]
                yield from ("", heading)
            yield from lines


def _loaded(path: Path) -> dict[str, Any]:
    if path.stat().st_size > _MOST_BYTES:
        raise ReadingError("too_large")
    try:
        made = json.loads(path.read_bytes(), parse_constant=_refused)
    except (ValueError, UnicodeDecodeError):
        raise ReadingError("damaged") from None
    if not isinstance(made, dict) or not isinstance(made.get("resourceType"), str):
        raise ReadingError("unsupported")
    return made


def _refused(name: str) -> None:
    raise ValueError(name)  # NaN and Infinity are not JSON


def _resources(root: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """The resources of a bundle and what they contain, in order. Raises ReadingError("too_large")."""
    entries = root.get("entry") if root["resourceType"] == "Bundle" else [{"resource": root}]
    if not isinstance(entries, list):
        return
    if len(entries) > MOST_RESOURCES:
        raise ReadingError("too_large")
    for entry in entries:
        resource = entry.get("resource") if isinstance(entry, dict) else None
        if isinstance(resource, dict) and isinstance(resource.get("resourceType"), str) and not _is_void(resource):
            yield resource


def _is_void(resource: dict[str, Any]) -> bool:
    if resource.get("status") == "entered-in-error":
        return True
    codings = (resource.get("verificationStatus") or {}) if isinstance(resource.get("verificationStatus"), dict) else {}
    return any(isinstance(one, dict) and one.get("code") == "entered-in-error" for one in codings.get("coding") or [])


def _lines(resource: dict[str, Any]) -> list[str]:
    made = [] if resource["resourceType"] == "Composition" else _shown(resource.get("text"))
    if resource["resourceType"] == "Composition":
        made = _composition(resource)
    if made and resource["resourceType"] != "Patient":
        return made
    try:
        coded = list(LINES[resource["resourceType"]](resource)) if resource["resourceType"] in LINES else []
    except (AttributeError, TypeError, KeyError, IndexError, ValueError):
        coded = []  # a resource of no known shape says nothing; the others still do
    return made if made and not coded else [*coded, *(line for line in made if line not in coded)]


def _narrative(resource: dict[str, Any]) -> str:
    text = resource.get("text")
    div = text.get("div") if isinstance(text, dict) else None
    return div if isinstance(div, str) else ""


def _shown(text: Any) -> list[str]:
    div = text.get("div") if isinstance(text, dict) else None
    return html_lines(div) if isinstance(div, str) and div.strip() else []


def _composition(resource: dict[str, Any]) -> list[str]:
    made = [str(resource.get("title") or ""), f"Date: {str(resource['date'])[:10]}" if resource.get("date") else ""]
    made += _shown(resource.get("text"))
    waiting = [one for one in resource.get("section") or [] if isinstance(one, dict)]
    for section in waiting[:MOST_RESOURCES]:
        made += ["", str(section.get("title") or ""), *_shown(section.get("text"))]
    return made
