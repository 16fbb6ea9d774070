"""Why a file or a request was refused and what to do next, in the reader's language; records.exceptions has the words and knows no language."""

from __future__ import annotations

from django.utils.translation import gettext

from records.exceptions import REASONS


def refusal(code: str) -> tuple[str, str]:
    """What happened, and what the patient can do."""
    what, next_step = REASONS[code]
    return gettext(what), gettext(next_step)


def refusal_words(code: str) -> str:
    return " ".join(refusal(code))
