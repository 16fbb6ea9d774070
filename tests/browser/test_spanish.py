"""From the first page to the answer about oneself, in Spanish, on a phone."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from records.models import Finding
from tests import catalogue
from tests.browser.conftest import PHONE, Site
from tests.browser.test_every_page import OPEN, breaks, narrow_and_large
from tests.portal import stand_ins
from tests.portal.stand_ins import SLUG
from tests.records.paper import paper

pytestmark = pytest.mark.django_db(transaction=True)
# Text as it is read or spoken, outside of what is said to be English.
_SAID = """() => {
  const said = [], walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walk.nextNode()) if (!walk.currentNode.parentElement.closest('[lang=en], script')) said.push(walk.currentNode.data);
  document.querySelectorAll('[aria-label], [alt], [data-busy]').forEach(one => said.push(one.ariaLabel, one.alt, one.dataset.busy));
  return said.filter(Boolean).map(one => one.trim());
}"""
MORE = ("/help/", "/privacy/", "/changes/", "/facts/", "/facts/add/treatment/", f"/my/{SLUG}/?view=changes", f"/my/{SLUG}/print/", "/my/trials/",
        "/my/trials/NCT00000001/", "/privacy/mine/", "/account/", "/accounts/2fa/", "/accounts/password/change/", "/accounts/email/")  # fmt: skip


@pytest.fixture(scope="module")
def english() -> set[str]:
    """Words of the interface that are others in Spanish, and are no words of the small site's cards."""
    found = [one for one in catalogue.spanish().values() if one.msgstr and one.msgid != one.msgstr]
    return {one.msgid for one in found if "%(" not in one.msgid} - {one.label for one in stand_ins.cards()}


def _check(page: Page, english: set[str], *, heading: str = "") -> None:
    if heading:
        expect(page.locator("h1")).to_contain_text(heading)
    assert page.evaluate("document.documentElement.lang") == "es", page.url
    page.evaluate(OPEN)
    left = english & {*page.evaluate(_SAID), page.title().removesuffix(" – CAR-T Guide")}
    assert not left, page.url


def _walk(site: Site, english: set[str], paths: Iterable[str]) -> None:
    for path in paths:
        page = site.open(path)
        _check(page, english)
        narrow_and_large(page)


def test_from_the_first_page_to_my_answer(
    visit: Callable[..., Site], alice: Any, reader: Any, read_all: Callable[[], None], english: set[str]
) -> None:
    site = visit(PHONE)
    page = site.open("/", "What could CAR-T")
    page.locator("a:has-text('Español')").click()
    _check(page, english, heading="¿Qué podría significar para usted")
    narrow_and_large(page)
    assert not breaks(page)
    site.sign_in(alice)
    page.locator("a:has-text('Ver qué significa para usted')").last.click()
    _check(page, english, heading="Antes de enviar documentos")
    page.locator("label:has-text('pueden leer los documentos')").click()
    page.locator("button:has-text('Aceptar y continuar')").click()
    _check(page, english, heading="Envíe sus documentos")
    page.set_input_files("#files", [{"name": "informe.pdf", "mimeType": "application/pdf", "buffer": paper("KRAS=positive")}])
    expect(page.locator("[data-chosen] button")).to_have_text("Quitar")
    page.locator("button:has-text('Enviar mis documentos')").click()
    expect(page.locator(".file-row")).to_contain_text("En espera")
    read_all()
    expect(page.locator(".file-row .badge")).to_have_text("Listo", timeout=30_000)
    _check(page, english, heading="Mis documentos")
    page.locator("main a:has-text('Ver qué significa para usted')").click()
    _check(page, english, heading="Lo que dicen sus documentos sobre CAR-T")
    narrow_and_large(page)
    assert not breaks(page)
    finding = Finding.objects.get()
    _walk(site, english, (*MORE, f"/proof/{finding.pk}/", f"/facts/{finding.pk}/", f"/records/{finding.document_id}/"))
    page = site.open("/my/trials/")
    assert page.locator(".trial h3").first.get_attribute("lang") == "en", "what nobody has translated says that it is English"
    page.locator("a:has-text('English')").click()
    expect(page.locator("h1")).to_have_text("Trials to ask about")
    assert not site.heard
