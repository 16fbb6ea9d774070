"""Databases made once and copied for each test: to migrate takes longer than most tests."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests import services
from tests.faults.service import Service

NO_BROKER = "redis+socket:///nowhere"
BOTH = ("sqlite", "postgresql")
# The longest run on what production has; `make test-faults` runs them on both.
THOROUGH = pytest.mark.parametrize("databases", os.environ.get("FAULTS_DATABASES", "postgresql").split(), indirect=True)


def urls(server: services.Postgresql, name: str) -> dict[str, str]:
    """What the settings of the fault tests take a pair of databases from."""
    return {f"FAULTS_{alias.upper()}_URL": server.url.replace("/postgres?", f"/{name}_{alias}?") for alias in ("default", "keys")}


@pytest.fixture(scope="session")
def prepared_files() -> Iterator[Path]:
    with services.short_folder() as folder:
        Service(folder, NO_BROKER, {}).drive("prepare")
        yield folder


@pytest.fixture(scope="session")
def prepared_server() -> Iterator[services.Postgresql]:
    with services.postgresql_server() as server, services.short_folder() as folder:
        for alias in ("default", "keys"):
            server.run(f"CREATE DATABASE prepared_{alias}")
        Service(folder, NO_BROKER, urls(server, "prepared")).drive("prepare")
        yield server


@pytest.fixture(params=BOTH)
def databases(request: pytest.FixtureRequest) -> Iterator[tuple[Path, dict[str, str], services.Postgresql | None]]:
    """A folder, the databases' addresses and the server, if there is one."""
    with services.short_folder() as folder:
        if request.param == "sqlite":
            for path in request.getfixturevalue("prepared_files").glob("*.sqlite3*"):
                shutil.copy(path, folder)
            yield folder, {}, None
            return
        server: services.Postgresql = request.getfixturevalue("prepared_server")
        for alias in ("default", "keys"):
            server.run(f"DROP DATABASE IF EXISTS one_{alias} WITH (FORCE)")
            server.run(f"CREATE DATABASE one_{alias} TEMPLATE prepared_{alias}")
        yield folder, urls(server, "one"), server


@pytest.fixture
def service(databases: tuple[Path, dict[str, str], object], broker: services.Broker) -> Iterator[Service]:
    one = Service(databases[0], broker.url, databases[1])
    try:
        yield one
    finally:
        one.stop()
