"""From stored pages to stored findings."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from records.assembly.documents import ReadDocument, is_medical
from records.assembly.line import name_beside_birth_date, written_on
from records.exceptions import ReadingError
from records.extraction import Report, findings_of, parse_report
from records.extraction.finding import Finding as Found
from records.extraction.text import DocumentText
from records.keys import digest
from records.models import Document, Evidence, Finding, Page


@dataclass(frozen=True, slots=True)
class Extracted:
    """What a document says. report, as JSON: type, date, is_amended, patient_name, birth_date, institution. is_medical: it is a record."""

    findings: tuple[Found, ...]
    report: dict[str, Any]
    is_medical: bool


def extract(document: Document, pages: Sequence[Page]) -> Extracted:
    """Raises ReadingError: blank."""
    text = DocumentText(tuple(page.page_text for page in pages), document.name)
    if not any(page.text.strip() for page in text.pages):
        raise ReadingError("blank")
    report = parse_report(text)
    findings = tuple(findings_of(report))
    words = "\n".join(page.text for page in text.pages)
    return Extracted(findings, _header(report), is_medical(ReadDocument(document.name, text=words, finding_count=len(findings))))


def _header(report: Report) -> dict[str, Any]:
    header = report.header
    return {
        "type": header.type.value,
        "date": written_on(report),
        "is_amended": header.is_amended,
        "patient_name": header.patient_name or name_beside_birth_date(report),
        "birth_date": header.birth_date,
        "institution": header.institution,
    }


def store_findings(document: Document, pages: Sequence[Page], extracted: Extracted) -> None:
    """Add what is new; what the newest extraction no longer says stays, no longer current. Nothing is overwritten."""
    said = {fingerprint_of(document, found): found for found in extracted.findings}
    known = set(Finding.objects.filter(document=document).values_list("fingerprint", flat=True))
    add_found(document, {fingerprint: found for fingerprint, found in said.items() if fingerprint not in known}, pages)
    Finding.objects.filter(document=document).exclude(fingerprint__in=said).update(is_current=False)
    Finding.objects.filter(document=document, fingerprint__in=said).update(is_current=True)


def add_found(document: Document, founds: Mapping[str, Found], pages: Iterable[Page]) -> list[Finding]:
    """Rows of what was found, by fingerprint, with their evidence on these pages."""
    by_number = {page.number: page for page in pages}
    made = Finding.objects.bulk_create(
        Finding(
            patient_id=document.patient_id,
            document=document,
            kind=found.kind.value,
            value=dict(found.value),
            assertion=found.assertion.value,
            date=found.date,
            confidence=found.confidence,
            extractor=found.extractor,
            fingerprint=fingerprint,
        )
        for fingerprint, found in founds.items()
    )
    Evidence.objects.bulk_create(
        Evidence(
            patient_id=document.patient_id, finding=row, page=by_number[one.page_number], start=one.start, end=one.end, quote=one.quote
        )
        for row, found in zip(made, founds.values(), strict=True)
        for one in found.evidence
    )
    return made


def fingerprint_of(document: Document, found: Found) -> str:
    """Of what is said and the words that say it, not of where on the page they stand: a re-read may move them by a character."""
    quotes = [[one.page_number, " ".join(one.quote.split())] for one in found.evidence]
    said = [found.kind.value, dict(found.value), found.assertion.value, found.date, quotes]
    return digest(document.patient_id, json.dumps(said, sort_keys=True, ensure_ascii=False).encode())
