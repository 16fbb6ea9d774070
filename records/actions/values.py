"""What a person may type as the value of a fact."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from records.exceptions import RecordsError

MAX_VALUE_KEYS = 20
MAX_VALUE_TEXT = 500


def check_value(value: Mapping[str, Any]) -> None:
    """Plain JSON of one level, of a size that a person types."""
    if not isinstance(value, Mapping) or not 0 < len(value) <= MAX_VALUE_KEYS:
        raise RecordsError("invalid_value")
    for key, one in value.items():
        parts = one if isinstance(one, (list, tuple)) else [one]
        if not isinstance(key, str) or len(parts) > MAX_VALUE_KEYS or not all(_is_plain(part) for part in parts):
            raise RecordsError("invalid_value")


def _is_plain(part: Any) -> bool:
    if isinstance(part, float):
        return part == part and abs(part) != float("inf")
    return part is None or isinstance(part, (bool, int)) or (isinstance(part, str) and len(part) <= MAX_VALUE_TEXT)
