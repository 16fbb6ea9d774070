"""Sending files and seeing how far they are."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from portal.forms.records import PasswordForm, StartForm
from portal.presenters.files import FileRow, Refused, file_list, file_row, refused
from portal.presenters.findings import date_words, kind_words, value_words
from portal.views.patient import with_patient
from records import actions
from records.exceptions import RecordsError
from records.models import Patient
from records.permissions import has_consent
from records.scope import Scope

CONSENT_VERSION = "2026-11"
STOP_POLLING = 286  # htmx: swap this in and ask no more


@require_http_methods(["GET", "HEAD", "POST"])
@login_not_required
def start(request: HttpRequest) -> HttpResponse:
    """What happens with records, and the consent to it."""
    if not request.user.is_authenticated:
        return render(request, "records/start.html", {"form": None, "has_record": False, "is_staff": False})
    if request.user.role != "patient":
        return render(request, "records/start.html", {"form": None, "has_record": False, "is_staff": True})
    own = Scope(request.user, "start").own_patient()
    form = StartForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        return _agree(request, form)
    has_record = own is not None and has_consent(own.pk, "reading")
    return render(request, "records/start.html", {"form": form, "has_record": has_record, "is_staff": False})


def _agree(request: HttpRequest, form: StartForm) -> HttpResponseRedirect:
    patient = actions.open_patient(by=request.user, is_caregiver=form.cleaned_data["who"] == "other")
    purposes = [one for one in ("reading", "review", "alerts") if form.cleaned_data[one]]
    actions.agree(by=request.user, patient=patient, purposes=purposes, version=CONSENT_VERSION)
    return redirect("upload")


@require_http_methods(["GET", "HEAD", "POST"])
@with_patient("upload")
def upload(request: HttpRequest, scope: Scope, patient: Patient) -> HttpResponse:
    """Each file is kept or refused on its own: one bad file does not lose the others."""
    if request.method != "POST":
        return render(request, "records/upload.html", {"refusals": (), "kept": 0, "is_empty": False})
    sent = [*request.FILES.getlist("files"), *request.FILES.getlist("photo")]
    refusals = [one for one in (_receive(request, patient, file) for file in sent) if one]
    if sent and not refusals:
        return redirect("records")
    shown = {"refusals": refusals, "kept": len(sent) - len(refusals), "is_empty": not sent}
    return render(request, "records/upload.html", shown, status=200 if sent else 400)


def _receive(request: HttpRequest, patient: Patient, file: Any) -> Refused | None:
    try:
        actions.receive_document(by=request.user, patient=patient, name=file.name, content=file)
    except RecordsError as error:
        return refused(file.name, error.code)
    return None


@require_safe
@with_patient("files")
def records(request: HttpRequest, scope: Scope, patient: Patient) -> HttpResponse:
    return _records(request, scope, patient)


def _records(request: HttpRequest, scope: Scope, patient: Patient, typed: Any = None) -> HttpResponse:
    files = file_list(scope, scope.documents(patient), may_read=has_consent(patient.pk, "reading"), typed=typed)
    return render(request, "records/records.html", {"files": files, "form": typed[1] if typed else None})


@require_safe
@with_patient("progress")
def progress(request: HttpRequest, scope: Scope, patient: Patient) -> HttpResponse:
    """The rows that were unfinished when the page last looked, as they are now. Asked every two seconds; 286 ends it."""
    asked = set(request.GET.getlist("row")[:50])
    may_read = has_consent(patient.pk, "reading")
    files = file_list(scope, scope.documents(patient), may_read=may_read)
    rows: list[FileRow] = [one for one in files.rows if str(one.id) in asked]
    status = 200 if files.is_unfinished else STOP_POLLING
    return render(request, "records/progress.html", {"files": files, "rows": rows}, status=status)


@require_POST
@with_patient("files")
def unlock(request: HttpRequest, scope: Scope, patient: Patient, document: UUID) -> HttpResponse:
    row = scope.document(document)
    form = PasswordForm(request.POST, prefix=str(row.pk))
    if not form.is_valid():
        return _records(request, scope, patient, typed=(row.pk, form))
    actions.unlock_document(by=request.user, document=row, password=form.cleaned_data["password"])
    return redirect("records")


@require_POST
@with_patient("files")
def accept(request: HttpRequest, scope: Scope, patient: Patient, document: UUID) -> HttpResponse:
    actions.accept_document(by=request.user, document=scope.document(document))
    return redirect("records")


@require_POST
@with_patient("files")
def retry(request: HttpRequest, scope: Scope, patient: Patient, document: UUID) -> HttpResponse:
    actions.retry_document(by=request.user, document=scope.document(document))
    return redirect("records")


@require_http_methods(["GET", "HEAD", "POST"])
@with_patient("files")
def delete(request: HttpRequest, scope: Scope, patient: Patient, document: UUID) -> HttpResponse:
    """Asks first, then deletes the file with everything read from it."""
    row = scope.document(document)
    if request.method != "POST":
        return render(request, "records/delete.html", {"file": file_row(scope, row)})
    actions.delete_document(by=request.user, document=row)
    messages.success(request, _("The file is deleted, and all we read from it."))
    return redirect("records")


@require_safe
@with_patient("files")
def document(request: HttpRequest, scope: Scope, patient: Patient, document: UUID) -> HttpResponse:
    """One file: its pages and what was found in it."""
    row = scope.document(document)
    found = [
        {"id": one.pk, "label": kind_words(one.kind), "value": value_words(one.kind, one.value), "on": date_words(one)}
        for one in scope.findings(row)
    ]
    shown = {"file": file_row(scope, row), "pages": list(scope.pages(row)), "found": found}
    return render(request, "records/document.html", shown)
