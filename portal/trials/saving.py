"""Trials that a person put aside."""

from __future__ import annotations

from typing import Any

from portal.models import SavedTrials
from records import audit
from records.actions.recorded import action, locked
from records.models import Patient
from records.permissions import check_can_add

MOST = 50


def saved_trials(patient: Patient) -> tuple[str, ...]:
    """NCT numbers, the first saved first. For callers that have looked at the record through a scope."""
    row = SavedTrials.objects.filter(patient=patient).first()
    return tuple(row.ncts) if row else ()


@action("trial.saved")
def save_trial(*, by: Any, patient: Patient, nct: str, is_kept: bool) -> None:
    """Put aside, or no longer. Doing so twice is doing it once; the oldest goes where there would be too many."""
    mine = locked(patient.pk)
    check_can_add(by, mine)
    others = [one for one in saved_trials(mine) if one != nct]
    row = SavedTrials.objects.filter(patient=mine).first() or SavedTrials(patient=mine)
    row.ncts = [*others, nct][-MOST:] if is_kept else others
    row.save()
    audit.record(by=by, action="trial.saved", patient=mine.pk, target=mine)
