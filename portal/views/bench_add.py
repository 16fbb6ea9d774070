"""The coordinator marks words on a page and says which fact they are."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from portal.forms.facts import FactForm
from portal.forms.review import MarkForm
from portal.presenters.findings import kind_words
from portal.presenters.marking import marking
from portal.views.review import held, to_bench
from records import actions
from records.models import Page


@require_http_methods(["GET", "HEAD", "POST"])
def add(request: HttpRequest, review: UUID, document: UUID, number: int) -> HttpResponse:
    """First which words and what kind of fact, then its value. What is marked stays in the form: addresses end up in logs."""
    scope, row = held(request, review)
    page = scope.page(document, number, of=row.patient)
    mark = MarkForm(page.page_text, request.POST or None)
    if not (mark.is_bound and mark.is_valid()):
        return _marking(request, page, mark, review)
    kind, spans = mark.cleaned_data["kind"], mark.cleaned_data["spans"]
    form = FactForm(kind, request.POST if request.POST.get("do") == "add" else None)
    if form.is_bound and form.is_valid():
        when = form.cleaned_data.get("on")
        added = actions.add_finding(by=request.user, page=page, spans=spans, kind=kind, value=form.fact, date=when)
        messages.success(request, _("The fact is added."))
        return to_bench(review, str(added.pk))
    return _marking(request, page, mark, review, {"form": form, "label": kind_words(kind)})


def _marking(request: HttpRequest, page: Page, mark: MarkForm, review: UUID, more: dict[str, Any] | None = None) -> HttpResponse:
    made = marking(page, mark.cleaned_data.get("spans", ()) if mark.is_bound else ())
    is_wrong = bool(mark.errors or (more and more["form"].errors))
    shown = {"mark": mark, "made": made, "review": review, "form": mark, "label": "", **(more or {})}
    return render(request, "review/add.html", shown, status=400 if is_wrong else 200)
