"""What pages and the sweeper ask of PostgreSQL when it is full: python -m tests.many_rows [--patients N] [--findings N] [--write].

One record is made through the product's own doors, then copied row by row inside the database under new ids. Copies cannot be opened (their
words are sealed for the first patient) and need not be: the first patient and a coordinator look, with all the others beside them. Indexes are
dropped while rows are copied and made again at the end, and ids of copies stand in order: put in one by one at random places they take far longer.
"""

from __future__ import annotations

import argparse
import os
import re
import sys
import time
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

from django.db import connections

from tests import services

DOCUMENT = Path(__file__).resolve().parents[1] / "docs/scale.md"
BEGIN, END = "<!-- made by python -m tests.many_rows -->", "<!-- end of many rows -->"
LARGE = 5_000  # rows: reading all of a smaller table is no matter
PAGES = ("/records/", "/records/progress/", "/facts/", "/my/", "/my/trials/", "/privacy/mine/", "/api/v1/documents/",
                           "/api/v1/findings/", "/api/v1/profile/")  # fmt: skip
FILES = 5
OF_STAFF = ("/review/", "/api/v1/review/")
OF_ADMINS = ("/support/", "/support/access/")


def main(arguments: list[str]) -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--patients", type=int, default=100_000)
    parser.add_argument("--findings", type=int, default=50, help="of each patient")
    parser.add_argument("--write", action="store_true", help="put the table into docs/scale.md")
    given = parser.parse_args(arguments)
    with services.postgresql_server() as server, services.short_folder() as folder:
        _set_up(server, folder)
        begun = time.monotonic()
        people = _template(given.findings)
        rows = _multiplied(given.patients)
        filled = time.monotonic() - begun
        table = [
            _head(rows, filled),
            "",
            "| what | questions | of them the longest, ms | all, ms | reads a whole large table |",
            "|---|---|---|---|---|",
        ]
        for name, ask in _asked(*people).items():
            table.append(_measured(name, ask))
            print(table[-1], flush=True)
        connections.close_all()
    if given.write:
        before, _, rest = DOCUMENT.read_text(encoding="utf-8").partition(BEGIN)
        lines = "\n".join(table)
        DOCUMENT.write_text(f"{before}{BEGIN}\n{lines}\n{END}{rest.partition(END)[2]}", encoding="utf-8")


def _set_up(server: services.Postgresql, folder: Path) -> None:
    """Django in this process, on databases of their own; the server with the memory of a small one."""
    for setting in ("shared_buffers = '1GB'", "max_wal_size = '8GB'", "full_page_writes = off", "checkpoint_timeout = '30min'"):
        server.run(f"ALTER SYSTEM SET {setting}")
    server.stop()
    server.start()
    for alias in ("default", "keys"):
        server.run(f"CREATE DATABASE many_{alias}")
    os.environ |= {
        "DJANGO_SETTINGS_MODULE": "tests.faults.settings",
        "FAULTS_FOLDER": str(folder),
        "FAULTS_BROKER": "memory://",
        "PYTHONWARNINGS": "ignore",
        **{f"FAULTS_{one.upper()}_URL": server.url.replace("/postgres?", f"/many_{one}?") for one in ("default", "keys")},
    }
    from django.core.management import call_command

    import tests.faults.app  # noqa: F401

    for alias in ("default", "keys"):
        call_command("migrate", database=alias, verbosity=0)
    call_command("createcachetable", verbosity=0)
    call_command("load_content", verbosity=0)


def _template(findings: int) -> tuple[Any, Any, Any]:
    """A patient with a record of so many findings, who asked for a review, a coordinator and an administrator."""
    from portal.models import User
    from records.actions.reading import perform_waiting
    from tests import factories
    from tests.records.paper import paper

    alice = User.objects.create_user("alice@example.org")
    patient = factories.make_patient(alice)
    for file in range(FILES):
        mine = range(file, findings, FILES)
        pages = [" ".join(f"GENE{n}=positive" for n in mine if n % 2 == half) + " found in the tissue that was sent" * 5 for half in (0, 1)]
        factories.make_document(patient, paper(*pages, title=str(file)), name=f"report {file}.txt")
    perform_waiting()
    factories.ask_for_review(patient)
    return alice, User.objects.create_user("carol@example.org", role="coordinator"), User.objects.create_superuser("root@example.org", None)


def _multiplied(patients: int) -> dict[str, int]:
    """Copy what belongs to the template, `patients` - 1 times. Returns how many rows each large table has."""
    from django.apps import apps
    from django.db import connection

    from records.keys import PatientKey

    copied = [apps.get_model("portal", "User"), *(one for one in apps.get_app_config("records").get_models() if one is not PatientKey)]
    _copy_keys(PatientKey, patients)
    with connection.cursor() as cursor:
        cursor.execute("SET session_replication_role = replica; SET synchronous_commit = off; SET maintenance_work_mem = '512MB'")
        indexes = [one for model in copied for one in _without_indexes(cursor, model._meta.db_table)]
        for model in copied:
            columns = {field.column: _copy_of(field, copied) for field in model._meta.concrete_fields}
            names, values = ", ".join(f'"{one}"' for one in columns), ", ".join(columns.values())
            of_template = " WHERE email = 'alice@example.org'" if model.__name__ == "User" else ""
            cursor.execute(
                f"INSERT INTO {model._meta.db_table} ({names}) SELECT {values} FROM {model._meta.db_table}, generate_series(2, %s) n{of_template}",
                [patients],
            )
            print(f"{model._meta.db_table}: {cursor.rowcount}", flush=True)
        for made_again in indexes:
            cursor.execute(made_again)
        cursor.execute("SET session_replication_role = DEFAULT")
        cursor.execute("VACUUM ANALYZE")
        cursor.execute("SELECT relname, reltuples::bigint FROM pg_class WHERE relkind = 'r' AND reltuples > %s ORDER BY 2 DESC", [LARGE])
        return dict(cursor.fetchall())


def _copy_keys(model: Any, patients: int) -> None:
    """Somebody without a key is nobody: the copies have one, though it opens nothing of theirs."""
    columns = {field.column: _copy_of(field, []) for field in model._meta.concrete_fields}
    with connections["keys"].cursor() as cursor:
        names, values = ", ".join(f'"{one}"' for one in columns), ", ".join(columns.values())
        cursor.execute(
            f"INSERT INTO {model._meta.db_table} ({names}) SELECT {values} FROM {model._meta.db_table}, generate_series(2, %s) n",
            [patients],
        )
        cursor.execute("ANALYZE")


def _without_indexes(cursor: Any, table: str) -> list[str]:
    """Drop all but the primary key's. Returns the statements that make them again."""
    cursor.execute("SELECT conname, pg_get_constraintdef(oid) FROM pg_constraint WHERE conrelid = %s::regclass AND contype = 'u'", [table])
    made_again = []
    for name, definition in cursor.fetchall():
        cursor.execute(f'ALTER TABLE {table} DROP CONSTRAINT "{name}"')
        made_again.append(f'ALTER TABLE {table} ADD CONSTRAINT "{name}" {definition}')
    cursor.execute(
        "SELECT indexrelid::regclass, pg_get_indexdef(indexrelid) FROM pg_index WHERE indrelid = %s::regclass AND NOT indisprimary", [table]
    )
    for name, definition in cursor.fetchall():
        cursor.execute(f"DROP INDEX {name}")
        made_again.append(definition)
    return made_again


def _copy_of(field: Any, copied: list[Any]) -> str:
    """The value of a column in copy number n: ids of rows that are copied become new ones, the same wherever they stand."""
    name, target = f'"{field.column}"', field.related_model
    is_of_copied = target in copied if target else field.name in ("actor", "patient", "target_id")
    if is_of_copied or (field.primary_key and field.get_internal_type() == "UUIDField"):
        return f"(lpad(to_hex(n), 8, '0') || right({name}::text, -8))::uuid"
    if field.primary_key:
        return f"{name} + n * 100000::bigint"
    if field.get_internal_type() == "DateTimeField":
        return f"{name} - n * interval '1 minute'"
    if field.unique:
        return f"n || '-' || {name}"
    return name


def _asked(alice: Any, carol: Any, root: Any) -> dict[str, Callable[[], Any]]:
    from django.test import Client

    from portal import metrics
    from records import queue
    from records.actions import sweeping

    def page(user: Any, path: str) -> Callable[[], Any]:
        client = Client()
        client.force_login(user)
        return lambda: client.get(path, follow=True)

    return {
        **{f"`{path}`": page(alice, path) for path in PAGES},
        **{f"coordinator: `{path}`": page(carol, path) for path in OF_STAFF},
        **{f"administrator: `{path}`": page(root, path) for path in OF_ADMINS},
        "a round of the sweeper": sweeping.sweep,
        "what the sweeper clears": sweeping.clear_left_over,
        "`/metrics`": metrics.rendered,
        "`/readyz`": metrics.is_degraded,
        "taking the next work": queue.exhausted,
    }


def _measured(name: str, ask: Callable[[], Any]) -> str:
    """The second time: caches of the process are warm, as they are all day."""
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    ask()
    with CaptureQueriesContext(connection) as asked:
        ask()
    seconds = [float(one["time"]) for one in asked]
    whole = sorted({table for one in asked for table in _read_whole(one["sql"])})
    return f"| {name} | {len(asked)} | {1000 * max(seconds, default=0):.0f} | {1000 * sum(seconds):.0f} | {', '.join(whole) or 'no'} |"


def _read_whole(sql: str) -> Iterable[str]:
    """Large tables that the plan of a statement reads from end to end."""
    from django.db import connection

    if not sql.lstrip("( ").upper().startswith("SELECT"):
        return []
    with connection.cursor() as cursor:
        cursor.execute("EXPLAIN " + sql.replace("%", "%%"), [])
        plan = "\n".join(row[0] for row in cursor.fetchall())
        found = re.findall(r"Seq Scan on (\w+)", plan)
        cursor.execute("SELECT relname FROM pg_class WHERE relname = ANY(%s) AND reltuples > %s", [found, LARGE])
        return [row[0] for row in cursor.fetchall()]


def _head(rows: dict[str, int], seconds: float) -> str:
    told = ", ".join(f"{count:,} in `{table}`" for table, count in rows.items() if table.startswith("records_"))
    return f"PostgreSQL with {told}; filled in {seconds / 60:.0f} minutes."


if __name__ == "__main__":
    main(sys.argv[1:])
