"""What was made a moment ago, kept in this process for whoever asks again: few at a time, and none for long."""

from __future__ import annotations

import threading
import time
from collections import OrderedDict
from collections.abc import Callable, Hashable
from typing import Generic, TypeVar

T = TypeVar("T")


class Remembered(Generic[T]):
    """At most `weight` in all, by what `weigh` says of each, and nothing older than `seconds`. Keys name everything that a value depends on."""

    def __init__(self, *, weight: int, seconds: float, weigh: Callable[[T], int]) -> None:
        self._most, self._seconds, self._weigh = weight, seconds, weigh
        self._kept: OrderedDict[Hashable, tuple[float, int, T]] = OrderedDict()
        self._making: dict[Hashable, threading.Lock] = {}
        self._lock = threading.Lock()

    def get(self, key: Hashable, make: Callable[[], T]) -> T:
        """Kept, or made now; who asks for the same meanwhile waits and gets the same."""
        if (found := self._found(key)) is not None:
            return found[2]
        with self._lock:
            making = self._making.setdefault(key, threading.Lock())
        with making:
            try:
                if (found := self._found(key)) is not None:
                    return found[2]
                made = make()
                self._keep(key, made)
            finally:
                with self._lock:
                    self._making.pop(key, None)
        return made

    def clear(self) -> None:
        with self._lock:
            self._kept.clear()

    def _found(self, key: Hashable) -> tuple[float, int, T] | None:
        with self._lock:
            now = time.monotonic()
            for old in [one for one, (at, _, _) in self._kept.items() if now - at > self._seconds]:
                del self._kept[old]
            return self._kept.get(key)

    def _keep(self, key: Hashable, made: T) -> None:
        weight = self._weigh(made)
        with self._lock:
            self._kept[key] = (time.monotonic(), weight, made)
            while len(self._kept) > 1 and sum(one[1] for one in self._kept.values()) > self._most:
                self._kept.popitem(last=False)
