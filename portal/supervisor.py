"""A small supervisor: starts processes in order, restarts what dies, stops all in reverse order.

Not for production, where the container engine does this; it is what makes `make run` one command.
"""

from __future__ import annotations

import contextlib
import ctypes
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

PR_SET_PDEATHSIG = 1
LONGEST_PAUSE = 15.0
SETTLED_AFTER = 20.0


@dataclass
class Service:
    """One process: how to start it, when it is up, and how long it may take to stop (seconds)."""

    name: str
    command: Sequence[str]
    is_up: Callable[[], bool] = lambda: True
    environment: Mapping[str, str] = field(default_factory=dict)
    stop_signal: signal.Signals = signal.SIGTERM
    grace: float = 10.0
    running: subprocess.Popen[bytes] | None = None
    started_at: float = 0.0
    deaths: int = 0
    wait_until: float = 0.0


def _die_with_parent() -> None:
    # A supervisor killed with -9 must not leave a worker behind that nobody owns.
    ctypes.CDLL(None, use_errno=True).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)


class Supervisor:
    """Keeps services running until it is told to stop. Output of each goes to its own file in `logs`."""

    def __init__(self, services: Sequence[Service], logs: Path, say: Callable[[str], None] = print) -> None:
        self.services, self.logs, self.say = services, logs, say
        self.is_stopping = False
        logs.mkdir(mode=0o700, parents=True, exist_ok=True)

    def run(self, *, on_ready: Callable[[], None] = lambda: None) -> None:
        """Start all in order, then watch. Returns after SIGINT or SIGTERM, when all have stopped."""
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, self._ask_to_stop)
        try:
            for service in self.services:
                self._start(service)
                self._await(service)
            if not self.is_stopping:
                on_ready()
            while not self.is_stopping:
                self._watch()
                time.sleep(0.2)
        finally:
            self.stop()

    def stop(self) -> None:
        for service in reversed(self.services):
            self._stop(service)

    def _ask_to_stop(self, number: int, frame: object) -> None:
        self.is_stopping = True

    def _start(self, service: Service) -> None:
        # preexec_fn is safe here: the supervisor has one thread
        with (self.logs / f"{service.name}.log").open("ab") as log:
            service.running = subprocess.Popen(
                service.command,
                stdout=log,
                stderr=subprocess.STDOUT,
                stdin=subprocess.DEVNULL,
                env={**os.environ, **service.environment},
                start_new_session=True,
                preexec_fn=_die_with_parent if sys.platform == "linux" else None,
            )
        service.started_at = time.monotonic()

    def _await(self, service: Service, seconds: float = 60.0) -> None:
        end = time.monotonic() + seconds
        while not service.is_up() and not self.is_stopping:
            if time.monotonic() > end:
                raise SystemExit(f"{service.name} did not start. See {self.logs / (service.name + '.log')}")
            self._watch()
            time.sleep(0.1)

    def _watch(self) -> None:
        now = time.monotonic()
        for service in self.services:
            process = service.running
            if process is None:
                if service.deaths and now >= service.wait_until:
                    self._start(service)
                continue
            if process.poll() is None:
                if service.deaths and now - service.started_at > SETTLED_AFTER:
                    service.deaths = 0
                continue
            self._kill_group(process)
            service.running = None
            service.deaths += 1
            pause = min(0.5 * 2 ** (service.deaths - 1), LONGEST_PAUSE)
            service.wait_until = now + pause
            self.say(f"{service.name} stopped with status {process.returncode}; starting it again in {pause:.1f} s")

    def _stop(self, service: Service) -> None:
        process, service.running = service.running, None
        if process is None:
            return
        if process.poll() is None:
            process.send_signal(service.stop_signal)
            try:
                process.wait(service.grace)
            except subprocess.TimeoutExpired:
                self.say(f"{service.name} did not stop in {service.grace:.0f} s; ending it")
        self._kill_group(process)
        process.wait()

    @staticmethod
    def _kill_group(process: subprocess.Popen[bytes]) -> None:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
