"""Pictures of the pages, for people to look at: into the folder CARTGUIDE_SCREENS, or a scratch folder."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import expect

from portal.content.publishing import write_edition
from portal.models import Criterion, Passage, Translation, User
from records.models import Finding, Patient
from tests.browser.conftest import DESKTOP, PHONE, Site
from tests.documents import digital_pdf
from tests.factories import ask_for_review, make_document

pytestmark = pytest.mark.django_db(transaction=True)
SLUG = "pancreatic"
PAGES = {
    "home": "/",
    "answer": f"/a/{SLUG}/",
    "start": "/start/",
    "upload": "/upload/",
    "records": "/records/",
    "facts": "/facts/",
    "my-answer": f"/my/{SLUG}/",
    "what-changed": f"/my/{SLUG}/?view=changes",
    "trials": "/my/trials/",
    "trial": "/my/trials/NCT04404595/",
    "privacy": "/privacy/mine/",
    "for-my-doctor": f"/my/{SLUG}/print/",
    "earlier-answers": f"/my/{SLUG}/?view=past",
    "tell-a-fact": "/facts/add/biomarker/",
    "words": "/words/",
    "guidelines": "/guidelines/",
    "services": "/services/",
    "changes": "/changes/",
    "help": "/help/",
    "privacy-promise": "/privacy/",
    "account": "/account/",
}
# Taken small.
MORE = {"sign-in": "/accounts/login/", "sign-up": "/accounts/signup/"}
MORE_OF_A_PATIENT = {
    "sharing": "/privacy/mine/sharing/",
    "safe-sign-in": "/accounts/2fa/",
    "delete-everything": "/privacy/mine/delete/",
}
IN_SPANISH = {"answer-es": f"/a/{SLUG}/", "my-answer-es": f"/my/{SLUG}/", "facts-es": "/facts/"}
OF_SUPPORT = {
    "support": "/support/",
    "support-log": "/support/log/",
    "support-access": "/support/access/",
    "support-open": "/support/record/",
}
WIDTHS = [("phone", PHONE), ("desktop", DESKTOP)]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = Path(os.environ.get("CARTGUIDE_SCREENS") or tmp_path)
    made.mkdir(parents=True, exist_ok=True)
    return made


def _keep(site: Site, path: Path, quality: int = 82) -> None:
    site.page.screenshot(path=path, type="jpeg", quality=quality)
    assert path.stat().st_size > 8_000, path.name


def _keep_both(site: Site, folder: Path, page: str, at: str = "") -> None:
    """The page on a phone and on a desktop, small: at names what to scroll to."""
    for name, viewport in WIDTHS:
        site.page.set_viewport_size(viewport)  # type: ignore[arg-type]
        if at:
            site.page.locator(at).evaluate("one => one.scrollIntoView()")
        _keep(site, folder / f"{page}-{name}.jpg", quality=60)


@pytest.mark.parametrize(("name", "viewport"), WIDTHS)
def test_pages_of_a_patient(
    visit_live: Callable[..., Site],
    folder: Path,
    alice: Any,
    rosa: Patient,
    read_all: Callable[[], None],
    name: str,
    viewport: dict[str, int],
) -> None:
    make_document(rosa, digital_pdf([["Discharge letter"]], password="rosemary"), name="hospital-export.pdf")
    read_all()
    make_document(rosa, digital_pdf([["CT of the abdomen"], ["Findings"]]), name="ct-report.pdf")
    site = visit_live(viewport).sign_in(alice)
    finding = next(one for one in Finding.objects.filter(kind="biomarker", is_current=True) if one.value["name"] == "KRAS")
    for page, path in (PAGES | {"proof": f"/proof/{finding.pk}/"}).items():
        site.open(path)
        _keep(site, folder / f"{page}-{name}.jpg")


def test_more_pages(visit_live: Callable[..., Site], folder: Path, alice: Any, rosa: Patient) -> None:
    for page, path in MORE.items():
        site = visit_live(DESKTOP)
        site.open(path)
        _keep_both(site, folder, page)
    site.sign_in(alice)
    for page, path in MORE_OF_A_PATIENT.items():
        site.open(path)
        if "reauthenticate" in site.page.url:
            site.page.fill("input[name=password]", "correct horse battery")
            site.page.keyboard.press("Enter")
            site.page.wait_for_url(f"**{path}")
        _keep_both(site, folder, page)
    links = site.open("/my/trials/").locator(".trial h3 a").evaluate_all("all => all.map(one => one.href.split('/').at(-2))")
    site.open(f"/my/trials/compare/?trial={links[0]}&trial={links[1]}", "Two trials side by side")
    _keep_both(site, folder, "two-trials")
    site.open("/language/es/")
    for page, path in IN_SPANISH.items():
        site.open(path)
        _keep_both(site, folder, page)


def test_pages_of_coordinators(visit_live: Callable[..., Site], folder: Path, carol: Any, rosa: Patient) -> None:
    carol.is_team_lead = True
    carol.save()
    ask_for_review(rosa)
    site = visit_live(DESKTOP).sign_in(carol)
    site.open("/review/", "Review queue")
    _keep_both(site, folder, "review")
    site.page.locator("button:has-text('Start')").click()
    site.page.wait_for_selector("[data-current]")
    _keep_both(site, folder, "bench")
    site.page.locator("[data-current] button:has-text('Accept')").click()
    expect(site.page.locator("main")).to_contain_text("1 of ")
    site.open("/review/scores/", "How the machine fares")
    _keep_both(site, folder, "scores")


def test_pages_of_administrators(visit_live: Callable[..., Site], folder: Path, seeded: None) -> None:
    ada, ben = (User.objects.create_superuser(email=f"{one}@example.org", password="correct horse battery") for one in ("ada", "ben"))
    passage = Passage.objects.get(text__startswith="Your tumor has KRAS G12D.")
    passage.text = "Your tumor has KRAS G12D. Ask your team if T cells that look for it may be something for you."
    edition = write_edition(by=ada, row=passage, note="Shorter.")
    assert edition is not None
    rule = Criterion.objects.filter(trial="NCT04404595").exclude(rule=None)[0]
    spanish = Translation.objects.get(name="REQ-01")
    pages = {
        "admin": ("/admin/", ""),
        "admin-passages": ("/admin/portal/passage/?q=KRAS", ""),
        "admin-condition": (f"/admin/portal/passage/{passage.pk}/change/", "#condition-editor"),
        "admin-change": (f"/admin/portal/edition/{edition.pk}/change/", ""),
        "admin-facts-due": ("/admin/portal/fact/?due=yes", ""),
        "admin-spanish": (f"/admin/portal/translation/{spanish.pk}/change/", ""),
        "admin-trial": ("/admin/portal/trial/NCT04404595/change/", ""),
        "admin-trial-rule": (f"/admin/portal/criterion/{rule.pk}/change/", "#rule-editor"),
    }
    site = visit_live(DESKTOP).sign_in(ben)
    for page, path in OF_SUPPORT.items():
        site.open(path)
        _keep_both(site, folder, page)
    for page, (path, at) in pages.items():
        site.open(path)
        _keep_both(site, folder, page, at)
