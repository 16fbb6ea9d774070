"""What an answer is, made now or read back."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from personalize.profile import PatientProfile
from personalize.questions import Question
from personalize.tailor import TailoredAnswer
from personalize.trials import TrialMatch


@dataclass(frozen=True, slots=True)
class PersonalAnswer:
    """The answer of one profile snapshot, content, trial list and day. matches: best first, none while trials are withheld.

    profile_number: which snapshot of the record; 0 before anything is known.
    """

    tailored: TailoredAnswer
    matches: tuple[TrialMatch, ...]
    questions: tuple[Question, ...]
    profile: PatientProfile
    profile_number: int
    made_on: dt.date
