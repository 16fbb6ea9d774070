from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from records.models import Patient
from tests.factories import make_patient
from tests.records.paper import Reader, reader

__all__ = ["reader"]


@pytest.fixture
def patient(alice: Any) -> Patient:
    """alice's record; she agreed that we read her files."""
    return make_patient(alice)


@pytest.fixture
def read(patient: Patient, reader: Reader) -> Iterator[Reader]:
    """alice's record and the reader of paper files."""
    yield reader
