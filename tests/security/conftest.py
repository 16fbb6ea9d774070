from __future__ import annotations

import logging
from collections.abc import Iterator

import pytest

from portal.logs import ListedFieldsFormatter
from tests.portal.conftest import as_alice, content, read_file, record, sign_in
from tests.records.paper import reader

__all__ = ["as_alice", "content", "read_file", "reader", "record", "sign_in"]


class _Kept(logging.Handler):
    def __init__(self) -> None:
        super().__init__()
        self.lines: list[str] = []
        self.setFormatter(ListedFieldsFormatter())

    def emit(self, record: logging.LogRecord) -> None:
        self.lines.append(self.format(record))


@pytest.fixture
def log() -> Iterator[list[str]]:
    """All that any logger says, at the most talkative level, as production writes it."""
    kept, root = _Kept(), logging.getLogger()
    before = root.level
    root.addHandler(kept)
    root.setLevel(logging.DEBUG)
    yield kept.lines
    root.setLevel(before)
    root.removeHandler(kept)
