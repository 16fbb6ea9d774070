"""Real processes, killed: nothing that was accepted is lost, and nothing is done twice."""

from __future__ import annotations

import json
import os
import random
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest

from portal.management.commands import serve
from tests import services

pytestmark = [pytest.mark.services, pytest.mark.slow]
ROOT = Path(__file__).parents[2]
# The short version; `make test-faults` sends fifty files and kills oftener.
FILES = int(os.environ.get("FAULTS_FILES", "12"))
KILLS = max(1, FILES // 12)


class Service:
    """Database, files, worker and sweeper in a folder of their own."""

    def __init__(self, folder: Path, broker: services.Broker, databases: dict[str, str]) -> None:
        self.folder = folder
        self.environment = {
            **os.environ,
            **databases,
            "DJANGO_SETTINGS_MODULE": "tests.faults.settings",
            "FAULTS_FOLDER": str(folder),
            "FAULTS_BROKER": broker.url,
            "PYTHONWARNINGS": "ignore",
        }
        self.running: list[subprocess.Popen[bytes]] = []
        self.drive("prepare")

    def start(self, command: Sequence[str]) -> subprocess.Popen[bytes]:
        with (self.folder / "output.log").open("ab") as output:
            one = subprocess.Popen(command, cwd=ROOT, env=self.environment, stdout=output, stderr=output, start_new_session=True)
        self.running.append(one)
        return one

    def worker(self) -> subprocess.Popen[bytes]:
        return self.start(serve.worker(2, app="tests.faults.app").command)

    def sweeper(self) -> subprocess.Popen[bytes]:
        return self.start(serve.sweeper().command)

    def drive(self, *command: str) -> Any:
        return json.loads(self.start_drive(*command).communicate(timeout=120)[0])

    def start_drive(self, *command: str) -> subprocess.Popen[bytes]:
        return subprocess.Popen(
            [sys.executable, "-m", "tests.faults.drive", *command], cwd=ROOT, env=self.environment, stdout=subprocess.PIPE
        )

    def said(self) -> str:
        """The last that worker and sweeper wrote."""
        return "\n".join((self.folder / "output.log").read_text(errors="replace").splitlines()[-40:])

    def readings(self) -> Counter[str]:
        """How often each page of each file was begun."""
        log = self.folder / "readings.log"
        return Counter(log.read_text().splitlines()) if log.exists() else Counter()

    def wait_until_done(self, files: int, seconds: float) -> dict[str, Any]:
        seen = self.wait_until_settled(seconds)
        assert seen["status"] == ["ready"] * files
        return seen

    def wait_until_settled(self, seconds: float) -> dict[str, Any]:
        """What there is once nothing is left to be done."""
        end = time.monotonic() + seconds
        while True:
            seen: dict[str, Any] = self.drive("look")
            if not seen["unfinished"] and not {"received", "reading", "extracting"} & set(seen["status"]):
                return seen
            assert time.monotonic() < end, f"not done after {seconds:.0f} s: {Counter(seen['status'])}\n{self.said()}"
            time.sleep(2)  # a look costs a process of its own

    def stop(self) -> None:
        for one in self.running:
            kill(one)


def kill(process: subprocess.Popen[bytes]) -> None:
    """kill -9, children too."""
    if process.poll() is None:
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()


def _sqlite() -> Iterator[dict[str, str]]:
    yield {}


def _postgresql() -> Iterator[dict[str, str]]:
    with services.postgresql() as url:
        for name in ("cartguide", "cartguide_keys"):
            _create_database(url, name)
        yield {
            "FAULTS_DEFAULT_URL": url.replace("/postgres?", "/cartguide?"),
            "FAULTS_KEYS_URL": url.replace("/postgres?", "/cartguide_keys?"),
        }


def _create_database(url: str, name: str) -> None:
    import psycopg

    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name}")  # type: ignore[arg-type]


@pytest.fixture(params=[_sqlite, _postgresql], ids=["sqlite", "postgresql"])
def service(request: pytest.FixtureRequest, broker: services.Broker) -> Iterator[Service]:
    databases: Callable[[], Iterator[dict[str, str]]] = request.param
    with services.short_folder() as folder:
        for urls in databases():
            one = Service(folder, broker, urls)
            try:
                yield one
            finally:
                one.stop()


def test_a_worker_killed_in_the_middle_of_ten_pages(service: Service) -> None:
    worker = service.worker()
    service.sweeper()
    service.drive("send", "1", "10", "0")
    services.wait_for(lambda: len(service.readings()) >= 5, "five pages begun", 60)
    kill(worker)
    finished = len(service.drive("look")["pages"])
    assert 0 < finished < 10, "the worker was to be killed in the middle"

    service.worker()
    seen = service.wait_until_done(1, seconds=60)

    assert sorted(number for _, number, _ in seen["pages"]) == list(range(1, 11))
    assert {code for _, _, code in seen["pages"]} == {""}
    assert seen["findings"] == 10
    begun_twice = [page for page, times in service.readings().items() if times > 1]
    assert len(begun_twice) <= 2, "only the two pages that were being read may be begun again"
    assert seen["broken_audit"] is None


def test_workers_killed_again_and_again_during_mixed_files(service: Service) -> None:
    chance = random.Random(7)
    service.sweeper()
    worker = service.worker()
    pages = service.drive("send_mixed", str(FILES))["pages"]
    for kill_number in range(KILLS):
        begun = sum(service.readings().values())
        services.wait_for(lambda: sum(service.readings().values()) > begun + 3, f"pages begun before kill {kill_number}", 60)  # noqa: B023
        time.sleep(chance.uniform(0, 0.6))
        kill(worker)
        worker = service.worker()

    seen = service.wait_until_settled(seconds=150)
    kinds = Counter(n % 10 for n in range(FILES))
    members = sum(n % 4 + 1 for n in range(FILES) if n % 10 == 9)
    assert len(seen["status"]) == FILES + members, "every member of an archive is a file of its own, once"
    assert set(seen["status"]) == {"ready"}
    assert len({(document, number) for document, number, _ in seen["pages"]}) == len(seen["pages"]) == pages
    assert Counter(code for _, _, code in seen["pages"] if code) == {"blank": kinds[7], "unreadable": kinds[8]}
    assert seen["findings"] == pages - kinds[7] - kinds[8]
    begun_again = sum(times - 1 for times in service.readings().values())
    assert begun_again <= 2 * KILLS, "only pages that were being read when their worker died are read again"
    assert seen["broken_audit"] is None


def test_the_broker_gone_for_twenty_seconds_during_uploads(service: Service, broker: services.Broker) -> None:
    service.worker()
    service.sweeper()
    sending = service.start_drive("send", "60", "1", "0.4")
    services.wait_for(lambda: len(service.readings()) >= 5, "five files begun", 60)
    broker.kill()
    time.sleep(20)
    broker.start()
    took = json.loads(sending.communicate(timeout=120)[0])["took"]
    assert len(took) == 60, "every file was accepted"
    assert max(took) < 5, "nobody waits for a broker that is gone"

    seen = service.wait_until_done(60, seconds=150)
    assert len(seen["pages"]) == len({document for document, _, _ in seen["pages"]}) == 60
    assert seen["findings"] == 60
    assert set(service.readings().values()) == {1}, "nothing was read twice"
    assert seen["broken_audit"] is None
