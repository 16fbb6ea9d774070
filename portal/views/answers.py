"""Pages for everybody: the answers, the words, the guidelines, the services, what changed."""

from __future__ import annotations

from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from portal.content import current_content
from portal.content.publishing import published_editions
from portal.presenters.answers import PageMaker
from portal.presenters.changes import checked_days, published_days
from portal.presenters.glossary import words as all_words
from portal.presenters.links import services_for
from portal.presenters.search import all_answers, search
from portal.views.answering import general, is_clinical


@require_safe
@login_not_required
def home(request: HttpRequest) -> HttpResponse:
    asked = request.GET.get("q", "").strip()[:200]
    content = current_content()
    hits = search(content, asked) if asked else all_answers(content)
    return render(request, "answers/home.html", {"asked": asked, "hits": hits})


@require_safe
@login_not_required
def answer(request: HttpRequest, slug: str) -> HttpResponse:
    content = current_content()
    if not content.has_page(slug):
        raise Http404
    page = PageMaker(content, is_clinical=is_clinical(request)).page(general(slug))
    return render(request, "answers/answer.html", {"page": page, "is_clinical": is_clinical(request)})


@require_safe
@login_not_required
def words(request: HttpRequest) -> HttpResponse:
    return render(request, "answers/words.html", {"words": all_words(current_content().glossary)})


@require_safe
@login_not_required
def guidelines(request: HttpRequest) -> HttpResponse:
    rows = sorted(current_content().guidelines, key=lambda one: (one.cancer, one.publisher, one.title))
    return render(request, "answers/guidelines.html", {"guidelines": rows})


@require_safe
@login_not_required
def services(request: HttpRequest) -> HttpResponse:
    return render(request, "answers/services.html", {"services": services_for(current_content())})


@require_safe
@login_not_required
def changes(request: HttpRequest) -> HttpResponse:
    return render(
        request, "answers/changes.html", {"days": checked_days(current_content()), "published": published_days(published_editions())}
    )


@require_safe
@login_not_required
def help_page(request: HttpRequest) -> HttpResponse:
    return render(request, "answers/help.html")
