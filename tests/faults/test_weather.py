"""The whole service under its supervisor, while everything around it breaks: what was accepted is there, once, read to its end."""

from __future__ import annotations

import os
import random
import re
import time
from itertools import pairwise
from pathlib import Path

import pytest
import redis

from tests import services
from tests.faults.conftest import THOROUGH
from tests.faults.sending import Sender, Watch, is_hungry, missed
from tests.faults.service import LONG
from tests.faults.standing import House

pytestmark = [pytest.mark.services, pytest.mark.slow, pytest.mark.timeout(3600)]
# The short version; `make test-faults` sends 520 files to each database and has each kind of fault twice.
UPLOADS = int(os.environ.get("FAULTS_UPLOADS", "24"))
ROUNDS = int(os.environ.get("FAULTS_ROUNDS", "0"))
SHORT = ("kill the web", "kill the worker", "freeze the broker", "disk full", "clock ahead")
SENDERS = 4


@pytest.mark.asvs("14.2.4", "16.2.5")
@THOROUGH
def test_nothing_accepted_is_lost_while_everything_breaks(house: House, capsys: pytest.CaptureFixture[str]) -> None:
    faults = house.faults()
    plan = [kind for _ in range(ROUNDS) for kind in faults] or [*SHORT]
    random.Random(11).shuffle(plan)
    watch = Watch(house.service)
    senders = [Sender(house.address, house.tokens, range(first, UPLOADS, SENDERS), watch) for first in range(SENDERS)]
    begun, moments = time.monotonic(), []
    for one in (watch, *senders):
        one.start()

    def accepted() -> int:
        return sum(len(one.accepted) for one in senders)

    for done, kind in enumerate(plan, 1):
        due = UPLOADS * done // (len(plan) + 1)
        services.wait_for(lambda: accepted() >= due, f"{due} files accepted before: {kind}\n{house.service.said()}", LONG)  # noqa: B023
        moments.append(time.monotonic())
        faults[kind]()
    for one in senders:
        one.join(LONG)
    assert accepted() == UPLOADS

    sent = time.monotonic()
    seen = house.wait_until_settled()
    drained, whole = time.monotonic() - sent, time.monotonic() - begun
    watch.stop()

    lost, twice, wrong = missed(seen["files"], UPLOADS)
    with capsys.disabled():
        kind = "PostgreSQL" if house.server else "SQLite"
        refused = sum(one.refused for one in senders)
        print(
            f"\n{kind}: uploads {UPLOADS}, faults {len(plan)} and {sum(map(is_hungry, range(UPLOADS)))} files that kill their reader, "
            f"lost {len(lost)}, twice {len(twice)}, wrong {len(wrong)}, refused and sent again {refused}, drained in {drained:.0f} s, "
            f"{watch.seen[-1].ended} rows of work in {whole:.0f} s"
        )
        pauses = [(watch.longest_pause(*pair), one) for pair, one in zip(pairwise([*moments, sent]), plan, strict=True)]
        print("nothing was done for: " + ", ".join(f"{seconds:.0f} s ({one})" for seconds, one in sorted(pauses, reverse=True) if seconds >= 1))
    assert (lost, twice, wrong) == ([], [], {})
    assert not _with_words_of_patients(house), "the words of files, and the tokens that sent them, are in no dump, no log and no page of a database"
    assert seen["broken_audit"] is None


def _with_words_of_patients(house: House) -> list[str]:
    """What lies about after the run - the broker's append-only file and dump, logs, the databases with their journals, files - and holds them."""
    redis.Redis(unix_socket_path=str(house.broker.socket)).save()
    places = [house.broker.folder, house.service.folder, *([house.server.folder / "cluster"] if house.server else [])]
    paths = [path for place in places for path in place.rglob("*") if path.is_file()]
    assert {"dump.rdb", "web.log", "worker.log"} <= {path.name for path in paths}, "there was something to look at"
    words = re.compile(rb"GENE\d+P\d|" + b"|".join(map(re.escape, (one.encode() for one in house.tokens))))
    return [str(path) for path in paths if words.search(_bytes(path))]


def _bytes(path: Path) -> bytes:
    """Of a file that may be gone by now: a journal goes with the last who wrote in it."""
    try:
        return path.read_bytes()
    except FileNotFoundError:
        return b""
