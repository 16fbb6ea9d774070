"""Delete everything, then put last night's backup of the database and the files back: nothing of the patient can be read."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from django.apps import apps
from django.db import connection
from django.test import Client

from portal.models import PersonalizedAnswer
from records import actions, keys
from records.keys import KeyDestroyed, SealedField
from records.models import AuditEvent, Document, Page, Patient
from records.scope import NotVisible, Scope
from records.storage import SealedFile, store
from records.waiting import readable
from tests.factories import make_patient, make_read_document
from tests.portal.conftest import content
from tests.records.paper import PICTURE, Reader, paper

__all__ = ["content"]
pytestmark = pytest.mark.django_db
WORDS = ("CANARYGENE", "canary-of-alice", "Alice Canary", "canary note", "open sesame")
Rows = dict[str, tuple[list[str], list[tuple[Any, ...]]]]


def _tables() -> list[str]:
    return [name for name in connection.introspection.table_names() if name not in ("django_migrations", "django_content_type")]


def dump() -> Rows:
    """Every row of every table, as the database holds it."""
    kept: Rows = {}
    with connection.cursor() as cursor:
        for table in _tables():
            cursor.execute(f"SELECT * FROM {table}")
            kept[table] = ([column[0] for column in cursor.description], cursor.fetchall())
    return kept


def restore(kept: Rows) -> None:
    """The tables as they were, in one transaction whose constraints are looked at in the end."""
    with connection.cursor() as cursor:
        for table in kept:
            cursor.execute(f"DELETE FROM {table}")
        for table, (columns, rows) in kept.items():
            places = ", ".join(["%s"] * len(columns))
            names = ", ".join(connection.ops.quote_name(one) for one in columns)
            for row in rows:
                cursor.execute(f"INSERT INTO {table} ({names}) VALUES ({places})", row)
    connection.check_constraints()


def sealed_values() -> Iterator[tuple[str, Any]]:
    """Every sealed field of every row there is, to be asked for."""
    for model in apps.get_models():
        fields = [one for one in model._meta.concrete_fields if isinstance(one, SealedField)]
        for row in model._default_manager.all() if fields else ():
            for field in fields:
                if row.__dict__[field.attname] is not None:
                    yield f"{model.__name__}.{field.name}", lambda row=row, name=field.attname: getattr(row, name)


def _readable() -> set[str]:
    """Names of fields that still say something."""
    found = set()
    for name, ask in sealed_values():
        try:
            ask()
        except KeyDestroyed:
            continue
        found.add(name)
    return found


@pytest.fixture
def night(alice: Any, bob: Any, reader: Reader, tmp_path: Path) -> Iterator[Callable[[], Patient]]:
    """alice's full record and bob's small one; the backup of that night. Called: alice deletes everything, the backup comes back."""
    patient = actions.open_patient(by=alice, name="Alice Canary")
    for purpose in ("reading", "review"):
        actions.give_consent(by=alice, patient=patient, purpose=purpose, version="1")
    document = make_read_document(patient, paper("CANARYGENE=positive", "more"), name="canary-of-alice.pdf")
    make_read_document(patient, paper("MSI=negative", title="LOCKED"))
    actions.unlock_document(by=alice, document=patient.documents.get(failure_code="locked"), password="open sesame")
    actions.review_finding(by=alice, finding=document.findings.get(), decision="disputed", note="canary note")
    actions.state_fact(by=alice, patient=patient, kind="age", value={"age": 61}, date="2025")
    actions.request_review(by=alice, patient=patient)
    profile = patient.profiles.get(is_current=True)
    PersonalizedAnswer.objects.create(patient=patient, profile=profile, slug="x", made_on="2026-11-24", rendered={"is": "CANARYGENE"})
    make_read_document(make_patient(bob), paper("TP53=positive"))
    rows, files = dump(), tmp_path / "backup"
    shutil.copytree(store().root, files)

    def delete_and_restore() -> Patient:
        actions.delete_patient(by=alice, patient=patient)
        actions.people.shred(patient.pk)  # on commit, in the product
        shutil.rmtree(store().root)
        shutil.copytree(files, store().root)
        restore(rows)
        return Patient.objects.get(account=alice)

    yield delete_and_restore


def test_before_the_deletion_all_of_it_can_be_read(night: Callable[[], Patient]) -> None:
    """The test below would pass on an empty record."""
    assert _readable() == {
        "Patient.name", "Document.name", "Document.password", "Document.report", "Page.text", "Page.words", "Finding.value", "Finding.date",
        "Evidence.quote", "Review.note", "Statement.value", "Statement.date", "Profile.content", "PersonalizedAnswer.rendered",
    }  # fmt: skip
    assert all(SealedFile(keys.key_for(one.patient_id, "files"), one.file).read() for one in Document.objects.all())


def test_a_restored_backup_says_nothing_of_who_deleted(night: Callable[[], Patient], bob: Any) -> None:
    patient = night()
    assert patient.documents.count() == 2
    with pytest.raises(KeyDestroyed):
        keys.key_for(patient.pk, "files")
    asked = 0
    for name, ask in sealed_values():
        try:
            said = str(ask())
        except KeyDestroyed:
            asked += 1
            continue
        assert not any(word in said for word in WORDS), name
    assert asked > 20
    (his,) = Document.objects.filter(patient__account=bob)
    assert his.name == "report.txt", "who did not delete lost nothing"
    assert SealedFile(keys.key_for(his.patient_id, "files"), his.file).read().startswith(b"PAPER")


def test_neither_the_bytes_of_the_tables_nor_the_files_say_anything(night: Callable[[], Patient]) -> None:
    night()
    held = b"".join(
        bytes(value) if isinstance(value, (bytes, memoryview)) else str(value).encode()
        for _columns, rows in dump().values()
        for row in rows
        for value in row
    ) + b"".join(path.read_bytes() for path in store().root.rglob("*") if path.is_file())
    assert len(held) > 2000
    for word in (*WORDS, PICTURE.decode()):
        assert word.encode() not in held, word


def test_no_door_opens_on_what_was_restored(night: Callable[[], Patient], alice: Any, carol: Any) -> None:
    patient = night()
    document, page = patient.documents.first(), Page.objects.filter(patient=patient).first()
    assert document is not None and page is not None
    for user in (alice, carol):
        for look in (
            lambda scope: scope.patient(patient.pk),
            lambda scope: list(scope.documents(patient)),
            lambda scope: scope.document(document.pk),
            lambda scope: scope.page_image(page),
            lambda scope: b"".join(scope.original(document)),
            lambda scope: list(scope.findings(patient)),
            lambda scope: scope.profile(patient),
        ):
            last = AuditEvent.objects.count()
            with pytest.raises(NotVisible):
                look(Scope(user, "view"))
            assert AuditEvent.objects.filter(id__gt=last).values_list("outcome", flat=True).get() == "refused"
    assert Scope(alice).own_patient() is None
    (back,) = Scope(carol).review_queue()
    assert readable([back]) == []
    assert Scope(carol).queue_page("all", "need", 1).requests == ()
    assert Scope(carol).next_free("all", "need") is None


@pytest.mark.usefixtures("content")
def test_who_deleted_may_start_again_after_a_restore(
    night: Callable[[], Patient], alice: Any, django_capture_on_commit_callbacks: Any
) -> None:
    old = night()
    client = Client()
    client.force_login(alice)
    for path in ("/records/", "/facts/", "/privacy/mine/", "/my/"):
        assert client.get(path).headers["Location"] == "/start/", path
    with django_capture_on_commit_callbacks(execute=True):
        fresh = actions.open_patient(by=alice, name="Alice again")
    assert fresh.pk != old.pk
    assert not Patient.objects.filter(pk=old.pk).exists() and not Document.objects.filter(patient_id=old.pk).exists()
    assert not (store().root / old.pk.hex).exists()
    assert client.get("/records/").status_code == 200
    actions.give_consent(by=alice, patient=fresh, purpose="reading", version="1")
    assert make_read_document(fresh, paper("KRAS=positive")).status == "ready"
