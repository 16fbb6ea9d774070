"""How the machine fares with the coordinators, for who leads them."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from portal.presenters.scores import score_rows
from records.management.decisions import decisions_by_field
from records.permissions import check_can_lead


@require_safe
def scores(request: HttpRequest) -> HttpResponse:
    """By field and version of the rules; counts only, of nobody in particular."""
    check_can_lead(request.user)
    return render(request, "review/scores.html", {"rows": score_rows(decisions_by_field("coordinator"))})
