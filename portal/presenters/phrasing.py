"""Why a rule of a trial holds, what to ask, and what is shown where records disagree, in the language of the page. What has no words in it
stays English and says that it is."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache

from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language, gettext

from personalize.content import ENGLISH
from personalize.tailor.languages import language
from portal.presenters.dates import partial_words
from portal.presenters.phrases import PHRASES
from portal.presenters.telling import told

_SLOT = re.compile(r"%\\?\((\w+)\\?\)s")  # also as re.escape writes it
_BETWEEN = re.compile(r"(?<=[.?]);?( )(?=[A-Z])|(; )(?=[A-Z])")
_UNKNOWN = "“"  # around a term that Language does not know


def in_words(text: str) -> str:
    """text: sentences of personalize.criteria or records.assembly, or a question of a curator."""
    if not text or get_language() == ENGLISH:
        return text
    said = list(_sentences(text))
    return mark_safe("".join(said)) if None not in said else told(text, ENGLISH)  # type: ignore[arg-type]  # noqa: S308  each is escaped


def _sentences(text: str) -> Iterator[SafeString | None]:
    """In the language of the page, and what stands between them; None for one without words in it."""
    if found := _fitting(text):  # a sentence may hold others
        yield found
        return
    for piece in filter(None, _BETWEEN.split(text)):
        yield escape(piece) if piece.isspace() or piece == "; " else _fitting(piece) or _by_terms(piece)


def _fitting(sentence: str) -> SafeString | None:
    for phrase, pattern in _patterns():
        if found := pattern.fullmatch(sentence):
            slots = {name: _slot(name, part) for name, part in found.groupdict().items()}
            return mark_safe(escape(gettext(phrase)) % slots)  # noqa: S308  slots are escaped
    return None


def _slot(name: str, part: str) -> str:
    if name == "day":
        return partial_words(part)
    return told(escape(part), ENGLISH) if name == "english" else escape(_terms(part))


def _terms(said: str) -> str:
    spoken = language(get_language() or ENGLISH)
    return f" {gettext('or')} ".join(spoken.because(one) for one in said.split(" or "))


def _by_terms(sentence: str) -> SafeString | None:
    """ "KRAS: positive (G12D)" and its like, which are no sentences but words of a profile."""
    said = _terms(sentence.rstrip("."))
    end = "." if sentence.endswith(".") else ""
    return None if _UNKNOWN in said else escape(said[:1].upper() + said[1:] + end)


@cache
def _patterns() -> tuple[tuple[str, re.Pattern[str]], ...]:
    return tuple((one, re.compile(_SLOT.sub(_group, re.escape(one)))) for one in PHRASES)


def _group(slot: re.Match[str]) -> str:
    return {"n": r"(?P<n>\d+)", "day": r"(?P<day>[\d-]+)", "english": r"(?P<english>.+)"}.get(
        slot[1], rf"(?P<{slot[1]}>[^.?;]+(?:\.[^\s;][^.?;]*)*)"
    )
