"""Trials for one person: the list, one of them rule by rule, two side by side, and those put aside."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe

from portal import registry_trials
from portal.content import current_content
from portal.presenters.my_answer import MyAnswer, my_page
from portal.presenters.trial_news import shown_trial_news
from portal.presenters.trials import RegistryList, ShownTrial, countries_of, registry_list, runs_in, shown_trial
from portal.saving import save_trial, saved_trials
from portal.trial_news import trial_news
from portal.views.answering import personal
from portal.views.patient import with_patient
from portal.views.today import today
from records.models import Patient
from records.permissions import can_add
from records.scope import Scope

COMPARED = 2


@require_safe
@with_patient("trials")
def mine(request: HttpRequest, scope: Scope, patient: Patient) -> HttpResponse:
    made = personal(scope, patient)
    mine = my_page(current_content(), made)
    registry = _of_registry(mine, made)
    country = request.GET.get("country", "")
    everything = (*mine.trials.open, *registry.trials)
    shown = {
        "mine": mine,
        "open": [one for one in mine.trials.open if runs_in(one, country)],
        "registry": replace(registry, trials=tuple(one for one in registry.trials if runs_in(one, country))),
        "elsewhere": sum(not runs_in(one, country) for one in everything),
        "news": None if mine.are_trials_withheld else shown_trial_news(trial_news(patient, made)),
        "saved": [one for nct in saved_trials(patient) for one in everything if one.nct == nct],
        "countries": countries_of(everything),
        "country": country,
        "compared": everything,
    }
    return render(request, "trials/mine.html", shown)


def _of_registry(mine: MyAnswer, made: Any) -> RegistryList:
    """None while no trials are shown at all."""
    if mine.are_trials_withheld:
        return RegistryList()
    found = registry_trials.registry_matches(made.profile, today=today())
    return registry_list(found.matches, found.left)


@require_safe
@with_patient("trials")
def my_trial(request: HttpRequest, scope: Scope, patient: Patient, nct: str) -> HttpResponse:
    made = personal(scope, patient)
    mine = my_page(current_content(), made)
    shown = {
        "trial": _found(mine, made, nct),
        "notice": mine.page.trial_notice,
        "is_saved": nct in saved_trials(patient),
        "can_save": can_add(request.user, patient),
    }
    return render(request, "trials/my_trial.html", shown)


@require_safe
@with_patient("trials")
def compare(request: HttpRequest, scope: Scope, patient: Patient) -> HttpResponse:
    """?trial=NCT…&trial=NCT…: two side by side; back to the list where there are not two."""
    asked = list(dict.fromkeys(request.GET.getlist("trial")))[:COMPARED]
    if len(asked) < COMPARED:
        return redirect("my_trials")
    made = personal(scope, patient)
    mine = my_page(current_content(), made)
    shown = {"trials": [_found(mine, made, nct) for nct in asked], "notice": mine.page.trial_notice}
    return render(request, "trials/compare.html", shown)


@require_POST
@with_patient("trials")
def save(request: HttpRequest, scope: Scope, patient: Patient, nct: str) -> HttpResponse:
    made = personal(scope, patient)
    found = _found(my_page(current_content(), made), made, nct)
    save_trial(by=request.user, patient=patient, nct=found.nct, is_kept=request.POST.get("keep") == "yes")
    return redirect("my_trial", found.nct)


def _found(mine: MyAnswer, made: Any, nct: str) -> ShownTrial:
    """Of our list, else of the register."""
    if mine.are_trials_withheld:
        raise Http404
    for one in (*mine.trials.open, *mine.trials.hidden):
        if one.nct == nct:
            return one
    match = registry_trials.registry_match(nct, made.profile, today=today())
    if match is None:
        raise Http404
    return shown_trial(match, is_checked=False)
