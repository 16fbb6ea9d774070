"""How laboratories and portals lay results out: invented reports in the manner of the common ones."""

from __future__ import annotations

import pytest

from records.extraction.finding import Kind
from tests.records.extraction.said import findings


def markers(text: str) -> dict[str, tuple[str, str | None]]:
    made = findings(text, "biomarkers:Biomarkers", Kind.BIOMARKER)
    return {str(one.value["name"]): (str(one.value["status"]), one.value.get("detail")) for one in made}


def test_the_next_markers_class_is_not_this_ones() -> None:
    made = markers("BRCA1: NEGATIVE   BRCA2: POSITIVE (c.5946delT)   PALB2: VUS")
    assert (made["BRCA1"][0], made["BRCA2"][0], made["PALB2"][0]) == ("negative", "positive", "vus")


@pytest.mark.parametrize("text", ["MSI-High   NOT DETECTED", "MSI-High: not detected", "MSI-H not identified"])
def test_a_name_that_tells_a_result_may_be_denied(text: str) -> None:
    assert markers(text)["MSI"][0] == "negative"


def test_a_dash_between_a_name_and_its_result_is_no_minus() -> None:
    made = markers("Microsatellite status - MS-High\nTumor Mutational Burden - 31 Muts/Mb\nPD-L1 - positive\nER-, PR -, HER2 - 3+")
    assert made["MSI"][0] == "positive" and made["TMB"] == ("reported", "31 mut/Mb") and made["PD-L1"][0] == "positive"
    assert made["ER"][0] == made["PR"][0] == "negative" and made["HER2"][0] == "positive"


def test_a_table_of_methods_and_results() -> None:
    text = (
        "Biomarker   Method   Analyte   Result\n"
        "KRAS   Seq   DNA-Tumor   Pathogenic Variant, Exon 2, p.G12D\n"
        "BRCA2   Seq   DNA-Tumor   Mutation Not Detected\n"
        "MSI   Seq   DNA-Tumor   Stable\n"
        "TMB   Seq   DNA-Tumor   Low, 4 mut/Mb\n"
        "ATM   Seq   DNA-Tumor   Variant of Uncertain Significance, p.V410A\n"
    )
    made = markers(text)
    assert made["KRAS"] == ("positive", "p.G12D") and made["ATM"] == ("vus", "p.V410A")
    assert made["BRCA2"][0] == made["MSI"][0] == made["TMB"][0] == "negative"


def test_a_report_with_a_list_for_each_kind_of_variant() -> None:
    text = (
        "Somatic - Potentially Actionable\nKRAS  p.G12V  Missense variant (exon 2) - GOF   32.1%\n"
        "Somatic Variants of Unknown Significance\nATM  c.1229T>C p.V410A  11.0%\n"
        "Immunotherapy Markers\nTumor Mutational Burden  2.1 m/MB  17th percentile\nMicrosatellite Instability Status  Stable\n"
    )
    made = markers(text)
    assert made["KRAS"] == ("positive", "p.G12V") and made["ATM"][0] == "vus"
    assert made["TMB"] == ("reported", "2.1 mut/Mb") and made["MSI"][0] == "negative"


def test_a_portal_prints_one_value_a_line() -> None:
    text = "CANCER ANTIGEN 19-9\nNormal range: 0 - 35 U/mL\nYour value\n1,204 U/mL\nHEMOGLOBIN\nNormal range: 12.0 - 15.5 g/dL\nValue\n10.2 g/dL"
    made = findings(text, "labs:Labs", Kind.LAB)
    assert {(one.value["name"], one.value["value"], one.value["unit"]) for one in made} == {
        ("CA 19-9", 1204, "U/mL"),
        ("Hemoglobin", 10.2, "g/dL"),
    }


def test_a_european_report() -> None:
    text = "Eingang: 05.03.2024\npT3, pN1 (2/18), L1, V0, Pn1, R0, G2\nUICC Stadium IIB\nKi-67: 12,5 %\nBilirubin 1,2 mg/dl"
    assert markers(text)["Ki-67"] == ("reported", "12.5%")
    assert [dict(one.value) for one in findings(text, "nodes:Nodes", Kind.NODES)] == [{"positive": 2, "examined": 18}]
    (tnm,) = findings(text, "tnm:Tnm", Kind.TNM)
    assert (tnm.value["t"], tnm.value["n"], tnm.date) == ("T3", "N1", "2024-03-05") and "edition" not in tnm.value
    assert [one.value["group"] for one in findings(text, "stage:StageGroup", Kind.STAGE_GROUP)] == ["IIB"]


def test_a_heading_of_stains_is_no_result() -> None:
    text = (
        "IMMUNOHISTOCHEMICAL STAINS FOR ESTROGEN AND PROGESTERONE AS FOLLOWS. ESTROGEN RECEPTOR: NEGATIVE. PROGESTERONE RECEPTOR: POSITIVE."
    )
    made = findings(text, "biomarkers:Biomarkers", Kind.BIOMARKER)
    assert {(one.value["name"], one.value["status"]) for one in made} == {("ER", "negative"), ("PR", "positive")}


def test_a_list_ends_with_its_bracket() -> None:
    text = "Hormone receptors are positive (strong staining for both estrogen and progesterone receptors) and Her2 by IHC is negative (1+)."
    made = findings(text, "biomarkers:Biomarkers", Kind.BIOMARKER)
    assert {(one.value["name"], one.value["status"]) for one in made} == {("ER", "positive"), ("PR", "positive"), ("HER2", "negative")}


def test_what_was_ordered_before_has_its_result() -> None:
    assert markers("Estrogen receptors: Previously ordered and positive.")["ER"][0] == "positive"
    assert markers("Estrogen receptors: ordered.")["ER"][0] == "pending"


@pytest.mark.parametrize(
    "text", ["Fifteen mesenteric lymph nodes are free. of metastatic carcinoma (pN0).", "15 lymph nodes free of tumor."]
)
def test_nodes_that_are_free_are_not_positive(text: str) -> None:
    assert [dict(one.value) for one in findings(text, "nodes:Nodes", Kind.NODES)] == [{"positive": 0, "examined": 15}]
