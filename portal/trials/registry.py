"""ClinicalTrials.gov over its API v2: pages of studies, slowly and stubbornly. Knows the registry's manners; keeps nothing.

What its pages do: a token comes with every page that is full, so the next may be empty; a token is bound to the version of the data, so the
same parameters go with each; one malformed number rejects a whole batch; 429 and 5xx come and go; old numbers redirect to new ones.
"""

from __future__ import annotations

import random
import re
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

import httpx
from django.conf import settings

Json = dict[str, Any]

ADDRESS = "https://clinicaltrials.gov/api/v2"
NCT = re.compile(r"NCT\d{8}")
PAGE_SIZE = 200
BATCH = 50  # numbers a request
TRIES = 6
FIRST_WAIT, LONGEST_WAIT = 1.0, 120.0  # seconds
BETWEEN = 1.0  # seconds from one request to the next
AT_A_TIME = httpx.Timeout(60.0, connect=20.0)
_TRY_AGAIN = frozenset({408, 425, 429, 500, 502, 503, 504})


class RegistryFault(Exception):
    """The registry did not answer as it should. The text says what happened, for an operator."""


@dataclass(frozen=True, slots=True)
class Query:
    """What to ask for. since: records that were changed on this day or later."""

    condition: str = ""
    intervention: str = ""
    term: str = ""
    statuses: tuple[str, ...] = ()
    since: date | None = None
    ncts: tuple[str, ...] = ()

    def parameters(self) -> dict[str, str]:
        made = {
            "query.cond": self.condition,
            "query.intr": self.intervention,
            "query.term": self.term,
            "filter.overallStatus": "|".join(self.statuses),
            "filter.advanced": f"AREA[LastUpdatePostDate]RANGE[{self.since.isoformat()},MAX]" if self.since else "",
            "filter.ids": ",".join(self.ncts),
        }
        return {name: value for name, value in made.items() if value}


@dataclass(slots=True)
class Registry:
    """One conversation. sleep and clock are arguments so that tests need not wait."""

    address: str = field(default_factory=lambda: str(getattr(settings, "REGISTRY_URL", ADDRESS)))
    page_size: int = PAGE_SIZE
    between: float = BETWEEN
    sleep: Callable[[float], None] = time.sleep
    clock: Callable[[], float] = time.monotonic
    total: int | None = None
    _asked_at: float | None = None

    def data_timestamp(self) -> str:
        """The day and time of the registry's data, as it says ("2026-11-24T09:00:05")."""
        return str(self._get("/version", {}).get("dataTimestamp") or "")

    def studies(self, query: Query) -> Iterator[Any]:
        """Every study of the query as the registry sent it, also what is no study. Raises RegistryFault where it cannot go on."""
        if not query.ncts:
            yield from self._pages(query.parameters())
            return
        for batch in _batches(query.ncts):
            yield from self._pages(query.parameters() | {"filter.ids": ",".join(batch)})

    def study(self, nct: str) -> Json:
        """One study, by an old number too."""
        return self._get(f"/studies/{nct}", {})

    def _pages(self, parameters: Mapping[str, str]) -> Iterator[Any]:
        token, seen, tokens = "", 0, set[str]()
        asked = {**parameters, "pageSize": str(self.page_size), "format": "json"}
        while True:
            page = self._get("/studies", asked | ({"pageToken": token} if token else {"countTotal": "true"}))
            studies = page.get("studies")
            if not isinstance(studies, list):
                raise RegistryFault("The registry sent a page without a list of studies.")
            if isinstance(page.get("totalCount"), int):
                self.total = page["totalCount"]
            yield from studies
            seen += len(studies)
            tokens.add(token)
            token = str(page.get("nextPageToken") or "")
            if not token or not studies or token in tokens or (self.total is not None and seen >= self.total):
                return

    def _get(self, path: str, parameters: Mapping[str, str]) -> Json:
        """A JSON object, after up to TRIES tries."""
        said = ""
        for tried in range(TRIES):
            self._keep_distance()
            try:
                answer = httpx.get(self.address + path, params=dict(parameters), timeout=AT_A_TIME, follow_redirects=True)
                made = self._object_of(answer)
            except (httpx.TransportError, ValueError) as fault:
                made, answer, said = None, None, f"{type(fault).__name__}"
            if made is not None:
                return made
            said = f"status {answer.status_code}" if answer is not None else said
            if tried < TRIES - 1:
                self.sleep(_wait(tried, answer))
        raise RegistryFault(f"The registry did not answer {path} after {TRIES} tries: {said}.")

    def _object_of(self, answer: httpx.Response) -> Json | None:
        """None where it is worth asking again. Raises RegistryFault where it is not, ValueError where it is no JSON object."""
        if answer.status_code in _TRY_AGAIN:
            return None
        if answer.status_code != 200:
            raise RegistryFault(f"The registry refused {answer.request.url.path}: status {answer.status_code}.")
        made = answer.json()
        if not isinstance(made, dict):
            raise ValueError("not an object")
        return made

    def _keep_distance(self) -> None:
        now = self.clock()
        if self._asked_at is not None and now - self._asked_at < self.between:
            self.sleep(self.between - (now - self._asked_at))
        self._asked_at = self.clock()


def _wait(tried: int, answer: httpx.Response | None) -> float:
    """Seconds: as the registry asks, else twice as long each time, with some chance in it so that many do not come back at once."""
    asked = answer.headers.get("Retry-After", "") if answer is not None else ""
    if asked.isdigit():
        return min(float(asked), LONGEST_WAIT)
    return min(FIRST_WAIT * 2**tried * (1 + random.random() / 4), LONGEST_WAIT)  # noqa: S311


def _batches(ncts: Sequence[str]) -> Iterator[Sequence[str]]:
    """Well-formed numbers only: one that is not would reject its whole batch."""
    usable = [one for one in dict.fromkeys(ncts) if NCT.fullmatch(one)]
    for start in range(0, len(usable), BATCH):
        yield usable[start : start + BATCH]
