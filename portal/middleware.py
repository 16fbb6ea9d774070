"""Headers that every page of a signed-in person carries, and the second step that staff sign in with."""

from __future__ import annotations

from collections.abc import Callable

from allauth.mfa.models import Authenticator
from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

Respond = Callable[[HttpRequest], HttpResponse]


class PrivatePagesMiddleware:
    """Pages made for a signed-in person are kept by no cache; nothing may use the camera, microphone or location."""

    def __init__(self, get_response: Respond) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if request.user.is_authenticated and not response.has_header("Cache-Control"):
            response["Cache-Control"] = "private, no-store"
        response["Permissions-Policy"] = "camera=(), microphone=(), geolocation=(), payment=(), usb=(), interest-cohort=()"
        response["Cross-Origin-Resource-Policy"] = "same-origin"
        return response


class SecondStepMiddleware:
    """Coordinators and administrators get to the pages of accounts, where they can set up a second step, and no further without one."""

    _OPEN = ("/accounts/", "/static/", "/livez", "/readyz")
    _STEPS = (Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN)  # spare codes alone are none

    def __init__(self, get_response: Respond) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if not self._is_needed(request):
            return self.get_response(request)
        if request.path_info.startswith("/api/"):
            said = {"type": "about:blank", "status": 403, "code": "second_step", "title": "Second step",
                    "detail": "Set up a second step for signing in first."}  # fmt: skip
            return JsonResponse(said, status=403, content_type="application/problem+json")
        messages.warning(request, _("Your work needs a second step when you sign in. Set one up first."))
        return redirect("mfa_index")

    def _is_needed(self, request: HttpRequest) -> bool:
        user = request.user
        if not settings.STAFF_NEED_SECOND_STEP or not user.is_authenticated or request.path_info.startswith(self._OPEN):
            return False
        is_staff = user.is_staff or user.is_superuser or user.role != "patient"
        return is_staff and not Authenticator.objects.filter(user=user, type__in=self._STEPS).exists()
