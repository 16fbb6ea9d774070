"""Which process of this machine somebody is, and whether it is still there.

A number of a process is given to another one in time, and each container counts its own: so a process is named by the start of the machine, the
space that its number is of, the number, and the moment it began. Where the system does not say (no /proc), nobody is known and nobody is said
to be gone.
"""

from __future__ import annotations

import os
from functools import cache
from pathlib import Path

PROC = Path("/proc")


def this_process() -> str:
    """This process, at most 100 characters; "" where the system does not say."""
    here, began = this_place(), _began(os.getpid())
    return f"{here}{os.getpid()}:{began}" if here and began else ""


@cache
def this_place() -> str:
    """What the names of all processes begin with that this one can see; "" where the system does not say."""
    try:
        boot = (PROC / "sys/kernel/random/boot_id").read_text().strip()
        return f"{boot}:{(PROC / 'self/ns/pid').stat().st_ino}:"
    except OSError:
        return ""


def is_gone(process: str) -> bool:
    """Whether a process that was named by this_process() here has ended. False for one of another place: it cannot be seen from here."""
    here = this_place()
    if not here or not process.startswith(here):
        return False
    number, _, began = process.removeprefix(here).partition(":")
    return _began(int(number)) != began


def _began(number: int) -> str:
    """Clock ticks from the start of the machine to that of the process; "" if there is none, or one that has ended and was not yet fetched."""
    try:
        state, *fields = (PROC / str(number) / "stat").read_text().rpartition(")")[2].split()
    except OSError:
        return ""
    return "" if state in "ZX" else fields[18]
