"""Words that stand in another language than the page, marked so that a voice reads them in it."""

from __future__ import annotations

from django.utils.html import format_html

from portal.content import spoken_language


def told(text: str, language: str, page: str | None = None) -> str:
    """The text as it is, or marked with its language where the page speaks another. page: the language of the page, where it is known."""
    if not text or language == (page or spoken_language()):
        return text
    return format_html('<span lang="{}">{}</span>', language, text)


def other_language(language: str) -> str:
    """For `lang` of an element: "" where it is the page's own."""
    return "" if language == spoken_language() else language
