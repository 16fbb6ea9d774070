"""Sentences that speak of a therapy, a stage or an organ and yet set no rule about it. Each is made up by us."""

from __future__ import annotations

import pytest

from personalize.eligibility import parse_eligibility
from personalize.eligibility.questions import leading, leaves


def about(sentence: str) -> set[str]:
    """The predicates of the rules of one sentence, the conditions they hang on left out."""
    made = parse_eligibility(f"Inclusion Criteria:\n\n* {sentence}\n", title="Cells", conditions=("Cancer",))
    return {leading(one.rule).predicate for one in made if one.rule is not None and one.start}


@pytest.mark.parametrize(
    "sentence",
    [
        "Participants must have progressed on a MEKi",
        "The tumor must have failed targeted therapy",
        "Participants must have progressed on an approved treatment for these mutations",
        "Disease that progressed after prior FGFR inhibitor therapy",
    ],
)
def test_failing_a_named_class_is_no_line_of_treatment(sentence: str) -> None:
    assert "prior_lines" not in about(sentence)


@pytest.mark.parametrize(
    "sentence",
    [
        "Disease that progressed on standard chemotherapy",
        "Progression on FOLFIRI therapy",
        "Chemotherapy-refractory ovarian tumors",
        "Failed systemic therapy",
    ],
)
def test_failing_treatment_is_a_line(sentence: str) -> None:
    assert "prior_lines" in about(sentence)


def test_a_tumor_that_withstood_chemotherapy_is_no_relapsed_blood_cancer() -> None:
    assert "stage_extent" not in about("Chemotherapy refractory or relapsed ovarian tumors")
    assert "stage_extent" in about("Relapsed or refractory large B-cell lymphoma")


def test_no_cure_is_no_stage_and_no_operation_is_one() -> None:
    assert "stage_extent" not in about("Disease that is not amenable to curative therapy")
    assert "stage_extent" in about("Disease that is not amenable to curative resection")
    assert "stage_extent" in about("Disease that is not amenable to surgery")


def test_that_some_may_be_welcome_is_no_rule_and_that_they_are_if_treated_is_one() -> None:
    assert "brain_mets" not in about("People with asymptomatic brain metastases may be eligible.")
    assert "brain_mets" in about("People with brain metastases may be eligible if they were treated and are stable.")
    assert "brain_mets" in about("People with treated brain metastases are eligible.")


@pytest.mark.parametrize("before", ["", "Night cohort only: ", "All cohorts except the night cohort: "])
def test_whom_a_sentence_speaks_of_is_no_rule_of_its_own(before: str) -> None:
    sentence = (
        f"{before}Subjects with relapsed follicular lymphoma, whatever its grade, must have received at least 2 lines of prior therapy"
    )
    (one,) = [one for one in parse_eligibility(f"Inclusion Criteria:\n\n* {sentence}\n") if one.rule is not None and one.start]
    assert leading(one.rule).predicate == "prior_lines"
    assert {"diagnosis", "prior_lines"} <= {leaf.predicate for leaf in leaves(one.rule)}
