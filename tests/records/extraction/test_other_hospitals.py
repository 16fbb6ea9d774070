"""What records of hospitals that nobody here has seen got wrong: hasty notes, wrapped tables, leaflets, portals, letters from abroad."""

from __future__ import annotations

from typing import Any

import pytest

from records.extraction.finding import Assertion, Kind
from tests.records.extraction.said import findings, statuses, treatments


def markers(text: str) -> dict[str, dict[str, Any]]:
    made = findings(text, "biomarkers:Biomarkers", Kind.BIOMARKER)
    return {str(one.value["name"]): dict(one.value) for one in made if one.assertion is not Assertion.FAMILY}


def labs(text: str) -> set[tuple[str, float, str | None]]:
    return {(str(one.value["name"]), float(one.value["value"]), one.date) for one in findings(text, "labs:Labs", Kind.LAB)}


def codes(text: str) -> dict[str, str]:
    return {str(one.value["code"]): str(one.value["status"]) for one in findings(text, "diagnosis:Diagnosis", Kind.DIAGNOSIS)}


@pytest.mark.parametrize(
    ("text", "age", "sex"),
    [
        ("58F w/ colon cancer here for C2.", 58, "female"),
        ("HPI: 63M, new jaundice.", 63, "male"),
        ("71M. CLL, Rai II.", 71, "male"),
        ("ASSESSMENT. 66-year-old gentleman with rectal cancer, s/p colectomy.", 66, "male"),
        ("I am 59 and was told I have lymphoma.", 59, None),
        ("Patient: Ames, Lee | Male | 04/05/1961 | Diagnosis: Melanoma", None, "male"),
        ("DISEASE Colon   SEX Female   REPORT DATE 3 May 2025", None, "female"),
        ("Re: Mrs Ada QUILL, colon cancer", None, "female"),
    ],
)
def test_who_it_is_as_hurried_hands_write_it(text: str, age: int | None, sex: str | None) -> None:
    assert [one.value["age"] for one in findings(text, "demographics:Demographics", Kind.AGE)] == ([age] if age else [])
    assert {one.value["sex"] for one in findings(text, "demographics:Demographics", Kind.SEX)} == ({sex} if sex else set())


@pytest.mark.parametrize("text", ["Placed a 24F catheter.", "A 12 F stent was placed.", "He is 5'9. I am 12 weeks out."])
def test_numbers_of_tubes_are_no_age(text: str) -> None:
    assert findings(text, "demographics:Demographics", Kind.AGE) == []


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        # options that a board talks over
        ("Discussion: Options incl. neoadjuvant chemotherapy (FOLFOX then surgery) for this rectal cancer.", {}),
        ("Colon cancer: ipilimumab vs nivolumab given dMMR status was the question of the board.", {}),
        ("Colon cancer.\nRecommendation: Nivolumab 240 mg q2w x 12 cycles.", {"nivolumab": "planned"}),
        ("Melanoma. Combination of dabrafenib and trametinib possible from the second line.", {}),
        ("Myeloma.\nPlan: talquetamab at next progression.", {}),
        # what goes on
        ("Pt on cycle 3 FOLFOX for colon cancer.", {"FOLFOX": "ongoing"}),
        ("Lung cancer.\nCurrent treatment: Osimertinib, cycle 3 day 1 due today", {"osimertinib": "ongoing"}),
        ("Current tx: FOLFIRI for colon cancer", {"FOLFIRI": "ongoing"}),
        ("Myeloma. Elranatamab 9/2024 -> present", {"elranatamab": "ongoing"}),
        ("Melanoma. Nivolumab 2/2024; ongoing", {"nivolumab": "ongoing"}),
        # a treatment told after the radiation's end is not ahead of the note
        ("Breast cancer. RT 40 Gy completed 12/2019.\nAnastrozole 1/2020 - 3/2024 (recurrence).", {"anastrozole": "given"}),
    ],
)
def test_given_planned_and_talked_over(text: str, expected: dict[str, str]) -> None:
    assert {name: status for name, status in statuses(text).items() if name in expected or not expected} == expected


def test_a_history_of_years_and_line_numbers() -> None:
    made = treatments("CLL.\n1st: ibrutinib 2019 - 2/2023 stopped for rash.\n2nd: venetoclax 2023-2024")
    assert (made["ibrutinib"]["start"], made["ibrutinib"]["stop"], made["ibrutinib"]["line"]) == ("2019", "2023-02", 1)
    assert (made["venetoclax"]["start"], made["venetoclax"]["stop"], made["venetoclax"]["line"]) == ("2023", "2024", 2)


def test_the_column_of_reasons_says_why_it_ended() -> None:
    made = treatments(
        "Prior therapy for lymphoma\n"
        "Regimen            Start      End        Best response   Reason off\n"
        "R-CHOP             02/2022    06/2022    CR              completed\n"
        "Glofitamab         03/2023    05/2023    PR              PD\n"
    )
    assert {name: value["stop_reason"] for name, value in made.items()} == {"R-CHOP": "completed", "glofitamab": "progression"}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        # the last column is about drugs
        (
            "ALTERATION(S)          % cfDNA      APPROVED THERAPIES\nAPC Q1367*             8.1%         None\nBRAF K601E             2.0%         None",
            {"APC": "positive", "BRAF": "positive"},
        ),
        (
            "GENE      RESULT             THERAPY ASSOCIATION\nKRAS      Not detected       BENEFIT in BRAF and EGFR mutated tumors\n",
            {"KRAS": "negative"},
        ),
        ("Antibody     Tumor cells    Control\nMesothelin   Negative       Retained\n", {"MSLN": "negative"}),
        ("I had my BRCA1 test and it was normal.", {"BRCA1": "negative"}),
        ("The patient has a 50% chance of carrying the familial BRCA1 variant.", {}),
        ("Low probability of MSI-H.", {}),
        (
            "No pathogenic single nucleotide variants, indels, or copy number changes found in:\nBRAF  KRAS  NRAS",
            {"BRAF": "negative", "KRAS": "negative", "NRAS": "negative"},
        ),
    ],
)
def test_columns_of_other_things_and_chances_are_no_results(text: str, expected: dict[str, str]) -> None:
    assert {name: value["status"] for name, value in markers(text).items()} == expected


def test_a_cell_that_is_wrapped_belongs_to_its_row() -> None:
    made = markers(
        "Gene        Type      Result                VAF\n"
        "BRCA2       Seq       Pathogenic Variant    31%\n"
        "                      Exon 11, p.S1982fs\n"
        "CDKN2A      Seq       Homozygous            n/a\n"
        "                      deletion\n"
        "RNF43       Seq       p.Gly659Valfs*41      12%\n"
    )
    assert made["BRCA2"]["detail"] == "p.S1982fs" and "CDKN2A" not in made
    assert made["RNF43"]["detail"] == "p.G659Vfs*41"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "FINAL DIAGNOSIS\nA. GALLBLADDER, CHOLECYSTECTOMY:\n   - Chronic cholecystitis.\n"
            "B. PANCREAS, DUODENUM, DISTAL STOMACH AND COMMON BILE DUCT; PANCREATICODUODENECTOMY (WHIPPLE):\n   - Invasive ductal adenocarcinoma.",
            {"PAAD": "confirmed"},
        ),
        ("DIAGNOSIS\nAmpulla of Vater, Whipple resection:\n- Adenocarcinoma, intestinal type, arising in ampulla.", {"AMPCA": "confirmed"}),
        ("PALB2 is associated with autosomal dominant hereditary breast, ovarian and pancreatic cancer.", {}),
        ("Understanding Your Treatment: FOLFOX\nFOLFOX is used for colon cancer. Stage IV means it has spread.", {}),
        ("My neighbor got CAR-T for lymphoma.", {}),
        ("Lives with husband who is receiving FOLFOX for colon cancer.", {}),
        ("Seen with colon ca on FOLFOX.", {"COADREAD": "confirmed"}),
        ("67M IgG lambda MM dx 8/2018.", {"PCM": "confirmed"}),
        ("Site: pancreas, head\nInterpretation: Suspicious for but not diagnostic of adenocarcinoma.", {"PAAD": "suspected"}),
    ],
)
def test_whose_cancer_and_which(text: str, expected: dict[str, str]) -> None:
    assert codes(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("CLL. Best response CR x 5y.", set()),
        ("Treatment parameters: ANC >= 1.5, PLT >= 100, T bili <= 1.5.", set()),
        ("TUMOR MARKER - Collected on May 4, 2025 9:02 AM\nCEA\nNormal range: below <5\nYour value is 60.4", {("CEA", 60.4, "2025-05-04")}),
        ("Visit date: 03/01/2025\nDischarge labs 2/24: WBC 5.6", {("WBC", 5.6, "2025-02-24")}),
        ("Hb 10.8, plt 122", {("Hemoglobin", 10.8, None), ("Platelets", 122.0, None)}),
        ("Analyt          Ergebnis   Einheit\nThrombozyten    98         G/l\n", {("Platelets", 98.0, None)}),
    ],
)
def test_numbers_that_are_results_and_those_that_are_none(text: str, expected: set[tuple[str, float, str | None]]) -> None:
    assert labs(text) == expected


def test_an_empty_cell_of_a_trend_is_told_by_its_column() -> None:
    made = labs(
        "              Units     Ref Range    01/06/2025   02/03/2025   03/03/2025\n"
        "Platelets     K/uL      150-400      212          168          141 L\n"
        "CEA           ng/mL     <5.0         8.8 H                     6.1 H\n"
    )
    assert {one for one in made if one[0] == "CEA"} == {("CEA", 8.8, "2025-01-06"), ("CEA", 6.1, "2025-03-03")}


def test_a_table_of_relatives_says_what_each_had() -> None:
    text = (
        "FAMILY HISTORY (pedigree to be scanned)\nRelationship     Cancer        Age dx   Testing\n"
        "Mother           Ovarian       52       BRCA1 positive\nFather           none\nPaternal uncle   Prostate      70\n"
    )
    made = findings(text, "family:Family", Kind.FAMILY_HISTORY)
    assert {(one.value["relative"], one.value["condition"]) for one in made} >= {
        ("mother", "ovarian cancer"),
        ("paternal uncle", "prostate cancer"),
    }
    assert markers(text) == {}


def test_a_line_of_the_patients_own_ends_the_family_history() -> None:
    text = "FHx: sister breast cancer.\nHe has stage IIB pancreatic cancer s/p distal pancreatectomy."
    assert codes(text) == {"PAAD": "confirmed"}
    assert statuses(text) == {"distal pancreatectomy": "given"}


@pytest.mark.parametrize(
    ("text", "sites"),
    [
        ("Pancreatic cancer. It had already spread to my liver.", {"liver"}),
        ("Lung adenocarcinoma, cT3 cN2 cM1c (brain, adrenal).", {"brain", "adrenal"}),
        ("Stage IV (liver) colon cancer.", {"liver"}),
        ("Progression in liver of the pancreatic cancer.", {"liver"}),
    ],
)
def test_where_it_has_spread_to_in_other_words(text: str, sites: set[str]) -> None:
    made = findings(text, "metastasis:Metastasis", Kind.METASTASIS)
    assert {one.value["site"] for one in made if one.assertion is Assertion.PRESENT} == sites


@pytest.mark.parametrize(
    "text",
    [
        "Pancreas: ductal adenocarcinoma. pT4 disease is defined by involvement of the celiac axis.",
        "Stage IV means the pancreatic cancer has spread.",
    ],
)
def test_what_a_stage_means_is_nobodys_stage(text: str) -> None:
    assert findings(text, "tnm:Tnm", Kind.TNM) == [] and findings(text, "stage:StageGroup", Kind.STAGE_GROUP) == []


def test_a_category_explained_by_its_count_counts_no_nodes() -> None:
    made = findings(
        "Pancreas: 3 of 22 lymph nodes positive (3/22).\npN1: Metastasis in one to three regional lymph nodes", "nodes:Nodes", Kind.NODES
    )
    assert [(one.value["positive"], one.value["examined"]) for one in made] == [(3, 22)]


def test_alleles_of_a_note_on_eligibility() -> None:
    made = findings("TCR trial eligibility: HLA typing (12/2024): A*02:01, A*03:01", "hla:Hla", Kind.HLA)
    assert {one.value["allele"] for one in made} == {"A*02:01", "A*03:01"}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Colon cancer.\nHave you had surgery for your cancer? No\nRadiation? No\n", {}),
        ("Colon cancer.\nHave you had surgery for your cancer?\n", {}),
        ("Recommend concurrent chemoradiation (carboplatin/paclitaxel) followed by durvalumab for lung cancer.", "planned"),
        ("I am writing to request coverage of olaparib for pancreatic cancer.", "planned"),
        ("Ovarian cancer\nAgent     Start      End        Reason\nOlaparib  Jan 2022   Apr 2022   Completed planned therapy", "given"),
    ],
)
def test_questions_recommendations_and_requests(text: str, expected: dict[str, str] | str) -> None:
    made = statuses(text)
    assert made == expected if isinstance(expected, dict) else set(made.values()) == {expected}


def test_a_birth_date_begins_no_treatment_and_months_share_their_year() -> None:
    made = treatments("Re: A. Quill (date of birth: March 3, 1970), on olaparib for ovarian cancer.")
    assert "start" not in made["olaparib"]
    made = treatments("She received FOLFOX for colon cancer (6 cycles, March to June 2023).")
    assert (made["FOLFOX"]["start"], made["FOLFOX"]["stop"]) == ("2023-03", "2023-06")
    made = treatments("Lymphoma. Ibrutinib 11/2022 -> PD 6/2023")
    assert (made["ibrutinib"]["start"], made["ibrutinib"]["stop"], made["ibrutinib"]["stop_reason"]) == (
        "2022-11",
        "2023-06",
        "progression",
    )


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("KRAS     Missense Mutation    Q61H (c.183A>T)    exon 3    MAF: 22.1%", {"KRAS": "positive"}),
        ("The result issued in May (MSI-High) was reported in error. The correct result is MSS.", {"MSI": "negative"}),
        ("We did not find a harmful change in the BRCA1, BRCA2 or PALB2 genes.", dict.fromkeys(("BRCA1", "BRCA2", "PALB2"), "negative")),
        ("KRAS\nMutation detected: p.G12R\nNRAS\nNo mutation detected", {"KRAS": "positive", "NRAS": "negative"}),
    ],
)
def test_shares_errors_and_lay_words(text: str, expected: dict[str, str]) -> None:
    assert {name: value["status"] for name, value in markers(text).items()} == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("ECOG: 0 / 1 / 2 / 3 / 4   (circle)", []),
        ("KPS 70% (ECOG 2), previously ECOG 1 in 11/2024.", [2]),
    ],
)
def test_a_scale_to_circle_says_nothing(text: str, expected: list[int]) -> None:
    made = findings(text, "performance:Performance", Kind.PERFORMANCE)
    assert [one.value["value"] for one in made if one.assertion is Assertion.PRESENT and one.value["scale"] == "ECOG"] == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Haematology  Sample date 11/02/2025\nCA 19-9      * 2310  U/mL  (< 34)\n", {("CA 19-9", 2310.0, "2025-02-11")}),
        ("CA 19-9: 3 250 U/ml", {("CA 19-9", 3250.0, None)}),
        (
            "Labs (5/2/25): INR 1.1. CA19-9: 18,441 (4/4/25: 12,210; 3/7/25: 9,006).",
            {
                ("INR", 1.1, "2025-05-02"),
                ("CA 19-9", 18441.0, "2025-05-02"),
                ("CA 19-9", 12210.0, "2025-04-04"),
                ("CA 19-9", 9006.0, "2025-03-07"),
            },
        ),
    ],
)
def test_days_limits_and_spaced_thousands(text: str, expected: set[tuple[str, float, str | None]]) -> None:
    assert labs(text) == expected


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("Locally advanced adenoca pancreas, on FOLFIRINOX.", "PAAD"),
        ("Materials: gastric antrum biopsies.\nDiagnosis: Intestinal-type adenocarcinoma.", "STAD"),
        ("RUL 5.4 cm squamous cell carcinoma.", "LUSC"),
        ("1. Sigmoid colon, polyp, biopsy - Adenocarcinoma.", "COADREAD"),
        ("Pathology consult: Pancreas, biopsy (outside slides): Acinar cell carcinoma.", "PAAC"),
    ],
)
def test_organs_named_in_other_ways(text: str, code: str) -> None:
    assert codes(text) == {code: "confirmed"}


def test_an_arrow_ends_what_a_no_denies() -> None:
    made = findings("CT: 2.9 cm pancreatic mass, no vascular involvement -> resectable", "extent:Extent", Kind.EXTENT)
    assert [one.value["extent"] for one in made] == ["resectable"]


def test_cassettes_are_nobodys_age() -> None:
    text = "GROSS DESCRIPTION\n17E multiple nodes\n17F one node bisected\n22F. Posterior cavity"
    assert findings(text, "demographics:Demographics", Kind.AGE) == []


def test_carcinoma_in_a_margin_is_of_the_tumour_beside_it() -> None:
    text = (
        "DIAGNOSIS\nPancreas, head, Whipple resection: Ductal adenocarcinoma.\n"
        "B. Hepatic duct, margin, excision: Invasive adenocarcinoma is present.\nStage: pT3 N1.\n"
    )
    assert codes(text) == {"PAAD": "confirmed"}
    assert {one.value["tumour"] for one in findings(text, "tnm:Tnm", Kind.TNM)} == {"pancreas"}


def test_limits_for_the_next_dose_and_cohorts_of_studies_are_nobodys() -> None:
    assert labs("Plan start date: 04/28/2025   Status: Active   Line: First\nHold for ANC < 1.0 or platelets < 75.") == set()
    made = markers("Variants of unknown significance\nCDKN2A loss - NCT00000003 palbociclib; BRAF V600E cohort")
    assert "BRAF" not in made
