"""Files at rest: what comes back is what went in, or nothing."""

from __future__ import annotations

import os
import stat
import uuid
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from records.storage import CHUNK_BYTES, HEAD_BYTES, TAG_BYTES, FileBroken, SealedFile, keep_file, read_file, store, stream_file

KEY, OTHER_KEY = b"k" * 32, b"o" * 32
OWNER = uuid.UUID(int=7)
EDGES = [0, 1, CHUNK_BYTES - 1, CHUNK_BYTES, CHUNK_BYTES + 1, 3 * CHUNK_BYTES, 3 * CHUNK_BYTES + 5]


def _content(size: int) -> bytes:
    return bytes(n * 31 % 251 for n in range(256)) * (size // 256 + 1)


def _kept(size: int) -> tuple[str, bytes]:
    content = _content(size)[:size]
    return keep_file(KEY, OWNER, [content[n : n + 50_000] for n in range(0, size, 50_000)]), content


def _path(name: str) -> Path:
    return store().root / name


@pytest.mark.parametrize("size", EDGES)
def test_what_was_kept_comes_back(size: int) -> None:
    name, content = _kept(size)
    assert read_file(KEY, name) == content
    assert b"".join(stream_file(KEY, name)) == content


def test_names_and_bytes_say_nothing() -> None:
    name = keep_file(KEY, OWNER, [b"the words of a patient " * 10])
    assert _path(name).read_bytes().find(b"patient") == -1
    assert name.split("/")[0] == OWNER.hex
    assert stat.S_IMODE(_path(name).stat().st_mode) == 0o600
    assert stat.S_IMODE(_path(name).parent.stat().st_mode) == 0o700


@hypothesis_settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(offset=st.integers(0, 3 * CHUNK_BYTES + 100), length=st.integers(0, 2 * CHUNK_BYTES))
def test_any_part_can_be_read(offset: int, length: int) -> None:
    name, content = _kept(3 * CHUNK_BYTES + 5)
    with SealedFile(KEY, name) as stream:
        assert stream.size == len(content)
        stream.seek(offset)
        read = b""
        while len(read) < length and (piece := stream.read(length - len(read))):
            read += piece
        assert read == content[offset : offset + length]
        assert stream.seek(-1, os.SEEK_END) == len(content) - 1


def _cut_tail(content: bytes) -> bytes:
    return content[:-1]


def _cut_last_chunk(content: bytes) -> bytes:
    return content[: HEAD_BYTES + CHUNK_BYTES + TAG_BYTES]


def _append(content: bytes) -> bytes:
    return content + b"x"


def _append_chunk(content: bytes) -> bytes:
    return content + content[HEAD_BYTES : HEAD_BYTES + CHUNK_BYTES + TAG_BYTES]


def _flip_first(content: bytes) -> bytes:
    return content[: HEAD_BYTES + 3] + bytes([content[HEAD_BYTES + 3] ^ 1]) + content[HEAD_BYTES + 4 :]


def _flip_salt(content: bytes) -> bytes:
    return content[:6] + bytes([content[6] ^ 1]) + content[7:]


def _swap_chunks(content: bytes) -> bytes:
    one, two = HEAD_BYTES + CHUNK_BYTES + TAG_BYTES, HEAD_BYTES + 2 * (CHUNK_BYTES + TAG_BYTES)
    return content[:HEAD_BYTES] + content[one:two] + content[HEAD_BYTES:one] + content[two:]


def _empty(content: bytes) -> bytes:
    return b""


def _head_only(content: bytes) -> bytes:
    return content[:HEAD_BYTES]


HARM = [_cut_tail, _cut_last_chunk, _append, _append_chunk, _flip_first, _flip_salt, _swap_chunks, _empty, _head_only]


@pytest.mark.parametrize("harm", HARM)
def test_a_harmed_file_is_refused(harm: Any) -> None:
    name, _ = _kept(2 * CHUNK_BYTES + 5)
    path = _path(name)
    path.write_bytes(harm(path.read_bytes()))
    with pytest.raises(FileBroken):
        read_file(KEY, name)


def test_a_file_in_another_ones_place_is_refused() -> None:
    (one, _), (other, _) = _kept(100), _kept(100)
    _path(one).write_bytes(_path(other).read_bytes())
    with pytest.raises(FileBroken):
        read_file(KEY, one)


def test_another_patients_key_opens_nothing() -> None:
    name, _ = _kept(100)
    with pytest.raises(FileBroken):
        read_file(OTHER_KEY, name)


@pytest.mark.parametrize("name", ["../../etc/passwd", "/etc/passwd", "a/b", OWNER.hex + "/../" + OWNER.hex, ""])
def test_only_names_that_we_made_are_opened(name: str) -> None:
    with pytest.raises(ValueError, match="not a name"):
        store().open(name)


def test_a_link_is_not_followed(tmp_path: Path) -> None:
    name, _ = _kept(100)
    secret = tmp_path / "secret"
    secret.write_bytes(_path(name).read_bytes())
    _path(name).unlink()
    _path(name).symlink_to(secret)
    with pytest.raises(OSError, match="symbolic links"):
        read_file(KEY, name)


def test_a_stream_that_breaks_leaves_nothing_behind() -> None:
    def pieces() -> Iterator[bytes]:
        yield b"x" * 100_000
        raise OSError(28, "No space left on device")

    with pytest.raises(OSError, match="No space"):
        keep_file(KEY, OWNER, pieces())
    assert list((store().root / OWNER.hex).iterdir()) == []


def test_stale_names_what_was_left_half_written() -> None:
    name, _ = _kept(10)
    half = _path(name).with_suffix(".part")
    half.write_bytes(b"half")
    os.utime(half, (0, 0))
    assert list(store().stale(60)) == [f"{name}.part"]
    store().discard(f"{name}.part")
    store().discard(f"{OWNER.hex}/../../outside")
    assert not half.exists()
    assert _path(name).exists()
