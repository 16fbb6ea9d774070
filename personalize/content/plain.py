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
    kind = type(value)
    if kind in _AS_IT_IS:
        return value
    if isinstance(value, Criterion):
        return encode(value)
    if is_dataclass(kind):
        read = ((name, getattr(value, name), left_out) for name, left_out in _fields(kind))
        return {name: plain(part) for name, part, left_out in read if part not in left_out}
    if isinstance(value, Mapping):
        return {str(key): plain(one) for key, one in value.items()}
    if isinstance(value, tuple | list):
        return [plain(one) for one in value]
    return value.isoformat() if isinstance(value, date) else value


# What nearly all values of a content are: asked first.
_AS_IT_IS = frozenset({str, int, float, bool, type(None)})


@cache
def _fields(kind: type) -> tuple[tuple[str, tuple[Any, ...]], ...]:
    """The name of each field, and the value at which it is left out, if there is one."""
    return tuple((one.name, (one.default,) if is_left_out_at_default(one) else ()) for one in fields(kind))


def is_left_out_at_default(one: Field[Any]) -> bool:
    return "is_left_out_at_default" in one.metadata
