"""The process that forks a confined child for every call. It has loaded the libraries once, so a call costs milliseconds.

Started by records.reading.sandbox with one end of a socket pair, a clean environment and nothing else open: no database, no broker, no
file of anybody. Every message is one call with descriptors: where to answer, and of the files. It ends when its owner does.
"""

from __future__ import annotations

import json
import os
import select
import shutil
import signal
import socket
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from typing import Any

from records.exceptions import ReadingError
from records.reading import limits, wire
from records.reading.patience import MOST_TOGETHER

PREFIX = "cart-guide-reading-"
MOST_MESSAGE = 65_536
MOST_FILES = MOST_TOGETHER
_ROOM = 512 * 1024 * 1024


@dataclass(slots=True)
class Child:
    """A call that is running: when it must be over, its folder, where its answer goes."""

    deadline: float
    folder: Path
    answer: socket.socket
    is_overdue: bool = False


def serve(descriptor: int) -> None:
    """Answer calls until the owner closes its end."""
    control = socket.socket(fileno=descriptor)
    preload()
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the owner, whose end we then see
    root = _root()
    children: dict[int, Child] = {}
    wake, waker = socket.socketpair()
    for one in (wake, waker):
        one.setblocking(False)
    signal.signal(signal.SIGCHLD, lambda *_: None)
    signal.set_wakeup_fd(waker.fileno(), warn_on_full_buffer=False)
    try:
        while True:
            ready, _, _ = select.select([control, wake], [], [], _patience(children))
            if wake in ready:
                with suppress(BlockingIOError):
                    wake.recv(4096)
            _end(children)
            if control in ready and not _begin(control, root, children):
                return
    finally:
        for pid in children:
            _kill(pid)
        shutil.rmtree(root, ignore_errors=True)


def preload() -> None:
    """Everything a reader imports, before any file is seen."""
    for name in (
        "cv2",
        "lxml.etree",
        "numpy",
        "numpy.ma",
        "pdfplumber",
        "pikepdf",
        "pi_heif",
        "PIL.Image",
        "PIL.TiffImagePlugin",
        "PIL.WebPImagePlugin",
        "pypdfium2",
        "pytesseract",
        "records.reading",
    ):
        with suppress(ImportError):
            import_module(name)
    import cv2
    import pytesseract
    from PIL import Image

    from records import reading
    from records.reading import second
    from records.reading.ocr import tesseract

    reading.readers()
    Image.preinit()
    cv2.setNumThreads(1)  # pages are read side by side instead
    with suppress(Exception):  # an extra that does not start must not keep pages from being read
        second.engine()
    with suppress(RuntimeError, SystemExit):
        pytesseract.pytesseract.tesseract_cmd = tesseract()[0]
        pytesseract.get_tesseract_version()  # asked once here, not by every child


def _root() -> Path:
    """A folder for work folders, in memory where there is room; those of servers that were killed are cleared away."""
    shared = Path("/dev/shm")  # noqa: S108 — a folder of our own is made in it, 0700
    in_memory = os.access(shared, os.W_OK) and shutil.disk_usage(shared).free > _ROOM
    place = shared if in_memory else Path(tempfile.gettempdir())
    for old in place.glob(f"{PREFIX}*"):
        owner = old.name.removeprefix(PREFIX).split("-")[0]
        if owner.isdigit() and not Path("/proc", owner).exists() and old.stat().st_uid == os.getuid():
            shutil.rmtree(old, ignore_errors=True)
    return Path(tempfile.mkdtemp(prefix=f"{PREFIX}{os.getpid()}-", dir=place))


def _patience(children: dict[int, Child]) -> float | None:
    waiting = [one.deadline for one in children.values() if not one.is_overdue]
    return max(min(waiting) - time.monotonic(), 0.01) if waiting else None


def _begin(control: socket.socket, root: Path, children: dict[int, Child]) -> bool:
    """Take one call and fork for it. False once the owner is gone."""
    message, descriptors, _, _ = socket.recv_fds(control, MOST_MESSAGE, 1 + MOST_FILES)
    if not message:
        return False
    call = json.loads(message)
    answer, files = socket.socket(fileno=descriptors[0]), descriptors[1:]
    folder = Path(tempfile.mkdtemp(dir=root))
    pid = os.fork()
    if pid == 0:
        _run(call, answer, files, folder)
    for file in files:
        os.close(file)
    children[pid] = Child(time.monotonic() + call["seconds"], folder, answer)
    return True


def _end(children: dict[int, Child]) -> None:
    """Stop what is overdue; bury what has ended, with all that it started."""
    now = time.monotonic()
    for pid, child in children.items():
        if now >= child.deadline and not child.is_overdue:
            child.is_overdue = True
            _kill(pid)
    while children:
        found = os.waitid(os.P_ALL, 0, os.WEXITED | os.WNOHANG | os.WNOWAIT)
        if found is None:
            return
        _kill(found.si_pid)  # the group outlives its leader until it is waited for
        _, status = os.waitpid(found.si_pid, 0)
        _bury(children.pop(found.si_pid), status)


def _bury(child: Child, status: int) -> None:
    ending = {"status": os.waitstatus_to_exitcode(status), "is_overdue": child.is_overdue}
    child.answer.setblocking(False)
    with suppress(OSError):
        wire.send(child.answer, wire.END, json.dumps(ending).encode())
    child.answer.close()
    shutil.rmtree(child.folder, ignore_errors=True)


def _kill(pid: int) -> None:
    with suppress(ProcessLookupError, PermissionError):
        os.killpg(pid, signal.SIGKILL)
    with suppress(ProcessLookupError):
        os.kill(pid, signal.SIGKILL)


def _run(call: dict[str, Any], answer: socket.socket, files: Sequence[int], folder: Path) -> None:
    """The child's whole life."""
    try:
        os.setsid()
        limits.die_with_parent()
        signal.set_wakeup_fd(-1)
        signal.signal(signal.SIGCHLD, signal.SIG_DFL)
        tempfile.tempdir = str(folder)
        os.environ["TMPDIR"] = str(folder)
        run = _function(call["run"])
        level = limits.confine(folder, files, _programs())
        run(answer, *(Path(f"/proc/self/fd/{file}") for file in files), level=level, **call["given"])
    except ReadingError as error:
        _refuse(answer, error.code)
    except (MemoryError, RecursionError) as error:
        _refuse(answer, "too_large", error)
    except BaseException as error:  # whatever a parser throws at a broken file is the file's fault here
        _refuse(answer, "damaged", error)
    finally:
        os._exit(0)


def _refuse(answer: socket.socket, code: str, error: BaseException | None = None) -> None:
    with suppress(OSError):
        wire.send_json(answer, {"error": code, "kind": type(error).__name__ if error else ""})


def _function(name: str) -> Callable[..., None]:
    module, function = name.split(":")
    made: Callable[..., None] = getattr(import_module(module), function)
    return made


def _programs() -> list[Path]:
    from records.reading.ocr import tesseract

    try:
        program, models = tesseract()
    except RuntimeError:
        return []
    return [Path(program), *([Path(models)] if models else [Path("/usr/share/tesseract-ocr")])]


if __name__ == "__main__":
    serve(int(sys.argv[1]))
