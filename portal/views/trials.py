"""Trials for one person, and each of their rules."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from portal import registry_trials
from portal.content import current_content
from portal.presenters.my_answer import MyAnswer, my_page
from portal.presenters.trial_news import shown_trial_news
from portal.presenters.trials import RegistryList, ShownTrial, registry_list, shown_trial
from portal.trial_news import trial_news
from portal.views.answering import personal
from portal.views.patient import with_patient
from portal.views.today import today
from records.models import Patient
from records.scope import Scope


@require_safe
@with_patient("trials")
def mine(request: HttpRequest, scope: Scope, patient: Patient) -> HttpResponse:
    made = personal(scope, patient)
    mine = my_page(current_content(), made)
    news = None if mine.are_trials_withheld else shown_trial_news(trial_news(patient, made))
    return render(request, "trials/mine.html", {"mine": mine, "registry": _of_registry(mine, made), "news": news})


def _of_registry(mine: MyAnswer, made: object) -> RegistryList:
    """None while no trials are shown at all."""
    if mine.are_trials_withheld:
        return RegistryList()
    found = registry_trials.registry_matches(made.profile, today=today())  # type: ignore[attr-defined]
    return registry_list(found.matches, found.left)


@require_safe
@with_patient("trials")
def my_trial(request: HttpRequest, scope: Scope, patient: Patient, nct: str) -> HttpResponse:
    made = personal(scope, patient)
    mine = my_page(current_content(), made)
    return render(request, "trials/my_trial.html", {"trial": _found(mine, made, nct), "notice": mine.page.trial_notice})


def _found(mine: MyAnswer, made: object, nct: str) -> ShownTrial:
    """Of our list, else of the register."""
    if mine.are_trials_withheld:
        raise Http404
    for one in (*mine.trials.open, *mine.trials.hidden):
        if one.nct == nct:
            return one
    match = registry_trials.registry_match(nct, made.profile, today=today())  # type: ignore[attr-defined]
    if match is None:
        raise Http404
    return shown_trial(match, is_checked=False)
