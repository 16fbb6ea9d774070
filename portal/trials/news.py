"""What is new in a person's list of trials: for the page against an earlier day, and for a mail that says only that there is something to see."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from personalize.codec import decode_profile
from personalize.trials import match_trials
from personalize.trials.changes import ChangedTrial, changed_trials
from portal.answers.personal import trials_hash
from portal.answers.replay import MOST_PAST, replayed
from portal.answers.values import PersonalAnswer
from portal.models import PersonalizedAnswer
from portal.trials import current_trials
from records import audit
from records.actions.notices import tell
from records.keys import keyless
from records.models import Consent, Notice, Patient


@dataclass(frozen=True, slots=True)
class TrialNews:
    since: dt.date
    changed: tuple[ChangedTrial, ...]


def trial_news(patient: Patient, made: PersonalAnswer) -> TrialNews | None:
    """Against the last answer of an earlier day, or of today where our list of trials changed meanwhile."""
    rows = PersonalizedAnswer.objects.filter(patient=patient, slug=made.tailored.slug).order_by("-made_at", "-pk")
    now = trials_hash()
    before = next((one for one in rows.defer("rendered")[:MOST_PAST] if one.made_on < made.made_on or one.trials_hash != now), None)
    if before is None:
        return None
    changed = changed_trials(replayed(rows.select_related("profile").get(pk=before.pk)).matches, made.matches)
    return TrialNews(before.made_on, changed) if changed else None


def tell_of_changes(*, today: dt.date) -> int:
    """A mail for everybody who agreed to mails and whose list is not what they saw last; once until they look. Returns how many."""
    agreed = Consent.objects.filter(purpose=Consent.Purpose.ALERTS, withdrawn_at__isnull=True).values("patient")
    told = 0
    for patient in Patient.objects.filter(pk__in=agreed).iterator():
        seen = PersonalizedAnswer.objects.filter(patient=patient).order_by("-made_at", "-pk").first() if not keyless([patient.pk]) else None
        if seen is not None and seen.trials_hash != trials_hash() and not _is_told(patient, seen) and _is_other(seen, today):
            tell(patient, Notice.Kind.ANSWER_CHANGED)
            told += 1
    return told


def _is_told(patient: Patient, seen: PersonalizedAnswer) -> bool:
    return Notice.objects.filter(patient=patient, kind=Notice.Kind.ANSWER_CHANGED, made_at__gt=seen.made_at).exists()


def _is_other(seen: PersonalizedAnswer, today: dt.date) -> bool:
    """The facts as she saw them last, on our list of today."""
    audit.record(by=None, action="looked", patient=seen.patient_id, target=seen, purpose="alerts")
    kept = replayed(seen)
    if not kept.matches:
        return False
    now = match_trials(current_trials(), decode_profile(seen.rendered["profile"]), today=today)
    return bool(changed_trials(kept.matches, now))
