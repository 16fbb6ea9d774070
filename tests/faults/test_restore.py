"""The runbook's own lines, run as they stand: back up, lose everything, restore into an empty place."""

from __future__ import annotations

import os
import re
import secrets
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests import services
from tests.faults.conftest import NO_BROKER
from tests.faults.service import LONG, ROOT, Service

pytestmark = [pytest.mark.services, pytest.mark.slow]
RUNBOOK = ROOT / "docs/runbook.md"


def lines_of(heading: str) -> str:
    """The shell lines under a heading of the runbook."""
    found = re.search(rf"^## {heading}\n.*?^```sh\n(.*?)^```", RUNBOOK.read_text(encoding="utf-8"), re.M | re.S)
    assert found, heading
    return found[1]


def run(service: Service, lines: str, backups: Path) -> subprocess.CompletedProcess[str]:
    environment = service.environment | {
        "PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}",
        "BACKUPS": str(backups / "records"),
        "KEY_BACKUPS": str(backups / "keys"),
        "RECORDS_BACKUP_KEY": str(backups / "records.key"),
        "KEYS_BACKUP_KEY": str(backups / "keys.key"),
    }
    return subprocess.run(
        ["bash", "-euo", "pipefail", "-c", lines], cwd=ROOT, env=environment, capture_output=True, text=True, check=False, timeout=LONG
    )


@pytest.fixture
def backups(tmp_path: Path) -> Path:
    for kind in ("records", "keys"):
        (tmp_path / kind).mkdir()
        (tmp_path / f"{kind}.key").write_text(secrets.token_hex(32), encoding="ascii")
    return tmp_path


def destroy(folder: Path, server: services.Postgresql | None) -> None:
    """The machine is gone; an empty one takes its place."""
    for path in folder.iterdir():
        shutil.rmtree(path) if path.is_dir() else path.unlink()
    if server:
        for alias in ("default", "keys"):
            server.run(f"DROP DATABASE one_{alias} WITH (FORCE)")
            server.run(f"CREATE DATABASE one_{alias}")


def test_backed_up_destroyed_and_restored_by_the_runbook(databases: tuple[Path, dict[str, str], Any], backups: Path) -> None:
    folder, urls, server = databases
    service = Service(folder, NO_BROKER, urls)
    service.drive("send", "3", "2")
    service.drive("read_all")
    before = service.drive("contents")
    assert len(before) == 3
    made = run(service, lines_of("Back up"), backups)
    assert made.returncode == 0, made.stderr[-2000:]
    for archive in backups.rglob("*.cgb"):
        assert b"GENE" not in archive.read_bytes()
        assert archive.stat().st_mode & 0o077 == 0

    destroy(folder, server)
    restored = run(service, lines_of("Restore"), backups)
    assert restored.returncode == 0, restored.stderr[-2000:]
    assert service.drive("contents") == before
    assert service.drive("look")["broken_audit"] is None
    service.drive("send", "4", "1")  # numbers go on where they stopped, and what was there is refused as known

    again = run(service, lines_of("Restore"), backups)
    assert again.returncode != 0
    assert "not empty" in again.stderr
    assert len(service.drive("contents")) == 7
    _refuses_what_was_changed(service, backups)


def _refuses_what_was_changed(service: Service, backups: Path) -> None:
    (archive,) = (backups / "records").glob("*.cgb")
    content = bytearray(archive.read_bytes())
    content[len(content) // 2] ^= 1
    archive.write_bytes(content)
    check = 'python manage.py restore records "$BACKUPS"/*.cgb --key-file "$RECORDS_BACKUP_KEY" --check'
    assert "changed" in run(service, check, backups).stderr
    assert "no whole backup" in run(service, check.replace("RECORDS_BACKUP_KEY", "KEYS_BACKUP_KEY"), backups).stderr
