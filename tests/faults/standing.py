"""The whole service under its supervisor, and what may break of it."""

from __future__ import annotations

import os
import random
import signal
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from portal.management.commands.serve import free_port
from tests import services
from tests.faults.service import LONG, Service


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

    def start_again(self, word: str) -> None:
        """As an upgrade does: told to stop, and started anew by the supervisor."""
        before = self.pids(word)
        for pid in before:
            os.kill(pid, signal.SIGTERM)
        services.wait_for(lambda: len(self.pids(word)) == len(before) and not set(before) & set(self.pids(word)), f"{word} to start again", LONG)

    def wait_until_settled(self) -> dict[str, Any]:
        """What there is of each file once nothing is left to be done."""
        seen = self.service.drive("look_at_each")
        moved, left = time.monotonic(), seen["unfinished"]
        while not _is_settled(seen):
            assert time.monotonic() < moved + LONG, f"{left} left and no fewer for {LONG:.0f} s\n{self.service.said()}"
            time.sleep(1)
            seen = self.service.drive("look_at_each")
            if seen["unfinished"] != left:
                moved, left = time.monotonic(), seen["unfinished"]
        return seen

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


def _is_settled(seen: dict[str, Any]) -> bool:
    unfinished = {"received", "reading", "extracting"}
    return not seen["unfinished"] and not any(copy[0] in unfinished for copies in seen["files"].values() for copy in copies)


@contextmanager
def standing_house(databases: tuple[Path, dict[str, str], Any], broker: services.Broker) -> Iterator[House]:
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
