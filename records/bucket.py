"""The files of patients in a bucket of an S3-compatible store, through django-storages. Names and operations are those of FolderStore.

What does not answer is an OSError, as with a disk: the work waits and counts no try.
"""

from __future__ import annotations

import datetime as dt
import errno
import io
import tempfile
import uuid
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from functools import cache
from typing import IO, Any

from boto3.exceptions import Boto3Error
from boto3.s3.transfer import TransferConfig
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError
from storages.backends.s3 import S3Storage

from records.names import WHOLE, checked

IN_MEMORY_BYTES = 8 * 1024 * 1024  # beyond it what is fetched lies, sealed, in the folder for temporary files
_GONE = {"NoSuchKey", "404"}
_HERE = TransferConfig(use_threads=False)  # in the thread that asks: a worker is forked, and a part of 8 MB is all that is held


class BucketStore:
    """Named blobs in a bucket. The store keeps an object whole or not at all, and answers when it has it."""

    def __init__(self, **options: Any) -> None:
        """options: bucket_name, endpoint_url, access_key, secret_key, region_name, as django-storages calls them."""
        retries = {"max_attempts": 3, "mode": "standard"}
        waiting = Config(connect_timeout=5, read_timeout=60, retries=retries, s3={"addressing_style": "path"})
        self.storage = S3Storage(client_config=waiting, **options)
        self.bucket = options["bucket_name"]

    @property
    def client(self) -> Any:
        """Of this thread."""
        return self.storage.connection.meta.client

    def put(self, name: str, pieces: Iterable[bytes]) -> None:
        """All or nothing: an upload that breaks off is given up."""
        with _as_of_a_disk():
            self.client.upload_fileobj(_Joined(pieces), self.bucket, checked(name), Config=_HERE)

    def open(self, name: str) -> IO[bytes]:
        stream = tempfile.SpooledTemporaryFile(IN_MEMORY_BYTES)  # noqa: SIM115  given to who asked
        try:
            with _as_of_a_disk():
                self.client.download_fileobj(self.bucket, checked(name), stream, Config=_HERE)
        except BaseException:
            stream.close()
            raise
        stream.seek(0)
        return stream

    def delete(self, name: str) -> None:
        with _as_of_a_disk():
            self.client.delete_object(Bucket=self.bucket, Key=checked(name))

    def delete_all(self, owner: uuid.UUID) -> None:
        with _as_of_a_disk():
            # one by one: how a request for many is to be signed, stores do not agree on
            for one in [one["Key"] for one in self._listed(f"{owner.hex}/")]:
                self.client.delete_object(Bucket=self.bucket, Key=one)

    def stale(self, seconds: float) -> Iterator[str]:
        """Names not written for so long."""
        limit = dt.datetime.now(dt.UTC) - dt.timedelta(seconds=seconds)
        with _as_of_a_disk():
            yield from (one["Key"] for one in self._listed() if one["LastModified"] < limit)

    def names(self) -> Iterator[str]:
        with _as_of_a_disk():
            yield from (one["Key"] for one in self._listed() if WHOLE.fullmatch(one["Key"]))

    def discard(self, name: str) -> None:
        """Remove what stale() named."""
        if WHOLE.fullmatch(name):
            self.delete(name)

    def _listed(self, prefix: str = "") -> Iterator[dict[str, Any]]:
        for answer in self.client.get_paginator("list_objects_v2").paginate(Bucket=self.bucket, Prefix=prefix):
            yield from answer.get("Contents", ())


@cache
def bucket_store(**options: Any) -> BucketStore:
    """One for each bucket: connections are kept."""
    return BucketStore(**options)


class _Joined(io.RawIOBase):
    """Pieces as one stream."""

    def __init__(self, pieces: Iterable[bytes]) -> None:
        super().__init__()
        self._pieces, self._left = iter(pieces), b""

    def readable(self) -> bool:
        return True

    def read(self, size: int = -1) -> bytes:
        parts, wanted = [self._left], (size if size >= 0 else float("inf")) - len(self._left)
        while wanted > 0 and (piece := next(self._pieces, None)) is not None:
            parts.append(piece)
            wanted -= len(piece)
        whole = b"".join(parts)
        if size < 0:
            size = len(whole)
        self._left = whole[size:]
        return whole[:size]


@contextmanager
def _as_of_a_disk() -> Iterator[None]:
    try:
        yield
    except ClientError as error:
        if error.response.get("Error", {}).get("Code") in _GONE:
            raise FileNotFoundError(errno.ENOENT, "no such file in the bucket") from None
        raise OSError(errno.EIO, "the bucket refused") from error
    except (BotoCoreError, Boto3Error) as error:
        raise OSError(errno.EIO, "the bucket does not answer") from error
