"""What goes wrong around the processes, switched by files in the folder: a full disk, storage that is gone, a clock that is wrong.

disk_full   writing a file ends in the middle with "no space left"
storage_gone  neither reading nor writing files works
clock       holds seconds by which every clock is wrong
"""

from __future__ import annotations

import datetime as dt
import errno
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import IO

from django.utils import timezone

from records import storage

_right_now = timezone.now


def switch_on(folder: Path) -> None:
    """In this process, from now on."""

    def now() -> dt.datetime:
        try:
            wrong = float((folder / "clock").read_text())
        except (FileNotFoundError, ValueError):
            wrong = 0.0
        return _right_now() + dt.timedelta(seconds=wrong)

    class Store(storage.FolderStore):
        def put(self, name: str, pieces: Iterable[bytes]) -> None:
            super().put(name, _failing(pieces, folder))

        def open(self, name: str) -> IO[bytes]:
            _check(folder / "storage_gone", errno.EIO)
            return super().open(name)

    timezone.now = now
    storage.FolderStore = Store  # type: ignore[misc]


def _failing(pieces: Iterable[bytes], folder: Path) -> Iterator[bytes]:
    _check(folder / "storage_gone", errno.EIO)
    for piece in pieces:
        yield piece
        _check(folder / "disk_full", errno.ENOSPC)


def _check(switch: Path, number: int) -> None:
    if switch.exists():
        raise OSError(number, "the weather")
