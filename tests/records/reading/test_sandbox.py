"""A crash, a hang, a bomb, a write and a connection in the child: each is one failed page with a code, and the next call works."""

from __future__ import annotations

import logging
import os
import socket
import tempfile
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from records.exceptions import ReadingError
from records.reading import sandbox
from records.reading.reader import Wanted
from tests.documents import digital_pdf
from tests.records.reading.pages import REPORT

SECRET = "the words of a patient"


@pytest.fixture
def file(tmp_path: Path) -> Path:
    made = tmp_path / "file"
    made.write_text(SECRET)
    return made


def _run(name: str, path: Path, seconds: float = 20, **given: Any) -> Any:
    return next(sandbox.run(f"tests.records.reading.misbehaving:{name}", [path], seconds, **given))


def _works(path: Path) -> bool:
    return _run("echo", path) == SECRET


@pytest.mark.parametrize(
    ("name", "seconds", "code"),
    [
        ("fall_over", 20, "damaged"),
        ("raise_what_it_read", 20, "damaged"),
        ("hang", 0.5, "timed_out"),
        ("eat_memory", 20, "too_large"),
        ("fill_a_disk", 20, "damaged"),
        ("send_too_much", 1, "damaged"),
    ],
)
def test_what_goes_wrong_in_there_is_a_code_here_and_the_next_file_is_read(name: str, seconds: float, code: str, file: Path) -> None:
    started = time.monotonic()
    with pytest.raises(ReadingError) as refused:
        _run(name, file, seconds)
    assert refused.value.code == code
    assert time.monotonic() - started < seconds + 12
    assert _works(file)


def test_a_page_that_is_no_page_is_a_damaged_file(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(
        sandbox, "_ask", lambda call, path, seconds, **given: sandbox.run("tests.records.reading.misbehaving:lie", [path], seconds, **given)
    )
    with pytest.raises(ReadingError) as refused:
        sandbox.read_page(file, "application/pdf", 1)
    assert refused.value.code == "damaged"


def test_nothing_of_a_file_is_logged_when_its_reader_breaks(file: Path, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    with pytest.raises(ReadingError) as refused:
        _run("raise_what_it_read", file)
    assert SECRET not in caplog.text
    assert SECRET not in str(refused.value)
    assert "RuntimeError" in caplog.text


def test_a_reader_that_was_taken_over_reaches_nothing(tmp_path: Path, file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    if not sandbox.sandbox_level()["landlock"]:
        pytest.skip("the kernel has no Landlock")
    outside = tmp_path / "outside"
    outside.mkdir()
    (outside / "secret").write_text("another patient")
    with socket.socket() as server:
        server.bind(("127.0.0.1", 0))
        server.listen()
        refused = _run("try_all", file, outside=str(outside), port=server.getsockname()[1])
        server.settimeout(0.1)
        with pytest.raises(TimeoutError):
            server.accept()
    assert refused == ["write", "read", "list", "delete", "connect", "run", "settings"]
    assert [one.name for one in outside.iterdir()] == ["secret"]


def test_an_overdue_reader_takes_its_own_children_with_it(file: Path) -> None:
    marker = f"61.{os.getpid()}"
    with pytest.raises(ReadingError):
        _run("hang_with_a_child", file, 1, marker=marker)
    assert _soon(lambda: not _processes_with(marker))
    assert _works(file)


def _processes_with(word: str) -> list[str]:
    found = []
    for one in Path("/proc").glob("[0-9]*/cmdline"):
        try:
            words = one.read_bytes().split(b"\0")
        except OSError:
            continue
        if word.encode() in words:
            found.append(one.parent.name)
    return found


def test_the_work_folders_of_calls_are_gone_when_they_end(file: Path) -> None:
    assert _works(file)
    for name, seconds in (("fill_a_disk", 20), ("hang", 0.2)):
        with pytest.raises(ReadingError):
            _run(name, file, seconds)
    server = sandbox._SERVER._process
    assert server is not None
    places = (Path("/dev/shm"), Path(tempfile.gettempdir()))
    (mine,) = [folder for place in places for folder in place.glob(f"cart-guide-reading-{server.pid}-*")]
    assert _soon(lambda: not list(mine.iterdir()))


def _soon(holds: Callable[[], bool]) -> bool:
    """The answer comes before the burial."""
    for _ in range(50):
        if holds():
            return True
        time.sleep(0.05)
    return False


def test_a_server_that_was_killed_is_replaced(file: Path) -> None:
    assert _works(file)
    process = sandbox._SERVER._process
    assert process is not None
    process.kill()
    process.wait()
    assert _works(file)


def test_many_threads_ask_at_once(file: Path) -> None:
    made: list[bool] = []
    threads = [threading.Thread(target=lambda: made.append(_works(file))) for _ in range(8)]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    assert made == [True] * 8


def test_all_limits_hold_or_health_can_say_which_do_not() -> None:
    level = sandbox.sandbox_level()
    assert set(level) == {"rlimits", "no_new_privs", "landlock", "seccomp"}
    assert level["rlimits"], "every kernel has these"


def test_one_bad_page_is_one_bad_page(tmp_path: Path) -> None:
    path = tmp_path / "file.pdf"
    path.write_bytes(digital_pdf([REPORT, REPORT]))
    with pytest.raises(ReadingError):
        sandbox.read_page(path, "application/pdf", 7)
    bad, read = sandbox.read_and_render([Wanted(path, 7), Wanted(path, 2)])
    assert isinstance(bad, ReadingError) and bad.code == "damaged"
    assert isinstance(read, sandbox.ReadPage) and read.code is None
    assert read.picture is not None
    assert "adenocarcinoma" in read.page.text
