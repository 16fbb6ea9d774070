"""What to ask: the missing fact that settles the most first, each once, then what the records call for."""

from __future__ import annotations

from personalize.content import Gap
from personalize.criteria import AllOf, Outcome, Rule, Truth
from personalize.eligibility import Kind, TrialCriterion
from personalize.questions import MOST_GAPS, questions
from personalize.tailor.languages import language
from personalize.trials import Fit, RuleOutcome, Trial, TrialMatch, Verdict
from tests.personalize.tailor.people import NOBODY, PDAC, marker, page_of, person

HLA = Rule("hla", "has_any", ("A*02",))
MESOTHELIN = Rule("biomarker", "positive", sub="MSLN")
ECOG = Rule("ecog", "at_most", 1)


def waiting(nct: str, *rules: object, is_hidden: bool = False) -> TrialMatch:
    """A trial that waits for the facts of its rules."""
    outcomes = tuple(
        RuleOutcome(TrialCriterion("A rule.", Kind.INCLUSION, rule), Fit.UNKNOWN, Outcome(Truth.UNKNOWN, "Not found."))  # type: ignore[arg-type]
        for rule in rules
    )
    return TrialMatch(Trial(nct), Verdict.RULED_OUT if is_hidden else Verdict.POSSIBLE, None, outcomes, is_hidden, False)


KNOWN = page_of(person(PDAC, marker("KRAS", "positive", "p.G12D")))


def test_the_fact_that_most_trials_wait_for_comes_first() -> None:
    asked = questions(KNOWN, [waiting("NCT1", HLA, ECOG), waiting("NCT2", HLA), waiting("NCT3", HLA), waiting("NCT4", MESOTHELIN)])
    assert asked[0].gap is Gap.HLA
    assert asked[0].why == "3 trials on your list ask for this."
    settled = [one.settles for one in asked if one.gap]
    assert settled == sorted(settled, reverse=True)


def test_a_trial_that_is_out_waits_for_nothing() -> None:
    asked = questions(KNOWN, [waiting("NCT1", ECOG), *(waiting(f"NCT{n}", HLA, is_hidden=True) for n in range(2, 9))])
    assert "1 trial on your list asks for this." in [one.why for one in asked if one.gap is Gap.ECOG]
    assert "trials on your list" not in " ".join(one.why for one in asked if one.gap is Gap.HLA)


def test_a_marker_is_asked_by_its_name_once_the_tumor_was_tested() -> None:
    asked = questions(KNOWN, [waiting(f"NCT{n}", MESOTHELIN) for n in range(5)])
    assert asked[0].text == "Has my tumor been tested for MSLN, and what was the result?"


def test_where_the_tumor_was_never_tested_one_test_answers_for_all() -> None:
    asked = questions(page_of(person(PDAC)), [waiting("NCT1", MESOTHELIN), waiting("NCT2", Rule("biomarker", "positive", sub="ROR1"))])
    assert [one.text for one in asked].count(language("en").say("ask_tumor_profiling")) == 1
    assert not any("MSLN" in one.text for one in asked)


def test_a_rule_about_several_facts_names_none() -> None:
    mixed = AllOf((HLA, ECOG))
    assert not any("on your list" in one.why for one in questions(KNOWN, [waiting("NCT1", mixed)]))


def test_without_a_diagnosis_its_type_is_asked_first_and_at_most_five_gaps_are() -> None:
    asked = questions(page_of(NOBODY, "no-diagnosis"), ())
    assert asked[0].gap is Gap.CANCER_TYPE
    assert len([one for one in asked if one.gap]) <= MOST_GAPS


def test_no_question_comes_twice_and_tailored_ones_come_before_everyones() -> None:
    asked = questions(page_of(person(PDAC)), ())
    texts = [one.text for one in asked]
    assert len(texts) == len(set(texts))
    plain = [bool(one.why) for one in asked]
    assert plain == sorted(plain, reverse=True)
