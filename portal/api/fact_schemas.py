"""The parts of each kind of fact as JSON Schema: what portal.api.facts checks, told to whoever reads the schema."""

from __future__ import annotations

from typing import Any

from portal.api.facts import DATE, DATES, MOST_TEXT, choices_of
from portal.api.strict import SEEN_TEXT
from portal.forms.facts import FACT_PARTS, Part


def value_schema(kind: str) -> dict[str, Any]:
    """JSON Schema of the value of one kind of fact."""
    parts = FACT_PARTS[kind]
    made: dict[str, Any] = {
        "type": "object",
        "properties": {one.key: _part_schema(kind, one) for one in parts},
        "additionalProperties": False,
    }
    if required := [one.key for one in parts if one.is_required]:
        made["required"] = required
    return {**made, "minProperties": 1}


def telling_schema() -> dict[str, Any]:
    """Of a body that tells a fact: one for each kind."""
    date = {"type": ["string", "null"], "pattern": DATE, "description": "A year, a month or a day."}
    return {
        "oneOf": [
            {
                "type": "object",
                "title": str(kind),
                "properties": {"kind": {"const": str(kind)}, "value": value_schema(kind), "date": date},
                "required": ["kind", "value"],
            }
            for kind in FACT_PARTS
        ]
    }


def judging_schema() -> dict[str, Any]:
    """Of a body that judges a finding: the corrected value stands only where something is put right."""
    note = {"type": "string", "maxLength": 2000, "pattern": "^[^\\u0000]*$", "default": ""}
    plain = {"decision": {"enum": ["confirmed", "rejected", "disputed"]}, "corrected": {"type": "null"}, "note": note}
    corrected = {"decision": {"const": "corrected"}, "corrected": {"anyOf": [value_schema(kind) for kind in FACT_PARTS]}, "note": note}
    return {
        "oneOf": [
            {"type": "object", "title": "Right or wrong", "properties": plain, "required": ["decision"]},
            {"type": "object", "title": "Put right", "properties": corrected, "required": ["decision", "corrected"]},
        ]
    }


def _part_schema(kind: str, part: Part) -> dict[str, Any]:
    if part.is_number:
        return {"type": "number", "minimum": part.least, "maximum": part.most}
    if choices := choices_of(kind, part):
        return {"type": "string", "enum": choices}
    if part.key in DATES:
        return {"type": "string", "pattern": DATE}
    return {"type": "string", "minLength": 1, "maxLength": MOST_TEXT, "pattern": SEEN_TEXT}
