"""What every test gets: no network, its own files, three named people, real servers on request."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import settings as limits

from tests import migrated, services

# The same examples each time, and no clock: a red run is about the change. --hypothesis-profile=search looks for new ones.
limits.register_profile("steady", deadline=None, derandomize=True)
limits.register_profile("search", deadline=None, max_examples=2000)
limits.load_profile("steady")
# Folders of tests, the longest tests first.
LONGEST = ("faults", "browser", "reading", "api", "security", "portal")


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> Iterator[None]:
    """A test that may use the database may use both: records and keys live apart. The tests of a file share what they stand on: one
    process of a run gets all of them. What waits for servers and browsers begins first, so that nobody waits for it in the end.
    """
    for item in items:
        if item.get_closest_marker("xdist_group") is None:
            item.add_marker(pytest.mark.xdist_group(item.nodeid.partition("::")[0]))
        mark = item.get_closest_marker("django_db")
        if mark is None and not {"db", "transactional_db", "live_server"} & set(getattr(item, "fixturenames", ())):
            continue
        given = {**(mark.kwargs if mark else {}), "databases": "__all__"}
        item.add_marker(pytest.mark.django_db(*(mark.args if mark else ()), **given), append=False)
    yield
    items.sort(key=lambda one: next((n for n, folder in enumerate(LONGEST) if folder in one.path.parts), len(LONGEST)))


@pytest.fixture(scope="session")
def copies(django_db_modify_db_settings: None, django_db_blocker: Any) -> migrated.Copies:
    """Of databases that were migrated before, where the test databases are about to be made."""
    made = migrated.Copies()
    with django_db_blocker.unblock():
        made.begin()
    return made


@pytest.fixture(scope="session")
def django_db_setup(copies: migrated.Copies, django_db_setup: None, django_db_blocker: Any) -> None:
    """The audit log refuses deletion in the database itself; the tests that empty the database between them need to get past that."""
    from django.db import connection

    with django_db_blocker.unblock():
        copies.finish()
    with django_db_blocker.unblock(), connection.cursor() as cursor:
        table = " ON records_auditevent" if connection.vendor == "postgresql" else ""
        for event in ("delete", "truncate"):
            cursor.execute(f"DROP TRIGGER IF EXISTS records_auditevent_no_{event}{table}")


@pytest.fixture(autouse=True)
def own_files(settings: Any, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = tmp_path / "files"


@pytest.fixture(autouse=True)
def own_keys() -> Iterator[None]:
    """No unwrapped key outlives the test that made it."""
    from records.keys import forget_keys

    yield
    forget_keys()


@pytest.fixture(autouse=True)
def own_quiet(monkeypatch: pytest.MonkeyPatch) -> None:
    """A broker that one test took away is nothing the next one spares for five seconds."""
    monkeypatch.setattr("records.bells._quiet_until", 0.0)


@pytest.fixture(autouse=True)
def own_content() -> Iterator[None]:
    """Each test's database begins again at the first revision: what one test read is not what the next one has."""
    from portal.answers import personal, replay
    from portal.content import current as content
    from portal.trials import current as trials
    from portal.trials import registry_trials

    remembered = (content._content, trials._trials, personal._trials_hash, replay._content, registry_trials._index, registry_trials._read)
    yield
    for one in remembered:
        one.cache_clear()
    personal._answers.clear()


@pytest.fixture
def broker() -> Iterator[services.Broker]:
    """A real Redis (or Valkey) on a unix socket."""
    with services.broker() as one:
        yield one


def _person(email: str, role: str) -> Any:
    from allauth.account.models import EmailAddress

    from portal.models import User

    user = User.objects.create_user(email=email, password="correct horse battery", role=role)
    EmailAddress.objects.create(user=user, email=email, verified=True, primary=True)
    return user


@pytest.fixture
def alice(db: None) -> Any:
    """A patient."""
    return _person("alice@example.org", "patient")


@pytest.fixture
def bob(db: None) -> Any:
    """Another patient, who must never see anything of alice's."""
    return _person("bob@example.org", "patient")


@pytest.fixture
def carol(db: None) -> Any:
    """A coordinator without a grant."""
    return _person("carol@example.org", "coordinator")
