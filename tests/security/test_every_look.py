"""Every URL of the map that shows something of a record leaves one row of the log when it is looked at; the others are named here."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from records.models import AuditEvent
from tests.security.test_access_matrix import World, looking, world
from tests.security.test_access_walk import (
    API_ABSENT,
    API_ACCOUNT,
    API_EDITORS,
    API_FRESH,
    API_PUBLIC,
    NEITHER,
    PUBLIC,
    SUPPORT_HERS,
    TOKEN_ONLY,
    all_urls,
)

__all__ = ["looking", "world"]
pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("looking")]

# They name no fact of anybody: public pages, forms that are still empty, accounts, lists of records by opaque names.
SILENT = (
    PUBLIC
    | TOKEN_ONLY
    | API_PUBLIC
    | API_ABSENT
    | API_ACCOUNT
    | NEITHER
    | API_EDITORS
    | {
        "account",
        "review_queue",
        "api:queue",
        "invited",
        "upload",
        "add_fact",
        "delete_all",
    }
)
ASKS_FIRST = API_FRESH | {"export", "delete_all", "sharing"}


def _looks(client: Client, patient: Any, path: str) -> tuple[int, list[str]]:
    last = AuditEvent.objects.count()
    response: Any = client.get(path)
    assert b"".join(response.streaming_content) if response.streaming else response.content is not None
    left = AuditEvent.objects.filter(id__gt=last, patient=patient.pk)
    assert AuditEvent.objects.filter(id__gt=last).count() == left.count(), "a row is filed under the record that it is about"
    return response.status_code, sorted(left.values_list("outcome", flat=True))


@pytest.mark.parametrize("world", ["alice", "coordinator with the grant", "administrator who helps"], indirect=True, ids=str)
def test_every_look_at_a_record_leaves_exactly_one_row(world: World, request: pytest.FixtureRequest) -> None:
    world.client.post("/accounts/reauthenticate/", {"password": "correct horse battery"})
    wrong, seen = [], set()
    access = world.patient.support.values_list("pk", flat=True).first()
    for url in all_urls({**world.ids, "access": str(access)}):
        if url.is_of_accounts or url.is_of_admin or (access is None and url.name in SUPPORT_HERS):
            continue
        status, left = _looks(world.client, world.patient, url.path)
        shows = status in (200, 286) and url.name not in SILENT
        wanted = [["done"]] if shows else [[], ["done"]] if status == 302 and url.name not in SILENT else [[]]
        if status in (403, 404) and url.name not in SILENT:
            wanted = [["refused"], []] if url.name.startswith("api:") or url.name in ASKS_FIRST else [["refused"]]
        if left not in wanted:
            wrong.append((url.name, status, left))
        seen |= {url.name} if shows else set()
    assert not wrong, wrong
    if world.client.session.get("_auth_user_id") == str(world.patient.account_id):
        assert {"records", "facts", "my_answer", "my_privacy", "export", "sharing", "api:profile", "api:export_json", "questions"} <= seen
