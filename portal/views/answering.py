"""What the pages ask of tailoring."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest

from personalize.profile import PatientProfile
from personalize.tailor import FactCard, TailoredAnswer, fact_cards, general_page
from portal.answers.personal import answer_for_team, answer_key, personal_answer
from portal.answers.values import PersonalAnswer
from portal.content import current_content, spoken_language
from portal.views.today import today
from records.models import Patient
from records.scope import Scope


def general(slug: str) -> TailoredAnswer:
    """Everyone's page."""
    return general_page(current_content(), slug, today=today())


def personal(scope: Scope, patient: Patient, slug: str | None = None) -> PersonalAnswer:
    """One person's page with trials and questions; slug None: the page for the diagnosis on record."""
    return personal_answer(scope=scope, patient=patient, today=today(), slug=slug)


def for_team(scope: Scope, patient: Patient) -> PersonalAnswer:
    """The page for the diagnosis on record as the team looks at it: nothing is kept as seen by the person."""
    return answer_for_team(scope=scope, patient=patient, today=today())


def personal_key(scope: Scope, patient: Patient) -> tuple[Any, ...]:
    """Equal while `personal` would be: see portal.answers.personal.answer_key."""
    return answer_key(scope.profile(patient), today())


def is_clinical(request: HttpRequest) -> bool:
    """The reader asked for the words of doctors."""
    return request.GET.get("words") == "clinical"


def cards(profile: PatientProfile) -> tuple[FactCard, ...]:
    return fact_cards(profile, today=today(), language=spoken_language())
