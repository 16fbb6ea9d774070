"""Times of requests to a server that stands, one after another, the views by turns, so that what else the machine does falls on all alike."""

from __future__ import annotations

import http.client
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Timed:
    """Milliseconds of one view, and the bytes of its last answer."""

    path: str
    times: tuple[float, ...]
    size: int

    def at(self, share: float) -> float:
        """The time that this share of the requests did not exceed."""
        ordered = sorted(self.times)
        return ordered[min(len(ordered) - 1, int(share * len(ordered)))]


def timed(host: str, port: int, paths: Sequence[str], headers: Mapping[str, str], *, count: int, warm: int) -> list[Timed]:
    """`count` requests of each path after `warm` that are not counted. Raises RuntimeError for any answer but 200."""
    times: dict[str, list[float]] = {path: [] for path in paths}
    sizes: dict[str, int] = {}
    for turn in range(warm + count):
        for path in paths:
            spent, sizes[path] = _one(host, port, path, headers)
            if turn >= warm:
                times[path].append(spent)
    return [Timed(path, tuple(times[path]), sizes[path]) for path in paths]


def _one(host: str, port: int, path: str, headers: Mapping[str, str]) -> tuple[float, int]:
    connection = http.client.HTTPConnection(host, port, timeout=600)
    start = time.perf_counter()
    try:
        connection.request("GET", path, headers=dict(headers))
        answer = connection.getresponse()
        content = answer.read()
    finally:
        connection.close()
    if answer.status != 200:
        raise RuntimeError(f"{path} answered {answer.status}")
    return 1000 * (time.perf_counter() - start), len(content)
