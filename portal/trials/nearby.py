"""The trials of one person put in order by where she lives. Her place is no part of the stored answer: the order is made anew for each look."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, replace

from personalize.tailor import TrialsDisplay
from personalize.trials import Near, TrialMatch, is_within_reach, ranked
from portal.answers.values import PersonalAnswer
from portal.trials.gazetteer import point_of_zip
from portal.trials.registry_trials import registry_match, registry_matches
from records.models import Patient

KM_IN_A_MILE = 1.609344
UNITED_STATES = "United States"


@dataclass(frozen=True, slots=True)
class MyTrials:
    """matches: of our list, hidden ones last; registry: of the public register, none hidden. Each best first. registry_left: how many of the
    register may be worth a look, those included. is_withheld: nothing is shown until the type of cancer is clear."""

    matches: tuple[TrialMatch, ...] = ()
    registry: tuple[TrialMatch, ...] = ()
    registry_left: int = 0
    near: Near | None = None
    is_withheld: bool = False

    def is_within_reach(self, match: TrialMatch) -> bool:
        return is_within_reach(match, self.near)


def near_of(patient: Patient) -> Near | None:
    """For callers that have looked at the record through a scope."""
    told = patient.place
    if not told:
        return None
    point = point_of_zip(told["zip"]) if told["zip"] else None
    latitude, longitude = point or (None, None)
    return Near(latitude, longitude, told["country"] or None, told["miles"] * KM_IN_A_MILE if told["miles"] else None)


def my_trials(patient: Patient, made: PersonalAnswer, *, today: dt.date, is_placed: bool = True) -> MyTrials:
    """made: of this patient. is_placed=False: without where she lives, for the team."""
    if made.tailored.trials is TrialsDisplay.WITHHELD:
        return MyTrials(is_withheld=True)
    near = near_of(patient) if is_placed else None
    found = registry_matches(made.profile, today=today, near=near)
    return MyTrials(_ranked(made, near, today), found.matches, found.left, near)


def my_trial(patient: Patient, made: PersonalAnswer, nct: str, *, today: dt.date, is_placed: bool = True) -> tuple[TrialMatch, bool] | None:
    """One trial for her, and whether it is of our list; else of the public register; None where there is none."""
    if made.tailored.trials is TrialsDisplay.WITHHELD:
        return None
    near = near_of(patient) if is_placed else None
    ours = next((one for one in _ranked(made, near, today) if one.trial.nct == nct), None)
    if ours is not None:
        return ours, True
    match = registry_match(nct, made.profile, today=today, near=near)
    return (match, False) if match is not None else None


def placed(made: PersonalAnswer, mine: MyTrials) -> PersonalAnswer:
    """The answer with its trials in this order."""
    return replace(made, matches=mine.matches)


def _ranked(made: PersonalAnswer, near: Near | None, today: dt.date) -> tuple[TrialMatch, ...]:
    return tuple(ranked(made.matches, made.profile, today=today, near=near)) if near else made.matches
