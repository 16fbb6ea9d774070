"""Conditions: three values, nothing settled without a fact, and what is written can be read back."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from personalize.criteria import AllOf, AnyOf, Criterion, CriterionFault, Not, Rule, Truth, decode, describe, encode, evaluate
from personalize.profile import Biomarker, Cancer, CancerStage, Fact, LabResult, PartialDate, PatientProfile, Proof, Treatment

TODAY = date(2026, 3, 1)
PDAC = Cancer("Pancreatic ductal adenocarcinoma", code="PAAD")


@pytest.mark.parametrize(
    ("status", "detail", "truth"),
    [
        ("positive", "homozygous deletion", Truth.MET),
        ("negative", "lost by IHC", Truth.MET),
        ("negative", "expression intact", Truth.NOT_MET),
        ("negative", "no loss of expression", Truth.NOT_MET),
        ("negative", None, Truth.UNKNOWN),
        ("positive", "p.R100*", Truth.UNKNOWN),
        ("positive", "loss-of-function mutation", Truth.UNKNOWN),
        ("pending", "deletion", Truth.UNKNOWN),
    ],
)
def test_a_gene_is_lost_only_where_the_result_says_so(status: str, detail: str | None, truth: Truth) -> None:
    profile = PatientProfile(biomarkers=(Biomarker("MTAP", status, detail),))  # type: ignore[arg-type]
    assert evaluate(Rule("biomarker", "lost", sub="MTAP"), profile, today=TODAY).truth is truth


@pytest.mark.parametrize(
    ("op", "detail", "limit", "expected"),
    [
        ("percent_at_least", "60%", 50, Truth.MET),
        ("percent_at_least", "2+ 75%", 75, Truth.MET),
        ("percent_at_least", "40%", 50, Truth.NOT_MET),
        ("percent_at_least", "<1%", 1, Truth.NOT_MET),
        ("percent_at_least", "< 1 %", 1, Truth.NOT_MET),
        ("percent_at_least", "less than 1%", 1, Truth.NOT_MET),
        ("percent_at_least", "<50%", 10, Truth.UNKNOWN),
        ("percent_at_least", "TPS >50%", 50, Truth.MET),
        ("percent_at_least", ">50%", 75, Truth.UNKNOWN),
        ("percent_at_least", ">=75%", 75, Truth.MET),
        ("percent_at_least", "≤5%", 5, Truth.UNKNOWN),
        ("percent_at_least", "≤5%", 10, Truth.NOT_MET),
        ("percent_at_least", "10-20%", 10, Truth.MET),
        ("percent_at_least", "10-20%", 15, Truth.UNKNOWN),
        ("percent_at_least", "10% to 20%", 25, Truth.NOT_MET),
        ("percent_at_least", "5–10 %", 10, Truth.UNKNOWN),
        ("percent_at_least", "2+", 50, Truth.UNKNOWN),
        ("score_at_least", "12 mut/Mb", 10, Truth.MET),
        ("score_at_least", "<5 mut/Mb", 10, Truth.NOT_MET),
        ("score_at_least", "<10 mut/Mb", 10, Truth.NOT_MET),
        ("score_at_least", "<20 mut/Mb", 10, Truth.UNKNOWN),
        ("score_at_least", ">10 mut/Mb", 10, Truth.MET),
        ("score_at_least", "8-9 mut/Mb", 10, Truth.NOT_MET),
        ("score_at_least", None, 10, Truth.UNKNOWN),
    ],
)
def test_a_number_that_is_a_limit_itself_settles_only_what_it_settles(op: str, detail: str | None, limit: float, expected: Truth) -> None:
    profile = PatientProfile(biomarkers=(Biomarker("CLDN18.2", "reported", detail),))
    assert truth(Rule("biomarker", op, limit, sub="CLDN18.2"), profile) is expected


def truth(criterion: Criterion, profile: PatientProfile) -> Truth:
    return evaluate(criterion, profile, today=TODAY).truth


def kras(status: str, detail: str | None = None, **more: object) -> PatientProfile:
    return PatientProfile(biomarkers=(Biomarker("KRAS", status, detail, **more),))  # type: ignore[arg-type]


G12D = Rule("biomarker", "variant_in", ("G12D",), sub="KRAS")


@pytest.mark.parametrize(
    ("profile", "expected"),
    [
        (kras("positive", "p.G12D"), Truth.MET),
        (kras("positive", "G12D, VAF 31%"), Truth.MET),
        (kras("positive", "p.G12V"), Truth.NOT_MET),
        (kras("negative", "wild type"), Truth.NOT_MET),
        (kras("positive"), Truth.UNKNOWN),
        (kras("vus", "p.G12D"), Truth.UNKNOWN),
        (kras("pending"), Truth.UNKNOWN),
        (kras("not_tested"), Truth.UNKNOWN),
        (kras("quantity_not_sufficient"), Truth.UNKNOWN),
        (kras("negative", specimen="blood"), Truth.UNKNOWN),
        (PatientProfile(), Truth.UNKNOWN),
    ],
)
def test_only_a_result_settles_a_variant(profile: PatientProfile, expected: Truth) -> None:
    assert truth(G12D, profile) is expected


@pytest.mark.parametrize(
    ("op", "detail", "expected"),
    [
        ("variant_in", "p.G12D", Truth.MET),
        ("variant_in", "G12V, VAF 12%", Truth.MET),
        ("variant_in", "Q61H", Truth.NOT_MET),
        ("variant_in", "", Truth.UNKNOWN),
        ("variant_not_in", "p.G12D", Truth.NOT_MET),
        ("variant_not_in", "Q61H", Truth.MET),
    ],
)
def test_an_x_stands_for_every_change_of_its_place(op: str, detail: str, expected: Truth) -> None:
    assert truth(Rule("biomarker", op, ("G12X",), sub="KRAS"), kras("positive", detail)) is expected


def test_somatic_is_never_germline() -> None:
    rule = Rule("biomarker", "germline", sub="BRCA2")
    somatic = PatientProfile(biomarkers=(Biomarker("BRCA2", "positive", origin="somatic"),))
    unknown = PatientProfile(biomarkers=(Biomarker("BRCA2", "positive"),))
    inherited = PatientProfile(biomarkers=(Biomarker("BRCA2", "positive", origin="germline"),))
    assert [truth(rule, one) for one in (somatic, unknown, inherited)] == [Truth.UNKNOWN, Truth.UNKNOWN, Truth.MET]


@pytest.mark.parametrize(
    ("cancer", "wanted", "expected"),
    [
        (PDAC, "PAAD", Truth.MET),
        (PDAC, "pancreatic_cancer", Truth.MET),
        (PDAC, "solid_tumor", Truth.MET),
        (PDAC, "PANET", Truth.NOT_MET),
        (Cancer("Pancreatic neuroendocrine tumor", code="PANET"), "pancreatic_adenocarcinoma", Truth.NOT_MET),
        (Cancer("Pancreatic cancer", code="PANCREAS"), "PAAD", Truth.UNKNOWN),
        (Cancer("Pancreatic adenocarcinoma", code="PAAD", status="suspected"), "PAAD", Truth.UNKNOWN),
        (Cancer("Pancreatic adenocarcinoma", code="PAAD", status="ruled_out"), "PAAD", Truth.NOT_MET),
        (Cancer("Carcinoma", code=None), "PAAD", Truth.UNKNOWN),
    ],
)
def test_diagnosis_nests_and_never_guesses(cancer: Cancer, wanted: str, expected: Truth) -> None:
    assert truth(Rule("diagnosis", "in", (wanted,)), PatientProfile(primary_cancer=cancer)) is expected


def test_conflicting_diagnosis_settles_nothing() -> None:
    cancer = Cancer("Pancreatic ductal adenocarcinoma", code="PAAD", proof=Proof(is_conflicting=True))
    assert truth(Rule("diagnosis", "in", ("PAAD",)), PatientProfile(primary_cancer=cancer)) is Truth.UNKNOWN


FFX = Treatment(
    "systemic", "FOLFIRINOX", ("oxaliplatin", "irinotecan", "fluorouracil"), line=1, start=PartialDate(2025, 5), stop=PartialDate(2025, 10)
)
GNP = Treatment(
    "systemic", "Gemcitabine + nab-paclitaxel", ("gemcitabine", "nab-paclitaxel"), line=2, start=PartialDate(2025, 11), status="ongoing"
)


def test_lines_are_counted_and_classes_known() -> None:
    profile = PatientProfile(treatments=(FFX, GNP))
    assert truth(Rule("prior_lines", "at_least", 2), profile) is Truth.MET
    assert truth(Rule("prior_lines", "at_most", 1), profile) is Truth.NOT_MET
    assert truth(Rule("treatment", "received_any", ("platinum",)), profile) is Truth.MET
    assert truth(Rule("treatment", "first_line", ("folfirinox",)), profile) is Truth.MET
    assert truth(Rule("treatment", "within_days", ("chemotherapy",), window_days=21), profile) is Truth.MET
    assert truth(Rule("prior_lines", "at_least", 1), PatientProfile()) is Truth.UNKNOWN


def test_planned_and_declined_treatment_was_not_given() -> None:
    for status in ("planned", "declined"):
        profile = PatientProfile(treatments=(Treatment("systemic", "FOLFIRINOX", ("oxaliplatin",), status=status),))
        assert truth(Rule("treatment", "received_any", ("platinum",)), profile) is Truth.UNKNOWN


def test_latest_lab_counts_in_its_unit() -> None:
    def bilirubin(value: float, on: str, unit: str = "mg/dL") -> LabResult:
        return LabResult("bilirubin", value, unit, uln=1.2, proof=Proof(date=PartialDate.parse(on)))

    profile = PatientProfile(labs=(bilirubin(2.4, "2026-01-05"), bilirubin(0.9, "2026-02-20")))
    assert truth(Rule("lab", "above", 1.5, sub="bilirubin", unit="mg/dL"), profile) is Truth.NOT_MET
    assert truth(Rule("lab", "at_most", 1.0, sub="bilirubin", unit="xULN"), profile) is Truth.MET
    micromol = PatientProfile(labs=(bilirubin(20, "2026-02-20", "umol/L"),))
    assert truth(Rule("lab", "above", 1.5, sub="bilirubin", unit="mg/dL"), micromol) is Truth.NOT_MET
    strange = PatientProfile(labs=(bilirubin(20, "2026-02-20", "grains/gallon"),))
    assert truth(Rule("lab", "above", 1.5, sub="bilirubin", unit="mg/dL"), strange) is Truth.UNKNOWN


def test_a_rule_finds_a_lab_by_the_name_that_profiles_use() -> None:
    rule = Rule("lab", "at_least", 1500, sub="anc", unit="/uL")
    profile = PatientProfile(
        labs=(LabResult("Absolute neutrophil count", 2.1, "10*3/uL", proof=Proof(date=PartialDate.parse("2026-02-20"))),)
    )
    assert truth(rule, profile) is Truth.MET
    assert evaluate(rule, profile, today=TODAY).reason == "The records say absolute neutrophil count 2.1 10*3/uL on February 20, 2026."


def test_a_value_below_what_can_be_counted_settles_one_side_only() -> None:
    profile = PatientProfile(
        labs=(LabResult("Total bilirubin", 0.3, "mg/dL", comparator="<", proof=Proof(date=PartialDate.parse("2026-02-20"))),)
    )

    def of(op: str, value: float) -> Truth:
        return truth(Rule("lab", op, value, sub="bilirubin", unit="mg/dL"), profile)

    assert (of("at_most", 1.5), of("at_least", 1.0), of("at_most", 0.1), of("at_least", 0.2)) == (
        Truth.MET, Truth.NOT_MET, Truth.UNKNOWN, Truth.UNKNOWN,
    )  # fmt: skip


def test_last_year_s_blood_test_and_fitness_settle_nothing() -> None:
    old = Proof(date=PartialDate.parse("2025-02-20"))
    profile = PatientProfile(labs=(LabResult("Platelets", 40000, "/uL", proof=old),), ecog=Fact(3, old))
    assert truth(Rule("lab", "at_least", 100000, sub="platelets", unit="/uL"), profile) is Truth.UNKNOWN
    assert truth(Rule("ecog", "at_most", 1), profile) is Truth.UNKNOWN


@pytest.mark.parametrize(
    "made",
    [{"predicate": "lab", "sub": "moonlight", "op": "above", "value": 1}, {"predicate": "infection", "sub": "flu", "op": "positive"}],
)
def test_a_rule_about_nothing_we_know_is_refused(made: dict[str, object]) -> None:
    with pytest.raises(CriterionFault, match="it is about one of"):
        decode(made)


def test_birth_year_alone_does_not_settle_a_limit_in_that_year() -> None:
    profile = PatientProfile(birth_year=Fact(2008))
    assert truth(Rule("age", "at_least", 18), profile) is Truth.UNKNOWN
    assert truth(Rule("age", "at_least", 17), profile) is Truth.MET
    assert truth(Rule("age", "below", 18), PatientProfile(birth_year=Fact(2012))) is Truth.MET


def test_hla_typed_for_another_gene_is_unknown() -> None:
    rule = Rule("hla", "has_any", ("A*02",))
    assert truth(rule, PatientProfile(hla=(Fact("A*02:01"),))) is Truth.MET
    assert truth(rule, PatientProfile(hla=(Fact("A*24:02"),))) is Truth.NOT_MET
    assert truth(rule, PatientProfile(hla=(Fact("C*08:02"),))) is Truth.UNKNOWN


def test_poorly_read_fact_is_not_hard() -> None:
    cancer = Cancer("Pancreatic ductal adenocarcinoma", code="PAAD", proof=Proof(is_poorly_read=True, confidence=0.99))
    found = evaluate(Rule("diagnosis", "in", ("PANET",)), PatientProfile(primary_cancer=cancer), today=TODAY)
    assert found.truth is Truth.NOT_MET
    assert not found.is_hard


MET, NOT_MET, UNKNOWN = (Rule("ecog", "at_most", limit) for limit in (2, 0, 9))
PROFILE = PatientProfile(ecog=Fact(1))
THIRD = Rule("sex", "is", "female")


@pytest.mark.parametrize(
    ("criterion", "expected"),
    [
        (AllOf((MET, THIRD)), Truth.UNKNOWN),
        (AllOf((NOT_MET, THIRD)), Truth.NOT_MET),
        (AnyOf((MET, THIRD)), Truth.MET),
        (AnyOf((NOT_MET, THIRD)), Truth.UNKNOWN),
        (Not(THIRD), Truth.UNKNOWN),
        (Not(MET), Truth.NOT_MET),
        (AllOf((MET, Not(NOT_MET))), Truth.MET),
    ],
)
def test_three_valued_logic(criterion: Criterion, expected: Truth) -> None:
    assert truth(criterion, PROFILE) is expected


rules = st.sampled_from([MET, NOT_MET, THIRD, G12D, Rule("diagnosis", "in", ("PAAD", "PANET")), Rule("hla", "has_any", ("A*02",))])
criteria = st.recursive(
    rules,
    lambda inner: st.one_of(
        st.lists(inner, min_size=1, max_size=3).map(lambda of: AllOf(tuple(of))),
        st.lists(inner, min_size=1, max_size=3).map(lambda of: AnyOf(tuple(of))),
        inner.map(Not),
    ),
    max_leaves=6,
)
profiles = st.sampled_from(
    [PatientProfile(), PROFILE, kras("positive", "p.G12D"), PatientProfile(primary_cancer=PDAC, stage=CancerStage("IV"))]
)


@given(criteria)
def test_what_is_written_can_be_read_back(criterion: Criterion) -> None:
    assert decode(encode(criterion)) == criterion
    assert describe(criterion)


@given(criteria, profiles)
def test_not_not_changes_nothing_and_de_morgan_holds(criterion: Criterion, profile: PatientProfile) -> None:
    assert truth(Not(Not(criterion)), profile) is truth(criterion, profile)
    assert truth(Not(AnyOf((criterion, THIRD))), profile) is truth(AllOf((Not(criterion), Not(THIRD))), profile)


@given(criteria)
def test_an_empty_profile_satisfies_no_rule_without_a_not(criterion: Criterion) -> None:
    if "not" not in str(encode(criterion)):
        assert truth(criterion, PatientProfile()) is Truth.UNKNOWN


@pytest.mark.parametrize(
    "made",
    [
        {"predicate": "nonsense", "op": "is", "value": 1},
        {"predicate": "ecog", "op": "nearly", "value": 1},
        {"predicate": "ecog", "op": "at_most", "value": "one"},
        {"predicate": "biomarker", "op": "positive"},
        {"predicate": "diagnosis", "op": "in", "value": []},
        {"predicate": "ecog", "op": "at_most", "value": 1, "colour": "blue"},
        {"all": []},
        {"all": [{"predicate": "ecog", "op": "at_most", "value": 1}], "any": []},
        "ecog <= 1",
    ],
)
def test_a_wrong_condition_is_refused_with_a_reason(made: object) -> None:
    with pytest.raises(CriterionFault, match=r"\w"):
        decode(made)  # type: ignore[arg-type]
