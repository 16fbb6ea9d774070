"""What we hold, who looked, agree or not, take a copy, delete everything."""

from __future__ import annotations

from allauth.account.decorators import reauthentication_required
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from portal.content import current_content
from portal.forms.privacy import DeleteForm
from portal.presenters.copy import held_of, zipped
from portal.presenters.dates import moment_words
from portal.presenters.my_answer import my_page
from portal.presenters.people import ended_for_them, sharing_page
from portal.presenters.privacy import MOST_ROWS, NOTICES, PURPOSES, consent_rows, held_rows, look_days
from portal.presenters.summary import NoPdf, summary_pdf
from portal.views.answering import personal
from portal.views.patient import with_patient
from portal.views.records import CONSENT_VERSION
from records import actions
from records.models import Patient
from records.scope import Scope


@require_safe
@login_not_required
def privacy(request: HttpRequest) -> HttpResponse:
    """What we promise; for everybody."""
    return render(request, "privacy/promise.html")


@require_safe
@with_patient("privacy")
def my_privacy(request: HttpRequest, scope: Scope, patient: Patient) -> HttpResponse:
    shown = {
        "consents": consent_rows(scope.consents(patient), is_under_review=scope.is_under_review(patient)),
        "days": look_days(list(scope.access_log(patient)[:MOST_ROWS]), request.user.pk),
        "held": held_rows(scope, patient),
        "files": scope.documents(patient),
        "shared": sharing_page(scope, patient),
        "helped": [(moment_words(one.opened_at), one.reason) for one in scope.support(patient)],
        "ended": ended_for_them(scope, patient),
        "number": patient.pk,
        "notices": [(kind, title, kind not in patient.notices_off) for kind, title in NOTICES],
    }
    return render(request, "privacy/mine.html", shown)


@require_POST
@with_patient("privacy")
def consent(request: HttpRequest, scope: Scope, patient: Patient, purpose: str) -> HttpResponse:
    """Give or take back one agreement; asking for the review comes with the consent to it."""
    if purpose not in {one for one, _title, _text in PURPOSES}:
        raise Http404
    if request.POST.get("agree") == "yes":
        actions.agree(by=request.user, patient=patient, purposes=[purpose], version=CONSENT_VERSION)
    else:
        actions.withdraw_consent(by=request.user, patient=patient, purpose=purpose)
    messages.success(request, _("Saved."))
    return redirect("my_privacy")


@require_POST
@with_patient("privacy")
def notices(request: HttpRequest, scope: Scope, patient: Patient) -> HttpResponse:
    """Which e-mails the person wants."""
    wanted = set(request.POST.getlist("notice"))
    actions.choose_notices(by=request.user, patient=patient, off={one for one, _title in NOTICES} - wanted)
    messages.success(request, _("Saved."))
    return redirect("my_privacy")


@require_safe
@reauthentication_required
@with_patient("export")
def export(request: HttpRequest, scope: Scope, patient: Patient) -> StreamingHttpResponse:
    """One ZIP with the files as they were sent, all that is held beside them as JSON, and the summary as PDF; made while it is sent."""
    held = held_of(scope, patient)
    response = StreamingHttpResponse(zipped(scope, patient, held, _summary(scope, patient)), content_type="application/zip")
    response.headers["Content-Disposition"] = 'attachment; filename="my-records.zip"'
    response.headers["Cache-Control"] = "private, no-store"
    return response


def _summary(scope: Scope, patient: Patient) -> bytes | None:
    """The pages for the doctor; None where this machine cannot make them, or nothing is known yet."""
    if scope.profile(patient) is None:
        return None
    try:
        return summary_pdf(my_page(current_content(), personal(scope, patient), is_clinical=False))
    except NoPdf:
        return None


@require_http_methods(["GET", "HEAD", "POST"])
@reauthentication_required
@with_patient("delete")
def delete_all(request: HttpRequest, scope: Scope, patient: Patient) -> HttpResponse:
    form = DeleteForm(request.POST if request.method == "POST" else None)
    if not form.is_valid():
        return render(request, "privacy/delete.html", {"form": form})
    actions.delete_patient(by=request.user, patient=patient)
    messages.success(request, _("Everything is deleted. Nobody can read it any more."))
    return redirect("home")
