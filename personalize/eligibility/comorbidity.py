"""Another cancer, a transplant, steroids."""

from __future__ import annotations

import re
from collections.abc import Iterator

from personalize.criteria import AllOf, Criterion, Not, Rule
from personalize.eligibility.polarity import is_negated, is_permission, polar
from personalize.eligibility.values import Kind, Passage
from personalize.eligibility.windows import days_in

OTHER_CANCER_TRIGGERS = ("malignan", "cancer", "neoplasm", "tumor", "tumour", "carcinoma")


_OTHER_CANCER = re.compile(
    r"\b(?:(?:an)?other|second(?:ary)?|prior|previous|past|concurrent|concomitant|additional|different|synchronous"
    r"|metachronous|co-?existing|simultaneous|history of(?: an?| any)?|unrelated|known(?: additional)?|active|any"
    r"|multiple|double|diagnosis of(?: any)?|invasive|non-?\w+)\b"
    r"(?:[ ,/-]+(?:or|and|and/or|other|another|prior|previous|primary|active|invasive|malignant|known|second|secondary"
    r"|concurrent|additional|solid|history of|(?:type of )|hematolog\w+|haematolog\w+|simultaneous|ongoing|diagnosed"
    r"|uncontrolled|current|any|an?|untreated|significant|non-?\w+|progressive|progressing|of|unrelated|different|a"
    r"|concomitant|metastatic|second|serious|the|type|types|form|forms)){0,8}"
    r"[ ,/-]+(?:malignan(?:cy|cies|t (?:disease|tumou?r|neoplasm|condition)\w*)|cancers?|tumou?rs?|neoplas\w+|carcinomas?|primary)\b"
)


_IS_OTHER = re.compile(
    r"\bother\b|another|second|prior|previous|concurrent|concomitant|additional|different|synchronous|metachronous"
    r"|co-?existing|simultaneous|history of|unrelated|multiple|primary malignan|diagnosis of|other than|within \d"
    r"|past\b|double"
)


_NOT_OTHER_CANCER = re.compile(
    r"^\W*(?:cancer[- ]|anti-?)|(?:prior|previous|other|another|concurrent|concomitant|additional"
    r"|any)(?: \w+){0,3} (?:anti-?\s?(?:cancer|tumou?r|neoplastic)|cancer[- ](?:directed |related )?(?:therap|treat"
    r"|vaccin|drug|chemo|surg|immuno))|family history|histolog\w+ (?:or cytolog\w+ )?confirmed|participat|(?:cancer"
    r"|tumou?r|malignancy)[- ](?:related|associated)"
)


def read_other_malignancy(passage: Passage) -> Iterator[Criterion]:
    """Another cancer now, ever, or within some years. The usual exemptions (skin, in situ) stay in the sentence."""
    words = passage.plain
    if re.search(r"brain|cns\b|leptomening", words) and not re.search(
        r"other (?:active )?(?:primary )?malignan|second|other cancer", words
    ):
        return
    found = _OTHER_CANCER.search(words)
    if not found or _NOT_OTHER_CANCER.search(words[: found.end() + 26]):
        return
    if is_permission(words):
        window = days_in(words, least=180)
        if passage.kind is Kind.INCLUSION and window and re.search(r"disease[- ]free|remission|no evidence|completed|treated", words):
            yield Not(
                AllOf((Rule("other_malignancy", "history", window_days=window), Rule("unread", "as_written", "none of the exceptions")))
            )
        return
    tail = words[found.end() : found.end() + 26]
    if re.match(r"[- ](?:therap|treat|vaccin|drug|chemo|related|immuno|specific|directed|cell|surg|resection|metast|pain|type)", tail):
        return
    is_refused = bool(re.search(r"\b(?:ineligible|excluded|not eligible)\b", words[found.end() :]))
    if not _IS_OTHER.search(words) or (passage.kind is Kind.INCLUSION and not is_refused and not is_negated(words, found.end(), 130)):
        return
    op, window = _malignancy_op(words, found)
    made = polar(Rule("other_malignancy", op, window_days=window), passage, found.end())
    if made is not None:
        yield made


def _malignancy_op(words: str, found: re.Match[str]) -> tuple[str, int | None]:
    window = days_in(words, least=180)
    if window:
        return "history", window
    said = found[0] + words[found.end() : found.end() + 120]
    if (
        re.search(
            (
                r"\bactive\b|concurrent|concomitant|current|ongoing|progress|requir|simultaneous|co-?existing|synchronous"
                r"|uncontrolled|interfere|actively|not in (?:complete )?remission|not (?:been )?cured"
            ),
            said,
        )
        or "actively" in words
    ):
        return "active", None
    return ("history", None) if re.search(r"histor|prior|previous|past|diagnosis of|ever", said) else ("active", None)


TRANSPLANT_TRIGGERS = ("transplant", "allograft", "hsct", "sct", "bmt", "asct", "hct")


_TRANSPLANT = re.compile(
    r"transplant\w*|\ballografts?\b|\ballo-?(?:hsct|sct|hct)\b|\b(?:auto-?|a)?hs?ct\b|\bauto-?(?:hsct|sct|hct)\b|\basct\b|\bsct\b"
)


_NOT_HAD = re.compile(
    r"(?:eligible|candidates?|ineligible|suitable|planned|planning|considered|consider|await\w*|plan|donor|awaiting"
    r"|proceed\w*|intend\w*|unwilling|refus\w*|available|fit) (?:\w+ ){0,4}(?:for |to )?(?:\w+ ){0,5}(?:transplant|allo"
    r"|auto|hsct|sct|asct)|transplant[- ](?:eligible|ineligible|center|centre|candidate)|not (?:a )?candidates?"
    r"|stem cell (?:dose|rescue available|product)"
)


def read_transplant(passage: Passage) -> Iterator[Criterion]:
    words = passage.plain
    found = _TRANSPLANT.search(words)
    if (
        not found
        or _NOT_HAD.search(words)
        or is_permission(words)
        or (passage.kind is Kind.INCLUSION and not is_negated(words, found.start(), 90))
    ):
        return
    kinds = []
    if re.search(
        r"organ|allograft|kidney|renal transplant|liver transplant|heart transplant|lung transplant|tissue transplant|corneal", words
    ) and not re.search(r"organ (?:function|dysfunction|failure)(?!.*organ trans)", words):
        kinds.append("solid_organ")
    cells = re.search(r"stem[- ]cell|marrow|hsct|\bsct\b|hct\b|hemato\w+|haemato\w+|progenitor|bone[- ]marrow|asct|cord blood", words)
    if re.search(r"allogen\w+|allo-?(?:h?sct|hct|transpl|bmt)|\ballo\b", words):
        kinds.append("allo_hsct")
    if re.search(r"autologous|auto-?(?:h?sct|hct|transpl)|\basct\b", words) and cells:
        kinds.append("auto_hsct")
    if cells and not {"allo_hsct", "auto_hsct"} & set(kinds):
        kinds += ["allo_hsct", "auto_hsct"]
    if not kinds:
        kinds = ["solid_organ", "allo_hsct"]
    if kinds == ["allo_hsct"] and not cells and re.search(r"tissue|organ", words):
        kinds = ["solid_organ"]
    rule: Criterion = Rule("transplant", "received", tuple(kinds), window_days=days_in(words, least=20))
    if passage.kind is Kind.EXCLUSION and re.search(r"\b(?:unless|except)\b", words[found.end() :]):
        rule = AllOf((rule, Rule("unread", "as_written", "none of the exceptions of the rule")))
    made = polar(rule, passage, found.start())
    if made is not None:
        yield made


STEROID_TRIGGERS = ("steroid", "prednis", "dexameth", "glucocort", "corticoid")


_STEROID = re.compile(r"(?:cortico|glucocortico)?-?steroids?\b|prednis(?:o|ol)\w*|glucocorticoids?|corticoids?|dexamethasone")


_NOT_STEROID = re.compile(
    r"auto-?immun|immune[- ]mediated|brain|\bcns\b|metasta|leptomen|pneumonitis|lung disease|interstitial|colitis|gvhd"
    r"|graft|(?:pulmonary|airways?) disease|bronchospasm|obstructive"
    r"|allerg|hypersensitiv|intoleran|contraindicat|contrast|anabolic|combination with|regimen|refractory"
    r"|relapsed|lenalidomide|asthma requir|spinal cord|adverse|toxicit|sex steroid|hormonal|contracept"
    r"|inclusion criteria"
)


_DOSE = re.compile(r"(?P<sign>>=|<=|>|<|=)? ?(?P<number>\d{1,3}(?:\.\d)?) ?(?P<unit>mg/kg|mg/m2|mg)")


def read_steroids(passage: Passage) -> Iterator[Criterion]:
    """Steroids that work in the whole body, as a rule of its own."""
    words = passage.plain
    found = _STEROID.search(words)
    if (
        not found
        or is_permission(words)
        or (_NOT_STEROID.search(words) and not re.search(r"high[- ]dose (?:systemic )?(?:cortico)?steroid|concurrent treatment", words))
    ):
        return
    if not re.search(
        (
            r"systemic|chronic|concurrent|receiv|requir|use|treatment|therapy|taking|dependen|ongoing|long[- ]term|daily"
            r"|dose|current|oral|immunosuppress|need|on (?:cortico)?steroids|within"
        ),
        words,
    ):
        return
    if re.search(r"\b(?:inhaled|topical|intranasal|intra-?articular)\b", words) and not re.search(
        r"systemic|oral|except|exclud|other than|with the exception|prednis|replacement|chronic|immunosuppress|or local", words
    ):
        return
    dose = _DOSE.search(words)
    if dose and dose["unit"] != "mg":
        rule: Criterion = AllOf((Rule("steroids", "current"), Rule("unread", "as_written", "a dose above the limit of the rule")))
    elif dose and dose["unit"] == "mg" and dose["sign"] != "<":
        op = "at_least" if dose["sign"] == ">=" else "above"
        rule = Rule("steroids", op, float(dose["number"]), unit="mg/day", window_days=days_in(words))
    else:
        rule = Rule("steroids", "current", window_days=days_in(words))
    made = polar(rule, passage, found.start())
    if made is not None:
        yield made
