"""Web, worker and two sweepers under the product's supervisor: python -m tests.faults.house ADDRESS PATIENCE."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import django

django.setup()

from portal.management.commands import serve  # noqa: E402
from portal.supervisor import Supervisor  # noqa: E402


def main(address: str, patience: str) -> None:
    folder = Path(os.environ["FAULTS_FOLDER"])
    web, worker = serve.web(address), serve.worker(2, folder / "worker.alive", "tests.faults.app")
    web.command = [{"portal.wsgi:application": "tests.faults.web:application"}.get(one, one) for one in web.command]
    other = serve.sweeper()
    other.name = "sweeper2"
    services = [web, worker, serve.sweeper(), other]
    worker.patience = float(patience)
    Supervisor(services, folder / "logs").run(on_ready=(folder / "ready").touch)


if __name__ == "__main__":
    main(*sys.argv[1:])
