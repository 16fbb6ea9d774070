"""Which cancer, how sure, and whose."""

from __future__ import annotations

import pytest

from records.extraction.finding import Kind
from tests.records.extraction.said import findings


def told(text: str) -> dict[str, str]:
    """OncoTree code → status."""
    return {str(one.value["code"]): str(one.value["status"]) for one in findings(text, "diagnosis:Diagnosis", Kind.DIAGNOSIS)}


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("DIAGNOSIS: Pancreas, head, biopsy: ductal adenocarcinoma.", "PAAD"),
        ("Well-differentiated pancreatic neuroendocrine tumor, grade 2.", "PANET"),
        ("Diagnosis: multiple myeloma, IgG kappa.", "PCM"),
    ],
)
def test_a_cancer_is_known_by_organ_and_cell(text: str, code: str) -> None:
    assert told(text).get(code) == "confirmed"


@pytest.mark.parametrize(
    "text",
    [
        "Family history: father died of pancreatic cancer.",
        "Patients with pancreatic cancer may take part in this study.",
        "He had been told that he had pancreatic cancer; this was incorrect.",
    ],
)
def test_a_relative_the_world_and_an_error_are_no_diagnosis(text: str) -> None:
    assert "confirmed" not in told(text).values()


@pytest.mark.parametrize(
    "text", ["Malignant neoplasm of pancreas        Entered in error", "Secondary malignant neoplasm of lung        Active"]
)
def test_an_entry_in_error_and_a_place_of_spread_are_no_primary(text: str) -> None:
    assert told("PROBLEM LIST\n" + text) == {}


@pytest.mark.parametrize(
    ("text", "histology"),
    [
        ("Malignant neoplasm of head of pancreas (ductal adenocarcinoma), stage IV.", "ductal adenocarcinoma"),
        ("Diffuse large B-cell lymphoma. By Hans, non-germinal center type.", "diffuse large b-cell lymphoma, non-germinal center type"),
        ("Diffuse large B-cell lymphoma, GCB subtype.", "diffuse large b-cell lymphoma, germinal center type"),
        ("Diffuse large B-cell lymphoma.", "diffuse large b-cell lymphoma"),
    ],
)
def test_the_cells_are_told_as_exactly_as_the_record_does(text: str, histology: str) -> None:
    (made,) = findings(text, "diagnosis:Diagnosis", Kind.DIAGNOSIS)
    assert made.value["histology"] == histology


def test_a_disease_that_only_looks_like_cancer_rules_it_out() -> None:
    assert told("IMPRESSION: Autoimmune pancreatitis mimicking pancreatic cancer.") == {"PAAD": "ruled_out"}


def test_a_suspicion_stays_one() -> None:
    assert told("CT: mass in the pancreatic head, suspicious for pancreatic adenocarcinoma.").get("PAAD") == "suspected"


PATHOLOGY = "SURGICAL PATHOLOGY REPORT\nDIAGNOSIS\n"


@pytest.mark.parametrize(
    "text",
    [
        "C. STOMACH, DUODENUM, PANCREAS, WHIPPLE PROCEDURE:\n- Adenocarcinoma, well differentiated.",
        "C. Duodenum and pancreas, Whipple procedure: Adenocarcinoma.\nD. Bile duct margin: Inflammatory changes.\nThe carcinoma is high grade.",
        "A. Pancreas, resection: Adenocarcinoma.\nB. Gallbladder: Benign.\nSYNOPTIC REPORT\nHISTOLOGIC TYPE: Ductal adenocarcinoma",
        "Pancreas, resection: Ductal adenocarcinoma.\nSPECIMEN:\nHead of pancreas\nGallbladder\nTUMOR SITE: Pancreatic head\n"
        "HISTOLOGIC TYPE: Ductal adenocarcinoma",
        "1. Pancreas, resection: Adenocarcinoma.\n2. Appendix, resection: No significant abnormality.\nMost of the carcinoma is differentiated.",
    ],
)
def test_the_organ_is_that_of_the_tumour_and_not_of_the_last_jar(text: str) -> None:
    assert told(PATHOLOGY + text) == {"PAAD": "confirmed"}


def test_a_malignancy_in_the_history_is_not_of_the_organ_above_it() -> None:
    text = "Pancreas, biopsy: Ductal adenocarcinoma.\nGallbladder, cholecystectomy: Cholecystitis.\nPAST MEDICAL HISTORY\nMalignancy."
    assert set(told(PATHOLOGY + text)) == {"PAAD"}


def test_a_bare_carcinoma_is_of_the_kind_that_another_word_tells() -> None:
    text = "Esophagus, resection: Carcinoma, grade 2.\nTumor site: Esophagus\nHistologic type: Squamous cell carcinoma"
    assert told(PATHOLOGY + text) == {"ESCC": "confirmed"}


def test_gullet_and_junction_of_one_report_are_one_tumour() -> None:
    text = "Esophagus, resection: Adenocarcinoma.\nESOPHAGEAL AND GASTROESOPHAGEAL JUNCTION CARCINOMA:\nGastric resection margin: free. pT1 pN0"
    assert told(PATHOLOGY + text) == {"ESCA": "confirmed"}
    staged = findings(PATHOLOGY + text, "tnm:Tnm", Kind.TNM)
    assert [one.value["tumour"] for one in staged] == ["esophagus"]


@pytest.mark.parametrize("title", ["Problem list", "ACTIVE PROBLEMS", "Active problem list"])
def test_what_a_list_of_problems_names_is_of_today_unless_it_says_otherwise(title: str) -> None:
    found = findings(f"{title}\nMalignant neoplasm of head of pancreas\nHistory of breast cancer", "diagnosis:Diagnosis", Kind.DIAGNOSIS)
    assert {one.value["site"]: one.value["historical"] for one in found} == {"pancreas": False, "breast": True}


@pytest.mark.parametrize(
    "text",
    [
        "Ruled out: lymphoma. Pancreatic ductal adenocarcinoma confirmed.",
        "Ruled out lymphoma; pancreatic ductal adenocarcinoma on biopsy.",
        "Lymphoma ruled out: pancreatic ductal adenocarcinoma on biopsy.",
    ],
)
def test_a_cancer_that_was_ruled_out_is_none_on_whichever_side_the_words_stand(text: str) -> None:
    found = told(text)
    assert found.get("NHL") != "confirmed"
    assert found["PAAD"] == "confirmed"


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("Impression: mCRPC on leuprolide.", "PRAD"),
        ("Ileal NET with mesenteric nodes, resected.", "GINET"),
        ("Diagnosis: Gastrointestinal stromal tumor, spindle cell type.", "GIST"),
        ("Diagnosis: dedifferentiated liposarcoma of the left flank.", "LIPO"),
        ("Diagnosis: medullary thyroid carcinoma.", "THME"),
        ("Classic seminoma, removed in March.", "SEM"),
        ("Choroidal melanoma of the left eye.", "UM"),
        ("Assessment: adenocarcinoma of unknown primary.", "CUP"),
        ("EBUS: station 7 positive for non-small cell ca.", "NSCLC"),
        ("Cholangiocarcinoma, intrahepatic", "IHCH"),
        ("Fallopian tube carcinoma, HGSOC.", "OVT"),
    ],
)
def test_names_that_say_the_organ_by_themselves(text: str, code: str) -> None:
    assert told(text).get(code) == "confirmed"


def test_a_billing_mark_behind_a_disease_is_no_cancer_of_the_liver() -> None:
    assert told("Malignant neoplasm of ascending colon (HCC)\nType 2 diabetes with neuropathy (HCC)") == {"COADREAD": "confirmed"}
    assert told("Liver: hepatocellular carcinoma (HCC).") == {"HCC": "confirmed"}


def test_a_cancer_told_by_its_operation_is_the_one_of_now_beside_one_of_long_ago() -> None:
    text = "Adenocarcinoma of the right lung, s/p lobectomy 5/2025. Remote history of Hodgkin lymphoma 1984."
    found = findings(text, "diagnosis:Diagnosis", Kind.DIAGNOSIS)
    assert {one.value["code"]: one.value["historical"] for one in found} == {"LUAD": False, "HL": True}


def test_an_endoscopy_names_its_organ_and_later_its_tumour() -> None:
    text = (
        "Indication: lesion of the pancreatic body\nThe body of the pancreas holds a 2 cm lesion.\n"
        "Addendum: cytology shows a well differentiated neuroendocrine tumor."
    )
    assert told(text) == {"PANET": "confirmed"}


def test_what_no_relative_has_is_no_cancer_of_the_patient() -> None:
    for text in ("Family History\nNeg Hx: ovarian cancer", "Fam hx: MGM breast ca"):
        assert "confirmed" not in told(text).values()


def test_letters_that_a_scan_took_for_digits() -> None:
    assert told("Diagnosis: uvea1 me1anoma; 0varian cancer 2011").get("OVT") == "confirmed"
    assert told("Dx: choroidal me1anoma") == {"UM": "confirmed"}
