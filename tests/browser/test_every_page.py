"""What holds on every page: accessible, no sideways scrolling, large targets, no other host, light."""

from __future__ import annotations

import gzip
from collections.abc import Callable
from typing import Any
from urllib.parse import urlsplit

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

from records.models import Document
from tests.browser.conftest import DESKTOP, PHONE, Site
from tests.factories import ask_for_review, make_document
from tests.portal.stand_ins import SLUG
from tests.records.paper import paper

pytestmark = pytest.mark.django_db(transaction=True)
RULES = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}
LARGEST_PAGE = 100_000
PUBLIC = [("/", "What could CAR-T"), ("/?q=zebra", "What could CAR-T"), (f"/a/{SLUG}/", "How does CAR-T"), ("/words/", "Words explained"),
          ("/guidelines/", "Guidelines"), ("/services/", "People who can help"), ("/changes/", "What changed"), ("/help/", "Help"),
          ("/privacy/", "Privacy"), ("/start/", "Before you send"), ("/accounts/login/", "Sign in"), ("/accounts/signup/", "Create an account"),
          ("/accounts/password/reset/", "Forgot your password"), ("/nothing/", "We could not find")]  # fmt: skip
OWN = [("/records/", "My records"), ("/upload/", "Send your records"), ("/facts/", "Check the facts"), ("/facts/add/biomarker/", "A gene or marker"),
       (f"/my/{SLUG}/", "What your records say"), (f"/my/{SLUG}/?view=changes", "What changed"), (f"/my/{SLUG}/print/", "For my doctor"),
       ("/my/trials/", "Trials to ask about"), ("/my/trials/NCT00000001/", "KRAS G12D"),
       ("/my/trials/compare/?trial=NCT00000001&trial=NCT00000002", "Two trials side by side"), ("/privacy/mine/", "My privacy"),
       ("/account/", "Your account"), ("/accounts/2fa/", "Sign in safely"), ("/accounts/2fa/webauthn/", "Passkeys"),
       ("/accounts/email/", "Your e-mail"), ("/accounts/password/change/", "Change your password"), ("/accounts/sessions/", "Where you are"),
       ("/accounts/logout/", "Sign out"), ("/accounts/reauthenticate/", "Is it you"), ("/start/", "Before you send")]  # fmt: skip

# however long the name of a file is, and names have no spaces to break at
_CHIPS_TOO_WIDE = """() => [...document.querySelectorAll('.chip')].filter(chip => {
  chip.lastElementChild.textContent = 'Molecular_Report_Of_Everything_They_Looked_At_2023.pdf, page 1'
  return chip.scrollWidth > chip.clientWidth
}).length"""
_WIDER = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
_SMALL = """() => [...document.querySelectorAll('.button, .chip[href], summary, .top nav a, .mine-bar a, .views a, input:not([type=hidden]), select')]
  .filter(one => one.checkVisibility() && !one.closest('[popover]'))
  .map(one => [one.textContent.trim().slice(0, 40) || one.name || one.id, one.type, one.getBoundingClientRect()])
  .filter(([name, type, box]) => type !== 'checkbox' && type !== 'radio' && (box.height < 43.5 || box.width < 43.5))
  .map(([name, type, box]) => `${name} ${Math.round(box.width)}x${Math.round(box.height)}`)"""


def check(site: Site) -> None:
    found = Axe().run(site.page, options=RULES).response["violations"]
    assert not [(one["id"], one["nodes"][0]["html"][:200]) for one in found], site.page.url
    assert site.page.evaluate(_WIDER) <= 0, site.page.url
    assert site.page.evaluate(_SMALL) == [], site.page.url
    refused = [one for one in site.heard if "Content Security Policy" in one or ("rror" in one and "404" not in one and "400" not in one)]
    assert not refused, site.page.url
    assert {urlsplit(one).netloc for one in site.asked if not one.startswith("data:")} == {urlsplit(site.url).netloc}


def _sized(page: Page, width: int, height: int = 800) -> None:
    page.set_viewport_size({"width": width, "height": height})


@pytest.mark.parametrize("viewport", [PHONE, DESKTOP], ids=["phone", "desktop"])
def test_public_pages(visit: Callable[..., Site], viewport: dict[str, int]) -> None:
    site = visit(viewport)
    for path, heading in PUBLIC:
        site.open(path, heading)
        check(site)


@pytest.mark.parametrize("viewport", [PHONE, DESKTOP], ids=["phone", "desktop"])
def test_own_pages(visit: Callable[..., Site], viewport: dict[str, int], alice: Any, read_file: Document) -> None:
    site = visit(viewport).sign_in(alice)
    finding = read_file.findings.all()[0]
    more = [(f"/proof/{finding.pk}/", "Marker"), (f"/facts/{finding.pk}/", "What is right"), (f"/records/{read_file.pk}/", "alice-report.pdf"),
            (f"/records/{read_file.pk}/delete/", "Delete this file")]  # fmt: skip
    for path, heading in (*OWN, *more):
        site.open(path, heading)
        check(site)
        site.page.evaluate("document.querySelectorAll('details').forEach(one => one.open = true)")
        check(site)


@pytest.mark.parametrize("viewport", [PHONE, DESKTOP], ids=["phone", "desktop"])
def test_states_of_files(
    visit: Callable[..., Site], viewport: dict[str, int], alice: Any, record: Any, read_file: Document, read_all: Callable[[], None]
) -> None:
    """Waiting, locked, another person's, refused in the upload, a form with an error."""
    make_document(record, paper("x", title="LOCKED"), name="locked.pdf")
    other = make_document(record, paper("y"), name="other.pdf")
    read_all()
    Document.objects.filter(pk=other.pk).update(status="failed", failure_code="other_person")
    make_document(record, paper("a", "b"), name="waiting.pdf")
    site = visit(viewport).sign_in(alice)
    page = site.open("/records/", "My records")
    assert page.locator(".file-row").count() == 4
    check(site)
    page.locator("button:has-text('Open the file')").click()
    assert page.title().startswith("Error: ")
    check(site)
    page = site.open("/upload/", "Send your records")
    page.set_input_files("#files", [{"name": "empty.pdf", "mimeType": "application/pdf", "buffer": b""}])
    page.locator("button:has-text('Send my records')").click()
    page.wait_for_selector(".error-summary")
    assert page.evaluate("document.activeElement.classList.contains('error-summary')")
    check(site)


@pytest.mark.parametrize("viewport", [PHONE, DESKTOP], ids=["phone", "desktop"])
def test_pages_of_the_team(visit: Callable[..., Site], viewport: dict[str, int], carol: Any, record: Any, read_file: Document) -> None:
    request = ask_for_review(record)
    site = visit(viewport).sign_in(carol)
    page = site.open("/review/", "Review queue")
    check(site)
    page.locator("button:has-text('Start')").click()
    page.wait_for_selector("[data-current]")
    check(site)
    page.keyboard.press("?")
    page.wait_for_selector("dialog[open]")
    check(site)
    page.keyboard.press("Escape")
    page.keyboard.press("e")
    page.wait_for_url(f"**/review/{request.pk}/*/")
    check(site)


def test_narrow_screens_and_large_text(visit: Callable[..., Site], alice: Any, read_file: Document) -> None:
    site = visit(PHONE).sign_in(alice)
    for path, heading in (*PUBLIC[:4], *OWN[:10]):
        page = site.open(path, heading if path != "/start/" else "")
        _sized(page, 320)
        assert page.evaluate(_WIDER) <= 0, path
        assert page.evaluate(_CHIPS_TOO_WIDE) == 0, path
        _sized(page, 640)
        page.evaluate("document.documentElement.style.fontSize = '200%'")
        assert page.evaluate(_WIDER) <= 0, f"{path} at 200 %"


def test_pages_are_light(visit: Callable[..., Site], alice: Any, read_file: Document) -> None:
    site = visit(PHONE).sign_in(alice)
    for path in (f"/a/{SLUG}/", f"/my/{SLUG}/", "/records/"):
        sizes: dict[str, int] = {}
        site.page.on("response", lambda response, sizes=sizes: sizes.__setitem__(response.url, _packed(response)))
        site.open(path)
        site.page.wait_for_load_state("networkidle")
        assert sum(sizes.values()) <= LARGEST_PAGE, sizes


def _packed(response: Any) -> int:
    body = response.body()
    return len(body) if response.url.endswith(".woff2") else len(gzip.compress(body))
