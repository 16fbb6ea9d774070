"""The ring of keys is changed by the runbook's steps while files come in, are read and looked at; then the old key is gone."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest

from portal.settings.test import KEY_RING as OLD
from tests import services
from tests.faults.conftest import THOROUGH
from tests.faults.sending import Reader, Sender, Watch, missed
from tests.faults.service import LONG, ROOT
from tests.faults.standing import House

pytestmark = [
    pytest.mark.services,
    pytest.mark.slow,
    pytest.mark.timeout(1800),
    pytest.mark.skipif("FAULTS_DATABASES" not in os.environ, reason="make test-faults; without processes: tests/portal/test_rotation.py"),
]
NEW = "newer:" + "cd" * 32
UPLOADS = int(os.environ.get("FAULTS_UPLOADS", "60")) // 4
SENDERS = 3


def turn(house: House, ring: str) -> None:
    """Every process gets the ring, one after another, while the others have the one before."""
    (house.service.folder / "key_ring").write_text(ring)
    for word in ("gunicorn", "celery", "sweep"):
        house.start_again(word)


def newcomers(house: House) -> list[str]:
    """Somebody signs up on a site with the newest ring."""
    site = house.service.another()
    tokens: list[str] = site.drive("people", "1")["tokens"]
    site.stop()
    return tokens


@THOROUGH
def test_a_new_ring_under_load_loses_nothing_and_the_old_key_can_go(house: House, capsys: pytest.CaptureFixture[str]) -> None:
    watch = Watch(house.service)
    senders = [Sender(house.address, house.tokens, range(first, UPLOADS, SENDERS), watch) for first in range(SENDERS)]
    readers = [Reader(house.address, token) for token in house.tokens[:2]]
    for one in (watch, *readers, *senders):
        one.start()
    services.wait_for(lambda: sum(len(one.accepted) for one in senders) >= UPLOADS // 4, "a quarter of the files", LONG)

    turn(house, f"{OLD},{NEW}")
    turn(house, f"{NEW},{OLD}")
    house.tokens += newcomers(house)
    rotated = subprocess.run(
        [sys.executable, "manage.py", "rotate_keys"], cwd=ROOT, env=house.service.environment, capture_output=True, text=True, check=True
    )
    turn(house, NEW)
    house.service.stop_driving()
    for one in senders:
        one.join(LONG)
    seen = house.wait_until_settled()
    for one in (*readers, watch):
        one.over.set()
        one.join(LONG)

    assert missed(seen["files"], UPLOADS) == ([], [], {})
    assert set(readers[0].seen + readers[1].seen) == {200}, "nobody saw a page that could not be read"
    everything = house.service.drive("read_each")
    assert everything["ring"] == ["newer"]
    assert everything["files"] >= UPLOADS
    with capsys.disabled():
        looks = sum((readers[0].seen + readers[1].seen).values())
        kind = "PostgreSQL" if house.server else "SQLite"
        print(f"\n{kind}: {rotated.stdout.split(',')[0]} while {UPLOADS} files came in and {looks} looks were taken; {everything['facts']} facts read after")
