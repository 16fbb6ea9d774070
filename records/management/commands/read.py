"""Reads files and prints what they say, one JSON line each, without a database. For scorers, and to look at one file."""

from __future__ import annotations

import json
from argparse import ArgumentParser
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from records.exceptions import REASONS
from records.extraction import DocumentText, findings_of, parse_report
from records.extraction.finding import Evidence, Finding
from records.management.reading_files import FileRead, files_below, read_files
from records.reading.page import PageText


class Command(BaseCommand):
    help = "Read and extract each file as one document. A file that cannot be read is a line with an error."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("paths", nargs="*", type=Path, metavar="PATH", help="a file, or a folder: every file below it")
        parser.add_argument("--jsonl", action="store_true", help="JSON Lines, one a file (the only format; said for clarity)")
        parser.add_argument("--password", action="append", default=[], metavar="FILE=SECRET", help="for a locked file; may be repeated")
        parser.add_argument("--text-jsonl", type=Path, metavar="FILE", help='lines of {"id": …, "text": …}, each one page of text')

    def handle(self, *args: Any, paths: list[Path], text_jsonl: Path | None, password: list[str], **options: Any) -> None:
        if not paths and text_jsonl is None:
            raise CommandError("Name a file, a folder, or --text-jsonl FILE.")
        for line in _text_lines(text_jsonl) if text_jsonl else _file_lines(paths, _passwords(password)):
            self.stdout.write(json.dumps(line, ensure_ascii=False))


def _passwords(given: list[str]) -> dict[str, str]:
    """FILE=SECRET, cut at the first sign of equality."""
    pairs = [one.partition("=") for one in given]
    if any(not sign for _, sign, _ in pairs):
        raise CommandError("--password takes FILE=SECRET.")
    return {file: secret for file, _, secret in pairs}


def _file_lines(paths: list[Path], passwords: dict[str, str]) -> Iterator[dict[str, Any]]:
    missing = [path for path in paths if not path.exists()]
    if missing:
        raise CommandError(f"No such file or folder: {missing[0]}")
    for file in read_files(files_below(paths), passwords):
        yield {"file": file.name, "media_type": file.media_type} | _line(file)


def _text_lines(path: Path) -> Iterator[dict[str, Any]]:
    with path.open(encoding="utf-8") as stream:
        for row in filter(str.strip, stream):
            made = json.loads(row)
            document = DocumentText.of_text(str(made["text"]))
            yield {"id": made["id"], "error": None} | _said(document)


def _line(file: FileRead) -> dict[str, Any]:
    if file.error is not None:
        return {"error": {"code": file.error, "message": " ".join(REASONS[file.error])}, "report": None, "pages": [], "findings": []}
    pages_not_read = [{"number": number, "code": code} for number, code in sorted(file.page_codes.items())]
    return {"error": None, "pages_not_read": pages_not_read} | _said(DocumentText(file.pages, file.name))


def _said(document: DocumentText) -> dict[str, Any]:
    report = parse_report(document)
    header = report.header
    by_number = {page.number: page for page in document.pages}
    return {
        "report": {"type": header.type.value, "date": header.date, "patient_name": header.patient_name},
        "pages": [_page(page) for page in document.pages],
        "findings": [_finding(one, by_number) for one in findings_of(report)],
    }


def _page(page: PageText) -> dict[str, Any]:
    return {
        "number": page.number,
        "source": page.source.value,
        "width": page.width,
        "height": page.height,
        "text": page.text,
        "rotation": page.rotation,
        "quality": page.quality,
    }


def _finding(found: Finding, pages: dict[int, PageText]) -> dict[str, Any]:
    return {
        "kind": found.kind.value,
        "value": dict(found.value),
        "assertion": found.assertion.value,
        "date": found.date,
        "confidence": found.confidence,
        "evidence": [_evidence(one, pages[one.page_number]) for one in found.evidence],
    }


def _evidence(one: Evidence, page: PageText) -> dict[str, Any]:
    boxes = [[round(at, 5) for at in (box.x0, box.top, box.x1, box.bottom)] for box in page.boxes(one.start, one.end)]
    return {"page": one.page_number, "start": one.start, "end": one.end, "quote": one.quote, "boxes": boxes}
