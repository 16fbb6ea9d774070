from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator
from importlib import import_module
from io import StringIO
from typing import Any

import pytest
from django.core.management import call_command
from django.db import transaction
from django.test import Client
from django.utils import translation

from portal.models import User
from records.models import Document, Patient
from tests.factories import make_patient, make_read_document
from tests.portal import stand_ins
from tests.records.paper import Reader, paper, reader

__all__ = ["reader"]

DAY = dt.date(2026, 11, 25)


@pytest.fixture(scope="module")
def seeded(django_db_setup: None, django_db_blocker: Any) -> Iterator[None]:
    """The content and the trials of the seed, loaded once for all tests of a module."""
    with django_db_blocker.unblock(), transaction.atomic():
        call_command("load_content", verbosity=0, stdout=StringIO())
        yield
        transaction.set_rollback(True)


@pytest.fixture
def content(monkeypatch: pytest.MonkeyPatch) -> None:
    """The small site instead of the seed, and its answers as tailoring would give them."""
    import_module("portal.urls")  # a view that is first imported now would keep a stand-in for good
    monkeypatch.setattr("portal.content.current._content", lambda revision, language: stand_ins.CONTENT)
    monkeypatch.setattr("portal.views.answering.general", lambda slug: stand_ins.answer())
    monkeypatch.setattr("portal.views.answers.general", lambda slug: stand_ins.answer())
    monkeypatch.setattr("portal.views.answering.personal", lambda scope, patient, slug=None: stand_ins.rendered())
    monkeypatch.setattr("portal.views.answering.for_team", lambda scope, patient: stand_ins.rendered())
    monkeypatch.setattr("portal.views.facts.cards", lambda profile: stand_ins.cards())
    for place in ("mine", "trials", "facts", "privacy", "sharing"):
        monkeypatch.setattr(f"portal.views.{place}.personal", lambda scope, patient, slug=None: stand_ins.rendered())


@pytest.fixture(autouse=True)
def own_language() -> Iterator[None]:
    """The language of a test's last request stays on its thread."""
    yield
    translation.deactivate()


@pytest.fixture
def sign_in() -> Callable[[Any], Client]:
    def make(user: Any) -> Client:
        client = Client()
        client.force_login(user)
        return client

    return make


@pytest.fixture
def as_alice(alice: Any, sign_in: Callable[[Any], Client]) -> Client:
    return sign_in(alice)


@pytest.fixture
def as_bob(bob: Any, sign_in: Callable[[Any], Client]) -> Client:
    return sign_in(bob)


@pytest.fixture
def as_carol(carol: Any, sign_in: Callable[[Any], Client]) -> Client:
    return sign_in(carol)


@pytest.fixture
def root(db: None) -> Any:
    """An administrator."""
    return User.objects.create_superuser("root@example.org", "correct horse battery")


@pytest.fixture
def as_admin(root: Any, sign_in: Callable[[Any], Client]) -> Client:
    return sign_in(root)


@pytest.fixture
def on(monkeypatch: pytest.MonkeyPatch) -> Callable[[dt.date], None]:
    """It is 25 November 2026, until the test moves on."""

    def move(day: dt.date) -> None:
        monkeypatch.setattr("django.utils.timezone.localdate", lambda *args, **options: day)

    move(DAY)
    return move


@pytest.fixture
def hers(seeded: None, on: Callable[[dt.date], None], alice: Any, as_alice: Client) -> Patient:
    """alice has told her cancer and her KRAS change."""
    patient = make_patient(alice)
    as_alice.post("/facts/add/diagnosis/", {"name": "Pancreatic ductal adenocarcinoma"})
    as_alice.post("/facts/add/biomarker/", {"name": "KRAS", "status": "positive", "detail": "p.G12D"})
    return patient


@pytest.fixture
def record(alice: Any, reader: Reader) -> Patient:
    """alice agreed and may send files."""
    return make_patient(alice)


@pytest.fixture
def read_file(record: Patient) -> Document:
    """One file of alice, read to its end: two facts on two pages."""
    return make_read_document(record, paper("KRAS=positive found", "MSI=negative here"), name="alice-report.pdf")
