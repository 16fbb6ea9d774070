"""What became different between two looks at the trials of one person."""

from __future__ import annotations

from dataclasses import replace

from personalize.profile import PatientProfile
from personalize.trials import Trial, TrialMatch, match_trial
from personalize.trials.changes import TrialChange, changed_trials
from tests.personalize.trials.people import TODAY, marker, person

RULES = "Inclusion Criteria:\n\n* Histologically confirmed pancreatic adenocarcinoma\n* KRAS G12D mutation\n"


def match(profile: PatientProfile, rules: str = RULES, status: str = "RECRUITING") -> TrialMatch:
    return match_trial(Trial("NCT00000001", title="Cells", eligibility=rules, status=status), profile, today=TODAY)


def change(before: TrialMatch | None, after: TrialMatch) -> tuple[TrialChange | None, tuple[str, ...]]:
    found = changed_trials([before] if before else [], [after])
    return (found[0].change, found[0].reasons) if found else (None, ())


KNOWN, WILD = person(biomarkers=(marker("KRAS", "positive", "p.G12D"),)), person(biomarkers=(marker("KRAS", "negative"),))


def test_a_trial_closes_opens_and_comes() -> None:
    now = match(person())
    closed = match(person(), status="COMPLETED")
    assert change(now, now) == (None, ())
    assert change(now, closed)[0] is TrialChange.CLOSED
    assert change(closed, now)[0] is TrialChange.OPENED
    assert change(None, now)[0] is TrialChange.NEW
    assert change(None, closed)[0] is None
    assert change(None, replace(now, is_hidden=True))[0] is None


def test_a_new_result_moves_a_trial_and_says_why() -> None:
    better, reasons = change(match(person()), match(KNOWN))
    assert better is TrialChange.BETTER and any("KRAS" in one for one in reasons)
    worse, reasons = change(match(person()), match(WILD))
    assert worse is TrialChange.WORSE and any("KRAS" in one for one in reasons)


def test_a_result_that_settles_one_of_two_open_rules() -> None:
    rules = f"{RULES}* HER2 positive by IHC\n"
    settled, reasons = change(match(person(), rules), match(KNOWN, rules))
    assert settled is TrialChange.SETTLED and len(reasons) == 1


def test_other_rules_are_told_where_the_person_stands_as_before() -> None:
    assert change(match(person()), match(person(), f"{RULES}* HER2 positive by IHC\n"))[0] is TrialChange.RULES
