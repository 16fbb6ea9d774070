"""Laboratory results out of tables, trends, lists and sentences."""

from __future__ import annotations

import pytest

from records.extraction import DocumentText, extract_findings
from records.extraction.finding import Kind
from records.reading.page import PageText, Source
from tests.records.extraction.said import findings


def results(text: str) -> set[tuple[str, float, str | None, str | None]]:
    made = findings(text, "labs:Labs", Kind.LAB)
    return {(str(one.value["name"]), float(one.value["value"]), one.value.get("unit"), one.date) for one in made}


TABLE = """LABORATORY REPORT
CHEMISTRY, 02/11/2025
Test Result Flag Reference range Units
Platelet count 187 150-400 K/uL
Creatinine 0.81 0.60-1.20 mg/dL
eGFR 91 >60 mL/min/1.73m2
"""
TREND = """LABORATORY TREND REPORT
Test Units Reference 01/05/2025 02/05/2025 03/05/2025
CA 19-9 U/mL <37 1,310 H 702 H 355 H
Platelet count K/uL 150-400 211 -- 164
"""


def test_a_reference_range_is_never_the_result() -> None:
    made = {(name, value) for name, value, _, day in results(TABLE) if day == "2025-02-11"}
    assert made == {("Platelets", 187), ("Creatinine", 0.81), ("eGFR", 91)}


def test_a_trend_has_a_day_a_column_and_gaps_stay_gaps() -> None:
    made = {(name, value, day) for name, value, _, day in results(TREND)}
    assert {("CA 19-9", 1310, "2025-01-05"), ("CA 19-9", 355, "2025-03-05"), ("Platelets", 164, "2025-03-05")} <= made
    assert not any(name == "Platelets" and day == "2025-02-05" for name, _, day in made)


def test_the_day_that_heads_a_list_is_that_of_all_in_it() -> None:
    made = results("Labs 04/30/2025: bilirubin 0.8 mg/dL, ANC 2.9, CA 19-9 88 U/mL, albumin 3.9 g/dL.")
    assert {day for *_, day in made} == {"2025-04-30"} and len(made) == 4


def test_of_a_rise_the_last_number_is_the_result() -> None:
    assert {(name, value) for name, value, *_ in results("CA 19-9 rose from 41 to 640 U/mL.")} == {("CA 19-9", 640)}


def test_a_number_without_a_day_gets_none() -> None:
    text = "CLINIC NOTE\nDate of service: 05/06/2025\nCA 19-9 was 300 U/mL."
    assert results(text) == {("CA 19-9", 300, "U/mL", None)}


def test_decimal_commas_and_points_for_thousands() -> None:
    text = "Labor 02.05.2024: Hämoglobin\nLaboratory of 02.05.2024: chromogranin A 1.340 µg/l (ref. < 102), haemoglobin 12,4 g/dl, CRP 3,1 mg/l."
    made = {(name, value) for name, value, *_ in results(text)}
    assert {("Chromogranin A", 1340), ("Hemoglobin", 12.4)} <= made


@pytest.mark.parametrize(
    "text",
    [
        "Hold chemotherapy if platelets are below 75.",
        "Immunostains: the tumor cells are positive for CA 19-9.",
        "Accession HB-580420",
        "MEDICATIONS\nCalcium 500 mg daily, potassium chloride 20 mEq.",
    ],
)
def test_limits_stains_numbers_of_files_and_doses_are_no_results(text: str) -> None:
    assert results(text) == set()


def test_a_limit_beside_a_result_that_cannot_be_read_is_no_result() -> None:
    text = "Test Result Flag Reference Units\nLDH 748 H 120-246 U/L\nCRP at H <8.0 mg/L\nAlbumin 3.1 L 3.5-5.0 g/dL"
    assert {name for name, *_ in results(text)} == {"LDH", "Albumin"}


def test_a_sentence_may_speak_of_the_test_of_the_one_before() -> None:
    assert ("CA 19-9", 31, "U/mL", "2024-06-03") in results("Next CA 19-9 due 07/2024. Last value 06/03/2024: 31 U/mL (normal < 37).")


def test_a_number_told_of_a_past_event_has_that_events_day() -> None:
    text = "Relapse was proven by biopsy on 02/24/2025. Disease at relapse was stage IVB with LDH 612 U/L."
    assert results(text) == {("LDH", 612, "U/L", "2025-02-24")}


def test_a_misread_micro_sign_is_put_right_where_no_other_unit_fits() -> None:
    assert results("Laboratory: creatinine 88 pmol/l, vitamin B12 300 pmol/l") >= {("Creatinine", 88, "\u00b5mol/l", None)}


def _doubtful(text: str, source: Source = Source.OCR) -> set[str]:
    page = PageText(1, 0.0, 0.0, text, (), source)
    found = extract_findings(DocumentText((page,)), ("labs:Labs",))
    assert all((one.confidence < 0.5) == bool(one.value.get("is_doubtful")) for one in found)
    return {one.value["name"] for one in found if one.value.get("is_doubtful")}


ROWS = "LABORATORY DATA (03/02/2025)\nTest Result Reference Units\n"


@pytest.mark.parametrize(
    ("row", "names"),
    [
        ("Absolute neutrophil count 23 1.5-7.8 K/uL", {"Absolute neutrophil count"}),
        ("Absolute neutrophil count 23.0 1.5-7.8 K/uL", set()),
        ("Absolute neutrophil count 23 H 1.5-7.8 K/uL", set()),
        ("Absolute neutrophil count 9 1.5-7.8 K/uL", set()),
        ("Platelet count 612 140-400 K/uL", set()),
        ("WBC 96 3.8-10.8 K/uL", {"WBC"}),
    ],
)
def test_a_number_that_lost_its_point_is_for_a_person_to_read(row: str, names: set[str]) -> None:
    """Out of range, whole where the range is not, back in range with a point, and no flag: a scan's slip. A file's own text has none."""
    assert _doubtful(ROWS + row) == names
    assert _doubtful(ROWS + row, Source.TEXT_LAYER) == set()


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("Hemoglobin 98 g/dL on 03/02/2025.", {"Hemoglobin"}),
        ("Hemoglobin 98 g/L on 03/02/2025.", set()),
        ("Creatinine 88 umol/L on 03/02/2025.", set()),
        ("Creatinine 88 mg/dL on 03/02/2025.", {"Creatinine"}),
    ],
)
def test_a_value_that_nobody_ever_had_is_for_a_person_to_read(text: str, names: set[str]) -> None:
    assert _doubtful(text, Source.TEXT_LAYER) == names


def test_days_that_head_columns_alone() -> None:
    text = """CUMULATIVE SUMMARY
                    04/03/25   04/10/25   04/17/25
                     0605       0540       0612       REF RANGE      UNITS
WBC                   3.1 L      1.8 L      5.6        4.0-11.0       K/uL
T BILI                0.6        ---        0.5        0.2-1.2        mg/dL
"""
    assert {(name, value, day) for name, value, _, day in results(text)} == {
        ("WBC", 3.1, "2025-04-03"),
        ("WBC", 1.8, "2025-04-10"),
        ("WBC", 5.6, "2025-04-17"),
        ("Total bilirubin", 0.6, "2025-04-03"),
        ("Total bilirubin", 0.5, "2025-04-17"),
    }


def test_a_flow_sheet_of_infusions() -> None:
    text = """Wk   Date       Cisplatin   ANC   PLT   Comments
1    03/03/25   80 mg       4.1   222   tolerated
2    03/10/25   HELD        0.8   96    neutropenia
3    03/17/25   70 mg       2.2   151
"""
    assert {(name, value, day) for name, value, _, day in results(text)} == {
        ("Absolute neutrophil count", 4.1, "2025-03-03"),
        ("Platelets", 222, "2025-03-03"),
        ("Absolute neutrophil count", 0.8, "2025-03-10"),
        ("Platelets", 96, "2025-03-10"),
        ("Absolute neutrophil count", 2.2, "2025-03-17"),
        ("Platelets", 151, "2025-03-17"),
    }


def test_a_flow_sheet_with_a_column_of_no_known_test() -> None:
    text = "FLOWSHEET\nDate         M-spike   Kappa    Ratio   Hgb\n01/15/2025   2.8       410      50.6    9.1\n"
    assert {(name, value, day) for name, value, _, day in results(text)} == {
        ("M-protein", 2.8, "2025-01-15"),
        ("Hemoglobin", 9.1, "2025-01-15"),
    }


def test_a_portal_with_value_and_range_below_each_name() -> None:
    text = """METABOLIC PANEL - Collected 8/18/2025 8:02 AM - Final result
  Creatinine
    Value: 1.34 mg/dL     Standard range: 0.60 - 1.10 mg/dL   High
  AST
    Value: 77 U/L         Standard range: 10 - 40 U/L         High
CA 19-9 - Collected 8/18/2025 8:02 AM - Final result
    Value: 1,877 U/mL    Standard range: <=35 U/mL
"""
    assert results(text) == {
        ("Creatinine", 1.34, "mg/dL", "2025-08-18"),
        ("AST", 77, "U/L", "2025-08-18"),
        ("CA 19-9", 1877, "U/mL", "2025-08-18"),
    }


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("PSA 148.2 (7/14: 96.7; 5/5: 51.0).", {("PSA", 148.2, None)}),
        ("Calcitonin pre-op 2450 pg/mL; postop (3 Feb 2025) 41 pg/mL.", {("Calcitonin", 2450, None)}),
        ("On zanubrutinib since Aug 2024\nCounts today Hb 128, WBC 9.7", {("Hemoglobin", 128, "2025-10-09"), ("WBC", 9.7, "2025-10-09")}),
        ("CA 19-9 340 (09/07), weight stable.", {("CA 19-9", 340, "2025-09-07")}),
        ("ANC 3.1, Plt 188 on 10/7.", {("Absolute neutrophil count", 3.1, "2025-10-07"), ("Platelets", 188, "2025-10-07")}),
        ("ALLERGIES: none\nLabs 10/7: Hgb 9.0, T bili 3.1", {("Hemoglobin", 9, "2025-10-07"), ("Total bilirubin", 3.1, "2025-10-07")}),
        ("Labs 10/07/2025: Ca 9.4 mg/dL, lymphs 5.1", {("Calcium", 9.4, "2025-10-07"), ("Absolute lymphocyte count", 5.1, "2025-10-07")}),
        ("Chromogranin +, Ki-67 1.5%. IgG4+ plasma cells >10/hpf", set()),
        ("Colon Ca 2009, Ca 15 years ago.", set()),
        ("CA 27.29 88 -> 51 (6/10/2025).", {("CA 27-29", 51, "2025-06-10")}),
        (
            "Labs 10/07/2025: Hgb 10.0 g/dL, Cr 1.5 mg/dL\nElranatamab if progression.",
            {("Hemoglobin", 10, "2025-10-07"), ("Creatinine", 1.5, "2025-10-07")},
        ),
    ],
)
def test_short_notes(text: str, expected: set[tuple[str, float, str | None]]) -> None:
    assert {(name, value, day) for name, value, _, day in results(f"Note date: 10/09/2025\n{text}")} == expected


@pytest.mark.parametrize("name", ["HbA1c", "HgbA1c", "Hgb A1c", "HbAlc", "HbA1ic", "Hemoglobin A1c", "A1c"])
def test_long_term_sugar_is_known_by_all_its_names_and_as_scans_spell_it(name: str) -> None:
    assert {(found, value) for found, value, *_ in results(f"06/16/2025 {name} 6.8 H 4.0-5.6 %")} == {("Hemoglobin A1c", 6.8)}
