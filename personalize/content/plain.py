"""Frozen values as JSON: equal values give equal bytes, on every machine."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import Field, field, fields, is_dataclass
from datetime import date
from functools import cache
from typing import Any

from personalize.criteria import Criterion, encode

ENGLISH = "en"


def written_in() -> Any:
    """The field that says which language a text is in. English, which everything is first written in, leaves no trace in JSON: what is kept
    of it stays the same, byte for byte."""
    return field(default=ENGLISH, metadata={"is_left_out_at_default": True})


def stable_json(value: Any) -> str:
    """JSON of frozen values with sorted keys and no spaces, so that equal values give equal bytes."""
    return json.dumps(plain(value), sort_keys=True, separators=(",", ":"), ensure_ascii=False)


def plain(value: Any) -> Any:
    """Dataclasses to objects, tuples to lists, dates to ISO days, criteria to their encoded form."""
    if isinstance(value, Criterion):
        return encode(value)
    if is_dataclass(value) and not isinstance(value, type):
        read = ((one, getattr(value, one.name)) for one in _fields(type(value)))
        return {one.name: plain(part) for one, part in read if not (is_left_out_at_default(one) and part == one.default)}
    if isinstance(value, Mapping):
        return {str(key): plain(one) for key, one in value.items()}
    if isinstance(value, tuple | list):
        return [plain(one) for one in value]
    return value.isoformat() if isinstance(value, date) else value


@cache
def _fields(cls: type) -> tuple[Field[Any], ...]:
    return fields(cls)


def is_left_out_at_default(one: Field[Any]) -> bool:
    return "is_left_out_at_default" in one.metadata
