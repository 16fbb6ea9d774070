"""Marker results: only from a construction that says one, and each kind of "no result" as itself."""

from __future__ import annotations

from typing import Any

import pytest

from records.extraction.finding import Assertion, Kind
from tests.records.extraction.said import findings


def markers(text: str) -> dict[str, dict[str, Any]]:
    made = findings(text, "biomarkers:Biomarkers", Kind.BIOMARKER)
    return {str(one.value["name"]): dict(one.value) for one in made if one.assertion is not Assertion.FAMILY}


def statuses(text: str) -> dict[str, str]:
    return {name: str(value["status"]) for name, value in markers(text).items()}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("KRAS: wild type", {"KRAS": "negative"}),
        ("KRAS mutation was not detected.", {"KRAS": "negative"}),
        (
            "Positive for CK7 and CK19, negative for CK20 and CDX2.",
            {"CK7": "positive", "CK19": "positive", "CK20": "negative", "CDX2": "negative"},
        ),
        ("No reportable alterations in NRAS, BRAF or EGFR.", {"NRAS": "negative", "BRAF": "negative", "EGFR": "negative"}),
        ("ER+ PR- HER2 1+ breast carcinoma", {"ER": "positive", "PR": "negative", "HER2": "negative"}),
        ("HER2 immunohistochemistry: 3+", {"HER2": "positive"}),
        ("Microsatellite status: MS-Stable", {"MSI": "negative"}),
        ("Immunohistochemistry:\np16\nNegative\nHPV in situ hybridization\nPositive", {"p16": "negative", "HPV": "positive"}),
        ("Immunostains. CK7. Negative. CK20. Positive.", {"CK7": "negative", "CK20": "positive"}),
        ("THE BREAST CARCINOMA IS NEGATIVE. FOR ESTROGEN RECEPTOR.", {"ER": "negative"}),
        ("HER2: Negative. Score 1+. Breast carcinoma.", {"HER2": "negative"}),
        ("Breast carcinoma. - ER-2-NEU - Postive (3+, strongly positive).", {"HER2": "positive"}),
        (
            "Breast carcinoma. The original report stated that the HER2 was positive. That report was amended: the HER2 is actually negative.",
            {"HER2": "negative"},
        ),
        ("Breast carcinoma, evaluated for HER2 by FISH: not amplified.", {"HER2": "negative"}),
        ("Breast carcinoma.\nHer2: Performed on another specimen.\nSpecify specimen: Results: Negative (Score 0).", {"HER2": "negative"}),
        ("Breast carcinoma.\nER.\nPerformed on another specimen - Immunoreactive tumor cells present - 90%.", {"ER": "positive"}),
        (
            "METHODOLOGY: The stain is guided by published results.\nSYNOPTIC REPORT - BREAST HER-2 RESULTS.\nBlock Number: E18.\n"
            "Interpretation: EQUIVOCAL.",
            {"HER2": "equivocal"},
        ),
        ("Stains for MLH1 and PMS2 are retained.", {"MLH1": "positive", "PMS2": "positive"}),
        ("Breast carcinoma: ER negative, PR negative and Her-. 2/Neu negative.", {"ER": "negative", "PR": "negative", "HER2": "negative"}),
        ("Positive for low molecular weight cytokeratin (CAM 5.2) and glucagon.", {"CAM5.2": "positive", "glucagon": "positive"}),
        (
            "Nodes: 25 examined, none involved, see the margins above. Other findings: Stains for MLH1, MSH2, MSH6 and PMS2 are performed on "
            "block B2. The tumor cells show positive nuclear expression for all four markers.",
            {"MMR": "negative"},
        ),
    ],
)
def test_constructions_that_say_a_result(text: str, expected: dict[str, str]) -> None:
    assert expected.items() <= statuses(text).items()


@pytest.mark.parametrize(
    ("text", "name", "status"),
    [
        ("KRAS mutation analysis is pending.", "KRAS", "pending"),
        ("Immunohistochemical stain for p16 will be performed.", "p16", "pending"),
        ("PD-L1 testing was not performed.", "PD-L1", "not_tested"),
        ("TMB: quantity not sufficient.", "TMB", "quantity_not_sufficient"),
        ("VUS in PALB2.", "PALB2", "vus"),
        ("Claudin 18.2: result still not available.", "CLDN18.2", "pending"),
        ("The carcinoma will be further evaluated for KRAS mutation.", "KRAS", "pending"),
    ],
)
def test_no_result_is_never_a_negative(text: str, name: str, status: str) -> None:
    assert statuses(text).get(name) == status


@pytest.mark.parametrize(
    ("text", "name", "change"),
    [
        ("KRAS G12D detected (VAF 31%).", "KRAS", "p.G12D"),
        ("KRAS p.Gly12Val", "KRAS", "p.G12V"),
        ("TP53 R273H was identified.", "TP53", "p.R273H"),
    ],
)
def test_changes_have_one_spelling(text: str, name: str, change: str) -> None:
    value = markers(text)[name]
    assert value["status"] == "positive" and value["detail"] == change


def test_a_stain_that_is_lost_says_so() -> None:
    made = markers("Immunohistochemistry: MLH1 and PMS2 show loss of nuclear expression; MSH2 and MSH6 are intact.")
    assert made["MLH1"]["detail"] == "lost" and made["MSH6"]["detail"] == "retained"
    assert made["MMR"]["status"] == "positive"


def test_a_relatives_gene_is_never_the_patients() -> None:
    text = "FAMILY HISTORY\nMother carries a BRCA2 pathogenic variant. No known BRCA1 mutation in the family."
    assert markers(text) == {}


def test_blood_and_tissue_of_one_name_are_told_apart() -> None:
    assert "CEA" not in markers("Serum CEA 12.4 ng/mL, elevated.")
    assert statuses("Immunostains: tumor cells are positive for CEA.")["CEA"] == "positive"


def test_germline_is_said_not_inferred() -> None:
    assert markers("Germline testing was negative for BRCA1 and BRCA2.")["BRCA2"]["origin"] == "germline"
    assert markers("BRCA2 mutation detected in the tumor.")["BRCA2"]["origin"] != "germline"


@pytest.mark.parametrize(
    "text",
    [
        "GENES ASSAYED\nABL1, AKT1, ALK, APC, ATM, BRAF, BRCA1, BRCA2, EGFR, ERBB2, KRAS, MET, NRAS, PALB2, TP53",
        "APPENDIX B - METHODS AND LIMITATIONS\nHER2 amplification is reported at copy number 5 or more.",
        "KRAS mutations are found in over 90% of pancreatic adenocarcinomas.",
        "Olaparib is approved for patients with germline BRCA1 or BRCA2 mutations.",
        "Recommend KRAS and BRCA testing.",
        "If invasive carcinoma, please obtain ER, PR and HER2.",
        "The specimen was evaluated for HER-2/neu (c-erbB2) overexpression by immunohistochemical methods (HercepTest).",
        "Specimens with a weakly positive (2+) HercepTest are evaluated by FISH to detect presence or absence of HER2 gene amplification.",
        "ER/PR positive is defined as an Allred score of >2 and ER/PR negative is defined as an Allred score of 2 or less.",
        "The score for estrogen receptors: 0 = no staining, 1 = <1% of cells staining, 2 = 1 - 10% of cells staining.",
        "Breast carcinoma. ER. Negative < 6.5 Positive >= 6.5. PR Negative < 5.5 Positive >= 5.5.",
        "Slides of the manufacturer (cell lines with negative HER2 expression) and HER2 amplified control tissue were evaluated.",
        "Staining for HER2 is interpreted on a scale of 0 to 3+ with positivity defined as 2+ or greater.",
        "This assay detects mutations in codons 12 and 13 of the KRAS gene.",
        "THERAPIES WITH POTENTIAL RELEVANCE\nKRAS G12C inhibitors are not expected to be active.",
        "Vitals: HR 82, Wt 71.3 kg. ER visit for pain. CT showed PR after two cycles.",
    ],
)
def test_boilerplate_literature_lists_and_requests_say_nothing_of_the_patient(text: str) -> None:
    assert markers(text) == {}


def test_a_detail_keeps_the_records_own_words() -> None:
    assert markers("CEA immunostain is positive (cytoplasmic, diffuse).")["CEA"]["detail"] == "cytoplasmic, diffuse"
    assert markers("BRAF: not detected")["BRAF"]["detail"] == "not detected"


@pytest.mark.parametrize(
    ("text", "detail"),
    [
        ("CLDN18.2 IHC: 2+ to 3+, 80% of tumor cells", "2+ to 3+ 80%"),
        ("Claudin 18.2: 2 + to 3 +, 80 %", "2+ to 3+ 80%"),
        ("CLDN18.2: 2+/3+ (80%)", "2+/3+ 80%"),
    ],
)
def test_a_range_of_scores_keeps_its_words_apart(text: str, detail: str) -> None:
    assert markers(text)["CLDN18.2"]["detail"] == detail


@pytest.mark.parametrize(
    "text",
    [
        "Gene fusions (RNA): not detected. ALK, ROS1 and NTRK1/2 evaluated.",
        "No gene fusions were identified. ALK, ROS1, NTRK1 and NTRK2 were tested.",
        "No fusions detected in ALK, ROS1, NTRK1 or NTRK2.",
    ],
)
def test_genes_that_were_looked_at_for_fusions_have_the_result_said_of_them(text: str) -> None:
    assert statuses(text) == dict.fromkeys(("ALK", "ROS1", "NTRK1", "NTRK2"), "negative")


def test_a_panels_genes_have_no_result_because_nothing_else_was_found() -> None:
    assert statuses("No other mutations were detected. ALK, ROS1, RET and EGFR were evaluated.") == {}


def test_a_change_in_the_sequence_is_the_genes_not_the_stains() -> None:
    made = markers("P53 c.743G>A p.R248Q, pathogenic")
    assert made["TP53"]["detail"] == "p.R248Q" and made["TP53"].get("method") != "IHC"


def test_a_word_broken_at_its_hyphen_is_one_word() -> None:
    assert markers("RB1 and TP53 immunostains: wild\n-type pattern.")["TP53"]["detail"] == "wild-type pattern"


@pytest.mark.parametrize(
    "text", ["HRD score: 52 (high)", "HRD: positive (GIS 52)", "Homologous recombination deficiency score 52, positive"]
)
def test_a_score_keeps_its_number(text: str) -> None:
    assert markers(text)["HRD"]["detail"] == "score 52"


def test_how_a_slide_was_made_is_no_result() -> None:
    text = "HER2 is stained on block A1 (breast cancer) with a polyclonal antibody (c-erbB2) without antigen retrieval."
    assert statuses(text) == {}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("KRAS mutation detected. KRAS G12C not detected.", {("positive", None), ("negative", "p.G12C not detected")}),
        (
            "KRAS p.G1?D pathogenic variant detected. KRAS G12C: not detected",
            {("positive", "pathogenic variant"), ("negative", "p.G12C not detected")},
        ),
        ("KRAS G12D detected. KRAS G12C not detected.", {("positive", "p.G12D")}),
    ],
)
def test_a_change_that_was_not_found_is_kept_where_the_one_that_was_is_not_named(text: str, expected: set[tuple[str, str | None]]) -> None:
    made = findings(text, "biomarkers:Biomarkers", Kind.BIOMARKER)
    assert {(one.value["status"], one.value.get("detail")) for one in made} == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("HER2/neu: equivocal (2+); FISH: amplified, ratio 3.4", {("equivocal", "2+"), ("positive", "amplified ratio 3.4")}),
        ("HER2 by IHC: 2+. FISH: not amplified.", {("equivocal", "2+"), ("negative", "not amplified")}),
        ("HER2: 2+, equivocal. FISH for HER2 is pending.", {("equivocal", "2+, FISH pending")}),
        ("HER2: 3+. FISH was not performed.", {("positive", "3+")}),
        ("HER2: negative (1+). FISH 1p/19q: codeleted", {("negative", "1+")}),
    ],
)
def test_a_count_of_gene_copies_belongs_to_the_her2_that_was_read_before_it(text: str, expected: set[tuple[str, str]]) -> None:
    made = findings(text, "biomarkers:Biomarkers", Kind.BIOMARKER)
    assert {(one.value["status"], one.value.get("detail")) for one in made if one.value["name"] == "HER2"} == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("No KRAS G12C mutation.", {"KRAS": "negative"}),
        ("There was no EGFR exon 20 insertion.", {"EGFR": "negative"}),
        ("No BRAF mutation was seen, KRAS G12D was found.", {"BRAF": "negative", "KRAS": "positive"}),
        ("KRAS G12D, no BRAF V600E", {"KRAS": "positive", "BRAF": "negative"}),
        ("No BRAF V600E or KRAS G12D mutation was found.", {"BRAF": "negative", "KRAS": "negative"}),
        ("CDKN2A: no homozygous deletion", {"CDKN2A": "negative"}),
        ("MET amplification: absent", {"MET": "negative"}),
        ("del(17p) not detected, TP53 mutated (p.R248Q)", {"TP53": "positive"}),
        ("Negative: CK20, positive: CK7", {"CK20": "negative", "CK7": "positive"}),
        ("CDX2 focal+, CK20-", {"CDX2": "positive", "CK20": "negative"}),
        ("CK7 +ve, CDX2 -ve, MUC1 (+ve)", {"CK7": "positive", "CDX2": "negative", "MUC1": "positive"}),
        ("BCL2 and BCL6 rearranged, MYC not rearranged", {"BCL2": "positive", "BCL6": "positive", "MYC": "negative"}),
        ("Flow: CD79b dim, CD200 bright, CD10-", {"CD79B": "positive", "CD200": "positive", "CD10": "negative"}),
        ("MDM2 amplified by FISH.", {"MDM2": "positive"}),
        ("Core: ER 0, PR 0, HER2 SISH positive (ratio 5.2).", {"ER": "negative", "PR": "negative", "HER2": "positive"}),
        ("Breast: ER 95 PR 20 HER2 1+", {"ER": "positive", "PR": "positive", "HER2": "negative"}),
        ("Coverage criteria require HER2 IHC 3+, or IHC 2+ and ISH positive.", {}),
    ],
)
def test_what_is_denied_and_what_stands_beside_it(text: str, expected: dict[str, str]) -> None:
    assert statuses(text) == expected
