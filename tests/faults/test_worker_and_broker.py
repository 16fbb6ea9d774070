"""Real processes, killed: nothing that was accepted is lost, and nothing is done twice."""

from __future__ import annotations

import os
import random
import signal
import time
from collections import Counter

import pytest

from tests import services
from tests.faults.service import LONG, Service, kill

pytestmark = [pytest.mark.services, pytest.mark.slow, pytest.mark.timeout(1200)]
# The short version; `make test-faults` sends fifty files and kills oftener.
FILES = int(os.environ.get("FAULTS_FILES", "12"))
KILLS = max(1, FILES // 12)
# How long the broker is gone, and how many files are sent meanwhile.
GONE_SECONDS, GONE_FILES = (20, 60) if FILES >= 50 else (5, 20)


def test_a_worker_killed_in_the_middle_of_ten_pages(service: Service) -> None:
    worker = service.worker()
    service.drive("send", "1", "10")
    services.wait_for(lambda: len(service.readings()) >= 5, "five pages begun", LONG)
    kill(worker)
    finished = len(service.drive("look")["pages"])
    assert 0 < finished < 10, "the worker was to be killed in the middle"

    # no lease runs out here: the worker that starts sees that the other one's processes are gone
    service.drive("expire", "rings")
    service.worker()
    seen = service.wait_until_done(1)

    assert sorted(number for _, number, _ in seen["pages"]) == list(range(1, 11))
    assert {code for _, _, code in seen["pages"]} == {""}
    assert seen["findings"] == 10
    begun_twice = [page for page, times in service.readings().items() if times > 1]
    assert len(begun_twice) <= 2, "only the two pages that were being read may be begun again"
    assert seen["broken_audit"] is None


def test_workers_killed_again_and_again_during_mixed_files(service: Service) -> None:
    chance = random.Random(7)
    worker = service.worker()
    pages = service.drive("send_mixed", str(FILES))["pages"]
    for kill_number in range(KILLS):
        begun = sum(service.readings().values())
        services.wait_for(lambda: sum(service.readings().values()) > begun + 3, f"pages begun before kill {kill_number}", LONG)  # noqa: B023
        time.sleep(chance.uniform(0, 0.6))
        kill(worker)
        service.drive("expire", "leases")
        worker = service.worker()

    seen = service.wait_until_settled()
    kinds = Counter(n % 10 for n in range(FILES))
    members = sum(n % 4 + 1 for n in range(FILES) if n % 10 == 9)
    assert len(seen["status"]) == FILES + members, "every member of an archive is a file of its own, once"
    assert set(seen["status"]) == {"ready"}
    assert len({(document, number) for document, number, _ in seen["pages"]}) == len(seen["pages"]) == pages
    assert Counter(code for _, _, code in seen["pages"] if code) == {"blank": kinds[7], "unreadable": kinds[8]}
    assert seen["findings"] == pages - kinds[7] - kinds[8]
    begun_again = sum(times - 1 for times in service.readings().values())
    assert begun_again <= 2 * KILLS, "only pages that were being read when their worker died are read again"
    assert seen["broken_audit"] is None


def test_the_broker_gone_for_a_while_during_uploads(service: Service, broker_of_module: services.Broker) -> None:
    service.worker()
    sending = service.start_drive("send", str(GONE_FILES), "1")
    services.wait_for(lambda: len(service.readings()) >= 5, "five files begun", LONG)
    broker_of_module.kill()
    time.sleep(GONE_SECONDS)
    # nobody waits for a broker that is gone
    services.wait_for(lambda: service.sent() == GONE_FILES, "every file to be accepted", LONG)
    sending.communicate(timeout=LONG)
    assert sending.returncode == 0
    broker_of_module.start()
    service.drive("expire", "rings")

    seen = service.wait_until_done(GONE_FILES)
    assert len(seen["pages"]) == len({document for document, _, _ in seen["pages"]}) == GONE_FILES
    assert seen["findings"] == GONE_FILES
    assert set(service.readings().values()) == {1}, "nothing was read twice"
    assert seen["broken_audit"] is None


@pytest.mark.parametrize("standing", ["sqlite"], indirect=True)
def test_a_worker_that_is_neither_dead_nor_working_is_replaced(service: Service) -> None:
    service.supervised_worker(patience=3)
    service.drive("send", "1", "12")
    services.wait_for(lambda: len(service.readings()) >= 2, "two pages begun", LONG)
    services.wait_for(lambda: service.alive.exists() and service.alive.read_text(), "the worker to say that its loop turns", LONG)
    frozen = int(service.alive.read_text())
    os.killpg(frozen, signal.SIGSTOP)
    service.drive("expire", "leases")

    seen = service.wait_until_done(1)
    assert int(service.alive.read_text()) != frozen
    assert seen["findings"] == 12
