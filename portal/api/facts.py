"""A fact that a person types, checked as on the page and as the schema says: the parts its kind has, and values that fit them."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from typing import Any

from rest_framework.exceptions import ValidationError

from portal.api.strict import SEEN_TEXT
from portal.forms.facts import FACT_PARTS, FactForm, Part, known_cancers
from records.exceptions import RecordsError
from records.extraction.finding import Kind

MOST_TEXT = 200
_YEAR = "(?:[1-9][0-9]{3}|0[1-9][0-9]{2}|00[1-9][0-9]|000[1-9])"
_LEAP = "(?:[0-9]{2}(?:0[48]|[2468][048]|[13579][26])|(?:0[48]|[2468][048]|[13579][26])00)"
_DAY = "(?:(?:0[1-9]|1[0-2])-(?:0[1-9]|1[0-9]|2[0-8])|(?:0[13-9]|1[0-2])-(?:29|30)|(?:0[13578]|1[02])-31)"
# A year, a month or a day that there is.
DATE = f"^(?:{_YEAR}(?:-(?:0[1-9]|1[0-2]))?|{_YEAR}-{_DAY}|{_LEAP}-02-29)$"
DATES = ("start", "stop", "date")


def fact_of(
    kind: str, typed: Mapping[str, Any], *, date: str | None = None, before: Mapping[str, Any] | None = None
) -> tuple[dict[str, Any], str | None]:
    """The value to keep, and its date. before: what stood there, whose other parts stay. Raises ValidationError, RecordsError("invalid_value")."""
    if kind not in FACT_PARTS:
        raise RecordsError("invalid_value")
    if faults := faults_of(kind, {key: one for key, one in typed.items() if key not in (before or {}) or key in _keys(kind)}):
        raise ValidationError({"value": faults})
    form = FactForm(kind, {**{key: str(one) for key, one in typed.items() if key in _keys(kind)}, "on": date or ""}, value=before)
    if not form.is_valid():
        raise ValidationError({"value": [f"{key}: {said}" for key, one in form.errors.items() for said in one]})
    return form.fact, form.cleaned_data.get("on")


def fits_another(kind: str, typed: Mapping[str, Any]) -> bool:
    """It would be right for a fact of another kind."""
    return any(not faults_of(one, typed) for one in FACT_PARTS if one != kind)


def faults_of(kind: str, typed: Mapping[str, Any]) -> list[str]:
    """What is not right about the parts, each named."""
    parts = {one.key: one for one in FACT_PARTS[kind]}
    faults = [f"This kind of fact has no part {str(key)[:80]!r}." for key in typed if key not in parts]
    faults += [f"{key}: This does not fit." for key, part in parts.items() if key in typed and not _fits(kind, part, typed[key])]
    faults += [f"{key}: Fill in this part" for key, part in parts.items() if part.is_required and key not in typed]
    return faults or ([] if typed else ["Say at least one part."])


def _keys(kind: str) -> set[str]:
    return {one.key for one in FACT_PARTS[kind]}


def _fits(kind: str, part: Part, typed: Any) -> bool:
    if part.is_number:
        return isinstance(typed, int | float) and not isinstance(typed, bool) and math.isfinite(typed) and part.least <= typed <= part.most
    if not isinstance(typed, str):
        return False
    if choices := choices_of(kind, part):
        return typed in choices
    if part.key in DATES:
        return re.search(DATE, typed) is not None and not typed.endswith("\n")
    return len(typed) <= MOST_TEXT and re.search(SEEN_TEXT, typed) is not None


def choices_of(kind: str, part: Part) -> list[str]:
    if kind == Kind.DIAGNOSIS and part.key == "name":
        return list(known_cancers())
    return [str(one) for one, _words in part.choices]
