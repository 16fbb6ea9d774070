"""Stage groups: as stated, and as T, N and M make them by the 8th edition (`derived`), never mixed.

A stage counts only when it is a cancer's: not fibrosis, not kidneys, not an ulcer, not a guideline's patients.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Any, ClassVar

from records.extraction.context import context_at
from records.extraction.finding import Assertion, Finding, Kind
from records.extraction.mentions import mentions, mentions_by_segment
from records.extraction.patterns import lazy
from records.extraction.report import Report
from records.extraction.section_titles import Section
from records.extraction.segments import Segment
from records.extraction.tnm import TREATED, edition_in, edition_of, stagings_of
from records.extraction.tumours import anchor_at, stem_of
from records.extraction.validity import group_of

_ROMAN = r"[IVl1|]{1,4}"
_STAGE = lazy(
    rf"(?<![A-Za-z])(?P<system>FIGO|AJCC|UICC|Ann[ -]Arbor|Lugano|R-?ISS|ISS|Rai|Binet|Durie[ -]Salmon|TNM"
    rf"|INSS)?(?P<lead>[ ,:(-]*(?:\w+ ){{0,2}}?)\b[Ss](?:tage|TAGE|tadium|TADIUM)(?:[ -](?:group(?:ing)?"
    rf"|GROUP(?:ING)?))?(?:[ ]?\((?:AJCC|FIGO|UICC)[^)]{{0,20}}\))?(?P<gap>[ ]?[:=-]?[ ]?(?:is|was|of|disease"
    rf"|IS)?[ ]?[:(]?[ ]?)"
    rf"(?P<group>(?:{_ROMAN}|[0-4])(?![0-9]))[ ]?-?(?P<sub>[A-Ea-e](?![a-z])[1-3]?"
    rf"|[ABC]\d?)?(?:[ ]?[-/][ ]?(?P<second>{_ROMAN}|[A-E])(?P<sub2>[A-C])?)?(?=$|[^A-Za-z0-9]|[SEXB]\b)"
)
_BARE = lazy(
    rf"\b(?P<system>FIGO|R-?ISS|ISS|Rai|Ann[ -]Arbor|Lugano)[ :]+(?:stage )?(?P<group>{_ROMAN}"
    rf"|[0-4])(?P<sub>[A-Ea-e][1-3]?)?(?=$|[^A-Za-z0-9])"
)
_OTHER = lazy(
    r"fibros|bridging|hepatitis|kidney disease|\bCKD\b|renal failure|ulcer|pressure|decubitus|tanner|sleep|sarcoid|copd"
    r"|heart failure|chf|gold\b|parkinson|alzheimer|dementia|cirrhosis|retinopath|hypertension|endometriosis|glaucoma"
    r"|lymphedema|syphilis|labou?r"
    r"|\bcase\b|two-stage|first stage|second stage|batts|ludwig|scheuer|metavir|ishak|nafld|nash|biliary cholangitis"
    r"|pbc|osteoarthr|prolapse|trial|phase",
    re.I,
)
_LETTER = lazy(
    r"\b(?:p?[TNM]|tumou?r|nodal|T/N|end|early|late|advanced|per|two|multi|each|this|any|by|same|later|an?|next|first)[ -]$", re.I
)
_SYSTEMS = {
    "figo": "FIGO",
    "ajcc": "AJCC",
    "uicc": "AJCC",
    "tnm": "AJCC",
    "annarbor": "Ann Arbor",
    "lugano": "Lugano",
    "riss": "R-ISS",
    "iss": "ISS",
    "rai": "Rai",
    "binet": "Binet",
    "duriesalmon": "Durie-Salmon",
    "inss": "INSS",
}
_ARABIC = {"0": "0", "1": "I", "2": "II", "3": "III", "4": "IV"}
_FOR_ARABIC = lazy(
    (
        r"cancer|carcinoma|disease|adenoca|tumou?r|lymphoma|myeloma|leuk|pancrea|breast|colon|lung|AJCC|FIGO|group|metasta"
        r"|clinical|patholog|anatomic|melanoma|NSCLC|PDAC"
    ),
    re.I,
)


class StageGroup:
    """Findings of kind STAGE_GROUP: stated ones, then those that T, N and M make."""

    name: ClassVar[str] = "stage"
    version: ClassVar[int] = 1

    def extract(self, report: Report) -> Iterable[Finding]:
        for segment in report.segments:
            if (
                "tage" in segment.lower
                or "stadium" in segment.lower
                or " iss" in f" {segment.lower}"
                or "figo" in segment.lower
                or "rai " in segment.lower
                or "lugano" in segment.lower
                or "arbor" in segment.lower
            ) and not _is_nobodys(segment):
                yield from _stated(report, segment)
        yield from _derived(report)


def _is_nobodys(segment: Segment) -> bool:
    return segment.is_boilerplate or segment.section in (Section.LITERATURE, Section.TECHNIQUE, Section.GENE_LIST, Section.FAMILY)


def _stated(report: Report, segment: Segment) -> Iterator[Finding]:
    text = segment.text
    taken: list[tuple[int, int]] = []
    for grammar in (_STAGE, _BARE):
        for found in grammar.finditer(text):
            if any(start < found.end() and found.start() < end for start, end in taken):
                continue
            group = _group(found)
            start = found.start("system") if found.group("system") and grammar is _BARE else _word(found)
            if group is None or _is_of_something_else(text, found, start):
                continue
            taken.append(found.span())
            finding = _finding(report, segment, found, start, group)
            if finding is not None:
                yield finding


def _word(found: re.Match[str]) -> int:
    """Where "stage" or "Stadium" itself begins."""
    said = found.group(0).lower()
    return found.start() + max(said.find("stage"), said.find("stadium"))


def _is_of_something_else(text: str, found: re.Match[str], start: int) -> bool:
    before = text[max(0, start - 45) : start]
    if _OTHER.search(text[max(0, start - 40) : found.end() + 32]) or _LETTER.search(before):
        return True
    if re.match(r" ?(?:of|/|out of) ?[3-6]\b", text[found.end() :]) or re.match(
        r" ?(?:cm|mm|%|weeks?|days?|patients?|-? ?node|trials?|stud)", text[found.end() :], re.I
    ):
        return True
    is_arabic = found.group("group") in "01234" and not found.groupdict().get("sub")
    is_labelled = ":" in (found.groupdict().get("gap") or "")
    return is_arabic and not (is_labelled or _FOR_ARABIC.search(text[max(0, start - 30) : found.end() + 40]) or found.group("system"))


def _group(found: re.Match[str]) -> str | None:
    """ "llA" → "IIA", "3b" → "IIIB"; None where the letters make no stage."""
    group, sub = found.group("group"), (found.groupdict().get("sub") or "").upper()
    roman = _ARABIC.get(group) if group in _ARABIC and group != "1" else re.sub(r"[l1|]", "I", group)
    if roman not in ("0", "I", "II", "III", "IV"):
        return None
    system = _SYSTEMS.get(re.sub(r"[^a-z]", "", (found.group("system") or "").lower()), "")
    if system == "Rai":
        return roman
    second = found.groupdict().get("second")
    if second and sub == "" and second in "AB":
        return None
    return roman + sub


_MEANS = lazy(r"\W{0,2}(?:cancer |disease )?(?:means|is defined|refers to)\b", re.I)


def _finding(report: Report, segment: Segment, found: re.Match[str], start: int, group: str) -> Finding | None:
    context = context_at(segment, start, found.end())
    if context.assertion in (Assertion.ABSENT, Assertion.FAMILY) and not segment.section.is_about_nobody:
        return None
    if _MEANS.match(segment.text, found.end()):
        return None
    lead = (found.groupdict().get("lead") or "") + segment.text[max(0, start - 30) : start]
    near = _tumour_beside(report, segment, start, found.end())
    tumour = near or anchor_at(report, segment, start)
    system = _SYSTEMS.get(re.sub(r"[^a-z]", "", (found.group("system") or "").lower())) or _usual_system(report, tumour)
    repaired = bool(re.search(r"[l1|]", found.group("group"))) and found.group("group") not in "1"
    prefix = "c" if re.search(r"clinical", lead, re.I) else "p" if re.search(r"patholog", lead, re.I) else None
    value: dict[str, Any] = {
        "group": group,
        "system": system,
        "prefix": prefix,
        "tumour": tumour,
        "derived": False,
        "edition": edition_of(segment.text) or report.once(edition_in),
    }
    confidence = 0.68 if repaired else 0.95 if near or prefix or found.group("system") or segment.label_end else 0.9
    is_kept = context.assertion in (Assertion.HISTORICAL, Assertion.POSSIBLE, Assertion.PLANNED) and context.cue not in TREATED
    assertion = context.assertion if is_kept else Assertion.PRESENT
    if (
        re.search(r"original|initial|at diagnosis|at presentation", segment.lower[max(0, start - 40) : found.end() + 40])
        and assertion is Assertion.HISTORICAL
    ):
        assertion = Assertion.PRESENT
    return Finding(
        Kind.STAGE_GROUP,
        {key: one for key, one in value.items() if one is not None},
        (segment.evidence(start, found.end()),),
        assertion,
        report.date_of(segment, start, found.end()),
        confidence,
        f"{StageGroup.name}/{StageGroup.version}",
    )


def _tumour_beside(report: Report, segment: Segment, start: int, end: int) -> str | None:
    """The cancer named right behind the stage ("stage IV pancreatic cancer"), or before it."""
    mine = [one for one in mentions_by_segment(report).get(segment.index, []) if one.organ]
    behind = [one for one in mine if 0 <= one.start - end < 45]
    before = [one for one in mine if 0 <= start - one.end < 45]
    near = min(behind, key=lambda one: one.start, default=None) or max(before, key=lambda one: one.end, default=None)
    return near.organ if near is not None else None


def _usual_system(report: Report, tumour: str | None) -> str:
    code = report.once(_blood_cancers).get(tumour)
    return "AJCC" if code is None else {"PCM": "ISS", "CLLSLL": "Rai"}.get(code, "Ann Arbor")


def _blood_cancers(report: Report) -> dict[str | None, str]:
    """Organ → the code of the cancer of the blood that is named first there."""
    found: dict[str | None, str] = {}
    for one in mentions(report):
        if one.kind is not None and one.kind.is_blood:
            found.setdefault(one.organ, one.kind.code)
    return found


def _derived(report: Report) -> Iterator[Finding]:
    """The group of each staging whose organ has a table; the parts are its evidence."""
    seen: set[tuple[str, str]] = set()
    for finding in report.once(stagings_of):
        tumour = finding.value.get("tumour")
        if tumour is None or finding.confidence < 0.7 or finding.assertion is not Assertion.PRESENT:
            continue
        group = group_of(stem_of(report, tumour), finding.value.get("t"), finding.value.get("n"), finding.value.get("m"))
        if group is None or (tumour, group) in seen:
            continue
        seen.add((tumour, group))
        value = {"group": group, "system": "AJCC", "edition": "8", "tumour": tumour, "derived": True, "prefix": finding.value.get("prefix")}
        yield Finding(
            Kind.STAGE_GROUP,
            {key: one for key, one in value.items() if one is not None},
            finding.evidence,
            Assertion.PRESENT,
            finding.date,
            min(finding.confidence, 0.89),
            f"{StageGroup.name}/{StageGroup.version}",
        )
