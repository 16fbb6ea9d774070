from __future__ import annotations

from typing import Any

import pytest

from records.extraction.finding import Assertion, Kind
from tests.records.extraction.said import findings, statuses, treatments

GEMNAB = "Gemcitabine + nab-paclitaxel"
NALIRI = "5-FU/LV + liposomal irinotecan"
WHIPPLE = "pancreaticoduodenectomy"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        # given
        ("Progressed on FOLFIRINOX x 8 cycles, switched to gem/Abraxane.", {"FOLFIRINOX": "given", GEMNAB: "given"}),
        ("She received six cycles of mFOLFIRINOX followed by a Whipple.", {"FOLFIRINOX": "given", WHIPPLE: "given"}),
        ("S/p distal pancreatectomy in 2021, then adjuvant capecitabine.", {"distal pancreatectomy": "given", "capecitabine": "given"}),
        ("Treatment was changed to nal-IRI/5-FU/LV after progression.", {NALIRI: "given"}),
        ("He was refractory to R-CHOP and R-ICE.", {"R-CHOP": "given", "R-ICE": "given"}),
        (
            "Patient has been heavily pretreated with lenalidomide, bortezomib, and daratumumab.",
            {"lenalidomide": "given", "bortezomib": "given", "daratumumab": "given"},
        ),
        ("No longer on gemcitabine.", {"gemcitabine": "given"}),
        ("Erlotinib was discontinued for rash.", {"erlotinib": "given"}),
        ("Her disease recurred eight months after pancreatoduodenectomy.", {WHIPPLE: "given"}),
        ("Gemcitabine-induced pneumonitis resolved.", {"gemcitabine": "given"}),
        ("The tumor could then be completely resected.", {"surgical resection": "given"}),
        ("Underwent donor-derived, CD19-directed CAR T-cell therapy in remission.", {"CAR-T cell therapy": "given"}),
        ("She got axi-cel in March 2024 and was in the hospital for two weeks.", {"axicabtagene ciloleucel": "given"}),
        ("Received SBRT 33 Gy in 5 fractions to the pancreatic head.", {"SBRT": "given"}),
        ("Neoadjuvant chemoradiation with capecitabine was completed in May 2023.", {"chemoradiation": "given", "capecitabine": "given"}),
        (
            "After failure of first-line therapy with FOLFOX he received paclitaxel plus ramucirumab.",
            {"FOLFOX": "given", "paclitaxel + ramucirumab": "given"},
        ),
        # going on
        ("Currently on gemcitabine and nab-paclitaxel, tolerating it well.", {GEMNAB: "ongoing"}),
        ("She continues on olaparib maintenance.", {"olaparib": "ongoing"}),
        ("Metastatic pancreatic cancer on FOLFIRINOX, here for restaging.", {"FOLFIRINOX": "ongoing"}),
        ("Carcinoid tumor: octreotide LAR 30 mg every 4 weeks since 05/2022, ongoing.", {"octreotide": "ongoing"}),
        ("Everolimus 03/2024 - present.", {"everolimus": "ongoing"}),
        ("Continue lenalidomide 10 mg daily.", {"lenalidomide": "ongoing"}),
        ("She presents for cycle 4 of FOLFIRINOX.", {"FOLFIRINOX": "ongoing"}),
        # planned
        ("Plan: start FOLFIRINOX next week.", {"FOLFIRINOX": "planned"}),
        ("We will proceed with a Whipple procedure in June.", {WHIPPLE: "planned"}),
        ("She is scheduled to begin gemcitabine on Monday.", {"gemcitabine": "planned"}),
        ("I recommend axicabtagene ciloleucel.", {"axicabtagene ciloleucel": "planned"}),
        ("CAPTEM to start 04/01/2025.", {"CAPTEM": "planned"}),
        # declined
        ("She declined chemotherapy with gemcitabine.", {"gemcitabine": "declined"}),
        ("Surgery of the tumor was offered but the patient refused.", {"surgical resection": "declined"}),
        ("FOLFIRINOX was recommended; he refused it.", {"FOLFIRINOX": "declined"}),
        ("She was treated with carboplatin plus paclitaxel every 3 weeks for 4 cycles.", {"Carboplatin + paclitaxel": "given"}),
        ("Seen 66 months after undergoing a curative esophagectomy for cancer.", {"esophagectomy": "given"}),
        ("He declined a Whipple.", {WHIPPLE: "declined"}),
        # not this patient, not given, only an idea
        ("If she progresses, consider gemcitabine plus nab-paclitaxel.", {}),
        ("We discussed olaparib maintenance if she responds.", {}),
        ("Not a candidate for FOLFIRINOX given her performance status.", {}),
        ("He has never received immunotherapy.", {}),
        ("No prior chemotherapy or radiation.", {}),
        ("Allergies: oxaliplatin (hives), penicillin.", {}),
        ("She is allergic to carboplatin.", {}),
        ("His maternal aunt was treated with FOLFIRINOX.", {}),
        ("My brother-in-law got Keytruda for his lungs.", {}),
        ("Consider a trial of mesothelin-directed CAR-T if mesothelin is positive.", {}),
        ("Pembrolizumab could be an option at progression.", {}),
        ("Sunitinib was considered but not chosen.", {}),
        ("Referred for CAR-T evaluation.", {}),
        ("If CD19 is lost after CAR-T, glofitamab could be used.", {}),
        ("Obstructing colon cancer, colonic stenting was done.", {}),
        ("Cataracts s/p surgery, colon polyps s/p resection.", {}),
        ("Acromegaly, on octreotide LAR.", {}),
        ("Suprapubic prostatectomy for benign hyperplasia in 2001.", {}),
        ("Intrathecal methotrexate: considered, not given.", {}),
        ("Radiation: none.", {}),
        ("Whipple was tentatively scheduled, then cancelled.", {}),
        ("Should I be worried about CAR-T?", {}),
        ("Lupus treated with cyclophosphamide in 2009.", {}),
        ("Prednisone 10 mg daily for psoriatic arthritis.", {}),
        ("Ondansetron and dexamethasone before each infusion.", {}),
        ("Patients with BRCA mutations may benefit from olaparib.", {}),
        ("ICE score 10/10.", {}),
        ("Mass in the left ventricle; LV function normal.", {}),
        ("The patient was seen in the ER; ERCP without stent.", {}),
        ("Referred to radiation oncology; chemo port in place.", {}),
    ],
)
def test_what_is_said_of_a_treatment(text: str, expected: dict[str, str]) -> None:
    assert statuses(text) == expected


@pytest.mark.parametrize(
    ("text", "name", "course"),
    [
        (
            "FOLFIRINOX (02/12/2024 - 05/20/2024), 8 cycles, best response PR, stopped for progression.",
            "FOLFIRINOX",
            {"start": "2024-02-12", "stop": "2024-05-20", "cycles": 8, "response": "PR", "stop_reason": "progression"},
        ),
        (
            "First-line gemcitabine plus nab-paclitaxel started 01/2022; second-line 5-FU/nal-IRI 09/2022.",
            GEMNAB,
            {"line": 1, "start": "2022-01"},
        ),
        (
            "First-line gemcitabine plus nab-paclitaxel started 01/2022; second-line 5-FU/nal-IRI 09/2022.",
            NALIRI,
            {"line": 2, "start": "2022-09"},
        ),
        (
            "He received 6 cycles of mFOLFIRINOX with partial response, then SBRT, then Whipple on 4/12/2023.",
            WHIPPLE,
            {"start": "2023-04-12"},
        ),
        ("From March 2023 to September 2023 she received CAPOX.", "CAPOX", {"start": "2023-03", "stop": "2023-09"}),
        (
            "R-CHOP x 6 completed 06/17/2024 with complete response.",
            "R-CHOP",
            {"cycles": 6, "stop": "2024-06-17", "response": "CR", "stop_reason": "completed"},
        ),
        ("Gemcitabine was stopped in July 2024 because of neutropenia.", "gemcitabine", {"stop": "2024-07", "stop_reason": "toxicity"}),
        ("Relapsed 8 months after completing R-CHOP.", "R-CHOP", {"stop_reason": "completed"}),
        ("Adjuvant gemcitabine and capecitabine for 6 cycles.", "Gemcitabine + capecitabine", {"intent": "adjuvant", "cycles": 6}),
        ("Olaparib maintenance since 11/2024, ongoing.", "olaparib", {"start": "2024-11", "intent": "maintenance"}),
        (
            "2L: nal-IRI/5-FU/LV 03/2024 - 08/2024, PD.",
            NALIRI,
            {"line": 2, "start": "2024-03", "stop": "2024-08", "response": "PD", "stop_reason": "progression"},
        ),
        ("She progressed through second line FOLFIRI.", "FOLFIRI", {"line": 2, "stop_reason": "progression"}),
        ("Started everolimus 10 mg on 15.03.2024, reduced to 5 mg on 20.05.2024 for mucositis.", "everolimus", {"start": "2024-03-15"}),
        ("Distal pancreatectomy was followed by adjuvant chemotherapy with S-1 for 6 cycles.", "S-1", {"intent": "adjuvant", "cycles": 6}),
        ("She had a gastrectomy for cancer and received eight cycles of chemotherapy.", "gastrectomy", {"cycles": None}),
        ("Whipple 2021-06-14", WHIPPLE, {"start": "2021-06-14"}),
        ("Status post neoadjuvant FOLFIRINOX x 4.", "FOLFIRINOX", {"cycles": 4, "intent": "neoadjuvant"}),
    ],
)
def test_the_course_of_a_treatment(text: str, name: str, course: dict[str, Any]) -> None:
    value = treatments(text)[name]
    assert {key: value.get(key) for key in course} == course


@pytest.mark.parametrize(
    ("text", "name", "drugs"),
    [
        ("Received gemcitabine 1,000 mg/m2 plus nab-paclitaxel 125 mg/m2 on days 1, 8 and 15.", GEMNAB, {"gemcitabine", "nab-paclitaxel"}),
        (
            "Treated with 5-FU, leucovorin, irinotecan and oxaliplatin.",
            "FOLFIRINOX",
            {"fluorouracil", "leucovorin", "irinotecan", "oxaliplatin"},
        ),
        ("Received cisplatin/etoposide.", "Cisplatin + etoposide", {"cisplatin", "etoposide"}),
        ("Treated with Keytruda.", "pembrolizumab", {"pembrolizumab"}),
        ("She received RMC-6236 on a study.", "daraxonrasib", {"daraxonrasib"}),
        ("Given BR x 6.", "Bendamustine + rituximab", {"bendamustine", "rituximab"}),
        ("Started Dara-VRd.", "D-VRd", {"daratumumab", "bortezomib", "lenalidomide", "dexamethasone"}),
    ],
)
def test_regimens_and_brands_become_their_drugs(text: str, name: str, drugs: set[str]) -> None:
    assert set(treatments(text)[name]["drugs"]) == drugs


def test_one_course_is_told_in_many_places_and_is_one_finding() -> None:
    text = """ONCOLOGIC HISTORY
02/12/2024 C1D1 FOLFIRINOX, first line
05/20/2024 C8D1 FOLFIRINOX (last)
ASSESSMENT
Progression after first-line FOLFIRINOX.
"""
    (one,) = findings(text, "treatments:Treatments", Kind.TREATMENT)
    assert (one.value["start"], one.value["stop"], one.value["line"], one.value["stop_reason"]) == (
        "2024-02-12",
        "2024-05-20",
        1,
        "progression",
    )
    assert len(one.evidence) >= 2


def test_the_next_sentence_tells_the_result() -> None:
    value = treatments(
        "He completed 8 cycles of FOLFIRINOX. CT after cycle 4 showed a partial response. CT in June shows progression of disease."
    )["FOLFIRINOX"]
    assert (value["response"], value["stop_reason"]) == ("PR", "progression")


def test_a_table_of_lines_gives_their_numbers() -> None:
    text = """TREATMENT HISTORY
Line   Regimen   Start   Stop   Best response
1   R-CHOP x 6   03/04/2024   06/17/2024   Complete response
2   R-ICE x 3   03/10/2025   04/28/2025   Progressive disease
"""
    made = treatments(text)
    assert [(one["line"], one["start"], one["stop"], one["response"]) for one in made.values()] == [
        (1, "2024-03-04", "2024-06-17", "CR"),
        (2, "2025-03-10", "2025-04-28", "PD"),
    ]


def test_columns_say_which_date_is_which() -> None:
    text = """SYSTEMIC THERAPY
Drug   Stop   Start   Reason
Octreotide   06.02.2024   05.04.2022   Progression
Everolimus   ongoing   15.03.2024   -
"""
    made = treatments(text)
    assert (made["octreotide"]["start"], made["octreotide"]["stop"]) == ("2022-04-05", "2024-02-06")
    assert (made["everolimus"]["start"], made["everolimus"]["status"]) == ("2024-03-15", "ongoing")


def test_the_therapy_table_of_a_laboratory_is_no_treatment() -> None:
    text = """COMPREHENSIVE GENOMIC PROFILE
Patient: WRENFIELD, MARA   Collected: 01/22/2024 Reported: 02/05/2024
GENOMIC FINDINGS
KRAS p.G12C 31% pathogenic variant
THERAPIES WITH POTENTIAL RELEVANCE
KRAS G12C sotorasib, adagrasib approved in lung cancer
BRCA2 olaparib
GENES ASSAYED
ABL1, AKT1, ALK
"""
    assert treatments(text) == {}


def test_what_was_done_for_an_earlier_cancer_is_told_apart() -> None:
    text = """DIAGNOSIS: Diffuse large B-cell lymphoma, relapsed.
PAST MEDICAL HISTORY
Testicular seminoma, 1998, orchiectomy and radiation, no recurrence.
"""
    (one,) = findings(text, "treatments:Treatments", Kind.TREATMENT)
    assert one.value["is_for_other_disease"] is True and one.value["name"] == "orchiectomy and radiation therapy"


def test_steroids_treat_the_disease_only_where_it_is_an_autoimmune_one() -> None:
    assert "corticosteroids" in statuses(
        "Type 1 autoimmune pancreatitis, IgG4-related disease. Her jaundice resolved with corticosteroid therapy."
    )
    assert statuses("Pancreatic cancer. Her appetite improved with corticosteroid therapy.") == {}


def test_what_is_denied_is_an_absence_of_its_own() -> None:
    (one,) = findings("He has never received CAR-T therapy.", "treatments:Treatments", Kind.TREATMENT)
    assert (one.value["status"], one.assertion) == ("not_given", Assertion.ABSENT)


def course(value: dict[str, Any]) -> tuple[Any, ...]:
    return value["status"], value.get("start"), value.get("stop"), value.get("response"), value.get("stop_reason")


def test_a_myeloma_history_in_shorthand() -> None:
    made = treatments(
        """IgG kappa multiple myeloma, diagnosed 06/2021.
1) VRd x 6 cycles (07/2021-12/2021): VGPR
2) Melphalan 200 auto-SCT 02/2022
3) Lenalidomide maintenance 06/2022-03/2024, progression
4) Dara-Pd 04/2024-11/2024: PD
5) Cilta-cel infused 01/20/2025; CR at day 84
Plan: observation. Talquetamab would be next line.
"""
    )
    assert {name: course(value) for name, value in made.items()} == {
        "VRd": ("given", "2021-07", "2021-12", "PR", None),
        "autologous stem cell transplant": ("given", "2022-02", None, None, None),
        "lenalidomide": ("given", "2022-06", "2024-03", "PD", "progression"),
        "DPd": ("given", "2024-04", "2024-11", "PD", "progression"),
        "ciltacabtagene autoleucel": ("given", "2025-01-20", None, "CR", None),
    }


def test_a_discharge_summary_in_abbreviations() -> None:
    made = treatments(
        "Cholangiocarcinoma. Cis/gem + durvalumab x 6 (5/2024-9/2024), PD. 2L FOLFOX 10/2024-12/2024 stopped d/t neuropathy. "
        "3L pemigatinib started 1/15/25. Radiation oncology was consulted; no radiation was given."
    )
    assert course(made["cisplatin + gemcitabine + durvalumab"]) == ("given", "2024-05", "2024-09", "PD", "progression")
    assert course(made["FOLFOX"]) == ("given", "2024-10", "2024-12", None, "toxicity")
    assert [made[name].get("line") for name in ("FOLFOX", "pemigatinib")] == [2, 3]
    assert "radiation therapy" not in made


def test_a_history_read_badly_and_wrapped() -> None:
    made = treatments(
        "01/15/2024 Started F0LFIRIN0X\n06/30/2024 Completed 12 cycles FOLFIRIN0X\n07/20/2024 Started Capecitabine maintenence"
    )
    assert (made["FOLFIRINOX"]["start"], made["FOLFIRINOX"]["stop"], made["capecitabine"]["start"]) == (
        "2024-01-15",
        "2024-06-30",
        "2024-07-20",
    )


def test_what_prepares_for_cells_is_part_of_them() -> None:
    made = treatments(
        "R/R DLBCL: R-DHAP x2 and ASCT with BEAM conditioning 3/2022. Flu/Cy 11/1/23 followed by Yescarta infusion 11/6/23, CR at day 30."
    )
    assert set(made) == {"R-DHAP", "autologous stem cell transplant", "axicabtagene ciloleucel"}
    assert (made["axicabtagene ciloleucel"]["start"], made["axicabtagene ciloleucel"]["response"]) == ("2023-11-06", "CR")


def test_offered_accepted_and_begun_is_given() -> None:
    assert statuses("Second-line 5-FU/leucovorin/nal-IRI was offered and accepted; cycle 1 given 05/05/2025.") == {NALIRI: "given"}


def test_an_operation_on_a_pathology_report_has_the_day_of_its_specimen() -> None:
    text = (
        "SURGICAL PATHOLOGY REPORT\nCollected: 02/02/2025 Reported: 02/09/2025\nFINAL DIAGNOSIS\nPancreas, Whipple "
        "resection: residual ductal adenocarcinoma, margins negative."
    )
    assert treatments(text)[WHIPPLE]["start"] == "2025-02-02"


def test_an_exported_list_with_statuses() -> None:
    made = statuses(
        """Medications
Medication: Gemcitabine (Gemzar) 1000 mg/m2 | Status: completed | Period: 2023-02-01 to 2023-07-15
Medication: Olaparib 300 mg | Status: active | Start: 2023-08-01
Medication: Bevacizumab | Status: entered-in-error
Medication: Cisplatin | Status: cancelled
"""
    )
    assert made == {"gemcitabine": "given", "olaparib": "ongoing"}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Diagnosis: follicular carcinoma of the thyroid.\nPast treatment: total thyroidectomy 2/11/2026.", {"thyroidectomy": "given"}),
        ("Diagnosis: endometrial carcinoma.\nOperations: total abdominal hysterectomy, May 2025.", {"hysterectomy": "given"}),
        ("Diagnosis: carcinoma of the gallbladder.\nSurgical history: cholecystectomy 2025, appendectomy 1981.", {"cholecystectomy": "given"}),
        # taken out for another reason, or another organ than the tumour's
        ("Diagnosis: thyroid carcinoma.\nSurgical history: hemithyroidectomy for goiter 1999.", {}),
        ("Diagnosis: lung adenocarcinoma.\nSurgical history: hysterectomy 1999, cholecystectomy 2004.", {}),
        ("Diagnosis: ovarian carcinoma.\nSurgical history: hysterectomy 1999.", {}),
    ],
)  # fmt: skip
def test_an_operation_that_other_diseases_share_counts_on_the_organ_of_the_tumour(text: str, expected: dict[str, str]) -> None:
    assert statuses(text) == expected


def test_a_tumour_board_plans_what_it_favours() -> None:
    made = treatments(
        "She has completed 4 of 8 planned cycles of mFOLFIRINOX (C1 11/04/2024, C4 12/23/2024). "
        "The group favors 4 further cycles followed by SBRT and then pancreaticoduodenectomy. "
        "Recommendation: Resume mFOLFIRINOX on 03/24/2025. Consider a trial of daraxonrasib at progression."
    )
    assert made["FOLFIRINOX"]["status"] in ("given", "ongoing") and made["FOLFIRINOX"]["start"] == "2024-11-04"
    assert {name: value["status"] for name, value in made.items() if name != "FOLFIRINOX"} == {"SBRT": "planned", WHIPPLE: "planned"}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("CONSENSUS: CHEMORT WITH CARBO/PACLITAXEL WEEKLY X 6, THEN DURVALUMAB IF NO PROGRESSION", {"planned"}),
        ("MDT outcome: neoadjuvant FOLFIRINOX x 6, then surgery.", {"planned"}),
        ("Recs: concurrent cisplatin with RT.", {"planned"}),
        ("We went over FOLFIRINOX versus gemcitabine/nab-paclitaxel.", set()),
        ("Talked about olaparib. He wants time.", set()),
        ("Adjuvant capecitabine to be discussed.", set()),
        ("Lymphodepletion with fludarabine/cyclophosphamide per protocol day -5.", {"planned"}),
        ("7/22/25 Tivozanib Rx sent; copay assistance pending. Pt has not started.", {"planned"}),
        ("Sunitinib 50 mg daily ordered 5/2; she has not started it yet.", {"planned"}),
        ("CAR-T evaluation 10/22/2025", set()),
        ("Pre-CAR-T checklist   Date 11/10/2025", set()),
        ("Transplant consult 03/04/2025", set()),
        ("CAR-T infusion 10/22/2025, day +14 today.", {"given"}),
    ],
)
def test_what_a_board_says_what_was_talked_about_and_what_waits_is_not_given(text: str, expected: set[str]) -> None:
    assert set(statuses("Diagnosis: adenocarcinoma of the lung.\n" + text).values()) == expected


def test_an_idea_adds_no_drug_to_what_was_given() -> None:
    made = treatments("Adjuvant nivolumab June 2024 - June 2025, completed.\nIpilimumab/nivolumab would be the option if he recurs.")
    assert {name: value["drugs"] for name, value in made.items()} == {"nivolumab": ["nivolumab"]}


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("She received cabo from 02/2025 to 05/2025.", "cabozantinib"),
        ("Prior chemo: nivo+ipi 2023.", "nivolumab + ipilimumab"),
        ("Line 3: EPd 12/2022 - 8/2023, PD", "EPd"),
        ("Induction 7+3 given 1/7/2025.", "7+3"),
        ("He underwent RALP 6/2016 for prostate cancer.", "prostatectomy"),
        ("He received Lu-177 PSMA-617, 4 cycles.", "lutetium Lu-177 vipivotide tetraxetan"),
    ],
)
def test_short_forms_of_clinics(text: str, name: str) -> None:
    assert statuses(text) == {name: "given"}


@pytest.mark.parametrize(
    ("text", "name", "expected"),
    [
        ("4) Abiraterone/prednisone 5/2020 - 1/2023", "abiraterone", ("given", "2020-05", "2023-01", None, None)),
        ("FOLFOX x 8 (3/25-7/25), then a rest.", "FOLFOX", ("given", "2025-03", "2025-07", None, None)),
        ("Relapse: acalabrutinib 8/23-1/24 PD.", "acalabrutinib", ("given", "2023-08", "2024-01", "PD", "progression")),
        ("Salvage RT 70.2 Gy to prostate bed 2018", "radiation therapy", ("given", "2018", None, None, None)),
        ("Kidney cancer, left nephrectomy 2021, no relapse.", "nephrectomy", ("given", "2021", None, None, None)),
        ("Total thyroidectomy + left neck dissection 20 Jan 2025 for cancer", "thyroidectomy", ("given", "2025-01-20", None, None, None)),
        ("Dabrafenib/trametinib March 2024, ceased May 2024", "dabrafenib + trametinib", ("given", "2024-03", "2024-05", None, None)),
        ("R-DHAP x2 (05/2024-06/2024) SD - ASCT cancelled", "R-DHAP", ("given", "2024-05", "2024-06", "SD", None)),
        ("Lapatinib 250 mg                                  DISCONTINUED 05/2025", "lapatinib", ("given", None, "2025-05", None, None)),
    ],
)
def test_dates_in_the_shorthand_of_notes(text: str, name: str, expected: tuple[Any, ...]) -> None:
    assert course(treatments(text)[name]) == expected


def test_days_of_one_month_are_no_months_of_years() -> None:
    assert "start" not in treatments("He received gemcitabine 6/10-6/17.")["gemcitabine"]
