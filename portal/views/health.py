"""For the machinery around the service: is it alive, can it work."""

from __future__ import annotations

from hmac import compare_digest

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.db import DatabaseError, connection
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.http import require_safe

from portal import metrics


@require_safe
@login_not_required
def alive(request: HttpRequest) -> JsonResponse:
    return JsonResponse({"status": "ok"})


@require_safe
@login_not_required
def ready(request: HttpRequest) -> JsonResponse:
    """503 without the database. A broker that is down is no reason: the sweeper rings later. "degraded": files wait too long."""
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except DatabaseError:
        return JsonResponse({"status": "no database"}, status=503)
    return JsonResponse({"status": "degraded" if metrics.is_degraded() else "ok"})


@require_safe
@login_not_required
def measured(request: HttpRequest) -> HttpResponse:
    """For who holds the token; for everybody else, and where none is set, there is nothing here."""
    given = request.headers.get("Authorization", "").encode()
    if not settings.METRICS_TOKEN or not compare_digest(given, f"Bearer {settings.METRICS_TOKEN}".encode()):
        raise Http404
    return HttpResponse(metrics.rendered(), content_type="text/plain; version=0.0.4; charset=utf-8", headers={"Cache-Control": "no-store"})
