"""Codes of the field that we are sure of, and profiles of mCODE by name. Where there is no sure code, the words stand alone."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

Json = dict[str, Any]
LOINC = "http://loinc.org"
SNOMED = "http://snomed.info/sct"
HGNC = "http://www.genenames.org/geneId"
ONCOTREE = "http://oncotree.mskcc.org"
UCUM = "http://unitsofmeasure.org"
_TERMS = "http://terminology.hl7.org/CodeSystem"
INTERPRETATION = f"{_TERMS}/v3-ObservationInterpretation"
CLINICAL = f"{_TERMS}/condition-clinical"
VERIFICATION = f"{_TERMS}/condition-ver-status"
CATEGORY = f"{_TERMS}/observation-category"
ABSENT = f"{_TERMS}/data-absent-reason"
ROLE = f"{_TERMS}/v3-RoleCode"
PROVENANCE_ROLE = f"{_TERMS}/provenance-participant-type"
_MCODE = "http://hl7.org/fhir/us/mcode/StructureDefinition/mcode-"

# TNM and stage group by prefix: clinical, pathological.
STAGING: Mapping[str, tuple[str, str, str]] = {
    "t": ("21905-5", "21899-0", "tnm-primary-tumor-category"),
    "n": ("21906-3", "21900-6", "tnm-regional-nodes-category"),
    "m": ("21907-1", "21901-4", "tnm-distant-metastases-category"),
    "group": ("21908-9", "21902-2", "tnm-stage-group"),
}
ECOG, KARNOFSKY = ("89247-1", "ECOG performance status"), ("89243-0", "Karnofsky performance status")
VARIANT, GENE, AMINO_ACID, SOURCE_CLASS = "69548-6", "48018-6", "48005-3", "48002-0"
SIGNIFICANCE, DISEASE_STATUS = "53037-8", "97509-4"
PRESENT, NOT_FOUND = ("LA9633-4", "Present"), ("LA9634-2", "Absent")
ORIGINS = {"germline": ("LA6683-2", "Germline"), "somatic": ("LA6684-0", "Somatic")}
UNCERTAIN = ("LA26333-7", "Uncertain significance")
CALLS = {"positive": ("POS", "Positive"), "negative": ("NEG", "Negative"), "equivocal": ("IND", "Indeterminate")}
RESPONSES = {
    "CR": ("268910001", "Patient's condition improved"),
    "PR": ("268910001", "Patient's condition improved"),
    "SD": ("359746009", "Patient's condition stable"),
    "PD": ("271299001", "Patient's condition worsened"),
}


def mcode(name: str) -> Json:
    return {"profile": [f"{_MCODE}{name}"]}


def concept(text: str, *codings: tuple[str, str, str | None]) -> Json:
    """CodeableConcept; codings: (system, code, display)."""
    made: Json = {"coding": [{"system": system, "code": code, **({"display": said} if said else {})} for system, code, said in codings]}
    return {**(made if codings else {}), "text": text}


def loinc(code: str, text: str) -> Json:
    return concept(text, (LOINC, code, None))
