"""Who fits, who may, who is out: nothing unknown decides, and only a hard known fact hides a trial."""

from __future__ import annotations

from dataclasses import replace

import pytest

from personalize.eligibility import Kind, TrialCriterion
from personalize.profile import (
    Biomarker,
    Cancer,
    CancerStage,
    EvidenceRef,
    Fact,
    FamilyHistory,
    LabResult,
    PartialDate,
    PatientProfile,
    Proof,
    Treatment,
)
from personalize.trials import Fit, TrialMatch, Verdict
from tests.personalize.trials.people import CONFIRMED, NET, PDAC, SURE, UNSURE, marker, match, person, trial

DIAGNOSIS = "Histologically confirmed pancreatic adenocarcinoma"
KRAS = "KRAS G12D mutation"
WILD = "KRAS wild-type tumor"


def fits(found: TrialMatch) -> dict[str, Fit]:
    return {one.criterion.sentence: one.fit for one in found.outcomes}


@pytest.mark.parametrize("status", [None, "pending", "not_tested", "not_resulted", "quantity_not_sufficient", "vus", "equivocal"])
def test_without_a_result_nothing_is_ruled_out_for_a_marker_and_the_test_is_named(status: str | None) -> None:
    profile = person(biomarkers=(marker("KRAS", status),) if status else ())
    for rule in (KRAS, WILD, "HER2 positive", "CLDN18.2 expression in ≥ 70% of tumor cells"):
        found = match(trial(DIAGNOSIS, rule), profile)
        assert (found.verdict, found.is_hidden, fits(found)[rule]) == (Verdict.POSSIBLE, False, Fit.UNKNOWN)
        questions = [one.outcome.question or "" for one in found.with_fit(Fit.UNKNOWN) if one.outcome]
        assert questions and all("tested" in one for one in questions)


def test_without_a_result_no_exclusion_of_a_marker_holds_or_falls() -> None:
    found = match(trial(DIAGNOSIS, no=(WILD,)), person())
    assert (found.verdict, fits(found)[WILD]) == (Verdict.POSSIBLE, Fit.UNKNOWN)


def test_wild_type_needs_a_test() -> None:
    made = trial(DIAGNOSIS, WILD)
    assert match(made, person()).verdict is Verdict.POSSIBLE
    assert match(made, person(biomarkers=(marker("KRAS", "negative", "wild type"),))).verdict is Verdict.FITS
    assert match(made, person(biomarkers=(marker("KRAS", "positive", "p.G12V"),))).is_hidden


def test_a_clean_blood_test_makes_no_gene_normal() -> None:
    blood = replace(marker("KRAS", "negative"), specimen="blood")
    assert fits(match(trial(DIAGNOSIS, WILD), person(biomarkers=(blood,))))[WILD] is Fit.UNKNOWN


def test_a_relative_s_gene_is_not_the_patient_s() -> None:
    made = trial(DIAGNOSIS, "Germline BRCA2 mutation")
    found = match(made, person(family_history=(FamilyHistory("aunt", "BRCA2", SURE),)))
    assert fits(found)["Germline BRCA2 mutation"] is Fit.UNKNOWN


@pytest.mark.parametrize(
    ("proof", "verdict", "is_hidden"),
    [
        (SURE, Verdict.RULED_OUT, True),
        (CONFIRMED, Verdict.RULED_OUT, True),
        (UNSURE, Verdict.POSSIBLE, False),
        (replace(SURE, is_conflicting=True), Verdict.POSSIBLE, False),
        (replace(SURE, is_poorly_read=True), Verdict.POSSIBLE, False),
    ],
)
def test_only_a_fact_that_is_sure_or_confirmed_hides_a_trial(proof: Proof, verdict: Verdict, is_hidden: bool) -> None:
    found = match(trial(DIAGNOSIS, KRAS), person(biomarkers=(marker("KRAS", "positive", "p.G12V", proof),)))
    assert (found.verdict, found.is_hidden, found.is_not_now) == (verdict, is_hidden, False)


def test_an_unsure_cancer_type_hides_nothing_and_is_asked_about() -> None:
    made = trial(DIAGNOSIS)
    assert match(made, person(primary_cancer=NET)).is_hidden
    soft = match(made, person(primary_cancer=replace(NET, proof=UNSURE)))
    assert soft.verdict is Verdict.POSSIBLE
    assert soft.outcomes[0].outcome and soft.outcomes[0].outcome.question
    assert match(made, person(primary_cancer=replace(NET, status="suspected"))).verdict is Verdict.POSSIBLE


def test_a_blood_test_out_of_range_is_not_now_and_never_hides() -> None:
    low = LabResult("Platelets", 60000, "/uL", proof=SURE)
    found = match(trial(DIAGNOSIS, "Platelets ≥ 100,000/uL"), person(labs=(low,)))
    assert (found.verdict, found.is_not_now, found.is_hidden) == (Verdict.RULED_OUT, True, False)


def test_too_early_and_too_soon_are_not_now() -> None:
    lately = Treatment("systemic", "FOLFIRINOX", ("oxaliplatin",), line=1, stop=PartialDate(2026, 2, 20), proof=SURE)
    washout = match(trial(DIAGNOSIS, no=("Chemotherapy within 21 days before enrolment",)), person(treatments=(lately,)))
    fewer = match(trial(DIAGNOSIS, "At least two prior lines of systemic therapy"), person(treatments=(lately,)))
    assert (washout.is_not_now, washout.is_hidden, fewer.is_not_now, fewer.is_hidden) == (True, False, True, False)


def test_a_hard_rule_beside_a_soft_one_hides() -> None:
    low = LabResult("Platelets", 60000, "/uL", proof=SURE)
    found = match(trial("Age 18 to 50 years", "Platelets ≥ 100,000/uL"), person(labs=(low,)))
    assert (found.is_hidden, found.is_not_now) == (True, False)


def test_one_cohort_that_can_is_enough() -> None:
    made = trial(DIAGNOSIS, "Cohort A only: KRAS G12D mutation", "Cohort B only: KRAS G12V mutation")
    found = match(made, person(biomarkers=(marker("KRAS", "positive", "p.G12V"),)))
    assert (found.verdict, found.cohort) == (Verdict.FITS, "cohort b")
    assert "Cohort A only: KRAS G12D mutation" not in fits(found)


def test_a_trial_whose_cohorts_all_fail_is_out_and_says_by_which_rule() -> None:
    made = trial(DIAGNOSIS, "Cohort A only: KRAS G12D mutation", "Cohort B only: KRAS G12V mutation")
    found = match(made, person(biomarkers=(marker("KRAS", "negative", "wild type"),)))
    assert found.is_hidden
    assert [one.outcome.reason for one in found.with_fit(Fit.NOT_MET) if one.outcome] == ["KRAS: negative (wild type)"]


def test_an_unread_rule_is_open_and_never_met() -> None:
    found = match(trial(DIAGNOSIS, "Owns a harbour seal"), person())
    assert fits(found) == {DIAGNOSIS: Fit.MET, "Owns a harbour seal": Fit.UNKNOWN}
    assert found.verdict is Verdict.FITS


def test_a_trial_of_which_nothing_could_be_read_is_possible_and_never_fits() -> None:
    assert match(trial("Owns a harbour seal"), person()).verdict is Verdict.POSSIBLE
    assert match(trial(), PatientProfile()).verdict is Verdict.POSSIBLE


def test_nobody_known_is_ruled_out_of_nothing() -> None:
    made = trial(DIAGNOSIS, KRAS, WILD, "Age ≥ 18 years", "ECOG 0-1", no=("HIV infection", "Prior CAR-T cell therapy", WILD))
    found = match(made, PatientProfile())
    assert found.verdict is Verdict.POSSIBLE
    assert {one.fit for one in found.outcomes} == {Fit.UNKNOWN}


def test_an_exclusion_with_an_exception_that_we_cannot_check_stays_open() -> None:
    sentence = "Prior treatment with a BTK inhibitor, unless it was stopped for bruising"
    given = Treatment("systemic", "ibrutinib", ("ibrutinib",), proof=SURE)
    found = match(trial(DIAGNOSIS, no=(sentence,)), person(treatments=(given,)))
    assert (found.verdict, fits(found)[sentence]) == (Verdict.POSSIBLE, Fit.UNKNOWN)


def test_a_correction_of_an_editor_holds_for_its_sentence() -> None:
    made = trial(DIAGNOSIS, "Owns a harbour seal")
    own = TrialCriterion("Owns a harbour seal", Kind.EXCLUSION, made.criteria[0].rule, recoverable=False)
    corrected = replace(made, criteria=(), corrections={"Owns a harbour seal": own})
    assert match(corrected, person()).is_hidden
    changed = replace(corrected, eligibility=corrected.eligibility.replace("harbour seal", "grey seal"))
    assert match(changed, person()).verdict is Verdict.FITS


def test_each_side_of_a_rule_shows_its_words() -> None:
    seen = replace(SURE, evidence=(EvidenceRef("7", "path.pdf", 2, "KRAS p.G12D"),))
    found = match(trial(KRAS), PatientProfile(biomarkers=(Biomarker("KRAS", "positive", "p.G12D", proof=seen),)))
    outcome = found.outcomes[0].outcome
    assert outcome and [(one.file, one.page, one.quote) for one in outcome.evidence] == [("path.pdf", 2, "KRAS p.G12D")]
    assert found.outcomes[0].criterion.sentence == KRAS


def test_a_stage_that_can_still_come_is_not_now() -> None:
    early = person(stage=CancerStage("IB", extent="resectable", proof=SURE))
    for rule in ("Metastatic disease", "Presence of liver metastases"):
        found = match(trial(DIAGNOSIS, rule), early)
        assert (found.is_not_now, found.is_hidden) == (True, False), rule


def test_an_age_limit_that_falls_in_the_year_of_birth_stays_open() -> None:
    born = PatientProfile(primary_cancer=PDAC, birth_year=Fact(2008, SURE))
    assert match(trial(DIAGNOSIS, "Age ≥ 18 years"), born).verdict is Verdict.POSSIBLE
    assert match(trial(DIAGNOSIS, "Age ≥ 18 years"), replace(born, birth_year=Fact(2010, SURE))).is_hidden


def test_a_cancer_that_we_cannot_place_is_not_another_cancer() -> None:
    odd = person(primary_cancer=Cancer("Carcinoma of unknown name", None, None, proof=SURE))
    assert match(trial(DIAGNOSIS), odd).verdict is Verdict.POSSIBLE
