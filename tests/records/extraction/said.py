"""One page of text through one extractor."""

from __future__ import annotations

from typing import Any

from records.extraction import extract_findings
from records.extraction.finding import Finding, Kind
from records.extraction.text import DocumentText


def findings(text: str, extractor: str, kind: Kind) -> list[Finding]:
    made = [one for one in extract_findings(DocumentText.of_text(text), (extractor,)) if one.kind is kind]
    for finding in made:
        for proof in finding.evidence:
            assert text[proof.start : proof.end] == proof.quote
    return made


def treatments(text: str) -> dict[str, dict[str, Any]]:
    """Name → value of what was given, goes on, is planned or was declined."""
    shown = ("given", "ongoing", "planned", "declined")
    return {
        str(one.value["name"]): dict(one.value)
        for one in findings(text, "treatments:Treatments", Kind.TREATMENT)
        if one.value["status"] in shown
    }


def statuses(text: str) -> dict[str, str]:
    return {name: str(value["status"]) for name, value in treatments(text).items()}
