"""The whole way at phone width, nothing standing in: drawn files, real reading, real content, real trials.

From signing up to one's own answer; then a coordinator corrects a fact and an admin edits a passage, a source and a trial, and the answer
follows each time.
"""

from __future__ import annotations

import io
import re
from collections.abc import Callable
from typing import Any

import pytest
from django.core import mail
from django.utils import timezone
from PIL import Image
from playwright.sync_api import Page, expect

from portal.models import Edition, Passage, Source, User
from records import actions
from records.actions.notices import send_due
from records.models import Finding, Notice, Patient
from tests.browser.conftest import DESKTOP, PHONE, Site
from tests.factories import ask_for_review

pytestmark = pytest.mark.django_db(transaction=True)
SLUG = "pancreatic"
WORDS = "correct horse battery 7"
# What each drawn file says, as the facts page must show it: label, value, file.
FACTS = (
    ("Type of cancer", "Pancreatic ductal adenocarcinoma", "pathology-report.pdf"),
    ("Stage", "stage IV, metastatic", "clinic-note-photo.jpg"),
    ("KRAS", "changed (G12D)", "molecular-report-scan.pdf"),
    ("ATM", "a change no one understands yet", "molecular-report-scan.pdf"),
    ("BRCA2", "not found in the test", "molecular-report-scan.pdf"),
    ("CLDN18.2", "positive (2+", "pathology-report.pdf"),
    ("MSLN", "not tested", "pathology-report.pdf"),
    ("Treatment", "FOLFIRINOX", "clinic-note-photo.jpg"),
    ("Treatment", "Gemcitabine + nab-paclitaxel", "clinic-note-photo.jpg"),
    ("ECOG", "1", "clinic-note-photo.jpg"),
    ("CA 19-9", "560 U/mL", "lab-results.pdf"),
)
# A tailored sentence, why it is there, and the file behind it.
TAILORED = (
    ("For your type of cancer, CAR-T is only given in trials.", "Pancreatic ductal adenocarcinoma", "pathology-report.pdf"),
    ("Your tumor has claudin 18.2.", "CLDN18.2: positive", "pathology-report.pdf"),
    ("Your tumor has KRAS G12D.", "KRAS: positive (p.G12D)", "molecular-report-scan.pdf"),
    ("A blood test does not show what is on the tumor.", "CA 19-9 560 U/mL", "lab-results.pdf"),
)


def test_from_signing_up_to_my_answer(
    visit_live: Callable[..., Site], seeded: None, drawn: dict[str, bytes], read_all: Callable[[], None]
) -> None:
    site = visit_live(PHONE)
    page = site.open(f"/a/{SLUG}/", "pancreatic cancer")
    expect(page.locator("main")).to_contain_text("The FDA has not approved any CAR-T for pancreatic cancer.")
    page.locator("a:has-text('See what this means for you')").first.click()
    _sign_up(page, site.url, "rosa@example.org")

    expect(page.locator("h1")).to_have_text("Before you send records")
    page.locator("label:has-text('you may read the records')").click()
    page.locator("button:has-text('Agree and go on')").click()
    files = [{"name": name, "mimeType": "application/octet-stream", "buffer": content} for name, content in drawn.items()]
    page.set_input_files("#files", files)  # type: ignore[arg-type]
    page.locator("button:has-text('Send my records')").click()
    expect(page.locator("h1")).to_have_text("My records")
    expect(page.locator(".file-row", has_text="waiting to be read")).to_have_count(4)
    read_all()
    expect(page.locator(".file-row .badge:has-text('Ready')")).to_have_count(4, timeout=30_000)

    _see_the_facts(site)
    _see_the_proof(site)
    _see_the_answer(site)
    _see_the_trials(site)
    assert not site.heard
    assert all(one.startswith((site.url, "data:")) for one in site.asked), "nothing is fetched from elsewhere"


def _sign_up(page: Page, url: str, email: str) -> None:
    page.locator("a:has-text('Create an account')").first.click()
    page.locator("input[name=email]").fill(email)
    for box in page.locator("input[type=password]").all():
        box.fill(WORDS)
    page.locator("button:has-text('Create my account')").click()
    expect(page.locator("h1")).to_contain_text("e-mail")
    (sent,) = mail.outbox
    link = re.search(r"https://[^/\s]+(\S+)", str(sent.body))
    assert link, "the mail says where to go"
    page.goto(url + link[1])
    page.locator("button:has-text('Yes, it is mine')").click()
    page.wait_for_load_state()


def _see_the_facts(site: Site) -> None:
    page = site.open("/facts/", "Check the facts")
    for label, value, file in FACTS:
        fact = page.locator(".fact", has=page.locator(".fact-label", has_text=label)).filter(has_text=value)
        expect(fact.first, f"{label}: {value}").to_contain_text(file)
    relative = page.locator(".fact", has_text="maternal aunt: BRCA2")
    expect(relative).to_contain_text("About a relative, not about you.")


def _see_the_proof(site: Site) -> None:
    """The words of the scan, marked where the picture shows them: there is ink under the mark, and paper above it."""
    page = site.open("/facts/", "Check the facts")
    page.locator(".fact", has_text="KRAS").locator("a.chip").first.click()
    expect(page.locator("h1")).to_contain_text("KRAS")
    expect(page.locator("blockquote mark")).to_contain_text("KRAS p.G12D, pathogenic")
    mark = page.locator("svg.crop rect.hit").first
    expect(mark).to_be_visible()
    page.wait_for_load_state("networkidle")
    page.evaluate("document.querySelectorAll('rect.hit').forEach((one) => { one.style.fill = one.style.stroke = 'none' })")
    box = mark.bounding_box()
    assert box, "the mark is drawn"
    shot = Image.open(io.BytesIO(page.screenshot(clip=box))).convert("L")  # type: ignore[arg-type]
    assert sum(shot.histogram()[:110]) > 0.03 * shot.width * shot.height, "the marked words are under the mark"


def _see_the_answer(site: Site) -> None:
    page = site.open(f"/my/{SLUG}/", "What your records say about CAR-T")
    for sentence, why, file in TAILORED:
        told = page.locator(".sentence", has_text=sentence).first
        expect(told).to_contain_text("Why you see this")
        expect(told.locator(".why")).to_contain_text(why)
        expect(told.locator("a.chip", has_text=file).first).to_be_attached()
        expect(told.locator("a.cite").first).to_be_attached()
    expect(page.locator("main")).not_to_contain_text("PARP", use_inner_text=True)
    expect(page.locator("#questions")).to_contain_text("I have KRAS G12D.")
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"], "nothing to scroll sideways"


def _see_the_trials(site: Site) -> None:
    page = site.open("/my/trials/", "Trials to ask about")
    fits = page.locator(".trial", has_text="claudin 18.2 CAR-T cells").first
    expect(fits).to_contain_text("CLDN18.2: positive")
    expect(fits.locator(".fit-list")).not_to_have_count(0)
    unknown = page.locator(".trial", has_text="G12D").filter(has_text="What we do not know yet").first
    expect(unknown).to_contain_text("?")
    unknown.locator("a:has-text('See each rule')").click()
    expect(page.locator(".rule")).not_to_have_count(0)
    expect(page.locator("a:has-text('at ClinicalTrials.gov')")).to_be_visible()
    expect(page.locator(".rule a.chip").first).to_be_visible()


def test_a_coordinator_corrects_a_fact_and_the_answer_follows(
    visit_live: Callable[..., Site], alice: Any, carol: Any, rosa: Patient, in_turn: Any
) -> None:
    ask_for_review(rosa)
    actions.give_consent(by=alice, patient=rosa, purpose="alerts", version="1")
    phone = visit_live(PHONE).sign_in(alice)
    expect(phone.open(f"/my/{SLUG}/", "What your records say").locator("details.news")).to_have_count(0)
    kras = next(one for one in Finding.objects.filter(kind="biomarker", is_current=True) if one.value["name"] == "KRAS")
    page = visit_live(DESKTOP).sign_in(carol).open("/review/", "Review queue")
    page.locator("button:has-text('Start')").click()
    page.locator(f"#item-{kras.pk} a").first.click()
    expect(page.locator("[data-current]")).to_contain_text("KRAS")
    page.keyboard.press("e")
    expect(page.locator("h1")).to_have_text("Correct a fact")
    page.locator("input[name=detail]").fill("G12C")
    page.locator("button:has-text('Save and go on')").click()
    expect(page.locator(".bench-head p").first).to_contain_text("1 of")

    answer = phone.open(f"/my/{SLUG}/", "What your records say")
    expect(answer.locator(".sentence", has_text="Your tumor has KRAS G12C.").first).to_be_visible()
    expect(answer.locator(".sentence", has_text="Your tumor has KRAS G12D.")).to_have_count(0)
    answer.locator("details.news summary").click()
    expect(answer.locator("details.news")).to_contain_text("KRAS G12C")
    with in_turn:
        Notice.objects.update(due_at=timezone.now())
        send_due()
    assert [(one.to, "Your page has changed." in str(one.body)) for one in mail.outbox] == [([alice.email], True)]


def test_an_admin_edits_a_passage_a_source_and_a_trial_and_the_answer_follows(
    visit_live: Callable[..., Site], alice: Any, rosa: Patient, in_turn: Any
) -> None:
    admin = visit_live(DESKTOP).sign_in(User.objects.create_superuser(email="ada@example.org", password=WORDS))
    reader = visit_live(PHONE).sign_in(alice)
    passage = Passage.objects.get(text__startswith="Your tumor has KRAS G12D.")
    source = Source.objects.filter(facts__passages=passage).first()
    assert source
    page = admin.open(f"/admin/portal/passage/{passage.pk}/change/")
    page.locator("#id_text").fill("Your tumor has KRAS G12D. Ask the team which cells can aim at it.")
    _save(page)
    second = visit_live(DESKTOP).sign_in(User.objects.create_superuser(email="ben@example.org", password=WORDS))
    page = second.open(f"/admin/portal/edition/{Edition.objects.get().pk}/change/")
    page.locator("input[name=_publish]").click()
    expect(page.locator(".messagelist .success")).to_be_visible()
    page = admin.open(f"/admin/portal/source/{source.pk}/change/")
    page.locator("#id_title").fill("The title as an admin wrote it")
    _save(page)
    page = admin.open("/admin/portal/trial/")
    page.locator("#result_list a", has_text="NCT04404595").click()
    page.locator("#id_title").fill("A trial as an admin named it")
    _save(page)

    answer = reader.open(f"/my/{SLUG}/", "What your records say")
    expect(answer.locator("main")).to_contain_text("Ask the team which cells can aim at it.")
    expect(answer.locator("#sources")).to_contain_text("The title as an admin wrote it")
    expect(reader.open("/my/trials/", "Trials to ask about").locator("main")).to_contain_text("A trial as an admin named it")


def _save(page: Page) -> None:
    page.locator("input[name=_save]").click()
    expect(page.locator(".messagelist .success")).to_be_visible()
