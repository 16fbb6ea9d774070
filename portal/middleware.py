"""What is no word at all, the language of a page, the headers of a signed-in person's pages, the second step of staff, and who watches from inside."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

from allauth.mfa.models import Authenticator
from django.conf import settings
from django.contrib import messages
from django.contrib.auth import logout
from django.core.exceptions import BadRequest
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.middleware.locale import LocaleMiddleware
from django.shortcuts import redirect
from django.utils import translation
from django.utils.translation import gettext as _

Respond = Callable[[HttpRequest], HttpResponse]
_STEPS = (Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN)  # spare codes alone are none
OF_STAFF = ("/admin/", "/review/", "/support/")  # their pages are English only


class LanguageMiddleware(LocaleMiddleware):
    """The language of the page: what was chosen in this browser, else what the account has chosen, else what the browser asks for."""

    def process_request(self, request: HttpRequest) -> None:
        super().process_request(request)
        chosen = "" if settings.LANGUAGE_COOKIE_NAME in request.COOKIES or not request.user.is_authenticated else request.user.language
        if language := "en" if request.path_info.startswith(OF_STAFF) else chosen:
            translation.activate(language)
            request.LANGUAGE_CODE = language


class InsideMiddleware:
    """What watches the service asks from inside, by an address that is no name of the site: it is answered all the same."""

    _PATHS = ("/livez", "/readyz", "/metrics")

    def __init__(self, get_response: Respond) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.path_info in self._PATHS:
            request.META["HTTP_HOST"] = settings.ALLOWED_HOSTS[0].lstrip(".")
        return self.get_response(request)


class NoNulMiddleware:
    """No word holds a NUL, and PostgreSQL takes none: a cookie with one counts as none, an address with one is refused, and so is a form of the
    admin, whose choices ask tables as they come. The API and the other forms say so in their own way."""

    def __init__(self, get_response: Respond) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        request.COOKIES = {name: value for name, value in request.COOKIES.items() if "\0" not in value}
        return self.get_response(request)

    def process_view(self, request: HttpRequest, *view: Any) -> None:
        if request.path_info.startswith("/api/"):
            return
        given = [request.GET, request.POST] if request.path_info.startswith("/admin/") else [request.GET]
        words = (word for one in given for name, values in one.lists() for word in (name, *values))
        if "\0" in request.path_info or any("\0" in word for word in words):
            raise BadRequest


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


def idle_seconds_of(user: Any) -> int:
    seconds: int = settings.SESSION_IDLE_SECONDS if user.role == "patient" else settings.SESSION_IDLE_SECONDS_OF_STAFF
    return seconds


class SessionTimeMiddleware:
    """A session ends when nobody used it for a while, and at the latest some hours after signing in. Times: settings.SESSION_….

    What a page asks for by itself (how far reading is) uses no session: a page left open would keep it alive for ever.
    """

    _BY_ITSELF = ("/records/progress/",)
    _KEPT = 60.0  # seconds between two notes of the last use: not one write for each request

    def __init__(self, get_response: Respond) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.user.is_authenticated:
            self._look(request, time.time())
        return self.get_response(request)

    def _look(self, request: HttpRequest, now: float) -> None:
        began, used = request.session.get("began"), request.session.get("used")
        if began is None or used is None:
            request.session["began"] = request.session["used"] = now
        elif now - used > idle_seconds_of(request.user) or now - began > settings.SESSION_LONGEST_SECONDS:
            logout(request)
            messages.info(request, _("You were signed out to keep your records safe. Sign in again to go on."))
        elif now - used > self._KEPT and request.path_info not in self._BY_ITSELF:
            request.session["used"] = now


def lacks_second_step(user: Any) -> bool:
    """One of the team who has to sign in with a second step and has set up none."""
    is_staff = user.is_staff or user.is_superuser or user.role != "patient"
    return settings.STAFF_NEED_SECOND_STEP and is_staff and not Authenticator.objects.filter(user=user, type__in=_STEPS).exists()


class SecondStepMiddleware:
    """Coordinators and administrators get to the pages of accounts, where they can set up a second step, and no further without one."""

    _OPEN = ("/accounts/", "/static/", "/livez", "/readyz")

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
        return request.user.is_authenticated and not request.path_info.startswith(self._OPEN) and lacks_second_step(request.user)
