"""A coordinator at work with nothing but the keyboard, and what the patient sees of it."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from records import actions
from records.models import Document, ReviewRequest
from tests.browser.conftest import DESKTOP, PHONE, Site
from tests.browser.test_every_page import check
from tests.factories import ask_for_review, make_patient, make_read_document
from tests.records.paper import paper

pytestmark = pytest.mark.django_db(transaction=True)


def _tab_to(page: Page, words: str) -> None:
    """Forward with the Tab key until the button or link that has the focus says these words."""
    for _ in range(60):
        page.keyboard.press("Tab")
        if words in page.evaluate("(document.activeElement.closest('button, a') || {textContent: ''}).textContent"):
            return
    raise AssertionError(f"Tab never came to {words}")


class Keys:
    """Every key that is pressed, counted."""

    def __init__(self, page: Page) -> None:
        self.page, self.pressed = page, 0

    def press(self, key: str) -> None:
        self.pressed += 1
        self.page.keyboard.press(key)


def test_eight_right_facts_and_the_next_record_without_a_mouse(visit: Callable[..., Site], carol: Any, record: Any, bob: Any) -> None:
    make_read_document(record, paper(" ".join(f"GENE{n}=positive" for n in range(8))), name="eight.pdf")
    first = ask_for_review(record)
    his = make_patient(bob)
    make_read_document(his, paper("TP53=positive"))
    second = ask_for_review(his)
    page = visit(DESKTOP).sign_in(carol).open("/review/?sort=waiting", "Review queue")
    _tab_to(page, "Start")
    page.keyboard.press("Enter")
    expect(page.locator("[data-current]")).to_be_focused()
    assert str(first.pk) in page.url
    keys = Keys(page)
    for n in range(8):
        keys.press("a")
        expect(page.locator(".bench-head p").first).to_have_text(f"{n + 1} of 8 checked")
    keys.press("s")
    expect(page.locator(".bench-head p").first).to_have_text("0 of 1 checked")
    assert str(second.pk) in page.url
    expect(page.locator("[data-current]")).to_be_focused()
    assert keys.pressed <= 10
    assert ReviewRequest.objects.get(pk=first.pk).closed_at is not None


def test_undo_stands_before_the_fact_again(visit: Callable[..., Site], carol: Any, record: Any, read_file: Document) -> None:
    ask_for_review(record)
    page = visit(DESKTOP).sign_in(carol).open("/review/", "Review queue")
    _tab_to(page, "Start")
    page.keyboard.press("Enter")
    expect(page.locator("[data-current]")).to_be_focused()
    was = page.locator("[data-current]").get_attribute("id")
    page.keyboard.press("x")
    expect(page.locator(".bench-head p").first).to_have_text("1 of 2 checked")
    page.keyboard.press("u")
    expect(page.locator(".bench-head p").first).to_have_text("0 of 2 checked")
    assert page.locator("[data-current]").get_attribute("id") == was
    page.keyboard.press("j")
    expect(page.locator("[data-current]")).not_to_have_id(was or "")


def test_a_question_goes_to_the_patient_and_comes_back(
    visit: Callable[..., Site], carol: Any, alice: Any, record: Any, read_file: Document
) -> None:
    request = ask_for_review(record)
    actions.claim_review(by=carol, request=request)
    team, hers = visit(DESKTOP).sign_in(carol), visit(PHONE).sign_in(alice)
    page = team.open(f"/review/{request.pk}/", "Record")
    page.locator("#ask").fill("Was this test done twice? Keys like a and x are letters here.")
    page.locator("button:has-text('Send the question')").click()
    expect(page.locator(".alert")).to_contain_text("The question is sent")
    expect(page.locator(".bench-head p").first).to_have_text("0 of 2 checked")
    check(team)
    phone = hers.open("/records/", "My records")
    phone.locator(".mine-bar a:has-text('Questions for you')").click()
    expect(phone.locator("h1")).to_have_text("Questions for you")
    check(hers)
    phone.locator("button:has-text('Send my answer')").click()
    phone.wait_for_selector(".error-summary")
    check(hers)
    phone.locator("textarea").fill("Yes, in May.")
    phone.locator("button:has-text('Send my answer')").click()
    expect(phone.locator(".alert")).to_contain_text("Your answer is sent")
    assert "Yes, in May." in team.open(f"/review/{request.pk}/", "Record").content()
    check(team)


def test_the_queue_is_filtered_by_its_links(visit: Callable[..., Site], carol: Any, record: Any, read_file: Document) -> None:
    ask_for_review(record)
    site = visit(DESKTOP).sign_in(carol)
    page = site.open("/review/", "Review queue")
    page.locator("a:has-text('With conflicts')").click()
    expect(page.locator("main")).to_contain_text("None of them is of this kind.")
    assert page.url.endswith("?show=conflicts")
    check(site)
    page.locator("a:has-text('Longest waiting')").click()
    expect(page).to_have_url(re.compile(r"\?show=conflicts&sort=waiting$"))


def test_a_missed_fact_is_marked_with_the_pointer_and_with_the_keys(visit: Callable[..., Site], carol: Any, record: Any) -> None:
    document = make_read_document(record, paper("KRAS=positive HLA type A-0201 seen\nand more words below"), name="alice-report.pdf")
    request = ask_for_review(record)
    actions.claim_review(by=carol, request=request)
    site = visit(DESKTOP).sign_in(carol)
    page = site.open(f"/review/{request.pk}/", "Record")
    page.keyboard.press("n")
    page.wait_for_url(f"**/add/{document.pk}/1/")
    check(site)
    area = page.locator("[data-marking] svg").bounding_box()
    assert area
    across, down = area["x"], area["y"]
    page.mouse.move(across + 0.095 * area["width"], down + 0.095 * area["height"])
    page.mouse.down()
    page.mouse.move(across + 0.4 * area["width"], down + 0.125 * area["height"], steps=3)
    page.mouse.up()
    expect(page.locator("#id_quote")).to_have_value("HLA type A-0201")
    page.locator("[data-marking]").focus()
    for key in ("ArrowRight", "ArrowRight", "ArrowDown", "ArrowUp", "Shift+ArrowRight", "Shift+ArrowRight"):
        page.keyboard.press(key)
    expect(page.locator("#id_quote")).to_have_value("HLA type A-0201")
    expect(page.locator("[data-marked]")).to_contain_text("HLA type A-0201")
    page.keyboard.press("Enter")
    expect(page.locator("#id_kind")).to_be_focused()
    page.keyboard.type("HLA")
    _tab_to(page, "Go on")
    page.keyboard.press("Enter")
    expect(page.locator("#id_allele")).to_be_visible()
    check(site)
    page.locator("#id_allele").fill("A*02:01")
    page.keyboard.press("Enter")
    expect(page.locator("[data-current]")).to_contain_text("A*02:01")
    check(site)


def test_both_sides_of_a_conflict_and_shortcuts_off(visit: Callable[..., Site], carol: Any, record: Any) -> None:
    for n, said in enumerate(("positive", "negative")):
        make_read_document(record, paper(f"KRAS={said} was seen", title=str(n)), name=f"report-{n}.pdf")
    request = ask_for_review(record)
    actions.claim_review(by=carol, request=request)
    site = visit(DESKTOP).sign_in(carol)
    page = site.open(f"/review/{request.pk}/", "Record")
    first = page.locator("[data-current]").get_attribute("id") or ""
    page.keyboard.press("v")
    expect(page.locator(".bench-picture")).to_have_count(2)
    check(site)
    page.keyboard.press("c")
    expect(page.locator("[data-current]")).not_to_have_id(first)
    page.locator("[data-shortcuts]").click()
    expect(page.locator("[data-shortcuts]")).to_have_text("Shortcuts off")
    page.keyboard.press("a")
    page.reload()
    expect(page.locator("[data-shortcuts]")).to_have_text("Shortcuts off")
    page.keyboard.press("a")
    page.locator("[data-shortcuts]").click()
    page.keyboard.press("s")
    expect(page.locator("#open-title")).to_have_text("You cannot sign off yet")
    expect(page.locator(".bench-head p").first).to_have_text("0 of 2 checked")
    check(site)
