"""The answer that is about this person."""

from __future__ import annotations

import re
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language, override
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from portal.answers import replay
from portal.content import current_content
from portal.language import is_offered
from portal.presenters.my_answer import MyAnswer, my_page, past_lines
from portal.presenters.summary import NoPdf, summary_pdf
from portal.views.answering import is_clinical, personal
from portal.views.patient import with_patient
from records.models import Patient
from records.scope import Scope

_UUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
_VIEWS = ("answer", "changes", "past")


@require_safe
@with_patient("answer")
def start(request: HttpRequest, scope: Scope, patient: Patient) -> HttpResponse:
    """To the answer that fits the diagnosis on record, if there is one."""
    if not scope.documents(patient).exists() and not scope.statements(patient).exists():
        return render(request, "mine/empty.html")
    return redirect("my_answer", personal(scope, patient).tailored.slug)


def _page(request: HttpRequest, scope: Scope, patient: Patient, slug: str) -> MyAnswer:
    content = current_content()
    if not content.has_page(slug):
        raise Http404
    made = personal(scope, patient, slug)
    new = replay.new_since(patient, made, content.content_hash)
    return my_page(content, made, is_clinical=is_clinical(request), new=new)


def _past_page(request: HttpRequest, scope: Scope, patient: Patient, slug: str, made: str) -> HttpResponse:
    """An earlier answer exactly as it was, in the language it was shown in, with what is new since."""
    kept = replay.past_answer(scope, patient, made) if _UUID.fullmatch(made) else None
    if kept is None or kept[0].tailored.slug != slug:
        raise Http404
    past, content = kept
    with override(past.tailored.language):
        now = personal(scope, patient, slug)
        page = my_page(content, past, is_clinical=is_clinical(request), new=replay.between(made, past, now), is_past=True)
        response = render(request, "mine/answer.html", _shown(request, page, "past", is_reading=False))
        response["Content-Language"] = past.tailored.language
    return response


@require_safe
@with_patient("answer")
def answer(request: HttpRequest, scope: Scope, patient: Patient, slug: str) -> HttpResponse:
    view = request.GET.get("view", "answer")
    if view not in _VIEWS:
        raise Http404
    if view == "past":
        shown = {"mine": _page(request, scope, patient, slug), "view": view, "past": past_lines(replay.past_answers(scope, patient))}
        return render(request, "mine/past.html", shown)
    if request.GET.get("made"):
        return _past_page(request, scope, patient, slug, request.GET["made"])
    is_reading = any(one.is_unfinished for one in scope.documents(patient))
    return render(request, f"mine/{view}.html", _shown(request, _page(request, scope, patient, slug), view, is_reading=is_reading))


def _shown(request: HttpRequest, mine: MyAnswer, view: str, *, is_reading: bool) -> dict[str, Any]:
    return {"mine": mine, "view": view, "is_reading": is_reading, "is_clinical": is_clinical(request)}


@require_safe
@with_patient("print")
def printed(request: HttpRequest, scope: Scope, patient: Patient, slug: str) -> HttpResponse:
    """Two pages for the doctor: facts with their pages, what is not known, questions."""
    return render(request, "mine/print.html", {"mine": _page(request, scope, patient, slug)})


@require_safe
@with_patient("print")
def summary(request: HttpRequest, scope: Scope, patient: Patient, slug: str) -> HttpResponse:
    """The same as a PDF, in the language that ?language= names; where this machine cannot make one, the page to print."""
    asked = request.GET.get("language", "")
    try:
        with override(asked if is_offered(asked) else get_language()):
            content = summary_pdf(_page(request, scope, patient, slug))
    except NoPdf:
        messages.warning(request, _("We cannot make a PDF right now. Print this page instead."))
        return redirect("my_print", slug)
    headers = {"Content-Disposition": 'attachment; filename="for-my-doctor.pdf"', "Cache-Control": "private, no-store"}
    return HttpResponse(content, content_type="application/pdf", headers=headers)
