"""Rows TM-63 to TM-75: fitness, labs, age and daily life. They inform and close nothing for good."""

from __future__ import annotations

from personalize.tailor import TrialsDisplay
from tests.personalize.tailor.people import (
    B_ALL,
    changes_of,
    check_row,
    course,
    fact,
    lab,
    page_of,
    person,
    told,
    words_of,
)

NOT_KNOWN = person()


def test_tm_63_fit_people_meet_the_usual_rule() -> None:
    check_row(
        "TM-63", yes=person(ecog=fact(1)), no=person(ecog=fact(2)), unknown=NOT_KNOWN, says="Your records say ECOG 1", asks="up and about"
    )


def test_tm_64_a_score_of_two_can_get_better() -> None:
    check_row(
        "TM-64", yes=person(ecog=fact(2)), no=person(ecog=fact(1)), unknown=NOT_KNOWN, says="Scores can get better", asks="up and about"
    )


def test_tm_65_a_score_of_three_folds_the_trials_and_leads_with_care() -> None:
    answer = check_row(
        "TM-65", yes=person(ecog=fact(3)), no=person(ecog=fact(1)), unknown=NOT_KNOWN, says="You can open it", asks="up and about"
    )
    assert answer.trials is TrialsDisplay.CLOSED
    assert answer.lead[-1].row_id == "TM-65"


def test_tm_66_a_child_is_sent_to_a_center_for_children() -> None:
    check_row(
        "TM-66",
        yes=person(B_ALL, age=fact(9)),
        no=person(B_ALL, age=fact(40)),
        unknown=person(B_ALL),
        says="center for children",
        asks="birth date",
    )


def test_tm_67_age_alone_is_seldom_the_reason() -> None:
    answer = check_row(
        "TM-67", yes=person(age=fact(72)), no=person(age=fact(50)), unknown=NOT_KNOWN, says="Age alone is seldom", asks="birth date"
    )
    assert answer.trials is TrialsDisplay.OPEN


def test_tm_68_low_counts_change() -> None:
    low = person(labs=(lab("Absolute neutrophil count", 0.7, "10^9/L"),))
    fine = person(labs=(lab("Absolute neutrophil count", 3.1, "10^9/L"), lab("Platelets", 200, "10^9/L"), lab("Hemoglobin", 12, "g/dL")))
    answer = check_row("TM-68", yes=low, no=fine, unknown=NOT_KNOWN, says="Counts change", asks="blood counts")
    assert "Absolute neutrophil count 0.7" in words_of(changes_of(answer, "TM-68"))


def test_tm_69_high_bilirubin_says_when_to_call() -> None:
    high, fine = person(labs=(lab("Total bilirubin", 4.2, "mg/dL"),)), person(labs=(lab("Total bilirubin", 0.6, "mg/dL"),))
    check_row("TM-69", yes=high, no=fine, unknown=NOT_KNOWN, says="Call your team if your skin or eyes are yellow", asks="bilirubin")


def test_tm_70_low_kidney_or_heart_function_asks_for_a_repeat() -> None:
    low, fine = person(labs=(lab("eGFR", 40, "mL/min"),)), person(labs=(lab("eGFR", 90, "mL/min"),))
    check_row("TM-70", yes=low, no=fine, unknown=NOT_KNOWN, says="can be done again")
    assert "TM-70" in page_of(person(comorbidities=(fact("heart failure"),))).rows()
    assert any("heart echo" in one.prompt for one in page_of(NOT_KNOWN).unknowns)


def test_tm_71_an_infection_may_need_treatment_first() -> None:
    check_row(
        "TM-71",
        yes=person(comorbidities=(fact("hepatitis B"),)),
        no=person(clinical=told(infection={"hbv": "negative"})),
        unknown=NOT_KNOWN,
        says="under control",
    )
    assert any("hepatitis B, hepatitis C or HIV" in one.prompt for one in page_of(NOT_KNOWN).unknowns)


def test_tm_72_steroids_are_never_stopped_alone() -> None:
    lupus = person(comorbidities=(fact("systemic lupus erythematosus"),))
    none = person(clinical=told(autoimmune={"status": "none"}, steroids={"current": False}))
    check_row("TM-72", yes=lupus, no=none, unknown=NOT_KNOWN, says="Do not stop on your own")


def test_tm_73_birth_control_rules_are_asked_about() -> None:
    young, man = person(sex=fact("female"), age=fact(33)), person(sex=fact("male"), age=fact(33))
    check_row("TM-73", yes=young, no=man, unknown=NOT_KNOWN, says="birth control")
    assert "TM-73" not in page_of(person(sex=fact("female"), age=fact(67))).rows()


def test_tm_74_far_away_sorts_by_distance() -> None:
    far, near = person(clinical=told(lives_far=True)), person(clinical=told(lives_far=False, has_no_caregiver=False))
    answer = check_row("TM-74", yes=far, no=near, unknown=NOT_KNOWN, says="travel and lodging help", asks="if a center is near you")
    assert answer.are_trials_by_distance
    assert "TM-74" in page_of(person(clinical=told(has_no_caregiver=True))).rows()


def test_tm_75_outside_the_us_hides_what_holds_only_there() -> None:
    abroad, home = person(country=fact("Canada")), person(country=fact("United States"))
    answer = check_row("TM-75", yes=abroad, no=home, unknown=NOT_KNOWN, says="You get care in Canada")
    shown = words_of(one for part in answer.sections for one in part.sentences)
    assert "US doctors can ask for daraxonrasib" not in shown
    assert "In China, satri-cel" not in words_of(changes_of(answer, "TM-75"))
    assert "In China, satri-cel" in words_of(changes_of(page_of(person(country=fact("China"))), "TM-75"))


def test_the_list_of_trials_is_open_for_everyone_else() -> None:
    assert page_of(person(ecog=fact(1), treatments=(course("FOLFIRINOX"),))).trials is TrialsDisplay.OPEN
