"""Sending a file in pieces: begin (or go on), then piece after piece. Answers are JSON for upload.js; the plain form needs none of this."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpRequest, JsonResponse
from django.urls import reverse
from django.views.decorators.http import require_POST

from portal.forms.records import ArrivalForm
from portal.presenters.files import refused
from portal.views.patient import with_patient
from records import actions
from records.exceptions import RecordsError
from records.models import Patient
from records.scope import Scope

REFUSED = 422


@require_POST
@with_patient("upload")
def begin(request: HttpRequest, scope: Scope, patient: Patient) -> JsonResponse:
    """{"url": where the pieces go, "kept": how many bytes are here already}."""
    form = ArrivalForm(request.POST)
    if not form.is_valid():
        return JsonResponse({"code": "incomplete"}, status=400)
    try:
        arrival = actions.begin_arrival(by=request.user, patient=patient, **form.cleaned_data)
    except RecordsError as error:
        return _refused(form.cleaned_data["name"], error)
    return JsonResponse({"url": reverse("piece", args=[arrival.pk]), "kept": arrival.kept})


@require_POST
@with_patient("upload")
def piece(request: HttpRequest, scope: Scope, patient: Patient, arrival: UUID) -> JsonResponse:
    """The bytes from ?at= on. {"kept": where to go on}, with "document" once the file is whole."""
    row = scope.arrival(arrival)
    at = request.GET.get("at", "")
    if not at.isascii() or not at.isdigit() or len(at) > 15:
        return JsonResponse({"code": "incomplete"}, status=400)
    try:
        row = actions.add_piece(by=request.user, arrival=row, at=int(at), content=request.body)
        if not row.is_whole:
            return JsonResponse({"kept": row.kept})
        document = actions.finish_arrival(by=request.user, arrival=row)
    except RecordsError as error:
        return _refused(row.name, error)
    return JsonResponse({"kept": row.kept, "document": str(document.pk)})


def _refused(name: str, error: RecordsError) -> JsonResponse:
    told = refused(name, error.code)
    return JsonResponse(
        {"code": error.code, "name": name, "message": told.message, "next_step": told.next_step},
        status=REFUSED,
    )
