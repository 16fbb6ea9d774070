"""The supervisor of `make run`: order, restart, clean stop."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import textwrap
import time
from pathlib import Path

from tests.services import wait_for

ROOT = Path(__file__).resolve().parents[2]

SCRIPT = """
    import signal, sys
    from pathlib import Path
    from portal.supervisor import Service, Supervisor

    place = Path(sys.argv[1])
    body = "import os,sys,time; open(sys.argv[1], 'a').write(str(os.getpid()) + ' '); time.sleep(600)"

    def stuck_on(name):
        reason = place / (name + ".stuck")
        return reason.read_text() if reason.exists() else None

    def service(name):
        mark = place / name
        return Service(name, [sys.executable, "-c", body, str(mark)], mark.exists, grace=3, patience=0.1, stuck_on=lambda: stuck_on(name))

    Supervisor([service("first"), service("second")], place / "logs").run(on_ready=(place / "ready").touch)
"""


def start(place: Path) -> subprocess.Popen[bytes]:
    return subprocess.Popen([sys.executable, "-c", textwrap.dedent(SCRIPT), str(place)], cwd=ROOT, stdout=subprocess.DEVNULL)


def pids(place: Path, name: str) -> list[int]:
    path = place / name
    return [int(one) for one in path.read_text(encoding="ascii").split()] if path.exists() else []


def is_alive(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text(encoding="ascii").rsplit(")", 1)[1].split()[0] != "Z"
    except FileNotFoundError:
        return False


def test_what_dies_is_started_again_and_a_stop_ends_everything(tmp_path: Path) -> None:
    supervisor = start(tmp_path)
    try:
        wait_for((tmp_path / "ready").exists, "both services")
        os.kill(pids(tmp_path, "first")[0], signal.SIGKILL)
        wait_for(lambda: len(pids(tmp_path, "first")) == 2, "the first service to come back")
        assert len(pids(tmp_path, "second")) == 1, "a neighbour's death must not restart a service"
        supervisor.terminate()
        assert supervisor.wait(15) == 0
    finally:
        supervisor.kill()
    assert not any(is_alive(pid) for name in ("first", "second") for pid in pids(tmp_path, name))


def test_services_do_not_outlive_a_killed_supervisor(tmp_path: Path) -> None:
    supervisor = start(tmp_path)
    wait_for((tmp_path / "ready").exists, "both services")
    supervisor.kill()
    supervisor.wait()
    time.sleep(0.2)
    wait_for(lambda: not any(is_alive(pids(tmp_path, name)[0]) for name in ("first", "second")), "the services to end")


def test_what_is_stuck_on_one_thing_is_replaced_even_when_frozen(tmp_path: Path) -> None:
    supervisor = start(tmp_path)
    try:
        wait_for((tmp_path / "ready").exists, "both services")
        frozen = pids(tmp_path, "second")[0]
        os.kill(frozen, signal.SIGSTOP)
        (tmp_path / "second.stuck").write_text("row 1", encoding="ascii")
        wait_for(lambda: len(pids(tmp_path, "second")) >= 2, "the frozen service to be replaced", 60)
        assert not is_alive(frozen)
        assert len(pids(tmp_path, "first")) == 1
    finally:
        supervisor.terminate()
        supervisor.wait(15)
