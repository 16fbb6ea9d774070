"""Pages of administrators who help, of who leads the coordinators, and what the patient sees of it: all states hold what every page holds."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import expect

from portal.models import User
from records import actions
from records.models import Document, Work
from tests.browser.conftest import DESKTOP, PHONE, Site
from tests.browser.test_every_page import check
from tests.factories import ask_for_review

pytestmark = pytest.mark.django_db(transaction=True)
PASSWORD = "correct horse battery"


@pytest.mark.parametrize("viewport", [PHONE, DESKTOP], ids=["phone", "desktop"])
def test_a_record_is_opened_to_help(
    visit: Callable[..., Site], viewport: dict[str, int], alice: Any, record: Any, read_file: Document
) -> None:
    Work.objects.filter(document=read_file, step="extract").update(
        state="failed", failure_code="quarantined", finished_at=read_file.finished_at
    )
    actions.give_consent(by=alice, patient=record, purpose="alerts", version="1")
    ask_for_review(record)
    root = User.objects.create_superuser("root@example.org", PASSWORD)
    site = visit(viewport).sign_in(root)
    page = site.open("/support/", "Files being read")
    expect(page.locator("button:has-text('Read again')")).to_be_visible()
    check(site)
    page.locator("a:has-text('Search the log')").click()
    page.locator("#id_id").fill("nonsense")
    page.locator("button:has-text('Search')").click()
    page.wait_for_selector(".error-summary")
    check(site)
    page.locator("#id_id").fill(str(record.pk))
    page.locator("button:has-text('Search')").click()
    expect(page.locator("table")).to_contain_text("document.received")
    check(site)
    page.locator("a:has-text('Who has access')").click()
    page.locator("td a:has-text('End')").click()
    page.locator("button:has-text('End it now')").click()
    page.wait_for_selector(".error-summary")
    check(site)
    page.locator("#id_reason").fill("The check is no longer needed.")
    page.locator("button:has-text('End it now')").click()
    expect(page.locator("main")).to_contain_text("None.")
    check(site)
    page.locator("a:has-text('Open a record')").click()
    page.locator("input[type=password]").fill(PASSWORD)
    page.keyboard.press("Enter")
    expect(page.locator("h1")).to_have_text("Open a record")
    page.locator("button:has-text('Open the record')").click()
    page.wait_for_selector(".error-summary")
    check(site)
    page.locator("#id_record").fill(str(record.pk))
    page.locator("#id_reason").fill("The patient says that a file is shown twice.")
    page.locator("button:has-text('Open the record')").click()
    expect(page.locator("h1")).to_have_text("A record, opened to help")
    expect(page.locator("main")).to_contain_text("alice-report.pdf")
    check(site)
    hers = visit(viewport).sign_in(alice)
    mine = hers.open("/privacy/mine/", "My privacy")
    expect(mine.locator("main")).to_contain_text("a file is shown twice")
    check(hers)
    mine.locator(".panel", has_text="Our support").locator("button:has-text('End it now')").click()
    expect(mine.locator(".alert")).to_contain_text("It is taken away")
    page.reload()
    expect(page.locator("h1")).to_contain_text("We could not find")


@pytest.mark.parametrize("viewport", [PHONE, DESKTOP], ids=["phone", "desktop"])
def test_scores_and_the_refusals_of_the_bench(
    visit: Callable[..., Site], viewport: dict[str, int], carol: Any, record: Any, read_file: Document
) -> None:
    request = ask_for_review(record)
    actions.claim_review(by=carol, request=request)
    actions.review_finding(by=carol, finding=read_file.findings.all()[0], decision="confirmed")
    User.objects.filter(pk=carol.pk).update(is_team_lead=True)
    site = visit(viewport).sign_in(carol)
    page = site.open("/review/scores/", "How the machine fares")
    expect(page.locator("table")).to_contain_text("100%")
    check(site)
    page = site.open(f"/review/{request.pk}/?refused=yes&beside={read_file.pk}:2", "Record")
    expect(page.locator("#open-title")).to_be_visible()
    check(site)
    page = site.open(f"/review/{request.pk}/add/{read_file.pk}/1/", "Add a fact")
    page.locator("#id_quote").fill("not on this page")
    page.locator("button:has-text('Go on')").click()
    page.wait_for_selector(".error-summary")
    expect(page).to_have_title(re.compile("^Error: "))
    check(site)


def test_a_passkey_is_the_second_step_and_signs_in_alone(visit: Callable[..., Site], settings: Any, alice: Any, record: Any) -> None:
    """The browser's own device makes the key: the scripts run under our policy, and spare codes come with it."""
    settings.MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = True  # the test's server has no certificate
    site = visit(PHONE)
    device = site.context.new_cdp_session(site.page)
    device.send("WebAuthn.enable")
    kind = {"protocol": "ctap2", "transport": "internal", "hasResidentKey": True, "hasUserVerification": True, "isUserVerified": True}
    device.send("WebAuthn.addVirtualAuthenticator", {"options": {**kind, "automaticPresenceSimulation": True}})
    site.sign_in(alice)
    page = site.open("/account/", "Your account")
    page.locator("a[href='/accounts/2fa/']").click()
    page.locator("a:has-text('Add a key')").click()
    page.locator("input[type=password]").fill(PASSWORD)
    page.keyboard.press("Enter")
    page.locator("#id_name").fill("My phone")
    page.get_by_label("Sign in with this key alone").check()
    check(site)
    page.locator("#mfa_webauthn_add").click()
    expect(page.locator("h1")).to_have_text("Spare codes")
    page.context.clear_cookies()
    page.goto(f"{site.url}/accounts/login/?next=/account/")
    page.locator("#id_login").fill(alice.email)
    page.locator("#id_password").fill(PASSWORD)
    page.keyboard.press("Enter")
    page.locator("#mfa_webauthn_authenticate").click()
    expect(page.locator("h1")).to_have_text("Your account")
    page.context.clear_cookies()
    page.goto(f"{site.url}/accounts/login/?next=/account/")
    check(site)
    page.locator("#passkey_login").click()
    expect(page.locator("h1")).to_have_text("Your account")


def test_before_a_session_ends_unused_the_person_is_asked(visit: Callable[..., Site], alice: Any, record: Any) -> None:
    site = visit(PHONE).sign_in(alice)
    site.page.clock.install()
    page = site.open("/facts/add/biomarker/", "A gene or marker")
    page.locator("#id_name").fill("KRAS")
    page.clock.fast_forward("27:59")
    expect(page.locator("[data-idle]")).to_be_hidden()
    page.clock.fast_forward("00:02")
    expect(page.locator("[data-idle]")).to_be_visible()
    check(site)
    with page.expect_request("**/account/") as asked:
        page.locator("button:has-text('Stay signed in')").click()
    assert asked.value.method == "HEAD"
    expect(page.locator("[data-idle]")).to_be_hidden()
    expect(page.locator("#id_name")).to_have_value("KRAS")
