"""Databases made once and copied for each test: to migrate takes longer than most tests."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests import migrated, services
from tests.faults.service import Service
from tests.faults.standing import House, standing_house

NO_BROKER = "redis+socket:///nowhere"
BOTH = ("sqlite", "postgresql")
# The longest run on what production has; `make test-faults` runs them on both.
THOROUGH = pytest.mark.parametrize("databases", os.environ.get("FAULTS_DATABASES", "postgresql").split(), indirect=True)


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """All of one kind of database in one process of the run: what they stand on is made once."""
    for item in items:
        given = getattr(item, "callspec", None)
        kind = next((given.params[name] for name in ("databases", "standing") if given and name in given.params), None)
        if kind in BOTH:
            item.add_marker(pytest.mark.xdist_group(f"faults on {kind}"))


def urls(server: services.Postgresql, name: str) -> dict[str, str]:
    """What the settings of the fault tests take a pair of databases from."""
    return {f"FAULTS_{alias.upper()}_URL": server.url.replace("/postgres?", f"/{name}_{alias}?") for alias in ("default", "keys")}


@pytest.fixture(scope="session")
def prepared_files() -> Iterator[Path]:
    with services.short_folder() as folder:
        for alias in ("default", "keys"):
            if (kept := migrated.kept(alias)).exists():
                shutil.copy(kept, folder / f"{alias}.sqlite3")
        _prepare(Service(folder, NO_BROKER, {}))
        yield folder


@pytest.fixture(scope="session")
def prepared_server() -> Iterator[services.Postgresql]:
    with services.postgresql_server() as server, services.short_folder() as folder:
        for alias in ("default", "keys"):
            server.run(f"CREATE DATABASE prepared_{alias}")
        _prepare(Service(folder, NO_BROKER, urls(server, "prepared")))
        yield server


def _prepare(service: Service) -> None:
    service.drive("prepare")
    service.stop()


Databases = tuple[Path, dict[str, str], services.Postgresql | None]


@contextmanager
def copied(kind: str, request: pytest.FixtureRequest, name: str) -> Iterator[Databases]:
    """A folder, the databases' addresses and the server, if there is one."""
    with services.short_folder() as folder:
        if kind == "sqlite":
            for path in request.getfixturevalue("prepared_files").glob("*.sqlite3*"):
                shutil.copy(path, folder)
            yield folder, {}, None
            return
        server: services.Postgresql = request.getfixturevalue("prepared_server")
        for alias in ("default", "keys"):
            server.run(f"DROP DATABASE IF EXISTS {name}_{alias} WITH (FORCE)")
            server.run(f"CREATE DATABASE {name}_{alias} TEMPLATE prepared_{alias}")
        yield folder, urls(server, name), server


@pytest.fixture(params=BOTH)
def databases(request: pytest.FixtureRequest) -> Iterator[Databases]:
    with copied(request.param, request, "one") as made:
        yield made


@pytest.fixture
def house(databases: Databases, broker: services.Broker) -> Iterator[House]:
    """Web, worker and two sweepers, with eight people who may send files."""
    with standing_house(databases, broker) as one:
        yield one


@pytest.fixture(scope="module")
def broker_of_module() -> Iterator[services.Broker]:
    with services.broker() as one:
        yield one


@pytest.fixture(scope="module", params=BOTH)
def standing(request: pytest.FixtureRequest, broker_of_module: services.Broker) -> Iterator[Service]:
    """Databases, broker and sweeper that stand while the tests of a file go on."""
    with copied(request.param, request, "standing") as (folder, addresses, _):
        one = Service(folder, broker_of_module.url, addresses)
        one.sweeper()
        try:
            yield one
        finally:
            one.stop()


@pytest.fixture
def service(standing: Service) -> Service:
    standing.begin_anew()
    return standing
