"""Serializers made from the dataclasses of personalize: one field for each attribute, so that the schema says what really comes back."""

from __future__ import annotations

import types
from collections.abc import Callable
from dataclasses import fields, is_dataclass
from datetime import date
from enum import StrEnum
from functools import cache
from typing import Any, Union, get_args, get_origin, get_type_hints

from rest_framework import serializers

from personalize.profile import PartialDate

Shape = type[serializers.Serializer[Any]]
_PLAIN: dict[type, Callable[..., serializers.Field[Any, Any, Any, Any]]] = {
    str: serializers.CharField,
    bool: serializers.BooleanField,
    int: serializers.IntegerField,
    float: serializers.FloatField,
    date: serializers.DateField,
    PartialDate: serializers.CharField,
}


@cache
def shape_of(cls: type, *, without: tuple[str, ...] = (), name: str = "") -> Shape:
    """A serializer of `cls` and of the dataclasses inside it. without: attributes that are not shown."""
    hints = get_type_hints(cls)
    made: dict[str, Any] = {one.name: field_of(hints[one.name]) for one in fields(cls) if one.name not in without}
    made["__doc__"] = (cls.__doc__ or "").split("\n\n")[0]
    return type(f"{name or cls.__name__}Serializer", (serializers.Serializer,), made)


def field_of(hint: Any, **options: Any) -> serializers.Field[Any, Any, Any, Any]:
    """The serializer field of one annotation."""
    origin, parts = get_origin(hint), get_args(hint)
    if origin in (Union, types.UnionType):
        (inner,) = [one for one in parts if one is not type(None)]
        return field_of(inner, allow_null=True, **options)
    if origin is tuple:
        inner = parts[0]
        if is_dataclass(inner) and inner is not PartialDate:
            return shape_of(inner)(many=True, **options)
        return serializers.ListField(child=field_of(inner), **options)
    if isinstance(hint, type) and issubclass(hint, StrEnum):
        return serializers.ChoiceField(choices=[one.value for one in hint], **options)
    if hint in _PLAIN:
        return _PLAIN[hint](**options)
    return shape_of(hint)(**options)


@cache
def page_of(row: Shape) -> Shape:
    """A piece of a long list."""
    name = row.__name__.removesuffix("Serializer")
    made = {
        "__doc__": "One piece of a list. next and previous: where the neighbouring pieces are.",
        "next": serializers.URLField(allow_null=True),
        "previous": serializers.URLField(allow_null=True),
        "results": row(many=True),
    }
    return type(f"{name}PageSerializer", (serializers.Serializer,), made)
