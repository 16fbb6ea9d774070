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

from portal import backup
from records.storage import sealed
from tests import services
from tests.faults.conftest import NO_BROKER, THOROUGH
from tests.faults.service import LONG, ROOT, Service

pytestmark = [pytest.mark.services, pytest.mark.slow, pytest.mark.timeout(1200)]
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


@THOROUGH
def test_backed_up_destroyed_and_restored_by_the_runbook(databases: tuple[Path, dict[str, str], Any], backups: Path) -> None:
    folder, urls, server = databases
    service = Service(folder, NO_BROKER, urls)
    before = service.drive("send_and_read", "3")
    assert len(before) == 3 + 1
    made = run(service, lines_of("Back up"), backups)
    assert made.returncode == 0, made.stderr[-2000:]
    for archive in backups.rglob("*.cgb"):
        assert b"GENE" not in archive.read_bytes()
        assert archive.stat().st_mode & 0o077 == 0

    destroy(folder, server)
    restored = run(service, lines_of("Restore"), backups)
    assert restored.returncode == 0, restored.stderr[-2000:]
    assert service.drive("contents") == before
    # numbers of rows go on where they stopped
    after = service.drive("send_and_read", "1")
    assert after["broken_audit"] is None
    again = run(service, lines_of("Restore"), backups)
    assert "not empty" in again.stderr
    assert again.returncode != 0
    assert service.drive("contents") == after
    service.stop()


def test_a_backup_that_was_changed_cut_or_is_of_the_other_kind_is_refused(tmp_path: Path) -> None:
    key, path = secrets.token_bytes(32), tmp_path / "one.cgb"
    plain = backup._tar([("manifest", b'{"kind": "records"}'), ("sqlite", secrets.token_bytes(200_000))])
    path.write_bytes(b"".join(sealed(key, "backup of records", plain)))
    assert backup.check_backup("records", path, key) == {"kind": "records"}
    whole = path.read_bytes()
    changed = bytearray(whole)
    changed[len(whole) // 2] ^= 1
    for kind, content, with_key in (
        ("records", bytes(changed), key),
        ("records", whole[:-100_000], key),
        ("records", b"", key),
        ("keys", whole, key),
        ("records", whole, secrets.token_bytes(32)),
    ):
        path.write_bytes(content)
        with pytest.raises(backup.BackupRefused):
            backup.check_backup(kind, path, with_key)


@pytest.mark.parametrize("text", ["", "ab" * 16, "zz" * 32])
def test_a_key_of_a_backup_is_64_digits(tmp_path: Path, text: str) -> None:
    (tmp_path / "key").write_text(text, encoding="ascii")
    with pytest.raises(backup.BackupRefused):
        backup.read_key(tmp_path / "key")
