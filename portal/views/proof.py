"""Where a fact was read: page pictures with the words marked, and the files themselves."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from portal.downloads import as_attachment
from portal.presenters.findings import ASSERTIONS, date_words, kind_words, value_words
from portal.presenters.proof import said_rows, shown_proof
from records.scope import Scope

_BACK = {"coordinator": "review_queue", "admin": "support"}
# Bytes of a patient's file: never run, never framed, never kept by a cache.
_SEALED = {
    "Content-Security-Policy": "sandbox; default-src 'none'",
    "X-Content-Type-Options": "nosniff",
    "Cache-Control": "private, no-store",
}


@require_safe
def proof(request: HttpRequest, finding: UUID) -> HttpResponse:
    scope = Scope(request.user, purpose="proof")
    row = scope.finding(finding)
    pages = {page.pk: page for page in scope.pages(row.document)}
    shown = {
        "label": kind_words(row.kind),
        "value": value_words(row.kind, row.value),
        "assertion": ASSERTIONS.get(row.assertion, ""),
        "on": date_words(row),
        "proofs": [shown_proof(one, pages.get(one.page)) for one in scope.evidence(row)],
        "said": said_rows(row.reviews.select_related("by").all(), request.user),
        "back": _BACK.get(request.user.role, "facts"),
    }
    return render(request, "records/proof.html", shown)


@require_safe
def page_image(request: HttpRequest, document: UUID, number: int) -> HttpResponse:
    scope = Scope(request.user, purpose="page picture")
    return HttpResponse(scope.page_image(scope.page(document, number)), content_type="image/webp", headers=_SEALED)


@require_safe
def original(request: HttpRequest, document: UUID) -> StreamingHttpResponse:
    """The file as it was sent, to be saved and never to be opened here."""
    scope = Scope(request.user, purpose="download")
    row = scope.document(document)
    response = StreamingHttpResponse(scope.original(row), content_type="application/octet-stream", headers=_SEALED)
    response.headers["Content-Disposition"] = as_attachment(row.name)
    response.headers["Content-Length"] = str(row.byte_size)
    return response
