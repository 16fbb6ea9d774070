"""Which language a person reads: kept in a cookie of the browser and, for who has an account, with the account for its e-mails."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import HttpResponse
from django.utils.translation import get_language

from personalize.content import ENGLISH
from personalize.tailor.languages import language


def named(word: str) -> str:
    """A name of a cancer or a country in the language of the page; itself where it has none there."""
    return language(get_language() or ENGLISH).terms.get(word.lower(), word)


def is_offered(code: str) -> bool:
    return code in dict(settings.LANGUAGES)


def remember_in_browser(response: HttpResponse, code: str) -> None:
    response.set_cookie(
        settings.LANGUAGE_COOKIE_NAME,
        code,
        max_age=settings.LANGUAGE_COOKIE_AGE,
        secure=settings.LANGUAGE_COOKIE_SECURE,
        httponly=settings.LANGUAGE_COOKIE_HTTPONLY,
        samesite=settings.LANGUAGE_COOKIE_SAMESITE,
    )


def remember_for(user: Any, code: str) -> None:
    """user: who is signed in, or nobody."""
    if user.is_authenticated and user.language != code:
        user.language = code
        user.save(update_fields=["language"])
