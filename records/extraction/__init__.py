"""Page text in, findings out: what a document says, each with the words that say it. Pure; no clock, no network, no database.

An extractor is a class with a name, a version and `extract(report)`. To add one, add its module to EXTRACTORS.

    class Grade:
        name: ClassVar[str] = "grade"
        version: ClassVar[int] = 1

        def extract(self, report: Report) -> Iterable[Finding]:
            for segment, match in report.find(lexicon()):                 # spans are relative to the segment
                context = context_at(segment, match.start, match.end)     # found, absent, planned, a relative's ...
                if context.is_about_nobody: continue                      # boilerplate never becomes a finding
                yield Finding(..., evidence=(segment.evidence(match.start, match.end),), ...)
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import cache
from importlib import import_module
from typing import ClassVar, Protocol

from records.extraction.finding import Finding
from records.extraction.report import Report, parse_report
from records.extraction.text import DocumentText

__all__ = ["EXTRACTORS", "DocumentText", "Extractor", "Report", "extract_findings", "findings_of", "parse_report"]


class Extractor(Protocol):
    """One field's rules. Raise version whenever the rules change what is found."""

    name: ClassVar[str]
    version: ClassVar[int]

    def extract(self, report: Report) -> Iterable[Finding]: ...


# "module:Class" under records.extraction, in the order in which they run
EXTRACTORS: tuple[str, ...] = (
    "diagnosis:Diagnosis",
    "tnm:Tnm",
    "derived:Derived",
    "grade:Grade",
    "nodes:Nodes",
    "stage:StageGroup",
    "extent:Extent",
    "metastasis:Metastasis",
    "demographics:Demographics",
    "biomarkers:Biomarkers",
    "treatments:Treatments",
    "performance:Performance",
    "labs:Labs",
    "hla:Hla",
    "family:Family",
    "comorbidities:Comorbidities",
    "allergies:Allergies",
    "medications:Medications",
)


@cache
def extractor_named(path: str) -> Extractor:
    """The extractor behind "module:Class", built once."""
    module, name = path.split(":")
    made: Extractor = getattr(import_module(f"records.extraction.{module}"), name)()
    return made


def extract_findings(document: DocumentText, extractors: Sequence[str | Extractor] = EXTRACTORS) -> list[Finding]:
    """All findings of a document, each once, in reading order."""
    return findings_of(parse_report(document), extractors)


def findings_of(report: Report, extractors: Sequence[str | Extractor] = EXTRACTORS) -> list[Finding]:
    """As extract_findings, for a report already parsed."""
    found: dict[str, Finding] = {}
    for one in extractors:
        extractor = extractor_named(one) if isinstance(one, str) else one
        for finding in extractor.extract(report):
            found.setdefault(_fingerprint(finding), finding)
    return sorted(found.values(), key=_place)


def _fingerprint(finding: Finding) -> str:
    return f"{finding.kind}|{sorted(finding.value.items(), key=str)}|{finding.evidence}|{finding.assertion}"


def _place(finding: Finding) -> tuple[int, int, str]:
    first = finding.evidence[0] if finding.evidence else None
    return (first.page_number if first else 0, first.start if first else 0, finding.kind)
