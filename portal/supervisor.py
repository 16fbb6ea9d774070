"""A small supervisor: starts processes in order, restarts what dies or is stuck, stops all in reverse order.

It makes `make run` one command. In a container it stands in front of the worker only, because an engine that sees an unhealthy container
does not replace it.
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
ASK_EVERY = 2.0


@dataclass
class Service:
    """One process: how to start it, when it is up, and how long it may take to stop (seconds).

    stuck_on tells what it makes no headway with, None when all is well; the same for `patience` seconds, and the process is replaced.
    """

    name: str
    command: Sequence[str]
    is_up: Callable[[], bool] = lambda: True
    environment: Mapping[str, str] = field(default_factory=dict)
    stop_signal: signal.Signals = signal.SIGTERM
    grace: float = 10.0
    stuck_on: Callable[[], object] = lambda: None
    patience: float = 60.0
    running: subprocess.Popen[bytes] | None = None
    started_at: float = 0.0
    deaths: int = 0
    wait_until: float = 0.0
    stuck_with: object = None
    stuck_since: float = 0.0


def _die_with_parent() -> None:
    # A supervisor killed with -9 must not leave a worker behind that nobody owns.
    ctypes.CDLL(None, use_errno=True).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)


class Supervisor:
    """Keeps services running until it is told to stop. Output of each goes to its own file in `logs`, or where the supervisor's own goes."""

    def __init__(self, services: Sequence[Service], logs: Path | None, say: Callable[[str], None] = print) -> None:
        self.services, self.logs, self.say = services, logs, say
        self.is_stopping = False
        self._ask_at = 0.0
        if logs:
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
                self._replace_stuck()
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
        with (self.logs / f"{service.name}.log").open("ab") if self.logs else contextlib.nullcontext() as log:
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
        service.stuck_with = None

    def _await(self, service: Service, seconds: float = 60.0) -> None:
        end = time.monotonic() + seconds
        while not service.is_up() and not self.is_stopping:
            if time.monotonic() > end:
                raise SystemExit(f"{service.name} did not start." + (f" See {self.logs / service.name}.log" if self.logs else ""))
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
                if service.deaths and service.stuck_with is None and now - service.started_at > SETTLED_AFTER:
                    service.deaths = 0
                continue
            self._kill_group(process)
            service.running = None
            service.deaths += 1
            pause = min(0.5 * 2 ** (service.deaths - 1), LONGEST_PAUSE)
            service.wait_until = now + pause
            self.say(f"{service.name} stopped with status {process.returncode}; starting it again in {pause:.1f} s")

    def _replace_stuck(self) -> None:
        """Kill what makes no headway; the watch starts it again. Neither dead nor working is the one state nobody else notices."""
        if time.monotonic() < self._ask_at:
            return
        for service in self.services:
            if service.running is None:
                continue
            on, now = service.stuck_on(), time.monotonic()
            # one that has just begun may take as long again; the next one longer, on a machine too busy to start it in that time
            patience = service.patience * (1 + service.deaths)
            if on is None or on != service.stuck_with or now - service.started_at < patience:
                service.stuck_with, service.stuck_since = on, now
            elif now - service.stuck_since >= patience:
                self.say(f"{service.name} has made no headway for {now - service.stuck_since:.0f} s; ending it")
                self._kill_group(service.running)
                service.stuck_with = None
        self._ask_at = time.monotonic() + ASK_EVERY

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
