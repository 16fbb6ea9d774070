"""Fields of bodies that take what the schema says and nothing that only looks like it: JSON has strings, numbers and booleans of its own."""

from __future__ import annotations

from typing import Any

from drf_spectacular.extensions import OpenApiSerializerFieldExtension
from rest_framework import serializers

# What stands in a text: no zero bytes; where it may not be blank, something to see.
ANY_TEXT = "^[^\\u0000]*$"
SEEN_TEXT = "^[^\\u0000]*[^\\s\\u0000][^\\u0000]*$"


class Text(serializers.CharField):
    """A string, as it is."""

    def __init__(self, **options: Any) -> None:
        super().__init__(trim_whitespace=False, **options)

    def to_internal_value(self, data: Any) -> str:
        if not isinstance(data, str):
            self.fail("invalid")
        if not self.allow_blank and not data.strip():
            self.fail("blank")
        return str(super().to_internal_value(data))


class Whole(serializers.IntegerField):
    """A number without a fraction; no string of one."""

    def to_internal_value(self, data: Any) -> int:
        if isinstance(data, bool) or not isinstance(data, int | float):
            self.fail("invalid")
        return int(super().to_internal_value(data))


class YesNo(serializers.BooleanField):
    """true or false; no word for it."""

    def to_internal_value(self, data: Any) -> bool:
        if not isinstance(data, bool):
            self.fail("invalid", input=data)
        return data


class TextInSchema(OpenApiSerializerFieldExtension):
    target_class = Text

    def map_serializer_field(self, auto_schema: Any, direction: str) -> dict[str, Any]:
        made: dict[str, Any] = {"type": "string", "pattern": ANY_TEXT if self.target.allow_blank else SEEN_TEXT}
        if not self.target.allow_blank:
            made["minLength"] = 1
        if self.target.max_length is not None:
            made["maxLength"] = self.target.max_length
        return made
