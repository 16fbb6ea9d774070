"""A real browser on a live site. The system's Chromium; nothing is fetched from elsewhere."""

from __future__ import annotations

import hashlib
import io
import os
import shutil
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from typing import Any

import pytest
from django.core.handlers.wsgi import WSGIHandler
from django.core.management import call_command
from django.test import Client
from PIL import Image, ImageDraw
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

from records.actions import readers
from records.actions.readers import read_pages as really_read
from records.actions.reading import perform_waiting
from records.models import Patient
from tests import demo_records
from tests.factories import make_patient, make_read_document
from tests.portal.conftest import content, read_file, record
from tests.records.paper import reader

__all__ = ["content", "read_file", "reader", "record"]
# Playwright keeps an event loop in this thread; the tests use the database beside it on purpose.
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
# Without a window where the machine has that: the pages are the same, and the tests need half the time.
CHROMIUM = os.environ.get("CHROMIUM") or shutil.which("chromium-headless-shell") or "/usr/bin/chromium"
ARGUMENTS = [
    "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync",
    # else this browser keeps other sites from this machine by itself, and what ours does against them is never seen
    "--disable-features=LocalNetworkAccessChecks",
]  # fmt: skip
PHONE, DESKTOP = {"width": 390, "height": 844}, {"width": 1280, "height": 900}


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if "tests/browser" in str(item.path):
            item.add_marker(pytest.mark.browser)


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        yield browser
        browser.close()


@pytest.fixture
def picture(monkeypatch: pytest.MonkeyPatch) -> None:
    """Pages of test files look like pages."""
    kept = io.BytesIO()
    page = Image.new("RGB", (900, 1200), "white")
    draw = ImageDraw.Draw(page)
    for n, word in enumerate(("KRAS=positive", "found")):
        draw.text((8 + 90 * n, 122), word, fill="black", font_size=11)
    for n in range(14):
        draw.rectangle((40, 190 + 50 * n, 860 - 37 * (n % 4), 200 + 50 * n), fill="#d8dde0")
    page.save(kept, "WEBP")
    monkeypatch.setattr("tests.records.paper.PICTURE", kept.getvalue())


class Site:
    """The live site as one person sees it. heard: errors and warnings of the console; asked: every URL that was requested."""

    def __init__(self, browser: Browser, url: str, viewport: dict[str, int], *, script: bool = True) -> None:
        self.url = url
        self.heard: list[str] = []
        self.asked: list[str] = []
        self.context: BrowserContext = browser.new_context(viewport=viewport, java_script_enabled=script)  # type: ignore[arg-type]
        self.page: Page = self.context.new_page()
        self.page.on("console", lambda said: self.heard.append(said.text) if said.type in ("error", "warning") else None)
        self.page.on("request", lambda request: self.asked.append(request.url))

    def sign_in(self, user: Any) -> Site:
        client = Client()
        client.force_login(user)
        cookie = client.cookies["sessionid"].value
        self.context.add_cookies([{"name": "sessionid", "value": cookie, "url": self.url}])
        return self

    def open(self, path: str, heading: str = "") -> Page:
        """The page, after making sure that it is the one meant."""
        self.page.goto(self.url + path)
        if heading:
            assert heading in self.page.locator("h1").inner_text(), self.page.url
        return self.page


class Turns:
    """A lock that knows how many requests wait for it or hold it."""

    def __init__(self) -> None:
        self._lock, self._counting, self._asked = threading.Lock(), threading.Lock(), 0

    def __enter__(self) -> None:
        self._lock.acquire()

    def __exit__(self, *_: object) -> None:
        self._lock.release()

    def count(self, by: int) -> None:
        with self._counting:
            self._asked += by

    def wait_for_the_last(self, seconds: float = 10) -> None:
        """What a page that was closed had asked for is still being answered: nothing is cleared away under it."""
        until = time.monotonic() + seconds
        while self._asked and time.monotonic() < until:
            time.sleep(0.02)


@pytest.fixture
def in_turn(monkeypatch: pytest.MonkeyPatch) -> Turns:
    """Requests one after another, and the lock for work beside them: all threads of a test share one in-memory connection."""
    turns, answer = Turns(), WSGIHandler.__call__

    def one_at_a_time(self: Any, environ: Any, start_response: Any) -> Any:
        turns.count(1)
        try:
            with turns:
                return answer(self, environ, start_response)
        finally:
            turns.count(-1)

    monkeypatch.setattr(WSGIHandler, "__call__", one_at_a_time)
    return turns


@pytest.fixture
def read_all(in_turn: Turns) -> Callable[[], None]:
    """What the workers would do meanwhile."""

    def read() -> None:
        with in_turn:
            perform_waiting()

    return read


@pytest.fixture
def visit_live(chromium: Browser, live_server: Any, in_turn: Turns) -> Iterator[Callable[..., Site]]:
    """visit_live(viewport, script=…) gives a Site; all of them are closed in the end. Content, readers and pictures are the real ones."""
    sites: list[Site] = []

    def make(viewport: dict[str, int] = PHONE, *, script: bool = True) -> Site:
        sites.append(Site(chromium, live_server.url, viewport, script=script))
        return sites[-1]

    yield make
    for site in sites:
        site.context.close()
    in_turn.wait_for_the_last()


@pytest.fixture
def visit(visit_live: Callable[..., Site], content: None, picture: None) -> Callable[..., Site]:
    """The same on the small site of the stand-ins."""
    return visit_live


@pytest.fixture
def seeded(db: None) -> None:
    """The content and the trials that the project brings."""
    call_command("load_content", verbosity=0)


@pytest.fixture(scope="session")
def drawn() -> dict[str, bytes]:
    """A born-digital PDF, a scan, a phone photo and a table of laboratory results."""
    return demo_records.draw()


@pytest.fixture(scope="session")
def remembering() -> Callable[..., list[Any]]:
    """The real reader of pages, which reads the same pages of the same file once for all tests."""
    read: dict[tuple[tuple[bytes, int], ...], list[Any]] = {}

    def digest_of(stream: Any) -> bytes:
        stream.seek(0)
        return hashlib.sha256(b"".join(iter(lambda: stream.read(100_000), b""))).digest()

    def read_pages(wanted: Sequence[readers.Wanted], seconds: float) -> list[Any]:
        pages = tuple((digest_of(one.stream), one.number) for one in wanted)
        if pages not in read:
            read[pages] = list(really_read(wanted, seconds))
        return read[pages]

    return read_pages


@pytest.fixture
def rosa(
    alice: Any, seeded: None, drawn: dict[str, bytes], remembering: Callable[..., list[Any]], monkeypatch: pytest.MonkeyPatch
) -> Patient:
    """alice, with the drawn records read."""
    patient = make_patient(alice)
    with monkeypatch.context() as meanwhile:
        meanwhile.setattr(readers, "read_pages", remembering)
        for name, file in drawn.items():
            make_read_document(patient, file, name=name)
    return patient
