"""Registry text to criteria. Every record here is made up by us, in the style of a registry."""

from __future__ import annotations

from typing import Any

import pytest

from personalize.criteria import AllOf, AnyOf, Not, Rule, encode
from personalize.eligibility import Kind, Source, TrialCriterion, leaves, parse_eligibility

RECORD = """Inclusion Criteria:

* Histologically confirmed pancreatic ductal adenocarcinoma
* Locally advanced or metastatic disease
* Age ≥ 18 years
* ECOG performance status 0-1
* Owns a harbour seal named Ingimar

Exclusion Criteria:

* Prior CAR-T cell therapy
* HIV infection
* A fear of moonlight
"""


def read(text: str, **fields: Any) -> tuple[TrialCriterion, ...]:
    return parse_eligibility(text, **fields)


def included(sentence: str) -> list[Any]:
    """The rules of one sentence among those that must hold, as JSON; None for a sentence that was kept unread."""
    return [encode(one.rule) if one.rule else None for one in read(f"Inclusion Criteria:\n\n* {sentence}\n")]


def excluded(sentence: str) -> list[Any]:
    return [encode(one.rule) if one.rule else None for one in read(f"Exclusion Criteria:\n\n* {sentence}\n")]


def rule(predicate: str, op: str, value: Any = None, **more: Any) -> dict[str, Any]:
    return {"predicate": predicate, "op": op} | ({"value": value} if value is not None else {}) | more


def test_each_sentence_stands_once_in_its_own_words_with_its_kind() -> None:
    made = read(RECORD)
    assert [(one.kind, one.sentence) for one in made] == [
        (Kind.INCLUSION, "Histologically confirmed pancreatic ductal adenocarcinoma"),
        (Kind.INCLUSION, "Locally advanced or metastatic disease"),
        (Kind.INCLUSION, "Age ≥ 18 years"),
        (Kind.INCLUSION, "ECOG performance status 0-1"),
        (Kind.INCLUSION, "Owns a harbour seal named Ingimar"),
        (Kind.EXCLUSION, "Prior CAR-T cell therapy"),
        (Kind.EXCLUSION, "HIV infection"),
        (Kind.EXCLUSION, "A fear of moonlight"),
    ]
    assert all(RECORD[one.start : one.end] == one.sentence for one in made)


def test_what_cannot_be_read_is_kept_without_a_rule() -> None:
    unread = [one.sentence for one in read(RECORD) if one.rule is None]
    assert unread == ["Owns a harbour seal named Ingimar", "A fear of moonlight"]


@pytest.mark.parametrize(
    ("opening", "kind"),
    [
        ("Key inclusion criteria", Kind.INCLUSION),
        ("INCLUSION CRITERIA:", Kind.INCLUSION),
        ("Main Exclusion Criteria:", Kind.EXCLUSION),
        ("Patients will be excluded if they meet any of the following:", Kind.EXCLUSION),
    ],
)
def test_headings_say_what_lets_in_and_what_keeps_out(opening: str, kind: Kind) -> None:
    assert [one.kind for one in read(f"{opening}\n\n* HIV infection\n")][-1] is kind


@pytest.mark.parametrize(
    ("sentence", "expected"),
    [
        ("Age 18 years or older", rule("age", "at_least", 18.0)),
        ("Aged between 18 and 75 years", {"all": [rule("age", "at_least", 18.0), rule("age", "at_most", 75.0)]}),
        ("Karnofsky performance score of at least 70%", rule("karnofsky", "at_least", 70.0)),
        ("ECOG performance status of two or less", rule("ecog", "at_most", 2)),
        ("Absolute neutrophil count ≥ 1.5 x 10^9/L", rule("lab", "at_least", 1500.0, sub="anc", unit="/uL")),
        ("Platelets >= 75,000/mm3", rule("lab", "at_least", 75000.0, sub="platelets", unit="/uL")),
        ("Haemoglobin ≥ 90 g/L", rule("lab", "at_least", 9.0, sub="hemoglobin", unit="g/dL")),
        ("Total bilirubin no more than 1.5 times the upper limit of normal", rule("lab", "at_most", 1.5, sub="bilirubin", unit="xULN")),
        ("Life expectancy of at least 12 weeks", rule("life_expectancy", "at_least", 12, unit="weeks")),
        ("At least two prior lines of systemic therapy", rule("prior_lines", "at_least", 2, sub="advanced")),
        ("CLDN18.2 expression in ≥ 70% of tumor cells", rule("biomarker", "percent_at_least", 70.0, sub="CLDN18.2")),
        ("HER2 IHC 2+ or 3+", rule("biomarker", "ihc_in", ["2+", "3+"], sub="HER2")),
        ("KRAS G12D mutation in the tumor", rule("biomarker", "variant_in", ["G12D"], sub="KRAS")),
        ("HLA-A*11:01 positive", rule("hla", "has_any", ["A*11:01"])),
        ("Measurable disease per RECIST 1.1", rule("measurable_disease", "is_true")),
    ],
)
def test_numbers_units_and_names_are_read(sentence: str, expected: dict[str, Any]) -> None:
    assert included(sentence) == [expected]


@pytest.mark.parametrize(
    ("sentence", "expected"),
    [
        ("Chemotherapy within 21 days before enrolment", rule("treatment", "within_days", ["systemic"], window_days=21)),
        ("Prior treatment with a PARP inhibitor", rule("treatment", "received_any", ["parp inhibitor"])),
        ("Previous chimeric antigen receptor T cell therapy", rule("prior_cell_therapy", "received", ["any"])),
        ("Another malignancy within the past 3 years", rule("other_malignancy", "history", window_days=1095)),
        ("Platelets < 75,000/mm3", rule("lab", "below", 75000.0, sub="platelets", unit="/uL")),
        ("Systemic corticosteroids > 10 mg prednisone daily", rule("steroids", "above", 10.0, unit="mg/day")),
        ("Pregnant or breastfeeding women", rule("pregnancy", "present")),
        ("Tumor that is KRAS wild-type", rule("biomarker", "wild_type", sub="KRAS")),
    ],
)
def test_what_keeps_out_is_read_with_its_window(sentence: str, expected: dict[str, Any]) -> None:
    assert excluded(sentence) == [expected]


def test_a_denied_treatment_is_asked_not_to_have_been_given() -> None:
    assert included("No prior treatment with a PARP inhibitor") == [{"not": rule("treatment", "received_any", ["parp inhibitor"])}]


def test_a_rule_for_the_women_of_a_trial_does_not_keep_men_out() -> None:
    assert included("Women must not be pregnant") == [{"not": rule("pregnancy", "present")}]
    assert included("Men should be willing to use contraception") == [None]
    assert included("Women with ovarian cancer")[-1] == rule("sex", "is", "female")


def test_an_exception_opens_another_way_in() -> None:
    limit, gilbert = rule("lab", "at_most", 1.5, sub="bilirubin", unit="xULN"), rule("clinical", "is_true", sub="gilbert")
    assert included("Total bilirubin ≤ 1.5 x ULN, unless the patient has Gilbert's syndrome") == [{"any": [limit, gilbert]}]


def test_an_exception_that_we_cannot_check_leaves_an_exclusion_open() -> None:
    (made,) = read("Exclusion Criteria:\n\n* Prior treatment with a BTK inhibitor, unless it was stopped for bruising\n")
    assert isinstance(made.rule, AllOf)
    assert [one.predicate for one in leaves(made.rule)] == ["treatment", "unread"]


def test_what_is_allowed_is_no_rule() -> None:
    assert excluded("Treated brain metastases are allowed") == [None]
    assert included("Patients with HIV are eligible") == [None]


@pytest.mark.parametrize(
    ("sentence", "cohorts"),
    [
        ("Cohort B only: prior treatment with gemcitabine", ("cohort b",)),
        ("For arms 1 and 3: prior treatment with gemcitabine", ("arm 1", "arm 3")),
        ("Prior treatment with gemcitabine", ()),
    ],
)
def test_a_rule_of_one_cohort_binds_that_cohort(sentence: str, cohorts: tuple[str, ...]) -> None:
    (made,) = read(f"Inclusion Criteria:\n\n* {sentence}\n")
    assert (made.cohorts, made.rule) == (cohorts, Rule("treatment", "received_any", ("gemcitabine",)))


def test_alternatives_are_one_rule_that_any_of_them_meets() -> None:
    text = "Inclusion Criteria:\n\n* One of the following:\n\n  * KRAS G12D mutation\n  * KRAS G12V mutation\n"
    met = [one.rule for one in read(text) if isinstance(one.rule, AnyOf)]
    assert len(met) == 1
    assert sorted(leaf.value for leaf in leaves(met[0])) == [("G12D",), ("G12V",)]


def test_a_rule_for_some_people_only_binds_them_only() -> None:
    (made,) = read("Inclusion Criteria:\n\n* Patients with ovarian cancer must have received at least two prior lines of therapy\n")
    assert isinstance(made.rule, AnyOf)
    assert isinstance(made.rule.of[0], Not)
    assert next(leaves(made.rule.of[0])).predicate == "diagnosis"


def test_the_registry_s_own_age_wins_over_the_sentence_and_the_sentence_is_asked_about() -> None:
    made = read("Inclusion Criteria:\n\n* Age 21 years or older\n", min_age="18 Years", max_age="N/A", sex="ALL")
    assert [(one.source, one.rule) for one in made] == [(Source.ELIGIBILITY, None), (Source.FIELDS, Rule("age", "at_least", 18.0))]
    assert made[0].question


def test_fields_in_months_and_for_one_sex_count() -> None:
    made = read("", min_age="6 Months", sex="FEMALE")
    assert [one.rule for one in made] == [Rule("age", "at_least", 0.5), Rule("sex", "is", "female")]


def test_the_title_names_the_cancer_where_the_text_does_not() -> None:
    (made,) = read("", title="Made-up Cells for Pancreatic Cancer")
    assert (made.source, made.sentence) == (Source.TITLE, "Made-up Cells for Pancreatic Cancer")
    assert made.rule == Rule("diagnosis", "in", ("pancreatic_cancer",), sub="loosely")


@pytest.mark.parametrize("text", ["", None, "   ", "Please contact the team.", "***", "Inclusion Criteria:\n\nExclusion Criteria:\n"])
def test_a_record_without_rules_is_no_fault(text: str | None) -> None:
    assert all(one.rule is None for one in parse_eligibility(text))


def test_escapes_of_the_registry_do_not_hide_a_limit() -> None:
    assert included(r"Platelets \>= 100,000/uL") == [rule("lab", "at_least", 100000.0, sub="platelets", unit="/uL")]
    assert included("Platelets &ge; 100,000/uL") == [rule("lab", "at_least", 100000.0, sub="platelets", unit="/uL")]


@pytest.mark.parametrize(
    ("sentence", "may_change"),
    [
        ("Platelets ≥ 100,000/uL", True),
        ("ECOG 0 or 1", True),
        ("Age ≥ 18 years", False),
        ("KRAS G12D mutation in the tumor", False),
        ("At least one prior line of therapy", True),
        ("No more than two prior lines of therapy", False),
    ],
)
def test_what_time_or_a_test_can_change_is_marked(sentence: str, may_change: bool) -> None:
    (made,) = read(f"Inclusion Criteria:\n\n* {sentence}\n")
    assert made.recoverable is may_change
    assert made.question and made.question.endswith("?")


def test_the_last_entry_of_a_list_of_cancers_binds_nobody_by_name() -> None:
    assert included("Other tumors: must have failed at least two prior lines of systemic therapy") == [None]
    assert included("Other advanced cancers must be MSLN positive by IHC") == [None]


def test_a_list_entry_about_one_cancer_does_not_narrow_what_the_trial_takes() -> None:
    text = (
        "Inclusion Criteria:\n\n1. Histologically confirmed advanced solid tumors\n"
        "2. ii. Pancreatic cancer: pancreatic cancer that has failed at least one prior systemic therapy\n"
    )
    assert [one.rule.value for one in read(text) if isinstance(one.rule, Rule) and one.rule.predicate == "diagnosis"] == [("solid_tumor",)]


def test_medicines_that_hold_down_the_immune_system_are_no_cancer_treatment() -> None:
    named = {leaf.predicate for one in read("Exclusion Criteria:\n\n* Received systemic immunosuppressive medications such as methotrexate\n")
             if one.rule for leaf in leaves(one.rule)}  # fmt: skip
    assert "treatment" not in named


def test_lungs_that_need_steroids_are_no_rule_about_steroids() -> None:
    assert excluded("Significant obstructive pulmonary disease requiring corticosteroid use") == [None]


def test_what_replaces_a_limit_is_no_limit_of_its_own() -> None:
    assert included("In Gilbert's syndrome a direct bilirubin <= 1.5 x ULN will be used instead of total bilirubin") == [None]


def test_the_central_nervous_system_said_short() -> None:
    assert excluded("Patients with central nervous metastases") == [rule("brain_mets", "known")]


@pytest.mark.parametrize(
    ("sentence", "expected"),
    [
        ("Homozygous deletion of MTAP", rule("biomarker", "lost", sub="MTAP")),
        ("MTAP deletion", rule("biomarker", "lost", sub="MTAP")),
        ("Loss of SMAD4 expression by IHC", rule("biomarker", "lost", sub="SMAD4")),
        ("PTEN loss or mutation", rule("biomarker", "mutated", sub="PTEN")),
        ("PTEN loss-of-function mutation", rule("biomarker", "mutated", sub="PTEN")),
        ("BRAF V600E or non-V600 mutation", rule("biomarker", "mutated", sub="BRAF")),
        ("HER2 positive (IHC 3+, or IHC 2+ and ISH positive)", rule("biomarker", "positive", sub="HER2")),
        ("HER2 IHC 2+ or 3+ expression", rule("biomarker", "ihc_in", ["2+", "3+"], sub="HER2")),
        ("BRAF V600E mutation", rule("biomarker", "variant_in", ["V600E"], sub="BRAF")),
    ],
)
def test_a_lost_gene_is_another_thing_than_a_changed_one(sentence: str, expected: Any) -> None:
    assert included(sentence) == [expected]
