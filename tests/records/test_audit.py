"""The chain of the audit log: nothing changes, nothing goes, and who tampers is found."""

from __future__ import annotations

import re
from collections.abc import Callable
from importlib import import_module
from types import SimpleNamespace
from typing import Any

import pytest
from django.contrib import admin
from django.core.management import CommandError, call_command
from django.db import DatabaseError, connection, transaction
from django.test import Client

from records import audit
from records.models import AuditEvent, WrittenOnce

pytestmark = pytest.mark.django_db


@pytest.fixture
def chain(alice: Any) -> list[AuditEvent]:
    return [audit.record(by=alice, action=f"step {n}", purpose="test") for n in range(1, 6)]


def _tamper(sql: str, *values: Any) -> None:
    """As somebody with the database's password would, triggers switched off."""
    with connection.cursor() as cursor:
        on = " ON records_auditevent" if connection.vendor == "postgresql" else ""
        cursor.execute(f"DROP TRIGGER IF EXISTS records_auditevent_no_update{on}")
        cursor.execute(sql, values)


def test_a_whole_chain_is_whole(chain: list[AuditEvent], capsys: Any) -> None:
    assert audit.broken_link() is None
    call_command("check_audit")
    assert "whole" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("sql", "broken"),
    [
        ("UPDATE records_auditevent SET action = 'other' WHERE id = 3", 3),
        ("UPDATE records_auditevent SET outcome = 'refused' WHERE id = 1", 1),
        ("UPDATE records_auditevent SET actor = NULL WHERE id = 5", 5),
        ("DELETE FROM records_auditevent WHERE id = 2", 2),
        ("DELETE FROM records_auditevent WHERE id = 1", 1),
        ("UPDATE records_auditevent SET seal = (SELECT seal FROM records_auditevent WHERE id = 1) WHERE id = 4", 4),
    ],
)
def test_a_tampered_row_is_found(chain: list[AuditEvent], sql: str, broken: int) -> None:
    _tamper(sql)
    assert audit.broken_link() == broken
    with pytest.raises(CommandError, match=f"row {broken} "):
        call_command("check_audit")


def test_a_row_cannot_be_slipped_in_without_the_key(chain: list[AuditEvent]) -> None:
    forged = chain[-1]
    AuditEvent(id=6, at=forged.at, actor_role="patient", action="forged", seal=forged.seal).save(force_insert=True)
    assert audit.broken_link() == 6


def test_the_application_cannot_change_or_remove_rows(chain: list[AuditEvent]) -> None:
    for harm in (
        lambda: chain[0].save(),
        lambda: chain[0].delete(),
        lambda: AuditEvent.objects.all().delete(),
        lambda: AuditEvent.objects.update(action="other"),
        lambda: AuditEvent.objects.bulk_update(chain, ["action"]),
    ):
        with pytest.raises(WrittenOnce):
            harm()
    assert AuditEvent.objects.count() == 5


def test_the_database_refuses_changes_too(chain: list[AuditEvent]) -> None:
    with pytest.raises(DatabaseError, match="written once"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("UPDATE records_auditevent SET action = 'other'")


@pytest.fixture
def guarded(chain: list[AuditEvent]) -> list[AuditEvent]:
    """The tests run without the triggers against removal (tests/conftest.py): put them up as the migrations do."""
    with connection.cursor() as cursor:
        editor: Any = SimpleNamespace(connection=connection, execute=cursor.execute)
        import_module("records.migrations.0002_written_once").refuse(editor, "records_auditevent", "DELETE")
        if connection.vendor == "postgresql":
            import_module("records.migrations.0003_no_emptying_of_the_log").forwards(None, editor)
    return chain


def _slip_over(chain: list[AuditEvent]) -> Any:
    return AuditEvent(id=3, at=chain[2].at, actor_role="patient", action="forged", seal=chain[2].seal)


# Ways round AuditEvent.objects that Django itself has: the database answers them.
ROUND_ABOUT: dict[str, Callable[[list[AuditEvent]], Any]] = {
    "plain manager, update": lambda chain: AuditEvent._base_manager.update(action="other"),
    "plain manager, delete": lambda chain: AuditEvent._base_manager.filter(id=3).delete(),
    "raw delete": lambda chain: AuditEvent.objects.filter(id=3)._raw_delete("default"),
    "saved under a number that exists": lambda chain: _slip_over(chain).save(),
    "insert or update": lambda chain: AuditEvent.objects.bulk_create(
        [_slip_over(chain)], update_conflicts=True, update_fields=["action"], unique_fields=["id"]
    ),
    "sql, update": lambda chain: _sql("UPDATE records_auditevent SET action = 'other'"),
    "sql, delete": lambda chain: _sql("DELETE FROM records_auditevent WHERE id = 3"),
    "sql, without asking the rows": lambda chain: _sql(
        "REPLACE INTO records_auditevent SELECT 3, at, actor, 'other', patient, action, target, target_id, purpose, outcome, seal"
        " FROM records_auditevent WHERE id = 2"
        if connection.vendor == "sqlite"
        else "TRUNCATE records_auditevent"
    ),
}


def _sql(statement: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement)


@pytest.mark.parametrize("way", ROUND_ABOUT)
def test_the_database_refuses_every_way_round(guarded: list[AuditEvent], way: str) -> None:
    with pytest.raises(DatabaseError, match="written once"), transaction.atomic():
        ROUND_ABOUT[way](guarded)
    assert AuditEvent.objects.count() == 5
    assert audit.broken_link() is None


def test_the_admin_has_no_door_to_the_log(admin_client: Client, chain: list[AuditEvent]) -> None:
    assert not admin.site.is_registered(AuditEvent)
    for path in ("", "add/", "1/change/", "1/delete/", "1/history/"):
        assert admin_client.get(f"/admin/records/auditevent/{path}").status_code == 404
        assert admin_client.post(f"/admin/records/auditevent/{path}", {"action": "delete_selected"}).status_code == 404


def test_rows_cut_off_the_end_are_missed_by_who_noted_where_it_stood(chain: list[AuditEvent], capsys: Any) -> None:
    call_command("check_audit")
    (noted,) = re.findall(r"5:[0-9a-f]{64}", capsys.readouterr().out)
    audit.record(by=None, action="later")
    call_command("check_audit", seen=noted)
    _tamper("DELETE FROM records_auditevent WHERE id >= 5")
    assert audit.broken_link() is None, "a shorter chain is whole in itself"
    with pytest.raises(CommandError, match="row 5 "):
        call_command("check_audit", seen=noted)


@pytest.mark.parametrize("noted", ["5", "x:y", "5:", "0:" + "a" * 64])
def test_a_note_that_is_none_is_said_so(chain: list[AuditEvent], noted: str) -> None:
    with pytest.raises(CommandError, match="number:seal"):
        call_command("check_audit", seen=noted)


def test_rows_name_no_one(alice: Any) -> None:
    event = audit.record(by=alice, action="looked", patient=None, target=alice, purpose="x" * 200)
    row = AuditEvent.objects.values().get(pk=event.pk)
    assert "alice" not in repr(row)
    assert (row["actor"], row["actor_role"], row["target"], row["target_id"]) == (alice.pk, "patient", "user", alice.pk)
    assert len(row["purpose"]) == 80


def test_the_system_is_an_actor_without_an_account() -> None:
    assert audit.record(by=None, action="document.ready").actor_role == "system"
