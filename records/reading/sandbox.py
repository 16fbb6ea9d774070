"""The doors of records.reading, in a child process with limits. A crash, hang or bomb in there is a ReadingError here.

Each process that asks keeps one server (records.reading.server) with the libraries loaded; the server forks a confined child for every call.
Safe with threads and after a fork: a forked process starts its own server. Logs codes and kinds of errors, never content.
"""

from __future__ import annotations

import json
import logging
import os
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from records.exceptions import REASONS, ReadingError
from records.reading import wire
from records.reading.page import PageText
from records.reading.patience import FILE_SECONDS, OPEN_SECONDS, PAGE_SECONDS
from records.reading.reader import Opened, Wanted
from records.reading.sniff import ZIP

ARCHIVE = ZIP
_GRACE = 10.0
_ROOT = Path(__file__).resolve().parent.parent.parent
_KEPT = ("PATH", "LANG", "LC_ALL", "TMPDIR", "TESSDATA_PREFIX", "LD_LIBRARY_PATH")

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class ReadPage:
    """A page, its picture (WebP, upright; None for files of text), and what it turned out to be: None, or a code of reading.page_code."""

    page: PageText
    picture: bytes | None
    code: str | None


def sniff_file(path: Path) -> str | None:
    """The media type that the content shows, or None where we cannot read it."""
    made: str | None = next(_ask("sniff_file", path, OPEN_SECONDS))["media_type"]
    return made


def open_document(path: Path, password: str | None = None) -> Opened:
    """Raises ReadingError: empty, too_large, unsupported, damaged, locked, wrong_password, too_many_pages, timed_out."""
    made = next(_ask("open_document", path, OPEN_SECONDS, password=password))
    return Opened(str(made["media_type"]), int(made["page_count"]))


def read_page(path: Path, media_type: str | None, number: int, password: str | None = None, *, seconds: float = PAGE_SECONDS) -> ReadPage:
    """Words alone. media_type None: whatever the content shows. Raises ReadingError: damaged, too_large, timed_out, locked, wrong_password."""
    made = next(_ask("read_page", path, seconds, media_type=media_type, number=number, password=password))
    return _page(made, None)


def read_and_render(wanted: Sequence[Wanted], *, seconds: float = PAGE_SECONDS) -> Iterator[ReadPage | ReadingError]:
    """Words and picture of each page, for less than of one after the other. A page that cannot be read, or whose file cannot, is its error.

    All are read by one child: at most MOST_TOGETHER, of files of one person. seconds: for all of them. Raises ReadingError, as read_page does,
    where the child ended over it: which page it was is not known.
    """
    paths = list(dict.fromkeys(one.path for one in wanted))
    told = [
        {"file": paths.index(one.path), "number": one.number, "media_type": one.media_type, "password": one.password} for one in wanted
    ]
    answers = run("records.reading.calls:read_and_render", paths, seconds, wanted=told)
    for _ in wanted:
        made = next(answers)
        if "page" not in made:
            yield ReadingError(made["code"] if made.get("code") in REASONS else "damaged")
        else:
            yield _page(made, next(answers) if made["has_picture"] else None)


def _page(made: dict[str, Any], picture: bytes | None) -> ReadPage:
    try:
        return ReadPage(wire.page_from_json(made["page"]), picture, made["code"])
    except (KeyError, TypeError, ValueError):
        raise ReadingError("damaged") from None


def members(path: Path, into: Path) -> list[tuple[str, Path]]:
    """The files of an archive, copied into the folder `into`: (name for people, path)."""
    found: list[tuple[str, Path]] = []
    for name, content in read_members(path):
        copy = into / f"{len(found):04}"
        copy.write_bytes(content)
        found.append((name, copy))
    return found


def read_members(path: Path, seconds: float = FILE_SECONDS) -> Iterator[tuple[str, bytes]]:
    """The files of an archive, one at a time: (name for people, content). Raises ReadingError: damaged, locked, too_large, timed_out."""
    answers = _ask("members", path, seconds)
    while (name := next(answers)["name"]) is not None:
        yield str(name), next(answers)


@cache
def sandbox_level() -> dict[str, bool]:
    """Which limits hold for children: rlimits, no_new_privs, landlock, seccomp."""
    made = next(_ask("try_limits", Path(__file__), OPEN_SECONDS))
    return {name: made.get(name) is True for name in ("rlimits", "no_new_privs", "landlock", "seccomp")}


def rest() -> None:
    """Stop the server of this process until the next call: for who only wanted to know."""
    _SERVER.stop()


def _ask(call: str, path: Path, seconds: float, **given: Any) -> Iterator[Any]:
    return run(f"records.reading.calls:{call}", [path], seconds, **given)


def run(function: str, paths: Sequence[Path], seconds: float, **given: Any) -> Iterator[Any]:
    """What "module:function" answers on the files, in a child of its own: JSON values and bytes. Raises ReadingError."""
    with _descriptors(paths) as files:
        connection = _SERVER.call({"run": function, "seconds": seconds, "given": given}, files)
    with connection:
        connection.settimeout(seconds + _GRACE)
        while True:
            yield _answer(connection, function)


@contextmanager
def _descriptors(paths: Sequence[Path]) -> Iterator[list[int]]:
    with ExitStack() as files:
        made = []
        for path in paths:
            try:
                made.append(os.open(path, os.O_RDONLY | os.O_CLOEXEC | os.O_NONBLOCK))
            except OSError:
                raise ReadingError("damaged") from None
            files.callback(os.close, made[-1])
        yield made


def _answer(connection: socket.socket, function: str) -> Any:
    try:
        kind, body = wire.receive(connection)
        made: Any = json.loads(body) if kind != wire.BYTES else body
    except TimeoutError:
        _SERVER.stop()  # a server that does not even stop its children is of no use
        raise ReadingError("timed_out") from None
    except (EOFError, OSError, ValueError):
        raise ReadingError("damaged") from None
    if kind == wire.END:
        log.warning("reading_died call=%s status=%s overdue=%s", function, made["status"], made["is_overdue"])
        raise ReadingError("timed_out" if made["is_overdue"] or made["status"] in _OUT_OF_TIME else "damaged")
    if isinstance(made, dict) and made.get("error") in REASONS:
        if made.get("kind"):
            log.info("reading_refused call=%s kind=%s", function, str(made["kind"])[:60])
        raise ReadingError(made["error"])
    return made


_OUT_OF_TIME = (-24, -9)  # SIGXCPU, and SIGKILL where the first was not heeded


class _Server:
    """The server of this process, started when first asked."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._process: subprocess.Popen[bytes] | None = None
        self._control: socket.socket | None = None

    def call(self, message: dict[str, Any], files: Sequence[int]) -> socket.socket:
        """Hand over a call; what comes back is the connection that it answers on."""
        body = json.dumps(message).encode()
        with self._lock:
            for is_last in (False, True):
                try:
                    with _answers() as (mine, theirs):
                        socket.send_fds(self._started(), [body], [theirs.fileno(), *files])
                        return mine
                except OSError:
                    self._stop()
                    if is_last:
                        raise
        raise AssertionError

    def stop(self) -> None:
        with self._lock:
            self._stop()

    def forget(self) -> None:
        """In a forked process: the server belongs to the other one."""
        control = self._control
        self.__init__()  # type: ignore[misc]
        if control is not None:
            os.close(control.detach())

    def _started(self) -> socket.socket:
        if self._process is not None and self._process.poll() is None and self._control is not None:
            return self._control
        self._stop()
        mine, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        with theirs:
            code = "import sys; sys.path.insert(0, sys.argv[2]); from records.reading.server import serve; serve(int(sys.argv[1]))"
            self._process = subprocess.Popen(
                [sys.executable, "-s", "-E", "-c", code, str(theirs.fileno()), str(_ROOT)],
                pass_fds=[theirs.fileno()],
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
                cwd="/",
                env={name: os.environ[name] for name in _KEPT if name in os.environ} | _ENVIRONMENT,
                start_new_session=True,
            )
        self._control = mine
        return mine

    def _stop(self) -> None:
        process, control = self._process, self._control
        self._process = self._control = None
        if control is not None:
            control.close()
        if process is not None:
            with suppress(subprocess.TimeoutExpired):
                process.wait(timeout=2)
            process.kill()
            process.wait()


_ENVIRONMENT = {
    "OMP_THREAD_LIMIT": "1",
    "OPENBLAS_NUM_THREADS": "1",
    "PYTHONDONTWRITEBYTECODE": "1",
    # bytes: pictures are made in memory that was used before; memory new from the system is cleared by it first, which took a tenth of our own time
    "MALLOC_MMAP_THRESHOLD_": str(1 << 28),
    "MALLOC_TRIM_THRESHOLD_": str(1 << 30),
}


@contextmanager
def _answers() -> Iterator[tuple[socket.socket, socket.socket]]:
    mine, theirs = socket.socketpair()
    with theirs:
        try:
            yield mine, theirs
        except BaseException:
            mine.close()
            raise


_SERVER = _Server()
os.register_at_fork(after_in_child=_SERVER.forget)
