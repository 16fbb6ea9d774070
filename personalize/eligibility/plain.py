"""Registry English made even: symbols for comparisons, digits for number words, one space, lower case."""

from __future__ import annotations

import html
import re
from collections.abc import Callable
from functools import cache, lru_cache

import ahocorasick

_WORDS = {
    "zero": "0", "one": "1", "two": "2", "three": "3", "four": "4", "five": "5", "six": "6", "seven": "7", "eight": "8", "nine": "9",
    "ten": "10", "twelve": "12", "fourteen": "14", "eighteen": "18", "twenty-one": "21", "thirty": "30",
}  # fmt: skip
_NUMBER_WORD = re.compile("|".join(rf"{one[0]}(?<!\w{one[0]}){one[1:]}\b" for one in sorted(_WORDS, key=len, reverse=True)))
_SYMBOLS = str.maketrans({
    "≥": ">=", "≧": ">=", "⩾": ">=", "≤": "<=", "≦": "<=", "⩽": "<=", "＞": ">", "＜": "<", "–": "-", "—": "-", "−": "-", "‑": "-", "‐": "-",
    "×": "x", "µ": "u", "μ": "u", "’": "'", "‘": "'", "“": '"', "”": '"', "\\": "", "²": "2", "³": "3", "⁹": "^9", "¹": "1", "⁰": "0",
    "\u00a0": " ", "（": "(", "）": ")", "，": ", ", "：": ": ", "％": "%", "~": "-", "～": "-", "α": "alpha",
})  # fmt: skip
# Words of which one stands in a text before any sign is written where the pattern may match then; the pattern; what to write for it.
_COMPARING = (
    "equal",
    "than",
    "more or",
    "at l",
    "minimum",
    "exceed",
    "at most",
    "maximum",
    "up to",
    "above",
    "over",
    "excess",
    "below",
    "under",
)
_COMPARISONS: tuple[tuple[tuple[str, ...], re.Pattern[str], str | Callable[[re.Match[str]], str]], ...] = (
    (("or =",), re.compile(r"([<>]) or ="), r"\1="),
    (("<", ">"), re.compile(r"=\s?<|<\s=|<\s?/\s?="), "<="),
    (("<", ">"), re.compile(r"=\s?>|>\s=|>\s?/\s?=|\+/>"), ">="),
    (("<", ">"), re.compile(r"\(?\s?[<>]=?\s?\)(?=\s|\d)"), lambda found: found[0].strip("() ")),
    (
        ("equal", "more or", "at l", "less than", "fewer than", "lower than", "minimum", "below", "under"),
        re.compile(
            r"\b(?:(?:greater|more|higher|older) th[ae]n or equal(?: to)?|equal (?:to )?or (?:greater|more"
            r"|higher)(?: than)?|(?:greater|more) or equal(?: to| than)?"
            r"|(?:greater|more|older) than/equal to|at lea?st|at lease|no less than|not less than|no fewer than"
            r"|not lower than|minimum(?: of)?)(?!\w)|\bnot (?:be )?(?:below|under)(?= (?:the |an? )?\d)"
        ),
        ">=",
    ),
    (
        ("equal", "than", "exceed", "at most", "maximum", "up to", "above", "over"),
        re.compile(
            r"\b(?:(?:less|lower|fewer|younger)(?: than)? or equal(?: to| than)?|equal (?:to )?or (?:less|lower"
            r"|fewer)(?: than)?|less than/equal to"
            r"|(?:no|not) (?:more|greater|higher|older|longer) than|not? (?:to )?exceed(?:ing)?|at most|maximum(?: of)?|up to)(?!\w)"
            r"|\bnot (?:be )?(?:above|over)(?= (?:the |an? )?\d)"
        ),
        "<=",
    ),
    (
        ("than", "above", "over", "exceed", "excess"),
        re.compile(
            r"\b(?:greater|more|higher|older|larger|longer) than|\b(?:above|over|exceeding|exceeds"
            r"|in excess of)(?= (?:the |an? )?(?:age |\d))"
        ),
        ">",
    ),
    (
        ("less", "lower", "fewer", "younger", "shorter", "below", "under"),
        re.compile(r"\b(?:less|lower|fewer|younger|shorter) than|\b(?:below|under)(?= (?:the |an? )?(?:age |\d))"),
        "<",
    ),
    (("<", ">", *_COMPARING), re.compile(r"[<>]=? ?\(([<>]=?)\)"), r"\1"),
)
_AFTER = re.compile(
    r"(\d(?<![-\d.,<>=]\d)(?<![<>=] \d)[\d.,]*)((?: ?(?:%|years?|yrs?|y|prior|previous|lines?|regimens?|x uln|points?"
    r"|months?|weeks?)(?: of age| old)?(?! or \w+ than)){0,2}),? ?(?:or|and|&) (more|greater|above|higher|older|over|up"
    r"|better|less|lower|below|fewer|under|younger)\b"
)
_HAS_SUFFIX = re.compile(r"(?:or|and|&) (?:more|greater|above|higher|older|over|up|better|less|lower|below|fewer|under|younger)")
_GENES = ("ras", "braf", "egfr", "p53", "idh", "pik3ca")
_UP = ("more", "greater", "above", "higher", "older", "over", "up")
_MAY_COMPARE = 1 << len(_COMPARISONS)
_COMPARES = ("<", ">", "than ", "at lea", "equal", "up to", "maxim", "minim", "exce", "over ", "above ", "below ", "under ", "at most")
_DIGIT = re.compile(r"\d")
_MAY_BE_THOUSANDS = re.compile(r"\d[, ]\d{3}")
_THOUSANDS = re.compile(r",(?<=\d,)(?=\d{3}(?!\d))| (?<=\d{2} )(?=\d{3}\b(?! ?(?:mg|days|weeks)))")
_GLUED_VARIANT = re.compile(r"\b(k-?ras|n-?ras|h-?ras|braf|egfr|tp53|p53|idh[12]|pik3ca)(?=[a-z]\d{2,4}[a-z]\b)")


def _apart(text: str) -> str:
    """One space after each sign of comparison."""
    for sign in "<>":
        if sign in text:
            text = text.replace(f"{sign}=", "\0").replace("\0 ", "\0").replace(f"{sign} ", sign)
            text = text.replace(sign, f"{sign} ").replace("\0", f"{sign}= ")
    return text


def _suffix(found: re.Match[str]) -> str:
    sign = ">=" if found[3] in _UP else "<="
    return f"{sign} {found[1]}{found[2]}" if found[3] != "better" else found[0]


@cache
def _signals() -> ahocorasick.Automaton:
    """What is worth a closer look, found in one pass: number words (their length, 0), and words of comparison (0, the bits of their patterns)."""
    bits = dict.fromkeys(_COMPARES, _MAY_COMPARE)
    for place, (stems, _, _) in enumerate(_COMPARISONS):
        for stem in stems:
            bits[stem] = bits.get(stem, 0) | 1 << place
    automaton = ahocorasick.Automaton()
    for word in _WORDS:
        automaton.add_word(word, (len(word), 0))
    for word, mask in bits.items():
        automaton.add_word(word, (0, mask))
    automaton.make_automaton()
    return automaton


def _look(text: str) -> tuple[bool, int]:
    """Has the text a number word (most sit inside others, as in "prednisone"), and which patterns of comparison may match?"""
    has_number, compares = False, 0
    for last, (length, bits) in _signals().iter(text):
        if not length:
            compares |= bits
        elif not has_number and not text[last + 1 : last + 2].isalnum():
            has_number = last < length or not text[last - length].isalnum()
    return has_number, compares if compares & _MAY_COMPARE else 0


@lru_cache(maxsize=8192)
def plain(text: str) -> str:
    """The text for reading by rules; offsets are not kept."""
    made = html.unescape(text) if "&" in text else text
    made = (made.replace("\\", "").replace("~", "-") if made.isascii() else made.translate(_SYMBOLS)).lower()
    made = " ".join(made.split())
    has_number, compares = _look(made)
    if has_number:
        made = _NUMBER_WORD.sub(lambda found: _WORDS[found[0]], made)
    if compares:
        for place, (_, pattern, sign) in enumerate(_COMPARISONS):
            if compares >> place & 1:
                made = pattern.sub(sign, made)
    if _DIGIT.search(made):
        if _MAY_BE_THOUSANDS.search(made):
            made = _THOUSANDS.sub("", made)
        if _HAS_SUFFIX.search(made):
            made = _AFTER.sub(_suffix, made)
        if "<" in made or ">" in made:
            made = _apart(made)
        if any(map(made.__contains__, _GENES)):
            made = _GLUED_VARIANT.sub(r"\1 ", made)
    return made
