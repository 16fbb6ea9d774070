"""Coded FHIR resources as plain sentences. What a resource calls planned, suspected, refuted, past or not done reads as that and nothing else."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Callable, Iterator
from typing import Any

from records.exceptions import ReadingError
from records.reading import sentences
from records.reading.fhir_observations import observation
from records.reading.fhir_values import Resource, code, day, listed, name, quantity, span, when, words
from records.reading.markup import html_lines
from records.reading.plain import decode, plain_lines, rtf_lines
from records.reading.sentences import GIVEN, NOT_GIVEN, ONGOING, PAST, PLANNED, PRESENT, RULED_OUT, SUSPECTED

_MEANT = {"planned", "proposed", "draft", "on-hold", "intended", "preparation"}
_NOT_DONE = {"not-done", "cancelled", "not-taken", "declined"}
_UNDER_WAY = {"active", "in-progress"}
_VERIFIED = {"refuted": RULED_OUT, "provisional": SUSPECTED, "differential": SUSPECTED, "unconfirmed": SUSPECTED}
_OVER = {"resolved", "inactive"}
_SPREAD = "mcode-secondary-cancer-condition"


def patient(one: Resource) -> Iterator[str]:
    for label, value in (("Patient", name(one)), ("Sex", one.get("gender")), ("Date of birth", day(one.get("birthDate")))):
        if value:
            yield f"{label}: {value}"


def condition(one: Resource) -> Iterator[str]:
    what = words(one.get("code"))
    if not what:
        return
    clinical = code(one.get("clinicalStatus"))
    is_over = clinical in _OVER or (not clinical and bool(when(one, "abatementDateTime", "abatementPeriod")))
    state = _VERIFIED.get(code(one.get("verificationStatus")), PAST if is_over else PRESENT)
    sites = [site for site in map(words, listed(one, "bodySite")) if site and site.casefold() not in what.casefold()]
    if any(_SPREAD in str(profile) for profile in (one.get("meta") or {}).get("profile") or []) and sites:
        what = f"Metastasis in {sites[0]}"
    elif sites and state != RULED_OUT:
        what = f"{what}, {', '.join(sites)}"
    yield sentences.illness(what, state, on=when(one, "onsetDateTime", "onsetPeriod", "recordedDate"))
    if state != RULED_OUT:
        yield from (f"{said.rstrip('.')}." for stage in listed(one, "stage") if (said := words(stage.get("summary"))))
    yield from (str(note.get("text") or "") for note in listed(one, "note"))


def medication(one: Resource) -> Iterator[str]:
    what = words(one.get("medicationCodeableConcept")) or words(one.get("medicationReference"))
    if not what:
        return
    status = str(one.get("status") or "")
    start, stop = span(one, "effectivePeriod", "effectiveDateTime", "authoredOn", "dateAsserted")
    is_period = isinstance(one.get("effectivePeriod"), dict)
    why = ""
    if status == "stopped":
        why = " for ".join(filter(None, ("stopped", next(filter(None, map(words, listed(one, "statusReason"))), ""))))
    yield sentences.medicine(what, _state(one, status), start=start, stop=stop if is_period else "", why=why)


def _state(one: Resource, status: str) -> str:
    if status in _NOT_DONE:
        return NOT_GIVEN
    if status in _MEANT or one.get("intent") in ("plan", "proposal", "option"):
        return PLANNED
    return ONGOING if status in _UNDER_WAY else GIVEN


def procedure(one: Resource) -> Iterator[str]:
    if not (what := words(one.get("code"))):
        return
    start, stop = span(one, "performedPeriod", "performedDateTime", "performedString")
    yield sentences.done(what, _state(one, str(one.get("status") or "")), start=start, stop=stop)
    yield from (f"{said.rstrip('.')}." for said in (words(one.get("outcome")),) if said)
    yield from (str(note.get("text") or "") for note in listed(one, "note"))


def relative(one: Resource) -> Iterator[str]:
    who = words(one.get("relationship")) or "Relative"
    for part in listed(one, "condition"):
        if what := words(part.get("code")):
            yield sentences.relative(who, what, age=quantity(part.get("onsetAge")) or str(part.get("onsetString") or ""))


def allergy(one: Resource) -> Iterator[str]:
    if code(one.get("verificationStatus")) == "refuted" or code(one.get("clinicalStatus")) in _OVER:
        return
    if what := words(one.get("code")):
        shown = [words(sign) for reaction in listed(one, "reaction") for sign in listed(reaction, "manifestation")]
        yield sentences.allergy(", ".join(filter(None, (what, *shown))))


def report(one: Resource) -> Iterator[str]:
    yield " ".join(filter(None, (words(one.get("code")), when(one, "effectiveDateTime", "effectivePeriod", "issued"))))
    yield str(one.get("conclusion") or "")
    yield from (words(found) for found in listed(one, "conclusionCode"))
    for form in listed(one, "presentedForm"):
        yield from attached(form)


def document(one: Resource) -> Iterator[str]:
    yield " ".join(filter(None, (words(one.get("type")), str(one.get("description") or ""), when(one, "date"))))
    for content in listed(one, "content"):
        yield from attached(content.get("attachment"))


_TEXTS: dict[str, Callable[[str], list[str]]] = {
    "text/plain": plain_lines,
    "text/html": html_lines,
    "application/xhtml+xml": html_lines,
    "text/rtf": rtf_lines,
    "application/rtf": rtf_lines,
}


def attached(form: Any) -> list[str]:
    """Text that stands in the file itself. An address is never opened."""
    if not isinstance(form, dict) or not isinstance(form.get("data"), str):
        return []
    kind = str(form.get("contentType") or "").split(";")[0].strip().lower()
    if kind not in _TEXTS:
        return []
    try:
        return _TEXTS[kind](decode(base64.b64decode(form["data"], validate=False)))
    except (binascii.Error, ValueError):
        return []
    except ReadingError as error:
        if error.code == "damaged":
            return []  # the rest of the file still says what it says
        raise


def plan(one: Resource) -> Iterator[str]:
    if title := one.get("title") or one.get("description"):
        yield f"Planned: {title}"


LINES: dict[str, Callable[[Resource], Iterator[str]]] = {
    "AllergyIntolerance": allergy,
    "Binary": lambda one: iter(attached(one)),
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
