"""Databases as all migrations leave them, kept and copied: to migrate takes longer than most tests.

What is kept is named by a digest of the whole code, so that it is never another code's. Django migrates the copy as it would a bare
database, and finds nothing left to do.
"""

from __future__ import annotations

import fcntl
import hashlib
import sqlite3
import sys
from contextlib import closing
from functools import cache
from pathlib import Path
from typing import IO, Any

ROOT = Path(__file__).parents[1]
KEPT = ROOT / ".cache/migrated"


@cache
def digest() -> str:
    """Of the Python, of every line of the project's code and of the versions of its packages."""
    made = hashlib.sha256(sys.version.encode())
    paths = [path for floor in ("portal", "records", "personalize") for path in (ROOT / floor).rglob("*.py")]
    for path in [*sorted(paths), ROOT / "requirements.txt"]:
        made.update(f"\0{path.relative_to(ROOT)}\0".encode() + path.read_bytes())
    return made.hexdigest()[:16]


def kept(alias: str) -> Path:
    """The SQLite file with all migrations, if somebody has made it by now."""
    return KEPT / f"{digest()}-{alias}.sqlite3"


class Copies:
    """Stands around Django's making of the test databases: `begin` before it, `finish` after it.

    Of several processes that begin at once, the first one migrates, and the others wait for what it keeps.
    """

    def __init__(self) -> None:
        from django.db import connections

        self.connections = list(connections.all())
        self.lock: IO[bytes] | None = None
        self.filled: list[sqlite3.Connection] = []

    def begin(self) -> None:
        KEPT.mkdir(parents=True, exist_ok=True)
        self.lock = (KEPT / "lock").open("wb")
        fcntl.flock(self.lock, fcntl.LOCK_EX)
        copied = [self._copy(one) for one in self.connections]
        if all(copied):
            self._release()

    def finish(self) -> None:
        if self.lock is not None:
            for one in self.connections:
                self._keep(one)
            self._release()
        for filled in self.filled:
            filled.close()

    def _release(self) -> None:
        if self.lock is not None:
            self.lock.close()
            self.lock = None

    def _copy(self, connection: Any) -> bool:
        """Whether there is one to copy."""
        if connection.vendor == "postgresql":
            if not _is_there(connection):
                return False
            connection.settings_dict["TEST"]["TEMPLATE"] = _name(connection)
            return True
        if not kept(connection.alias).exists():
            return False
        # in memory, and there as long as somebody is connected: Django is, from the time that it looks for what to migrate
        self.filled.append(sqlite3.connect(connection.creation._get_test_db_name(), uri=True))
        with closing(sqlite3.connect(kept(connection.alias))) as source:
            source.backup(self.filled[-1])
        return True

    def _keep(self, connection: Any) -> None:
        if connection.vendor == "postgresql":
            connection.close()  # who is connected keeps a database from being copied
            with connection.creation._nodb_cursor() as cursor:
                cursor.execute(f"DROP DATABASE IF EXISTS {_name(connection)}")
                cursor.execute(f"CREATE DATABASE {_name(connection)} TEMPLATE {connection.settings_dict['NAME']}")
            return
        for older in KEPT.glob(f"*-{connection.alias}.sqlite3"):
            older.unlink()
        made = kept(connection.alias).with_suffix(".new")
        with connection.cursor(), closing(sqlite3.connect(made)) as target:
            connection.connection.backup(target)
        made.rename(kept(connection.alias))


def _name(connection: Any) -> str:
    return f"migrated_{digest()}_{connection.alias}"


def _is_there(connection: Any) -> bool:
    with connection.creation._nodb_cursor() as cursor:
        cursor.execute("SELECT 1 FROM pg_database WHERE datname = %s", [_name(connection)])
        return cursor.fetchone() is not None
