"""The whole schema against a server as people run it: gunicorn, PostgreSQL, a broker and a worker, with every check of schemathesis on.

python -m tests.api.live [--examples N] [--serve]: the second leaves the server up and says its address and token.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

import django

from portal.management.commands.serve import free_port, sweeper, web, worker
from portal.supervisor import Service
from tests.services import broker, postgresql, short_folder, wait_for

HOST = "127.0.0.1"
SITE = "portal.management.bench.site:application"  # as the site, but nobody is told to slow down
HERE = Path(__file__).resolve().parents[2]


@dataclass(frozen=True, slots=True)
class Live:
    """url: of the API. tokens: of a patient whose record was read, and of a coordinator who may review it."""

    url: str
    token: str


@contextmanager
def served() -> Iterator[Live]:
    """A service of its own, thrown away afterwards."""
    with ExitStack() as stack:
        folder, doorbell = stack.enter_context(short_folder()), stack.enter_context(broker())
        url = stack.enter_context(postgresql())
        environment = {
            **os.environ,
            "DJANGO_SETTINGS_MODULE": "portal.settings.development",
            "CARTGUIDE_RUN_DIR": str(folder / "run"),
            "CARTGUIDE_DATABASE_URL": url,
            "CARTGUIDE_KEYS_DATABASE_URL": url.replace("/postgres?", "/template1?"),
            "CARTGUIDE_BROKER_URL": doorbell.url,
        }
        made = subprocess.run(
            [sys.executable, "-m", "tests.api.seeded"], env=environment, cwd=HERE, check=True, stdout=subprocess.PIPE, text=True
        )
        port = free_port(HOST, 8750)
        site = web(f"{HOST}:{port}")
        site.command = [one if one != "portal.wsgi:application" else SITE for one in site.command]
        for service in (site, worker(1, folder / "worker.alive"), sweeper()):
            stack.enter_context(_running(service, environment, folder))
        wait_for(site.is_up, "the server to listen", 60)
        yield Live(f"http://{HOST}:{port}/api/v1", made.stdout.split()[-1])


@contextmanager
def _running(service: Service, environment: dict[str, str], folder: Path) -> Iterator[None]:
    with (folder / f"{service.name}.log").open("wb") as log:
        process = subprocess.Popen(
            service.command, env={**environment, **service.environment}, cwd=HERE, stdout=log, stderr=subprocess.STDOUT
        )
        try:
            yield
        finally:
            process.terminate()
            try:
                process.wait(20)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()


def main() -> int:
    os.environ["DJANGO_SETTINGS_MODULE"] = "portal.settings.test"
    django.setup()  # what watches workers reads the queue
    asked = argparse.ArgumentParser()
    asked.add_argument("--examples", type=int, default=100)
    asked.add_argument("--serve", action="store_true")
    asked.add_argument("more", nargs="*")
    given = asked.parse_args()
    with served() as live:
        if given.serve:
            print(live.url, live.token, flush=True)
            while True:
                time.sleep(3600)
        return subprocess.run(
            [
                Path(sys.executable).with_name("st"), "run", f"{live.url}/schema/?format=json", "--checks", "all", "--max-examples", str(given.examples),
                "--header", f"Authorization: Bearer {live.token}", "--seed", "8",
                "--request-timeout", "60", "--wait-for-schema", "60", "--suppress-health-check", "all", *given.more,
            ],
            check=False,
        ).returncode  # fmt: skip


if __name__ == "__main__":
    sys.exit(main())
