"""What every action shares: one transaction, and a trace of who was turned away."""

from __future__ import annotations

import functools
import uuid
from collections.abc import Callable
from typing import Any, ParamSpec, TypeVar

from django.db import models, transaction

from records import audit
from records.models import Patient
from records.permissions import NotAllowed, NotVisible

P = ParamSpec("P")
R = TypeVar("R")


def action(name: str, *, is_atomic: bool = True) -> Callable[[Callable[P, R]], Callable[P, R]]:
    """Run in one transaction; a refusal is logged after that transaction is gone, so that the log keeps it.

    is_atomic=False: the action opens the transaction itself, because it writes a file first.
    """

    def wrap(act: Callable[P, R]) -> Callable[P, R]:
        @functools.wraps(act)
        def run(*args: P.args, **given: P.kwargs) -> R:
            if args:
                raise TypeError("actions take keywords only")
            try:
                if not is_atomic:
                    return act(*args, **given)
                with transaction.atomic():
                    return act(*args, **given)
            except (NotVisible, NotAllowed):
                by = given.pop("by", None)
                target = next((one for one in given.values() if isinstance(one, models.Model)), None)
                known_by = by if getattr(by, "is_authenticated", False) else None
                audit.record(by=known_by, action=name, patient=_patient_of(target), target=target, is_refused=True)
                raise

        return run

    return wrap


def _patient_of(target: Any) -> uuid.UUID | None:
    return target.pk if isinstance(target, Patient) else getattr(target, "patient_id", None)


def locked(patient_id: uuid.UUID) -> Patient:
    """The patient's row, held until the transaction ends: changes to one patient come one after another."""
    patient = Patient.objects.select_for_update().filter(pk=patient_id).first()
    if patient is None:
        raise NotVisible
    return patient


def fresh(row: Any) -> Any:
    """The row as it is now. NotVisible where it is gone."""
    found = type(row)._default_manager.filter(pk=row.pk).first()
    if found is None:
        raise NotVisible
    return found
