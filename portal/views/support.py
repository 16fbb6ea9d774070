"""For administrators: how the queue is, who did what by opaque ids, who of us has access, and a record that is opened in need."""

from __future__ import annotations

import re
from uuid import UUID

from allauth.account.decorators import reauthentication_required
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from portal.forms.support import EndAccessForm, LogForm, OpenRecordForm
from portal.presenters.dates import moment_words
from portal.presenters.support import access_rows, health, help_page, log_rows
from records import actions
from records.exceptions import RecordsError
from records.oversight import coordinators, one_access, queue_health, search_log, staff_access, support_access
from records.permissions import NotVisible, check_can_support
from records.scope import Scope


@require_safe
def tasks(request: HttpRequest) -> HttpResponse:
    return render(request, "support/tasks.html", {"health": health(queue_health(request.user), timezone.now())})


@require_POST
def retry(request: HttpRequest, document: UUID) -> HttpResponse:
    try:
        actions.retry_quarantined(by=request.user, document=document)
    except RecordsError as error:
        messages.warning(request, error.message)
    else:
        messages.success(request, _("It will be read again."))
    return redirect("support")


@require_http_methods(["GET", "HEAD", "POST"])
def log(request: HttpRequest) -> HttpResponse:
    """The id is sent in the form: addresses end up in logs."""
    check_can_support(request.user)
    form = LogForm(request.POST or None)
    rows = log_rows(search_log(request.user, form.cleaned_data["id"])) if form.is_bound and form.is_valid() else None
    return render(request, "support/log.html", {"form": form, "rows": rows}, status=400 if form.errors else 200)


@require_safe
def access(request: HttpRequest) -> HttpResponse:
    """Who of us may see which record now, by its number alone."""
    asked = request.GET.get("page", "")
    page = max(1, int(asked)) if re.fullmatch("[0-9]{1,5}", asked) else 1
    found, is_more = staff_access(request.user, page)
    shown = {"rows": access_rows(found), "before": page - 1, "after": page + 1 if is_more else 0, "team": coordinators(request.user)}
    return render(request, "support/access.html", shown)


@require_http_methods(["GET", "HEAD", "POST"])
def end_access(request: HttpRequest, what: str, entry: UUID) -> HttpResponse:
    found = one_access(request.user, what, entry)
    form = EndAccessForm(request.POST or None)
    if form.is_bound and form.is_valid():
        actions.end_staff_access(by=request.user, what=what, entry=entry, reason=form.cleaned_data["reason"])
        messages.success(request, _("It is taken away, from now on."))
        return redirect("support_access")
    if found is None:
        raise NotVisible
    return render(request, "support/end_access.html", {"form": form, "row": access_rows([found])[0]}, status=400 if form.errors else 200)


@require_http_methods(["GET", "HEAD", "POST"])
def open_record(request: HttpRequest) -> HttpResponse:
    check_can_support(request.user)
    return _open_record(request)


@reauthentication_required
def _open_record(request: HttpRequest) -> HttpResponse:
    form = OpenRecordForm(request.POST or None)
    if form.is_bound and form.is_valid():
        try:
            made = actions.open_support(by=request.user, **form.cleaned_data)
        except (RecordsError, NotVisible):
            form.add_error("record", _("There is no such record"))
        else:
            return redirect("support_record", made.pk)
    return render(request, "support/open.html", {"form": form}, status=400 if form.errors else 200)


@require_safe
def record(request: HttpRequest, access: UUID) -> HttpResponse:
    """Files and facts as they are kept, to be looked at and not changed."""
    row = support_access(request.user, access)
    scope = Scope(request.user, purpose="support")
    shown = {"page": help_page(scope, scope.patient(row.patient_id)), "access": row, "until": moment_words(row.until)}
    return render(request, "support/record.html", shown)


@require_POST
def end(request: HttpRequest, access: UUID) -> HttpResponse:
    actions.end_support(by=request.user, access=support_access(request.user, access))
    messages.success(request, _("The record is closed."))
    return redirect("support")
