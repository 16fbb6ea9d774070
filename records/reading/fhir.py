"""FHIR R4, as a bundle, one resource, or a resource on each line: what a person is shown of each resource, and its coded data as plain sentences
where they say more, or say that something is not so. Each stands under its place in the file.

What the record itself calls an error ("entered-in-error") is left out: it was taken back. Links out of the file are never followed.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from records.exceptions import ReadingError
from records.reading.fhir_lines import LINES
from records.reading.fhir_observations import is_waiting
from records.reading.fhir_values import Resource, codings, listed, name, words
from records.reading.flow import TextReader
from records.reading.markup import html_lines
from records.reading.sentences import is_guarded, is_told

_MOST_BYTES = 60 * 1024 * 1024
MOST_RESOURCES = 20_000
_HEADINGS = {
    "Condition": "Problems",
    "Observation": "Results",
    "DiagnosticReport": "Reports",
    "MedicationRequest": "Medications",
    "MedicationStatement": "Medications",
    "MedicationAdministration": "Medications",
    "Procedure": "Procedures",
    "CarePlan": "Plan",
    "AllergyIntolerance": "Allergies",
    "FamilyMemberHistory": "Family history",
}
# What names the patient comes first; what stands under the family's heading is not the patient's, and comes last.
_ORDER = {"Composition": 0, "Patient": 1, "AllergyIntolerance": 3, "FamilyMemberHistory": 4}
_BESIDE = {"Bundle", "Composition", "Provenance", "Medication", "Practitioner", "PractitionerRole", "Organization", "Location", "Binary"}
_OURS = "urn:cart-guide:"


@dataclass(frozen=True, slots=True)
class _Placed:
    """A resource and where it stands in the file."""

    place: str
    resource: Resource

    @property
    def kind(self) -> str:
        return str(self.resource["resourceType"])


class FhirReader(TextReader):
    """See records.reading.reader.Reader."""

    def lines(self, path: Path) -> Iterable[str]:
        found = [one for one in _resources(_loaded(path)) if not _is_void(one.resource)]
        _check_one_person(found)
        found.sort(key=lambda one: _ORDER.get(one.kind, 2))
        named = _named(found)
        heading, left = "", Counter[str]()
        for one in found:
            lines = [line for line in _lines(_filled(one.resource, named)) if line.strip()]
            if not lines:
                left[one.kind] += one.kind not in _BESIDE
                continue
            if one.kind in _HEADINGS and heading != _HEADINGS[one.kind]:
                heading = _HEADINGS[one.kind]
                yield from ("", heading)
            yield from ("", *([one.place] if one.place else []), *lines)
        if left := +left:
            yield from ("", f"Not read from this file: {', '.join(f'{kind} ({count})' for kind, count in sorted(left.items()))}.")


def _loaded(path: Path) -> list[Any]:
    """The file as one value, or the values of its lines. Raises ReadingError: damaged, unsupported, too_large."""
    if path.stat().st_size > _MOST_BYTES:
        raise ReadingError("too_large")
    content = path.read_bytes()
    try:
        made = [_value(content)]
    except (ValueError, RecursionError):
        made = _of_lines(content)
    if not made or not all(isinstance(one, dict) and isinstance(one.get("resourceType"), str) for one in made):
        raise ReadingError("unsupported")
    return made


def _of_lines(content: bytes) -> list[Any]:
    filled = [line for line in content.removeprefix(b"\xef\xbb\xbf").splitlines() if line.strip()]
    if len(filled) > MOST_RESOURCES:
        raise ReadingError("too_large")
    try:
        return [_value(line) for line in filled]
    except (ValueError, RecursionError):
        raise ReadingError("damaged") from None


def _value(content: bytes) -> Any:
    return json.loads(content, parse_constant=_refused)


def _refused(name: str) -> None:
    raise ValueError(name)  # NaN and Infinity are not JSON


def _resources(roots: list[Resource]) -> Iterator[_Placed]:
    """Every resource, those of bundles one by one, in order. Raises ReadingError("too_large")."""
    is_many = len(roots) > 1
    waiting = [_Placed(f"line[{number}]" if is_many else "", root) for number, root in enumerate(roots)]
    count = 0
    while waiting:
        one = waiting.pop(0)
        count += 1
        if count > MOST_RESOURCES:
            raise ReadingError("too_large")
        if one.kind != "Bundle":
            yield one
            continue
        entries = one.resource.get("entry")
        if not isinstance(entries, list):
            continue
        if count + len(entries) > MOST_RESOURCES:
            raise ReadingError("too_large")
        inside = ".".join(filter(None, (one.place, "Bundle")))
        held = ((number, entry.get("resource")) for number, entry in enumerate(entries) if isinstance(entry, dict))
        waiting[:0] = [
            _Placed(f"{inside}.entry[{number}].resource", resource)
            for number, resource in held
            if isinstance(resource, dict) and isinstance(resource.get("resourceType"), str)
        ]


def _is_void(resource: Resource) -> bool:
    is_error = any(one.get("code") == "entered-in-error" for one in codings(resource.get("verificationStatus")))
    return is_error or resource.get("status") == "entered-in-error"


def _check_one_person(found: list[_Placed]) -> None:
    """A file that speaks of two people would give one of them what the other has."""
    people = {(name(one.resource).casefold(), str(one.resource.get("birthDate"))) for one in found if one.kind == "Patient"}
    if len(people) > 1:
        raise ReadingError("several_people")


def _named(found: list[_Placed]) -> dict[str, str]:
    """What medicines are called that others only refer to."""
    medicines = [one.resource for one in found if one.kind == "Medication"]
    return {f"Medication/{one.get('id')}": said for one in medicines if (said := words(one.get("code")))}


def _filled(resource: Resource, named: dict[str, str]) -> Resource:
    """With the words of the medicine that it refers to, in the file or inside itself."""
    reference = resource.get("medicationReference")
    if not isinstance(reference, dict) or words(reference):
        return resource
    address = str(reference.get("reference") or "")
    inside = {f"#{one.get('id')}": words(one.get("code")) for one in listed(resource, "contained")}
    called = inside.get(address) or named.get("/".join(address.split("/")[-2:]), "")
    return {**resource, "medicationReference": {"display": called}} if called else resource


def _lines(resource: Resource) -> list[str]:
    kind = resource["resourceType"]
    if kind == "Composition":
        return _composition(resource)
    shown, coded = _shown(resource.get("text")), _coded(resource)
    if not shown or kind == "Patient":
        return [*coded, *(line for line in shown if line not in coded)]
    if _is_ours(resource):
        return shown
    if any(map(is_guarded, coded)) or is_waiting(resource) or (kind == "AllergyIntolerance" and not coded):
        return coded
    return [*shown, *(line for line in coded if not is_told(line, shown))]


def _coded(resource: Resource) -> list[str]:
    kind = resource["resourceType"]
    try:
        return [line for line in LINES[kind](resource) if line.strip()] if kind in LINES else []
    except (AttributeError, TypeError, KeyError, IndexError, ValueError):
        return []  # a resource of no known shape says nothing; the others still do


def _is_ours(resource: Resource) -> bool:
    """Written by our own export, whose text says all that its codes say and more."""
    meta = resource.get("meta")
    tags = listed(meta, "tag") if isinstance(meta, dict) else []
    return any(str(one.get("system")).startswith(_OURS) for one in tags)


def _shown(text: Any) -> list[str]:
    div = text.get("div") if isinstance(text, dict) else None
    return html_lines(div) if isinstance(div, str) and div.strip() else []


def _composition(resource: Resource) -> list[str]:
    made = [str(resource.get("title") or ""), f"Date: {str(resource['date'])[:10]}" if resource.get("date") else ""]
    made += _shown(resource.get("text"))
    for section in listed(resource, "section")[:MOST_RESOURCES]:
        made += ["", str(section.get("title") or ""), *_shown(section.get("text"))]
    return made
