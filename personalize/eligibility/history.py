"""Earlier treatment: how many lines, of which class, how long ago, cells among them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache

from personalize.criteria import AllOf, AnyOf, Criterion, Not, Rule
from personalize.eligibility.illness import is_negated, is_permission
from personalize.eligibility.numbers import OPPOSITE, OPS
from personalize.eligibility.values import Kind, Passage
from personalize.eligibility.windows import days_in
from personalize.vocabulary import Lexicon, load

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
_NOT_COUNT = re.compile(r"^[^.]{0,6}(?:weeks?|days?|months?|years?|cycles?|half|doses?|mg|cm|mm|grade)")
_FAILED = re.compile(
    r"\b(?:progress\w*|fail(?:ed|ure|ing)?|refractory|resistan\w+|relaps\w+|recurr\w+|non-?respon\w+|not respond\w*"
    r"|unresponsive|not? (?:longer )?benefit\w*|did not (?:respond|benefit)|intoleran\w+|intolera\w+)\b"
    r"(?:(?! (?:prior|previous) to )[^.;]){0,80}?\b(?:after|on|following|to|with|from|despite|during|of|in|under|since"
    r"|post)\b(?:(?!\d+ (?:weeks|months|days))[^.;]){0,60}?"
    + _TREATMENT
    + r"|\b(?:fail(?:ed|ure|ing)|refractory)\b(?: of| to)? (?:[\w>=-]+[ -]){0,5}?"
    + _TREATMENT
)
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
_NO_PRIOR_EXCLUSION = re.compile(
    r"(?:prior|previous|any|received)[\w ,/-]{0,40}(?:systemic|chemotherapy|anti-?cancer"
    r"|anti-?tumou?r)[\w ,/-]{0,30}(?:for|of) (?:their |the )?(?:metastatic|advanced|locally|unresectable|recurrent"
    r"|pancreatic|this)"
)
_SETTING = re.compile(r"(?:metastatic|advanced|unresectable|recurrent|locally|stage iv)")


def read_lines(passage: Passage) -> Iterator[Criterion]:
    """Number of earlier lines. "advanced" counts treatment of disease that was not removed; "failed" only lines after which it grew."""
    words = passage.plain
    if re.search(r"contracept|infection|radiograph|adverse|toxicit\w+ (?:of|from)|informed consent|seizure", words) and not re.search(
        r"refractory|prior line", words
    ):
        return
    counted = list(_counted(words, passage.kind))
    if counted:
        yield counted[0] if len(counted) == 1 else (AllOf(tuple(counted)) if passage.kind is Kind.INCLUSION else AnyOf(tuple(counted)))
        return
    if is_permission(words):
        return
    if passage.kind is Kind.EXCLUSION:
        if (
            _NO_PRIOR_EXCLUSION.search(words)
            and days_in(words) is None
            and not re.search(r"(?:other than|except|investigational|immuno|vaccine|adjuvant)", words)
        ):
            yield Rule("prior_lines", "at_least", 1, sub="advanced")
        return
    yield from _uncounted(words)


def _counted(words: str, kind: Kind) -> Iterator[Rule]:
    if is_permission(words) and not re.search(r"<=|maximum|only", words):
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
        yield Rule("prior_lines", OPS[sign], number, sub=sub)
        more = re.search(
            r"(?:but|and|,) ?(?:no|not)? ?(?P<sign><=|<) ?(?P<number>\d)\b(?! ?(?:weeks|months|days))",
            words[found.end() : found.end() + 60],
        )
        if more and OPS[sign] == "at_least":
            yield Rule("prior_lines", OPS[more["sign"]], int(more["number"]), sub=sub)
        return


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


def _uncounted(words: str) -> Iterator[Criterion]:
    untreated = _UNTREATED.search(words)
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
    if re.search(r"with or without (?:\w+ ){0,3}(?:prior|previous)|\b(?:are|is|will be) (?:excluded|ineligible|not eligible)\b", words):
        return
    failed, given = _FAILED.search(words), _AFTER_STANDARD.search(words)
    if re.search(r"platelet|transfusion|hypertension|seizure|pain|nausea|diarrh|infection|gvhd", words) or not (failed or given):
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


WINDOW_TRIGGERS = ("week", "day", "month", "half-li", "year")
_ANY_THERAPY = re.compile(
    r"\b(?:systemic|chemotherap\w+|chemo-?radi\w+|anti-?\s?cancer|anti-?neoplastic|anti-?tumou?r|cancer[- ](?:directed"
    r"|therap|treatment)\w*|cytotoxic|(?:prior|previous|last|recent|any) (?!radi|hormon|endocrine|immuno|palliative"
    r"|surg)(?:(?!radi|hormon|endocrine|immuno)\w+ ){0,3}(?:therapy|treatment)\b(?! (?:with|using|related|for hepat"
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
_RADIATION = re.compile(r"\bradi(?:ation|otherapy|othe?rapies)\b|\birradiation\b")
_NO_RADIATION_WASHOUT = re.compile(
    r"contracept|pregnan|infection|\btoxicit|brain|cns\b|cranial|lesion|pneumonitis|progress|planned|recurren|measur"
    r"|imaging|scan\b|diagnos|neutrophil"
)


def _radiation_washout(passage: Passage, words: str) -> Iterator[Criterion]:
    """Radiation in the last days or weeks, in a sentence about it alone."""
    days = days_in(words, least=5)
    if not _RADIATION.search(words) or days is None or days > 190 or _NO_RADIATION_WASHOUT.search(words) or is_permission(words):
        return
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
    if _LASTS.search(words):
        return
    if not _ANY_THERAPY.search(words):
        yield from _radiation_washout(passage, words)
        return
    if _is_no_washout(words):
        return
    days = days_in(words, least=5)
    if (
        days is None
        or days > 190
        or re.search(r"relaps\w+|progress\w+ (?:within|during|on)|life expectancy|measured|obtained|from (?:the )?diagnosis", words)
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


CLASS_TRIGGERS = (
    "prior",
    "previous",
    "receiv",
    "treat",
    "refractory",
    "exposure",
    "naïve",
    "naive",
    "history of",
    "inhibitor",
    "progress",
    "includ",
)
_RECEIVED = re.compile(
    r"(?:prior|previous(?:ly)?|past|earlier)[\w ,/-]{0,40}(?:treat\w*|therap\w*|exposure|exposed|use\b|received"
    r"|administration|chemotherapy|immunotherapy|with)|(?:received|treated with|exposed to|undergone"
    r"|progress\w+ (?:on|after|following)|progress\w+[^.;]{0,50}(?:while|during) (?:receiving )?)|"
    r"history of (?:\w+ )?(?:treatment|therapy)|(?:treatment|therapy)[ -]?(?:with|including)|refractory to"
    r"|therapy must (?:have )?includ\w+|lines?[\w ]{0,20} including|naive|naïve|failed|receipt of|intoleran\w+ (?:of"
    r"|to)|^\W*(?:any )?(?:prior|previous)\b"
)
_NOT_CLASS = re.compile(
    r"concomitant|concurrent|immunosuppressive (?:medica|drug|agent|therap|treatm)"
    r"|contraindicat|hypersensitiv|allerg|metaboli|cyp|contracept|infection|supportive"
    r"|hormon\w+ replacement|planned|planning|willing|eligible for|candidates? for|during (?:the )?study"
    r"|combination with|to be treated|will receive|scheduled|on study|expected to|adverse|immune-related|toxicit"
    r"|pneumonitis|receiving standard"
)


@cache
def _classes() -> Lexicon[str]:
    return Lexicon((word.strip(), one["name"]) for one in load("trial_classes")["class"] for word in one["words"].split(";"))


@cache
def _drugs() -> Lexicon[str]:
    return Lexicon((row["name"].lower(), row["name"]) for row in load("drugs")["drug"] if not row.get("supportive") and _is_for_cancer(row))


def _is_for_cancer(row: dict[str, object]) -> bool:
    classes = row.get("classes")
    known = {
        "chemotherapy",
        "targeted",
        "immunotherapy",
        "checkpoint inhibitor",
        "cell therapy",
        "radioligand",
        "antibody-drug conjugate",
        "hormone therapy",
    }
    return isinstance(classes, list) and bool(known & set(classes))


def read_classes(passage: Passage) -> Iterator[Criterion]:
    """Named classes or drugs that were, or were not, given before."""
    words = passage.plain
    days = days_in(words, least=5)
    allowed = is_permission(words)
    if (
        words.startswith("if ")
        or not _RECEIVED.search(words)
        or _NOT_CLASS.search(words)
        or (allowed and not (days and re.search(r">= \d", words)))
    ):
        return
    found = [one for one in _classes().find(words) if _is_about_past(words, one.start, one.end)]
    if allowed:
        if found and passage.kind is Kind.INCLUSION:
            yield Not(Rule("treatment", "within_days", tuple(dict.fromkeys(one.entry for one in found)), window_days=days))
        return
    named = list(dict.fromkeys(one.entry for one in found))
    if not named and (passage.kind is Kind.EXCLUSION or re.search(r"must have|prior", words)):
        named = list(dict.fromkeys(one.entry for one in _drugs().find(words) if _is_about_past(words, one.start, one.end)))
    if not named:
        return
    yield from _as_classes(passage.kind, words, (found[0].start, found[-1].end) if found else (0, 0), tuple(named), days)


def _as_classes(kind: Kind, words: str, span: tuple[int, int], named: tuple[str, ...], days: int | None) -> Iterator[Criterion]:
    """What was given keeps out, or must have been given, or must never have been; `span` is where they are named."""
    start, end = span
    if kind is Kind.EXCLUSION:
        rule: Criterion = (
            Rule("treatment", "within_days", named, window_days=days) if days and days < 400 else Rule("treatment", "received_any", named)
        )
        has_exception = re.search(r"\b(?:except|unless|other than|excluding|with the exception)\b", words[start:])
        yield AllOf((rule, Rule("unread", "as_written", "none of the exceptions of the rule"))) if has_exception else rule
    elif re.search(r"na[iï]ve", words) or _never_had(words, start):
        if re.search(r"progress\w*[^.;]{0,50}(?:on|while|during|receiv)", words):
            yield Not(Rule("treatment", "progressed_on", named))
        else:
            yield Not(Rule("treatment", "received_any", named))
    elif is_negated(words, start, 120):
        return
    elif re.search(r"must (?:have|include)|includ|prior|previous|received|refractory|exposed|failed|progress", words) and not re.search(
        (
            r"\bif\b|for (?:patients|subjects|participants)|unless|when (?:indicated|applicable|available|eligible)|where"
            r"|standard[- ]of[- ]care|such as"
        ),
        words,
    ):
        listed = re.sub(r"\([^)]*\)", " ", words[start:end])
        together = re.search(r"\band\b", listed) and not re.search(r"\bor\b", listed)
        yield Rule("treatment", "received_all" if together and len(named) > 1 else "received_any", named)


_NEVER_HAD = re.compile(
    r"\b(?:no|not|never|without)\b(?: (?:have|has|had|been|be|previously|ever|any|prior|previous|received?|treated"
    r"|treatment|therapy|therapies|exposed"
    r"|exposure|history|undergone|progressed|while|receiving|disease|progression|on|with|to|of|an?|the|or|and|other"
    r"|including|systemic|anti-?cancer))*"
    r"[ ,(]*(?:[\w./-]+(?:, ?| or | and |/| ))*$"
)


def _never_had(words: str, start: int) -> bool:
    """Denied right before: "no prior", "must not have received", with nothing but names in between."""
    before = re.split(r"[.;:]|\bbut\b|\bwho\b|\bunless\b|\bexcept\b", words[max(0, start - 110) : start])[-1]
    found = _NEVER_HAD.search(before)
    return bool(found) and not re.search(
        r"candidate|available|suitable|eligible|amenable|respon|tolerat|benefit|limited", found[0] if found else ""
    )


def _is_about_past(words: str, start: int, end: int) -> bool:
    """Received before, said close by: not an exception, an aside or a cause."""
    before, after = words[max(0, start - 240) : start], words[end : end + 30]
    told = list(_RECEIVED.finditer(before))
    if not told and not re.match(r"[ -]?(?:na[iï]ve|refractory|exposed|pretreated)", after):
        return False
    if re.search(
        (
            r"(?:dose|start|initiation|infusion|treatment|administration) (?:of|with) (?:[\w-]+ (?:or|and) )?$|\d ?(?:weeks"
            r"|days|months) for (?:[\w, ]{0,40})$"
        ),
        before,
    ) and not re.search(r"(?:last|previous|prior|most recent) (?:dose|treatment) (?:of|with) $", before):
        return False
    return not re.search(
        r"\b(?:except|unless|related to|due to|other than|excluding|besides|apart from|combin\w+ with|unsuitable|because)\b[^.;]{0,60}$",
        before,
    )


CELL_TRIGGERS = ("car", "cell", "gene", "chimeric", "til", "tcr", "adoptive")
_CELLS = re.compile(
    r"\bcar[- ]?(?:t\b|t[- ]?cells?|nk|modified|cells?|therap\w+|macrophage|m\b|engineered)"
    r"|chimeric antigen(?: receptor)?|adoptive(?:ly)? (?:\w+[ -]){0,4}(?:cell|immuno|t\b|transfer)"
    r"|\bgene[- ](?:product )?therap\w+|gene(?:tically)?[- ](?:\w+ )?(?:modified|engineered|edited)|engineered t"
    r"|cell(?:ular)?[- ](?:\w+[ -])?(?:therap\w+|immunotherap\w+|product)|t[- ]cell (?:\w+[ -])?(?:therap\w+|receptor"
    r"|product|immunotherap\w+)|tcr-?t|\btil (?:therapy|treatment|product)|tumou?r[- ]infiltrating|lentiviral"
    r"|cell and gene|gene transfer|modified t[- ]cells?"
)
_NOT_CELLS = re.compile(
    r"before (?:\w+ )?(?:infusion|car)|prior to (?:\w+ ){0,4}(?:infusion|car|leuk|adoptive|cell|t[- ]?cell)"
    r"|after (?:the |study )?(?:car|infusion|cell)|(?:study|this|investigational) (?:car|cell)|mesenchymal|planned"
    r"|eligible for|suitable for|manufactur|lymphodeplet|adequate|signed|willing|hypersensi|allerg"
)


def read_cell_therapy(passage: Passage) -> Iterator[Criterion]:
    words = passage.plain
    found = _CELLS.search(words)
    if (
        not found
        or is_permission(words)
        or re.search(r"pregnan|contracept|lactat", words)
        or not re.search(
            r"prior|previous|received|receipt|history|undergone|treated|ever|treatment with|exposure|naive|therapy|within", words
        )
    ):
        return
    if _NOT_CELLS.search(words) and not re.search(
        r"^\W*(?:any )?(?:prior|previous|history of|receipt|received|has received|have received)", words
    ):
        return
    named = (
        "gene_modified"
        if re.search(r"gene|lentivir|modified", found[0]) and not re.search(r"gene therap|cell and gene|gene transfer", words)
        else "any"
    )
    if passage.kind is Kind.INCLUSION and not is_negated(words, found.start(), 90):
        return
    days = days_in(words, least=10)
    rule = Rule("prior_cell_therapy", "received", (named,), window_days=days if passage.kind is Kind.EXCLUSION else None)
    yield rule if passage.kind is Kind.EXCLUSION else Not(rule)


__all__ = ["OPPOSITE", "read_cell_therapy", "read_classes", "read_lines", "read_washout"]
