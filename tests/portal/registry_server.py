"""A registry on this machine that misbehaves as the real one does."""

from __future__ import annotations

import json
import threading
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

Answer = tuple[int, dict[str, str], bytes]


@dataclass
class FakeRegistry:
    """studies: what it holds. mishaps: answers given before it answers properly, oldest first. asked: path and parameters of each request."""

    studies: list[Any] = field(default_factory=list)
    timestamp: str = "2026-11-24T09:00:05"
    mishaps: deque[Answer] = field(default_factory=deque)
    asked: list[tuple[str, dict[str, str]]] = field(default_factory=list)
    ends_in_empty_page: bool = False
    starts_again: bool = False
    address: str = ""

    def answer(self, target: str) -> Answer:
        parts = urlsplit(target)
        asked = {name: said[0] for name, said in parse_qs(parts.query).items()}
        self.asked.append((parts.path, asked))
        if self.mishaps:
            return self.mishaps.popleft()
        if parts.path == "/version":
            return as_json({"apiVersion": "2.0.5", "dataTimestamp": self.timestamp})
        if parts.path == "/studies":
            return self._page(asked)
        return self._one(parts.path.rsplit("/", 1)[-1])

    def _one(self, nct: str) -> Answer:
        for one in self.studies:
            module = one["protocolSection"]["identificationModule"]
            if nct in module.get("nctIdAliases", ()):
                return 301, {"Location": f"{self.address}/studies/{module['nctId']}"}, b""
            if nct == module["nctId"]:
                return as_json(one)
        return 404, {}, b"NCT number not found"

    def _page(self, asked: dict[str, str]) -> Answer:
        wanted = asked.get("filter.ids", "").split(",") if "filter.ids" in asked else None
        if wanted and any(len(one) != 11 for one in wanted):
            return 400, {}, b"`filter.ids` has a malformed value"
        found = [one for one in self.studies if wanted is None or number_of(one) in wanted]
        size, start = int(asked["pageSize"]), int(asked.get("pageToken", "t0")[1:])
        made: dict[str, Any] = {"studies": found[start : start + size]}
        if "countTotal" in asked and not self.ends_in_empty_page:
            made["totalCount"] = len(found)
        is_full = len(made["studies"]) == size
        if is_full and (self.ends_in_empty_page or self.starts_again or start + size < len(found)):
            made["nextPageToken"] = "t0" if self.starts_again and start + size >= len(found) else f"t{start + size}"
        return as_json(made)


def number_of(study: Any) -> str:
    try:
        return str(study["protocolSection"]["identificationModule"]["nctId"])
    except (KeyError, TypeError):
        return ""


def as_json(made: Any, status: int = 200) -> Answer:
    return status, {"Content-Type": "application/json"}, json.dumps(made).encode()


@contextmanager
def serving(registry: FakeRegistry) -> Iterator[FakeRegistry]:
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            status, headers, body = registry.answer(self.path)
            if status == 0:  # hang up in the middle
                self.connection.close()
                return
            self.send_response(status)
            for name, value in headers.items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *said: Any) -> None:
            """Quiet."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.handle_error = lambda *said: None  # type: ignore[method-assign]
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    registry.address = f"http://127.0.0.1:{server.server_port}"
    try:
        yield registry
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def study(
    nct: str,
    status: str = "RECRUITING",
    updated: str = "2026-11-01",
    rules: str = "Inclusion Criteria:\n\n* Age 18 years or older",
    **more: Any,
) -> Any:
    """A made-up study as the API would send it."""
    return {
        "protocolSection": {
            "identificationModule": {"nctId": nct, "briefTitle": "Made-up cells for pancreatic cancer"} | more,
            "statusModule": {"overallStatus": status, "lastUpdatePostDateStruct": {"date": updated, "type": "ESTIMATED"}},
            "descriptionModule": {"briefSummary": "Cells that we made up."},
            "conditionsModule": {"conditions": ["Pancreatic Cancer"]},
            "designModule": {"phases": ["PHASE1", "PHASE2"]},
            "eligibilityModule": {"eligibilityCriteria": rules, "minimumAge": "18 Years", "sex": "ALL"},
            "contactsLocationsModule": {
                "locations": [{"facility": "A hospital", "city": "Akureyri", "country": "Iceland", "geoPoint": {"lat": 65.7, "lon": -18.1}}]
            },
        },
        "hasResults": False,
    }
