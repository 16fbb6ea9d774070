"""Trials for one person, and each of their rules."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from portal.content import current_content
from portal.presenters.my_answer import MyAnswer, my_page
from portal.presenters.trials import ShownTrial
from portal.views.answering import personal
from portal.views.patient import with_patient
from records.models import Patient
from records.scope import Scope


def _mine(scope: Scope, patient: Patient) -> MyAnswer:
    return my_page(current_content(), personal(scope, patient))


@require_safe
@with_patient("trials")
def mine(request: HttpRequest, scope: Scope, patient: Patient) -> HttpResponse:
    return render(request, "trials/mine.html", {"mine": _mine(scope, patient)})


@require_safe
@with_patient("trials")
def my_trial(request: HttpRequest, scope: Scope, patient: Patient, nct: str) -> HttpResponse:
    mine = _mine(scope, patient)
    trial = _found(mine, nct)
    return render(request, "trials/my_trial.html", {"trial": trial, "notice": mine.page.trial_notice})


def _found(mine: Any, nct: str) -> ShownTrial:
    shown = () if mine.are_trials_withheld else (*mine.trials.open, *mine.trials.hidden)
    found: ShownTrial | None = next((one for one in shown if one.nct == nct), None)
    if found is None:
        raise Http404
    return found
