"""Tumor markers, genomic variants, laboratory values, performance status and HLA types, as mCODE says them."""

from __future__ import annotations

from typing import Any

from personalize.profile import Biomarker, Fact, LabResult, PatientProfile
from records.export import codes
from records.export.codes import ABSENT, CATEGORY, INTERPRETATION, LOINC, Json, concept, loinc, mcode
from records.export.resource import Writer, dated, said

# What was not measured has a status and a reason, and no value: it is no negative result.
_UNMEASURED = {
    "pending": ("registered", "temp-unknown", "pending"),
    "not_tested": ("cancelled", "not-performed", "not tested"),
    "not_resulted": ("cancelled", "error", "no result"),
    "quantity_not_sufficient": ("cancelled", "not-performed", "quantity not sufficient"),
}
_WORDS = {
    "positive": "positive",
    "negative": "negative",
    "equivocal": "equivocal",
    "vus": "variant of uncertain significance",
    "reported": "",
}


def write_observations(writer: Writer, profile: PatientProfile) -> None:
    for number, marker in enumerate(profile.biomarkers):
        _marker(writer, f"marker/{number}", marker)
    for number, lab in enumerate(profile.labs):
        _lab(writer, f"lab/{number}", lab)
    _score(writer, "ecog", profile.ecog, codes.ECOG, "ECOG performance status: {}", "ecog-performance-status")
    _score(writer, "karnofsky", profile.karnofsky, codes.KARNOFSKY, "Karnofsky performance status: {}%", "karnofsky-performance-status")
    for number, allele in enumerate(profile.hla):
        made = _observation(writer, concept("HLA type"), allele.proof.date) | {"valueString": allele.value}
        writer.add(f"hla/{number}", made, f"HLA typing: HLA-{allele.value}", allele.proof)


def _observation(writer: Writer, code: Json, on: Any, *, status: str = "final") -> Json:
    made = {"resourceType": "Observation", "status": status, "code": code, "subject": writer.subject, **dated("effectiveDateTime", on)}
    return {**made, "category": [concept("laboratory", (CATEGORY, "laboratory", None))]}


def _marker(writer: Writer, key: str, marker: Biomarker) -> None:
    status, absent, reason = _UNMEASURED.get(marker.status, ("final", "", ""))
    is_variant = marker.origin != "unknown" or marker.method == "NGS" or (marker.detail or "").startswith(("p.", "c."))
    code = loinc(codes.VARIANT, f"{marker.name} variant") if is_variant else concept(marker.name)
    made = {
        **_observation(writer, code, marker.proof.date, status=status),
        "meta": mcode("genomic-variant" if is_variant else "tumor-marker-test"),
    }
    if absent:
        made["dataAbsentReason"] = concept(reason, (ABSENT, absent, None))
    elif is_variant:
        found = codes.NOT_FOUND if marker.status == "negative" else codes.PRESENT
        made["valueCodeableConcept"] = concept(found[1], (LOINC, *found))
    else:
        made["valueString"] = said(_WORDS.get(marker.status, marker.status), marker.detail)
    if marker.status in codes.CALLS:
        call = codes.CALLS[marker.status]
        made["interpretation"] = [concept(call[1], (INTERPRETATION, *call))]
    if is_variant and (parts := _components(marker)):
        made["component"] = parts
    if marker.method:
        made["method"] = concept(marker.method)
    writer.add(key, made, _marker_words(marker, reason), marker.proof)


def _components(marker: Biomarker) -> list[Json]:
    made = [{"code": loinc(codes.GENE, "Gene studied"), "valueCodeableConcept": concept(marker.name)}]
    if (marker.detail or "").startswith("p."):
        made.append({"code": loinc(codes.AMINO_ACID, "Amino acid change"), "valueCodeableConcept": concept(str(marker.detail))})
    if marker.origin in codes.ORIGINS:
        made.append(
            {
                "code": loinc(codes.SOURCE_CLASS, "Genomic source class"),
                "valueCodeableConcept": concept(marker.origin, (LOINC, *codes.ORIGINS[marker.origin])),
            }
        )
    if marker.status == "vus":
        made.append(
            {
                "code": loinc(codes.SIGNIFICANCE, "Clinical significance"),
                "valueCodeableConcept": concept(codes.UNCERTAIN[1], (LOINC, *codes.UNCERTAIN)),
            }
        )
    return made


def _marker_words(marker: Biomarker, reason: str) -> str:
    how = f" ({marker.method})" if marker.method else ""
    origin = f"{marker.origin} " if marker.origin != "unknown" else ""
    result = said(marker.detail, reason or _WORDS.get(marker.status, ""))
    return f"{origin.capitalize()}{marker.name}{how}: {result}"


def _lab(writer: Writer, key: str, lab: LabResult) -> None:
    code = loinc(lab.loinc, lab.name) if lab.loinc else concept(lab.name)
    value: Json = {"value": lab.value}
    if lab.unit:
        value["unit"] = lab.unit
    if lab.comparator in ("<", "<=", ">", ">="):
        value["comparator"] = lab.comparator
    made = {**_observation(writer, code, lab.proof.date), "valueQuantity": value}
    limits = {
        name: {"value": one, **({"unit": lab.unit} if lab.unit else {})}
        for name, one in (("low", lab.low), ("high", lab.uln))
        if one is not None
    }
    if limits:
        made["referenceRange"] = [limits]
    normal = f" (reference range {_limits(lab)})" if lab.low is not None or lab.uln is not None else ""
    on = f" on {lab.proof.date}" if lab.proof.date else ""
    writer.add(key, made, f"Laboratory: {lab.name}{on}: {lab.comparator or ''}{lab.value:g} {lab.unit or ''}{normal}", lab.proof)


def _limits(lab: LabResult) -> str:
    if lab.low is not None and lab.uln is not None:
        return f"{lab.low:g} - {lab.uln:g}"
    return f"<= {lab.uln:g}" if lab.uln is not None else f">= {lab.low:g}"


def _score(writer: Writer, key: str, fact: Fact[int] | None, code: tuple[str, str], words: str, profile: str) -> None:
    if fact is None:
        return
    made = {**_observation(writer, loinc(*code), fact.proof.date), "valueInteger": fact.value, "meta": mcode(profile)}
    writer.add(key, made, words.format(fact.value), fact.proof)
