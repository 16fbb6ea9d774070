"""People on their way: with a phone, without JavaScript, with keys only."""

from __future__ import annotations

import re
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, Route, expect

from records.keys import key_for
from records.models import Arrival, Document, Review
from records.storage import read_file
from tests.browser.conftest import DESKTOP, PHONE, Site
from tests.factories import ask_for_review, make_document, make_read_document
from tests.portal.stand_ins import SLUG
from tests.records.paper import paper

pytestmark = pytest.mark.django_db(transaction=True)
FILE = {"name": "report.pdf", "mimeType": "application/pdf", "buffer": paper("KRAS=positive found")}


@pytest.mark.parametrize("script", [True, False], ids=["with script", "without script"])
def test_from_the_first_page_to_my_answer(
    visit: Callable[..., Site], bob: Any, reader: Any, script: bool, read_all: Callable[[], None]
) -> None:
    """Six actions besides typing: see, tick, agree, choose, send, see."""
    page = visit(PHONE, script=script).sign_in(bob).open("/", "What could CAR-T")
    page.locator("a:has-text('See what this means for you')").first.click()  # 1
    page.locator("label:has-text('you may read the records')").click()  # 2
    page.locator("button:has-text('Agree and go on')").click()  # 3
    page.set_input_files("#files", [FILE])  # type: ignore[list-item]  # 4
    page.locator("button:has-text('Send my records')").click()  # 5
    expect(page.locator("h1")).to_have_text("My records")
    expect(page.locator(".file-row")).to_contain_text("report.pdf")
    read_all()
    page.reload()
    page.locator("a:has-text('See what this means for you')").click()  # 6
    expect(page.locator("h1")).to_have_text("What your records say about CAR-T")
    expect(page.locator("#s-t-1")).to_contain_text("Why you see this")


def test_with_keys_only(visit: Callable[..., Site], alice: Any, read_file: Document) -> None:
    """The skip link comes first, the focus can be seen, and no place holds it."""
    page = visit(DESKTOP).sign_in(alice).open(f"/my/{SLUG}/", "What your records say")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "skip"
    seen = []
    for _ in range(120):
        page.keyboard.press("Tab")
        seen.append(page.evaluate("document.activeElement.outerHTML.slice(0, 80)"))
    assert len(set(seen)) > 25
    assert any("proof" in one for one in seen)


def test_a_word_is_explained_in_place(visit: Callable[..., Site]) -> None:
    page = visit(PHONE).open(f"/a/{SLUG}/", "How does CAR-T")
    word = page.locator("#word-t-cell")
    expect(word).to_be_hidden()
    page.locator(".term").first.click()
    expect(word).to_be_visible()
    expect(word).to_contain_text("A blood cell that protects you")
    page.keyboard.press("Escape")
    expect(word).to_be_hidden()


def test_a_source_is_one_press_away(visit: Callable[..., Site]) -> None:
    page = visit(PHONE).open(f"/a/{SLUG}/", "How does CAR-T")
    page.locator(".cite").first.click()
    expect(page.locator("#source-1")).to_be_in_viewport()


def test_progress_shows_without_a_press(visit: Callable[..., Site], alice: Any, record: Any, read_all: Callable[[], None]) -> None:
    make_document(record, paper("KRAS=positive", "b"), name="slow.pdf")
    page = visit(PHONE).sign_in(alice).open("/records/", "My records")
    expect(page.locator(".file-row")).to_contain_text("waiting to be read")
    read_all()
    expect(page.locator(".file-row .badge")).to_have_text("Ready", timeout=15_000)
    expect(page.locator("#next")).to_contain_text("See what this means for you")
    expect(page.locator("#summary")).to_have_text("1 file is ready.")
    asked = _count_polls(page)
    assert asked == 0, "polling goes on after the last file was read"


def _count_polls(page: Page) -> int:
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url) if "progress" in request.url else None)
    page.wait_for_timeout(3000)
    return len(asked)


def test_typing_a_password_is_not_disturbed_by_progress(
    visit: Callable[..., Site], alice: Any, record: Any, read_all: Callable[[], None]
) -> None:
    make_document(record, paper("x", title="LOCKED"), name="locked.pdf")
    read_all()
    make_document(record, paper("y"), name="waiting.pdf")
    page = visit(PHONE).sign_in(alice).open("/records/", "My records")
    page.locator("input[type=password]").fill("open ses")
    page.wait_for_timeout(2600)
    assert page.locator("input[type=password]").input_value() == "open ses"


def test_files_chosen_twice_are_both_sent_and_one_can_be_taken_back(visit: Callable[..., Site], alice: Any, record: Any) -> None:
    page = visit(PHONE).sign_in(alice).open("/upload/", "Send your records")
    for name in ("a.pdf", "b.pdf", "c.pdf"):
        page.set_input_files("#files", [{"name": name, "mimeType": "application/pdf", "buffer": paper(name)}])
    expect(page.locator(".chosen li")).to_have_count(3)
    page.locator("button[aria-label='Remove b.pdf']").click()
    page.locator("button:has-text('Send my records')").click()
    expect(page.locator("h1")).to_have_text("My records")
    assert sorted(one.name for one in Document.objects.filter(patient=record)) == ["a.pdf", "c.pdf"]


def test_eight_right_facts_take_ten_keys(visit: Callable[..., Site], carol: Any, record: Any) -> None:
    words = " ".join(f"GENE{n}=positive" for n in range(8))
    make_read_document(record, paper(words), name="eight.pdf")
    ask_for_review(record)
    page = visit(DESKTOP).sign_in(carol).open("/review/", "Review queue")
    page.locator("button:has-text('Start')").click()
    expect(page.locator("[data-current]")).to_be_focused()
    for n in range(8):
        page.keyboard.press("a")
        expect(page.locator(".bench-head p").first).to_have_text(f"{n + 1} of 8 checked")
    page.keyboard.press("s")
    expect(page.locator("h1")).to_have_text("Review queue")
    assert Review.objects.filter(decision="confirmed", by_role="coordinator").count() == 8


def test_keys_of_the_bench_can_be_switched_off(visit: Callable[..., Site], carol: Any, record: Any, read_file: Document) -> None:
    ask_for_review(record)
    page = visit(DESKTOP).sign_in(carol).open("/review/", "Review queue")
    page.locator("button:has-text('Start')").click()
    expect(page.locator("[data-current]")).to_be_focused()
    page.keyboard.press("b")
    expect(page.locator("[data-boxes]")).to_have_class(re.compile(r"\bhide-boxes\b"))
    page.locator("[data-shortcuts]").click()
    page.keyboard.press("a")
    time.sleep(0.5)
    assert not Review.objects.exists()
    page.locator("button:has-text('Accept')").click()
    expect(page.locator(".bench-head p").first).to_have_text("1 of 2 checked")


def test_the_bench_works_without_script(visit: Callable[..., Site], carol: Any, record: Any, read_file: Document) -> None:
    ask_for_review(record)
    page = visit(DESKTOP, script=False).sign_in(carol).open("/review/", "Review queue")
    page.locator("button:has-text('Start')").click()
    page.locator("button:has-text('Accept')").click()
    page.locator("button:has-text('Reject')").click()
    expect(page.locator(".next-step")).to_contain_text("All facts are checked")


def test_a_line_that_breaks_twice_and_a_page_that_is_loaded_again(
    visit: Callable[..., Site], alice: Any, record: Any, tmp_path: Path
) -> None:
    """The file arrives whole, and no more of it is sent again than the piece that was on its way."""
    content = paper("KRAS=positive", title="x" * 3_300_000)
    file = tmp_path / "large.pdf"
    file.write_bytes(content)
    site = visit(PHONE).sign_in(alice)
    page = site.open("/upload/", "Send your records")
    sent: list[int] = []

    def pass_on(route: Route) -> None:
        sent.append(len(route.request.post_data_buffer or b""))
        if len(sent) in (2, 5):
            route.abort("connectionreset")
        else:
            route.continue_()

    page.route("**/upload/arriving/*/?at=*", pass_on)
    page.set_input_files("#files", file)
    page.locator("button:has-text('Send my records')").click()
    expect(page.locator("[data-status]")).to_contain_text("The line is down")
    _wait_for(page, lambda: len(sent) >= 4)
    page.reload()
    before = Arrival.objects.get().kept
    assert 0 < before < len(content)
    page.set_input_files("#files", file)
    page.locator("button:has-text('Send my records')").click()
    expect(page.locator("h1")).to_have_text("My records", timeout=30_000)
    document = Document.objects.get()
    assert read_file(key_for(record.pk, "files"), document.file) == content
    assert sum(sent) < len(content) + 5 * 512 * 1024


def _wait_for(page: Page, is_so: Callable[[], bool]) -> None:
    end = time.monotonic() + 20
    while not is_so():
        assert time.monotonic() < end
        page.wait_for_timeout(20)


def test_one_refused_file_is_named_and_the_others_are_kept(visit: Callable[..., Site], alice: Any, record: Any) -> None:
    page = visit(PHONE).sign_in(alice).open("/upload/", "Send your records")
    good = {"name": "good.pdf", "mimeType": "application/pdf", "buffer": paper("KRAS=positive")}
    bad = {"name": "song.mp3", "mimeType": "audio/mpeg", "buffer": b"ID3 a song"}
    page.set_input_files("#files", [good, bad])  # type: ignore[list-item]
    page.locator("button:has-text('Send my records')").click()
    expect(page.locator("[data-refusals] li")).to_have_count(1)
    expect(page.locator("[data-refusals]")).to_contain_text("song.mp3")
    expect(page.locator("[data-refusals]")).to_contain_text("We cannot read this kind of file.")
    expect(page.locator("[data-status]")).to_contain_text("The other files were kept.")
    assert [one.name for one in Document.objects.all()] == ["good.pdf"]


def test_a_file_chosen_before_the_script_came_is_listed(visit: Callable[..., Site], alice: Any, record: Any) -> None:
    """On a slow line the words of the page are there first."""
    page = visit(PHONE).sign_in(alice).open("/records/", "My records")
    held: list[Route] = []
    page.route("**/upload*.js", lambda route: held.append(route))
    page.goto(page.url.replace("/records/", "/upload/"), wait_until="commit")
    page.set_input_files("#files", [FILE])  # type: ignore[list-item]
    expect(page.locator("[data-chosen] li")).to_have_count(0)
    _wait_for(page, lambda: bool(held))
    held[0].continue_()
    expect(page.locator("[data-chosen] li")).to_have_count(1)
