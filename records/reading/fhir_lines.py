"""Coded FHIR resources as one plain line each, worded so that a planned, suspected or refuted thing reads as such."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Callable, Iterator
from typing import Any

from records.reading.markup import html_lines
from records.reading.plain import decode, plain_lines

Resource = dict[str, Any]

_MEANT = {"planned", "proposed", "draft", "on-hold", "intended", "preparation"}
_NOT_DONE = {"not-done", "cancelled", "not-taken", "declined"}


def words(concept: Any) -> str:
    """A CodeableConcept or a Coding as people say it."""
    if not isinstance(concept, dict):
        return ""
    codings = concept.get("coding") if isinstance(concept.get("coding"), list) else []
    said = [concept.get("text"), *(one.get("display") for one in codings or [] if isinstance(one, dict)), concept.get("display")]
    return next((one for one in said if isinstance(one, str) and one), "")


def code(concept: Any) -> str:
    codings = concept.get("coding") if isinstance(concept, dict) else None
    return next((str(one.get("code") or "") for one in codings or [] if isinstance(one, dict)), "")


def day(value: Any) -> str:
    return value[:10] if isinstance(value, str) else ""


def when(resource: Resource, *names: str) -> str:
    """The first date there is, or a period as "from – to"."""
    for name in names:
        value = resource.get(name)
        if isinstance(value, dict):
            span = [day(value.get("start")), day(value.get("end"))]
            if any(span):
                return " - ".join(filter(None, span))
        elif day(value):
            return day(value)
    return ""


def quantity(value: Any) -> str:
    if not isinstance(value, dict) or value.get("value") is None:
        return ""
    return " ".join(filter(None, (f"{value.get('comparator') or ''}{value['value']}", value.get("unit") or value.get("code") or "")))


def name(resource: Resource) -> str:
    for one in resource.get("name") or []:
        given = " ".join(one.get("given") or [])
        if made := " ".join(filter(None, (given, one.get("family") or ""))) or str(one.get("text") or ""):
            return made
    return ""


def patient(one: Resource) -> Iterator[str]:
    for label, value in (("Patient", name(one)), ("Sex", one.get("gender")), ("Date of birth", day(one.get("birthDate")))):
        if value:
            yield f"{label}: {value}"


def condition(one: Resource) -> Iterator[str]:
    what = words(one.get("code"))
    if not what:
        return
    verified, clinical = code(one.get("verificationStatus")), code(one.get("clinicalStatus"))
    lead = {"refuted": "Ruled out: ", "provisional": "Suspected: ", "differential": "Suspected: ", "unconfirmed": "Suspected: "}
    stages = [words(stage.get("summary")) for stage in one.get("stage") or [] if isinstance(stage, dict)]
    sites = [words(site) for site in one.get("bodySite") or []]
    parts = [f"{lead.get(verified, '')}{what}", *sites, *stages, when(one, "onsetDateTime", "onsetPeriod", "recordedDate"), clinical]
    yield ", ".join(filter(None, parts))


def observation(one: Resource) -> Iterator[str]:
    date = when(one, "effectiveDateTime", "effectivePeriod", "issued")
    if line := _measured(one, date):
        yield line
    for part in one.get("component") or []:
        if line := _measured(part, date):
            yield line
    for note in one.get("note") or []:
        yield str(note.get("text") or "")


def _measured(one: Resource, date: str) -> str:
    result = _result(one)
    if not result:
        return ""
    ranges = [_range(limits) for limits in one.get("referenceRange") or []]
    flags = [words(flag) for flag in one.get("interpretation") or [] if words(flag).lower() != "normal"]
    status = one.get("status") if one.get("status") in ("preliminary", "registered", "cancelled") else ""
    return "      ".join(filter(None, (date, words(one.get("code")), result, *ranges, *flags, status)))


def _result(one: Resource) -> str:
    for key, value in one.items():
        if key == "valueQuantity":
            return quantity(value)
        if key == "valueCodeableConcept":
            return words(value)
        if key.startswith("value") and isinstance(value, str | int | float):
            return str(value)
    return words(one.get("dataAbsentReason"))


def _range(limits: Resource) -> str:
    ends = [quantity(limits.get("low")), quantity(limits.get("high"))]
    return str(limits.get("text") or "") or (
        f"{ends[0]} - {ends[1]}" if all(ends) else f">={ends[0]}" if ends[0] else f"<={ends[1]}" * bool(ends[1])
    )


def medication(one: Resource) -> Iterator[str]:
    what = words(one.get("medicationCodeableConcept")) or words(one.get("medicationReference"))
    if not what:
        return
    status = str(one.get("status") or "")
    is_meant = status in _MEANT or one.get("intent") in ("plan", "proposal", "option")
    date = when(one, "effectivePeriod", "effectiveDateTime", "authoredOn")
    doses = [str(dose.get("text") or "") for dose in one.get("dosageInstruction") or one.get("dosage") or [] if isinstance(dose, dict)]
    reasons = [words(reason) for reason in one.get("statusReason") or [] if isinstance(reason, dict)]
    yield ", ".join(filter(None, (_lead(status, is_meant) + what, *doses, date, status, *reasons)))


def procedure(one: Resource) -> Iterator[str]:
    status = str(one.get("status") or "")
    if what := words(one.get("code")):
        date = when(one, "performedDateTime", "performedPeriod")
        yield ", ".join(filter(None, (_lead(status, status in _MEANT) + what, date, status, words(one.get("outcome")))))


def _lead(status: str, is_meant: bool) -> str:
    return "Not given: " if status in _NOT_DONE else "Planned: " if is_meant else ""


def relative(one: Resource) -> Iterator[str]:
    who = words(one.get("relationship")) or "Relative"
    conditions = [part for part in one.get("condition") or [] if isinstance(part, dict)]
    for part in conditions:
        age = quantity(part.get("onsetAge")) or str(part.get("onsetString") or "")
        yield f"Family history: {who}: {words(part.get('code'))}" + (f", age at onset {age}" if age else "")


def allergy(one: Resource) -> Iterator[str]:
    if what := words(one.get("code")):
        shown = [words(sign) for reaction in one.get("reaction") or [] for sign in reaction.get("manifestation") or []]
        yield f"Allergy: {', '.join(filter(None, (what, *shown)))}"


def report(one: Resource) -> Iterator[str]:
    yield " ".join(filter(None, (words(one.get("code")), when(one, "effectiveDateTime", "effectivePeriod", "issued"))))
    yield str(one.get("conclusion") or "")
    yield from (words(found) for found in one.get("conclusionCode") or [])
    for form in one.get("presentedForm") or []:
        yield from attached(form)


def document(one: Resource) -> Iterator[str]:
    yield " ".join(filter(None, (words(one.get("type")), str(one.get("description") or ""), when(one, "date"))))
    for content in one.get("content") or []:
        yield from attached(content.get("attachment"))


def attached(form: Any) -> list[str]:
    """Text that stands in the file itself. An address is never opened."""
    if not isinstance(form, dict) or not isinstance(form.get("data"), str):
        return []
    kind = str(form.get("contentType") or "").split(";")[0].strip().lower()
    if kind not in ("text/plain", "text/html", "application/xhtml+xml"):
        return []
    try:
        content = decode(base64.b64decode(form["data"], validate=False))
    except (binascii.Error, ValueError):
        return []
    return plain_lines(content) if kind == "text/plain" else html_lines(content)


def plan(one: Resource) -> Iterator[str]:
    if title := one.get("title") or one.get("description"):
        yield f"Planned: {title}"


LINES: dict[str, Callable[[Resource], Iterator[str]]] = {
    "AllergyIntolerance": allergy,
    "CarePlan": plan,
    "Condition": condition,
    "DiagnosticReport": report,
    "DocumentReference": document,
    "FamilyMemberHistory": relative,
    "MedicationAdministration": medication,
    "MedicationRequest": medication,
    "MedicationStatement": medication,
    "Observation": observation,
    "Patient": patient,
    "Procedure": procedure,
}
