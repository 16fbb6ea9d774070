"""From read files to the line of the profile command: each file's outcome, the profile, the conflicts."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import PurePath
from typing import Any

from personalize.codec import encode_profile
from personalize.profile import Conflict
from records.assembly.documents import DocumentOutcome, ReadDocument, judge_documents
from records.assembly.judged import JudgedFinding
from records.assembly.legibility import is_poorly_read, is_printed
from records.assembly.profile import Assembled, assemble
from records.extraction import Report, findings_of, parse_report
from records.extraction.finding import Finding
from records.extraction.header import name_beside_birth_date, report_of, written_on
from records.extraction.text import DocumentText

__all__ = ["FileRead", "assemble_line", "judged_findings", "name_beside_birth_date", "text_line", "written_on"]


@dataclass(frozen=True, slots=True)
class FileRead:
    """One file for a line. text: None where the file could not be read, then error is its code."""

    file: str
    text: DocumentText | None
    sha256: str = ""
    error: str | None = None


@dataclass(frozen=True, slots=True)
class Extracted:
    """What a report says, ready to be judged."""

    report: Report
    findings: tuple[Finding, ...]


def extracted(text: DocumentText) -> Extracted:
    report = parse_report(text)
    return Extracted(report, tuple(findings_of(report)))


def read_document(file: FileRead, made: Extracted | None) -> ReadDocument:
    """The file as judge_documents wants it."""
    if made is None or file.text is None:
        return ReadDocument(file.file, file.sha256, error=file.error or "damaged")
    whose = report_of(made.report)
    text = "\n".join(page.text for page in file.text.pages)
    return ReadDocument(file.file, file.sha256, None, whose.patient_name, whose.birth_date, text, len(made.findings))


def judged_findings(file: str, made: Extracted) -> list[JudgedFinding]:
    """The findings of one file as nobody has reviewed them; ids are stable: file, kind and place."""
    source = report_of(made.report)
    pages = {page.number: page for page in made.report.document.pages}
    return [
        JudgedFinding(
            finding,
            f"{file}#{number}",
            file,
            source.type.value,
            source.date,
            is_poorly_read(finding, pages),
            source.is_amended,
            is_printed=is_printed(finding, pages),
        )
        for number, finding in enumerate(made.findings)
    ]


def assemble_line(folder: str, files: Sequence[FileRead], *, today: date) -> dict[str, Any]:
    """The line of contract section 2 for one patient's files."""
    ordered = sorted(files, key=lambda one: one.file)
    made = {one.file: extracted(one.text) for one in ordered if one.text is not None and not one.error}
    outcomes = judge_documents([read_document(one, made.get(one.file)) for one in ordered])
    judged = [
        finding
        for one in ordered
        if outcomes[one.file] == DocumentOutcome.READ.value and one.text is not None
        for finding in judged_findings(one.file, made[one.file])
    ]
    assembled = assemble(judged, today=today)
    return {
        "folder": folder,
        "documents": [{"file": one.file, "outcome": outcomes[one.file]} for one in ordered],
        **encode_assembled(assembled),
    }


def text_line(row_id: Any, text: str, *, today: date) -> dict[str, Any]:
    """The line for one patient who is one page of text."""
    file = f"{row_id}.txt"
    made = extracted(DocumentText.of_text(text, file))
    return {"id": row_id, **encode_assembled(assemble(judged_findings(file, made), today=today))}


def encode_assembled(assembled: Assembled) -> dict[str, Any]:
    return {"profile": encode_profile(assembled.profile), "conflicts": [_encode(one) for one in assembled.conflicts]}


def _encode(one: Conflict) -> Mapping[str, Any]:
    return {
        "field": one.field,
        "values": list(one.values),
        "chosen": one.chosen,
        "why": one.why,
        "evidence": [{"file": PurePath(ref.file).name, "page": ref.page, "quote": ref.quote} for ref in one.evidence],
    }


def digest_of(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()
