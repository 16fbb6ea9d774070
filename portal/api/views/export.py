"""Everything that is known, to take along: as FHIR in mCODE's shape, as a table, as JSON."""

from __future__ import annotations

import csv
import io
import json

from django.http import HttpResponse
from django.utils import timezone
from drf_spectacular.types import OpenApiTypes
from rest_framework.exceptions import NotFound
from rest_framework.request import Request
from rest_framework.response import Response

from portal.api.authentication import check_fresh
from portal.api.base import RecordView, described
from portal.api.profiles import ProfileSerializer
from portal.api.views.profile import profile_shown
from records.export import COLUMNS, fhir_bundle, rows_of
from records.models import Patient
from records.shown import CurrentProfile


class ExportView(RecordView):
    purpose = "export"

    def current(self, request: Request) -> tuple[Patient, CurrentProfile]:
        """For the account that opened the record, after a fresh sign-in; a token had one when it was made."""
        scope = self.scope()
        patient = self.patient(scope)
        check_fresh(request)
        scope.consents(patient)  # asks whether it is theirs
        current = scope.profile(patient)
        if current is None:
            raise NotFound("Nothing is known yet. Send a file or tell a fact first.")
        return patient, current


def _saved(content: str, kind: str, name: str) -> HttpResponse:
    headers = {"Content-Disposition": f'attachment; filename="{name}"', "Cache-Control": "private, no-store"}
    return HttpResponse(content, content_type=kind, headers=headers)


class FhirView(ExportView):
    @described("export_fhir", {(200, "application/fhir+json"): OpenApiTypes.OBJECT})
    def get(self, request: Request) -> HttpResponse:
        """A FHIR R4 Bundle in mCODE's shape: each fact with the document, page and words behind it as Provenance."""
        patient, current = self.current(request)
        made = fhir_bundle(current.profile, whose=patient.pk, made_at=timezone.now())
        return _saved(json.dumps(made, ensure_ascii=False, indent=1), "application/fhir+json", "my-record.fhir.json")


class CsvView(ExportView):
    @described("export_csv", {(200, "text/csv"): OpenApiTypes.STR})
    def get(self, request: Request) -> HttpResponse:
        """One row for each fact, with the first words behind it."""
        _patient, current = self.current(request)
        held = io.StringIO()
        csv.writer(held).writerows([COLUMNS, *rows_of(current.profile)])
        return _saved(held.getvalue(), "text/csv; charset=utf-8", "my-record.csv")


class JsonView(ExportView):
    @described("export_json", {200: ProfileSerializer})
    def get(self, request: Request) -> Response:
        """The profile with every word behind it, as `profile/` shows it, to be saved."""
        _patient, current = self.current(request)
        return Response(profile_shown(current), headers={"Content-Disposition": 'attachment; filename="my-record.json"'})
