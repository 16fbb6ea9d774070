"""Backups: the records (database and files) in one sealed archive, the patients' keys in another, so that each can be kept as long as it may.

An archive is a tar in the sealed format of records/storage.py: whoever cuts, changes or renames the kind of one finds it refused. Its first
member, `manifest`, says what it is. SQLite goes in as a copy made by VACUUM INTO, PostgreSQL as COPY of each table in one snapshot; files
of patients go in as they lie, encrypted. The ring of keys (CARTGUIDE_KEY_RING) is in neither.
"""

from __future__ import annotations

import json
import os
import sqlite3
import tarfile
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import closing
from itertools import chain
from pathlib import Path
from typing import Any

from django.core.management import call_command
from django.core.management.color import no_style
from django.db import connections, transaction
from django.db.migrations.recorder import MigrationRecorder
from django.utils import timezone

from records.storage import CHUNK_BYTES, FileBroken, SealedFile, sealed, store

KINDS = {"records": "default", "keys": "keys"}
PART_BYTES = 8 * 1024 * 1024
BLOCK = tarfile.BLOCKSIZE
LEFT_ALONE = {"django_migrations", "portal_cache"}  # what counts tries to sign in is not worth keeping
Members = Iterator[tarfile.TarInfo]


class BackupRefused(Exception):
    """Why an archive is not written or not put back, in a sentence."""


def read_key(path: Path) -> bytes:
    """32 bytes from a file of 64 hexadecimal digits."""
    try:
        key = bytes.fromhex(path.read_text(encoding="ascii").strip())
    except (OSError, ValueError) as error:
        raise BackupRefused("The key file must hold 64 hexadecimal digits: openssl rand -hex 32") from error
    if len(key) != 32:
        raise BackupRefused("The key file must hold 64 hexadecimal digits: openssl rand -hex 32")
    return key


def write_backup(kind: str, to: Path, key: bytes) -> int:
    """All or nothing, readable by its owner only, and read to its end again before it counts. Returns its size in bytes."""
    arriving = to.with_name(to.name + ".part")
    descriptor = os.open(arriving, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_NOFOLLOW, 0o600)
    try:
        with os.fdopen(descriptor, "wb") as stream:
            for piece in sealed(key, _label(kind), _tar(_members(kind))):
                stream.write(piece)
            stream.flush()
            os.fsync(stream.fileno())
        check_backup(kind, arriving, key)
        arriving.rename(to)
    except BaseException:
        arriving.unlink(missing_ok=True)
        raise
    return to.stat().st_size


def check_backup(kind: str, path: Path, key: bytes) -> dict[str, Any]:
    """Read it to its end; returns its manifest. Raises BackupRefused."""
    with _opened(kind, path, key) as archive:
        manifest = _manifest(archive)
        for member in _rest(archive):
            content = archive.extractfile(member)
            while content and content.read(CHUNK_BYTES):
                pass
    return manifest


def read_backup(kind: str, path: Path, key: bytes) -> dict[str, Any]:
    """Make the tables and put an archive back into them. Raises BackupRefused where they hold somebody, and then nothing has changed."""
    check_backup(kind, path, key)
    call_command("migrate", database=KINDS[kind], interactive=False, verbosity=0)
    _check_empty(kind)
    with _opened(kind, path, key) as archive:
        manifest = _manifest(archive)
        if manifest["engine"] != _connection(kind).vendor:
            raise BackupRefused(f"This is a backup of {manifest['engine']}; the database here is {_connection(kind).vendor}.")
        members = _rest(archive)
        put = _put_file if _connection(kind).vendor == "sqlite" else _put_tables
        first = put(kind, archive, members, manifest)
        for member in chain([first], members) if first else ():
            _put_stored(member, archive)
    return manifest


def _label(kind: str) -> str:
    return f"backup of {kind}"


def _connection(kind: str) -> Any:
    return connections[KINDS[kind]]


def _members(kind: str) -> Iterator[tuple[str, bytes]]:
    """Names and contents, the manifest first, then the database, then files: every file a row names was there before the row."""
    is_sqlite = _connection(kind).vendor == "sqlite"
    manifest = {
        "kind": kind,
        "engine": _connection(kind).vendor,
        "made_at": timezone.now().isoformat(),
        "migrations": sorted(f"{app}.{name}" for app, name in MigrationRecorder(_connection(kind)).applied_migrations()),
    }
    yield from _sqlite_members(kind, manifest) if is_sqlite else _table_members(kind, manifest)
    if kind == "records":
        for name in store().names():
            try:
                with store().open(name) as stream:
                    yield f"files/{name}", stream.read()
            except FileNotFoundError:
                continue  # deleted since


def _sqlite_members(kind: str, manifest: dict[str, Any]) -> Iterator[tuple[str, bytes]]:
    yield "manifest", json.dumps(manifest).encode()
    with tempfile.TemporaryDirectory() as folder:
        copy = Path(folder) / "copy"
        with _connection(kind).cursor() as cursor:
            cursor.execute("VACUUM INTO %s", [str(copy)])
        with copy.open("rb") as stream:
            while piece := stream.read(PART_BYTES):
                yield "sqlite", piece


def _table_members(kind: str, manifest: dict[str, Any]) -> Iterator[tuple[str, bytes]]:
    connection = _connection(kind)
    with transaction.atomic(using=KINDS[kind]), connection.cursor() as cursor:
        cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
        tables = {one: [column.name for column in connection.introspection.get_table_description(cursor, one)] for one in _tables(kind)}
        yield "manifest", json.dumps(manifest | {"tables": tables}).encode()
        for table, columns in tables.items():
            with cursor.copy(f"COPY {_names(connection, table, columns)} TO STDOUT") as copy:
                for part in _parts(bytes(one) for one in copy):
                    yield f"table/{table}", part


def _tables(kind: str) -> list[str]:
    return sorted(set(_connection(kind).introspection.table_names()) - LEFT_ALONE)


def _names(connection: Any, table: str, columns: Iterable[str]) -> str:
    """For COPY. Both names come from the database's own catalogue, and are quoted by its rules."""
    quote = connection.ops.quote_name
    return f"{quote(table)} ({', '.join(map(quote, columns))})"


def _parts(pieces: Iterable[bytes]) -> Iterator[bytes]:
    waiting: list[bytes] = []
    size = 0
    for piece in pieces:
        waiting.append(piece)
        size += len(piece)
        if size >= PART_BYTES:
            yield b"".join(waiting)
            waiting, size = [], 0
    if waiting:
        yield b"".join(waiting)


def _tar(members: Iterable[tuple[str, bytes]]) -> Iterator[bytes]:
    for name, content in members:
        info = tarfile.TarInfo(name)
        info.size = len(content)
        yield info.tobuf()
        for start in range(0, len(content), CHUNK_BYTES):
            yield content[start : start + CHUNK_BYTES]
        yield bytes(-len(content) % BLOCK)
    yield bytes(2 * BLOCK)


def _opened(kind: str, path: Path, key: bytes) -> tarfile.TarFile:
    try:
        stream = SealedFile(key, _label(kind), path.open("rb"))
    except FileBroken as error:
        raise BackupRefused("This is no whole backup of that kind, or the key is another one.") from error
    return tarfile.open(fileobj=_Refusing(stream), mode="r|")


class _Refusing:
    """Reads a sealed file for tarfile; what is broken in the middle is a refusal like any other."""

    def __init__(self, stream: SealedFile) -> None:
        self._stream = stream

    def read(self, size: int) -> bytes:
        try:
            return self._stream.read(size) or b""
        except FileBroken as error:
            raise BackupRefused("This backup was changed or cut.") from error

    def close(self) -> None:
        self._stream.close()


def _manifest(archive: tarfile.TarFile) -> dict[str, Any]:
    member = archive.next()
    content = archive.extractfile(member) if member and member.name == "manifest" else None
    if content is None:
        raise BackupRefused("This backup has no manifest.")
    found: dict[str, Any] = json.load(content)
    return found


def _rest(archive: tarfile.TarFile) -> Iterator[tarfile.TarInfo]:
    """The members still to come. tarfile's own loop begins again with those it remembers, and remembers all."""
    while (member := archive.next()) is not None:
        yield member
        archive.members = []


def _check_empty(kind: str) -> None:
    table = "portal_user" if kind == "records" else "records_patientkey"
    with _connection(kind).cursor() as cursor:
        cursor.execute(f"SELECT 1 FROM {table} LIMIT 1")  # noqa: S608  one of two names
        if cursor.fetchone():
            raise BackupRefused("This database is not empty. A backup is put back into an empty one only.")


def _content(archive: tarfile.TarFile, member: tarfile.TarInfo) -> bytes:
    stream = archive.extractfile(member)
    return stream.read() if stream else b""


def _put_file(kind: str, archive: tarfile.TarFile, members: Members, manifest: dict[str, Any]) -> tarfile.TarInfo | None:
    """Returns the first member that is no part of the database, as _put_tables does."""
    with tempfile.TemporaryDirectory() as folder:
        copy = Path(folder) / "copy"
        with copy.open("wb") as stream:
            member = next(members, None)
            while member is not None and member.name == "sqlite":
                stream.write(_content(archive, member))
                member = next(members, None)
        connection = _connection(kind)
        connection.ensure_connection()
        with closing(sqlite3.connect(copy)) as source:
            source.backup(connection.connection)
        connection.close()
    return member


def _put_tables(kind: str, archive: tarfile.TarFile, members: Members, manifest: dict[str, Any]) -> tarfile.TarInfo | None:
    """In one transaction, whose foreign keys are looked at in the end."""
    connection = _connection(kind)
    here = sorted(f"{app}.{name}" for app, name in MigrationRecorder(connection).applied_migrations())
    if here != manifest["migrations"]:
        raise BackupRefused("The backup was made by another version. Install that version, put it back there, then upgrade.")
    with transaction.atomic(using=KINDS[kind]), connection.cursor() as cursor:
        for table in map(connection.ops.quote_name, manifest["tables"]):  # names of the database's own catalogue
            cursor.execute(f"SELECT 1 FROM {table} LIMIT 1")  # noqa: S608
            if cursor.fetchone():  # what migrations put there; the log refuses to be emptied even when it is empty
                cursor.execute(f"DELETE FROM {table}")  # noqa: S608
        last = _copy_tables(connection, cursor, archive, members, manifest["tables"])
        for statement in connection.ops.sequence_reset_sql(no_style(), _models(connection, manifest["tables"])):
            cursor.execute(statement)
    return last


def _copy_tables(
    connection: Any, cursor: Any, archive: tarfile.TarFile, members: Members, tables: dict[str, list[str]]
) -> tarfile.TarInfo | None:
    member = next(members, None)
    while member is not None and member.name.startswith("table/"):
        name, table = member.name, member.name.removeprefix("table/")
        with cursor.copy(f"COPY {_names(connection, table, tables[table])} FROM STDIN") as copy:
            while member is not None and member.name == name:
                copy.write(_content(archive, member))
                member = next(members, None)
    return member


def _models(connection: Any, tables: Iterable[str]) -> list[Any]:
    return sorted(connection.introspection.installed_models(set(tables)), key=lambda one: str(one._meta.label))


def _put_stored(member: tarfile.TarInfo, archive: tarfile.TarFile) -> None:
    if member.name.startswith("files/"):
        store().put(member.name.removeprefix("files/"), [_content(archive, member)])
