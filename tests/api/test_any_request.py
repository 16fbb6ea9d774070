"""Requests that nobody thought of: schemathesis makes them from the schema, good and bad ones, and its checks look at what comes back."""

from __future__ import annotations

from contextlib import closing, suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
import schemathesis
from django.conf import settings
from django.core.handlers.wsgi import WSGIHandler
from django.core.signals import request_finished, request_started
from django.db import close_old_connections
from hypothesis import HealthCheck, Phase, given, seed
from hypothesis import settings as limits
from hypothesis.errors import Unsatisfiable
from schemathesis import GenerationMode

from portal.api.base import People, Visitors
from portal.tokens import make_token
from records.models import Document, Patient
from tests.factories import ask_for_review, make_read_document
from tests.records.paper import paper

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("content")]
EXAMPLES = 2
CONFIG = schemathesis.Config.from_path(Path(settings.BASE_DIR) / "schemathesis.toml")


@pytest.fixture
def no_limits(monkeypatch: pytest.MonkeyPatch) -> None:
    for throttle in (People, Visitors):
        monkeypatch.setattr(throttle, "allow_request", lambda self, request, view: True)


def served(environ: dict[str, Any], start_response: StartResponse) -> list[bytes]:
    """The site behind a server that ends its responses, as every server does: the files that were sent are closed then."""
    request_started.disconnect(close_old_connections)  # as Django's own client does: the connection is the test's
    request_finished.disconnect(close_old_connections)
    try:
        with closing(WSGIHandler()(environ, start_response)) as response:
            return [b"".join(response)]
    finally:
        request_started.connect(close_old_connections)
        request_finished.connect(close_old_connections)


@pytest.mark.usefixtures("no_limits")
@pytest.mark.parametrize("mode", list(GenerationMode), ids=lambda one: one.value)
def test_nothing_that_can_be_asked_breaks_the_api_or_its_promises(
    mode: GenerationMode, alice: Any, read_file: Document, record: Patient
) -> None:
    review = ask_for_review(record)
    secret = make_token(user=alice, name="Tester", scopes=["read", "write", "review"], days=1)[1]
    tried = 0
    for operation in schemathesis.openapi.from_wsgi("/api/v1/schema/?format=json", served, config=CONFIG).get_all_operations():
        document = Document.objects.filter(patient=record, status="ready", findings__isnull=False).first() or _another(record)
        ids = {"document": str(document.pk), "finding": str(document.findings.first().pk), "review": str(review.pk)}
        _try(operation.ok(), mode, ids, {"Authorization": f"Bearer {secret}"})
        tried += 1
    assert tried > 30


def _another(record: Patient) -> Document:
    """The one before was deleted on the way."""
    return make_read_document(record, paper("KRAS=positive", title=str(Document.objects.count())))


def _try(operation: Any, mode: GenerationMode, ids: dict[str, str], headers: dict[str, str]) -> None:
    mine = {one.name: ids[one.name] for one in operation.path_parameters if one.name in ids}

    @seed(8)
    @limits(max_examples=EXAMPLES, deadline=None, database=None, phases=[Phase.generate], suppress_health_check=list(HealthCheck))
    @given(operation.as_strategy(generation_mode=mode, path_parameters=mine or None))
    def run(case: Any) -> None:
        case.call_and_validate(headers=headers)

    with suppress(Unsatisfiable):  # nothing can be wrong with a request that has no parts
        run()
