"""Cancer treatment in the last days or weeks."""

from __future__ import annotations

import re
from collections.abc import Iterator

from personalize.criteria import AllOf, Criterion, Not, Rule
from personalize.eligibility.polarity import is_permission
from personalize.eligibility.values import Kind, Passage
from personalize.eligibility.windows import days_in, shortest

WINDOW_TRIGGERS = ("week", "day", "month", "half-li", "year")
THERAPY_TRIGGERS = ("systemic", "chemo", "cancer", "neoplas", "tumo", "cytotoxic", "therapy", "treatment", "radi")


_ANY_THERAPY = re.compile(
    r"\b(?:systemic|chemotherap\w+|chemo-?radi\w+|anti-?\s?cancer|anti-?neoplastic|anti-?tumou?r|cancer[- ](?:directed"
    r"|therap|treatment)\w*|cytotoxic|(?:prior|previous|last|recent|any) (?!radi|hormon|endocrine|immuno|palliative"
    r"|surg|checkpoint)(?:(?!radi|hormon|endocrine|immuno|checkpoint)\w+ ){0,3}(?:therapy|treatment)\b(?! (?:with|using|related|for hepat"
    r"|with (?:anti|ster|cort|immunosup))))"
)


_NOT_WASHOUT = re.compile(
    r"infection|antibiotic|steroid|vaccin|surgery\b(?!.*chemo)|transfus|scan\b|imaging|immunosuppress|autoimmun"
    r"|pneumonitis|brain|cns\b|contracept|pregnan|hepatitis|\bhiv\b|anticoag|hemoglobin|haemoglobin|platelet|neutrophil"
    r"|growth factor|myocardial|herbal|warfarin|relaps\w+ within|progress\w+ (?:within|during)|recurr\w+ (?:within|>="
    r"|after)|supportive|cyp3a|qt|malignanc|>= \d+ (?:months|weeks) of (?:prior )?(?:therapy|treatment|chemo)"
    r"|toxicit\w+ (?:from|of)|investigational (?:agent|drug|product|therap\w+|treatment|medicinal"
    r"|new drug)s?(?! .*chemo)|live|blood product|diagnosed within|tuberc|cell therapy|car-?t"
)


# How long a treatment lasted is no time since it.
_LASTS = re.compile(
    r"\d+ ?-?(?:weeks?|months?|days?) of (?:\w+ ){0,3}(?:therapy|treatment|chemo\w*|first|neoadjuvant|adjuvant|platinum"
    r"|gemcitabine|folfirinox|continuous)"
)
# So does "chemotherapy for at least 16 weeks", where it is not denied.
_GOES_ON = re.compile(
    r"^(?!.*\b(?:no|not|without|free|off|off of)\b.*\bfor\b).*\b(?:on|received|receiving|completed|treated with|undergone)\b[^.;]*"
    r"\b(?:therapy|treatment|chemotherapy|regimen|platinum|folfirinox)\b(?: \w+)? for (?:[<>]=? )?\d+ ?-?(?:weeks?|months?|days?)\b(?! (?:before|prior))"
)


_RADIATION = re.compile(r"\bradi(?:ation|otherapy|othe?rapies)\b|\birradiation\b")


_NO_RADIATION_WASHOUT = re.compile(
    r"contracept|pregnan|infection|\btoxicit|brain|cns\b|cranial|lesion|pneumonitis|progress|planned|recurren|measur"
    r"|imaging|scan\b|diagnos|neutrophil"
)


def _radiation_washout(passage: Passage, words: str, days: int) -> Iterator[Criterion]:
    """Radiation in the last days or weeks, in a sentence about it alone."""
    if not _RADIATION.search(words) or _NO_RADIATION_WASHOUT.search(words) or is_permission(words):
        return
    if ">= " in words and " and " in words:
        days = shortest(words, least=5) or days
    rule: Criterion = Rule("treatment", "within_days", ("radiation",), window_days=days)
    if re.search(r"except|exclud|other than|palliative|limited|local|field", words):
        rule = AllOf((rule, Rule("unread", "as_written", "none of the exceptions of the rule")))
    if passage.kind is Kind.EXCLUSION:
        if re.search(r"within|<|during|(?:last|past|previous) \d", words):
            yield rule
    elif re.search(r"within|<=|no (?:more|later) than", words) and not re.search(r"\bnot\b|\bno (?!more|later)", words):
        return
    elif re.search(r">=|>|elapsed|complet|discontinu|\bno\b|\bnot\b", words):
        yield Not(rule)


def _is_no_washout(words: str) -> bool:
    """Steroids, permissions, contraception, beads and cells have rules of their own."""
    if _NOT_WASHOUT.search(words) and not re.search(
        r"chemotherapy|systemic (?:anti-?cancer )?therapy|anti-?cancer|antineoplastic|anti-?tumou?r", words
    ):
        return True
    if re.search(r"steroid|immunosuppress|autoimmun|infection|vaccin|scan|live ", words) and not re.search(
        r"anti-?cancer|chemotherap", words
    ):
        return True
    if is_permission(words) and not re.search(
        r"(?:therap\w+|treatments?|agents?|radiation)[^.;,]{0,30} (?:is|are) (?:allowed|permitted|acceptable)", words
    ):
        return True
    if re.search(
        r"donate|sperm|breast-?\s?feed|\beggs?\b|protocol treatment|radioemboli[sz]|yttrium|external beam|after the last dose", words
    ):
        return True
    return bool(re.search(r"cell(?:ular)? therap", words) and not re.search(r"chemotherap|anti-?cancer|systemic", words))


def read_washout(passage: Passage) -> Iterator[Criterion]:
    """Cancer treatment in the last days or weeks. "any" counts radiation too, "systemic" does not."""
    words = passage.plain
    days = days_in(words, least=5)
    if days is None or days > 190 or (" of " in words and _LASTS.search(words)) or _GOES_ON.search(words):
        return
    if not _ANY_THERAPY.search(words):
        yield from _radiation_washout(passage, words, days)
        return
    if _is_no_washout(words) or re.search(
        r"relaps\w+|progress\w+ (?:within|during|on)|life expectancy|measured|obtained|from (?:the )?diagnosis", words
    ):
        return
    sub = (
        "any"
        if re.search(r"radi(?:o|at)|any (?:anti|cancer|prior (?:anti|cancer|ther|treat))|treatment\b.*\bsurgery", words)
        else "systemic"
    )
    rule = Rule("treatment", "within_days", (sub,), window_days=days)
    yield from _as_washout(passage.kind, words, rule)


def _as_washout(kind: Kind, words: str, rule: Rule) -> Iterator[Criterion]:
    """An exclusion names the days in which treatment keeps out; an inclusion the days that must have passed."""
    if kind is Kind.EXCLUSION:
        if re.search(
            (
                r"within|<|(?:last|past|previous|prior|preceding) \d|\d+ (?:days|weeks|months)[^.;]{0,20}(?:prior|before|of"
                r"|preceding)|at least|>=|must|washout|during"
            ),
            words,
        ):
            yield rule
    elif re.search(r"<= \d+|no more than|not more than|within|less than|< \d+", words) and not re.search(
        r"\bnot? (?:have )?(?:received|had|been)|\bno\b|\bnot\b|>= ?\d+ ?(?:days|weeks|months)|elapsed|wash", words
    ):
        if re.search(r"(?:from|since|of|after) (?:the |their |last |most recent |completion)", words):
            yield rule
    elif re.search(r">=|>|elapsed|wash|must (?:be|have) (?:been )?(?:completed|stopped|discontinued)|\bno\b|\bnot\b", words):
        yield Not(rule)
