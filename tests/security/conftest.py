from __future__ import annotations

from tests.portal.conftest import content, read_file, record, sign_in
from tests.records.paper import reader

__all__ = ["content", "read_file", "reader", "record", "sign_in"]
