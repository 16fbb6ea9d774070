"""The last touch of the schema: what drf-spectacular leaves open."""

from __future__ import annotations

from typing import Any


def bodies_are_required(result: dict[str, Any], **given: Any) -> dict[str, Any]:
    """A body is required where it has a part that is."""
    for methods in result["paths"].values():
        for one in methods.values():
            body = one.get("requestBody")
            if body and any(_needs_something(kind["schema"], result) for kind in body["content"].values()):
                body["required"] = True
    return result


def _needs_something(schema: dict[str, Any], whole: dict[str, Any]) -> bool:
    if "$ref" in schema:
        schema = whole["components"]["schemas"][schema["$ref"].rpartition("/")[2]]
    return bool(schema.get("required") or schema.get("oneOf") or schema.get("format") == "binary")
