"""Everything that is held about a person, as one ZIP that is made while it is sent."""

from __future__ import annotations

import json
import zipfile
from collections.abc import Iterator
from typing import Any

from personalize.codec import encode_profile
from portal.trials.saving import saved_trials
from records.models import Patient
from records.scope import Scope


def held_of(scope: Scope, patient: Patient) -> dict[str, Any]:
    """All that we keep beside the files, as JSON: facts and the words behind them, what people said, agreements, and who looked."""
    current = scope.profile(patient)
    return {
        "profile": encode_profile(current.profile) if current else None,
        "conflicts": [{"field": one.field, "values": list(one.values), "why": one.why} for one in current.conflicts] if current else [],
        "files": [_file(one) for one in scope.documents(patient)],
        "findings": [_finding(one) for one in scope.findings(patient)],
        "said": [{"kind": one.kind, "value": one.value, "date": one.date, "at": _at(one.at)} for one in scope.statements(patient)],
        "reviews": [_review(one) for one in scope.reviews(patient)],
        "questions": [
            {"asked": one.text, "at": _at(one.asked_at), "answer": one.answer, "answered_at": _at(one.answered_at)}
            for one in scope.questions(patient)
        ],
        "saved_trials": list(saved_trials(patient)),
        "place": patient.place,
        "agreements": [
            {"purpose": one.purpose, "version": one.version, "given_at": _at(one.given_at), "withdrawn_at": _at(one.withdrawn_at)}
            for one in scope.consents(patient)
        ],
        "shared": [
            {
                "to": str(one.to or "care coordinators"),
                "rights": one.rights,
                "until": _at(one.until),
                "revoked_at": _at(one.revoked_at),
                "ended_why": one.ended_why,
            }
            for one in scope.grants(patient)
        ],
        "support": [
            {
                "opened_at": _at(one.opened_at),
                "until": _at(one.until),
                "ended_at": _at(one.ended_at),
                "reason": one.reason,
                "ended_why": one.ended_why,
            }
            for one in scope.support(patient)
        ],
        "log": [
            {"at": _at(one.at), "who": one.actor_role, "action": one.action, "why": one.purpose, "outcome": one.outcome}
            for one in scope.access_log(patient)
        ],
    }


def _file(document: Any) -> dict[str, Any]:
    return {"name": document.name, "received_at": _at(document.received_at), "status": document.status, "report": document.report}


def _finding(finding: Any) -> dict[str, Any]:
    return {
        "file": finding.document.name,
        "kind": finding.kind,
        "value": finding.value,
        "assertion": finding.assertion,
        "date": finding.date,
        "quotes": [{"page": one.page.number, "words": one.quote} for one in finding.evidence.all()],
    }


def _review(review: Any) -> dict[str, Any]:
    told = {"kind": review.finding.kind, "decision": review.decision, "corrected": review.corrected, "note": review.note}
    return {**told, "by": review.by_role, "at": _at(review.at)}


def _at(moment: Any) -> str | None:
    return moment.isoformat() if moment else None


class _Pipe:
    """What zipfile writes, to be taken out piece by piece."""

    def __init__(self) -> None:
        self.held: list[bytes] = []

    def write(self, piece: Any) -> int:
        self.held.append(bytes(piece))
        return len(piece)

    def flush(self) -> None:
        """Nothing waits here."""

    def take(self) -> bytes:
        held, self.held = b"".join(self.held), []
        return held


def zipped(scope: Scope, patient: Patient, held: dict[str, Any], summary: bytes | None) -> Iterator[bytes]:
    pipe = _Pipe()
    with zipfile.ZipFile(pipe, "w", zipfile.ZIP_STORED) as archive:  # type: ignore[call-overload]
        archive.writestr("facts.json", json.dumps(held, indent=1, ensure_ascii=False))
        if summary is not None:
            archive.writestr("for-my-doctor.pdf", summary)
        for number, document in enumerate(scope.documents(patient), start=1):
            with archive.open(f"files/{number:03}-{_safe(document.name)}", "w", force_zip64=True) as entry:
                for piece in scope.original(document):
                    entry.write(piece)
                    yield pipe.take()
    yield pipe.take()


def _safe(name: str) -> str:
    return "".join(letter if letter.isalnum() or letter in "._- " else "_" for letter in name).lstrip(".") or "file"
