"""Age, sex, and pregnancy."""

from __future__ import annotations

import re
from collections.abc import Iterator

from personalize.criteria import AllOf, AnyOf, Criterion, Not, Rule
from personalize.eligibility.numbers import OPS
from personalize.eligibility.quick import Quick
from personalize.eligibility.values import Kind, Passage

AGE_TRIGGERS = ("age", "year", "yr", "adult", "month", "18")


_UNIT = r"(?:years?|yrs?\.?|y/o|yo\b|y\b|months?|mos?\b|weeks?|days?)"


_BETWEEN = re.compile(
    rf"(?:(?:between|from|of|age[ds]?|ages?|range|:|male|female|men|women|adults?|patients?|subjects?|participants?"
    rf"|volunteers?|children|who are|inclusive|^)[ :,(]*"
    rf"|>=? ?)(?:the ages? of )?>?=? ?(?P<low>\d{{1,3}})(?P<lowunit> ?{_UNIT})?(?: old| of age)?"
    rf" ?(?:-|to|and|through|until|,? (?:and|to|&|but) ?(?:<=|<)|<=|and <=|years? to|/)\s?(?:<=? ?"
    rf"|age )?(?P<high>\d{{1,3}}) ?(?P<unit>{_UNIT})?"
)


_LIMIT = re.compile(rf"(?P<sign>>=|<=|>|<|=) ?(?:the |to )?(?:ages? (?:of )?)?(?P<number>\d{{1,3}}(?:\.\d)?)(?: ?(?P<unit>{_UNIT}))?")


_BARE = re.compile(
    rf"(?:minimum age|aged?)(?: is| of| limit)?:? (?P<number>\d{{2}}) ?(?:{_UNIT})?(?P<old> ?(?:old"
    rf"|of age))?(?:,? ?(?P<more>and up|\+|or more))|(?P<plus>\d{{2}})\+ ?(?:{_UNIT})"
)


_ABOUT_AGE = Quick(
    r"\bage[ds]?\b|\bages\b|years? old|year-old|years?-old|of age|\byo\b|y/o|adults?\b|yrs? old", "age|year|of age|yo|y/o|adult|yr"
)


_AGE_STEMS = ("age", "old", "adult", "yo", "y/o")


_PEOPLE = re.compile(
    r"^(?:\W*(?:are|is|be|must be|have|has|all|the|healthy|eligible|adult|patients?|subjects?|participants?|volunteers?"
    r"|individuals?|people|persons?|males?|females?|men|women|(?:wo)?man|or|and|of either sex|both|genders?|sexes|who"
    r"|any|gender|sex|boys|girls|children|a|an|inpatients?|outpatients?|\(|\))\b\W*){1,14}(?:>=|<=|>|<|="
    r"|\d{1,2}(?: ?years?)? ?(?:-|to)|aged?|between|from)"
)


_NOT_AGE = re.compile(
    r"menopaus|childbearing|child-bearing|contracept|amenorrh|hysterectomy|steril|diagnosed (?:before|at|prior)"
    r"|life expectancy|onset|relative|family|parents?\b(?! or)|smok|pack|history of|gestational|weeks of gestation|"
    r"within the (?:last|past)|for >= \d+ (?:months|years)|since|duration|median|legal age|age-?appropriate"
    r"|age-?adjusted|age-?related|age-?matched|age specific|normal for age|for age\b|disease-free|gestation"
)


_PER_YEAR = {"m": 12.0, "w": 52.0, "d": 365.0}


def _years(number: str, unit: str | None) -> float:
    divisor = _PER_YEAR.get((unit or "").strip()[:1], 1.0)
    value = float(number) / divisor
    return round(value, 2) if divisor > 1 else float(int(float(number)))


def read_age(passage: Passage) -> Iterator[Criterion]:
    """Limits of age in years. Ages that belong to something else (menopause, onset, a laboratory value) are left alone."""
    words = passage.plain
    if not _may_be_age(passage, words) or _OF_OTHER_AGES.search(words):
        return
    if _KARNOFSKY_OR_ECOG.search(words) and _OF_SOME_AGE.search(words):
        return
    if re.search(r"\b(?:mg/dl|[um]mol/l)", words) and "creatinin" in passage.bullet:
        return
    if re.search(r"creatinin|ejection|lvef|blood pressure|heart rate|clearance", words):
        return
    if re.search(r"in (?:patients|subjects|participants|those) (?:with|who)\b[^:]{0,40}:?$", passage.intro):
        return
    head = re.split(r"menopaus|childbearing|child-bearing|contracept|amenorrh|life expectancy|within \d|diagnosed", words)[0]
    if not re.search(r"\d", head) or (
        _NOT_AGE.search(head)
        and not re.match(r"\W*(?:patients? |subjects? |participants? )?(?:must be |is |are )?(?:age[ds]?\b|>=|adults?)", head)
    ):
        return
    rule = _age_rule(head, passage.kind)
    if rule is not None:
        yield AnyOf((rule, Rule("unread", "as_written", "the other ages that the rule names"))) if _OR_OTHER_AGES.search(head) else rule


_OF_OTHER_AGES = re.compile(
    r"because no |no (?:\w+ ){0,3}data|assent|informant|household|\bbpm\b|beats|amenorr"
    r"|considered (?:to be )?(?:post|of non|non)|must provide|will be provided|at (?:the time of )?diagnosis"
)


def _may_be_age(passage: Passage, words: str) -> bool:
    """The word age or its like, people before a number, or hardly a word beside a number of years."""
    if (any(map(words.__contains__, _AGE_STEMS)) and _ABOUT_AGE.search(words)) or _PEOPLE.match(words):
        return True
    if passage.intro and re.search(r"\bage", passage.intro[-20:]):
        return True
    return (
        len(words.split()) <= 7
        and bool(re.search(r"\byears?\b|and over\b|\byrs?\b|>= \d\d$", words))
        and not re.search(
            r"\b(?:for|within|prior|past|last|since|history|of treatment|duration|disease|diagnos\w+|experience|previous)\b", words
        )
    )


_REVERSED = re.compile(
    rf"(?P<low>\d{{1,3}})(?: ?(?P<lowunit>{_UNIT}))?(?: old)? ?<=? ?(?:age|years)[ds]? ?<=? ?(?P<high>\d{{1,3}})(?: ?(?P<unit>{_UNIT}))?"
)


_PLAIN_SPAN = re.compile(
    rf"(?<![\d.-])(?P<low>\d{{1,3}}) ?(?P<lowunit>{_UNIT})?(?: old)? ?(?:-|to"
    rf"|and) ?(?P<high>\d{{1,3}})\)? ?-?(?P<unit>years?|yrs?|y/o)[- ]*(?:old|of age|inclusive|\(inclusive|$|,|;|\.|and)"
)


_OR_OTHER_AGES = re.compile(
    r"\d[^.;]{0,40},? or (?:aged? |between )?\d{2}(?: years)? ?(?:-|to|and) ?\d{2}\b[^.;]*\b(?:and|with|who|if|unfit)\b"
)


# Those whom another limit binds.
_OF_SOME_AGE = re.compile(
    r"\(\s?(?:for )?(?:patients |subjects )?(?:age|[<>]=? ?\d)[^)]*\)"
    r"|\b(?:for|in|if) (?:\w+ ){0,3}?(?:who are |that are |patients? |subjects? |participants? |those |children |adults )(?:\w+ )?(?:[<>]|ages?\b|aged)"
)
_KARNOFSKY_OR_ECOG = re.compile(r"karnofsky|lansky|ecog|performance")


def _age_rule(words: str, kind: Kind) -> Criterion | None:
    turned = _REVERSED.search(words)
    if turned:
        unit = turned["unit"] or turned["lowunit"]
        return AllOf(
            (
                Rule("age", "at_least", _years(turned["low"], turned["lowunit"] or unit)),
                Rule("age", "at_most", _years(turned["high"], unit)),
            )
        )
    span = _BETWEEN.search(words)
    if not span or not _is_age(words, span.start(), span.end(), span["unit"] or span["lowunit"]):
        span = _PLAIN_SPAN.search(words) or span
    if span and _is_age(words, span.start(), span.end(), span["unit"] or span["lowunit"]):
        unit = span["unit"] or span["lowunit"]
        low, high = _years(span["low"], span["lowunit"] or unit), _years(span["high"], unit)
        if low < high <= 130:
            return AllOf((Rule("age", "at_least", low), Rule("age", "at_most", high)))
    found = [one for one in _LIMIT.finditer(words) if _is_age(words, one.start(), one.end(), one["unit"])]
    rules: list[Criterion] = []
    for one in found[:2]:
        op, number = OPS[one["sign"]], _years(one["number"], one["unit"])
        if number <= 120 and not any(isinstance(rule, Rule) and rule.op == op for rule in rules):
            rules.append(Rule("age", op, number))
    if not rules:
        bare = _BARE.search(words)
        return Rule("age", "at_least", _years(bare["number"] or bare["plus"], "years")) if bare else None
    if len(rules) == 1:
        return rules[0]
    return AllOf(tuple(rules)) if kind is Kind.INCLUSION else AnyOf(tuple(rules))


def _is_age(words: str, start: int, end: int, unit: str | None) -> bool:
    """Beside the word age, or in years with old, of age or people before it; not a span of time."""
    before, after = words[max(0, start - 45) : start], words[end : end + 32]
    if re.match(r" ?(?:mg|ml|kg|%|g/|cm|mm|x |uln|/|points?|units?|lines?|prior|cells|weeks? (?:before|prior)|of the)", after) or re.search(
        r"(?:ecog|score|status|bmi|index|weight|expectancy|within|last|past|for|grade)[ a-z]{0,12}$", before
    ):
        return False
    if re.search(r"\bage[ds]?\b[^.;,]{0,34}$|\bages\b[^.;]{0,20}$", before + words[start:start]) or re.match(
        r"[ \-,(]*(?:inclusive ?)?(?:old|of age|age\b|years? of age|years? old|,? ?age)", after
    ):
        return True
    if re.search(r"\bage", words[start:end]) or re.search(r"old|of age", words[start:end]):
        return True
    is_years = bool(unit) and str(unit).strip().startswith(("y",))
    if re.search(r"\bage", words[start : end + 30]) and (is_years or not unit):
        return True
    return (is_years or not unit) and ((bool(_PEOPLE.match(words)) and is_years) or "adult" in words or len(words.split()) <= 7)


SEX_TRIGGERS = ("male", "women", "woman", "men", "man", "boy", "girl", "sex", "gender")


_ONE_SEX = re.compile(
    r"^\W*(?:(?:adult|healthy|pregnant|non-?pregnant|post-?menopausal|pre-?menopausal|nulliparous|any|all|eligible"
    r"|infertile|the|biological(?:ly)?|gender:?|sex:?|patient is|subject is|participant is|be|must be|is|are|a|an"
    r"|only) )*"
    r"(?P<sex>females?|women|woman|girls|males?|men|man|boys)\b(?! (?:partner|factor|condom|sexual|and wom|or wom"
    r"|or fem|and fem|and mal|or mal|/|infertil))(?! ?/ ?(?:fe)?males?)"
)


# "Women must not be pregnant" binds the women of a trial that men may join as well.
_BINDS_ONE_SEX = re.compile(
    r" (?:[\w-]+ ){0,4}?(?:must|should|needs?|may|can|cannot|has to|have to|will|(?:are|is) (?:required|asked|not)|not)\b"
)


_OTHER_SEX = {"f": re.compile(r"(?<!fe)\bmales?\b|\b(?:men|man|boys)\b"), "m": re.compile(r"\bfemales?\b|\bwom[ae]n\b|\bgirls\b")}


_NOT_SEX = re.compile(
    r"childbearing|child-bearing|reproductive|contracept|pregnancy test|fertile|partner|breast-?feeding|sterile"
    r"|surgically|\bif\b|must (?:agree|use|have a negative)|nursing|lactating|willing|hemoglobin|ha?emoglobin|qtc"
    r"|creatinine|hgb"
)


def read_sex(passage: Passage) -> Iterator[Criterion]:
    """A trial for one sex, where the sentence begins with it and speaks of no contraception."""
    if passage.kind is Kind.EXCLUSION:
        return
    found = _ONE_SEX.match(passage.plain)
    if found and not _NOT_SEX.search(passage.plain) and not _BINDS_ONE_SEX.match(passage.plain, found.end()):
        sex = "f" if found["sex"][0] in "fwg" else "m"
        if not _OTHER_SEX[sex].search(passage.plain.replace(found["sex"], "", 1) if sex == "m" else passage.plain):
            yield Rule("sex", "is", "female" if sex == "f" else "male")


PREGNANCY_TRIGGERS = ("pregnan", "feeding", "lactat", "nursing", "breastfeed")


_PREGNANT = Quick(
    r"\bpregnan(?:t|cy)\b|\bpregnancies\b|breast-?\s?feed|lactating|lactation|\bnursing\b(?! home| facilit| staff| care| mother's)",
    "pregnan|breast|lactat|nursing",
)


_NOT_PREGNANCY = re.compile(
    r"(?:pregnant|lactating|breast-?feeding) (?:partner|female partner|sexual)|partners?[^.;]{0,25}pregnan"
    r"|prevent(?:ion of)? pregnan|avoid(?:ing)? (?:becoming )?pregnan|become pregnant|becoming pregnant|risk of pregnan"
    r"|to conceive|plan(?:s|ning)? (?:a |to |on |for )?(?:be |become |becoming )?pregnan|inform|teratogen"
    r"|during pregnancy|ability to (?:become|get)|last pregnan|pregnancy prevention|pregnancy outcome|ectopic"
    r"|intend\w* to"
)


def read_pregnancy(passage: Passage) -> Iterator[Criterion]:
    """Pregnant or breastfeeding women kept out, or a negative test asked for."""
    words = passage.plain
    if not _PREGNANT.search(words):
        return
    cleaned = _NOT_PREGNANCY.sub(" ", words)
    if not _PREGNANT.search(cleaned):
        return
    if re.search(r"\bage[ds]? .{0,20}pregnan|gestation|weeks? pregnant", words) and passage.kind is Kind.INCLUSION:
        return
    only_milk = not re.search(r"\bpregnan", cleaned)
    rule = Rule("pregnancy", "lactating" if only_milk else "present")
    if passage.kind is Kind.EXCLUSION:
        yield rule
    elif re.search(
        r"negative|\bnot\b|non-?(?:pregnan|lactat|breast|nursing)|\bno\b|neither|exclud|ineligible|without|refrain|stop|discontinu", cleaned
    ):
        yield Not(rule)
