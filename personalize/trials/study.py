"""Registry records to trials: complete API v2 studies, and the flat lines of the command contract. Every field may be missing."""

from __future__ import annotations

import ast
import re
from collections.abc import Mapping
from typing import Any

from personalize.profile import PartialDate
from personalize.trials.values import OPEN_STATUSES, Place, Trial

Json = Mapping[str, Any]

_ESCAPED = re.compile(r"\\([<>*_~\[\]#+=-])")
_NO_LETTERS = re.compile(r"[^A-Z]+")


def trial_from_record(record: Json) -> Trial:
    """From an API v2 study or a flat line. Raises ValueError where there is no NCT number."""
    return _from_api(record) if "protocolSection" in record else _from_line(record)


def _text(value: Any) -> str:
    """Words, or a number as words; anything else, and the registry's ways of saying nothing, are empty."""
    if isinstance(value, bool) or not isinstance(value, str | int | float) or value in ("None", "N/A"):
        return ""
    return str(value)


def _unescaped(text: str) -> str:
    """Without the registry's markdown escapes, which stand before signs of comparison and stars."""
    return _ESCAPED.sub(r"\1", text)


def _members(value: Any) -> list[Json]:
    return [one for one in value if isinstance(one, Mapping)] if isinstance(value, list | tuple) else []


def _words(value: Any) -> tuple[str, ...]:
    """A list of words; also from one printed as text."""
    if isinstance(value, str):
        try:
            value = ast.literal_eval(value) if value.startswith("[") else [value]
        except (ValueError, SyntaxError, RecursionError, MemoryError):
            value = [value]
    if not isinstance(value, list | tuple):
        return ()
    return tuple(_name(one) for one in value if _name(one))


def _name(one: Any) -> str:
    return _text(one.get("name") or one.get("term")) if isinstance(one, Mapping) else _text(one)


def _from_line(record: Json) -> Trial:
    nct = _text(record.get("nct") or record.get("nct_id"))
    if not nct:
        raise ValueError("a record without an NCT number")
    return Trial(
        nct=nct,
        title=_text(record.get("title")),
        conditions=_words(record.get("conditions")),
        interventions=_words(record.get("interventions")),
        summary=_text(record.get("brief_summary") or record.get("summary")),
        text=_text(record.get("text")),
        eligibility=_text(record.get("eligibility")),
        min_age=_text(record.get("min_age")) or None,
        max_age=_text(record.get("max_age")) or None,
        sex=_text(record.get("sex")) or None,
        phase=", ".join(_words(record.get("phase"))) or None,
        status=_NO_LETTERS.sub("_", _text(record.get("status")).upper()).strip("_") or None,
        updated_on=PartialDate.parse(_text(record.get("updated"))),
        places=tuple(_place(one) for one in _members(record.get("locations"))),
    )


def _part(record: Any, *path: str) -> Any:
    for name in path:
        record = record.get(name) if isinstance(record, Mapping) else None
    return record


def _from_api(record: Json) -> Trial:
    protocol = record.get("protocolSection")
    nct = _text(_part(protocol, "identificationModule", "nctId"))
    if not nct:
        raise ValueError("a study without an NCT number")
    title = _part(protocol, "identificationModule", "officialTitle") or _part(protocol, "identificationModule", "briefTitle")
    return Trial(
        nct=nct,
        title=_text(title),
        conditions=_words(_part(protocol, "conditionsModule", "conditions")),
        interventions=_words(_part(protocol, "armsInterventionsModule", "interventions")),
        summary=_text(_part(protocol, "descriptionModule", "briefSummary")),
        text=" ".join(
            (_text(_part(protocol, "descriptionModule", "detailedDescription")), *_words(_part(protocol, "conditionsModule", "keywords")))
        ),
        eligibility=_unescaped(_text(_part(protocol, "eligibilityModule", "eligibilityCriteria"))),
        min_age=_text(_part(protocol, "eligibilityModule", "minimumAge")) or None,
        max_age=_text(_part(protocol, "eligibilityModule", "maximumAge")) or None,
        sex=_text(_part(protocol, "eligibilityModule", "sex")) or None,
        phase=", ".join(_words(_part(protocol, "designModule", "phases"))) or None,
        status=_text(_part(protocol, "statusModule", "overallStatus")) or None,
        updated_on=PartialDate.parse(_text(_part(protocol, "statusModule", "lastUpdatePostDateStruct", "date"))),
        places=tuple(_place(one) for one in _members(_part(protocol, "contactsLocationsModule", "locations"))),
    )


def _place(one: Json) -> Place:
    status = _text(one.get("status"))
    latitude, longitude = _number(_part(one, "geoPoint", "lat")), _number(_part(one, "geoPoint", "lon"))
    is_open = not status or status in OPEN_STATUSES
    return Place(_text(one.get("country")), _text(one.get("city")), _text(one.get("facility")), latitude, longitude, is_open)


def _number(value: Any) -> float | None:
    return float(value) if isinstance(value, int | float) and not isinstance(value, bool) else None
