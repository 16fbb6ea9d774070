"""A document's text as the rules see it: same length as what was read, so that every span is a span of the page.

Nothing here moves a character: text[start:end] of a page is always the quote. Spaces, dashes and quotes are folded one for one.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from records.extraction.patterns import lazy

if TYPE_CHECKING:
    from records.reading.page import PageText

_FOLD = str.maketrans(
    {
        **dict.fromkeys(
            "\t\r\v\f\u00a0\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u200b\u202f\u205f\u3000\ufeff", " "
        ),
        **dict.fromkeys("\u2010\u2011\u2012\u2013\u2014\u2015\u2212\u00ad\ufe58\ufe63\uff0d", "-"),
        **dict.fromkeys("\u2018\u2019\u201a\u201b\u2032\u00b4`", "'"),
        **dict.fromkeys("\u201c\u201d\u201e\u201f\u2033\u00ab\u00bb", '"'),
        **dict.fromkeys("\u2022\u25cf\u25aa\u25e6\u2023\u00b7\u25a0\u25ba", "*"),
        "\u2028": "\n",
        "\u2029": "\n",
        "\u2264": "<",
        "\u2265": ">",
        "\uff1a": ":",
        "\u00d7": "x",
    }
)


def normalise(text: str) -> str:
    """One character for one: odd spaces, dashes, quotes and bullets become plain ones. Newlines stay, case stays."""
    return _MISREAD.sub(_as_letters, text.translate(_FOLD))


# A word in which a scan took o for 0, l for 1 or I for l. Symbols, doses, stages and codes hold such digits too: they are shorter, of
# capitals and digits, or end in the digit ("CD10", "10mg", "stage1b", "ypT0N0MX").
_MISREAD = lazy(
    r"(?<![A-Za-z0-9])(?:"
    r"0?[A-Z]?[a-z]+(?:[01][a-z]+)*[01][a-z]{2,}|0[a-z]{4,}"
    r"|[A-Z]*(?:[0l]+[A-Z]+)+"
    r"|l[mn][a-z]{3,}"
    r")(?![A-Za-z0-9])"
)
_CATEGORIES = lazy(r"[CYPRA]*T[0-4XIS]+[A-D]?(?:N[0-3X])?(?:M[01X])?|[CYPRA]*N[0-3X](?:M[01X])?")


def _as_letters(found: re.Match[str]) -> str:
    """The word with letters in place of the digits that look like them."""
    word = found.group()
    if sum(letter.isalpha() for letter in word) < 4 or _CATEGORIES.fullmatch(word):
        return word
    if word[:2] in ("lm", "ln"):
        return "I" + word[1:]
    if word.upper() == word.replace("l", "L"):
        return word.replace("0", "O").replace("l", "I")
    return word.replace("0", "o").replace("1", "l")


def lower_same_length(text: str) -> str:
    """Lower case without ever changing the length (some letters of other alphabets grow when lowered: those stay)."""
    lowered = text.lower()
    if len(lowered) == len(text):
        return lowered
    return "".join(low if len(low := letter.lower()) == 1 else letter for letter in text)


@dataclass(frozen=True, slots=True)
class DocumentText:
    """One file as read. file_name is for messages only; no rule reads it."""

    pages: tuple[PageText, ...]
    file_name: str = ""

    @classmethod
    def of_text(cls, text: str, file_name: str = "") -> DocumentText:
        """One page of plain text, without boxes."""
        from records.reading.page import PageText, Source  # the readers of files load much that rules never need

        return cls((PageText(1, 0.0, 0.0, text, (), Source.STRUCTURED),), file_name)

    def page(self, number: int) -> PageText:
        return next(page for page in self.pages if page.number == number)
