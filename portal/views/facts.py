"""What we found: right, wrong or not sure; and what is missing."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from portal.forms.facts import ADDABLE, FACT_PARTS, FactForm
from portal.presenters.facts import facts_page
from portal.presenters.findings import kind_words, value_words
from portal.views.answering import cards, personal
from portal.views.patient import with_patient
from records import actions
from records.models import Patient
from records.permissions import can_decide
from records.scope import Scope

_DECISIONS = {"right": "confirmed", "not_sure": "disputed", "not_there": "rejected"}


@require_safe
@with_patient("facts")
def facts(request: HttpRequest, scope: Scope, patient: Patient) -> HttpResponse:
    current = scope.profile(patient)
    made = cards(current.profile) if current else ()
    rows = list(scope.findings(patient))
    findings = {str(key): one for one in rows for key in (one.pk, *(evidence.pk for evidence in one.evidence.all()))}
    page = facts_page(made, current.conflicts if current else (), findings, may_decide=can_decide(request.user, patient))
    has_files = scope.documents(patient).exists()
    return render(request, "facts/facts.html", {"page": page, "has_files": has_files, "current": current})


@contextmanager
def _telling_what_changed(request: HttpRequest, scope: Scope, patient: Patient) -> Iterator[None]:
    """The answer before and after, compared by its tailored sentences; the person is told how many are new, gone or different."""
    before = _about(scope, patient)
    yield
    parts = {code for code, _text in before ^ _about(scope, patient)}
    said = ngettext("Saved. %(n)d part of your answer changed.", "Saved. %(n)d parts of your answer changed.", len(parts)) % {
        "n": len(parts)
    }
    messages.success(request, said if parts else _("Saved. Your answer stays the same."))


def _about(scope: Scope, patient: Patient) -> frozenset[tuple[str, str]]:
    tailored = personal(scope, patient).tailored
    return frozenset((one.passage_id, one.text) for one in tailored.changes()) | {("page", tailored.slug)}


@require_POST
@with_patient("facts")
def decide(request: HttpRequest, scope: Scope, patient: Patient) -> HttpResponse:
    """The same word on every finding behind one card."""
    decision = _DECISIONS.get(request.POST.get("decision", ""))
    ids = request.POST.getlist("finding")[:50]
    if decision is None or not ids:
        raise Http404
    rows = [scope.finding(one) for one in ids]
    whose = rows[0].patient  # of the page the button was on, whichever record was chosen in another window meanwhile
    with _telling_what_changed(request, scope, whose):
        actions.review_findings(by=request.user, patient=whose, findings=rows, decision=decision)
    return redirect("facts")


@require_http_methods(["GET", "HEAD", "POST"])
@with_patient("facts")
def correct(request: HttpRequest, scope: Scope, patient: Patient, finding: UUID) -> HttpResponse:
    """What is right instead."""
    row = scope.finding(finding)
    form = FactForm(row.kind, request.POST or None, value=row.value, initial={"on": row.date})
    if request.method == "POST" and form.is_valid():
        with _telling_what_changed(request, scope, row.patient):
            actions.review_finding(by=request.user, finding=row, decision="corrected", corrected=form.fact)
        return redirect("facts")
    shown = {"form": form, "finding": row, "label": kind_words(row.kind), "value": value_words(row.kind, row.value)}
    return render(request, "facts/correct.html", shown)


@require_http_methods(["GET", "HEAD", "POST"])
@with_patient("facts")
def add(request: HttpRequest, scope: Scope, patient: Patient, kind: str) -> HttpResponse:
    """What the records do not say; marked "you told us"."""
    labels: dict[str, Any] = dict(ADDABLE)
    if kind not in labels or kind not in FACT_PARTS:
        raise Http404
    form = FactForm(kind, request.POST or None)
    if request.method == "POST" and form.is_valid():
        with _telling_what_changed(request, scope, patient):
            actions.state_fact(by=request.user, patient=patient, kind=kind, value=form.fact, date=form.cleaned_data.get("on"))
        return redirect("facts")
    return render(request, "facts/add.html", {"form": form, "label": labels[kind]})
