"""Laboratory limits: which analyte, how much, in which unit, and who is exempt."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from personalize.criteria import AllOf, AnyOf, Criterion, Not, Rule
from personalize.eligibility.amounts import normal
from personalize.eligibility.numbers import Limit, limits, times_uln_alone
from personalize.eligibility.quick import Quick
from personalize.eligibility.values import Kind, Passage

_ANALYTES = (
    ("anc", r"absolute neutrophil(?: count)?s?|absolute granulocyte(?: count)?|\bancs?\b|neutrophils?(?: count)?|granulocytes?(?: count)?"),
    ("platelets", r"platelets?(?: counts?)?|\bplts?\b|thrombocytes?"),
    ("hemoglobin", r"ha?emoglobin|\bhgb\b|\bhb\b"),
    ("direct_bilirubin", r"(?:direct|conjugated) bilirubin"),
    ("bilirubin", r"bilirubin|\btbili?\b"),
    ("egfr_crcl", (
        r"creatin(?:in)?e? clearance|\bcrcl\b|\bclcr\b|\bccr\b|\bcr cl\b|\begfr\b(?= ?(?:\(|>|<|=|of|is|must|\d|calc|ml))"
        r"|\bgfr\b|glomerular filtration(?: rate)?"
    )),
    ("creatinine", r"creatinine(?! (?:kinase|phospho))|creatinin\b"),
    ("ast_alt", r"(?:serum )?trans?aminases?|aminotransferases?"),
    ("alt", r"\balt\b|\balat\b|alanine (?:amino)?-?trans(?:aminase|ferase)|alanine aminotransferase|\bs?gpt\b|serum glutam\w+[- ]pyruv\w+"),
    ("ast", r"\bast\b|\basat\b|aspartate (?:amino)?-?trans(?:aminase|ferase)|aspartic transaminase|\bs?got\b|serum glutam\w+[- ]oxal\w+"),
    ("lvef", r"\blvef\b|(?:left ventricular |cardiac )?ejection fraction|\bef\b(?= ?[<>])"),
    ("spo2", r"oxygen saturation|\bspo2\b|\bsao2\b|pulse ox\w*|\bo2 sat\w*|baseline saturation"),
    ("albumin", r"(?<!human serum )(?<!micro)(?<!-bound )\balbumin(?! (?:bound|paclitaxel|to|or dmso))"),
    ("inr", r"\binr\b|international normali[sz]ed ratio"),
    ("aptt", r"\baptt\b|\bptt\b|partial thromboplastin(?: time)?"),
    ("pt", r"\bpt\b|prothrombin time|prothrombin"),
    ("wbc", r"white blood cells?(?: counts?)?|\bwbcs?\b|leu[kc]ocytes?(?: count)?"),
    ("alc", r"absolute lymphocyte(?: count)?|lymphocyte count|\balc\b|\blymphocytes\b(?= ?[<>])"),
    ("qtc", r"\bqtc[fb]?\b|corrected qt|qt interval"),
    ("lipase", r"\blipase\b"),
    ("alp", r"alkaline phosphatase|\balp\b"),
    ("fibrinogen", r"fibrinogen"),
    ("calcium", r"(?:serum |corrected )calcium"),
    ("marrow_blasts", r"(?:bone )?marrow blasts?|blasts in (?:the )?(?:bone )?marrow"),
)  # fmt: skip
_ANALYTE = Quick(
    "|".join(f"(?P<a{number}>{pattern})" for number, (_, pattern) in enumerate(_ANALYTES)),
    "absolute|anc|neutrophil|granulocyte|platelet|plt|thrombocyte|hemo|haemo|hgb|hb|direct|conjugated|bilirubin|tbil|creatin|crcl|clcr|ccr|cr cl|egfr|gfr"
    "|glomerular|serum |tran|aminotrans|alt|alat|alanine|sgpt|gpt|ast|asat|aspart|sgot|got|lvef|left vent|cardiac|ejection|ef|oxygen|spo2|sao2|pulse ox"
    "|o2 sat|baseline|albumin|inr|international|aptt|ptt|partial|pt|prothrombin|white blood|wbc|leuk|leuc|lymphocyte|alc|qt|corrected|lipase|alkaline"
    "|alp|fibrinogen|calcium|bone |marrow|blasts",
)
TRIGGERS = (
    "neutrophil", "granulocyt", " anc", "(anc", "platelet", " plt", "thrombocyt", "globin", "hgb", " hb ", "(hb", "bilirubin", "tbil",
    "creatin", "clcr", "crcl", "gfr",
    "glomerular", "transaminase", "transferase", " alt", "(alt", "/alt", " ast ", "(ast", "/ast", " ast/", " ast,", "sgot", "sgpt", "alat", "ejection", "lvef",
    "saturation", "spo2", "sao2", "pulse ox", "albumin", " inr", "(inr", "/inr", "international norm", "ptt", "thromboplastin", "prothrombin",
    "white blood", "wbc",
    "kocyte", "lymphocyte", "qtc", "qt int", "corrected qt", "lipase", "phosphatase", " alp ", "(alp", "fibrinogen", "calcium", "blasts", "o2 sat", " pt ",
)  # fmt: skip
_NORMAL = re.compile(
    r"(?:with)?in (?:the )?(?:institutional )?(?:normal|reference) (?:limits?|range)|\bnormal (?:serum "
    r"|total )?(?:creatinine|bilirubin)|\bis normal\b|\bwnl\b|(?:bilirubin|creatinine)(?: must be| is"
    r"|:)? (?:with)?(?:in )?normal"
)
_HAS_LIMIT = re.compile(r"[<>=]=? ?\d|\buln\b|normal|\d ?(?:x|times)\b")
_NEVER = re.compile(r"\balbumin[- ]bound|nab-?paclitaxel|stop|withh[eo]ld|dose (?:modif|reduc)|cd4|protocol amendment")
_EXEMPTIONS = (
    ("gilbert", re.compile(r"gilbert")),
    ("liver_mets", re.compile(r"(?:liver|hepatic) (?:metast\w+|involvement|disease|lesions?|tumou?rs?)|metast\w+ (?:to|in|of) the liver")),
    ("bone_mets", re.compile(r"bone metast\w+|bone involvement")),
    ("anticoagulated", re.compile(r"anti-?\s?coagul\w*")),
)
_EXEMPTS = re.compile(
    r"unless|except|excluding|exclud|with the exception|in patients with|for (?:patients|subjects|participants|those)"
    r"|if (?:the )?(?:patient|subject|liver|known|documented|receiv|on )|in the (?:setting|presence|case)|in cases? of"
    r"|or <=|or <|with (?:known |documented )?(?:liver|hepatic|gilbert|bone)|when|patients with|subjects with|who have"
    r"|where"
)


@dataclass(frozen=True, slots=True)
class _Mention:
    sub: str
    start: int
    end: int


def read_labs(passage: Passage) -> Iterator[Criterion]:
    """Rules of a sentence about laboratory values; limits for men and women, and exemptions, are part of the rule."""
    words = passage.plain
    if not _HAS_LIMIT.search(words) or _NEVER.search(words) or ("used" in words and _INSTEAD.search(words)):
        return
    table = _SERUM_TABLE.search(words) if "creatinine" in words and len(words) > 60 else None
    if table:
        yield _table_rule(float(table["male"]), float(table["female"]))
        return
    mentions = _joined(words, list(_mentions(words)))
    made: list[tuple[_Mention, Criterion]] = []
    for place, mention in enumerate(mentions):
        if re.search(r"\((?:e\.?g|for example)[^)]*$", words[: mention.start]) or _OF_THOSE.search(words, 0, mention.start):
            continue
        until = mentions[place + 1].start if place + 1 < len(mentions) else len(words)
        rule = _rule_of(words, mention, until, mentions, place, passage.kind)
        if rule is not None:
            made.append((mention, rule))
    yield from _alternatives(words, made, passage.kind)


# "For participants with bilirubin > 1.5 x ULN" says whom a limit binds; "once bilirubin is normal" when.
_OF_THOSE = re.compile(
    r"\b(?:(?:for|in) (?:\w+ )?(?:patients?|participants?|subjects?|those|individuals) (?:with|whose|who have)|once|after|until)"
    r"(?: an?| the| their| elevated| serum| total)* $"
)
# What holds in place of another limit is an exception of that limit.
_INSTEAD = re.compile(r"\b(?:will|may|can|should|is to) be used\b[^.;]{0,60}\b(?:instead|in place) of\b|\bused instead\b")

# The table of paediatric trials: maximum creatinine by age and sex; its last line holds for adults.
_SERUM_TABLE = re.compile(
    r"creatinine.{0,600}>= ?1[68](?: years?)?[^\d]{0,20}(?P<male>[12]\.\d)[^\d]{0,20}(?P<female>[12]\.\d)(?!.*>= ?1[68])"
)


def _table_rule(male: float, female: float) -> Criterion:
    parts = []
    for sex, limit in (("male", male), ("female", female)):
        rule = Rule("lab", "at_most", limit, sub="creatinine", unit="mg/dL")
        parts.append(AnyOf((rule, Not(Rule("sex", "is", sex)), Rule("age", "below", 16))))
    return AllOf(tuple(parts))


def _mentions(words: str) -> Iterator[_Mention]:
    for found in _ANALYTE.finditer(words):
        number = int(str(found.lastgroup)[1:])
        yield _Mention(_ANALYTES[number][0], found.start(), found.end())


def _joined(words: str, mentions: list[_Mention]) -> list[_Mention]:
    """Full name and abbreviation are one; AST beside ALT is both; PT/INR is INR."""
    made: list[_Mention] = []
    for one in mentions:
        if made and not re.search(r"[<>=]|\d", words[made[-1].end : one.start]):
            last, gap = made[-1], words[last_end(made) : one.start]
            if len(gap) <= 60 and {last.sub, one.sub} <= {"ast", "alt", "ast_alt"}:
                sub = last.sub if last.sub == one.sub else "ast_alt"
                made[-1] = _Mention(sub, last.start, one.end)
                continue
            if last.sub == one.sub and len(gap) <= 25:
                made[-1] = _Mention(one.sub, last.start, one.end)
                continue
            if {last.sub, one.sub} == {"bilirubin", "direct_bilirubin"} and len(gap) < 4:
                continue
        made.append(one)
    return made


def last_end(mentions: list[_Mention]) -> int:
    return mentions[-1].end


def _rule_of(words: str, mention: _Mention, until: int, mentions: list[_Mention], place: int, kind: Kind) -> Criterion | None:
    found = [one for one in limits(words, mention.end, until) if _is_of(words, mention, one)]
    values = [(one, value) for one in found if (value := normal(mention.sub, one)) is not None]
    if not values:
        return _without_number(words, mention, until)
    first, (number, unit) = values[0]
    base = _limit_rule(mention.sub, first.op, number, unit, kind)
    sexes = _by_sex(words, mention, values, kind)
    if sexes is not None:
        return sexes
    return _exempted(words, mention, until, base, values, kind, is_last=place + 1 == len(mentions))


def _is_of(words: str, mention: _Mention, limit: Limit) -> bool:
    between = words[mention.end : limit.start]
    return not re.search(
        r"\bage[ds]?\b|\bgrade\b|\bwithin (?:the )?(?:last |past |prior )?$|\bfor $|\bsince\b|\bweeks?\b.*\bweeks?\b", between
    ) and not re.match(r"\s?(?:-? ?)(?:days?|weeks?|months?|years?|hours?|units? of|mg/day|transfus)", limit.rest)


_READ_BY_ULN = ("creatinine", "bilirubin", "direct_bilirubin", "ast_alt", "alt", "ast", "aptt", "pt", "alp")


def _without_number(words: str, mention: _Mention, until: int) -> Criterion | None:
    around = words[max(0, mention.start - 25) : min(until, mention.end + 50)]
    op = times_uln_alone(words[mention.end : until])
    if op and mention.sub in _READ_BY_ULN:
        return _limit_rule(mention.sub, op, 1.0, "xULN", Kind.INCLUSION)
    if mention.sub in ("creatinine", "bilirubin") and _NORMAL.search(around) and "abnormal" not in around:
        return _limit_rule(mention.sub, "at_most", 1.0, "xULN", Kind.INCLUSION)
    return None


def _limit_rule(sub: str, op: str, number: float, unit: str, kind: Kind) -> Criterion:
    if sub != "ast_alt":
        return Rule("lab", op, number, sub=sub, unit=unit)
    both = tuple(Rule("lab", op, number, sub=one, unit=unit) for one in ("ast", "alt"))
    return AllOf(both) if kind is Kind.INCLUSION else AnyOf(both)


def _by_sex(words: str, mention: _Mention, values: list[tuple[Limit, tuple[float, str]]], kind: Kind) -> Criterion | None:
    """Limits for men and for women: each binds its own."""
    made: list[Criterion] = []
    for limit, (number, unit) in values[:3]:
        beside = words[limit.end : limit.end + 42] + "|" + words[max(mention.end, limit.start - 18) : limit.start]
        sex = re.search(r"\b(?:fe)?males?\b|\bwom[ae]n\b|\bm[ae]n\b", beside)
        if sex:
            said = "female" if sex[0].startswith(("fem", "wom")) else "male"
            rule = _limit_rule(mention.sub, limit.op, number, unit, kind)
            other = Rule("sex", "is", said)
            made.append(AnyOf((Not(other), rule)) if kind is Kind.INCLUSION else AllOf((other, rule)))
    if len(made) < 2:
        return None
    return AllOf(tuple(made)) if kind is Kind.INCLUSION else AnyOf(tuple(made))


def _exempted(
    words: str, mention: _Mention, until: int, base: Criterion, values: list[tuple[Limit, tuple[float, str]]], kind: Kind, *, is_last: bool
) -> Criterion:
    """Gilbert syndrome, liver metastases and anticoagulants lift or change a limit."""
    first = values[0][0]
    tail = words[first.end : len(words) if is_last else until]
    lifted: list[Criterion] = []
    for name, pattern in _EXEMPTIONS:
        found = pattern.search(tail)
        if not found or not _EXEMPTS.search(tail[: found.end()]) or (name == "anticoagulated" and mention.sub not in ("inr", "aptt", "pt")):
            continue
        state = (
            Rule("metastatic_site", "in", ("liver" if name == "liver_mets" else "bone",))
            if name.endswith("_mets")
            else Rule("clinical", "is_true", sub=name)
        )
        other = next((value for limit, value in values[1:] if value[0] > values[0][1][0] or limit.op != first.op), None)
        limit = _limit_rule(mention.sub, first.op, other[0], other[1], kind) if other and kind is Kind.INCLUSION else None
        lifted.append(AllOf((state, limit)) if limit else state)
    if not lifted:
        return _otherwise(words, tail, base, mention, values, kind)
    if kind is Kind.INCLUSION:
        return AnyOf((base, *lifted))
    return AllOf((base, *(Not(one) for one in lifted)))


def _otherwise(
    words: str, tail: str, base: Criterion, mention: _Mention, values: list[tuple[Limit, tuple[float, str]]], kind: Kind
) -> Criterion:
    """A limit beside an exception, or beside another limit for some, that is left to a person."""
    if kind is Kind.EXCLUSION:
        return AllOf((base, _EXCEPTION)) if _UNLESS.search(tail) else base
    first = values[0][0]
    for limit, (number, unit) in values[1:]:
        is_looser = number < values[0][1][0] if first.op in ("at_least", "above") else number > values[0][1][0]
        if limit.op == first.op and unit == values[0][1][1] and is_looser and _FOR_SOME.search(words[first.end : limit.end + 40]):
            return AnyOf((base, AllOf((_limit_rule(mention.sub, limit.op, number, unit, kind), _EXCEPTION))))
    return AnyOf((base, _EXCEPTION)) if _UNLESS.search(tail) else base


_EXCEPTION = Rule("unread", "as_written", "the exception that the rule names")
_UNLESS = re.compile(r"\b(?:unless|except)\b")
_FOR_SOME = re.compile(r"\b(?:if|for|in|when|where|with)\b")


def _alternatives(words: str, made: list[tuple[_Mention, Criterion]], kind: Kind) -> Iterator[Criterion]:
    """ "creatinine <= 1.5 x ULN or clearance >= 60" is one rule in an inclusion."""
    kidney = [(mention, rule) for mention, rule in made if mention.sub in ("creatinine", "egfr_crcl")]
    bilirubin = [(mention, rule) for mention, rule in made if mention.sub in ("bilirubin", "direct_bilirubin")]
    rest = [rule for mention, rule in made if mention.sub not in ("creatinine", "egfr_crcl")]
    has_both = kind is Kind.INCLUSION and len({mention.sub for mention, _ in bilirubin}) == 2
    if has_both and re.search(r"\bor\b", words[bilirubin[0][0].end : bilirubin[-1][0].start]):
        either = [rule for _, rule in bilirubin]
        rest = [rule for rule in rest if rule not in either]
        yield AnyOf(tuple(either))
    if kind is Kind.INCLUSION and len({mention.sub for mention, _ in kidney}) == 2:
        between = words[kidney[0][0].end : kidney[-1][0].start]
        joined = re.search(r"\bor\b|\bif\b|\bwith\b|/|\bfor\b", between)
        yield AnyOf(tuple(rule for _, rule in kidney)) if joined else AllOf(tuple(rule for _, rule in kidney))
    else:
        yield from (rule for _, rule in kidney)
    clotting = [rule for mention, rule in made if mention.sub in ("inr", "aptt", "pt")]
    shared = [rule for rule in clotting if isinstance(rule, AnyOf)]
    if kind is Kind.INCLUSION and len(clotting) > 1 and shared and shared[-1] is clotting[-1]:
        lifted = shared[-1].of[1:]
        yield AnyOf((AllOf((*clotting[:-1], shared[-1].of[0])), *lifted))
        rest = [rule for rule in rest if rule not in clotting]
    yield from rest
