"""The coordinators' queue and bench."""

from __future__ import annotations

import re
from typing import Any
from urllib.parse import parse_qsl
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from portal.forms.facts import FactForm
from portal.presenters.bench import bench, next_open, record_name
from portal.presenters.bench_beside import page_choices
from portal.presenters.bench_queue import queue as made_queue
from portal.presenters.bench_queue import view_of
from portal.presenters.findings import kind_words, value_words
from records import actions
from records.exceptions import RecordsError
from records.models import Finding, Page, Patient, ReviewRequest
from records.permissions import check_can_coordinate, holder_of
from records.scope import Scope

_VIEW = "review_queue_view"  # of the session: the query of the queue that a coordinator works through
_REFUSED = "refused"  # in the address of the bench: signing off was refused, for facts are open
_PAGE = re.compile(r"[0-9]{1,5}")
_DECISIONS = {"accept": "confirmed", "reject": "rejected", "question": "disputed"}


def _scope(request: HttpRequest) -> Scope:
    return Scope(request.user, purpose="review")


def _findings(scope: Scope, row: ReviewRequest) -> list[Finding]:
    return list(scope.findings(scope.patient(row.patient_id)))


def is_mine(row: ReviewRequest, user: Any) -> bool:
    return bool(holder_of(row) == user)


def held(request: HttpRequest, review: UUID) -> tuple[Scope, ReviewRequest]:
    """The review that this coordinator works on. Http404 for whoever has not taken it."""
    scope = _scope(request)
    row = scope.review_request(review)
    if not is_mine(row, request.user):
        raise Http404
    return scope, row


def _to_queue(request: HttpRequest) -> HttpResponse:
    """The view of the queue that this coordinator came from."""
    query = request.session.get(_VIEW, "")
    return redirect(f"{reverse('review_queue')}{f'?{query}' if query else ''}")


@require_safe
def queue(request: HttpRequest) -> HttpResponse:
    check_can_coordinate(request.user)
    view = view_of(request.GET.dict())
    request.session[_VIEW] = view.query
    found = _scope(request).queue_page(view.show, view.sort, view.page)
    return render(request, "review/queue.html", {"queue": made_queue(found, view, request.user, timezone.now())})


@require_POST
def claim(request: HttpRequest, review: UUID) -> HttpResponse:
    row = _scope(request).review_request(review)
    try:
        actions.claim_review(by=request.user, request=row, is_takeover=request.POST.get("take") == "over")
    except RecordsError as error:
        messages.warning(request, error.message)
        return _to_queue(request)
    return redirect("bench", review)


@require_POST
def release(request: HttpRequest, review: UUID) -> HttpResponse:
    actions.release_review(by=request.user, request=_scope(request).review_request(review))
    return _to_queue(request)


@require_safe
def show(request: HttpRequest, review: UUID) -> HttpResponse:
    """The page left, its facts right. Without a claim: back to the queue, where it can be taken."""
    scope = _scope(request)
    row = scope.review_request(review)
    if not is_mine(row, request.user):
        messages.warning(request, _("Take this record first."))
        return _to_queue(request)
    patient = scope.patient(row.patient_id)
    current = scope.profile(patient)
    made = bench(
        row,
        _findings(scope, row),
        at=request.GET.get("at", ""),
        me=request.user,
        now=timezone.now(),
        questions=scope.questions(patient),
        conflicts=current.conflicts if current else (),
        other=_other_page(scope, patient, request.GET.get("beside", "")),
    )
    shown = {
        "bench": made,
        "review": review,
        "snapshot": current,
        "pages": page_choices(scope.documents(patient)),
        "is_refused": _REFUSED in request.GET and made.open,
    }
    return render(request, "review/bench.html", shown)


def _other_page(scope: Scope, patient: Patient, asked: str) -> Page | None:
    document, _colon, number = asked.partition(":")
    return scope.page(document, int(number), of=patient) if _PAGE.fullmatch(number) else None


@require_POST
def decide(request: HttpRequest, review: UUID) -> HttpResponse:
    scope, row = held(request, review)
    decision = _DECISIONS.get(request.POST.get("decision", ""))
    if decision is None:
        raise Http404
    finding = scope.finding(request.POST.get("finding", ""), of=row.patient)
    actions.review_finding(by=request.user, finding=finding, decision=decision)
    actions.claim_review(by=request.user, request=row)
    return to_bench(review, next_open(_findings(scope, row), str(finding.pk)))


@require_POST
def undo(request: HttpRequest, review: UUID) -> HttpResponse:
    """Take back one's last word, and stand before that fact again."""
    scope, row = held(request, review)
    finding = scope.finding(request.POST.get("finding", ""), of=row.patient)
    try:
        actions.take_back(by=request.user, finding=finding)
    except RecordsError as error:
        messages.warning(request, error.message)
    return to_bench(review, str(finding.pk))


@require_POST
def ask(request: HttpRequest, review: UUID) -> HttpResponse:
    """A question to the patient about the fact in hand; she finds it on her pages."""
    scope, row = held(request, review)
    about = request.POST.get("finding", "")
    finding = scope.finding(about, of=row.patient) if about else None
    try:
        actions.ask_patient(by=request.user, request=row, text=request.POST.get("text", ""), finding=finding)
    except RecordsError as error:
        messages.error(request, error.message)
    else:
        messages.success(request, _("The question is sent. You will see the answer here."))
    return to_bench(review, about)


def to_bench(review: UUID, finding: str) -> HttpResponse:
    return redirect(f"{reverse('bench', args=[review])}{f'?at={finding}' if finding else ''}")


@require_http_methods(["GET", "HEAD", "POST"])
def correct(request: HttpRequest, review: UUID, finding: UUID) -> HttpResponse:
    scope, row = held(request, review)
    found = scope.finding(finding, of=row.patient)
    form = FactForm(found.kind, request.POST or None, value=found.value, initial={"on": found.date})
    if request.method == "POST" and form.is_valid():
        actions.review_finding(by=request.user, finding=found, decision="corrected", corrected=form.fact)
        return to_bench(review, next_open(_findings(scope, row), str(finding)))
    made = bench(row, _findings(scope, row), at=str(finding), me=request.user, now=timezone.now())
    shown = {"form": form, "bench": made, "review": review, "label": kind_words(found.kind), "value": value_words(found.kind, found.value)}
    return render(request, "review/correct.html", shown)


@require_POST
def sign(request: HttpRequest, review: UUID) -> HttpResponse:
    """Sign off exactly the snapshot that was on the page, then on to the next record."""
    scope, row = held(request, review)
    try:
        actions.sign_off(by=request.user, snapshot=scope.snapshot(request.POST.get("snapshot", ""), of=row.patient))
    except RecordsError as error:
        if error.code != "undecided":
            messages.warning(request, error.message)
            return redirect("bench", review)
        return redirect(f"{reverse('bench', args=[review])}?{_REFUSED}=yes")
    messages.success(request, _("%(name)s is signed off.") % {"name": record_name(row.patient_id)})
    return _to_next(request)


def _to_next(request: HttpRequest) -> HttpResponse:
    """On to the next record of the view that the coordinator works through; back to the queue where none is free."""
    view = view_of(dict(parse_qsl(request.session.get(_VIEW, ""))))
    following = _scope(request).next_free(view.show, view.sort)
    if following is None:
        return _to_queue(request)
    return _go_on_with(request, following.pk)


def _go_on_with(request: HttpRequest, review: UUID) -> HttpResponse:
    try:
        actions.claim_review(by=request.user, request=_scope(request).review_request(review))
    except RecordsError:  # a colleague was quicker
        return _to_queue(request)
    return redirect("bench", review)
