"""The new states of a person's own pages in a real browser: folded facts, what is new, an earlier answer, the list of them; and the queue of editions."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.core.management import call_command
from django.test import Client

from portal.models import Passage, PersonalizedAnswer
from tests.browser.conftest import PHONE, Site
from tests.browser.test_every_page import check
from tests.factories import make_patient

pytestmark = pytest.mark.django_db(transaction=True)
MINE = "/my/pancreatic/"
RESULTS = ("KRAS", "CLDN18.2", "SMAD4", "ARID1A", "CDKN2A", "KMT2D")


def test_folded_facts_news_and_earlier_answers(visit_live: Callable[..., Site], alice: Any) -> None:
    call_command("load_content", verbosity=0)
    make_patient(alice)
    as_alice = Client()
    as_alice.force_login(alice)
    as_alice.post("/facts/add/diagnosis/", {"name": "Pancreatic ductal adenocarcinoma"})
    for name in RESULTS:
        as_alice.post("/facts/add/biomarker/", {"name": name, "status": "positive"})
    as_alice.get(MINE)
    passage = Passage.objects.get(text__startswith="Your tumor has claudin 18.2.")
    passage.text = "Your tumor has claudin 18.2. Ask your team."
    passage.save()
    site = visit_live(PHONE).sign_in(alice)
    as_alice.get(MINE)
    earlier = PersonalizedAnswer.objects.order_by("made_at").last()
    assert earlier
    for path, heading, shown in (
        ("/facts/", "Check the facts", "details.boxed"),
        (MINE, "What your records say", "details.news"),
        (f"{MINE}?made={earlier.pk}", "What your records say", ".alert-warn"),
        (f"{MINE}?view=past", "Your earlier answers", "ol.plain-list a"),
        ("/facts/add/situation/", "Where I live", "select"),
        ("/changes/", "What changed", "details"),
    ):
        page = site.open(path, heading)
        assert page.locator(shown).count(), path
        check(site)
        page.evaluate("document.querySelectorAll('details').forEach(one => one.open = true)")
        check(site)
        page.set_viewport_size({"width": 320, "height": 800})
        assert page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth") <= 0, path
        page.set_viewport_size(PHONE)  # type: ignore[arg-type]
