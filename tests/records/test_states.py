from __future__ import annotations

from pathlib import Path

import pytest

from records.states import DOCUMENT_STEPS, WORK_STEPS, DocumentState, StateError, WorkState, check_step, draw_states

ROOT = Path(__file__).parents[2]


def test_the_drawing_is_what_the_tables_say() -> None:
    assert (ROOT / "docs" / "states.md").read_text(encoding="utf-8") == draw_states(), "run: manage.py write_states"


def test_every_state_has_its_row() -> None:
    assert set(DOCUMENT_STEPS) == set(DocumentState)
    assert set(WORK_STEPS) == set(WorkState)


@pytest.mark.parametrize("start", DocumentState)
def test_from_every_state_a_document_can_end(start: DocumentState) -> None:
    reached, now = set(), {start}
    while now - reached:
        reached |= now
        now = {then for one in now for then in DOCUMENT_STEPS[one]}
    assert {DocumentState.READY, DocumentState.FAILED} <= reached


def test_a_step_that_the_table_lacks_is_refused() -> None:
    check_step("received", DocumentState.READING)
    with pytest.raises(StateError):
        check_step("received", DocumentState.READY)
