"""A person's trials with the trace of each rule, for the coordinator who checks the record and for the administrator who opened it to help."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from portal.presenters.trial_trace import trace, trace_lines
from portal.trials.current import registry_words
from portal.trials.nearby import my_trial, my_trials
from portal.views import answering
from portal.views.review import is_mine
from portal.views.today import today
from records.models import Patient
from records.oversight import support_access
from records.scope import Scope


@require_safe
def of_review(request: HttpRequest, review: UUID, nct: str = "") -> HttpResponse:
    """For the coordinator who holds the review; without a claim: to the queue."""
    scope = Scope(request.user, purpose="review")
    row = scope.review_request(review)
    if not is_mine(row, request.user):
        messages.warning(request, _("Take this record first."))
        return redirect("review_queue")
    return _shown(request, scope, scope.patient(row.patient_id), nct, ("bench", "bench_trials", "bench_trial"), review)


@require_safe
def of_support(request: HttpRequest, access: UUID, nct: str = "") -> HttpResponse:
    """For the administrator, as long as the record is open to help."""
    row = support_access(request.user, access)
    scope = Scope(request.user, purpose="support")
    return _shown(request, scope, scope.patient(row.patient_id), nct, ("support_record", "support_trials", "support_trial"), access)


def _shown(request: HttpRequest, scope: Scope, patient: Patient, nct: str, names: tuple[str, str, str], door: UUID) -> HttpResponse:
    """Where the person lives is hers: the order is that without it. names: of the record's page, of the list and of one trial."""
    made = answering.for_team(scope, patient)
    record, listed, one = names
    if not nct:
        mine = my_trials(patient, made, today=today(), is_placed=False)
        lines = (*trace_lines(mine.matches, is_checked=True), *trace_lines(mine.registry, is_checked=False))
        rows = [(line, reverse(one, args=[door, line.nct])) for line in lines]
        shown = {
            "rows": rows,
            "is_withheld": mine.is_withheld,
            "more": mine.registry_left - len(mine.registry),
            "back": reverse(record, args=[door]),
        }
        return render(request, "review/trials.html", shown)
    found = my_trial(patient, made, nct, today=today(), is_placed=False)
    if found is None:
        raise Http404
    match, is_checked = found
    traced = trace(match, registry_words(nct) if is_checked else {}, is_checked=is_checked)
    return render(request, "review/trial.html", {"trace": traced, "back": reverse(listed, args=[door])})
