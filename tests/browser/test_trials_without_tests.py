"""A person whose tumor was never tested: trials are possible, none is hidden for it, and the tests to ask for come first."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.core.management import call_command
from django.test import Client
from django.utils import timezone

from portal.models import Trial
from portal.trials import current_trials
from portal.trials.ingest import ingested
from tests.browser.conftest import PHONE, Site
from tests.browser.test_every_page import check
from tests.factories import make_patient
from tests.portal.registry_server import study

pytestmark = pytest.mark.django_db(transaction=True)
ASKS_KRAS = "Inclusion Criteria:\n\n* Age 18 years or older\n* KRAS G12D mutation\n"


def test_no_trial_is_hidden_for_a_test_that_was_not_done(visit_live: Callable[..., Site], alice: Any) -> None:
    call_command("load_content", verbosity=0)
    ingested([study("NCT00000101", rules=ASKS_KRAS)], now=timezone.now())
    make_patient(alice)
    as_alice = Client()
    as_alice.force_login(alice)
    as_alice.post("/facts/add/diagnosis/", {"name": "Pancreatic ductal adenocarcinoma"})
    marked = [one.nct for one in current_trials() if any(two.rule and "biomarker" in str(two.rule) for two in one.criteria)]
    assert len(marked) > 5 and Trial.objects.count() > len(marked)

    site = visit_live(PHONE).sign_in(alice)
    page = site.open("/my/trials/", "Trials to ask about")
    assert "tumor been tested" in page.locator("#tests ~ ul").inner_text()
    shown = page.locator("main > article.trial")
    assert shown.count() > 5 and page.locator("#trial-NCT00000101").is_visible()
    assert "May fit" not in page.locator("article:has(#trial-NCT00000101)").inner_text()
    for nct in marked:
        hidden = page.locator(f"details article:has(#trial-{nct})")
        if hidden.count():
            page.evaluate("document.querySelectorAll('details').forEach(one => one.open = true)")
            assert "tested" not in hidden.locator(".fit-not_met").inner_text(), nct
    check(site)
    two = site.open(f"/my/trials/compare/?trial={marked[0]}&trial=NCT00000101", "Two trials side by side")
    assert two.locator("article").count() == 2
    check(site)
