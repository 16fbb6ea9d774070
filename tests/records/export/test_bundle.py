"""The bundle against the models of FHIR R4B, and what it must never say."""

from __future__ import annotations

import datetime as dt
import json
import uuid
from typing import Any

import pytest
from fhir.resources.R4B.bundle import Bundle

from personalize.profile import (
    Biomarker,
    Cancer,
    CancerStage,
    EvidenceRef,
    Fact,
    FamilyHistory,
    LabResult,
    PartialDate,
    PatientProfile,
    Proof,
    Treatment,
)
from records.export import COLUMNS, fhir_bundle, rows_of

WHOSE, MADE_AT = uuid.UUID(int=7), dt.datetime(2026, 11, 1, 12, tzinfo=dt.UTC)


def proof(quote: str, date: str | None = "2026-03-14", page: int = 2) -> Proof:
    return Proof((EvidenceRef("1", "report <1>.pdf", page, quote),), PartialDate.parse(date), 0.95)


PROFILE = PatientProfile(
    sex=Fact("female", proof("Sex: F")),
    birth_year=Fact(1961),
    primary_cancer=Cancer("Pancreatic ductal adenocarcinoma", "pancreas", "PAAD", grade="G2", proof=proof("ductal adenocarcinoma & more")),
    other_cancers=(Cancer("Melanoma", "skin", "MEL", is_historical=True), Cancer("Lymphoma", status="ruled_out")),
    stage=CancerStage("IV", "stated", "8", "T3", "N1", "M1", prefix="c", extent="metastatic", nodes_positive=2, nodes_examined=18),
    metastatic_sites=(Fact("liver"),),
    biomarkers=(
        Biomarker("KRAS", "positive", "p.G12D", origin="somatic", method="NGS", proof=proof("KRAS G12D")),
        Biomarker("BRCA2", "not_tested"),
        Biomarker("TP53", "pending"),
        Biomarker("HER2", "quantity_not_sufficient"),
        Biomarker("ATM", "vus", "p.R337C", origin="germline"),
        Biomarker("CLDN18.2", "positive", "80% 2+", method="IHC"),
        Biomarker("Ki-67", "reported", "8%"),
        Biomarker("MSI", "equivocal"),
    ),
    treatments=(
        Treatment(
            "systemic",
            "FOLFIRINOX",
            ("irinotecan",),
            1,
            PartialDate(2025, 4),
            PartialDate(2025, 9),
            response="PR",
            stop_reason="progression",
        ),
        Treatment("systemic", "Gemcitabine", start=None),
        Treatment("systemic", "Olaparib", status="planned"),
        Treatment("systemic", "Cisplatin", status="declined"),
        Treatment("surgery", "Whipple procedure", start=PartialDate(2025, 3, 20)),
        Treatment("radiation", "SBRT", start=PartialDate(2025), status="planned"),
        Treatment("cell_therapy", "CAR-T", status="ongoing"),
    ),
    ecog=Fact(1),
    karnofsky=Fact(80),
    labs=(LabResult("CA 19-9", 812.0, "U/mL", "24108-3", ">", uln=37.0), LabResult("Hemoglobin", 11.2)),
    family_history=(FamilyHistory("aunt", "BRCA2"), FamilyHistory("half-sister", "breast cancer")),
    hla=(Fact("A*02:01"),),
    comorbidities=(Fact("diabetes mellitus"),),
    allergies=(Fact("penicillin"),),
)


def made(profile: PatientProfile = PROFILE) -> list[dict[str, Any]]:
    bundle = fhir_bundle(profile, whose=WHOSE, made_at=MADE_AT)
    Bundle.model_validate(json.loads(json.dumps(bundle)))
    return [one["resource"] for one in bundle["entry"]]


def named(resources: list[dict[str, Any]], text: str) -> dict[str, Any]:
    (found,) = [one for one in resources if text in json.dumps(one.get("text", {}))]
    return found


def test_everything_of_a_full_profile_is_valid_fhir() -> None:
    kinds = {one["resourceType"] for one in made()}
    assert kinds == {
        "Patient", "Condition", "Observation", "MedicationRequest", "MedicationAdministration", "MedicationStatement", "Procedure", "FamilyMemberHistory",
        "AllergyIntolerance", "Provenance",
    }  # fmt: skip


def test_of_a_person_of_whom_nothing_is_known_nothing_is_said() -> None:
    (patient,) = made(PatientProfile())
    assert "gender" not in patient and "birthDate" not in patient


def test_the_same_profile_gives_the_same_bytes_and_every_address_once() -> None:
    one, other = (json.dumps(fhir_bundle(PROFILE, whose=WHOSE, made_at=MADE_AT)) for _ in range(2))
    assert one == other
    addresses = [entry["fullUrl"] for entry in json.loads(one)["entry"]]
    assert len(addresses) == len(set(addresses))


def test_every_reference_leads_to_a_resource_of_the_bundle() -> None:
    bundle = fhir_bundle(PROFILE, whose=WHOSE, made_at=MADE_AT)
    addresses = {one["fullUrl"] for one in bundle["entry"]}
    told = json.dumps(bundle).split('"reference": "')[1:]
    assert told and {one.split('"')[0] for one in told} <= addresses


def test_a_provenance_names_document_page_and_words() -> None:
    resources = made()
    cancer = named(resources, "Pancreatic ductal")
    (source,) = [one for one in resources if one["resourceType"] == "Provenance" and one["target"][0]["reference"].endswith(cancer["id"])]
    (entity,) = source["entity"]
    assert entity["what"]["display"] == "report <1>.pdf"
    assert {one["url"].split(":")[-1]: one.get("valuePositiveInt") or one["valueString"] for one in entity["extension"]} == {
        "page": 2,
        "quote": "ductal adenocarcinoma & more",
    }


@pytest.mark.parametrize("marker", ["BRCA2", "TP53", "HER2"])
def test_what_was_not_measured_has_a_reason_and_no_value(marker: str) -> None:
    (one,) = [found for found in made() if found["resourceType"] == "Observation" and marker in found["code"]["text"]]
    assert one["dataAbsentReason"] and one["status"] in ("cancelled", "registered")
    assert not [key for key in one if key.startswith("value")] and "interpretation" not in one


def test_a_variant_of_uncertain_significance_is_no_call() -> None:
    atm = next(one for one in made() if one["resourceType"] == "Observation" and "ATM" in one["code"]["text"])
    assert "interpretation" not in atm
    assert any(part["valueCodeableConcept"]["text"] == "Uncertain significance" for part in atm["component"])


def test_a_ruled_out_cancer_is_refuted_and_a_past_one_resolved() -> None:
    resources = made()
    lymphoma = named(resources, "Lymphoma")
    assert lymphoma["verificationStatus"]["text"] == "refuted" and "clinicalStatus" not in lymphoma
    assert named(resources, "Melanoma")["clinicalStatus"]["text"] == "resolved"


def test_what_is_planned_or_declined_was_not_given() -> None:
    resources = made()
    given = [one for one in resources if one["resourceType"] == "MedicationAdministration"]
    assert [one["medicationCodeableConcept"]["text"] for one in given] == ["FOLFIRINOX"]
    assert named(resources, "Gemcitabine")["resourceType"] == "MedicationStatement", "without a time only that it was taken can be said"
    assert named(resources, "SBRT")["status"] == "preparation"
    assert named(resources, "Cisplatin")["status"] == "cancelled"


def test_the_familys_is_not_the_patients() -> None:
    history = [one for one in made() if one["resourceType"] == "FamilyMemberHistory"]
    assert [one["relationship"]["text"] for one in history] == ["aunt", "half-sister"]
    assert "coding" in history[0]["relationship"] and "coding" not in history[1]["relationship"]


def test_a_stage_that_we_worked_out_does_not_leave_as_stated() -> None:
    derived = PatientProfile(stage=CancerStage("IIB", "derived", t="T2", n="N1"))
    texts = json.dumps(made(derived))
    assert "T2" in texts and "IIB" not in texts


def test_a_letter_that_we_worked_out_does_not_leave() -> None:
    texts = json.dumps(made(PatientProfile(stage=CancerStage(t="T1b", n="N0", t_written="T1", t_because="0.8 cm"))))
    assert '"T1"' in texts and "T1b" not in texts


def test_a_row_for_each_fact_and_no_formula_in_a_cell() -> None:
    rows = list(rows_of(PROFILE))
    assert all(len(row) == len(COLUMNS) for row in rows)
    kras = next(row for row in rows if "KRAS" in row[1])
    assert kras[0] == "biomarkers" and "status: positive" in kras[2] and kras[5:] == ("report <1>.pdf", "2", "KRAS G12D")
    (sneaky,) = rows_of(PatientProfile(comorbidities=(Fact('=HYPERLINK("x")'),)))
    assert sneaky[1].startswith("'=")
