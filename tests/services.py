"""Real servers for the tests: Redis on a unix socket, PostgreSQL in a folder of its own. What is missing is said with the line to run."""

from __future__ import annotations

import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx

from portal.management.commands.serve import broker_command, free_port


class Missing(RuntimeError):
    """A server that the tests need is not installed; the message is the line that installs it."""


def _is_listening(path: Path) -> bool:
    with socket.socket(socket.AF_UNIX) as probe:
        try:
            probe.connect(str(path))
        except OSError:
            return False
        return True


@contextmanager
def short_folder() -> Iterator[Path]:
    """A folder with a short path: a unix socket's may not be longer than 107 bytes."""
    folder = Path(tempfile.mkdtemp(prefix="cg-", dir="/tmp"))
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


class Broker:
    """A broker that can be killed and started again, keeping its append-only file."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.socket = folder, folder / "broker.sock"
        self.url = f"redis+socket://{self.socket}"
        self.running: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        self.socket.unlink(missing_ok=True)
        self.running = subprocess.Popen(broker_command(self.socket, self.folder), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        wait_for(lambda: _is_listening(self.socket), "the broker to listen")

    def kill(self) -> None:
        if self.running is not None:
            self.running.kill()
            self.running.wait()
            self.running = None

    def freeze(self, *, thaw: bool = False) -> None:
        if self.running is not None:
            self.running.send_signal(signal.SIGCONT if thaw else signal.SIGSTOP)


def wait_for(is_so: object, what: str, seconds: float = 20.0) -> None:
    """Until `is_so()` is true; fails with what was waited for."""
    end = time.monotonic() + seconds
    while not is_so():  # type: ignore[operator]
        if time.monotonic() > end:
            raise AssertionError(f"waited {seconds:.0f} s for {what}")
        time.sleep(0.05)


@contextmanager
def broker() -> Iterator[Broker]:
    with short_folder() as folder:
        one = Broker(folder)
        one.start()
        try:
            yield one
        finally:
            one.kill()


def _postgres_bin() -> Path:
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/postgres"), reverse=True)
    if found:
        return found[0].parent
    if on_path := shutil.which("postgres"):
        return Path(on_path).resolve().parent
    raise Missing("PostgreSQL is missing. Run: sudo apt-get install -y postgresql")


class Postgresql:
    """A throw-away PostgreSQL that can be ended at once and started again."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.programs = folder, _postgres_bin()
        self.url = f"postgresql://test@/postgres?host={folder}"
        # PostgreSQL refuses to run as root
        self.user = "postgres" if os.getuid() == 0 else None
        self.running: subprocess.Popen[bytes] | None = None
        if self.user:
            shutil.chown(folder, self.user)
        subprocess.run(
            [self.programs / "initdb", "-D", folder / "cluster", "-U", "test", "-A", "trust", "-E", "UTF8", "--no-locale", "-N"],
            user=self.user, check=True, stdout=subprocess.DEVNULL, cwd="/",
        )  # fmt: skip

    def start(self) -> None:
        options = ["-k", self.folder, "-c", "listen_addresses=", "-c", "fsync=off", "-c", "max_connections=60"]
        self.running = subprocess.Popen(
            [self.programs / "postgres", "-D", self.folder / "cluster", *options],
            user=self.user, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, cwd="/",
        )  # fmt: skip
        wait_for(self._answers, "PostgreSQL to answer", 120)

    def _answers(self) -> bool:
        import psycopg

        try:
            psycopg.connect(self.url).close()
        except psycopg.OperationalError:
            return False
        return True

    def stop(self, number: signal.Signals = signal.SIGTERM) -> None:
        """SIGQUIT is the immediate shutdown: no goodbyes, recovery at the next start."""
        if self.running is not None:
            self.running.send_signal(number)
            self.running.wait(60)
            self.running = None

    def run(self, statement: str) -> None:
        import psycopg

        with psycopg.connect(self.url, autocommit=True) as connection:
            connection.execute(statement)  # type: ignore[call-overload]


class Bucket:
    """A store that speaks S3, the one of MinIO in JuiceFS's gateway, with one bucket in a folder. It can be stopped and started again."""

    name, key_id, secret = "patients", "tests", "only-for-tests-" + "x" * 20

    def __init__(self, folder: Path) -> None:
        self.folder, self.program = folder, Path(sys.executable).with_name("juicefs")
        self.port = free_port("127.0.0.1", 24_000 + os.getpid() % 8_000)
        self.rows = f"sqlite3://{folder}/rows.sqlite3"
        self.running: subprocess.Popen[bytes] | None = None
        self._run("format", "--storage", "file", "--bucket", f"{folder}/blobs/", "--trash-days", "0", self.rows, self.name)

    @property
    def options(self) -> dict[str, str]:
        """What settings.FILES_BUCKET takes."""
        return {"bucket_name": self.name, "endpoint_url": f"http://127.0.0.1:{self.port}", "region_name": "us-east-1",
                "access_key": self.key_id, "secret_key": self.secret}  # fmt: skip

    def start(self) -> None:
        environment = os.environ | {"MINIO_ROOT_USER": self.key_id, "MINIO_ROOT_PASSWORD": self.secret, "HOME": str(self.folder)}
        options = ["--no-usage-report", "--no-banner", "--log", self.folder / "log", "--cache-dir", self.folder / "cache", "--hide-dir-object"]
        address, metrics = f"127.0.0.1:{self.port}", f"127.0.0.1:{free_port('127.0.0.1', self.port + 8_000)}"
        self.running = subprocess.Popen(
            [self.program, "gateway", *options, "--metrics", metrics, "--backup-meta", "0", "--attr-cache", "0", self.rows, address],
            env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        )  # fmt: skip
        wait_for(self._answers, "the bucket to answer", 60)

    def _run(self, *arguments: str) -> None:
        subprocess.run([self.program, *arguments], check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)

    def _answers(self) -> bool:
        try:
            return httpx.get(self.options["endpoint_url"]).status_code == 403  # nobody asked
        except httpx.HTTPError:
            return False

    def stop(self) -> None:
        if self.running is not None:
            self.running.kill()
            self.running.wait()
            self.running = None


@contextmanager
def bucket() -> Iterator[Bucket]:
    with short_folder() as folder:
        one = Bucket(folder)
        one.start()
        try:
            yield one
        finally:
            one.stop()


@contextmanager
def postgresql_server() -> Iterator[Postgresql]:
    with short_folder() as folder:
        one = Postgresql(folder)
        one.start()
        try:
            yield one
        finally:
            one.stop()


@contextmanager
def postgresql() -> Iterator[str]:
    """A throw-away PostgreSQL; yields postgresql://... with the server's socket folder as host option."""
    with postgresql_server() as one:
        yield one.url
