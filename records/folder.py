"""The files of patients in a folder: written beside, flushed, moved into place."""

from __future__ import annotations

import os
import shutil
import time
import uuid
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import IO

from records.names import WHOLE, checked


class FolderStore:
    """Named blobs in a folder. The same six operations in a bucket: records/bucket.py."""

    def __init__(self, root: Path) -> None:
        self.root = root

    def put(self, name: str, pieces: Iterable[bytes]) -> None:
        """All or nothing: written beside, flushed to disk, then moved into place."""
        target = self._path(name)
        target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        arriving = target.with_suffix(".part")
        try:
            with os.fdopen(os.open(arriving, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW, 0o600), "wb") as stream:
                for piece in pieces:
                    stream.write(piece)
                stream.flush()
                os.fsync(stream.fileno())
            arriving.rename(target)
        except BaseException:
            arriving.unlink(missing_ok=True)
            raise
        _sync_folder(target.parent)

    def open(self, name: str) -> IO[bytes]:
        return os.fdopen(os.open(self._path(name), os.O_RDONLY | os.O_NOFOLLOW), "rb")

    def delete(self, name: str) -> None:
        self._path(name).unlink(missing_ok=True)

    def delete_all(self, owner: uuid.UUID) -> None:
        shutil.rmtree(self.root / owner.hex, ignore_errors=True)

    def stale(self, seconds: float) -> Iterator[str]:
        """Names not touched for so long, half-written ones too ("owner/blob.part")."""
        limit = time.time() - seconds
        for path in self.root.glob("*/*"):
            try:
                if path.stat().st_mtime < limit:
                    yield f"{path.parent.name}/{path.name}"
            except FileNotFoundError:
                continue

    def names(self) -> Iterator[str]:
        """All that is whole."""
        for path in sorted(self.root.glob("*/*")):
            name = f"{path.parent.name}/{path.name}"
            if WHOLE.fullmatch(name):
                yield name

    def discard(self, name: str) -> None:
        """Remove what stale() named."""
        if WHOLE.fullmatch(name.removesuffix(".part")):
            (self.root / name).unlink(missing_ok=True)

    def _path(self, name: str) -> Path:
        return self.root / checked(name)


def _sync_folder(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
