"""How far a tumour's cells have changed: G1 to G4, from letters, numbers or words. Of a range, the higher (AJCC: the highest grade counts)."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import ClassVar

from records.extraction.context import context_at
from records.extraction.finding import Assertion, Finding, Kind
from records.extraction.grade_nottingham import scores_in
from records.extraction.patterns import lazy
from records.extraction.report import Report
from records.extraction.section_titles import Section
from records.extraction.segments import Segment, unbroken
from records.extraction.tumours import anchor_at

_NUMBERS = {
    "1": 1,
    "2": 2,
    "3": 3,
    "4": 4,
    "i": 1,
    "ii": 2,
    "iii": 3,
    "iv": 4,
    "l": 1,
    "ll": 2,
    "lll": 3,
    "one": 1,
    "two": 2,
    "three": 3,
    "four": 4,
    "low": 1,
    "intermediate": 2,
    "high": 3,
    "iil": 3,
    "lii": 3,
}
_N = r"(?:[1-4](?![\d.,]\d|/(?![34](?![\d/]))\d)|i{1,3}v?|iv|l{1,3}|iil|lii|one|two|three)"
_LETTER = lazy(r"(?<![\w/-])G ?([1-4])(?:(?: ?[-/] ?| to )G? ?([2-4]))?(?![\w%]|\.\d| ?[x×])")
_WORD = lazy(
    rf"\b(?:(?:overall|histolog\w+|histopatholog\w+|combined|nottingham|tumou?r|final|total|elston\w*|sbr"
    rf"|(?:modified )?(?:scarff[- ]?)?bloom[ -]*(?:and )?richardson|who|fuhrman|nuclear|cytolog\w+|msbr|mbr|isup"
    rf"|who/isup|differentiation)[ ,/]*)*"
    rf"grade\b(?P<gap>[^.;\n]{{0,55}}?)[ :=(-]*(?:grade )?\b(?:G ?)?(?P<value>{_N})(?:(?: ?[-/] ?| to "
    rf"|-)(?:G ?)?(?P<value2>{_N}))?(?=$|[^\w]|of)(?P<after>[ ]*(?:[/(]|of|out of)*[ ]*(?:[34]|iii|iv)?\)?)",
    re.I,
)
_DIFFERENTIATED = lazy(
    r"\b(?P<one>well|moderate(?:ly)?|mod|poor(?:ly)?|intermediate(?:ly)?|un)(?:[ -]*(?:to|and|/|-"
    r"|or)[ -]*(?:focally )?(?P<two>well|moderate(?:ly)?|poor(?:ly)?))?[ -]+(?:to [ -]*)?differen\w*\b"
    r"|\bdifferentiation\b[^.;\n]{0,12}?[:= ]+(?:is )?(?P<three>well|moderate(?:ly)?|poor(?:ly)?)(?:[ -]*(?:to|and|/"
    r"|-)[ -]*(?P<four>moderate(?:ly)?|poor(?:ly)?))?\b|(?P<five>well|moderate(?:ly)?|poor(?:ly)?)[ -]differentiat",
    re.I,
)
# "intermediate grade by combined histologic criteria"; "low" and "high" alone may be of a scale of two
_TIER = lazy(
    r"\b(?P<tier>low|intermediate|high)[ -]+(?:combined )?(?:histolog\w+ )?grade\b(?=[^.;\n]{0,25}\b(?:combined|nottingham|bloom|elston)"
    r"|(?<=intermediate grade)[ ,]+(?:(?:invasive|infiltrating) |\w*ductal |\w*lobular )*(?:adeno)?carcinoma\b(?! in[ -]situ))",
    re.I,
)
_MINOR = lazy(r"\bfoc(?:al(?:ly)?|us|i)\b(?: of| areas? of)? *$", re.I)
_MOSTLY = lazy(r"predominant|mostly|mainly|largely|primarily", re.I)
_WORDS = {"well": 1, "moderate": 2, "moderately": 2, "mod": 2, "intermediate": 2, "intermediately": 2, "poor": 3, "poorly": 3, "un": 4}
_OTHER = lazy(
    r"toxicit|neuropath|fatigue|esophagitis|steatosis|fibrosis|inflammation|activity|dysplasia|pan ?[i1l]n|intraepithel"
    r"|mucositis|nausea|diarrh|encephalopathy|crs\b|icans|cytokine|varices|reflux|adverse|ctcae|gvhd|murmur|edema"
    r"|stenosis|prolapse|regression|response"
    r"|tumou?r regression|treatment effect|gleason|in[ -]situ|dcis|lcis|necrosis grade|gastritis|low-grade fever"
    r"|dermatitis|atypia|hydronephrosis|pancreatitis|liver disease|neutropenia|hemorrhoid",
    re.I,
)
_PART = lazy(r"\b(?:mitotic|mitos[ie]s|tubul\w+|nuclear|gland\w*|architectural|pleomorphism)\b[^.;]{0,25}$", re.I)


class Grade:
    """Findings of kind GRADE: each statement of it, with the organ of its tumour."""

    name: ClassVar[str] = "grade"
    version: ClassVar[int] = 3

    def extract(self, report: Report) -> Iterable[Finding]:
        for segment in report.segments:
            if "G" not in segment.text and not any(stem in segment.lower for stem in ("rade", "differen", "score", "nottingham")):
                continue
            if (
                segment.section.is_about_nobody
                or segment.section in (Section.FAMILY, Section.MEDICATIONS, Section.SOCIAL, Section.LABS)
                or segment.is_boilerplate
            ):
                continue
            lead = report.segments[segment.index - 1].text[-60:] if segment.index and len(segment.text) < 40 else ""
            for start, end, grade, confidence in _grades(segment, lead):
                finding = _finding(report, segment, start, end, grade, confidence)
                if finding is not None:
                    yield finding


def _grades(segment: Segment, lead: str) -> Iterable[tuple[int, int, int, float]]:
    """(start, end, 1–4, confidence) of each grade said in the segment. A focus of another grade is none where most of it is of one (CAP: the
    share of glands makes the grade)."""
    for start, end, score in scores_in(segment.text):
        yield start, end, score, 0.96
    yield from _in_words(segment.text)
    yield from _in_letters(segment.text, lead)
    text = unbroken(segment).text
    for found in _TIER.finditer(text):
        if not _OTHER.search(text[max(0, found.start() - 35) : found.end() + 35]):
            yield found.start(), found.end(), _NUMBERS[found["tier"].lower()], 0.9
    for found in _DIFFERENTIATED.finditer(text):
        if _OTHER.search(text[max(0, found.start() - 25) : found.end() + 12]):
            continue
        if _MINOR.search(text[: found.start()]) and _MOSTLY.search(text[: found.start()]):
            continue
        said = max(_WORDS.get((found.group(name) or "").lower(), 0) for name in ("one", "two", "three", "four", "five"))
        if said:
            yield found.start(), found.end(), said, 0.9


def _in_words(text: str) -> Iterable[tuple[int, int, int, float]]:
    """ "Grade 2", "histologic grade: II of III"."""
    for found in _WORD.finditer(text):
        if _OTHER.search(text[max(0, found.start() - 35) : found.end() + 25]):
            continue
        if _is_part(text, found) or re.match(r"[ :=(-]*\d", found.group("gap")):
            continue  # "grade 6: mitoses 1": the number beside the word is the one that it has
        value = max(
            _NUMBERS.get(found.group("value").lower(), 0),
            _NUMBERS.get((found.group("value2") or "").lower(), 0) if not _is_scale(found) else 0,
        )
        is_roundabout = len(found.group("gap")) > 30
        if value:
            yield found.start(), found.end("value"), value, 0.85 if is_roundabout else 0.95


def _in_letters(text: str, lead: str) -> Iterable[tuple[int, int, int, float]]:
    """ "G2" where grading is spoken of."""
    for found in _LETTER.finditer(text):
        before = text[max(0, found.start() - 20) : found.start()]
        if _OTHER.search(text[max(0, found.start() - 30) : found.end() + 20]) or re.search(
            r"block|cassette|section|slide|filgrastim|specimen", before, re.I
        ):
            continue
        near = lead + text[max(0, found.start() - 60) : found.end() + 40]
        is_clear = bool(re.search(r"grade|differen|[RLV][0-2]|carcinoma|tumou?r|\bNET\b|pT|pN", near, re.I))
        if is_clear:
            yield found.start(), found.end(), int(found.group(2) or found.group(1)), 0.94


def _is_scale(found: re.Match[str]) -> bool:
    """ "III/III" and "2/3" name the scale after the slash; "2-3" is a range."""
    return (
        "/" in found.group(0)[found.end("value") - found.start() : found.end("value2") - found.start()] if found.group("value2") else False
    )


def _is_part(text: str, found: re.Match[str]) -> bool:
    """A part of the Nottingham score ("nuclear grade 3, mitotic grade 1") is not the grade; the nuclear grade alone is, in kidneys."""
    said = found.group(0).lower()
    if re.match(r"(?:nuclear|cytolog\w+)[ ,/]*grade", said):
        return not re.search(r"fuhrman|renal|kidney|clear cell", text, re.I)
    return bool(_PART.search(text[max(0, found.start() - 30) : found.start()]) and "overall" not in said) or bool(
        re.search(r"mitotic|tubul|nuclear", found.group("gap"), re.I)
    )


def _finding(report: Report, segment: Segment, start: int, end: int, grade: int, confidence: float) -> Finding | None:
    context = context_at(segment, start, end)
    if context.assertion in (Assertion.ABSENT, Assertion.FAMILY, Assertion.PLANNED):
        return None
    sections = {
        Section.GROSS: -0.15,
        Section.HISTORY: -0.2,
        Section.INTRAOPERATIVE: -0.15,
        Section.MICROSCOPIC: -0.03,
        Section.SYNOPTIC: 0.01,
        Section.DIAGNOSIS: 0.01,
        Section.PAST_MEDICAL: -0.2,
    }
    confidence += sections.get(segment.section, 0.0)
    value = {"grade": f"G{grade}", "tumour": anchor_at(report, segment, start)}
    return Finding(
        Kind.GRADE,
        {key: one for key, one in value.items() if one},
        (segment.evidence(start, end),),
        context.assertion,
        report.date_of(segment, start, end),
        round(confidence, 3),
        f"{Grade.name}/{Grade.version}",
    )
