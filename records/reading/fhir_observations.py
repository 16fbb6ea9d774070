"""Observations of FHIR: stage, performance status, gene changes, tumor markers and laboratory values. What was not measured has no result."""

from __future__ import annotations

import re
from collections.abc import Iterator

from records.reading import sentences
from records.reading.coding import FLAGS, LOINC, lab_of
from records.reading.fhir_values import Resource, code, codes, listed, quantity, when, words

# LOINC number -> prefix: clinical, pathological.
_GROUPS = {"21908-9": "c", "21902-2": "p", "21914-7": ""}
_CATEGORIES = {"21905-5": "c", "21906-3": "c", "21907-1": "c", "21899-0": "p", "21900-6": "p", "21901-4": "p"}
_SCORES = {"89247-1": "ECOG", "42800-3": "ECOG", "89243-0": "Karnofsky"}
_ECOG_ANSWERS = {"LA9622-7": "0", "LA9623-5": "1", "LA9624-3": "2", "LA9625-0": "3", "LA9626-8": "4", "LA9627-6": "5"}
_VARIANT, _GENE, _CHANGES = "69548-6", "48018-6", ("48004-6", "48005-3")
_NAME, _ORIGIN, _SIGNIFICANCE = "81252-9", "48002-0", "53037-8"
_CATEGORY = re.compile(r"\b([cpyra]{0,2})([TNM](?:[0-4][a-d]?|is|X|x)(?:\([^)]{1,12}\))?)")
_EDITION = re.compile(r"\b([5-9])(?:th)?\b")
_METHODS = re.compile(r"sequencing|\bNGS\b|\bWES\b|\bWGS\b", re.IGNORECASE)
# Status without a result: said instead of one, whatever else the resource holds.
_WAITING = {"registered": "pending", "cancelled": "not tested"}


def observation(one: Resource) -> Iterator[str]:
    date = when(one, "effectiveDateTime", "effectivePeriod", "effectiveInstant", "issued")
    numbers = codes(one.get("code"), LOINC)
    special = _staged(one, numbers, date) or _scored(one, numbers, date) or _varied(one, numbers, date)
    if special:
        yield special
    else:
        yield from filter(None, (_measured(one, date, one), *(_measured(part, date, one) for part in listed(one, "component"))))
    yield from (str(note.get("text") or "") for note in listed(one, "note"))


def _staged(one: Resource, numbers: list[str], date: str) -> str:
    known = next((number for number in numbers if number in _GROUPS or number in _CATEGORIES), "")
    said = _result(one)
    if not known or not said or one.get("status") in _WAITING:
        return ""
    edition = next(iter(_EDITION.findall(words(one.get("method")))), "")
    if known in _GROUPS:
        return sentences.stage(said, prefix=_GROUPS[known], edition=edition, on=date)
    found = _CATEGORY.search(said)
    return sentences.tnm(f"{found[1] or _CATEGORIES[known]}{found[2]}", edition=edition, on=date) if found else ""


def _scored(one: Resource, numbers: list[str], date: str) -> str:
    scale = next((_SCORES[number] for number in numbers if number in _SCORES), "")
    said = _result(one)
    if not scale or not said or one.get("status") in _WAITING:
        return ""
    coded = _ECOG_ANSWERS.get(code(one.get("valueCodeableConcept")), "") if scale == "ECOG" else ""
    found = re.match(r"(?:ECOG|Karnofsky|KPS|grade|score|status|performance|[\s:-])*(\d{1,3})\b", said, re.IGNORECASE)
    value = coded or (found[1] if found else "")
    return sentences.score(scale, f"{value}%" if scale == "Karnofsky" else value, on=date) if value else ""


def _varied(one: Resource, numbers: list[str], date: str) -> str:
    """A gene change, whose gene, change, origin and meaning stand in parts of their own: told apart, a part would say too much."""
    parts = {number: said for part in listed(one, "component") for number in codes(part.get("code"), LOINC) if (said := _result(part))}
    gene = parts.get(_GENE, "").split()[-1:]
    name = gene[0] if gene else re.sub(r"\s+(?:gene\s+)?variants?$", "", words(one.get("code")))
    if not (_VARIANT in numbers or gene) or not name or (_VARIANT in numbers and not gene and "variant" not in words(one.get("code"))):
        return ""
    changes = [parts[number] for number in _CHANGES if number in parts] or [one for one in (parts.get(_NAME),) if one]
    result = _waiting(one) or _call(words(one.get("valueCodeableConcept")) or _result(one), parts.get(_SIGNIFICANCE, ""))
    method = "NGS" if _METHODS.search(words(one.get("method"))) else words(one.get("method"))
    return sentences.variant(name, changes=changes, result=result, origin=parts.get(_ORIGIN, ""), method=method, on=date)


def _call(said: str, significance: str) -> str:
    """Whether it was found; what is found and means nothing known is that."""
    if re.search(r"uncertain|unknown", significance, re.IGNORECASE):
        return "variant of uncertain significance"
    if re.search(r"benign", significance, re.IGNORECASE):
        return "benign variant"
    if re.fullmatch(r"absent|negative|not detected|not found", said.strip(), re.IGNORECASE):
        return "not detected"
    return "detected" if re.fullmatch(r"present|positive|detected|found", said.strip(), re.IGNORECASE) else said


def is_waiting(one: Resource) -> bool:
    """An observation that nobody made, or that is not ready."""
    return one.get("resourceType") == "Observation" and bool(_waiting(one))


def _waiting(one: Resource) -> str:
    """Why there is no result; "" where there may be one."""
    absent = words(one.get("dataAbsentReason")) or code(one.get("dataAbsentReason")).replace("-", " ")
    return absent or _WAITING.get(str(one.get("status")), "")


def _measured(one: Resource, date: str, whole: Resource) -> str:
    result = _waiting(one) or _waiting(whole) or _result(one)
    if not result:
        return ""
    numbers = codes(one.get("code"), LOINC)
    name = words(one.get("code"))
    if "[" in name or not name:  # the long name of LOINC, which no report prints
        name = next(filter(None, map(lab_of, numbers)), name)
    ranges = [_range(limits) for limits in listed(one, "referenceRange")]
    flags = [words(flag) or FLAGS.get(code(flag), code(flag)) for flag in listed(one, "interpretation")]
    status = "preliminary" if whole.get("status") == "preliminary" else ""
    kept = [flag for flag in flags if flag.lower() not in ("normal", "n") and flag.lower() not in result.lower()]
    return "      ".join(filter(None, (date, name, result, *ranges, *kept, status)))


def _result(one: Resource) -> str:
    for key, value in one.items():
        if key == "valueQuantity":
            return quantity(value)
        if key == "valueCodeableConcept":
            return words(value)
        if key == "valueRange":
            return _range(value)
        if key == "valueBoolean":
            return "yes" if value else "no"
        if key.startswith("value") and isinstance(value, str | int | float):
            return str(value)
    return ""


def _range(given: Resource) -> str:
    low, high = _end(given, "low"), _end(given, "high")
    unit = str(high.get("unit") or low.get("unit") or "")
    said = sentences.limits(*("" if one.get("value") is None else str(one["value"]) for one in (low, high)), unit=unit)
    return str(given.get("text") or "") or said


def _end(given: Resource, name: str) -> Resource:
    found = given.get(name)
    return found if isinstance(found, dict) else {}
