"""Other illness: brain metastases, autoimmune disease, infections, other cancers, transplants, steroids."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache

from personalize.criteria import AllOf, AnyOf, Criterion, Not, Rule
from personalize.eligibility.values import Kind, Passage
from personalize.eligibility.windows import days_in

_NEGATION = re.compile(
    r"\b(?:no|not|without|never|none|free (?:of|from)|absence of|absent|negative|seronegative|non-reactive|nonreactive"
    r"|lack of|exclud\w+|ineligible|neither|undetectable)\b|\bnon-?\b"
)
PERMITS = re.compile(
    r"\b(?:is|are|be|remain|will|would|may|can|still)\s(?:still |also |be |considered |potentially |generally "
    r"|not )*(?:eligible|allowed|permitted|acceptable|enrolled|included|permissible|exempt|excluded from this"
    r"|considered for|accepted)\b(?! (?:only|if (?:not|no )))"
    r"|\b(?:are|is|will|be|should) not (?:be )?(?:necessarily )?(?:excluded|exclusionary|considered (?:an )?exclu\w+"
    r"|an exclu\w+|count|required)|\bmay (?:enroll|participate|be (?:enrolled|eligible|included))|does not exclude"
    r"|(?<!not )(?<!not be )\b(?:allowed|permitted)\b(?! only)"
    r"|\b(?:may|can|could) have (?:had|received|undergone|been)\b"
    r"|(?:is|are) (?:allowed|permitted|acceptable)|\bexceptions?(?: to this| include| are|:)|^note\b|\b(?:does|do"
    r"|did) not include\b|not (?:a|an) (?:reason|criterion)|not exclusion"
)
_EXCEPT = re.compile(
    r"\b(?:unless|except\w*|with the exception|other than|excluding|provided|as long as|allowed|permitted|eligible"
    r"|but not|does not (?:include|apply)|not including)\b"
)


# One of these stands in whatever PERMITS finds; looking for them is much faster.
_PERMIT_STEMS = (
    "eligib", "allow", "permi", "accept", "enroll", "includ", "exempt", "exclu", "consider", "count", "requir", "may participate", "may have",
    "can have", "could have", "exception", "note", "reason", "criteri",
)  # fmt: skip


@lru_cache(maxsize=64)
def is_permission(words: str) -> bool:
    """A sentence that only says who is still welcome."""
    if not any(map(words.__contains__, _PERMIT_STEMS)):
        return False
    head = re.split(r"[,;(]? ?\b(?:except|unless|with the exception|excluding)\b", words)[0] if len(words) > 40 else words
    return bool(PERMITS.search(head)) and not re.search(
        r"\b(?:is|are|will be|be) not (?:eligible|allowed|permitted|included|acceptable)|\bnot be (?:eligible|allowed|enrolled|included)",
        words,
    )


def is_negated(words: str, start: int, reach: int = 60) -> bool:
    """Is what stands at `start` denied by the words before it in the same clause?"""
    before = re.split(r"[.;:]|\bbut\b|\bwho\b|\bunless\b|\bexcept\b", words[max(0, start - reach) : start])[-1]
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


BRAIN_TRIGGERS = ("brain", "cns", "central nervous", "leptomening", "cerebral", "intracranial", "mening")
_BRAIN = re.compile(
    r"(?:brain|cns|cerebral|intracranial|central nervous(?: system)?(?: \(cns\))?|leptomeningeal|parenchymal)(?: and/or \w+"
    r"| or \w+|/\w+)?(?: \w+){0,2}? ?(?:metast\w+|mets\b|involvement|disease\b(?! of)|lesions?|tumou?r involvement"
    r"|spread|malignan\w+ or metas\w+|lymphoma|leuk\w+|progression)|"
    r"metast\w+(?: disease)?(?: lesions?)? (?:to|in|involving|of|within) (?:the )?(?:brain|cns|central nervous)"
    r"|leptomening\w+|carcinomatous mening\w+|meningeal (?:carcinomatosis|involvement|disease)|cns ?-?3\b|(?:brain"
    r"|cns) (?:and|or|and/or|/) ?(?:leptomening|spinal|mening)\w*[\w ,/()-]{0,30}metast\w+|involvement of the (?:cns"
    r"|central nervous|brain)|(?:cns|brain) (?:\(\w+\) )?(?:involvement|metast)|brain or leptomen\w+"
)


def read_brain_mets(passage: Passage) -> Iterator[Criterion]:
    words = passage.plain
    found = _BRAIN.search(words)
    if not found or (
        re.search(r"primary (?:cns|brain|central nervous system|malignan\w+ of the (?:cns|brain))", words) and "metasta" not in words
    ):
        return
    if re.search(r"non-?malignant|(?:non|not) (?:metastatic|neoplastic)|stroke|epilepsy|seizure", words) and not re.search(
        r"metast|leptomen|malignan", found[0]
    ):
        return
    if is_permission(words):
        yield from _welcome_brain_mets(passage, words)
        return
    rule = Rule("brain_mets", _brain_op(passage, words, found))
    made = polar(rule, passage, found.start())
    if made is None and re.search(r"treated|stable|asymptomatic|controlled", words) and re.search(r"must|should|only if|required", words):
        made = Not(Rule("brain_mets", "untreated_or_active"))
    if made is not None:
        yield made


def _welcome_brain_mets(passage: Passage, words: str) -> Iterator[Criterion]:
    """Patients with treated brain metastases are eligible: those with others are not."""
    if passage.kind is Kind.INCLUSION and re.search(r"(?<!un)treated|stable|resected|asymptomatic|controlled", words):
        is_treated = re.search(r"(?<!un)treated|stable|resected|(?<!un)controlled", words)
        yield Not(Rule("brain_mets", "untreated_or_active" if is_treated else "symptomatic"))


def _brain_op(passage: Passage, words: str, found: re.Match[str]) -> str:
    before, all_of_it = words[: found.end()], passage.bullet
    if re.search(r"(?<!a)symptomatic", before) and "asymptomatic" not in before:
        return "symptomatic"
    if re.search(
        r"untreated|unstable|uncontrolled|progressi(?:ve|ng)|requir|treated|stable|asymptomatic|eligible|allowed|permitted",
        all_of_it.replace("previously treated or untreated", ""),
    ) and (
        _EXCEPT.search(all_of_it)
        or re.search(
            r"untreated|unstable|uncontrolled|progressi|not (?:been )?(?:treated|stable|controlled)|requir",
            before + words[found.end() : found.end() + 60],
        )
    ):
        return "untreated_or_active"
    if re.search(r"\bactive\b|clinically active|requir|progressi|uncontroll", before) or re.search(
        r"^[^.;]{0,30}(?:that (?:is|are) )?(?:active|progress\w+ on)", words[found.end() :]
    ):
        return "active"
    return "known"


AUTOIMMUNE_TRIGGERS = ("autoimmun", "auto-immun", "immune-mediated", "immune mediated", "autoimmune")
_AUTOIMMUNE = re.compile(
    r"auto-?\s?immun(?:e|ity)[\w /,-]{0,40}?(?:diseases?|disorders?|conditions?|illness\w*|syndromes?|process\w*)"
    r"|auto-?immunity|auto-?immune\b(?! (?:hepatitis|thyroid|hemolytic|haemolytic|cytopenia|adverse|pancreatitis"
    r"|hypothyroid|toxic))|immune[- ]mediated (?:\w+ )?(?:diseases?|disorders?|conditions?)"
)


def read_autoimmune(passage: Passage) -> Iterator[Criterion]:
    words = passage.plain
    found = _AUTOIMMUNE.search(words)
    if not found or is_permission(words):
        return
    if re.search(r"^(?:replacement therapy|e\.g|note)|such as autoimmune|including autoimmune|except (?:for )?auto", words):
        return
    rule: Criterion = Rule("autoimmune", _autoimmune_op(words, found), window_days=_autoimmune_window(words, found))
    if isinstance(rule, Rule) and rule.op == "history" and re.search(r"significant|major|severe|serious", words[: found.end()]):
        rule = AllOf((rule, Rule("unread", "as_written", "how severe it was")))
    made = polar(rule, passage, found.start())
    if made is not None:
        yield made


def _autoimmune_op(words: str, found: re.Match[str]) -> str:
    tail = words[found.end() : found.end() + 190]
    if re.search(
        (
            r"requir|systemic|immunosuppress|steroid|(?:in need of|need(?:ing|s)?|with|under|on|received?|receiving"
            r"|undergoing|treated|active) (?:\w+ ){0,3}(?:treatment|therapy|drugs?|medication|agents?)|disease[- ]modifying"
            r"|treated (?:with|within)"
        ),
        tail,
    ) and not tail.startswith(" or"):
        return "requires_immunosuppression"
    before = words[max(0, found.start() - 70) : found.start()]
    if re.search(r"histor|prior|previous|past|ever|suspected|documented|known or|pre-?existing", before):
        return "history"
    if re.search(r"active|uncontrolled|current|ongoing|severe|symptomatic|clinically|significant", before):
        return "active"
    return "history" if re.search(r"history|past|prior", words) else "active"


def _autoimmune_window(words: str, found: re.Match[str]) -> int | None:
    return days_in(words[found.end() :])


INFECTION_TRIGGERS = (
    "infect",
    "hiv",
    "hepatitis",
    "hbv",
    "hcv",
    "hbsag",
    "immunodeficiency",
    "tubercul",
    "sepsis",
    "aids",
    "tb ",
    "bacter",
    "viral",
    "serolog",
)
_HIV = re.compile(
    r"\bhiv\b|\bhiv[- ]?[12/]+|human immuno-?\s?deficiency virus|\baids\b|acquired immun\w+ ?-?deficiency|human immune deficiency"
)
_HBV = re.compile(
    r"hepatitis[- ]?(?:type )?b\b|\bhbv\b|hbsag|hepatitis (?:\(?b|[abc],? ?(?:b )?(?:and|or|,))|hep b\b|hepatitis a, b"
    r"|viral hepatitis|hepatitis b"
)
_HCV = re.compile(
    r"hepatitis[- ]?(?:type )?c\b|\bhcv\b|(?:hepatitis|hep) (?:a, )?b(?: virus)?(?: \(hbv\))?(?: infection)?,? ?(?:or"
    r"|and|/|and/or|&|,) ?c\b|hep c\b|viral hepatitis|hepatitis b(?: virus)?(?: \(hbv\))? ?(?:or|and|/"
    r"|and/or) (?:hepatitis )?c\b|hbv/hcv"
)
_TB = re.compile(r"tubercul|\btb\b")
_ACTIVE = re.compile(
    r"(?:active|uncontrolled|ongoing|on-going|serious|severe|acute|systemic|current|concurrent|significant"
    r"|life-threatening|untreated|opportunistic|intercurrent|chronic|unresolved|symptomatic|existing|bacterial|fungal"
    r"|viral|clinically)[\w ,/()-]{0,70}?\b(?:infections?|infectious (?:disease|process|complication|illness)\w*|sepsis"
    r"|bacterial|bacteremia)\b|"
    r"infections?(?: \w+){0,3},? (?:requir\w+|that (?:is|are) (?:active|uncontrolled|ongoing)|not controlled"
    r"|necessitating|needing|treated with|in need|under treatment|within)|(?:evidence|signs"
    r"|presence) of (?:\w+ ){0,3}infection|bacterial,? (?:viral|fungal)|^\W*(?:patients? with |subjects? with "
    r"|any )?infections?\b|illness\w* including[\w ,-]{0,40}infection|known infections?$|or infections?\b"
)


def read_infection(passage: Passage) -> Iterator[Criterion]:
    """HIV, hepatitis B and C, tuberculosis, and infections that go on; all that one sentence names are one rule."""
    words = passage.plain
    if re.search(
        r"vaccin|urinary tract infection prophyl|covid-19 vacc|infection control|site of infection|catheter", words
    ) and not _HIV.search(words):
        return
    agents = [
        (name, found) for name, pattern in (("hiv", _HIV), ("hbv", _HBV), ("hcv", _HCV), ("tb", _TB)) if (found := pattern.search(words))
    ]
    if agents and _PREGNANCY_ONLY.search(words):
        agents = []
    rules = [_agent_rule(passage, words, name, found) for name, found in agents]
    going_on = _ACTIVE.search(words)
    starts = [found.start() for _, found in agents]
    if going_on and not is_permission(words) and (not agents or not _same_words(going_on, agents)):
        rules.append(Rule("infection", "active", sub="active"))
        starts.append(going_on.start())
    if not rules:
        return
    whole: Criterion = rules[0] if len(rules) == 1 else AnyOf(tuple(rules))
    if is_permission(words) or _is_conditional(words):
        yield from _allowed(passage, words, agents)
        return
    made = polar(whole, passage, min(starts))
    if made is None and passage.kind is Kind.INCLUSION and agents:
        yield from _allowed(passage, words, agents)
    elif made is not None:
        yield made


_PREGNANCY_ONLY = re.compile(r"contracept|condom")


def _is_conditional(words: str) -> bool:
    return bool(
        re.search(
            (
                r"^\W*(?:for |if )?(?:patients|subjects|participants|individuals|those)?[^.;]{0,40}(?:with|who"
                r"|positive)[^.;]{0,90}(?:must|should|are required|need|is required|will be|have to)\b"
            ),
            words,
        )
    ) and not re.search(r"\bnot\b|exclud", words)


def _same_words(going_on: re.Match[str], agents: list[tuple[str, re.Match[str]]]) -> bool:
    """ "active hepatitis B infection" is no infection beside hepatitis."""
    said = going_on[0]
    if re.search(
        (
            r"bacterial|fungal|systemic (?:\w+ )?infection|(?:any|other|ongoing|uncontrolled|serious|severe|opportunistic"
            r"|intercurrent)(?: (?:\w+|and/or|or)){0,2} infection|active infection(?! with)|infectious disease"
        ),
        said,
    ) and not re.search(r"(?:hiv|hepatitis|hbv)\W*\w*\W*$", said[:-9]):
        return False
    return any(going_on.start() <= found.start() < going_on.end() + 40 or abs(found.end() - going_on.start()) < 25 for _, found in agents)


def _agent_rule(passage: Passage, words: str, name: str, found: re.Match[str]) -> Rule:
    if name == "tb":
        return Rule("infection", "active", sub="tb")
    around = words[max(0, found.start() - 70) : found.end() + 90]
    if name == "hiv":
        whole = passage.bullet
        held = re.search(
            (
                r"uncontrolled|not (?:well )?controlled|undetectable|on (?:effective |stable )?(?:anti-?retroviral|art\b"
                r"|haart)|well[- ]controlled|cd4"
            ),
            whole[max(0, whole.find(found[0]) - 60) : whole.find(found[0]) + 260],
        )
        return Rule(
            "infection",
            "uncontrolled" if held and (_EXCEPT.search(whole) or "uncontrolled" in around or "not controlled" in around) else "positive",
            sub="hiv",
        )
    if re.search(r"uncontrolled|not controlled", around):
        return Rule("infection", "uncontrolled", sub=name)
    if re.search(r"\bactive\b|\bchronic\b|\bacute\b|infectious|replicat|dna|rna|viral load|detectable|viremia", words):
        return Rule("infection", "active", sub=name)
    if re.search(r"hbsag|surface antigen|antigen", around):
        return Rule("infection", "antigen_positive", sub=name)
    return Rule("infection", "positive", sub=name)


def _allowed(passage: Passage, words: str, agents: list[tuple[str, re.Match[str]]]) -> Iterator[Criterion]:
    """ "HIV-infected patients on effective therapy are eligible": it must be under control."""
    if passage.kind is not Kind.INCLUSION or not re.search(
        r"undetectable|controlled|cd4|cured|suppress|effective|stable|antiretroviral|viral load", words
    ):
        return
    for name, _ in agents:
        if name != "tb":
            yield Not(Rule("infection", "uncontrolled", sub=name))


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
                r"|uncontrolled|interfere|actively"
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
    made = polar(Rule("transplant", "received", tuple(kinds), window_days=days_in(words, least=20)), passage, found.start())
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
