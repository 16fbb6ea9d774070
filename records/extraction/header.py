"""What a report says of itself: its type, its dates, whose it is, where it was made.

    report_of(report)             type, date, patient_name, birth_date, institution, is_amended: what is kept and shown of a document
    report_of(report).as_json()   the same as plain values, absent ones None: `report` of the read command and of a stored document

report.header (ReportHeader) holds more: the specimen's date, and the evidence for each.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from typing import TYPE_CHECKING, Any

from personalize.vocabulary import load
from records.extraction.dates import dates_in, dates_of
from records.extraction.finding import Evidence
from records.extraction.patterns import lazy
from records.extraction.section_titles import Section
from records.extraction.segments import Segment

if TYPE_CHECKING:
    from records.extraction.report import Report


class ReportType(StrEnum):
    """The kinds that the order of trust knows."""

    PATHOLOGY = "pathology"
    MOLECULAR = "molecular"
    ONCOLOGY_NOTE = "oncology_note"
    RADIOLOGY = "radiology"
    LABS = "labs"
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class ReportHeader:
    """Dates are ISO, cut to what is printed. is_amended: a corrected report or one with an addendum. Evidence by field name."""

    type: ReportType = ReportType.OTHER
    date: str | None = None
    specimen_date: str | None = None
    patient_name: str | None = None
    birth_date: str | None = None
    institution: str | None = None
    is_amended: bool = False
    evidence: tuple[tuple[str, Evidence], ...] = ()

    def evidence_for(self, name: str) -> Evidence | None:
        return dict(self.evidence).get(name)


@dataclass(frozen=True, slots=True)
class ReportIdentity:
    """What is kept of a document. date and birth_date are ISO, cut to what is printed; None: not printed."""

    type: ReportType
    date: str | None
    patient_name: str | None
    birth_date: str | None
    institution: str | None
    is_amended: bool

    def as_json(self) -> dict[str, Any]:
        return {
            "type": self.type.value,
            "date": self.date,
            "patient_name": self.patient_name,
            "birth_date": self.birth_date,
            "institution": self.institution,
            "is_amended": self.is_amended,
        }


def report_of(report: Report) -> ReportIdentity:
    """Whose record it is, of what type and from which day, as printed on it."""
    header = report.header
    name = header.patient_name or name_beside_birth_date(report)
    return ReportIdentity(header.type, written_on(report), name, header.birth_date, header.institution, header.is_amended)


def written_on(report: Report) -> str | None:
    """When the record was written: as labelled (a visit or an examination counts by its own day), else the first whole date near its top
    that is no birth date."""
    header = report.header
    if header.specimen_date and header.type in (ReportType.ONCOLOGY_NOTE, ReportType.RADIOLOGY):
        return header.specimen_date
    if header.date or header.specimen_date:
        return header.date or header.specimen_date
    for segment in report.segments[:25]:
        for mention in dates_in(segment):
            lead = segment.lower[max(0, mention.start - 16) : mention.start]
            if mention.date.day and mention.iso != header.birth_date and not re.search(r"born|dob|birth", lead):
                return mention.iso
    return None


_BESIDE = lazy(r"^\W*(?P<name>[A-Z][\w'-]+(?:,? [A-Z][\w'.-]*){1,3}?)\s*[,|]?\s*(?:\(?(?:DOB|D\.O\.B|MRN|born|date of birth))", re.I)


def name_beside_birth_date(report: Report) -> str | None:
    """ "Jane Example DOB 01/02/1960": a name that no label announces."""
    for segment in report.segments[:25]:
        found = _BESIDE.match(segment.text)
        if found and all(word[0].isupper() for word in re.findall(r"[^\W\d_]+", found.group("name"))):
            return found.group("name")
    return None


_LABELS: tuple[tuple[str, re.Pattern[str]], ...] = (
    (
        "birth_date",
        re.compile(r"\b(?:(?:date|year) of birth|birth ?date|birth ?year|n[ée]e? le|d\.?[o0]\.?b|born(?: on)?|geb(?:urtsdatum)?)\b", re.I),
    ),
    (
        "specimen_date",
        re.compile(
            r"\b(?:(?:date|dates?/time) (?:of )?(?:collect(?:ed|ion)|procedure|surgery|operation|specimen|biopsy|taken"
            r"|obtained)|(?:specimen|sample) (?:collect(?:ed|ion)|date|taken)(?: date| on)?|"
            r"collect(?:ed|ion)(?: date| on|/time)?|(?:surgery|procedure|operation|biopsy|draw|drawn|service|exam|visit"
            r"|study) date|date of (?:service|exam(?:ination)?|visit|study|draw)|drawn(?: on)?|taken)\b",
            re.I,
        ),
    ),
    (
        "date",
        re.compile(
            r"\b(?:report(?:ed)?(?: date| on|ed on)?|date (?:of )?(?:report(?:ed)?|signed|issued|final(?:ized)?"
            r"|completed|dictated|note)|sign(?:ed)?[ -]?out(?: date)?|(?:electronically )?signed(?: on)?"
            r"|final(?:ized)?(?: date| on)?|verified|issued|completed|"
            r"date reported|accessioned|note date|date)\b",
            re.I,
        ),
    ),
    ("received_date", re.compile(r"\b(?:date )?(?:received|accession(?:ed)? date|rec'd)(?: date| on)?\b", re.I)),
)
_NAME = lazy(
    (
        r"(?:^|\n|\s{2}|[|;])[ ]*(?:patient(?:'s)? name|name of patient|patient|name|pt name)[ ]*[:"
        r"|][ ]*([A-Z][\w'.-]+(?:,? [A-Z][\w'.-]*){1,4})"
    ),
    re.I,
)
_NAME_STOPS = lazy(
    (
        r"\s+(?:dob|d\.o\.b|mrn|sex|age|date|gender|id|case|accession|physician|location|room|medical|account|ssn|unit"
        r"|client|born|acct|hosp|page|report(?:ed)?|collected|received|accessioned|order(?:ed|ing)|requested|printed|provider"
        r"|attending|referring|exam|status|type|source|diagnosis|procedure|surgeon|pathologist|department|service|specimen|address|phone|nhs|visit|patient|race|no|number)\b.*"
    ),
    re.I,
)
_NOT_A_NAME = lazy(
    (
        r"\b(?:history|information|is|was|has|name|presented|with|the|and|education|care|consent|report|age|sex|id|redacted"
        r"|number|location|type|class|status|summary|of|tolerated|data|date|mrn|dob)\b"
    ),
    re.I,
)
_INSTITUTION = lazy(
    r"(?m)^[ ]*((?:[A-Z][\w.&'-]*[ ]){0,6}(?:Hospital|Medical Center|Cancer Center|Cancer Centre|Clinic|University"
    r"|Institute|Laborator(?:y|ies)|Infirmary|Health System|Healthcare|Klinikum|Diagnostics|HOSPITAL|MEDICAL CENTER"
    r"|CANCER CENTER|CLINIC|"
    r"UNIVERSITY|INSTITUTE|LABORATOR(?:Y|IES)|DIAGNOSTICS)(?:[ ](?:of[ ])?[A-Z][\w.&'-]*){0,5})[ ]*$"
)
_NOT_A_PLACE = lazy(r"\b(?:reports?|notes?|results?|summary|visit|record|tests?|values?|data)\b", re.I)
_AMENDED = lazy(
    (
        r"\b(?:amended|corrected|revised|addendum|supplement(?:al|ary)) (?:report|diagnosis|pathology|final)"
        r"|^[^\w\n]{0,40}(?:addendum|amendment|corrected report)\b"
    ),
    re.I | re.M,
)
_DATE_LIKE = lazy(r"\d[/.-]\d|\b(?:19|20)\d\d\b")
_SKIPPED = frozenset(
    (
        Section.HISTORY,
        Section.FAMILY,
        Section.PAST_MEDICAL,
        Section.LITERATURE,
        Section.TECHNIQUE,
        Section.PLAN,
        Section.TREATMENT,
        Section.MEDICATIONS,
        Section.LABS,
        Section.SOCIAL,
    )
)


def read_header(segments: Sequence[Segment], pages: dict[int, str], day_first: bool) -> ReportHeader:
    """The header of a whole document. What is not printed stays None."""
    text = "\n".join(pages.values())
    found = _labelled_dates(segments, day_first)
    name, name_evidence = _patient_name(segments)
    evidence = [(key, proof) for key, (_, proof) in found.items()]
    if name_evidence is not None:
        evidence.append(("patient_name", name_evidence))
    institution = next((one for one in _INSTITUTION.finditer(text[:3000]) if not _NOT_A_PLACE.search(one.group(1))), None)
    received = found.get("received_date", (None, None))[0]
    specimen = found.get("specimen_date", (None, None))[0]
    return ReportHeader(
        type=type_of(text),
        date=found.get("date", (None, None))[0] or received or specimen,
        specimen_date=specimen or received,
        patient_name=name,
        birth_date=found.get("birth_date", (None, None))[0],
        institution=institution.group(1).strip() if institution else None,
        is_amended=bool(_AMENDED.search(text)),
        evidence=tuple(evidence),
    )


@cache
def _type_words() -> tuple[tuple[ReportType, tuple[tuple[str, int], ...]], ...]:
    """(type, ((words, weight), ...)) in the order of the enum."""
    listed = load("report_types")
    return tuple(
        (kind, tuple((word, int(weight.removeprefix("weight_"))) for weight, words in listed[kind.value].items() for word in words))
        for kind in ReportType
        if kind.value in listed
    )


def type_of(text: str) -> ReportType:
    """The type whose words weigh most; OTHER where none weighs enough."""
    lowered = text[:40000].lower()
    head = lowered[:400]
    best, most = ReportType.OTHER, 3
    for kind, words in _type_words():
        weight = sum(points * (2 if word in head and points > 2 else 1) for word, points in words if word in lowered)
        if weight > most:
            best, most = kind, weight
    return best


# "radiation completed 12/2019" is an event; a report that gives no day says at least that it is dated
_NAMES_A_DATE = lazy(r"date|report|note|visit", re.I)
_ONLY_FILLER = lazy(r"[\s:=|.#()/-]*(?:(?:time|date|mm/dd/yyyy|on|of|at|by)[\s:=|./()-]*)?", re.I)


def _labelled_dates(segments: Sequence[Segment], day_first: bool) -> dict[str, tuple[str, Evidence]]:
    """The first date after each label, close behind it."""
    found: dict[str, tuple[str, Evidence]] = {}
    for segment in segments:
        if segment.section in _SKIPPED or not _DATE_LIKE.search(segment.text):
            continue
        mentions = list(dates_of(segment.text, day_first))
        for mention in mentions:
            previous = max((one.end for one in mentions if one.end <= mention.start), default=0)
            lead = segment.text[max(previous, mention.start - 45) : mention.start]
            name = next((name for name, label in _LABELS if _labels(label, lead)), None)
            is_whole = mention.date.day or (segment.index < 60 and _NAMES_A_DATE.search(lead))
            if name is not None and name not in found and (name == "birth_date" or is_whole):
                found[name] = (mention.iso, segment.evidence(mention.start, mention.end))
    return found


def _labels(label: re.Pattern[str], lead: str) -> bool:
    found = list(label.finditer(lead))
    return bool(found) and _ONLY_FILLER.fullmatch(lead, found[-1].end()) is not None


def _patient_name(segments: Sequence[Segment]) -> tuple[str | None, Evidence | None]:
    for segment in segments[:40]:
        match = _NAME.search(segment.text)
        if match is None:
            continue
        name = _NAME_STOPS.sub("", match.group(1)).strip(" ,.")
        if len(name) > 3 and (" " in name) and not _NOT_A_NAME.search(name):
            return name, segment.evidence(match.start(1), match.start(1) + len(name))
    return None, None
