"""The schema against a server as people run it: gunicorn, PostgreSQL, a broker and a worker, with every check of schemathesis on, asked by each
who may ask something there: a patient for all of it, then a patient in a browser, a coordinator and an editor for what only they may.

python -m tests.api.live [--examples N] [--serve]: the second leaves the server up and says its address and who may ask.
"""

from __future__ import annotations

import argparse
import json
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
    """url: of the API. people: a name, the headers that say who it is, what they are asked about, and ids that exist."""

    url: str
    people: list[tuple[str, dict[str, str], str, dict[str, list[str | int]]]]


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
        yield Live(f"http://{HOST}:{port}/api/v1", json.loads(made.stdout.splitlines()[-1]))


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
            print(live.url, json.dumps(live.people), flush=True)
            while True:
                time.sleep(3600)
        failed = [name for name, *how in live.people if not _asked_well(live.url, given, *how)]
    if failed:
        print("Failed when asked by: " + ", ".join(failed))
    return len(failed)


def _asked_well(url: str, given: argparse.Namespace, headers: dict[str, str], about: str, ids: dict[str, list[str | int]]) -> bool:
    with short_folder() as folder:
        config = folder / "schemathesis.toml"
        config.write_text((HERE / "schemathesis.toml").read_text(encoding="utf-8") + _of_ids(ids), encoding="utf-8")
        # its cookies go with every request: schemathesis cannot ask as nobody there, and takes the answer for one to nobody
        checked = ["--exclude-checks", "ignored_auth"] if "Cookie" in headers else []
        said = [word for one in headers.items() for word in ("--header", ": ".join(one))]
        command = [
            Path(sys.executable).with_name("st"), "--config-file", config, "run", f"{url}/schema/?format=json", "--checks", "all", *checked,
            "--max-examples", str(given.examples), "--include-path-regex", about, *said, "--seed", "8",
            "--request-timeout", "60", "--wait-for-schema", "60", "--suppress-health-check", "all", *given.more,
        ]  # fmt: skip
        return subprocess.run(command, check=False).returncode == 0


def _of_ids(ids: dict[str, list[str | int]]) -> str:
    """Two of three times an id that exists, so that what is asked is not always missing."""
    lists = [f"[dictionaries.{name}]\nvalues = {json.dumps(values)}" for name, values in ids.items()]
    uses = [f'"path.{name}" = {{ dictionary = "{name}", probability = 0.67 }}' for name in ids]
    return "\n".join(["", *lists, "[parameters]", *uses, ""])


if __name__ == "__main__":
    sys.exit(main())
