from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from tests.api.conforming import Api
from tests.portal.conftest import as_alice, content, read_file, record, sign_in
from tests.records.paper import reader

__all__ = ["as_alice", "content", "read_file", "reader", "record", "sign_in"]


@pytest.fixture
def api(as_alice: Client, content: None) -> Api:
    """alice at the API; whatever comes back must be as the schema says."""
    return Api(as_alice)


@pytest.fixture
def bobs(bob: Any, sign_in: Any) -> Api:
    return Api(sign_in(bob))


@pytest.fixture
def carols(carol: Any, sign_in: Any) -> Api:
    return Api(sign_in(carol))
