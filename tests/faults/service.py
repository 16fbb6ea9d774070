"""The service of the fault tests: database, files, worker and sweeper in a folder of their own, as processes that can be killed."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Sequence
from copy import copy
from pathlib import Path
from typing import Any

from portal.management.commands import serve
from portal.supervisor import _die_with_parent

ROOT = Path(__file__).parents[2]
# Waiting ends early when what is waited for is so; the end is for a service that is broken, not for one that is slow.
LONG = 240.0


class Service:
    """Database, files, worker and sweeper in a folder of their own."""

    def __init__(self, folder: Path, broker_url: str, databases: dict[str, str], **more: str) -> None:
        self.folder = folder
        self.environment = {
            **os.environ,
            **databases,
            **more,
            "DJANGO_SETTINGS_MODULE": "tests.faults.settings",
            "FAULTS_FOLDER": str(folder),
            "FAULTS_BROKER": broker_url,
            "PYTHONWARNINGS": "ignore",
        }
        self.running: list[subprocess.Popen[bytes]] = []
        self.driver: subprocess.Popen[bytes] | None = None

    def start(self, command: Sequence[str]) -> subprocess.Popen[bytes]:
        with (self.folder / "output.log").open("ab") as output:
            one = subprocess.Popen(
                command, cwd=ROOT, env=self.environment, stdout=output, stderr=output, start_new_session=True, preexec_fn=_die_with_parent
            )
        self.running.append(one)
        return one

    def worker(self) -> subprocess.Popen[bytes]:
        return self.start(serve.worker(2, self.alive, app="tests.faults.app").command)

    def supervised_worker(self, patience: float) -> subprocess.Popen[bytes]:
        command = [sys.executable, "manage.py", "work", "--app", "tests.faults.app"]
        command += ["--alive", str(self.alive), "--patience", str(patience)]
        return self.start(command)

    @property
    def alive(self) -> Path:
        """The file that the worker's loop touches; holds its process id."""
        return self.folder / "worker.alive"

    def sweeper(self) -> subprocess.Popen[bytes]:
        return self.start(serve.sweeper().command)

    def drive(self, *command: str) -> Any:
        """One command of tests.faults.drive, in the driver that stays."""
        if self.driver is None or self.driver.poll() is not None:
            self.driver = self.start_drive()
        assert self.driver.stdin and self.driver.stdout
        self.driver.stdin.write(json.dumps(command).encode() + b"\n")
        self.driver.stdin.flush()
        said = self.driver.stdout.readline()
        assert said, f"{command[0]} broke\n{self.said()}"
        return json.loads(said)

    def another(self) -> Service:
        """The same service with a driver of its own, for another thread."""
        other = copy(self)
        other.running, other.driver = [], None
        return other

    def start_drive(self, *command: str) -> subprocess.Popen[bytes]:
        """A driver of its own, for what goes on beside other commands."""
        with (self.folder / "output.log").open("ab") as output:
            return subprocess.Popen(
                [sys.executable, "-m", "tests.faults.drive", *command],
                cwd=ROOT, env=self.environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=output, preexec_fn=_die_with_parent,
            )  # fmt: skip

    def said(self) -> str:
        """The last that worker and sweeper wrote."""
        return "\n".join((self.folder / "output.log").read_text(errors="replace").splitlines()[-40:])

    def readings(self) -> Counter[str]:
        """How often each page of each file was begun since the test began."""
        log = self.folder / "readings.log"
        return Counter(log.read_text().splitlines()) if log.exists() else Counter()

    def sent(self) -> int:
        """How many files were accepted so far."""
        log = self.folder / "sent.log"
        return len(log.read_text().splitlines()) if log.exists() else 0

    def wait_until_done(self, files: int) -> dict[str, Any]:
        seen = self.wait_until_settled()
        assert seen["status"] == ["ready"] * files
        return seen

    def wait_until_settled(self) -> dict[str, Any]:
        """What there is once nothing is left to be done."""
        end = time.monotonic() + LONG
        while True:
            seen: dict[str, Any] = self.drive("look")
            if not seen["unfinished"] and not {"received", "reading", "extracting"} & set(seen["status"]):
                return seen
            assert time.monotonic() < end, f"not done after {LONG:.0f} s: {Counter(seen['status'])}\n{self.said()}"
            time.sleep(0.2)

    def begin_anew(self) -> None:
        """Another patient, no worker, nothing read or sent: what one test did is not what the next one counts."""
        for one in [one for one in self.running if "sweep" not in one.args]:  # type: ignore[operator]
            kill(one)
            self.running.remove(one)
        for name in ("readings.log", "sent.log", "worker.alive"):
            (self.folder / name).unlink(missing_ok=True)
        self.drive("newcomer")

    def stop(self) -> None:
        for one in self.running:
            kill(one)
        self.stop_driving()

    def stop_driving(self) -> None:
        """The next command starts another driver, with the settings of that time."""
        if self.driver is not None:
            self.driver.kill()
            self.driver.communicate()
            self.driver = None


def kill(process: subprocess.Popen[bytes]) -> None:
    """kill -9, children too."""
    if process.poll() is None:
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()
