"""The files of patients in a real S3 server: the same as in a folder, and a store that is gone is no fault of the file."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from django.utils import timezone

from records.actions.people import delete_patient
from records.actions.reading import perform_waiting
from records.actions.sweeping import clear_orphans
from records.bucket import BucketStore, bucket_store
from records.keys import KeyDestroyed, PatientKey, key_for
from records.models import Document, Work
from records.storage import FileBroken, delete_file, keep_file, read_file, store, stream_file
from tests import services
from tests.factories import make_document, make_patient, make_read_document
from tests.records.paper import Reader, paper

pytestmark = pytest.mark.services
KEY = b"k" * 32
EDGES = [0, 1, 64 * 1024, 9 * 1024 * 1024 + 5]  # the last in several parts


@pytest.fixture(scope="module")
def server() -> Iterator[services.Bucket]:
    with services.bucket() as one:
        yield one


@pytest.fixture
def shelf(server: services.Bucket, settings: Any) -> BucketStore:
    settings.FILES_BUCKET = server.options
    return bucket_store(**server.options)


@contextmanager
def gone(server: services.Bucket) -> Iterator[None]:
    server.stop()
    yield
    server.start()


@pytest.mark.parametrize("size", EDGES)
def test_what_was_kept_comes_back(shelf: BucketStore, size: int) -> None:
    owner, content = uuid.uuid4(), bytes(n % 251 for n in range(251)) * (size // 251 + 1)
    name = keep_file(KEY, owner, [content[n : min(n + 50_000, size)] for n in range(0, size, 50_000)])
    assert store() is shelf
    assert read_file(KEY, name) == content[:size]
    assert b"".join(stream_file(KEY, name)) == content[:size]
    assert name in shelf.names()
    delete_file(name)
    delete_file(name)
    with pytest.raises(FileNotFoundError):
        read_file(KEY, name)


def test_what_was_changed_there_or_is_of_another_key_is_refused(shelf: BucketStore) -> None:
    name = keep_file(KEY, uuid.uuid4(), [b"the words of a patient"])
    with shelf.open(name) as stream:
        whole = stream.read()
    assert b"patient" not in whole
    with pytest.raises(FileBroken):
        read_file(b"o" * 32, name)
    for harmed in (whole[:-1], whole + b"x", b"", whole[:30] + bytes([whole[30] ^ 1]) + whole[31:]):
        shelf.put(name, [harmed])
        with pytest.raises(FileBroken):
            read_file(KEY, name)
    with pytest.raises(ValueError, match="not a name"):
        shelf.open("../../etc/passwd")


@pytest.mark.parametrize("before", [10, 9 * 1024 * 1024])
def test_a_stream_that_breaks_leaves_nothing_behind(shelf: BucketStore, before: int) -> None:
    owner = uuid.uuid4()

    def pieces() -> Iterator[bytes]:
        yield b"x" * before
        raise OSError(28, "No space left on device")

    with pytest.raises(OSError, match="No space"):
        keep_file(KEY, owner, pieces())
    assert not [name for name in shelf.names() if name.startswith(owner.hex)]


def test_one_person_is_removed_whole_and_nobody_else(shelf: BucketStore) -> None:
    alices, bobs = uuid.uuid4(), uuid.uuid4()
    kept = [keep_file(KEY, owner, [b"x"]) for owner in (alices, alices, bobs)]
    shelf.delete_all(alices)
    assert [name for name in kept if name in set(shelf.names())] == kept[2:]


@pytest.mark.django_db
def test_a_file_is_read_and_its_leftovers_are_cleared(shelf: BucketStore, reader: Reader, alice: Any, monkeypatch: Any) -> None:
    patient = make_patient(alice)
    document = make_read_document(patient, paper("KRAS=positive"))
    assert document.status == "ready"
    mine = {name for name in shelf.names() if name.startswith(patient.pk.hex)}
    assert document.file in mine
    left = keep_file(KEY, patient.pk, [b"nobody's"])
    monkeypatch.setattr("records.actions.sweeping.ORPHAN_SECONDS", -60.0)
    assert clear_orphans() == 1
    assert {name for name in shelf.names() if name.startswith(patient.pk.hex)} == mine
    assert left not in mine


@pytest.mark.django_db
def test_a_store_that_is_gone_loses_nothing_and_counts_no_try(
    shelf: BucketStore, reader: Reader, server: services.Bucket, alice: Any
) -> None:
    patient = make_patient(alice)
    document = make_document(patient, paper("KRAS=positive"))
    with gone(server):
        with pytest.raises(OSError, match="bucket"):
            make_document(patient, paper("TP53=positive"))
        perform_waiting()
        assert Document.objects.get().status in ("received", "reading")
        assert Work.objects.get(document=document).attempts == 0
    perform_waiting()
    document.refresh_from_db()
    assert document.status == "ready"


@pytest.mark.django_db
def test_who_is_deleted_while_the_store_is_gone_is_deleted_there_when_it_is_back(
    shelf: BucketStore, reader: Reader, server: services.Bucket, alice: Any, django_capture_on_commit_callbacks: Any
) -> None:
    patient = make_patient(alice)
    owner, name = patient.pk, make_read_document(patient, paper("KRAS=positive")).file
    with gone(server):
        with django_capture_on_commit_callbacks(execute=True):
            delete_patient(by=alice, patient=patient)
        with pytest.raises(KeyDestroyed):
            key_for(owner, "files")
        PatientKey.objects.filter(owner=owner).update(doomed_at=timezone.now() - dt.timedelta(hours=1))
        with pytest.raises(OSError, match="bucket"):
            clear_orphans()
    assert name in shelf.names()
    assert clear_orphans() == 1
    assert not [one for one in shelf.names() if one.startswith(owner.hex)]
    assert not PatientKey.objects.filter(owner=owner).exists()
