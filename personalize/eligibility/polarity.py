"""What a sentence does with what it names: keeps it out, asks for it, or only says who is still welcome."""

from __future__ import annotations

import re
from functools import lru_cache

from personalize.criteria import Criterion, Not
from personalize.eligibility.quick import Quick
from personalize.eligibility.values import Kind, Passage

_NEGATION = re.compile(
    r"\b(?:no|not|without|never|none|free (?:of|from)|absence of|absent|negative|seronegative|non-reactive|nonreactive"
    r"|lack of|exclud\w+|ineligible|neither|undetectable)\b|\bnon-?\b"
)


PERMITS = Quick(
    r"\b(?:is|are|be|remain|will|would|may|can|still)\s(?:still |also |be |considered |potentially |generally "
    r"|not )*(?:eligible|allowed|permitted|acceptable|enrolled|included|permissible|exempt|excluded from this"
    r"|considered for|accepted)\b(?! (?:only|if (?:not|no )))"
    r"|\b(?:are|is|will|be|should) not (?:be )?(?:necessarily )?(?:excluded|exclusionary|considered (?:an )?exclu\w+"
    r"|an exclu\w+|count|required)|\bmay (?:enroll|participate|be (?:enrolled|eligible|included))|does not exclude"
    r"|(?<!not )(?<!not be )\b(?:allowed|permitted)\b(?! only)"
    r"|\b(?:may|can|could) have (?:had|received|undergone|been)\b"
    r"|(?:is|are) (?:allowed|permitted|acceptable)|\bexceptions?(?: to this| include| are|:)|^note\b|\b(?:does|do"
    r"|did) not include\b|not (?:a|an) (?:reason|criterion)|not exclusion",
    "is|are|be|remain|will|would|may|can|still|should|does|do |did|allowed|permitted|could|exception|not",
)


EXCEPT = re.compile(
    r"\b(?:unless|except\w*|with the exception|other than|excluding|provided|as long as|allowed|permitted|eligible"
    r"|but not|does not (?:include|apply)|not including)\b"
)


# One of these stands in whatever PERMITS finds; looking for them is much faster.
_PERMIT_STEMS = (
    "eligib", "allow", "permi", "accept", "enroll", "includ", "exempt", "exclu", "consider", "count", "requir", "may participate", "may have",
    "can have", "could have", "exception", "note", "reason", "criteri",
)  # fmt: skip


_TAKES_BACK = re.compile(r"[,;(]? ?\b(?:except|unless|with the exception|excluding)\b")
_TAKES_BACK_STEMS = ("excep", "unless", "excluding")


@lru_cache(maxsize=64)
def is_permission(words: str) -> bool:
    """A sentence that only says who is still welcome."""
    if not any(map(words.__contains__, _PERMIT_STEMS)):
        return False
    head = _TAKES_BACK.split(words)[0] if len(words) > 40 and any(map(words.__contains__, _TAKES_BACK_STEMS)) else words
    return bool(PERMITS.search(head)) and not re.search(
        r"\b(?:is|are|will be|be) not (?:eligible|allowed|permitted|included|acceptable)|\bnot be (?:eligible|allowed|enrolled|included)",
        words,
    )


def is_negated(words: str, start: int, reach: int = 60) -> bool:
    """Is what stands at `start` denied by the words before it in the same clause?"""
    before = words[max(0, start - reach) : start].replace("with or without", "with").replace("with/without", "with")
    before = re.split(r"[.;:]|\bbut\b|\bwho\b|\bunless\b|\bexcept\b", before)[-1]
    return bool(_NEGATION.search(before))


def polar(rule: Criterion, passage: Passage, start: int) -> Criterion | None:
    """The rule as its section means it: an inclusion must deny it; one that does not is not a rule against it (None)."""
    if passage.kind is Kind.EXCLUSION:
        return rule
    return (
        Not(rule)
        if is_negated(passage.plain, start, 110)
        or re.search(r"\b(?:exclud\w+|ineligible|not eligible|negative|must not)\b", passage.plain[start:])
        else None
    )
