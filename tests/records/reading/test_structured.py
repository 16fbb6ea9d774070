"""FHIR and C-CDA with their facts in codes alone: each drawn here, read, and taken for what it says and nothing more."""

from __future__ import annotations

import base64
import datetime as dt
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from records import reading
from records.assembly.line import text_line
from records.exceptions import ReadingError
from records.export import fhir_bundle
from tests.records.export.test_bundle import MADE_AT, PROFILE, WHOSE

ROSA = {
    "resourceType": "Patient",
    "id": "p1",
    "name": [{"given": ["Rosa"], "family": "Example"}],
    "gender": "female",
    "birthDate": "1961-05-17",
}
PDAC = {
    "resourceType": "Condition",
    "id": "c1",
    "clinicalStatus": {"coding": [{"code": "active"}]},
    "verificationStatus": {"coding": [{"code": "confirmed"}]},
    "code": {"text": "Pancreatic ductal adenocarcinoma"},
    "onsetDateTime": "2026-03-14",
}


def text_of(content: bytes, folder: Path) -> str:
    path = folder / "export"
    path.write_bytes(content)
    opened = reading.open_document(path)
    return "".join(reading.read_page(path, opened.media_type, number).text for number in range(1, opened.page_count + 1))


def code_of(content: bytes, folder: Path) -> str:
    with pytest.raises(ReadingError) as refused:
        text_of(content, folder)
    return refused.value.code


def facts(content: bytes, folder: Path) -> dict[str, Any]:
    made: dict[str, Any] = text_line("1", text_of(content, folder), today=dt.date(2026, 11, 1))["profile"]
    return made


def bundle(*resources: dict[str, Any]) -> bytes:
    entries = [{"fullUrl": f"urn:uuid:{number}", "resource": one} for number, one in enumerate(resources)]
    return json.dumps({"resourceType": "Bundle", "type": "collection", "entry": entries}).encode()


def lines(*resources: dict[str, Any]) -> bytes:
    return "\n".join(json.dumps(one) for one in resources).encode()


def condition(name: str, verified: str = "confirmed", clinical: str = "active", **more: Any) -> dict[str, Any]:
    states = {"verificationStatus": {"coding": [{"code": verified}]}, "clinicalStatus": {"coding": [{"code": clinical}]}}
    return {"resourceType": "Condition", "code": {"text": name}, **states, **more}


def shown(words: str) -> dict[str, Any]:
    return {"text": {"status": "generated", "div": f'<div xmlns="http://www.w3.org/1999/xhtml">{words}</div>'}}


def observed(number: str, **more: Any) -> dict[str, Any]:
    code = {"coding": [{"system": "http://loinc.org", "code": number}]}
    return {"resourceType": "Observation", "status": "final", "code": code, "effectiveDateTime": "2026-03-20", **more}


def named(found: list[dict[str, Any]], name: str) -> dict[str, Any]:
    (one,) = [fact for fact in found if fact["name"] == name]
    return one


def names(found: list[dict[str, Any]] | None) -> set[str]:
    return {one["name"] for one in found or []}


def test_the_codes_of_our_own_export_say_the_same_without_its_words(tmp_path: Path) -> None:
    made = fhir_bundle(PROFILE, whose=WHOSE, made_at=MADE_AT)
    for entry in made["entry"]:
        entry["resource"].pop("text", None)
    found = facts(json.dumps(made).encode(), tmp_path)
    assert found["primary_cancer"]["code"] == "PAAD"
    assert [(one["name"], one["historical"]) for one in found["other_cancers"]] == [("Melanoma", True)], "a refuted one is none"
    stage = {key: found["stage"].get(key) for key in ("group", "prefix", "t", "n", "m", "edition")}
    assert stage == {"group": "IV", "prefix": "c", "t": "T3", "n": "N1", "m": "M1", "edition": "8"}
    markers = {one["name"]: (one["status"], one.get("detail")) for one in found["biomarkers"]}
    assert markers == {
        "KRAS": ("positive", "p.G12D"),
        "BRCA2": ("not_tested", None),
        "TP53": ("pending", None),
        "HER2": ("quantity_not_sufficient", None),
        "ATM": ("vus", "p.R337C"),
        "CLDN18.2": ("positive", "80% 2+"),
        "Ki-67": ("reported", "8%"),
        "MSI": ("equivocal", None),
    }
    assert (found["ecog"]["value"], found["karnofsky"]["value"]) == (1, 80)
    assert {(one["name"], one["status"]) for one in found["treatments"]} == {
        ("FOLFIRINOX", "given"),
        ("gemcitabine", "given"),
        ("olaparib", "planned"),
        ("SBRT", "planned"),
        ("pancreaticoduodenectomy", "given"),
        ("CAR-T cell therapy", "ongoing"),
    }
    assert {one["value"] for one in found["metastatic_sites"]} == {"liver"}
    assert {one["relative"] for one in found["family_history"]} == {"aunt", "half sister"}


def test_a_resource_on_each_line_is_read_like_a_bundle(tmp_path: Path) -> None:
    found = facts(b"\xef\xbb\xbf" + lines(ROSA, PDAC, observed("89247-1", valueInteger=1)) + b"\n\n", tmp_path)
    assert found["primary_cancer"]["code"] == "PAAD" and found["ecog"]["value"] == 1
    assert facts(lines(PDAC), tmp_path)["primary_cancer"]["code"] == "PAAD"


def test_every_fact_stands_under_its_place_in_the_file(tmp_path: Path) -> None:
    assert "Bundle.entry[1].resource\nDiagnosis: Pancreatic ductal adenocarcinoma" in text_of(bundle(ROSA, PDAC), tmp_path)
    assert "line[1]\nDiagnosis: Pancreatic ductal adenocarcinoma" in text_of(lines(ROSA, PDAC), tmp_path)


@pytest.mark.parametrize("verified", ["refuted", "entered-in-error"])
def test_a_refuted_cancer_is_none_whatever_its_text_shows(verified: str, tmp_path: Path) -> None:
    content = bundle(ROSA, PDAC, condition("Lymphoma", verified, **shown("Lymphoma")))
    found = facts(content, tmp_path)
    assert "other_cancers" not in found and found["primary_cancer"]["code"] == "PAAD"


def test_a_resolved_cancer_is_past_and_a_provisional_one_no_second(tmp_path: Path) -> None:
    found = facts(bundle(ROSA, PDAC, condition("Melanoma", clinical="resolved", **shown("Melanoma"))), tmp_path)
    assert [(one["name"], one["historical"]) for one in found["other_cancers"]] == [("Melanoma", True)]
    assert "other_cancers" not in facts(bundle(ROSA, PDAC, condition("Lymphoma", "provisional", **shown("Lymphoma"))), tmp_path)


def test_a_secondary_cancer_is_a_place_of_spread(tmp_path: Path) -> None:
    icd = {"coding": [{"system": "http://hl7.org/fhir/sid/icd-10-cm", "code": "C78.7"}]}
    for one in (condition("Secondary malignant neoplasm of liver"), condition("", code=icd)):
        found = facts(bundle(ROSA, PDAC, one), tmp_path)
        assert [site["value"] for site in found["metastatic_sites"]] == ["liver"]
        assert "other_cancers" not in found


def test_a_code_without_words_is_named_where_it_is_sure(tmp_path: Path) -> None:
    icd = {"coding": [{"system": "http://hl7.org/fhir/sid/icd-10-cm", "code": "C25.0"}]}
    ca = observed("24108-3", valueQuantity={"value": 812, "unit": "U/mL"})
    found = facts(bundle(ROSA, {**PDAC, "code": icd}, ca), tmp_path)
    assert found["primary_cancer"]["site"] == "pancreas"
    assert [(one["name"], one["value"]) for one in found["labs"]] == [("CA 19-9", 812.0)]
    other = {"coding": [{"system": "http://example.org", "code": "C25.0"}]}
    assert "primary_cancer" not in facts(bundle(ROSA, {**PDAC, "code": other}, ca), tmp_path), "a code of somebody's own is no ICD-10"


VARIANT = {"coding": [{"system": "http://loinc.org", "code": "69548-6", "display": "Genetic variant assessment"}]}


def _variant(gene: str, value: str, **parts: str) -> dict[str, Any]:
    held = {"48018-6": gene, **{number.replace("_", "-").removeprefix("n"): said for number, said in parts.items()}}
    component = [
        {"code": {"coding": [{"system": "http://loinc.org", "code": number}]}, "valueCodeableConcept": {"text": said}}
        for number, said in held.items()
    ]
    return {
        "resourceType": "Observation",
        "status": "final",
        "code": VARIANT,
        "valueCodeableConcept": {"coding": [{"system": "http://loinc.org", "code": value}]},
        "component": component,
    }


def test_the_parts_of_a_variant_are_read_together(tmp_path: Path) -> None:
    content = bundle(
        ROSA,
        PDAC,
        _variant("KRAS", "LA9633-4", n48005_3="p.Gly12Asp", n48002_0="Somatic"),
        _variant("BRAF", "LA9634-2"),
        _variant("ATM", "LA9633-4", n48005_3="p.R337C", n53037_8="Uncertain significance"),
        {**_variant("TP53", "LA9633-4"), "status": "registered"},
        {**_variant("BRCA2", "LA9633-4"), "status": "cancelled"},
    )
    markers = {one["name"]: (one["status"], one.get("origin")) for one in facts(content, tmp_path)["biomarkers"]}
    assert markers["KRAS"] == ("positive", "somatic")
    assert {name: status for name, (status, _) in markers.items()} == {
        "KRAS": "positive",
        "BRAF": "negative",
        "ATM": "vus",
        "TP53": "pending",
        "BRCA2": "not_tested",
    }


def test_what_is_planned_stopped_or_not_given_reads_as_that(tmp_path: Path) -> None:
    def request(drug: str, status: str, **more: Any) -> dict[str, Any]:
        made = {"resourceType": "MedicationRequest", "intent": "order", "status": status, "medicationCodeableConcept": {"text": drug}}
        return {**made, "authoredOn": "2026-04-01", **more}

    content = bundle(
        ROSA,
        PDAC,
        request("Olaparib", "draft", **shown("Olaparib 300 mg")),
        request("Pembrolizumab", "cancelled", **shown("Pembrolizumab 200 mg")),
        request("Gemcitabine", "stopped", statusReason={"text": "progression"}),
        request("Everolimus", "active"),
        {"resourceType": "Procedure", "status": "not-done", "code": {"text": "Whipple procedure"}, **shown("Whipple procedure")},
    )
    found = {one["name"]: one["status"] for one in facts(content, tmp_path)["treatments"]}
    assert found == {"olaparib": "planned", "gemcitabine": "given", "everolimus": "ongoing"}


def test_a_medicine_that_is_only_referred_to_is_named(tmp_path: Path) -> None:
    medicine = {"resourceType": "Medication", "id": "m1", "code": {"text": "Olaparib"}}
    taken = {"resourceType": "MedicationStatement", "status": "active", "effectivePeriod": {"start": "2026-04-01"}}
    outside = {**taken, "medicationReference": {"reference": "Medication/m1"}}
    inside = {**taken, "medicationReference": {"reference": "#m1"}, "contained": [medicine]}
    for content in (bundle(ROSA, PDAC, medicine, outside), bundle(ROSA, PDAC, inside)):
        assert [one["name"] for one in facts(content, tmp_path)["treatments"]] == ["olaparib"]


def test_what_the_text_leaves_out_is_taken_from_the_codes(tmp_path: Path) -> None:
    her2 = observed("85319-2", valueCodeableConcept={"text": "negative"}, **shown("HER2"))
    her2["code"]["text"] = "HER2"
    found = facts(bundle(ROSA, PDAC, her2), tmp_path)
    assert named(found["biomarkers"], "HER2")["status"] == "negative"


def test_the_familys_illness_is_not_the_patients_wherever_it_stands(tmp_path: Path) -> None:
    aunt = {
        "resourceType": "FamilyMemberHistory",
        "status": "completed",
        "relationship": {"text": "Mother"},
        "condition": [{"code": {"text": "Ovarian cancer"}}],
        **shown("Mother: ovarian cancer"),
    }
    found = facts(bundle(ROSA, aunt, {**PDAC, **shown("Pancreatic ductal adenocarcinoma")}), tmp_path)
    assert found["primary_cancer"]["code"] == "PAAD" and "other_cancers" not in found
    assert [one["relative"] for one in found["family_history"]] == ["mother"]


def test_an_attached_report_of_any_text_kind_is_read(tmp_path: Path) -> None:
    rtf = base64.b64encode(rb"{\rtf1\ansi Final diagnosis: Pancreatic ductal adenocarcinoma.\par}").decode()
    report = {"resourceType": "DiagnosticReport", "status": "final", "code": {"text": "Pathology"}}
    whole = {**report, "presentedForm": [{"contentType": "application/rtf", "data": rtf}]}
    assert facts(bundle(ROSA, whole), tmp_path)["primary_cancer"]["code"] == "PAAD"
    broken = {**report, "presentedForm": [{"contentType": "application/rtf", "data": base64.b64encode(b"no").decode()}]}
    assert facts(bundle(ROSA, broken, PDAC), tmp_path)["primary_cancer"]["code"] == "PAAD"


def test_what_was_not_understood_is_said(tmp_path: Path) -> None:
    text = text_of(bundle(ROSA, PDAC, {"resourceType": "Coverage"}, {"resourceType": "Coverage"}, {"resourceType": "Device"}), tmp_path)
    assert text.rstrip().endswith("Not read from this file: Coverage (2), Device (1).")


def test_a_file_of_two_people_is_refused(tmp_path: Path) -> None:
    bob = {**ROSA, "id": "p2", "name": [{"given": ["Bob"], "family": "Other"}]}
    assert code_of(bundle(ROSA, PDAC, bob), tmp_path) == "several_people"
    assert text_of(bundle(ROSA, PDAC, {**ROSA, "id": "p3"}), tmp_path), "the same person twice is one"


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (lambda: lines(*[PDAC] * 20_001), "too_large"),
        (lambda: lines(PDAC) + b"\n{", "damaged"),
        (lambda: lines(PDAC) + b"\n[1]", "unsupported"),
        (lambda: bundle({"resourceType": "Bundle", "entry": [{"resource": PDAC}] * 20_001}), "too_large"),
        (lambda: lines(PDAC) + b"\n" + b"[" * 100_000 + b"]" * 100_000, "damaged"),
    ],
    ids=["too many lines", "a cut line", "no resource", "a bundle in a bundle", "deep"],
)
def test_lines_made_to_hurt_end_in_their_codes(content: Callable[[], bytes], code: str, tmp_path: Path) -> None:
    assert code_of(content(), tmp_path) == code


def test_a_cancer_that_was_ruled_out_does_not_come_back_with_the_words_of_our_export(tmp_path: Path) -> None:
    found = facts(json.dumps(fhir_bundle(PROFILE, whose=WHOSE, made_at=MADE_AT)).encode(), tmp_path)
    assert found["primary_cancer"]["code"] == "PAAD"
    assert [(one["name"], one["historical"]) for one in found["other_cancers"]] == [("Melanoma", True)]
