"""Letting somebody in, in a real browser: the pages hold what every page holds, and a doctor comes to the summary."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import expect

from records.models import Document
from tests.browser.conftest import DESKTOP, PHONE, Site
from tests.browser.test_every_page import check

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.mark.parametrize("viewport", [PHONE, DESKTOP], ids=["phone", "desktop"])
def test_pages_that_let_somebody_in(
    visit: Callable[..., Site], viewport: dict[str, int], alice: Any, record: Any, read_file: Document
) -> None:
    site = visit(viewport).sign_in(alice)
    page = site.open("/privacy/mine/sharing/", "Is it you")
    page.locator("input[type=password]").fill("correct horse battery")
    page.keyboard.press("Enter")
    expect(page.locator("h1")).to_have_text("Let someone in")
    page.locator("button:has-text('Send the invitation')").click()
    page.wait_for_selector(".error-summary")
    check(site)
    page.locator("button:has-text('Make a link')").click()
    page.wait_for_selector(".next-step")
    check(site)
    doctor = visit(viewport)
    code = page.locator("strong.code").inner_text()
    other = doctor.open(page.locator(".secret code").inner_text().removeprefix(site.url), "Type the code")
    check(doctor)
    other.locator("#id_code").fill(code)
    other.keyboard.press("Enter")
    expect(other.locator("h1")).to_have_text("Summary of a patient")
    check(doctor)
