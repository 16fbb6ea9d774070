"""Whom the headings speak to: the patient, or somebody who cares for the patient."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.translation import gettext as _


@dataclass(frozen=True, slots=True)
class Voice:
    """Headings and links of "my answer"; %(name)s in trend stands for the marker."""

    title: str
    changes: str
    found: str
    stage: str
    course: str
    trend: str
    questions: str
    all_trials: str
    for_doctor: str


def voice(*, is_for_caregiver: bool) -> Voice:
    if is_for_caregiver:
        return Voice(
            title=_("What the records of the person you care for say about CAR-T"),
            changes=_("What changed because of their records"),
            found=_("What we found in their records"),
            stage=_("Their stage"),
            course=_("Their treatment so far"),
            trend=_("Their %(name)s over time"),
            questions=_("Questions for their doctor"),
            all_trials=_("See all trials for them"),
            for_doctor=_("Pages for their doctor"),
        )
    return Voice(
        title=_("What your records say about CAR-T"),
        changes=_("What changed because of your records"),
        found=_("What we found in your records"),
        stage=_("Your stage"),
        course=_("Your treatment so far"),
        trend=_("Your %(name)s over time"),
        questions=_("Questions for your doctor"),
        all_trials=_("See all trials for me"),
        for_doctor=_("Pages for my doctor"),
    )
