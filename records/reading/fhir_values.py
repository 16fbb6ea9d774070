"""Values of FHIR as words: concepts, days, periods, quantities, and resources that are named by a reference."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from records.reading.coding import words_of

Resource = dict[str, Any]


def codings(concept: Any) -> Iterator[dict[str, Any]]:
    found = concept.get("coding") if isinstance(concept, dict) else None
    yield from (one for one in (found if isinstance(found, list) else []) if isinstance(one, dict))


def words(concept: Any) -> str:
    """A CodeableConcept or a Coding as people say it; by its code where it has no words and the code is sure."""
    if not isinstance(concept, dict):
        return ""
    said = [concept.get("text"), *(one.get("display") for one in codings(concept)), concept.get("display")]
    coded = (words_of(str(one.get("system") or ""), str(one.get("code") or "")) for one in codings(concept))
    return next((one.strip() for one in (*said, *coded) if isinstance(one, str) and one.strip()), "")


def code(concept: Any) -> str:
    return next((str(one.get("code") or "") for one in codings(concept)), "")


def codes(concept: Any, systems: tuple[str, ...]) -> list[str]:
    """Of these systems."""
    return [str(one.get("code") or "") for one in codings(concept) if one.get("system") in systems]


def day(value: Any) -> str:
    return value[:10] if isinstance(value, str) else ""


def span(resource: Resource, *names: str) -> tuple[str, str]:
    """(from, to) of the first of these that there is; a moment is both."""
    for name in names:
        value = resource.get(name)
        if isinstance(value, dict):
            found = day(value.get("start")), day(value.get("end"))
            if any(found):
                return found
        elif day(value):
            return day(value), day(value)
    return "", ""


def when(resource: Resource, *names: str) -> str:
    """The first date there is; of a period the beginning."""
    start, stop = span(resource, *names)
    return start or stop


def quantity(value: Any) -> str:
    if not isinstance(value, dict) or value.get("value") is None:
        return ""
    return " ".join(filter(None, (f"{value.get('comparator') or ''}{value['value']}", str(value.get("unit") or value.get("code") or ""))))


def listed(resource: Resource, name: str) -> list[Resource]:
    """The objects of a list, whatever else stands in it."""
    found = resource.get(name)
    return [one for one in found if isinstance(one, dict)] if isinstance(found, list) else []


def name(resource: Resource) -> str:
    for one in listed(resource, "name"):
        given = " ".join(part for part in one.get("given") or [] if isinstance(part, str))
        if made := " ".join(filter(None, (given, one.get("family") or ""))) or str(one.get("text") or ""):
            return made
    return ""
