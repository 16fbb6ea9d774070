"""States and the steps allowed between them, as data. docs/states.md is drawn from here (manage.py write_states) and compared in a test."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum


class DocumentState(StrEnum):
    RECEIVED = "received"
    READING = "reading"
    EXTRACTING = "extracting"
    READY = "ready"
    FAILED = "failed"


class WorkState(StrEnum):
    WAITING = "waiting"
    HELD = "held"
    DONE = "done"
    FAILED = "failed"


class StateError(Exception):
    """A step that the table does not have."""


D, W = DocumentState, WorkState

# Back to received: consent was withdrawn while it was read. failed → extracting: the person says the record is theirs and medical.
DOCUMENT_STEPS: Mapping[DocumentState, frozenset[DocumentState]] = {
    D.RECEIVED: frozenset({D.READING, D.FAILED}),
    D.READING: frozenset({D.RECEIVED, D.EXTRACTING, D.READY, D.FAILED}),
    D.EXTRACTING: frozenset({D.RECEIVED, D.READY, D.FAILED}),
    D.READY: frozenset({D.READING, D.EXTRACTING, D.FAILED}),
    D.FAILED: frozenset({D.READING, D.EXTRACTING}),
}

# A waiting row may be claimed (a lease, no state of its own: a claim ends by itself). Held: no consent now. failed → waiting: tried again.
WORK_STEPS: Mapping[WorkState, frozenset[WorkState]] = {
    W.WAITING: frozenset({W.DONE, W.FAILED, W.HELD}),
    W.HELD: frozenset({W.WAITING}),
    W.FAILED: frozenset({W.WAITING}),
    W.DONE: frozenset(),
}

UNFINISHED = (DocumentState.RECEIVED, DocumentState.READING, DocumentState.EXTRACTING)


def check_step(now: DocumentState | str, then: DocumentState) -> None:
    if then not in DOCUMENT_STEPS[DocumentState(now)]:
        raise StateError(f"{now} → {then}")


def draw_states() -> str:
    """docs/states.md."""
    return "\n".join(
        [
            "# States",
            "",
            "Drawn from `records/states.py` by `manage.py write_states`; a test compares them.",
            "",
            *_diagram("Document", DOCUMENT_STEPS, DocumentState.RECEIVED),
            *_diagram("Work (a row of the queue)", WORK_STEPS, WorkState.WAITING),
        ]
    )


def _diagram(title: str, steps: Mapping[StrEnum, frozenset[StrEnum]], first: StrEnum) -> list[str]:  # type: ignore[type-var]
    arrows = [f"    {now} --> {then}" for now in steps for then in sorted(steps[now])]
    return [f"## {title}", "", "```mermaid", "stateDiagram-v2", f"    [*] --> {first}", *arrows, "```", ""]
