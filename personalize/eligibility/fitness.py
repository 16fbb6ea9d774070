"""Performance status, life expectancy, and disease that can be measured."""

from __future__ import annotations

import re
from collections.abc import Iterator

from personalize.criteria import AllOf, AnyOf, Criterion, Not, Rule
from personalize.eligibility.numbers import OPS
from personalize.eligibility.values import Kind, Passage

FITNESS_TRIGGERS = (
    "ecog",
    "eastern coop",
    "performance status",
    "karnofsky",
    "kps",
    "zubrod",
    "performance score",
    "who performance",
    "lansky",
)


_ECOG = re.compile(
    r"\becog\b|eastern co-?operative|zubrod|(?:who|world health organi[sz]ation)(?: \(who\))? (?:ps|performance)|\bps\b"
    r"|performance status|performance score|ecog-ps"
)


_KARNOFSKY = re.compile(r"karnofsky|\bkps\b|lansky")


_ECOG_RANGE = re.compile(
    r"(?<![\d.])(?P<low>[0-4])(?: ?%)? ?(?:-|to|or|and|/|through|,)[ ,]*(?P<high>[0-4])(?![\d%]|\.\d)(?: ?(?:,? or|and"
    r"|,|to|-) ?(?P<higher>[0-4])(?![\d]|\.\d))?"
)


_ECOG_LIMIT = re.compile(
    r"(?P<sign>>=|<=|>|<|=) ?(?:grade |score |of )?(?P<number>[0-5])(?![\d%]|\.\d| ?(?:weeks|months|days|x|prior|lines|cm|mg))"
)


_ECOG_BARE = re.compile(
    r"(?:status|score|ecog|zubrod|ps|ecog\))[\s\w():,]{0,24}?\b(?:of |is |grade |: ?|= ?)?(?P<number>[0-4])(?![\d%-]"
    r"|\.\d| ?(?:weeks|months|days|x))"
)


_KPS = re.compile(r"(?P<sign>>=|<=|>|<|=)? ?(?:of )?(?P<number>[3-9]0|100)(?: ?%| ?-? ?(?:to|-) ?100)?")


def read_fitness(passage: Passage) -> Iterator[Criterion]:
    """ECOG (or Zubrod, WHO) and Karnofsky; joined by "or" where both are named."""
    words = passage.plain
    kps_at, ecog_at = _KARNOFSKY.search(words), _ECOG.search(words)
    ecog = _ecog_rule(words, ecog_at.start(), passage.kind) if ecog_at else None
    karnofsky = None
    if kps_at:
        found = _KPS.search(words, kps_at.end())
        if found:
            default = "at_least" if passage.kind is Kind.INCLUSION else "below"
            karnofsky = Rule("karnofsky", OPS[found["sign"]] if found["sign"] and found["sign"] != "=" else default, float(found["number"]))
    if ecog and karnofsky:
        yield AnyOf((ecog, karnofsky)) if passage.kind is Kind.INCLUSION else AllOf((ecog, karnofsky))
    elif karnofsky and "lansky" in words and "karnofsky" not in words and "kps" not in words:
        # The scale for children binds those under sixteen.
        grown = Rule("age", "at_least", 16)
        yield AnyOf((karnofsky, grown)) if passage.kind is Kind.INCLUSION else AllOf((karnofsky, Not(grown)))
    elif ecog or karnofsky:
        yield ecog or karnofsky  # type: ignore[misc]


def _ecog_rule(words: str, start: int, kind: Kind) -> Rule | None:
    kps = _KARNOFSKY.search(words, start)
    tail = words[start : kps.start() if kps and kps.start() > start + 25 else start + 190]
    span, limit = _ECOG_RANGE.search(tail), _ECOG_LIMIT.search(tail)
    if limit and (not span or limit.start() < span.start()):
        sign, number = OPS[limit["sign"]], int(limit["number"])
        if kind is Kind.INCLUSION and sign in ("at_least", "above"):
            upper = _ECOG_LIMIT.search(tail, limit.end())
            if upper and OPS[upper["sign"]] in ("at_most", "below"):
                return Rule("ecog", OPS[upper["sign"]], int(upper["number"]))
        return Rule("ecog", sign, number)
    if span:
        high = max(int(one) for one in (span["low"], span["high"], span["higher"]) if one)
        low = min(int(span["low"]), int(span["high"]))
        return Rule("ecog", "at_most", high) if kind is Kind.INCLUSION else Rule("ecog", "at_least", max(low, 1))
    bare = _ECOG_BARE.search(tail)
    return Rule("ecog", "at_most" if kind is Kind.INCLUSION else "at_least", int(bare["number"])) if bare else None


LIFE_TRIGGERS = (
    "expectancy",
    "expected survival",
    "estimated survival",
    "expected to live",
    "survival of",
    "survival time",
    "life-expectancy",
)


_LIFE = re.compile(
    r"life[- ]?expectancy|(?:expected|estimated|anticipated|predicted|projected)(?: overall)? (?:survival|life)"
    r"|expected to live|survival (?:of|time|>|estimated|expect)"
)


_SPAN = re.compile(r"(?P<sign>>=|<=|>|<|=)? ?(?P<number>\d{1,3}(?:\.\d)?)[ -]*(?P<unit>months?|mos?\b|weeks?|wks?|days?|years?)")


def read_life_expectancy(passage: Passage) -> Iterator[Criterion]:
    at = _LIFE.search(passage.plain)
    found = _SPAN.search(passage.plain, at.end()) if at else None
    if at and not found:
        found = _SPAN.search(passage.plain)
    if not found or (found["unit"].startswith("year") and "malignan" in passage.plain):
        return
    unit = {"m": "months", "w": "weeks", "d": "days", "y": "years"}[found["unit"][0]]
    default = "at_least" if passage.kind is Kind.INCLUSION else "below"
    op = OPS[found["sign"]] if found["sign"] and found["sign"] != "=" else default
    number = float(found["number"])
    yield Rule("life_expectancy", op, int(number) if number.is_integer() else number, unit=unit)


MEASURABLE_TRIGGERS = ("measurable", "measureable")


_MEASURABLE = re.compile(
    r"measure?able (?:\w+[ -]){0,5}(?:disease|lesion|tumou?r|target|cancer|site|metast|malignan|manifest)|(?:disease"
    r"|lesions?|tumou?rs?|cancers?|metast\w+|malignan\w+)[^.;]{0,70}measure?able|measure?able (?:by|per|according|on|as"
    r"|cancers?)|measure?able"
)


def read_measurable(passage: Passage) -> Iterator[Criterion]:
    """Disease that can be measured; where "evaluable" will do as well, a tumor that cannot be measured settles nothing."""
    words = passage.plain
    if passage.kind is Kind.EXCLUSION or not _MEASURABLE.search(words):
        return
    if re.search(
        r"non-?measure?able|\bnot (?:required|necessary|mandatory)|need not|immeasurable|non-?mandatory|measurable (?:residual|minimal)",
        words,
    ):
        return
    rule = Rule("measurable_disease", "is_true")
    yield (
        AnyOf((rule, Rule("unread", "as_written", "evaluable disease")))
        if re.search(r"\b(?:evaluable|assessable|bone[- ]only|bone disease|lytic)\b", words) and " or " in words
        else rule
    )
