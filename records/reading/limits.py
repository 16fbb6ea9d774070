"""What a process that opens a stranger's file may do: its limits, through what the kernel has and no privilege needs.

rlimits (CPU, memory, file size, open files, no core dump), no_new_privs, Landlock (only programs and libraries may be read, only the work
folder written), seccomp (no sockets, no tracing, no mounting, no new namespaces). Spelled with ctypes: Python's library has none of it.
"""

from __future__ import annotations

import ctypes
import os
import platform
import resource
import signal
import struct
import sys
from collections.abc import Iterable
from pathlib import Path

CPU_SECONDS = 40
MEMORY_BYTES = 640 * 1024 * 1024
FILE_BYTES = 256 * 1024 * 1024
OPEN_FILES = 128

_PR_SET_PDEATHSIG, _PR_SET_NO_NEW_PRIVS, _PR_SET_SECCOMP = 1, 38, 22
_SECCOMP_MODE_FILTER = 2
_CREATE_RULESET, _ADD_RULE, _RESTRICT_SELF = 444, 445, 446  # the same on every architecture
_PATH_BENEATH = 1
_EXECUTE, _WRITE_FILE, _READ_FILE, _READ_DIR = 1, 2, 4, 8
# everything that Landlock ABI 1 knows (13 rights), then what later versions added
_ALL_RIGHTS = {1: (1 << 13) - 1, 2: (1 << 14) - 1, 3: (1 << 15) - 1, 5: (1 << 16) - 1}
_ALL_NETWORK = 3  # bind and connect, from ABI 4
_ALL_SCOPES = 3  # abstract sockets and signals, from ABI 6
_FILE_RIGHTS = _EXECUTE | _WRITE_FILE | _READ_FILE | 1 << 14 | 1 << 15


def _numbers(listed: str) -> tuple[int, ...]:
    return tuple(int(one) for one in listed.split())


# seccomp by architecture: audit number, then the calls that are refused
_REFUSED: dict[str, tuple[int, tuple[int, ...]]] = {
    # socket connect accept bind listen accept4 ptrace mount umount2 pivot_root chroot setns unshare kexec_load init_module finit_module
    # delete_module bpf perf_event_open userfaultfd keyctl add_key request_key process_vm_readv process_vm_writev open_by_handle_at
    # name_to_handle_at io_uring_setup io_uring_enter io_uring_register move_mount open_tree fsopen fsmount pidfd_getfd personality
    "x86_64": (
        0xC000003E,
        _numbers(
            "41 42 43 49 50 288 101 165 166 155 161 308 272 246 175 313 176 321 298 323 250 248 249 310 311 304 303 425 426 427 429 428 430 432 438 135"
        ),
    ),
    "aarch64": (
        0xC00000B7,
        _numbers(
            "198 203 202 200 201 242 117 40 39 41 51 268 97 104 105 273 106 280 241 282 219 217 218 270 271 265 264 425 426 427 429 428 430 432 438 92"
        ),
    ),
}
_X32 = 0x40000000

_libc = ctypes.CDLL(None, use_errno=True)


def confine(folder: Path, files: Iterable[int], programs: Iterable[Path] = ()) -> dict[str, bool]:
    """Give up everything but: reading `files` (descriptors) and libraries, running `programs`, writing in `folder`. For good.

    Returns which of the limits the kernel granted.
    """
    level = {"rlimits": _limit(), "no_new_privs": _libc.prctl(_PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0}
    level["landlock"] = level["no_new_privs"] and _landlock(folder, files, programs)
    level["seccomp"] = level["no_new_privs"] and _seccomp()
    return level


def die_with_parent() -> None:
    _libc.prctl(_PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)


def _limit() -> bool:
    data = _data_bytes() + MEMORY_BYTES
    wanted = {
        resource.RLIMIT_CPU: (CPU_SECONDS, CPU_SECONDS + 2),
        resource.RLIMIT_DATA: (data, data),
        resource.RLIMIT_FSIZE: (FILE_BYTES, FILE_BYTES),
        resource.RLIMIT_NOFILE: (OPEN_FILES, OPEN_FILES),
        resource.RLIMIT_CORE: (0, 0),
    }
    try:
        for kind, limits in wanted.items():
            resource.setrlimit(kind, limits)
    except (ValueError, OSError):
        return False
    return True


def _data_bytes() -> int:
    """Private memory of this process so far: the libraries that every child starts with do not count as the file's."""
    for line in Path("/proc/self/status").read_text().splitlines():
        if line.startswith("VmData:"):
            return int(line.split()[1]) * 1024
    return 0


def _readable() -> list[Path]:
    """Where programs, libraries and fonts live. Nothing of the project's own folders but its code."""
    here = Path(__file__).resolve().parent
    libraries = {Path(one) for one in sys.path if one and ("site-packages" in one or "dist-packages" in one)}
    python = {Path(sys.base_prefix, "lib"), Path(sys.prefix, "lib"), Path(sys.base_exec_prefix, "lib")}
    system = {Path(one) for one in ("/lib", "/lib64", "/usr/lib", "/usr/lib64", "/usr/local/lib", "/usr/share/fonts", "/etc/ld.so.cache")}
    return [one for one in {here, *libraries, *python, *system} if one.exists()]


def _landlock(folder: Path, files: Iterable[int], programs: Iterable[Path]) -> bool:
    version = _libc.syscall(_CREATE_RULESET, None, 0, 1)
    if version < 1:
        return False
    rights = _ALL_RIGHTS[max(one for one in _ALL_RIGHTS if one <= version)]
    network, scopes = _ALL_NETWORK if version >= 4 else 0, _ALL_SCOPES if version >= 6 else 0
    attributes = struct.pack("=QQQ", rights, network, scopes)[: 24 if version >= 6 else 16 if version >= 4 else 8]
    ruleset = _libc.syscall(_CREATE_RULESET, attributes, len(attributes), 0)
    if ruleset < 0:
        return False
    try:
        read = _READ_FILE | _READ_DIR
        for path in _readable():
            _allow(ruleset, path, (read | _EXECUTE) & rights)
        for path in programs:
            _allow(ruleset, path, (read | _EXECUTE) & rights)
        for device in ("/dev/null", "/dev/urandom", "/dev/zero"):
            _allow(ruleset, Path(device), _READ_FILE | _WRITE_FILE)
        _allow(ruleset, folder, rights & ~_EXECUTE)
        for descriptor in files:
            _allow_open(ruleset, descriptor, _READ_FILE)
        return bool(_libc.syscall(_RESTRICT_SELF, ruleset, 0) == 0)
    finally:
        os.close(ruleset)


def _allow(ruleset: int, path: Path, rights: int) -> None:
    try:
        descriptor = os.open(path, os.O_PATH | os.O_CLOEXEC)
    except OSError:
        return
    try:
        _allow_open(ruleset, descriptor, rights if path.is_dir() else rights & _FILE_RIGHTS)
    finally:
        os.close(descriptor)


def _allow_open(ruleset: int, descriptor: int, rights: int) -> None:
    # refused for a file in memory, which no path leads to and no rule needs
    _libc.syscall(_ADD_RULE, ruleset, _PATH_BENEATH, struct.pack("=Qi", rights, descriptor), 0)


def _seccomp() -> bool:
    if platform.machine() not in _REFUSED:
        return False
    audit, calls = _REFUSED[platform.machine()]
    program = _filter(audit, calls, is_x86=platform.machine() == "x86_64")
    buffer = ctypes.create_string_buffer(program, len(program))
    described = struct.pack("HxxxxxxQ", len(program) // 8, ctypes.addressof(buffer))
    return bool(_libc.prctl(_PR_SET_SECCOMP, _SECCOMP_MODE_FILTER, ctypes.c_char_p(described), 0, 0) == 0)


def _filter(audit: int, calls: tuple[int, ...], *, is_x86: bool) -> bytes:
    """Classic BPF: another architecture ends the process, a refused call gives EPERM, the rest passes."""
    load, equal, at_least, give = 0x20, 0x15, 0x35, 0x06
    kill, refuse, allow = 0x80000000, 0x00050000 | 1, 0x7FFF0000
    lines = [(load, 0, 0, 4), (equal, 1, 0, audit), (give, 0, 0, kill), (load, 0, 0, 0)]
    if is_x86:
        lines += [(at_least, 0, 1, _X32), (give, 0, 0, refuse)]
    for index, call in enumerate(calls):
        lines.append((equal, len(calls) - index, 0, call))
    lines += [(give, 0, 0, allow), (give, 0, 0, refuse)]
    return b"".join(struct.pack("HBBI", *line) for line in lines)
