"""What the team asks the patient."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from portal.presenters.people import question_rows
from portal.presenters.refusals import refusal_words
from portal.views.patient import with_patient
from records import actions
from records.exceptions import RecordsError
from records.models import Patient
from records.permissions import can_add
from records.scope import Scope


@require_safe
@with_patient("questions")
def questions(request: HttpRequest, scope: Scope, patient: Patient) -> HttpResponse:
    return _questions(request, scope, patient)


def _questions(request: HttpRequest, scope: Scope, patient: Patient, missed: UUID | None = None) -> HttpResponse:
    rows = question_rows(scope.questions(patient), missed)
    shown = {"rows": rows, "may_answer": can_add(request.user, patient), "is_missed": missed is not None}
    return render(request, "people/questions.html", shown, status=400 if missed else 200)


@require_POST
@with_patient("questions")
def answer_question(request: HttpRequest, scope: Scope, patient: Patient, question: UUID) -> HttpResponse:
    row = scope.question(question)
    try:
        actions.answer_question(by=request.user, question=row, text=request.POST.get("text", ""))
    except RecordsError as error:
        if error.code == "invalid_value":
            return _questions(request, scope, patient, missed=question)
        messages.warning(request, refusal_words(error.code))
    else:
        messages.success(request, _("Your answer is sent."))
    return redirect("questions")
