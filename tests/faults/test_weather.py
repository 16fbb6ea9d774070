"""The whole service under its supervisor, while everything around it breaks: what was accepted is there, once, read to its end."""

from __future__ import annotations

import os
import random
import re
import signal
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
import redis

from portal.management.commands.serve import free_port
from tests import services
from tests.faults.conftest import THOROUGH
from tests.faults.sending import Sender, Watch, content, is_hungry
from tests.faults.service import LONG, Service

pytestmark = [pytest.mark.services, pytest.mark.slow, pytest.mark.timeout(3600)]
# The short version; `make test-faults` sends 520 files to each database and has each kind of fault twice.
UPLOADS = int(os.environ.get("FAULTS_UPLOADS", "24"))
ROUNDS = int(os.environ.get("FAULTS_ROUNDS", "0"))
SHORT = ("kill the web", "kill the worker", "freeze the broker", "disk full", "clock ahead")
SENDERS = 4


@dataclass
class House:
    """The running service and what may break of it."""

    service: Service
    broker: services.Broker
    server: services.Postgresql | None
    address: str
    supervisor: int
    tokens: list[str] = field(default_factory=list)

    def pids(self, word: str) -> list[int]:
        """The supervisor's own processes whose command has this word."""
        children = Path(f"/proc/{self.supervisor}/task/{self.supervisor}/children").read_text().split()
        return [int(pid) for pid in children if word in _command(pid)]

    def kill(self, word: str, number: signal.Signals = signal.SIGKILL) -> None:
        services.wait_for(lambda: self.pids(word), f"{word} to run", LONG)
        os.killpg(random.choice(self.pids(word)), number)

    def kill_a_reader(self) -> None:
        """One of the worker's processes, as a machine without memory would."""
        services.wait_for(lambda: self._readers(), "a reader", LONG)
        os.kill(random.choice(self._readers()), signal.SIGKILL)

    def _readers(self) -> list[int]:
        mains = self.pids("celery")
        return [int(one) for main in mains for one in Path(f"/proc/{main}/task/{main}/children").read_text().split()]

    def switch(self, name: str, text: str = "on") -> Callable[[], None]:
        """A kind of weather that lasts while a few more files are sent or refused."""

        def on_and_off() -> None:
            path = self.service.folder / name
            path.write_text(text)
            time.sleep(2)
            path.unlink()

        return on_and_off

    def restart_broker(self) -> None:
        self.broker.kill()
        time.sleep(1)
        self.broker.start()

    def freeze_broker(self) -> None:
        self.broker.freeze()
        time.sleep(3)
        self.broker.freeze(thaw=True)

    def break_database(self) -> None:
        """PostgreSQL ends without a goodbye and recovers; SQLite is held by somebody else."""
        if self.server:
            self.server.stop(signal.SIGQUIT)
            self.server.start()
        else:
            import sqlite3

            other = sqlite3.connect(self.service.folder / "default.sqlite3", timeout=60, isolation_level=None)
            other.execute("BEGIN IMMEDIATE")
            time.sleep(3)
            other.execute("ROLLBACK")
            other.close()

    def faults(self) -> dict[str, Callable[[], None]]:
        return {
            "kill the web": lambda: self.kill("gunicorn"),
            "kill the worker": lambda: self.kill("celery"),
            "kill a reader": self.kill_a_reader,
            "kill a sweeper": lambda: self.kill("sweep"),
            "freeze the worker": lambda: self.kill("celery", signal.SIGSTOP),
            "restart the broker": self.restart_broker,
            "freeze the broker": self.freeze_broker,
            "break the database": self.break_database,
            "disk full": self.switch("disk_full"),
            "storage gone": self.switch("storage_gone"),
            "clock ahead": self.switch("clock", "3600"),
            "clock behind": self.switch("clock", "-3600"),
        }


def _command(pid: str) -> str:
    try:
        return Path(f"/proc/{pid}/cmdline").read_text().replace("\0", " ")
    except (FileNotFoundError, ProcessLookupError):
        return ""


@pytest.fixture
def house(databases: tuple[Path, dict[str, str], Any], broker: services.Broker) -> Iterator[House]:
    folder, urls, server = databases
    service = Service(folder, broker.url, urls, FAULTS_LEASE="10", FAULTS_PAGE_SECONDS="0.05")
    tokens = service.drive("people", "8")["tokens"]
    address = f"127.0.0.1:{free_port('127.0.0.1', 20_000 + os.getpid() % 20_000)}"
    supervisor = service.start([sys.executable, "-m", "tests.faults.house", address, "10"])
    try:
        services.wait_for((folder / "ready").exists, "the house to stand", LONG)
        yield House(service, broker, server, address, supervisor.pid, tokens)
    finally:
        supervisor.terminate()
        supervisor.wait(LONG)
        service.stop()


@pytest.mark.asvs("14.2.4", "16.2.5")
@THOROUGH
def test_nothing_accepted_is_lost_while_everything_breaks(house: House, capsys: pytest.CaptureFixture[str]) -> None:
    faults = house.faults()
    plan = [kind for _ in range(ROUNDS) for kind in faults] or [*SHORT]
    random.Random(11).shuffle(plan)
    watch = Watch(house.service)
    senders = [Sender(house.address, house.tokens, range(first, UPLOADS, SENDERS), watch) for first in range(SENDERS)]
    begun, moments = time.monotonic(), []
    for one in (watch, *senders):
        one.start()

    def accepted() -> int:
        return sum(len(one.accepted) for one in senders)

    for done, kind in enumerate(plan, 1):
        due = UPLOADS * done // (len(plan) + 1)
        services.wait_for(lambda: accepted() >= due, f"{due} files accepted before: {kind}\n{house.service.said()}", LONG)  # noqa: B023
        moments.append(time.monotonic())
        faults[kind]()
    for one in senders:
        one.join(LONG)
    assert accepted() == UPLOADS

    sent, seen = time.monotonic(), house.service.drive("look_at_each")
    moved, left = sent, seen["unfinished"]
    while not _is_settled(seen):
        assert time.monotonic() < moved + LONG, f"{left} left and no fewer for {LONG:.0f} s\n{house.service.said()}"
        time.sleep(1)
        seen = house.service.drive("look_at_each")
        if seen["unfinished"] != left:
            moved, left = time.monotonic(), seen["unfinished"]
    drained, whole = time.monotonic() - sent, time.monotonic() - begun
    watch.stop()

    files = seen["files"]
    lost = [n for n in range(UPLOADS) if f"{n}.txt" not in files]
    twice = [name for name, copies in files.items() if len(copies) != 1]
    wrong = {n: files[f"{n}.txt"][0] for n in range(UPLOADS) if n not in lost and files[f"{n}.txt"][0] != content(n)[1]}
    with capsys.disabled():
        kind = "PostgreSQL" if house.server else "SQLite"
        refused = sum(one.refused for one in senders)
        print(
            f"\n{kind}: uploads {UPLOADS}, faults {len(plan)} and {sum(map(is_hungry, range(UPLOADS)))} files that kill their reader, "
            f"lost {len(lost)}, twice {len(twice)}, wrong {len(wrong)}, refused and sent again {refused}, drained in {drained:.0f} s, "
            f"{watch.seen[-1].ended} rows of work in {whole:.0f} s"
        )
        pauses = [(watch.longest_pause(*pair), one) for pair, one in zip(pairwise([*moments, sent]), plan, strict=True)]
        print("nothing was done for: " + ", ".join(f"{seconds:.0f} s ({one})" for seconds, one in sorted(pauses, reverse=True) if seconds >= 1))
    assert (lost, twice, wrong) == ([], [], {})
    assert not _with_words_of_patients(house), "the words of files, and the tokens that sent them, are in no dump, no log and no page of a database"
    assert seen["broken_audit"] is None


def _with_words_of_patients(house: House) -> list[str]:
    """What lies about after the run - the broker's append-only file and dump, logs, the databases with their journals, files - and holds them."""
    redis.Redis(unix_socket_path=str(house.broker.socket)).save()
    places = [house.broker.folder, house.service.folder, *([house.server.folder / "cluster"] if house.server else [])]
    paths = [path for place in places for path in place.rglob("*") if path.is_file()]
    assert {"dump.rdb", "web.log", "worker.log"} <= {path.name for path in paths}, "there was something to look at"
    words = re.compile(rb"GENE\d+P\d|" + b"|".join(map(re.escape, (one.encode() for one in house.tokens))))
    return [str(path) for path in paths if words.search(path.read_bytes())]


def _is_settled(seen: dict[str, Any]) -> bool:
    unfinished = {"received", "reading", "extracting"}
    return not seen["unfinished"] and not any(copy[0] in unfinished for copies in seen["files"].values() for copy in copies)
