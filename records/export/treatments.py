"""Medicines, operations, radiation and cell therapy, and what became of the disease under them, as mCODE says them."""

from __future__ import annotations

from personalize.profile import PatientProfile, Treatment
from records.export.codes import DISEASE_STATUS, RESPONSES, SNOMED, Json, concept, loinc, mcode
from records.export.resource import Writer, dated, period

_PROCEDURES = {"surgery": "cancer-related-surgical-procedure", "radiation": "radiotherapy-course-summary"}
_DONE = {"given": "completed", "ongoing": "in-progress", "planned": "preparation", "declined": "not-done"}
_ASKED = {"planned": "draft", "declined": "cancelled"}
_LEAD = {"planned": "Planned: ", "declined": "Declined by the patient: "}
_WORDS = {"CR": "complete response", "PR": "partial response", "SD": "stable disease", "PD": "progressive disease"}
_KINDS = {"surgery": "Surgery", "radiation": "Radiation", "systemic": "Treatment", "cell_therapy": "Cell therapy", "other": "Treatment"}


def write_treatments(writer: Writer, profile: PatientProfile) -> None:
    for number, one in enumerate(profile.treatments):
        key = f"treatment/{number}"
        writer.add(key, _medicine(writer, one) if one.kind == "systemic" else _procedure(writer, one), _words(one), one.proof)
        if one.response in RESPONSES:
            writer.add(f"{key}/status", _status(writer, one), f"Response to {one.name}: {_WORDS[one.response]}", one.proof)


def _medicine(writer: Writer, one: Treatment) -> Json:
    shared: Json = {"medicationCodeableConcept": concept(one.name), "subject": writer.subject}
    if one.status in _ASKED:
        asked = {"resourceType": "MedicationRequest", "meta": mcode("cancer-related-medication-request"), "intent": "plan"}
        return {**asked, **shared, "status": _ASKED[one.status], **dated("authoredOn", one.proof.date)}
    notes: Json = {"note": [{"text": f"Medicines: {', '.join(one.drugs)}"}]} if one.drugs else {}
    span = period(one.start, one.stop)
    if not span:  # an administration has a time; where none is known, only that it was taken can be said
        state = "active" if one.status == "ongoing" else "completed"
        return {"resourceType": "MedicationStatement", **shared, **notes, "status": state}
    made = {"resourceType": "MedicationAdministration", "meta": mcode("cancer-related-medication-administration"), **shared, **notes}
    return {**made, "status": _DONE.get(one.status, "unknown"), "effectivePeriod": span}


def _procedure(writer: Writer, one: Treatment) -> Json:
    made = {"resourceType": "Procedure", "status": _DONE.get(one.status, "unknown"), "code": concept(one.name), "subject": writer.subject}
    if one.kind in _PROCEDURES:
        made["meta"] = mcode(_PROCEDURES[one.kind])
    if one.kind == "surgery" and one.start:
        return {**made, "performedDateTime": str(one.start)}
    span = period(one.start, one.stop)
    return {**made, "performedPeriod": span} if span else made


def _status(writer: Writer, one: Treatment) -> Json:
    code, said = RESPONSES[str(one.response)]
    made = {"resourceType": "Observation", "status": "final", "meta": mcode("cancer-disease-status"), "subject": writer.subject}
    made |= {"code": loinc(DISEASE_STATUS, "Cancer disease status"), "valueCodeableConcept": concept(said, (SNOMED, code, said))}
    return {**made, **dated("effectiveDateTime", one.stop or one.proof.date)}


def _words(one: Treatment) -> str:
    line = f"{_ordinal(one.line)} line " if one.line else ""
    if one.kind == "surgery" and one.start and one.status == "given":
        return f"{one.start}: {one.name}"
    state = ", ongoing" if one.status == "ongoing" else ""
    return f"{_KINDS.get(one.kind, 'Treatment')}: {_LEAD.get(one.status, '')}{line}{one.name}{_when(one)}{state}{_ENDS.get(one.stop_reason or '', '')}"


_ENDS = {"progression": ", stopped for progression", "toxicity": ", stopped for toxicity", "completed": ", completed"}


def _when(one: Treatment) -> str:
    if one.start is None:
        return f" until {one.stop}" if one.stop else ""
    if one.status == "ongoing":
        return f" since {one.start}"
    return f" from {one.start} to {one.stop}" if one.stop else f" from {one.start}"


def _ordinal(number: int) -> str:
    return {1: "First", 2: "Second", 3: "Third", 4: "Fourth", 5: "Fifth"}.get(number, f"{number}th")
