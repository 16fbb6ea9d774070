"""Other conditions that trials ask about: autoimmune disease, infections, transplants, heart, kidneys, lungs, diabetes, clots.

A screening test counts with its result: "hepatitis B surface antigen: non-reactive" is an absence. What stands under family, methods or
literature, and what is only to be ruled out, is nobody's.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import cache
from typing import ClassVar

from personalize.vocabulary import Lexicon, load
from records.extraction.context import context_at
from records.extraction.finding import Assertion, Finding, Kind
from records.extraction.header import ReportType
from records.extraction.patterns import lazy
from records.extraction.report import Report
from records.extraction.section_titles import Section
from records.extraction.segments import Segment

_TEST = lazy(r"antigen|antibod|\banti-|HBsAg|\bRNA\b|\bDNA\b|HIV|HBV|HCV|hepatitis [BC]|serolog|screen", re.I)
_RESULT = lazy(
    r"(?P<negative>\bnon-?reactive|\bnonreactive|\bnegative\b|\bneg\b|\bnot (?:detected|reactive)\b"
    r"|\bundetectable\b|\(-\))|(?P<positive>\breactive\b|\bpositive\b|\bdetected\b|\bdetectable\b|\binfection\b"
    r"|\bcarrier\b|\bon (?:entecavir|tenofovir|antiretroviral\w*)\b|\(\+\))",
    re.I,
)
_CERTAIN = lazy(
    r"\b(?:chronic|history of|known|diagnosed with|has|infected with|treated|cured|carrier of"
    r"|positive)\b[^.;]{0,25}$",
    re.I,
)
_SKIPPED = frozenset((Section.FAMILY, Section.SOCIAL, Section.GROSS, Section.SPECIMEN, Section.ALLERGIES, Section.PLAN))
_STAGE = lazy(r"^,? ?(?P<stage>\(?stage ?\d[ab]?\)?|stage ?[IV]+[ab]?)", re.I)
_FEATURE = lazy(
    r"^\W{0,3}\w?\W{0,2}(?:no|yes|unknown)\b(?! (?:evidence|longer))|^ ?[ -](?:induced|like|associated|related"
    r"|type|screen\w*|pattern|risk|precautions|clinic|vaccin\w*|prophylaxis|drug|medicine|monitoring)\b",
    re.I,
)


@cache
def _lexicon() -> Lexicon[tuple[str, str, bool]]:
    pairs: list[tuple[str, tuple[str, str, bool]]] = []
    for entry in load("comorbidities")["comorbidity"]:
        for key in ("words", "abbreviations"):
            words = [word.strip() for word in entry.get(key, "").split(";") if word.strip()]
            pairs += [
                (word, (entry["name"], entry["group"], key != "words")) for word in ([entry["name"], *words] if key == "words" else words)
            ]
    return Lexicon(pairs)


@cache
def groups() -> dict[str, str]:
    """Name → group of every comorbidity known."""
    return {entry["name"]: entry["group"] for entry in load("comorbidities")["comorbidity"]}


class Comorbidities:
    """Findings of kind COMORBIDITY: the first telling of each condition and assertion."""

    name: ClassVar[str] = "comorbidities"
    version: ClassVar[int] = 1

    def extract(self, report: Report) -> Iterable[Finding]:
        seen: set[tuple[str, Assertion]] = set()
        for segment, match in report.find(_lexicon()):
            name, _, is_short = match.entry
            if not _may_tell(report, segment, name) or (is_short and not _is_abbreviation(segment, match.start, match.end)):
                continue
            assertion = _assertion(report, segment, match.start, match.end)
            if assertion is None or (name, assertion) in seen:
                continue
            seen.add((name, assertion))
            stage = _STAGE.match(segment.text[match.end :]) if name == "chronic kidney disease" else None
            end = match.end + (stage.end() if stage else 0)
            said = f"{name} {stage.group('stage').strip('()').lower()}" if stage else name
            yield Finding(
                Kind.COMORBIDITY,
                {"name": said},
                (segment.evidence(match.start, end),),
                assertion,
                report.header.specimen_date or report.header.date,
                0.88 if segment.section in (Section.PAST_MEDICAL, Section.HISTORY) else 0.82,
                f"{Comorbidities.name}/{Comorbidities.version}",
            )


_OF_TISSUE = frozenset(("autoimmune pancreatitis", "chronic pancreatitis", "cirrhosis"))
_TOLD_AS_HISTORY = (Section.HISTORY, Section.PAST_MEDICAL)
_OPTION = lazy(r"^\W{0,3}\d{1,2}[.,)]? ")


def _may_tell(report: Report, segment: Segment, name: str) -> bool:
    """Check-lists of pathology print diseases that nobody has; only what they say of the history, or see in the tissue, counts."""
    if segment.section in _SKIPPED or segment.is_boilerplate or segment.section.is_about_nobody:
        return False
    is_history = segment.section in _TOLD_AS_HISTORY or "clinical" in segment.label
    if report.header.type is ReportType.PATHOLOGY and not is_history:
        return name in _OF_TISSUE
    if _OPTION.match(segment.text) and segment.section in (Section.UNKNOWN, Section.SYNOPTIC, Section.OTHER):
        return False
    return report.header.type is not ReportType.MOLECULAR or is_history


def _is_abbreviation(segment: Segment, start: int, end: int) -> bool:
    """Capitals among small letters."""
    letters = [letter for letter in segment.text if letter.isalpha()]
    return segment.text[start:end].isupper() and sum(letter.isupper() for letter in letters) < 0.6 * len(letters)


def _assertion(report: Report, segment: Segment, start: int, end: int) -> Assertion | None:
    """PRESENT, HISTORICAL, POSSIBLE or ABSENT; None where nothing is said of this patient."""
    after, before = segment.text[end:], segment.text[:start]
    if not after.strip(" :-"):
        after += " ".join(one.text[:45] for one in report.after(segment, 1))
    if _FEATURE.match(after):
        return None
    if _TEST.search(segment.text[start:end]):
        result = _RESULT.search(segment.text[start:end] + re.split(r"[.;]", after)[0][:45])
        if (result is not None and result.group("negative")) or re.search(
            r"\b(?:negative for|no|denies|non-?reactive for|without)\b[^.;]{0,45}$", before, re.I
        ):
            return Assertion.ABSENT
        if result is None and not _CERTAIN.search(before):
            return None
    context = context_at(segment, start, end)
    if context.is_about_nobody or context.assertion in (Assertion.FAMILY, Assertion.PLANNED, Assertion.PENDING, Assertion.NOT_TESTED):
        return None
    return context.assertion
