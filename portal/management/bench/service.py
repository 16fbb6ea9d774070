"""The service as `make run` starts it, in a folder that is thrown away: databases, broker, workers and sweeper of its own.

A command that needs it runs itself again with `inside(folder)` as environment, and there stands in `standing()`.
"""

from __future__ import annotations

import os
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

from django.conf import settings

from portal.management.commands.serve import embedded_broker, sweeper, worker
from portal.management.standing import prepare_databases, wait_for
from portal.supervisor import Service

LOST = ("WorkerLostError", "exited prematurely", "Timed out waiting for UP")


def inside(folder: Path) -> dict[str, str]:
    """The environment of a command whose whole service lies in the folder, temporary files too."""
    scratch = folder / "scratch"
    scratch.mkdir(exist_ok=True)
    own = {"DJANGO_SETTINGS_MODULE": "portal.settings.development", "CARTGUIDE_RUN_DIR": str(folder / "run"), "TMPDIR": str(scratch)}
    return {**os.environ, **own}


@dataclass
class Standing:
    """The processes of a service that runs, and what their worker wrote."""

    log: Path
    running: list[subprocess.Popen[bytes]] = field(default_factory=list)

    def worker_mib(self) -> float:
        """Resident memory of the largest process that reads pages, in MiB."""
        return max((_resident_mib(pid) for pid in _children(self.running[1].pid)), default=0.0)

    def deaths(self) -> int:
        """Workers that were lost, and services that stopped by themselves."""
        said = self.log.read_text(errors="replace") if self.log.exists() else ""
        return sum(said.count(one) for one in LOST) + sum(one.poll() is not None for one in self.running)


@contextmanager
def standing(workers: int) -> Iterator[Standing]:
    """Databases with content, and everything but the web running."""
    prepare_databases()
    run_dir = Path(settings.RUN_DIR)
    made = Standing(run_dir / "output.log")
    try:
        broker = embedded_broker(Path(urlsplit(settings.CELERY_BROKER_URL).path), run_dir / "broker")
        for service in (broker, worker(workers, run_dir / "worker.alive"), sweeper()):
            made.running.append(_start(service, made.log))
            wait_for(service.is_up, 60)
        wait_for(lambda: len(_children(made.running[1].pid)) >= workers, 60)
        yield made
    finally:
        for one in reversed(made.running):
            one.terminate()
            one.wait(30)


def _start(service: Service, log: Path) -> subprocess.Popen[bytes]:
    with log.open("ab") as output:
        return subprocess.Popen(service.command, env={**os.environ, **service.environment}, stdout=output, stderr=subprocess.STDOUT)


def _children(pid: int) -> list[int]:
    try:
        return [int(one) for one in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]
    except OSError:
        return []


def _resident_mib(pid: int) -> float:
    try:
        return int(Path(f"/proc/{pid}/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE") / 2**20
    except OSError:
        return 0.0
