"""Values from the JSON that personalize.content.plain made of them."""

from __future__ import annotations

import datetime as dt
import types
import typing
from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from enum import Enum
from functools import cache
from typing import Any, Union, get_args, get_origin

from personalize.criteria import Criterion
from personalize.criteria.values import decode_unchecked


def read_back(hint: Any, value: Any) -> Any:
    """The value, given its type. Raises TypeError for a type that no kept value has."""
    if value is None or hint is Any:
        return value
    if isinstance(hint, type) and not get_origin(hint):
        return _of_class(hint, value)
    return _of_many(hint, value)


def _of_class(hint: type, value: Any) -> Any:
    if issubclass(hint, Criterion):
        return decode_unchecked(value)
    if issubclass(hint, Enum):
        return hint(value)
    if hint is dt.date:
        return dt.date.fromisoformat(value)
    if is_dataclass(hint):
        hints = _hints(hint)
        return hint(**{one.name: read_back(hints[one.name], value[one.name]) for one in fields(hint) if one.init and one.name in value})
    if hint in (str, int, float, bool):
        return value
    raise TypeError(f"no kept value is a {hint.__name__}")


def _of_many(hint: Any, value: Any) -> Any:
    origin, parts = get_origin(hint), get_args(hint)
    if origin in (Union, types.UnionType):
        wanted = [one for one in parts if one is not type(None)]
        return read_back(wanted[0], value) if len(wanted) == 1 else value
    if origin is tuple:
        return tuple(read_back(parts[0], one) for one in value)
    if origin is not None and issubclass(origin, Mapping):
        return {key: read_back(parts[1], one) for key, one in value.items()}
    raise TypeError(f"no kept value is a {hint}")


@cache
def _hints(hint: type) -> dict[str, Any]:
    return typing.get_type_hints(hint)
