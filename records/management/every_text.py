"""What must hold of every text there is, labelled or not: each quote is the page's own words, and no age comes of a report without one."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from records.extraction import extract_findings
from records.extraction.finding import Finding, Kind
from records.extraction.text import DocumentText

# Their reports had ages taken out before they were published: a number read as one is an invention, or was overlooked by whoever took them out.
# Read by eye, the ten that are found in 4,339 reports are printed there as ages ("Age: 67", "a 76-year-old female"): each count is to be looked at.
_DE_IDENTIFIED = "tcga_"


@dataclass(slots=True)
class Told:
    """Counts. A quote is wrong unless page.text[start:end] is it, letter for letter."""

    texts: int = 0
    quotes: int = 0
    quotes_wrong: int = 0
    without_evidence: int = 0
    without_ages: int = 0
    ages_invented: int = 0

    def add(self, document: DocumentText, *, is_de_identified: bool = False) -> None:
        findings = extract_findings(document)
        self.texts += 1
        for found in findings:
            self.quotes += len(found.evidence)
            self.quotes_wrong += sum(document.page(one.page_number).text[one.start : one.end] != one.quote for one in found.evidence)
            self.without_evidence += not found.evidence
        if is_de_identified:
            self.without_ages += 1
            self.ages_invented += sum(_is_age(found) for found in findings)


def _is_age(found: Finding) -> bool:
    return found.kind in (Kind.AGE, Kind.BIRTH_DATE)


def told_by_every_text(folder: Path, told: Told) -> None:
    """Adds each text of the folder's JSON Lines: a row's own, and those of its documents where it has several."""
    for path in sorted(folder.glob("*.jsonl")):
        with path.open(encoding="utf-8") as lines:
            for line in lines:
                for text in _texts(json.loads(line)):
                    told.add(DocumentText.of_text(text), is_de_identified=path.name.startswith(_DE_IDENTIFIED))


def _texts(row: dict[str, Any]) -> Iterator[str]:
    for one in [row, *(row.get("docs") or [])]:
        if isinstance(one.get("text"), str):
            yield one["text"]
