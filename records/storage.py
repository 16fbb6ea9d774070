"""Files of patients at rest: cut into chunks, each encrypted (AES-256-GCM in the STREAM construction), under names that say nothing.

A sealed file is MAGIC, 16 bytes of salt, then chunks of 64 KiB with a 16-byte tag. The file's own key comes from the patient's key and the
salt; a chunk's nonce is its number and whether it is the last: a file that is cut, extended, reordered, swapped or changed is refused.
"""

from __future__ import annotations

import io
import os
import uuid
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import IO, TYPE_CHECKING

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings

from records.folder import FolderStore

if TYPE_CHECKING:
    from records.bucket import BucketStore

    Store = FolderStore | BucketStore

CHUNK_BYTES = 64 * 1024
TAG_BYTES = 16
MAGIC = b"CGF1"
HEAD_BYTES = len(MAGIC) + 16


class FileBroken(Exception):
    """The stored file was changed, cut, extended or swapped with another."""


def store() -> Store:
    """The bucket that the settings name, else the folder."""
    if settings.FILES_BUCKET:
        from records.bucket import bucket_store  # what talks to a bucket is read only where there is one

        return bucket_store(**settings.FILES_BUCKET)
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
        body = self._stream.seek(0, os.SEEK_END) - HEAD_BYTES
        self._stream.seek(0)
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
