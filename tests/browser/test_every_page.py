"""What holds on every page: accessible, no sideways scrolling, large targets, no other host, light."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any
from urllib.parse import urlsplit

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from records.models import Document
from tests.browser.conftest import DESKTOP, PHONE, Site
from tests.factories import ask_for_review, make_document
from tests.portal.stand_ins import SLUG
from tests.records.paper import paper

pytestmark = pytest.mark.django_db(transaction=True)
RULES = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"], "resultTypes": ["violations"],
         "preload": False, "elementRef": False, "ancestry": False, "selectors": False, "xpath": False}  # fmt: skip
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


_BREAKS = "options => axe.run(document, options).then(found => found.violations.map(one => [one.id, one.nodes[0].html.slice(0, 200)]))"
_CLOSED = "document.querySelectorAll('main details:not([open])').length"
OPEN = "document.querySelectorAll('details').forEach(one => one.open = true)"


def breaks(page: Page) -> list[tuple[str, str]]:
    """The rules of axe that the page breaks now, each with the first place. The script goes into a page once."""
    if not page.evaluate("!!window.axe"):
        page.evaluate(Axe().axe_script)
    return [tuple(one) for one in page.evaluate(_BREAKS, RULES)]


def check(site: Site) -> None:
    """One state of a page at one width."""
    assert not breaks(site.page), site.page.url
    assert site.page.evaluate(_WIDER) <= 0, site.page.url
    assert site.page.evaluate(_SMALL) == [], site.page.url
    check_console(site)


def check_console(site: Site) -> None:
    """Nothing was refused, and nobody else was asked."""
    refused = [one for one in site.heard if "Content Security Policy" in one or ("rror" in one and "404" not in one and "400" not in one)]
    assert not refused, site.page.url
    assert {urlsplit(one).netloc for one in site.asked if not one.startswith("data:")} == {urlsplit(site.url).netloc}


def check_widths(site: Site) -> None:
    """A page as it comes and, where something on it can be opened, with everything open: each on the phone and on the desktop."""
    for viewport in (PHONE, DESKTOP):
        _sized(site.page, **viewport)
        check(site)
    if site.page.evaluate(_CLOSED):
        site.page.evaluate(OPEN)
        for viewport in (DESKTOP, PHONE):
            _sized(site.page, **viewport)
            check(site)
    _sized(site.page, **PHONE)


def _sized(page: Page, width: int, height: int = 800) -> None:
    page.set_viewport_size({"width": width, "height": height})


def test_public_pages(visit: Callable[..., Site]) -> None:
    site = visit(PHONE)
    for path, heading in PUBLIC:
        site.open(path, heading)
        check_widths(site)


def test_own_pages(visit: Callable[..., Site], alice: Any, read_file: Document) -> None:
    site = visit(PHONE).sign_in(alice)
    finding = read_file.findings.all()[0]
    more = [(f"/proof/{finding.pk}/", "Marker"), (f"/facts/{finding.pk}/", "What is right"), (f"/records/{read_file.pk}/", "alice-report.pdf"),
            (f"/records/{read_file.pk}/delete/", "Delete this file")]  # fmt: skip
    for path, heading in (*OWN, *more):
        site.open(path, heading)
        check_widths(site)


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
    expect(page).to_have_title(re.compile("^Error: "))
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


def narrow_and_large(page: Page) -> None:
    """Nothing scrolls sideways at 320 px, nor with letters of twice the size."""
    _sized(page, 320)
    assert page.evaluate(_WIDER) <= 0, page.url
    assert page.evaluate(_CHIPS_TOO_WIDE) == 0, page.url
    _sized(page, 640)
    page.evaluate("document.documentElement.style.fontSize = '200%'")
    assert page.evaluate(_WIDER) <= 0, f"{page.url} at 200 %"
    page.evaluate("document.documentElement.style.fontSize = ''")
    _sized(page, **PHONE)


def test_narrow_screens_and_large_text(visit: Callable[..., Site], alice: Any, read_file: Document) -> None:
    site = visit(PHONE).sign_in(alice)
    for path, heading in (*PUBLIC[:4], *OWN[:10]):
        narrow_and_large(site.open(path, heading if path != "/start/" else ""))


_WEIGHT = """async () => {
  const asked = performance.getEntriesByType('resource').map(one => one.name).filter(one => !one.startsWith('data:'));
  const packed = async url => {
    const body = await (await fetch(url)).blob();
    return url.endsWith('.woff2') ? body.size : (await new Response(body.stream().pipeThrough(new CompressionStream('gzip'))).blob()).size;
  };
  const sizes = await Promise.all([location.href, ...new Set(asked)].map(packed));
  return sizes.reduce((sum, one) => sum + one, 0);
}"""


def weight(site: Site, path: str) -> int:
    """Bytes on the wire of a page with everything it brings along, as for a first visit: compressed, the font as it is."""
    site.open(path)
    site.page.wait_for_load_state("networkidle")
    return int(site.page.evaluate(_WEIGHT))


def test_pages_are_light(visit: Callable[..., Site], alice: Any, read_file: Document) -> None:
    """The pages with the real content are weighed in test_my_pages."""
    site = visit(PHONE).sign_in(alice)
    for path in ("/upload/", "/records/"):
        assert weight(site, path) <= LARGEST_PAGE, path
