"""Files of patients at rest: cut into chunks, each encrypted (AES-256-GCM in the STREAM construction), under names that say nothing.

A sealed file is MAGIC, 16 bytes of salt, then chunks of 64 KiB with a 16-byte tag. The file's own key comes from the patient's key and the
salt; a chunk's nonce is its number and whether it is the last: a file that is cut, extended, reordered, swapped or changed is refused.
"""

from __future__ import annotations

import io
import os
import re
import shutil
import time
import uuid
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import IO

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings

CHUNK_BYTES = 64 * 1024
TAG_BYTES = 16
MAGIC = b"CGF1"
HEAD_BYTES = len(MAGIC) + 16
_NAME = re.compile(r"[0-9a-f]{32}/[0-9a-f]{32}")


class FileBroken(Exception):
    """The stored file was changed, cut, extended or swapped with another."""


class FolderStore:
    """Named blobs in a folder. What is here would be a bucket on another day: five operations, names "owner/blob"."""

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
            if _NAME.fullmatch(name):
                yield name

    def discard(self, name: str) -> None:
        """Remove what stale() named."""
        if _NAME.fullmatch(name.removesuffix(".part")):
            (self.root / name).unlink(missing_ok=True)

    def _path(self, name: str) -> Path:
        if not _NAME.fullmatch(name):
            raise ValueError("not a name of a stored file")
        return self.root / name


def _sync_folder(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def store() -> FolderStore:
    return FolderStore(Path(settings.MEDIA_ROOT))


def keep_file(key: bytes, owner: uuid.UUID, pieces: Iterable[bytes]) -> str:
    """Encrypt and keep; returns the new opaque name."""
    name = f"{owner.hex}/{uuid.uuid4().hex}"
    store().put(name, sealed(key, name, pieces))
    return name


def read_file(key: bytes, name: str) -> bytes:
    with SealedFile(key, name) as stream:
        return stream.read()


def stream_file(key: bytes, name: str) -> Iterator[bytes]:
    with SealedFile(key, name) as stream:
        while piece := stream.read(CHUNK_BYTES):
            yield piece


def delete_file(name: str) -> None:
    store().delete(name)


def _file_key(key: bytes, salt: bytes, name: str) -> AESGCM:
    return AESGCM(HKDF(SHA256(), 32, salt, b"file|" + name.encode()).derive(key))


def _nonce(number: int, is_last: bool) -> bytes:
    return number.to_bytes(11, "big") + (b"\1" if is_last else b"\0")


def sealed(key: bytes, name: str, pieces: Iterable[bytes]) -> Iterator[bytes]:
    """The bytes of a sealed file: what SealedFile reads with the same key and name."""
    salt = os.urandom(16)
    cipher = _file_key(key, salt, name)
    yield MAGIC + salt
    waiting, number = b"", 0
    for piece in pieces:
        waiting += piece
        while len(waiting) > CHUNK_BYTES:
            yield cipher.encrypt(_nonce(number, False), waiting[:CHUNK_BYTES], None)
            waiting, number = waiting[CHUNK_BYTES:], number + 1
    yield cipher.encrypt(_nonce(number, True), waiting, None)


class SealedFile(io.RawIOBase):
    """A sealed file read as if it were plain: seek and read. Raises FileBroken where it is not as it was written.

    stream: where its bytes are, if not in the store.
    """

    def __init__(self, key: bytes, name: str, stream: IO[bytes] | None = None) -> None:
        super().__init__()
        self.name = name
        self._stream = stream or store().open(name)
        body = os.fstat(self._stream.fileno()).st_size - HEAD_BYTES
        head = self._stream.read(HEAD_BYTES)
        if body < TAG_BYTES or not head.startswith(MAGIC):
            self._stream.close()
            raise FileBroken
        self._cipher = _file_key(key, head[len(MAGIC) :], name)
        self._chunks = -(-body // (CHUNK_BYTES + TAG_BYTES))
        self.size = body - self._chunks * TAG_BYTES
        self._position = 0
        self._open_chunk: tuple[int, bytes] = (-1, b"")
        try:
            self._chunk(self._chunks - 1)  # a cut or extended file fails here, before a byte of it is used
        except FileBroken:
            self._stream.close()
            raise

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def seek(self, offset: int, whence: int = os.SEEK_SET) -> int:
        base = {os.SEEK_SET: 0, os.SEEK_CUR: self._position, os.SEEK_END: self.size}[whence]
        self._position = max(0, base + offset)
        return self._position

    def tell(self) -> int:
        return self._position

    def readinto(self, buffer: bytearray | memoryview) -> int:  # type: ignore[override]
        if self._position >= self.size:
            return 0
        number, offset = divmod(self._position, CHUNK_BYTES)
        piece = self._chunk(number)[offset : offset + len(buffer)]
        buffer[: len(piece)] = piece
        self._position += len(piece)
        return len(piece)

    def close(self) -> None:
        self._stream.close()
        super().close()

    def _chunk(self, number: int) -> bytes:
        if self._open_chunk[0] != number:
            self._stream.seek(HEAD_BYTES + number * (CHUNK_BYTES + TAG_BYTES))
            sealed = self._stream.read(CHUNK_BYTES + TAG_BYTES)
            try:
                self._open_chunk = (number, self._cipher.decrypt(_nonce(number, number == self._chunks - 1), sealed, None))
            except (InvalidTag, ValueError) as error:
                raise FileBroken from error
        return self._open_chunk[1]
