"""A profile as rows of a table: one for each fact, with the words behind it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from personalize.codec import encode_profile
from personalize.profile import PatientProfile

COLUMNS = ("fact", "value", "details", "date", "checked", "file", "page", "quote")
_PROOF = {"evidence", "date", "confidence", "checked", "is_conflicting", "is_poorly_read", "finding_ids"}
_NAMED = ("value", "name", "group", "condition")


def rows_of(profile: PatientProfile) -> Iterator[tuple[str, ...]]:
    """In the order of COLUMNS; the first words behind a fact stand in its row."""
    for name, made in encode_profile(profile).items():
        for one in made if isinstance(made, list) else [made]:
            if isinstance(one, Mapping) and name != "clinical":
                yield _row(name, one)


def _row(name: str, one: Mapping[str, Any]) -> tuple[str, ...]:
    main = next((key for key in _NAMED if one.get(key) not in (None, "")), "")
    details = "; ".join(f"{key}: {_text(part)}" for key, part in one.items() if key not in _PROOF | {main} and part not in (None, "", []))
    words = (one.get("evidence") or [{}])[0]
    cells = (name, one.get(main), details, one.get("date"), one.get("checked"), words.get("file"), words.get("page"), words.get("quote"))
    return tuple(_safe(_text(cell)) for cell in cells)


def _text(part: Any) -> str:
    return ", ".join(map(str, part)) if isinstance(part, list) else "" if part is None else str(part)


def _safe(text: str) -> str:
    """A cell that a spreadsheet would run as a formula is made plain."""
    return f"'{text}" if text[:1] in ("=", "+", "-", "@", "\t", "\r") else text
