from __future__ import annotations

from tests.portal.conftest import as_alice, content, read_file, record, sign_in
from tests.records.paper import reader

__all__ = ["as_alice", "content", "read_file", "reader", "record", "sign_in"]
