"""Two engines on the values of a poor page: what both read is surer, what they read differently goes to a person with both readings."""

from __future__ import annotations

import numpy as np
import pytest

from records.assembly.legibility import WEAK
from records.models import Page
from records.reading import scan, second, wire
from records.reading.layout import Token
from records.reading.ocr import Gray
from records.reading.page import Box, PageText, Source, make_page
from records.reading.together import finished
from tests.documents import fax_image, scan_image

PRINTED = ["Stage T2 N1a M0 at the first visit", "CA 19-9 1,065 U/mL on 03/14/2026", "KRAS p.G12D 31.5% of reads"]


def words(line: str, confidence: float = 0.8) -> list[Token]:
    step = 1 / (len(line) + 1)
    starts = [sum(len(one) + 1 for one in line.split()[:number]) for number in range(len(line.split()))]
    return [
        Token(one, Box(start * step, 0.4, (start + len(one)) * step, 0.6), confidence)
        for one, start in zip(line.split(), starts, strict=True)
    ]


@pytest.mark.parametrize(
    ("mine", "other", "doubted"),
    [
        ("T2 N1a M0", "T2 N1a M0", {}),
        ("T2 N1a M0", "T2N1aM0", {}),
        ("p.G12D 31.5%", "p.G12V 31.5%", {"p.G12D": "p.G12V"}),
        ("c.35G>A", "C.35G>A", {}),
        ("1,065 U/mL", "1.065 U/mL", {"1,065": "1.065"}),
        ("22.7% 25.1%", "22.7%25.7%", {"25.1%": "25.7%"}),
        ("T2 N1", "T12 N1", {"T2": "T12"}),
        ("T2 N1", "T2 N1a", {"N1": "N1a"}),
        ("ratio\uff1a1:2", "ratio:1:2", {}),
        ("31.5%", "315%", {"31.5%": "315%"}),
        ("12 18", "12", {"18": ""}),
        ("5 8", "<5 8", {"5": "<5"}),
        ("5 8", "5 >8", {"5": "5>"}),
        ("(8 5.", "8 5", {}),
    ],
)
def test_a_value_is_surer_or_doubted(mine: str, other: str, doubted: dict[str, str]) -> None:
    made = second.compared(words(mine), other, agreed=0.99)
    assert [one.text for one in made] == mine.split(), "what was read stays what is shown"
    for one in made:
        if one.text in doubted:
            assert one.other == doubted[one.text] and (one.confidence or 0) < WEAK
        else:
            assert one.other == "" and one.confidence == (0.99 if any(letter.isdigit() for letter in one.text) else 0.8)


def test_only_values_are_asked_for_and_a_reading_that_is_not_sure_says_nothing() -> None:
    seen: list[tuple[int, ...]] = []

    def unsure(picture: Gray) -> tuple[str, float]:
        seen.append(picture.shape)
        return "T3", 0.3

    line = words("the tumour is T2 as was said")
    picture = np.full((200, 900), 255, np.uint8)
    assert second.reread([line], picture, unsure, agreed=0.99) == (tuple(line),)
    assert len(seen) == 1 and seen[0][1] < 200, "the value, not the line"
    assert second.reread([words("no value in here")], picture, lambda _: pytest.fail("asked"), agreed=0.99)


def test_a_page_of_noise_does_not_cost_more_than_a_page_of_values() -> None:
    asked: list[int] = []
    lines = [words("1 a 2 b 3 c 4 d 5 e 6 f 7 g 8 h 9")] * 20

    def counted(picture: Gray) -> tuple[str, float]:
        asked.append(1)
        return "", 1.0

    second.reread(lines, np.full((200, 4000), 255, np.uint8), counted, agreed=0.99)
    assert len(asked) == second.MOST_RUNS


def test_poor_pages_are_read_twice_where_there_is_an_engine_and_good_ones_never(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[int] = []

    def wrong(picture: Gray) -> tuple[str, float]:
        asked.append(1)
        return "77", 0.9

    monkeypatch.setattr(scan, "engine", lambda: wrong)
    fax = np.asarray(fax_image(PRINTED, skew=0.0).convert("L"), dtype=np.uint8)
    doubted = [one for line in finished(scan.read_picture(fax)).lines for one in line if one.other]
    assert doubted and all((one.confidence or 0) < WEAK for one in doubted)
    asked.clear()
    finished(scan.read_picture(np.asarray(scan_image(PRINTED).convert("L"), dtype=np.uint8)))
    assert not asked
    monkeypatch.setattr(scan, "engine", lambda: None)
    assert not any(one.other for line in finished(scan.read_picture(fax)).lines for one in line)


def test_both_readings_are_kept_with_the_page() -> None:
    box = Box(0.1, 0.1, 0.2, 0.2)
    page = make_page(number=1, width=1, height=1, lines=[[("KRAS", box, 0.9), ("p.G12D", box, 0.5, "p.G12V")]], source=Source.OCR)
    assert page.second_reading(0, len(page.text)) == "KRAS p.G12V"
    assert page.second_reading(0, 4) == ""
    assert wire.page_from_json(wire.page_to_json(page)) == page
    kept: PageText = Page(number=1, **Page.columns(page)).page_text
    assert kept.second_reading(0, len(page.text)) == "KRAS p.G12V" and kept.words == page.words


@pytest.mark.skipif(not second.is_installed(), reason="the second engine is an extra: see requirements-second.in")
def test_the_engine_itself_reads_values() -> None:
    read = second.engine()
    assert read is not None
    picture = np.asarray(scan_image(["p.G12D 31.5%"]).convert("L"), dtype=np.uint8)
    rows, columns = np.flatnonzero((picture < 128).any(axis=1)), np.flatnonzero((picture < 128).any(axis=0))
    text, sure = read(np.ascontiguousarray(picture[rows[0] - 6 : rows[-1] + 7, columns[0] - 6 : columns[-1] + 7]))
    assert "".join(text.split()) == "p.G12D31.5%" and sure > second.SURE
