"""Sex, age and birth date of the patient. Only in words that can mean nothing else: de-identified reports are full of numbers."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import ClassVar

from records.extraction.context import Context, context_at
from records.extraction.finding import Assertion, Evidence, Finding, Kind
from records.extraction.header import ReportType
from records.extraction.patterns import lazy
from records.extraction.report import Report
from records.extraction.section_titles import Section
from records.extraction.segments import Segment

_AGE = lazy(
    r"(?<![\d.,/-])(?P<age>\d{1,3})[ -]?(?:year|yr)s?[ -]?(?:-?olds?\b|of age\b)"
    r"|(?<![\d.,/-])(?P<age2>\d{1,3}) ?(?:y/?o|y\.o\.?|yo|(?:(?<=\d\d)|(?<=\d\d ))y(?:rs?)?(?= ?[,;.|)/]| ?$))\b(?!ga)|\b(?:aged?"
    r"|at age)(?P<label>[ ]?[:=]?)[ ]?(?P<age3>\d{1,3})\b(?: ?(?:years?|yrs?|y|yo)\b)?(?![\d.,%/-]\d| ?(?:cm|mm|%|mg"
    r"|months?|days?|weeks?))"
    r"|(?<![\d.,/-])(?P<age4>\d{2}) ?(?:M|F)(?= (?:with\b|w/|who|presenting|presents|p/w|here|referred|diagnosed|dx|s/p)(?![a-z]))"
    r"|(?<![\d.,/-])(?P<age5>\d{2}) ?/? ?(?-i:[MF])(?=[ ,.;)|]|$)(?! ?(?:catheter|foley|sheath|tube|drain|french|stent|needle))"
    r"|\b(?:age ?/ ?(?:sex|gender)|(?:sex|gender) ?/ ?age)[ ]?[:|][ ]*(?:[MF] ?/ ?)?(?P<age7>\d{1,3})\b"
    r"|\b(?:I am|I'm)(?: now)? (?P<age6>\d{2})\b(?! ?(?:[%/-]|\.\d|weeks?|months?|days?|hours?|min\w*|kg|lbs?|pounds|cm|mg|miles))",
    re.I,
)
_AGE_HINT = lazy(r"\d[ /-]?[ymf]|\bage|\bi(?:'| a)m ")
# "67M" is a person where a line, a sentence or a label of the patient's begins with it
_NAME = r"(?-i:[A-Z][\w'-]*\.?,?(?: [A-Z][\w'-]*\.?){1,3})"
_TITLE = r"(?-i:Mrs|Mr|Ms|Miss)"
_INTRODUCES = lazy(
    rf"(?:(?:^|[|;:,(\]]|[ ]{{2}})[ ]*(?:pt\.? |patient )?(?:{_TITLE}\.? )?{_NAME}[ ,|-]{{1,8}}"
    rf"|(?:\b(?:pt|patient|name|re)\b\W{{1,3}}(?:{_TITLE}\.? )?|\b{_TITLE}\.? ){_NAME} ?[(][ ]?|(?-i:[A-Z][\w'-]+, [A-Z][\w'.-]*) ?[(][ ]?"
    rf"|[|][ ]*|(?:^|[ ]{{3}})|\b{_TITLE}\.? {_NAME}, |[A-Z]{{2,}}, [A-Z]\.[ ]{{1,8}})$"
    r"|(?:^|[.] )\W*(?:(?:ID|HPI|CC|pt|patient|indication|clinical|clinical (?:history|information|details)|history|hx|summary|case"
    r"|reason)\W{1,4})?$",
    re.I,
)
# "45y" alone is a block of tissue as well, or a scan's dirt: it is an age beside "F" or "male", or under "age"
_BESIDE_SEX = lazy(
    r"\b\d{1,3} ?y[ ;:,/|).-]{0,4}(?:F|M|female|male|old)\b"
    r"|\b(?:F|M|female|male|woman|man|sex|gender|age)\b[ ;:,/|(.]{0,4}\d{1,3} ?y\b",
    re.I,
)
_SEX_AFTER = lazy(r"^[ ,.-]{0,3}(?:\w+[ -]){0,3}?(?P<sex>(?i:female|woman|lady|girl|male|man|gentleman|boy))\b|^[ ,]{0,2}(?P<short>[MF])\b")
_SEX_LABEL = lazy(
    (
        r"\b(?:sex|gender)(?:(?: assigned)? at birth)?[ ]?(?:/ ?age)?[ ]?[:=|][ ]*(?:\d+ ?/? ?)?(?P<sex>female|male|F|M)\b|\b(?:age ?/ ?(?:sex|gender)"
        r"|(?:sex|gender) ?/ ?age)[ ]?[:|][ ]*(?:\d{1,3}[ /.]*(?:y(?:ea)?rs?|y)?[ /.]*)?(?P<sex2>F|M|female|male)\b"
        r"|\b(?-i:SEX|Sex|GENDER|Gender)[ ]+(?P<sex3>(?-i:FEMALE|MALE|Female|Male|F|M))\b(?! ?[a-z])"
        r"|[|][ ]*(?P<sex4>female|male)[ ]*[|]|(?:\bSex|\bGender)[ :]+(?P<sex5>[FM]) *[\[(][xX][\])]"
        r"|(?:\b(?:name|patient|re)[ ]*:[ ]*)(?P<sex6>(?-i:Mrs|Mr|Ms|Miss))\b"
        r"|(?<=[ |,;(])(?P<sex7>(?-i:[MF]))[ ]*[ |,;(][ ]*(?:aged?\b|dob\b|d\.o\.b|date of birth|born\b|\d\d ?y|(?:19|20)\d\d-\d\d-\d\d)"
        r"|\b(?:dob|d\.o\.b\.?|born)[ :]*[\d/.-]{8,10}[ |,;]{1,6}(?P<sex8>(?-i:[MF])|female|male)(?=[ ]*(?:$|[|;,)\n]|[ ]{2}))"
        r"|\b(?P<sex9>(?-i:Mrs|Mr|Ms|Miss))\.? (?-i:[A-Z][\w'-]*\.?)(?: (?-i:[A-Z][\w'-]*\.?)){0,3},? ?[(]?"
        r"(?:born|d\.?o\.?b|CHI|NHS|NHI|\d{2}[ -]?y(?:ea)?r|\d{2} ?(?:M|F|yo|y/o)\b)"
    ),
    re.I,
)
_SEX_WORD = lazy(
    (
        r"\b(?:this|the|an?|is an?|lovely|delightful|pleasant|white|caucasian|black|asian|hispanic|african[ -]american|elderly|old|healthy"
        r"|postmenopausal|premenopausal|chinese|japanese|indian)[ ]+(?P<sex>female|woman|lady|male|man|gentleman)\b"
    ),
    re.I,
)
_MARRIED = lazy(r"\b(?:he|his|him|she|her|hers|himself|herself|mr|mrs|ms)\b", re.I)
_PRONOUNS = frozenset(("he", "his", "him", "she", "her", "hers", "himself", "herself", "mr", "mrs", "ms"))
_AGES = ("age", "age2", "age3", "age4", "age5", "age6", "age7")
_FEMALE = frozenset(("female", "woman", "lady", "girl", "f", "mrs", "ms", "miss"))
_RELATIVE = lazy(
    (
        r"\b(?:mother|father|brother|sister|aunt|uncle|son|daughter|cousin|grand\w+|parents?|siblings?|niece|nephew|wife"
        r"|husband|donor|family|relative|paternal|maternal|children|child|partner|friend)\b[^.;]{0,60}$"
    ),
    re.I,
)
_EVENT = lazy(
    (
        r"\b(?:died|dx'?d?|diagnosed|onset|menarche|menopause|since|until|quit|started|than|over|under"
        r"|(?:range|normal|expected|typical|usual|appropriate) for"
        r"|least|above|below|between|>|<|patients|women|men|survival|screening|recommended|begin\w*|in (?:his"
        r"|her) )\b[^.;]{0,25}$"
    ),
    re.I,
)
_GENERAL = lazy(r"\b(?:patients|women|men|individuals|population|people|persons|adults|those|children|cohort|subjects|controls)\b", re.I)


class Demographics:
    """Findings of kinds SEX, AGE and BIRTH_DATE."""

    name: ClassVar[str] = "demographics"
    version: ClassVar[int] = 4

    def extract(self, report: Report) -> Iterable[Finding]:
        yield from [one for segment in _with_ages(report) if _may_hold(segment) for one in _ages(report, segment)]
        labelled = [
            one
            for segment in report.having(
                _SEX_LABEL, "sex", "gender", "male", "mr", "ms", "dob", "born", "birth", "d.o.b", "age", "(f", "(m", "; f;", "; m;"
            )
            if _may_hold(segment)
            for one in _labelled_sexes(report, segment)
        ]
        yield from (
            labelled
            or [
                one
                for segment in report.having(_SEX_WORD, "male", "man", "lady")
                if _may_hold(segment)
                for one in _described_sexes(report, segment)
            ][:1]
            or _pronouns(report)
        )
        evidence = report.header.evidence_for("birth_date")
        if report.header.birth_date and evidence is not None:
            yield _made(Kind.BIRTH_DATE, {"date": report.header.birth_date}, evidence, None, 0.97)


def _may_hold(segment: Segment) -> bool:
    return not segment.is_boilerplate and segment.section not in (Section.FAMILY, Section.LITERATURE, Section.TECHNIQUE, Section.GENE_LIST)


def _with_ages(report: Report) -> Iterator[Segment]:
    for number, page in report.lowered.items():
        places = {found.start() for found in _AGE_HINT.finditer(page)}
        segments = {segment.index: segment for place in places if (segment := report.segment_at(number, place)) is not None}
        yield from (segment for _, segment in sorted(segments.items()))


def _ages(report: Report, segment: Segment) -> Iterator[Finding]:
    for found in _AGE.finditer(segment.text):
        age = int(next(group for name in _AGES if (group := found.group(name))))
        before = segment.text[: found.start()]
        if not 0 < age <= 110 or _RELATIVE.search(before) or _EVENT.search(before) or _is_general(segment, found):
            continue
        sex = _SEX_AFTER.match(segment.text[found.end() :])
        if (found.group("age3") and not _is_labelled_age(segment, found)) or _is_half_blacked_out(age, found, sex):
            continue
        if found[0][-1] in "yY" and not _BESIDE_SEX.search(f"{before[-12:]}{found[0]}{segment.text[found.end() : found.end() + 10]}"):
            continue
        if (found.group("age5") and not (age >= 16 and _INTRODUCES.search(before))) or _is_cassette(report, segment, found):
            continue
        context = context_at(segment, found.start(), found.end())
        if context.assertion in (Assertion.FAMILY, Assertion.ABSENT) or (not found.group("age5") and _was_long_ago(context, before)):
            continue
        yield _made(
            Kind.AGE, {"age": age}, segment.evidence(found.start(), found.end()), report.header.date or report.header.specimen_date, 0.95
        )
        if sex:
            yield _sex(segment, sex.group("sex") or sex.group("short"), found.start(), found.end() + sex.end(), 0.96)
        elif found.group("age4") or found.group("age5"):
            yield _sex(segment, segment.text[found.end() - 1], found.start(), found.end(), 0.9)
        return


def _was_long_ago(context: Context, before: str) -> bool:
    """ "Prior admission, 54 years old": the word stands before. What a patient "s/p surgery" had is said behind, of something else."""
    return context.assertion is Assertion.HISTORICAL and (not context.cue or context.cue in before.lower())


_OF_TISSUE = lazy(
    r"\b(?:nodes?|margins?|sections?|cassettes?|bisected|trisected|cavity|representative|submitted|entirely|tissue|block)\b", re.I
)


def _is_cassette(report: Report, segment: Segment, found: re.Match[str]) -> bool:
    """ "17F one node bisected": a line of a pathologist's list of cassettes."""
    if not found.group("age5") or re.search(r"[a-z]", segment.text[: found.start()], re.I):
        return False
    return segment.section is Section.GROSS or report.header.type is ReportType.PATHOLOGY or _OF_TISSUE.search(segment.text) is not None


def _is_half_blacked_out(age: int, found: re.Match[str], sex: re.Match[str] | None) -> bool:
    """One digit that is left of two: "a 1-year-old man", "Age: 4" without a unit. What is left is nobody's age."""
    if found.group("age3"):
        return age < 10 and not re.search(r"\d ?[a-z]+$", found.group(0), re.I)
    return age < 15 and sex is not None and (sex.group("sex") or "").lower() in ("man", "woman", "gentleman", "lady")


def _is_general(segment: Segment, found: re.Match[str]) -> bool:
    return bool(_GENERAL.search(segment.text[max(0, found.start() - 40) : found.end() + 25])) and not re.search(
        r"\bthe patient\b", segment.lower
    )


def _is_labelled_age(segment: Segment, found: re.Match[str]) -> bool:
    """ "Age: 62" at the start of a line or cell, "aged 62" of the patient; never "age 5" amid a page number."""
    before, after = segment.text[: found.start()], segment.text[found.end() :]
    if re.search(r"[A-Za-z]$", before) or re.match(r" ?(?:of|/) ?\d", after):
        return False
    is_in_a_row = bool(re.search(r"(?:^|[|]|[ ]{3})[ ]*$", before)) and found.group().startswith("Age")
    if ":" in found.group("label") or "=" in found.group("label") or is_in_a_row:
        return not re.search(r"p\.?$|\bat\b[^.;]*$|dx|death", before, re.I)
    return bool(re.match(r"aged", found.group(0), re.I)) and bool(
        re.search(r"\b(?:patient|man|woman|male|female|lady|gentleman|he|she)\b[^.;]{0,20}$", before, re.I)
    )


def _labelled_sexes(report: Report, segment: Segment) -> Iterator[Finding]:
    for found in _SEX_LABEL.finditer(segment.text):
        word = next(group for group in found.groups() if group)
        if _RELATIVE.search(segment.text[max(0, found.start() - 40) : found.start()]):
            continue
        yield _sex(segment, word, found.start(), found.end(), 0.97)
        return


def _described_sexes(report: Report, segment: Segment) -> Iterator[Finding]:
    for found in _SEX_WORD.finditer(segment.text):
        before = segment.text[: found.start()]
        if (
            not _RELATIVE.search(before)
            and not _is_general(segment, found)
            and context_at(segment, found.start(), found.end()).assertion is not Assertion.FAMILY
        ):
            yield _sex(segment, found.group("sex"), found.start(), found.end(), 0.88)
            return


def _pronouns(report: Report) -> Iterator[Finding]:
    """He or she, where the document only ever says one of them and says it twice."""
    said: list[tuple[Segment, re.Match[str]]] = []
    if not report.words & _PRONOUNS:
        return
    for segment in report.segments:
        if _may_hold(segment) and not _RELATIVE.search(segment.text):
            said += [(segment, found) for found in _MARRIED.finditer(segment.text)]
    female = [one for one in said if one[1].group(0).lower() in ("she", "her", "hers", "herself", "mrs", "ms")]
    if len(said) > 1 and len(female) in (0, len(said)):
        segment, found = said[0]
        yield _sex(segment, "female" if female else "male", found.start(), found.end(), 0.75)


def _sex(segment: Segment, word: str, start: int, end: int, confidence: float) -> Finding:
    return _made(Kind.SEX, {"sex": "female" if word.lower() in _FEMALE else "male"}, segment.evidence(start, end), None, confidence)


def _made(kind: Kind, value: dict[str, object], evidence: Evidence, date: str | None, confidence: float) -> Finding:
    return Finding(kind, value, (evidence,), Assertion.PRESENT, date, confidence, f"{Demographics.name}/{Demographics.version}")
