"""What holds for every profile and every trial: knowing more never unsettles what is settled, and no unknown decides."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from personalize.criteria import AllOf, AnyOf, Criterion, Not, Outcome, Rule, Truth, evaluate
from personalize.profile import Fact, LabResult, PatientProfile, Treatment
from personalize.trials import Trial, Verdict, match_trials
from tests.personalize.trials.people import CONFIRMED, NET, PDAC, SURE, TODAY, UNSURE, marker, match, trial

LEAVES = (
    Rule("age", "at_least", 18), Rule("age", "at_most", 50), Rule("sex", "is", "female"), Rule("ecog", "at_most", 1),
    Rule("diagnosis", "in", ("pancreatic_adenocarcinoma",)), Rule("biomarker", "variant_in", ("G12D",), sub="KRAS"),
    Rule("biomarker", "wild_type", sub="KRAS"), Rule("lab", "at_least", 100000, sub="platelets", unit="/uL"),
    Rule("unread", "as_written", "a wish to sail"), Rule("treatment", "received_any", ("platinum",)),
)  # fmt: skip
RULES: st.SearchStrategy[Criterion] = st.recursive(
    st.sampled_from(LEAVES),
    lambda inner: st.one_of(
        inner.map(Not),
        st.lists(inner, min_size=1, max_size=3).map(lambda of: AllOf(tuple(of))),
        st.lists(inner, min_size=1, max_size=3).map(lambda of: AnyOf(tuple(of))),
    ),
    max_leaves=8,
)
PROOFS = st.sampled_from((SURE, UNSURE, CONFIRMED))
FACTS = {
    "age": st.builds(Fact, st.integers(1, 99), PROOFS),
    "sex": st.builds(Fact, st.sampled_from(("female", "male")), PROOFS),
    "ecog": st.builds(Fact, st.integers(0, 4), PROOFS),
    "primary_cancer": st.builds(replace, st.sampled_from((PDAC, NET)), proof=PROOFS),
    "biomarkers": st.builds(
        lambda *said: (marker("KRAS", *said),),
        st.sampled_from(("positive", "negative", "pending", "vus")),
        st.sampled_from(("p.G12D", "p.G12V", None)),
        PROOFS,
    ),
    "labs": st.builds(lambda value, proof: (LabResult("Platelets", value, "/uL", proof=proof),), st.sampled_from((60000, 200000)), PROOFS),
    "treatments": st.builds(lambda proof: (Treatment("systemic", "oxaliplatin", ("oxaliplatin",), proof=proof),), PROOFS),
}
PEOPLE = st.fixed_dictionaries({}, optional=FACTS)
SENTENCES = (
    "Histologically confirmed pancreatic adenocarcinoma", "KRAS G12D mutation", "KRAS wild-type tumor", "Age ≥ 18 years", "Age 18 to 50 years",
    "ECOG 0-1", "Platelets ≥ 100,000/uL", "Prior treatment with platinum", "Cohort A only: KRAS G12D mutation", "A wish to sail at night",
    "Cohort B only: KRAS G12V mutation",
)  # fmt: skip
TRIALS = st.lists(st.sampled_from(SENTENCES), min_size=1, max_size=6, unique=True).map(lambda said: trial(*said))


def outcome(rule: Criterion, facts: dict[str, Any]) -> Outcome:
    return evaluate(rule, PatientProfile(**facts), today=TODAY)


@settings(max_examples=200, deadline=None)
@given(RULES, PEOPLE)
def test_knowing_more_never_turns_a_settled_rule(rule: Criterion, facts: dict[str, Any]) -> None:
    known: dict[str, Any] = {}
    settled = outcome(rule, known).truth
    for name, fact in facts.items():
        known[name] = fact
        now = outcome(rule, known).truth
        assert settled in (Truth.UNKNOWN, now)
        settled = now


@settings(max_examples=150, deadline=None)
@given(RULES, PEOPLE)
def test_not_and_its_laws_hold_in_three_values(rule: Criterion, facts: dict[str, Any]) -> None:
    truth = outcome(rule, facts).truth
    assert outcome(Not(Not(rule)), facts).truth is truth
    assert outcome(AllOf((rule, rule)), facts).truth is truth is outcome(AnyOf((rule, rule)), facts).truth
    excluded_middle = outcome(AnyOf((rule, Not(rule))), facts).truth
    assert excluded_middle is (Truth.UNKNOWN if truth is Truth.UNKNOWN else Truth.MET)


@given(st.lists(RULES, min_size=1, max_size=4))
def test_of_nobody_nothing_is_met_or_broken(rules: list[Criterion]) -> None:
    for group in (AllOf(tuple(rules)), AnyOf(tuple(rules))):
        assert outcome(group, {}).truth is Truth.UNKNOWN


@settings(max_examples=150, deadline=None)
@given(RULES, PEOPLE)
def test_only_facts_that_may_hide_a_trial_make_a_hard_outcome(rule: Criterion, facts: dict[str, Any]) -> None:
    soft = {name: fact for name, fact in facts.items() if name not in ("biomarkers", "labs", "treatments")}
    soft = {name: replace(fact, proof=UNSURE) for name, fact in soft.items()}
    found = outcome(rule, soft)
    assert found.truth is Truth.UNKNOWN or not found.is_hard


@settings(max_examples=150, deadline=None)
@given(TRIALS, PEOPLE)
def test_no_fact_that_is_added_lets_a_hidden_trial_fit(made: Trial, facts: dict[str, Any]) -> None:
    known: dict[str, Any] = {}
    was_hidden = False
    for name, fact in facts.items():
        known[name] = fact
        found = match(made, PatientProfile(**known))
        assert not was_hidden or found.is_hidden
        was_hidden = found.is_hidden


@settings(max_examples=100, deadline=None)
@given(TRIALS, PEOPLE)
def test_a_hidden_trial_names_a_hard_rule_with_its_sentence(made: Trial, facts: dict[str, Any]) -> None:
    found = match(made, PatientProfile(**facts))
    hard = [one for one in found.outcomes if one.is_hard]
    assert found.is_hidden == bool(hard)
    assert found.is_hidden + found.is_not_now == (found.verdict is Verdict.RULED_OUT)
    assert all(one.criterion.sentence in made.eligibility and one.outcome and one.outcome.reason for one in hard)


@settings(max_examples=60, deadline=None)
@given(st.lists(TRIALS, min_size=2, max_size=5), PEOPLE, st.randoms(use_true_random=False))
def test_the_order_is_the_same_however_trials_come(trials: list[Trial], facts: dict[str, Any], random: Any) -> None:
    numbered = [replace(one, nct=f"NCT{place:08}") for place, one in enumerate(trials)]
    first = match_trials(numbered, PatientProfile(**facts), today=TODAY)
    random.shuffle(numbered)
    again = match_trials(numbered, PatientProfile(**facts), today=TODAY)
    assert [one.trial.nct for one in first] == [one.trial.nct for one in again]
    assert [one.rank for one in first] == list(range(1, len(first) + 1))
    hidden = [one.is_hidden for one in first]
    assert hidden == sorted(hidden)


def test_a_blood_test_of_long_ago_settles_nothing_today() -> None:
    later = date(2026, 12, 1)
    old = PatientProfile(labs=(LabResult("Platelets", 60000, "/uL", proof=SURE),))
    rule = Rule("lab", "at_least", 100000, sub="platelets", unit="/uL")
    assert evaluate(rule, old, today=TODAY).truth is Truth.NOT_MET
    assert evaluate(rule, old, today=later).truth is Truth.UNKNOWN
