"""What the team asks the patient."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from portal.forms.questions import AnswerForm
from portal.presenters.people import answer_form, question_rows
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


def _questions(request: HttpRequest, scope: Scope, patient: Patient, typed: tuple[UUID, AnswerForm] | None = None) -> HttpResponse:
    rows = question_rows(scope.questions(patient), typed)
    shown = {"rows": rows, "may_answer": can_add(request.user, patient), "form": typed[1] if typed else None}
    return render(request, "people/questions.html", shown, status=400 if typed else 200)


@require_POST
@with_patient("questions")
def answer_question(request: HttpRequest, scope: Scope, patient: Patient, question: UUID) -> HttpResponse:
    row = scope.question(question)
    form = answer_form(question, request.POST)
    if not form.is_valid():
        return _questions(request, scope, patient, typed=(question, form))
    try:
        actions.answer_question(by=request.user, question=row, text=form.cleaned_data["text"])
    except RecordsError as error:
        messages.warning(request, refusal_words(error.code))
    else:
        messages.success(request, _("Your answer is sent."))
    return redirect("questions")
