"""Findings and reviews made for the tests of assembly: invented, with a quote that repeats what is said."""

from __future__ import annotations

import json
from typing import Any

from records.assembly import Decision, JudgedFinding, Review, Role
from records.extraction.finding import Assertion, Evidence, Finding, Kind


def said(
    kind: Kind,
    value: dict[str, Any],
    *,
    id: str,
    file: str = "note.pdf",
    type: str = "oncology_note",
    written: str | None = "2025-05-01",
    date: str | None = None,
    assertion: Assertion = Assertion.PRESENT,
    confidence: float = 0.95,
    reviews: tuple[Review, ...] = (),
    **more: Any,
) -> JudgedFinding:
    quote = json.dumps(value, sort_keys=True)
    finding = Finding(kind, value, (Evidence(1, 0, len(quote), quote),), assertion, date, confidence, "test/1")
    return JudgedFinding(finding, id, file, type, written, reviews=reviews, **more)


def coordinator(decision: Decision, at: str = "2025-06-01T09:00", corrected: dict[str, Any] | None = None) -> Review:
    return Review(decision, Role.COORDINATOR, at, corrected)


def patient(decision: Decision, at: str = "2025-06-02T09:00", corrected: dict[str, Any] | None = None) -> Review:
    return Review(decision, Role.PATIENT, at, corrected)


def ecog(value: int, **more: Any) -> JudgedFinding:
    return said(Kind.PERFORMANCE, {"scale": "ECOG", "value": value}, **more)


def diagnosis(name: str, code: str, site: str, **more: Any) -> JudgedFinding:
    value = {"name": name, "code": code, "site": site, "status": "confirmed", "behaviour": "primary", "historical": False}
    return said(Kind.DIAGNOSIS, value | more.pop("value", {}), **more)


def treatment(name: str, drugs: list[str], status: str = "given", **more: Any) -> JudgedFinding:
    value = {"kind": "systemic", "name": name, "drugs": drugs, "status": status} | more.pop("value", {})
    return said(Kind.TREATMENT, value, **more)
