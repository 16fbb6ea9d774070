"""Cancers, their spread and stage, other illnesses, allergies and the family's, as mCODE says them."""

from __future__ import annotations

from personalize.profile import Cancer, CancerStage, PatientProfile
from records.export.codes import CATEGORY, CLINICAL, LOINC, ONCOTREE, ROLE, STAGING, VERIFICATION, Json, concept, loinc, mcode
from records.export.resource import Writer, dated

_VERIFIED = {"confirmed": "confirmed", "suspected": "provisional", "ruled_out": "refuted"}
_LEAD = {"suspected": "Suspected: "}
_RELATIVES = {
    "mother": "MTH",
    "father": "FTH",
    "sister": "SIS",
    "brother": "BRO",
    "aunt": "AUNT",
    "uncle": "UNCLE",
    "daughter": "DAU",
    "son": "SON",
}


def write_cancers(writer: Writer, profile: PatientProfile) -> None:
    if profile.primary_cancer:
        _cancer(writer, "cancer", profile.primary_cancer, "Diagnosis", profile.stage)
    for number, one in enumerate(profile.other_cancers):
        _cancer(writer, f"cancer/{number}", one, "History of" if one.is_historical else "Second primary", None)
    if profile.stage:
        _stage(writer, profile.stage)
    for number, site in enumerate(profile.metastatic_sites):
        on = f" on {site.proof.date}" if site.proof.date else ""
        made = _condition(f"Metastasis in the {site.value}", "confirmed") | {"meta": mcode("secondary-cancer-condition")}
        writer.add(
            f"spread/{number}",
            {**made, **_subject(writer), **dated("recordedDate", site.proof.date)},
            f"Metastasis: {site.value} metastases{on}",
            site.proof,
        )


def write_history(writer: Writer, profile: PatientProfile) -> None:
    """Written last: these words open chapters of a report, and what stands under the family's is not the patient's."""
    for number, illness in enumerate(profile.comorbidities):
        writer.add(
            f"illness/{number}",
            {**_condition(illness.value, "confirmed"), **_subject(writer)},
            f"Past medical history: {illness.value}",
            illness.proof,
        )
    for number, allergy in enumerate(profile.allergies):
        made = {"resourceType": "AllergyIntolerance", "code": concept(allergy.value), "patient": writer.subject}
        writer.add(f"allergy/{number}", made, f"Allergies: {allergy.value}", allergy.proof)
    _family(writer, profile)


def _subject(writer: Writer) -> Json:
    return {"subject": writer.subject}


def _condition(name: str, verified: str, *, is_over: bool = False) -> Json:
    made: Json = {"resourceType": "Condition", "verificationStatus": concept(verified, (VERIFICATION, verified, None))}
    if verified != "refuted":
        state = "resolved" if is_over else "active"
        made["clinicalStatus"] = concept(state, (CLINICAL, state, None))
    return {**made, "code": concept(name)}


def _cancer(writer: Writer, key: str, cancer: Cancer, label: str, stage: CancerStage | None) -> None:
    verified = _VERIFIED.get(cancer.status, "unconfirmed")
    made = {
        **_condition(cancer.name, verified, is_over=cancer.is_historical),
        **_subject(writer),
        "meta": mcode("primary-cancer-condition"),
    }
    if cancer.code:
        made["code"] = concept(cancer.name, (ONCOTREE, cancer.code, cancer.name))
    if cancer.site:
        made["bodySite"] = [concept(cancer.site)]
    if stage and (stage.group or stage.t):
        made["stage"] = [
            {
                "summary": concept(_stage_words(stage)),
                "assessment": [{"reference": writer.address("stage/group" if stage.group else "stage/t")}],
            }
        ]
    made |= dated("recordedDate", cancer.proof.date)
    grade = f"Grade: {cancer.grade}" if cancer.grade else ""
    named = f"{cancer.name} was ruled out." if cancer.status == "ruled_out" else f"{label}: {_LEAD.get(cancer.status, '')}{cancer.name}"
    shown = "\n".join(filter(None, (named, grade)))
    writer.add(key, made, shown, cancer.proof)


def _stage_words(stage: CancerStage) -> str:
    return f"Stage {stage.group}" if stage.group else stage.as_written


def _stage(writer: Writer, stage: CancerStage) -> None:
    is_pathological = "p" in (stage.prefix or "")
    for name in ("t", "n", "m", "group"):
        value = getattr(stage, f"{name}_written", None) or getattr(stage, name)  # a letter that we worked out does not leave
        if value is None or (name == "group" and stage.stated_or_derived == "derived"):
            continue
        clinical, pathological, profile = STAGING[name]
        label = "Stage group" if name == "group" else f"{name.upper()} category"
        made = {
            "resourceType": "Observation",
            "meta": mcode(profile),
            "status": "final",
            "category": [concept("laboratory", (CATEGORY, "laboratory", None))],
            "code": concept(label, (LOINC, pathological if is_pathological else clinical, None)),
            "valueCodeableConcept": concept(value),
            **_subject(writer),
            **dated("effectiveDateTime", stage.proof.date),
        }
        if stage.edition:
            made["method"] = concept(f"AJCC edition {stage.edition}")
        edition = f" (AJCC {stage.edition}th edition)" if (stage.edition or "").isdigit() else ""
        shown = f"Stage {value}{edition}" if name == "group" else f"TNM{edition}: {stage.prefix or ''}{value}"
        writer.add(f"stage/{name}", made, shown, stage.proof)
    if stage.extent:
        made = {
            "resourceType": "Observation",
            "status": "final",
            "code": concept("Extent of disease"),
            "valueString": stage.extent,
            **_subject(writer),
        }
        writer.add(
            "stage/extent",
            {**made, **dated("effectiveDateTime", stage.proof.date)},
            f"Extent of disease: {stage.extent.replace('_', ' ')}",
            stage.proof,
        )
    if stage.nodes_examined is not None:
        made = {
            "resourceType": "Observation",
            "status": "final",
            "code": loinc("21894-1", "Regional lymph nodes examined"),
            "valueInteger": stage.nodes_examined,
        }
        shown = f"Lymph nodes: {stage.nodes_positive or 0} of {stage.nodes_examined} positive"
        if stage.nodes_positive is not None:
            writer.add("stage/nodes", {**made, **_subject(writer), **dated("effectiveDateTime", stage.proof.date)}, shown, stage.proof)


def _family(writer: Writer, profile: PatientProfile) -> None:
    for number, one in enumerate(profile.family_history):
        code = _RELATIVES.get(one.relative.casefold())
        made = {
            "resourceType": "FamilyMemberHistory",
            "status": "completed",
            "patient": writer.subject,
            "relationship": concept(one.relative, *(((ROLE, code, None),) if code else ())),
            "condition": [{"code": concept(one.condition)}],
        }
        writer.add(f"family/{number}", made, f"Family history: {one.relative}: {one.condition}", one.proof)
