"""Trials for one person: the list, one of them rule by rule, two side by side, those put aside, and where she lives."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe

from portal.answers.values import PersonalAnswer
from portal.content import current_content
from portal.forms.place import PlaceForm
from portal.presenters.my_answer import my_page
from portal.presenters.trial_news import shown_trial_news
from portal.presenters.trials import ShownTrial, countries_of, shown_lists, shown_trial
from portal.trials.nearby import MyTrials, my_trial, my_trials, placed
from portal.trials.news import trial_news
from portal.trials.saving import save_trial, saved_trials
from portal.views.answering import personal
from portal.views.patient import with_patient
from portal.views.today import today
from records import actions
from records.models import Patient
from records.permissions import can_add
from records.scope import Scope

COMPARED = 2


@require_safe
@with_patient("trials")
def mine(request: HttpRequest, scope: Scope, patient: Patient) -> HttpResponse:
    return _listed(request, scope, patient)


@require_POST
@with_patient("trials")
def place(request: HttpRequest, scope: Scope, patient: Patient) -> HttpResponse:
    """Where she lives, or no longer. It is sent in the form and kept sealed: addresses end up in logs."""
    if request.POST.get("forget"):
        actions.tell_place(by=request.user, patient=patient)
        return redirect("my_trials")
    found = my_trials(patient, personal(scope, patient), today=today())
    form = PlaceForm(request.POST, countries=_countries(found), told=patient.place)
    if not form.is_valid():
        return _listed(request, scope, patient, form)
    actions.tell_place(by=request.user, patient=patient, **form.cleaned_data)
    return redirect("my_trials")


def _listed(request: HttpRequest, scope: Scope, patient: Patient, form: PlaceForm | None = None) -> HttpResponse:
    made = personal(scope, patient)
    found = my_trials(patient, made, today=today())
    lists = shown_lists(found.matches, found.registry, found.registry_left, found.is_within_reach)
    everything = (*lists.open, *lists.not_now, *lists.registry, *lists.farther)
    shown = {
        "mine": my_page(current_content(), placed(made, found)),
        "lists": lists,
        "news": None if found.is_withheld else shown_trial_news(trial_news(patient, made)),
        "saved": [one for nct in saved_trials(patient) for one in everything if one.nct == nct],
        "compared": everything,
        "place": patient.place,
        "form": form or PlaceForm(countries=_countries(found), told=patient.place),
        "can_place": can_add(request.user, patient),
    }
    return render(request, "trials/mine.html", shown, status=400 if form and form.errors else 200)


def _countries(found: MyTrials) -> tuple[str, ...]:
    return countries_of((*found.matches, *found.registry))


@require_safe
@with_patient("trials")
def one(request: HttpRequest, scope: Scope, patient: Patient, nct: str) -> HttpResponse:
    made = personal(scope, patient)
    shown = {
        "trial": _found(patient, made, nct),
        "notice": my_page(current_content(), made).page.trial_notice,
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
    shown = {
        "trials": [_found(patient, made, nct) for nct in asked],
        "notice": my_page(current_content(), made).page.trial_notice,
    }
    return render(request, "trials/compare.html", shown)


@require_POST
@with_patient("trials")
def save(request: HttpRequest, scope: Scope, patient: Patient, nct: str) -> HttpResponse:
    found = _found(patient, personal(scope, patient), nct)
    save_trial(by=request.user, patient=patient, nct=found.nct, is_kept=request.POST.get("keep") == "yes")
    return redirect("my_trial", found.nct)


def _found(patient: Patient, made: PersonalAnswer, nct: str) -> ShownTrial:
    """Of our list, else of the register."""
    found = my_trial(patient, made, nct, today=today())
    if found is None:
        raise Http404
    return shown_trial(found[0], is_checked=found[1])
