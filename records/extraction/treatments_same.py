"""When two tellings are one course of treatment, and what they say together."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from personalize.profile import PartialDate

Value = dict[str, Any]
_RANK = {"CR": 4, "PR": 3, "SD": 2, "PD": 1}
_REASONS = ("progression", "toxicity", "completed")
_KEPT = ("line", "intent", "cycles", "held")


def is_same_course(one: Mapping[str, Any], other: Mapping[str, Any]) -> bool:
    """Two tellings of one course: the same drugs (half of them shared, folinic acid aside) and nothing that contradicts."""
    if one["kind"] != other["kind"] or not _is_same_therapy(one, other):
        return False
    if _differ(one, other, "line") and not _is_near(one.get("start"), other.get("start"), 31):
        return False
    if _differ(one, other, "intent") and {one["intent"], other["intent"]} <= {"neoadjuvant", "adjuvant", "maintenance"}:
        return False
    if one.get("start") and other.get("start"):
        return _is_near(one["start"], other["start"], 62) or _holds(one, other["start"]) or _holds(other, one["start"])
    return True


def _is_same_therapy(one: Mapping[str, Any], other: Mapping[str, Any]) -> bool:
    mine, theirs = set(one.get("drugs") or ()), set(other.get("drugs") or ())
    if not mine or not theirs:
        return bool(one["name"] == other["name"]) and not mine and not theirs
    if "leucovorin" in mine | theirs:
        mine, theirs = mine - {"leucovorin"} or mine, theirs - {"leucovorin"} or theirs
    return len(mine & theirs) * 2 >= len(mine | theirs)


def _differ(one: Mapping[str, Any], other: Mapping[str, Any], key: str) -> bool:
    return bool(one.get(key)) and bool(other.get(key)) and one[key] != other[key]


def _is_near(one: str | None, other: str | None, days: int) -> bool:
    mine, theirs = PartialDate.parse(one), PartialDate.parse(other)
    if mine is None or theirs is None:
        return False
    return _gap(mine, theirs) <= days


def _gap(one: PartialDate, other: PartialDate) -> int:
    """Days between two dates of whatever precision; 0 where they may be the same."""
    if one.earliest() <= other.latest() and other.earliest() <= one.latest():
        return 0
    return min(abs((one.earliest() - other.latest()).days), abs((other.earliest() - one.latest()).days))


def _holds(one: Mapping[str, Any], day: str) -> bool:
    start, stop, point = PartialDate.parse(one.get("start")), PartialDate.parse(one.get("stop")), PartialDate.parse(day)
    return bool(
        start and point and start.earliest() <= point.latest() and (stop.latest() if stop else date.max) >= point.earliest() and stop
    )


def united(one: Mapping[str, Any], other: Mapping[str, Any]) -> Value:
    """One course of two tellings. The fuller list of drugs, the more precise dates and the best response win."""
    fuller, lesser = (one, other) if len(one.get("drugs") or ()) >= len(other.get("drugs") or ()) else (other, one)
    value: Value = {**lesser, **fuller}
    for key in _KEPT:
        value[key] = one.get(key) or other.get(key)
    value["start"] = _preciser(one.get("start"), other.get("start"), min)
    value["stop"] = _preciser(one.get("stop"), other.get("stop"), max)
    value["response"] = max((one.get("response"), other.get("response")), key=lambda code: _RANK.get(code or "", 0))
    value["stop_reason"] = next((reason for reason in _REASONS if reason in (one.get("stop_reason"), other.get("stop_reason"))), None)
    return {key: kept for key, kept in value.items() if kept is not None}


def _preciser(one: str | None, other: str | None, choose: Any) -> str | None:
    if not one or not other:
        return one or other
    if one.startswith(other) or other.startswith(one):
        return max(one, other, key=len)
    picked: str = choose(one, other)
    return picked
