"""Whose record a page is about."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from records.models import Patient
from records.scope import Scope

View = Callable[..., HttpResponse]
RECORD = "record"  # of the session: the record that this person chose to look at


def with_patient(purpose: str) -> Callable[[View], View]:
    """The view gets `scope` and `patient`: the record this person opened, or the first one shared with them. Without one: to the start."""

    def wrap(view: View) -> View:
        @wraps(view)
        def run(request: HttpRequest, *args: Any, **given: Any) -> HttpResponse:
            scope = Scope(request.user, purpose=purpose)
            patient = current_patient(scope, request.session.get(RECORD))
            if patient is None:
                _try(scope, given)
                return redirect("start")
            return view(request, scope, patient, *args, **given)

        return run

    return wrap


def _try(scope: Scope, given: dict[str, Any]) -> None:
    """Somebody without a record asks for a row by its id: what is not theirs is not there, and the attempt leaves its trace."""
    for name, found in (("document", scope.document), ("finding", scope.finding), ("question", scope.question), ("arrival", scope.arrival)):
        if name in given:
            found(given[name])


def current_patient(scope: Scope, chosen: str | None = None) -> Patient | None:
    """The record that was chosen while it may be seen, else one's own, else the first that is shared. Staff have none here: they look at
    records through the review."""
    if scope.user.role != "patient":
        return None
    picked = scope.patients().filter(pk=chosen).first() if chosen else None
    return picked or scope.own_patient() or scope.patients().first()
