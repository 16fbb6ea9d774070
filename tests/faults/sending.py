"""Who sends files to the service of the fault tests, and who watches how it gets on with them."""

from __future__ import annotations

import threading
import time
from collections import Counter
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

import httpx

from tests.faults.service import Service
from tests.records.paper import paper

# People look whether what they sent was read before they send much more: between them so many files are not yet read. Without this the run
# would measure how much faster files can be sent than two cores read them.
UNREAD = 40


def content(n: int) -> tuple[bytes, list[Any]]:
    """A file, and what must come of it: status, failure, codes of pages, facts."""
    pages = [f"GENE{n}P{page}=positive" for page in range(n % 3 + 1)]
    codes, facts, title = [""] * len(pages), len(pages), str(n)
    extra = {3: (" ", "blank"), 5: ("UNREADABLE", "unreadable")}.get(n % 10)
    if is_hungry(n):
        extra = ("HUNGRY", "quarantined")
    if extra:
        pages.append(extra[0])
        codes.append(extra[1])
    if n % 10 == 7:
        codes, title = [], f"ARCHIVE{n}"
    return paper(*pages, title=title), ["ready", "", codes, facts]


def is_hungry(n: int) -> bool:
    """Whether the file has a page that kills its reader."""
    return n % 40 == 1


def missed(files: dict[str, list[Any]], uploads: int) -> tuple[list[int], list[str], dict[int, Any]]:
    """Of the files that drive.look_at_each saw: which were lost, which are there twice, and what is not as it must be."""
    lost = [n for n in range(uploads) if f"{n}.txt" not in files]
    twice = [name for name, copies in files.items() if len(copies) != 1]
    wrong = {n: files[f"{n}.txt"][0] for n in range(uploads) if n not in lost and files[f"{n}.txt"][0] != content(n)[1]}
    return lost, twice, wrong


@dataclass(frozen=True, slots=True)
class Seen:
    """at: on time.monotonic(); unread: files that were accepted and are not read; ended: rows of work that are done or given up."""

    at: float
    unread: int
    ended: int


class Watch(threading.Thread):
    """Looks at the queue twice a second, with a driver of its own, wherever the database answers."""

    def __init__(self, service: Service) -> None:
        super().__init__(daemon=True)
        self.driver = service.another()
        self.seen = [Seen(time.monotonic(), 0, 0)]
        self.over = threading.Event()

    def run(self) -> None:
        while not self.over.wait(0.5):
            said = self.driver.drive("look_at_queue")
            if said["ended"] is not None:
                self.seen.append(Seen(time.monotonic(), said["unread"], said["ended"]))
        self.driver.stop()

    def stop(self) -> None:
        self.over.set()
        self.join()

    def longest_pause(self, begun: float, over: float) -> float:
        """The longest time in which files were unread and no row of work ended, of those that began between the two moments. In seconds."""
        pauses, last = [0.0], self.seen[0]
        for one in self.seen[1:]:
            if one.ended != last.ended or not one.unread:
                last = one
            elif begun <= last.at < over:
                pauses.append(one.at - last.at)
        return max(pauses)


class Reader(threading.Thread):
    """Looks again and again at what its person has: files with their originals, facts, profile."""

    def __init__(self, address: str, token: str) -> None:
        super().__init__(daemon=True)
        self.address, self.headers = address, {"Authorization": f"Bearer {token}"}
        self.seen: Counter[int] = Counter()
        self.has_profile = False
        self.over = threading.Event()

    def run(self) -> None:
        while not self.over.wait(0.2):
            with suppress(httpx.TransportError), httpx.Client(base_url=f"http://{self.address}/api/v1", headers=self.headers, timeout=30) as client:
                self._look(client)

    def _look(self, client: httpx.Client) -> None:
        self.seen[client.get("/findings/").status_code] += 1
        listed = client.get("/documents/")
        self.seen[listed.status_code] += 1
        if any(one["status"] == "ready" for one in listed.json().get("results", ())):
            self.has_profile = self.has_profile or client.get("/profile/").status_code == 200
        if self.has_profile:
            self.seen[client.get("/profile/").status_code] += 1
        for one in listed.json().get("results", ())[:2]:
            self.seen[client.get(f"/documents/{one['id']}/original/").status_code] += 1


class Sender(threading.Thread):
    """Sends its share of the files, each again and again until the service says that it has it."""

    def __init__(self, address: str, tokens: list[str], mine: range, watch: Watch) -> None:
        super().__init__(daemon=True)
        self.address, self.tokens, self.mine, self.watch = address, tokens, mine, watch
        self.accepted: list[int] = []
        self.refused = 0

    def run(self) -> None:
        with httpx.Client(base_url=f"http://{self.address}", timeout=30) as client:
            for n in self.mine:
                tries = 0
                while self.watch.seen[-1].unread > UNREAD:
                    time.sleep(0.5)
                while not self._is_accepted(client, n, tries):
                    tries += 1
                    self.refused += 1
                    time.sleep(0.5)
                self.accepted.append(n)

    def _is_accepted(self, client: httpx.Client, n: int, tries: int) -> bool:
        headers = {"Authorization": f"Bearer {self.tokens[n % len(self.tokens)]}", "Idempotency-Key": f"{n}-{tries}"}
        try:
            answer = client.post("/api/v1/documents/", headers=headers, files={"file": (f"{n}.txt", content(n)[0])})
        except httpx.HTTPError:
            return False
        # a file whose acceptance was not heard of is a duplicate the second time
        return answer.status_code in (200, 201) or (answer.status_code == 409 and answer.json().get("code") == "duplicate")
