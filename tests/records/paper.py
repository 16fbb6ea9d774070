"""A kind of file that only the tests know, with readers that do as its words say: PAPER, then pages parted by form feeds.

A page that says CRASH breaks its reader with an error of no known kind, UNREADABLE refuses,
FAINT has words too poor to trust, and a page of no words is blank. A fact is
written `KRAS=positive`. A paper that says BILL is no medical record. Words after `#` name the file, so that two files with the same words are different files.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from types import ModuleType
from typing import Any, ClassVar

import pytest

from records.actions import findings, readers
from records.exceptions import ReadingError
from records.extraction.finding import Assertion, Evidence, Finding, Kind
from records.reading.page import Box, PageText, Source, make_page

MEDIA_TYPE = "text/x-paper"
PICTURE = b"RIFFpictureWEBP"


def paper(*pages: str, title: str = "") -> bytes:
    return f"PAPER#{title}\f".encode() + "\f".join(pages).encode()


class Reader:
    """Counts how often each page was asked for."""

    def __init__(self) -> None:
        self.opened = 0
        self.asked: list[int] = []
        self.given: list[float] = []  # seconds for each of them
        self.before_page: Any = None

    def sniff(self, head: bytes, name: str = "") -> str | None:
        return MEDIA_TYPE if head.startswith(b"PAPER") else None

    def open_document(self, stream: Any, media_type: str, name: str, password: str | None) -> readers.Opened:
        self.opened += 1
        title, *pages = stream.read().decode().split("\f")
        if "LOCKED" in title and password is None:
            raise ReadingError("locked")
        if "LOCKED" in title and password != "open sesame":
            raise ReadingError("wrong_password")
        if "CRASH" in title:
            raise RuntimeError("the words of a patient")
        if "ARCHIVE" in title:
            members = (readers.Member(f"{n}.paper", paper(page, title=str(n)), MEDIA_TYPE) for n, page in enumerate(pages))
            return readers.Opened(0, tuple(members))
        return readers.Opened(len(pages))

    def read_pages(self, wanted: Sequence[readers.Wanted], seconds: float) -> Iterator[readers.ReadPage | ReadingError]:
        for one in wanted:
            one.stream.seek(0)
            try:
                read: readers.ReadPage | ReadingError = self.read_page(one.stream, one.number, seconds)
            except ReadingError as error:
                if error.code == "timed_out":
                    raise  # the reader was stopped: nothing more comes from it
                read = error
            yield read

    def read_page(self, stream: Any, number: int, seconds: float) -> readers.ReadPage:
        self.asked.append(number)
        self.given.append(seconds)
        text = stream.read().decode().split("\f")[number]
        if self.before_page:
            self.before_page(number)
        if "CRASH" in text:
            raise RuntimeError("the words of a patient")
        if "HANGS" in text:
            raise ReadingError("timed_out")
        if "UNREADABLE" in text:
            raise ReadingError("unreadable")
        code = "unreadable" if "FAINT" in text else None if text.strip() else "blank"
        return readers.ReadPage(_page(number, text), PICTURE, code)


def _page(number: int, text: str) -> PageText:
    lines = [
        [(word, Box(0.1 * (n % 9), 0.1 + 0.03 * row, 0.1 * (n % 9) + 0.09, 0.12 + 0.03 * row), 0.9) for n, word in enumerate(line.split())]
        for row, line in enumerate(text.splitlines() or [text])
    ]
    return make_page(number=number, width=600, height=800, lines=lines, source=Source.OCR)


class Facts:
    name: ClassVar[str] = "paper"
    version: ClassVar[int] = 1

    def extract(self, document: Any) -> Iterator[Finding]:
        for page in document.pages:
            for match in re.finditer(r"(\w+)=(\w+)", page.text):
                evidence = Evidence(page.number, match.start(), match.end(), match.group())
                value = {"name": match[1], "status": match[2]}
                yield Finding(Kind.BIOMARKER, value, (evidence,), Assertion.PRESENT, "2025-03", 0.95, "paper/1")


def replacements(one: Reader) -> dict[tuple[ModuleType, str], object]:
    """What stands for what, where files are paper: {(module, name): value}."""
    return {
        **{(readers, name): getattr(one, name) for name in ("sniff", "open_document", "read_pages")},
        (findings, "findings_of"): lambda report: list(Facts().extract(report.document)),
        (findings, "is_medical"): lambda document: "BILL" not in document.text,
    }


@pytest.fixture
def reader(monkeypatch: pytest.MonkeyPatch) -> Reader:
    """The readers replaced by one for paper files."""
    one = Reader()
    for (module, name), value in replacements(one).items():
        monkeypatch.setattr(module, name, value)
    return one
