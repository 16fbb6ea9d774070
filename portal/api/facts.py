"""A fact that a person types, checked as on the page: the parts its kind has, and values that fit them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from rest_framework.exceptions import ValidationError

from portal.forms import FACT_PARTS, FactForm
from records.exceptions import RecordsError


def fact_of(
    kind: str, typed: Mapping[str, Any], *, date: str | None = None, before: Mapping[str, Any] | None = None
) -> tuple[dict[str, Any], str | None]:
    """The value to keep, and its date. before: what stood there, whose other parts stay. Raises ValidationError, RecordsError("invalid_value")."""
    if kind not in FACT_PARTS:
        raise RecordsError("invalid_value")
    parts = {one.key for one in FACT_PARTS[kind]}
    known = parts | set(before or {})
    if unknown := sorted(str(one)[:80] for one in set(typed) - known):
        raise ValidationError({"value": [f"This kind of fact has no part {one!r}." for one in unknown]})
    form = FactForm(kind, {**{key: _typed(one) for key, one in typed.items() if key in parts}, "on": date or ""}, value=before)
    if not form.is_valid():
        raise ValidationError({"value": [f"{key}: {said}" for key, one in form.errors.items() for said in one]})
    return form.fact, form.cleaned_data.get("on")


def _typed(one: Any) -> Any:
    """As it would stand in a form. Lists and objects are no such thing."""
    if one is None or isinstance(one, str):
        return one or ""
    if isinstance(one, bool) or not isinstance(one, int | float):
        raise RecordsError("invalid_value")
    return str(one)
