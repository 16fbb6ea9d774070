"""Which language a person reads: kept in a cookie of the browser and, for who has an account, with the account for its e-mails."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import HttpResponse


def is_offered(language: str) -> bool:
    return language in dict(settings.LANGUAGES)


def remember_in_browser(response: HttpResponse, language: str) -> None:
    response.set_cookie(
        settings.LANGUAGE_COOKIE_NAME,
        language,
        max_age=settings.LANGUAGE_COOKIE_AGE,
        secure=settings.LANGUAGE_COOKIE_SECURE,
        httponly=settings.LANGUAGE_COOKIE_HTTPONLY,
        samesite=settings.LANGUAGE_COOKIE_SAMESITE,
    )


def remember_for(user: Any, language: str) -> None:
    """user: who is signed in, or nobody."""
    if user.is_authenticated and user.language != language:
        user.language = language
        user.save(update_fields=["language"])
