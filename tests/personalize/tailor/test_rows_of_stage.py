"""Rows TM-21 to TM-30: how far the cancer has grown."""

from __future__ import annotations

from tests.personalize.tailor.people import (
    METASTATIC,
    NOBODY,
    changes_of,
    check_row,
    course,
    fact,
    lab,
    page_of,
    person,
    proof,
    stage,
    words_of,
)

UNSTAGED = person()


def test_tm_21_a_tumor_that_can_be_removed_puts_surgery_first() -> None:
    answer = check_row(
        "TM-21", yes=person(stage=stage("IIA", "resectable")), no=person(stage=METASTATIC), unknown=UNSTAGED,
        says="not a reason to put off surgery", asks="can my tumor be removed",
    )  # fmt: skip
    assert answer.are_trials_around_surgery_only
    usual = next(one for one in answer.sections if one.id == "usual_treatment")
    assert usual.is_first
    assert "TM-21" in page_of(person(stage=stage("IB"))).rows()
    operated = person(stage=stage("IB"), treatments=(course("pancreaticoduodenectomy", None, kind="surgery"),))
    assert "TM-21" not in page_of(operated).rows()


def test_tm_22_borderline_says_chemo_often_comes_first() -> None:
    borderline, far = person(stage=stage(None, "borderline")), person(stage=METASTATIC)
    answer = check_row("TM-22", yes=borderline, no=far, unknown=UNSTAGED, says="Chemo often comes first", asks="can my tumor be removed")
    assert answer.are_trials_around_surgery_only


def test_tm_23_after_surgery_with_a_high_marker_shows_the_six_people() -> None:
    removed = stage("IIB", "resected")
    answer = check_row(
        "TM-23", yes=person(stage=removed, labs=(lab("CA 19-9", 410, "U/mL"),)), no=person(stage=removed, labs=(lab("CA 19-9", 20, "U/mL"),)),
        unknown=person(stage=removed), says="6 people", asks="last CA 19-9",
    )  # fmt: skip
    assert "no comparison group" in words_of(changes_of(answer, "TM-23"))
    assert "sample from my surgery" in words_of(answer.questions)


def test_tm_24_locally_advanced_takes_both_kinds_of_trials() -> None:
    near, far = person(stage=stage("III", "locally_advanced")), person(stage=METASTATIC)
    answer = check_row(
        "TM-24", yes=near, no=far, unknown=UNSTAGED, says="locally advanced as well as metastatic", asks="can my tumor be removed"
    )
    assert "into the tumor area" in words_of(answer.trial_notes)


def test_tm_25_stable_on_the_first_treatment_is_the_time_to_test() -> None:
    stable = person(stage=METASTATIC, treatments=(course("FOLFIRINOX", status="ongoing", response="SD"),))
    grown = person(stage=METASTATIC, treatments=(course("FOLFIRINOX", stop_reason="progression"),))
    check_row("TM-25", yes=stable, no=grown, unknown=person(stage=METASTATIC), says="Now is a good time to get tested", asks="next scan")


def test_tm_26_growth_on_treatment_opens_the_list_and_other_options() -> None:
    grown = person(stage=METASTATIC, treatments=(course("FOLFIRINOX", stop_reason="progression"),))
    near = person(stage=stage("III", "locally_advanced"), treatments=(course("FOLFIRINOX", stop_reason="progression"),))
    unexplained = person(stage=METASTATIC, treatments=(course("FOLFIRINOX"), course("Gemcitabine + nab-paclitaxel", 2)))
    answer = check_row("TM-26", yes=grown, no=near, unknown=unexplained, says="daraxonrasib", asks="has the cancer grown on it")
    assert {one.quote for one in answer.trial_notes[0].evidence} == {"stage IV metastatic", "FOLFIRINOX"}


def test_tm_27_spread_to_the_brain_asks_first() -> None:
    brain = person(stage=METASTATIC, metastatic_sites=(fact("brain"),))
    near = page_of(person(stage=stage("III", "locally_advanced")))
    answer = check_row(
        "TM-27", yes=brain, no=person(clinical={"brain_mets": {"status": "none"}}), unknown=UNSTAGED, says="Ask first", asks="brain scan"
    )
    assert answer.trials.value == "open"
    assert "TM-27" not in near.rows()


def test_tm_28_belly_spread_closes_nothing() -> None:
    belly = person(stage=METASTATIC, metastatic_sites=(fact("peritoneum"),))
    near = person(stage=stage("III", "locally_advanced"))
    answer = check_row("TM-28", yes=belly, no=near, unknown=UNSTAGED, says="does not close every trial", asks="belly lining")
    assert answer.trials.value == "open"


def test_tm_29_a_stage_worked_out_by_us_says_how() -> None:
    worked_out = stage("IIB", None, stated_or_derived="derived", t="T2", n="N1", m="M0")
    answer = check_row(
        "TM-29",
        yes=person(stage=worked_out),
        no=person(stage=METASTATIC),
        unknown=UNSTAGED,
        says="T2 N1 M0 means stage IIB",
        asks="T, N and M",
    )
    assert "waits for a check" in words_of(changes_of(answer, "TM-29"))
    assert any("clinical (c)" in one.prompt for one in answer.unknowns)


def test_tm_30_an_old_stage_may_have_changed_and_hides_nothing() -> None:
    old = person(stage=stage("III", "locally_advanced", proof=proof("stage III", "2025-10-01")))
    answer = check_row("TM-30", yes=old, no=person(stage=METASTATIC), unknown=NOBODY, says="stage III, from October 1, 2025")
    assert any("your stage today" in one.prompt for one in answer.unknowns)
    torn = person(stage=stage("III", "locally_advanced", proof=proof("stage III", is_conflicting=True)))
    assert "TM-30" in page_of(torn).rows()
