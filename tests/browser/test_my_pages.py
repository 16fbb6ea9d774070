"""A person's own pages with the content that the project brings, in a real browser: two admins change a passage and whom it is for, her
answer changes and says so; and what holds on every page holds on these too."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.core.management import call_command
from django.test import Client

from portal.models import Edition, Passage, PersonalizedAnswer, User
from records import actions
from tests.browser.conftest import DESKTOP, PHONE, Site
from tests.browser.test_every_page import LARGEST_PAGE, OPEN, breaks, check, check_console, check_widths, narrow_and_large, weight
from tests.factories import make_patient

pytestmark = pytest.mark.django_db(transaction=True)
MINE = "/my/pancreatic/"
HEADING = "What your records say"
OLD, NEW = "Your tumor has KRAS G12D.", "Your tumor has a KRAS change that some trials aim at. Ask your team."
RESULTS = (("KRAS", "p.G12R"), ("CLDN18.2", "80%"), ("SMAD4", ""), ("ARID1A", ""), ("CDKN2A", ""), ("KMT2D", ""))
PUBLIC = ("/", "/a/pancreatic/", "/a/gastric/", "/words/", "/guidelines/", "/services/", "/changes/")


def test_two_admins_change_a_passage_and_her_answer_says_so(visit_live: Callable[..., Site], alice: Any) -> None:
    call_command("load_content", verbosity=0)
    _tell(alice)
    site = visit_live(PHONE).sign_in(alice)
    assert OLD not in site.open(MINE, HEADING).locator("main").inner_text()

    _ada_edits(visit_live(DESKTOP, script=False).sign_in(_admin("ada")))
    assert OLD not in site.open(MINE, HEADING).locator("main").inner_text() and not site.page.locator("details.news").count()
    _ben_publishes(visit_live(PHONE).sign_in(_admin("ben")))

    page = site.open(MINE, HEADING)
    assert NEW in page.locator(".sentence-changed", has_text=NEW).first.inner_text()
    news = page.locator("details.news")
    news.locator("summary").click()
    assert "Our pages changed." in news.inner_text() and NEW in news.inner_text()
    _check_her_pages(site)
    _check_real_pages_are_light(site)


def _admin(name: str) -> Any:
    return User.objects.create_superuser(email=f"{name}@example.org", password="correct horse battery")


def _tell(alice: Any) -> None:
    patient = make_patient(alice)
    actions.state_fact(by=alice, patient=patient, kind="diagnosis", value={"name": "Pancreatic ductal adenocarcinoma", "code": "PAAD"})
    for name, detail in RESULTS:
        actions.state_fact(by=alice, patient=patient, kind="biomarker", value={"name": name, "status": "positive", "detail": detail})


def _ada_edits(site: Site) -> None:
    """Without a script: other words, for one change more, tried on made-up people, kept for review."""
    passage = Passage.objects.get(text__startswith=OLD)
    page = site.open("/admin/portal/passage/?q=KRAS+G12D", "Select passage")
    page.locator(f"a[href*='/passage/{passage.pk}/']").first.click()
    page.wait_for_selector("text=Shown when KRAS has G12D.")
    page.fill("#id_text", NEW)
    page.fill("#id_condition-0-value", "G12D, G12R")
    page.select_option("#id_condition-1-what", "age")
    page.click("button[name=_try]")
    page.wait_for_selector("text=Row 2: this fact goes with: above, at least, at most, below.")
    page.select_option("#id_condition-1-what", "")
    page.click("button[name=_try]")
    page.wait_for_selector("text=Shown when KRAS has G12D or G12R.")
    tried = page.locator(".condition-tried")
    assert [_cell(tried, one) for one in ("Pancreatic cancer, spread", "Nothing known")] == ["shown", "not known, so not shown"]
    page.fill("#id_edition_note", "The part about KRAS is for G12R too.")
    page.click("input[name=_save]")
    page.wait_for_selector("text=You wrote this change. Somebody else must publish it.")
    assert page.locator("input[name=_send_back]").count() and not page.locator("input[name=_publish]").count()


def _cell(table: Any, person: str) -> str:
    return str(table.locator("tr", has_text=person).locator("td").first.inner_text())


def _ben_publishes(site: Site) -> None:
    """From the queue, after a look at the form and at what the change does to three people."""
    page = site.open("/admin/portal/passage/?q=KRAS+G12D", "Select passage")
    _check_admin(site)
    page.locator("#result_list a", has_text="tm-34-1").first.click()
    page.wait_for_selector(".condition-tried")
    _check_admin(site)
    page.select_option("#id_condition-0-what", "any")
    page.click("button[name=_try]")
    page.wait_for_selector(".condition-row .errornote")
    _check_admin(site)
    page = site.open("/admin/portal/edition/?state__exact=waiting", "Select edition")
    _check_admin(site)
    page.locator("#result_list tbody a").first.click()
    page.wait_for_selector("input[name=_publish]")
    shown = page.locator(".field-on_made_up_people div:has(> h3)")
    people = {one.locator("h3").inner_text(): one.inner_text() for one in shown.all()}
    for person, is_changed in (("KRAS G12D and claudin 18.2", True), ("inherited BRCA2", False), ("Neuroendocrine tumor", False)):
        theirs = next(text for name, text in people.items() if person in name)
        assert (NEW in theirs, "Stays the same." in theirs) == (is_changed, not is_changed), person
    assert "Shown when KRAS has G12D or G12R." in page.locator(".field-difference").inner_text()
    _check_admin(site)
    page.click("input[name=_publish]")
    page.wait_for_selector("text=It is on the pages now.")
    _check_admin(site)
    assert Edition.objects.get().state == "published"


def _check_admin(site: Site) -> None:
    assert not breaks(site.page), site.page.url
    check_console(site)


def _check_her_pages(site: Site) -> None:
    client = Client()
    client.cookies["sessionid"] = site.context.cookies()[0]["value"]
    client.get(MINE)
    earlier = PersonalizedAnswer.objects.order_by("made_at").first()
    assert earlier
    for path, heading, shown, is_opened in (
        ("/facts/", "Check the facts", "details.boxed", True),
        (MINE, HEADING, "details.news", True),
        (f"{MINE}?made={earlier.pk}", HEADING, ".alert-warn", False),  # what can be opened on it is what the answer of today has
        (f"{MINE}?view=past", "Your earlier answers", "ol.plain-list a", True),
        ("/facts/add/situation/", "Where I live", "select", True),
    ):
        page = site.open(path, heading)
        assert page.locator(shown).count(), path
        if is_opened:
            page.evaluate(OPEN)
        check(site)
        narrow_and_large(page)


def _check_real_pages_are_light(site: Site) -> None:
    for path in (*PUBLIC, MINE, "/facts/", f"{MINE}?view=changes"):
        assert weight(site, path) <= LARGEST_PAGE, path
        narrow_and_large(site.page)
    check_widths(site)
