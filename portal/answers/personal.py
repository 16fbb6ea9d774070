"""What the pages make of a record: one person's answer, kept so that it can be shown again exactly as it was."""

from __future__ import annotations

import datetime as dt
import hashlib
from dataclasses import replace
from functools import lru_cache
from typing import Any

from personalize.codec import encode_profile
from personalize.content import Content
from personalize.content.plain import plain, stable_json
from personalize.profile import PatientProfile
from personalize.questions import questions
from personalize.tailor import TrialsDisplay, tailor
from personalize.trials import match_trials
from portal.answers.replay import keep_content
from portal.answers.values import PersonalAnswer
from portal.content import current_content, spoken_language
from portal.models import PersonalizedAnswer
from portal.models.editable import Revision
from portal.remembered import Remembered
from portal.trials import current_trials
from records.models import Patient
from records.scope import Scope
from records.shown import CurrentProfile

# Trials of all answers that one process keeps: those of the people who are reading now.
_answers: Remembered[PersonalAnswer] = Remembered(weight=30_000, seconds=600, weigh=lambda made: 50 + len(made.matches))


def personal_answer(*, scope: Scope, patient: Patient, today: dt.date, slug: str | None = None) -> PersonalAnswer:
    """The page about this person; slug None: the one for the diagnosis on record. Looking is audited by the scope."""
    current = scope.profile(patient)
    return _answers.get(answer_key(current, today, slug), lambda: _made_and_kept(current, patient, today, slug))


def answer_for_team(*, scope: Scope, patient: Patient, today: dt.date) -> PersonalAnswer:
    """The same page, made for somebody else's look: what is kept is what the person saw herself. Looking is audited by the scope."""
    return _make(scope.profile(patient), current_content(), today, None)


def answer_key(current: CurrentProfile | None, today: dt.date, slug: str | None = None) -> tuple[Any, ...]:
    """All that an answer depends on: the snapshot with its signature, the state of content and trials, the language, the day, the page."""
    signed = current.signed_off_at if current else None
    return (current.id if current else None, signed, Revision.current(), spoken_language(), today, slug)


def _made_and_kept(current: CurrentProfile | None, patient: Patient, today: dt.date, slug: str | None) -> PersonalAnswer:
    content = current_content()
    made = _make(current, content, today, slug)
    if current is not None:
        _keep(made, patient, current, content)
    return made


def _make(current: CurrentProfile | None, content: Content, today: dt.date, slug: str | None) -> PersonalAnswer:
    profile = _checked(current) if current else PatientProfile()
    asked = {"slug": slug} if slug else {}
    tailored = tailor(content, profile, today=today, conflicts=current.conflicts if current else (), **asked)
    is_listed = tailored.trials is not TrialsDisplay.WITHHELD
    matches = tuple(match_trials(current_trials(), profile, today=today)) if is_listed else ()
    return PersonalAnswer(tailored, matches, questions(tailored, matches), profile, current.number if current else 0, today)


def _checked(current: CurrentProfile) -> PatientProfile:
    """A coordinator's signature belongs to the snapshot and is no part of it: it is put beside the facts here."""
    signed = current.signed_off_at
    return replace(current.profile, checked_on=signed.date()) if signed else current.profile


def _keep(made: PersonalAnswer, patient: Patient, current: CurrentProfile, content: Content) -> None:
    """Once for the same inputs; a second look finds it there."""
    inputs = {
        "profile_id": current.id,
        "slug": made.tailored.slug,
        "content_hash": content.content_hash,
        "trials_hash": trials_hash(),
        "made_on": made.made_on,
        "profile_hash": made.tailored.profile_hash,
    }
    if not PersonalizedAnswer.objects.filter(**inputs).exists():
        keep_content(content)
        row = PersonalizedAnswer(**inputs, patient=patient, language=content.language, rendered=_rendered(made))
        PersonalizedAnswer.objects.bulk_create([row], ignore_conflicts=True)


def trials_hash() -> str:
    """Of the trials that are shown now."""
    return _trials_hash(Revision.current())


@lru_cache(maxsize=2)
def _trials_hash(revision: int) -> str:
    return hashlib.sha256(stable_json(current_trials()).encode()).hexdigest()


def _rendered(made: PersonalAnswer) -> dict[str, Any]:
    return {
        "tailored": plain(made.tailored),
        "matches": [plain(one) for one in made.matches],
        "questions": [plain(one) for one in made.questions],
        "profile": encode_profile(made.profile),
    }


def answer_hash(made: PersonalAnswer) -> str:
    """64 hexadecimal digits: equal for equal answers, on every machine."""
    return hashlib.sha256(stable_json(_rendered(made)).encode()).hexdigest()
