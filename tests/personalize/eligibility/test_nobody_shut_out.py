"""Sentences that a careless reading turns against the very people they are for. Each is made up by us."""

from __future__ import annotations

import pytest

from personalize.criteria import AllOf, AnyOf, Criterion, Not, Rule
from personalize.eligibility import parse_eligibility
from personalize.eligibility.questions import leaves


def rules_of(sentence: str, section: str = "Inclusion") -> list[Criterion]:
    made = parse_eligibility(f"{section} Criteria:\n\n* {sentence}\n", title="Cells", conditions=("Cancer",))
    return [one.rule for one in made if one.rule is not None and one.start]


def about(sentence: str, section: str = "Inclusion") -> set[str]:
    return {one.predicate for rule in rules_of(sentence, section) for one in leaves(rule)}


def is_softened(rule: Criterion) -> bool:
    """Could words that were not read still let the person in?"""
    return any(one.predicate == "unread" for one in leaves(rule))


@pytest.mark.parametrize(
    ("sentence", "op", "number"),
    [
        ("Participants must not have received more than 3 prior lines of chemotherapy", "at_most", 3),
        ("Has not had more than two prior systemic regimens", "at_most", 2),
        ("Received more than 3 prior lines of chemotherapy", "above", 3),
    ],
)
def test_not_more_lines_than_so_many(sentence: str, op: str, number: int) -> None:
    assert [(rule.op, rule.value) for rule in map(first_rule, rules_of(sentence))] == [(op, number)]


def first_rule(rule: Criterion) -> Rule:
    return next(leaves(rule))


@pytest.mark.parametrize(
    "sentence",
    [
        "Performance score: Karnofsky ≥ 70% for patients > 16 years of age and Lansky ≥ 70 for patients ≤ 16 years of age",
        "Serum creatinine by age: 6 months to < 1 year 0.5 mg/dL; 1 to < 2 years 0.6 mg/dL",
    ],
)
def test_an_age_that_another_limit_hangs_on_is_no_age_limit(sentence: str) -> None:
    assert not [rule for rule in rules_of(sentence) if first_rule(rule).predicate == "age"]


def test_the_scale_for_children_binds_children() -> None:
    (rule,) = rules_of("Lansky score above 80 in those aged 10 to 15")
    assert isinstance(rule, AnyOf) and Rule("age", "at_least", 16) in rule.of


@pytest.mark.parametrize(
    "sentence",
    [
        "Treatment-naive, or previously treated with a PARP inhibitor only",
        "Induction with or without autologous stem cell transplant is one line",
    ],
)
def test_what_may_have_been_given_is_not_forbidden(sentence: str) -> None:
    assert not [rule for rule in rules_of(sentence) if isinstance(rule, Not)]


def test_naive_to_a_class_still_forbids_it() -> None:
    assert [type(rule) for rule in rules_of("Patients must be PARP inhibitor-naive")] == [Not]


def test_a_poorly_differentiated_carcinoma_is_not_every_neuroendocrine_tumor() -> None:
    (rule,) = rules_of("Poorly differentiated neuroendocrine carcinoma, large-cell or small-cell histology", "Exclusion")
    assert is_softened(rule)
    assert not is_softened(rules_of("Neuroendocrine tumors of the pancreas", "Exclusion")[0])


@pytest.mark.parametrize(
    "sentence",
    [
        "Prior anti-PD-1 antibody that was discontinued due to a grade 3 immune reaction",
        "Previous treatment with a PARP inhibitor and progressed within 6 months",
        "Received a checkpoint inhibitor and developed severe colitis",
    ],
)
def test_a_treatment_that_keeps_out_only_with_what_followed_it(sentence: str) -> None:
    assert all(isinstance(rule, AllOf) and is_softened(rule) for rule in rules_of(sentence, "Exclusion"))


@pytest.mark.parametrize(
    "sentence",
    [
        "HIV-positive patients not on a stable antiretroviral regimen",
        "HIV infection with a CD4 count below 200 or a detectable viral load",
    ],
)
def test_hiv_under_control_is_welcome_where_only_the_other_is_not(sentence: str) -> None:
    assert [rule.op for rule in map(first_rule, rules_of(sentence, "Exclusion"))] == ["uncontrolled"]


@pytest.mark.parametrize(
    "sentence",
    [
        "Known HER2 mutation without HER2 expression of the tumor",
        "Tumors that lack expression of CLDN18.2",
        "Absence of mesothelin expression by immunohistochemistry",
        "CLDN18.2 expression below 40% of tumor cells",
    ],
)
def test_no_expression_keeps_nobody_out_who_has_it(sentence: str) -> None:
    rules = rules_of(sentence, "Exclusion")
    assert not [rule for rule in rules if isinstance(rule, Rule) and rule.op in ("positive", "percent_at_least")]


def test_a_lost_or_sole_allele_is_not_the_type_asked_for() -> None:
    assert "hla" not in about("Loss of HLA-A*02 in the tumor", "Exclusion")
    assert "hla" not in about("Subjects who carry HLA-A*02:05 as the sole allele are excluded")
    assert isinstance(rules_of("Subjects who carry HLA-A*02:07 are excluded")[0], Not)


def test_a_limit_for_those_with_another_value_does_not_ask_for_that_value() -> None:
    rules = rules_of("Bilirubin ≤ 1.5 x ULN or direct bilirubin ≤ ULN for participants with total bilirubin > 1.5 x ULN")
    assert len(rules) == 1 and isinstance(rules[0], AnyOf)
    assert rules_of("CA 19-9 below 500 U/mL once bilirubin is normal") == []


@pytest.mark.parametrize(
    ("sentence", "section"),
    [
        ("Serum albumin < 30 g/L unless prothrombin time is normal", "Exclusion"),
        ("Platelets ≥ 50 x 10^9/L (≥ 30 x 10^9/L if over half of the marrow cells are plasma cells)", "Inclusion"),
        ("Hemoglobin ≥ 9 g/dL unless due to the disease", "Inclusion"),
    ],
)
def test_a_limit_with_an_exception_that_was_not_read_shuts_nobody_out(sentence: str, section: str) -> None:
    (rule,) = rules_of(sentence, section)
    assert is_softened(rule)


def test_how_long_a_treatment_must_have_lasted_is_no_washout() -> None:
    assert "treatment" not in about("On first-line platinum chemotherapy for at least 16 weeks without progression")
    assert "treatment" in about("No chemotherapy for at least 4 weeks")


def test_a_cancer_that_is_not_in_remission_is_active() -> None:
    assert [rule.op for rule in map(first_rule, rules_of("Prior malignancy that is not in complete remission", "Exclusion"))] == ["active"]


def test_a_mutation_of_one_gene_is_no_fusion_for_that_of_the_next() -> None:
    (rule,) = rules_of("No known EGFR sensitizing mutations or ALK rearrangements")
    assert [(one.sub, one.op) for one in leaves(rule)] == [("EGFR", "mutated"), ("ALK", "fusion")]


def test_inoperable_is_not_operable() -> None:
    (rule,) = [rule for rule in rules_of("Metastatic or inoperable soft tissue sarcoma") if first_rule(rule).predicate == "stage_extent"]
    assert "resectable" not in first_rule(rule).value  # type: ignore[operator]


def test_what_counts_as_a_line_is_no_line() -> None:
    assert "prior_lines" not in about("Adjuvant therapy counts as one line if disease recurred within 6 months of its completion")


def test_a_washout_of_one_class_is_none_of_every_treatment() -> None:
    rules = rules_of("Not at least 4 weeks out from prior checkpoint inhibitor therapy", "Exclusion")
    assert [rule.value for rule in map(first_rule, rules) if rule.predicate == "treatment"] == [("checkpoint inhibitor",)]


def test_lines_or_being_refractory_is_one_rule() -> None:
    rules = rules_of("Multiple myeloma after 3 prior lines, or double refractory to a proteasome inhibitor and an immunomodulatory drug")
    assert len([rule for rule in rules if {one.predicate for one in leaves(rule)} & {"prior_lines", "treatment"}]) == 1


def test_untreated_or_symptomatic_is_both_and_active_or_past_is_any() -> None:
    assert [rule.op for rule in map(first_rule, rules_of("Untreated or symptomatic brain metastases", "Exclusion"))] == [
        "untreated_or_active"
    ]
    assert [rule.op for rule in map(first_rule, rules_of("Active, or prior history of, CNS involvement", "Exclusion"))] == ["known"]


@pytest.mark.parametrize(
    ("sentence", "read"),
    [
        ("Hemoglobin not below 9 g/dL", ("hemoglobin", "at_least", 9.0)),
        ("Platelets must not be under 75 x 10^9/L", ("platelets", "at_least", 75000.0)),
        ("INR not above 1.5", ("inr", "at_most", 1.5)),
        ("TBIL ≤ 1.5 × ULN", ("bilirubin", "at_most", 1.5)),
    ],
)
def test_not_below_is_at_least(sentence: str, read: tuple[str, str, float]) -> None:
    assert [(rule.sub, rule.op, rule.value) for rule in map(first_rule, rules_of(sentence))] == [read]


@pytest.mark.parametrize(
    "sentence", ["More than 3 brain metastases, or one over 1 cm", "Carcinomatous meningitis", "Leptomeningeal disease"]
)
def test_some_of_the_brain_is_not_all_of_it(sentence: str) -> None:
    (rule,) = rules_of(sentence, "Exclusion")
    assert is_softened(rule)


def test_metastases_in_the_brain_or_the_meninges_are_both_meant() -> None:
    (rule,) = rules_of("Brain metastases or leptomeningeal disease", "Exclusion")
    assert rule == Rule("brain_mets", "known")


@pytest.mark.parametrize(
    "sentence",
    ["Patients who have not progressed on FOLFIRINOX", "Lack of progression on gemcitabine", "Not having received platinum chemotherapy"],
)
def test_an_exclusion_of_those_who_did_not_have_it_keeps_nobody_out_who_did(sentence: str) -> None:
    assert "treatment" not in about(sentence, "Exclusion")


def test_too_few_lines_keep_out() -> None:
    assert rules_of("Not having received at least one line of chemotherapy", "Exclusion") == [
        Rule("prior_lines", "below", 1, sub="advanced")
    ]


def test_treated_brain_metastases_may_come_beside_none() -> None:
    (rule,) = rules_of("No evidence of brain metastases, or brain metastases that were treated and are stable")
    assert rule == Not(Rule("brain_mets", "untreated_or_active"))


def test_negative_by_a_score_is_negative_and_wild_type_said_twice_is_wild_type() -> None:
    assert rules_of("HER2-negative by IHC 0, 1+ or 2+/ISH-") == [Rule("biomarker", "negative", sub="HER2")]
    (rule,) = rules_of("RAS wild-type (no mutation in KRAS or NRAS)")
    assert {one.op for one in leaves(rule)} == {"wild_type"}


def test_each_treatment_has_its_own_days() -> None:
    (rule,) = rules_of("At least 4 weeks since surgery and 2 weeks since radiation")
    assert first_rule(rule).window_days == 14


def test_a_transplant_with_an_exception_is_left_open() -> None:
    (rule,) = rules_of("Previous allogeneic transplant, unless relapse occurred more than 6 months later", "Exclusion")
    assert is_softened(rule)


def test_a_score_for_the_old_binds_the_old() -> None:
    (rule,) = rules_of("Patients older than 75 must have ECOG 0")
    assert is_softened(rule)
    assert not is_softened(rules_of("Patients must have an ECOG score of 0")[0])


def test_an_age_with_a_score_keeps_out_those_with_both() -> None:
    (rule,) = rules_of("Age over 75 with ECOG 2", "Exclusion")
    assert isinstance(rule, AllOf)
    assert {one.predicate for one in leaves(rule)} == {"age", "ecog"}
    assert is_softened(rules_of("ECOG 2 unless due to bone pain", "Exclusion")[0])


def test_other_ages_that_are_welcome_leave_the_first_open() -> None:
    assert is_softened(rules_of("Age 60 or over, or 18 to 59 and unfit for intensive chemotherapy")[0])
    assert not is_softened(rules_of("Age 18 to 75 years")[0])


def test_refractory_disease_keeps_out_those_who_progressed() -> None:
    assert rules_of("Platinum-refractory disease (progression during platinum)", "Exclusion") == [
        Rule("treatment", "progressed_on", ("platinum",))
    ]


def test_an_allele_that_must_not_be_there_is_none_that_must() -> None:
    assert rules_of("HLA-A*02:01 positive and not HLA-A*02:05 positive") == [Rule("hla", "has_any", ("A*02:01",))]


def test_bone_only_disease_will_do_beside_a_measurable_lesion() -> None:
    assert is_softened(rules_of("One measurable lesion or bone-only disease")[0])


@pytest.mark.parametrize(
    ("sentence", "variants"),
    [
        ("Tumor with a KRAS mutation other than G12D", ("G12D",)),
        ("Documented KRAS mutation (excluding G12C)", ("G12C",)),
        ("Presence of a non-G12C KRAS mutation", ("G12C",)),
        ("KRAS mutation, except for p.G12C or p.G12D", ("G12C", "G12D")),
    ],
)
def test_any_mutation_but_one_asks_for_the_others(sentence: str, variants: tuple[str, ...]) -> None:
    assert rules_of(sentence) == [Rule("biomarker", "variant_not_in", variants, sub="KRAS")]


def test_the_gene_may_be_named_again_with_what_is_left_out() -> None:
    (rule,) = rules_of("Activating BRAF mutation other than BRAF V600E")
    assert rule == Rule("biomarker", "variant_not_in", ("V600E",), sub="BRAF")


def test_any_mutation_of_a_place_but_one() -> None:
    assert rules_of("KRAS G12X mutation other than G12C") == [
        AllOf((Rule("biomarker", "variant_in", ("G12X",), sub="KRAS"), Rule("biomarker", "variant_not_in", ("G12C",), sub="KRAS")))
    ]
