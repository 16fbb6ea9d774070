"""How many lines of treatment came before: counted, or told in words."""

from __future__ import annotations

import re
from collections.abc import Iterator

from personalize.criteria import AllOf, AnyOf, Criterion, Rule
from personalize.eligibility.numbers import OPS
from personalize.eligibility.polarity import is_negated, is_permission
from personalize.eligibility.values import Kind, Passage
from personalize.eligibility.windows import days_in

LINE_TRIGGERS = (
    "line",
    "regimen",
    "prior",
    "previous",
    "fail",
    "progress",
    "refractory",
    "resistan",
    "naive",
    "naïve",
    "untreated",
    "standard",
    "relaps",
    "chemotherap",
    "therap",
    "exhaust",
    "recurr",
)


_TREATMENT = (
    r"(?:therap(?:y|ies)|treatments?|chemotherap(?:y|ies)|chemoradi\w+|regimens?|lines?|systemic|immunotherap\w+"
    r"|gemcitabine|folfirinox|5-fu|fluoropyrimidine|platinum)"
)


_COUNT = re.compile(
    r"(?P<sign>>=|<=|>|<|=)? ?(?P<number>\d{1,2})(?: ?(?P<range>-|to"
    r"|or) ?(?P<second>\d{1,2}))? (?:\(?[\w>=<+-]{1,8}\)? )?(?:(?:prior|previous|different|standard|approved|line of"
    r"|separate|distinct|full|complete|conventional|earlier|failed|preceding|cytotoxic|effective|appropriate|available"
    r"|of care|soc|fda-approved|recognized|systemic|adequate|or more|course of|cycle of|types? of|kinds? of"
    r"|anti-?cancer|combination|multi-?agent|first-line|frontline|line \(?s?\)? of|established|local|lines? of"
    r"|\(?soc\)?|approved|chemotherap\w+|treatment|therap\w+|anti-?myeloma|myeloma|dose of) ?){0,9}"
    r"(?:lines?\b|regimens?\b|therap(?:y|ies)\b|treatments?\b|chemotherap(?:y|ies)\b|agents?\b|cancer therap"
    r"|anti-?cancer)(?! (?:weeks|days|months|weeks))"
)


# A number and a treatment after it: whatever _COUNT finds holds both, and looking for them is much faster.
_MAY_COUNT = re.compile(r"\d[^.;]{0,170}?(?:line|regimen|therap|treatment|agent|anti-?cancer)")


_FAILED = re.compile(
    r"\b(?:progress\w*|fail(?:ed|ure|ing)?|refractory|resistan\w+|relaps\w+|recurr\w+|non-?respon\w+|not respond\w*"
    r"|unresponsive|not? (?:longer )?benefit\w*|did not (?:respond|benefit)|intoleran\w+|intolera\w+)\b"
    r"(?:(?! (?:prior|previous) to )[^.;]){0,80}?\b(?:after|on|following|to|with|from|despite|during|of|in|under|since"
    r"|post)\b(?:(?!\d+ (?:weeks|months|days))[^.;]){0,60}?"
    + _TREATMENT
    + r"|\b(?:fail(?:ed|ure|ing)|refractory)\b(?: of| to)? (?:[\w>=-]+[ -]){0,5}?"
    + _TREATMENT
)


# "chemotherapy-refractory tumors": the treatment stands before the word.
_CHEMOREFRACTORY = re.compile(r"\bchemo(?:therapy)?[- ](?:refractory|resistant)\b")


_AFTER_STANDARD = re.compile(
    (
        r"\b(?:after|following|exhausted|received|completed|previously treated with|prior (?:treatment|therapy) with"
        r"|has had|have had|had|undergone|pre-?treated with|treated with)\b[^.;]{0,40}?(?:standard|first[- ]line"
        r"|1(?:st)?[- ]line|at least|conventional|approved|systemic)[\w ,()/-]{0,40}?"
    )
    + _TREATMENT
)


_UNTREATED = re.compile(
    r"previously untreated|treatment[- ]na[iï]ve|chemotherapy[- ]na[iï]ve|chemo-?na[iï]ve|therapy[- ]na[iï]ve|(?:have"
    r"|has|had|with|must) (?:not (?:have )?(?:previously )?(?:received|had|been treated)"
    r"|no) (?:with )?(?:any )?(?:prior|previous)?[\w /,-]{0,30}(?:systemic|chemotherapy|treatment|therapy|anti-?cancer)|"
    r"^\W*no (?:prior|previous) (?:systemic |anti-?cancer |chemo)[\w /-]{0,30}(?:therap|treatment|chemotherapy)"
    r"|not (?:been )?(?:previously|yet) (?:been )?treated|untreated (?:metastatic|advanced|locally|unresectable"
    r"|pancreatic|disease|stage)|newly[- ]diagnosed(?: and)? untreated|no prior (?:treatment|therapy|chemotherapy"
    r"|systemic)"
)


# One of these stands in whatever the pattern finds; looking for them is much faster.
_UNTREATED_STEMS = ("untreated", "naive", "naïve", "not ", "no ")
_FAILED_STEMS = (
    "progress", "fail", "refractory", "resistan", "relaps", "recurr", "respon", "benefit", "intolera",
)  # fmt: skip
_STANDARD_STEMS = ("standard", "first", "1 line", "1-line", "1st", "at least", "conventional", "approved", "systemic")
# What an exclusion of earlier treatment is "for".
_FOR_STEMS = ("metasta", "advanced", "locally", "unresect", "recurr", "pancrea", " this")
COUNT_TRIGGERS = (*_UNTREATED_STEMS, *_FAILED_STEMS, *_STANDARD_STEMS, *_FOR_STEMS)


_NO_PRIOR_EXCLUSION = re.compile(
    r"(?:prior|previous|any|received)[\w ,/-]{0,40}(?:systemic|chemotherapy|anti-?cancer"
    r"|anti-?tumou?r)[\w ,/-]{0,30}(?:for|of) (?:their |the )?(?:metastatic|advanced|locally|unresectable|recurrent"
    r"|pancreatic|this)"
)


_SETTING = re.compile(r"(?:metastatic|advanced|unresectable|recurrent|locally|stage iv)")


def read_lines(passage: Passage) -> Iterator[Criterion]:
    """Number of earlier lines. "advanced" counts treatment of disease that was not removed; "failed" only lines after which it grew."""
    words = passage.plain
    made = list(_lines(passage, words))
    if made and (not _OF_ANOTHER_MATTER.search(words) or re.search(r"refractory|prior line", words)):
        yield from made


_OF_ANOTHER_MATTER = re.compile(r"contracept|infection|radiograph|adverse|toxicit\w+ (?:of|from)|informed consent|seizure")


def _lines(passage: Passage, words: str) -> Iterator[Criterion]:
    counted = list(_counted(words, passage.kind))
    if counted:
        yield counted[0] if len(counted) == 1 else (AllOf(tuple(counted)) if passage.kind is Kind.INCLUSION else AnyOf(tuple(counted)))
        return
    if passage.kind is Kind.EXCLUSION:
        if (
            _NO_PRIOR_EXCLUSION.search(words)
            and days_in(words) is None
            and not re.search(r"(?:other than|except|investigational|immuno|vaccine|adjuvant)", words)
            and not is_permission(words)
        ):
            yield Rule("prior_lines", "at_least", 1, sub="advanced")
        return
    told = list(_uncounted(words))
    if told and not is_permission(words):
        yield from told


def _counted(words: str, kind: Kind) -> Iterator[Rule]:
    if not _MAY_COUNT.search(words) or (is_permission(words) and not re.search(r"<=|maximum|only", words)):
        return
    for found in _COUNT.finditer(words):
        number, second = int(found["number"]), found["second"]
        beside = words[max(0, found.start() - 40) : found.end() + 40]
        if number > 9 or re.search(r"(?:weeks?|days?|months?|half-li\w+|cycles?)", found[0]) or not _is_line_count(words, found):
            continue
        sub = _sub_of(words)
        if second:
            yield Rule("prior_lines", "at_least", number, sub=sub)
            yield Rule("prior_lines", "at_most", int(second), sub=sub)
            return
        sign = found["sign"] or _sign_beside(beside)
        if sign is None or ("no prior" in beside and number):
            continue
        least = _AT_LEAST_BEFORE.search(words[max(0, found.start() - 30) : found.start() + 1])
        if least and OPS[sign] in ("at_most", "below"):
            yield Rule("prior_lines", OPS[least["sign"]], int(least["number"]), sub=sub)
        op = OPS[sign]
        yield Rule("prior_lines", _OPPOSITE[op] if _DENIED_COUNT.search(words, 0, found.start()) else op, number, sub=sub)
        more = re.search(
            r"(?:but|and|,) ?(?:no|not)? ?(?P<sign><=|<) ?(?P<number>\d)\b(?! ?(?:weeks|months|days))",
            words[found.end() : found.end() + 60],
        )
        if more and OPS[sign] == "at_least":
            yield Rule("prior_lines", OPS[more["sign"]], int(more["number"]), sub=sub)
        return


# "must not have received > 4 lines": the most is four.
_DENIED_COUNT = re.compile(
    r"\b(?:not|never)(?: (?:have|had|has|having|be|been|previously|received?|undergone|ever|yet|with|treated|a|total|of|exposed|to)){1,6} $"
)


_OPPOSITE = {"at_least": "below", "below": "at_least", "at_most": "above", "above": "at_most"}


def _sign_beside(beside: str) -> str | None:
    """What a bare number of lines means, from the words around it."""
    if re.search(r"\b(?:maximum|limit)", beside):
        return "<="
    if re.search(
        r"(?:received|failed|after|progress|had|refractory|following|failure|relapsed|treated|history of|by|with|least|prior|previous)",
        beside,
    ):
        return "<=" if re.search(r"only (?:one|1)|1 prior.{0,12}only|no more", beside) else ">="
    return None


_AT_LEAST_BEFORE = re.compile(r"(?P<sign>>=|>) ?(?P<number>\d),? ?(?:prior |line |lines )*(?:but|and|to|or)?,? ?[<>=]?$")


def _is_line_count(words: str, found: re.Match[str]) -> bool:
    said, before, after = found[0], words[max(0, found.start() - 70) : found.start()], words[found.end() : found.end() + 50]
    if re.search(
        (
            r"(?:grade|dose|arm|cohort|phase|stage|part|class|type|type of|nyha|for|within|day|cycle|ecog|cd|il-?|pd-?l?"
            r"|bi-?|anti-|her|level)[ -]?$"
        ),
        before,
    ) or re.match(r"\s?(?:half|weeks|days|months)", after):
        return False
    if re.search(r"\b(?:line|lines|regimen|regimens)\b", said):
        return bool(
            re.search(r"prior|previous|received|fail|progress|refractory|relaps|at least|>=|<=|<|>|after|line", before + said + after)
        )
    return bool(re.search(r"prior|previous|standard|approved|systemic|failed|conventional|soc", said)) and bool(
        re.search(
            r"prior|previous|received|fail|progress|refractory|relaps|after|treated|exhaust|had|pretreat|follow", before + said + after
        )
    )


def _sub_of(words: str) -> str:
    blood = re.search(r"myeloma|lymphoma|leuk|\ball\b|\bcll\b|\bmcl\b|dlbcl|\bnhl\b|\baml\b", words)
    failed = re.search(
        r"\bfail|progress(?!ion[- ]free)|refractory|resistan|non-?respon|recurred|have been either", words
    ) and not re.search(r"relapsed or refractory|relapsed/refractory|relapsed and/or refractory|r/r", words)
    return ("any" if blood else "advanced") + ("_failed" if failed else "")


# "progressed on a BTKi", "failed targeted therapy": a class of its own (personalize/eligibility/history.py), and no line of its own.
_OF_A_CLASS = re.compile(
    r"\b(?:on|after|following|to|with|fail(?:ed|ure|ing)(?: of)?) (?:(?:an?|the|prior|previous|at least|>= ?1|1|any|available) )*(?:[\w-]+ )?"
    r"(?:precision|targeted|matched|inhibitors?|tkis?|[a-z]{2,5}i|antibod(?:y|ies))\b"
)
_FOR_A_CHANGE = re.compile(
    r"\W*(?:for|against|directed at|targeting) (?:these|this|that|those|the|such|their) (?:\w+ ){0,2}"
    r"(?:alteration|mutation|aberration|rearrangement|fusion|variant|target)"
)


def _is_of_a_class(words: str, failed: re.Match[str]) -> bool:
    return bool(_OF_A_CLASS.search(failed[0])) or bool(_FOR_A_CHANGE.match(words, failed.end()))


def _uncounted(words: str) -> Iterator[Criterion]:
    untreated = _UNTREATED.search(words) if any(map(words.__contains__, _UNTREATED_STEMS)) else None
    if (
        untreated
        and not re.search(r"\bmay\b|either", words)
        and not re.search(
            r"untreated (?:brain|cns|hepat|infect)|adjuvant|\bwith (?:a |an )?(?:\w+ ){0,3}(?:inhibitor|antibody|anti-)",
            untreated[0],
        )
    ):
        specific = re.search(
            r"(?:no|not|untreated|naive)[\w ,/-]{0,50}(?:with|inhibitor|immunotherap|checkpoint|radi|car-?t|prrt|anti-pd)", words
        )
        if not specific or _SETTING.search(words):
            yield Rule("prior_lines", "at_most", 0, sub="advanced")
            return
    failed = (_FAILED.search(words) or _CHEMOREFRACTORY.search(words)) if any(map(words.__contains__, _FAILED_STEMS)) else None
    given = _AFTER_STANDARD.search(words) if any(map(words.__contains__, _STANDARD_STEMS)) else None
    if failed and _is_of_a_class(words, failed):
        failed = None
    if not (failed or given) or re.search(
        r"with or without (?:\w+ ){0,3}(?:prior|previous)|\b(?:are|is|will be) (?:excluded|ineligible|not eligible)\b"
        r"|platelet|transfusion|hypertension|seizure|pain|nausea|diarrh|infection|gvhd",
        words,
    ):
        return
    if (failed and is_negated(words, failed.start(), 25)) or re.search(
        (
            r"disease[- ]progression (?:within|during) .{0,20}(?:adjuvant)|at least \d+ (?:weeks|days) (?:after|since)"
            r"|>= \d+ (?:weeks|days|months)"
        ),
        words,
    ):
        return
    blood = re.search(r"myeloma|lymphoma|leuk|\ball\b|\bcll\b|\bmcl\b|dlbcl|\bnhl\b|\baml\b", words)
    setting = "any" if blood else "advanced"
    rule: Criterion = Rule("prior_lines", "at_least", 1, sub=setting + ("_failed" if failed else ""))
    if re.search(
        (
            r"(?:adjuvant|neoadjuvant|prostatectomy|resection|surgery|radiation|radiotherapy|hormon|endocrine|castrat"
            r"|\bbcg\b)|intoleran|intolera|declin|refus|not (?:a )?(?:suitable|candidate|eligible|appropriate)|ineligible"
            r"|unfit|contraindicat"
        ),
        words,
    ):
        rule = AnyOf((rule, Rule("unread", "as_written", "another reason that the standard treatment is no option")))
    yield rule
