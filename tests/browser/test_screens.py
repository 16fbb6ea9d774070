"""Pictures of the pages, for people to look at: into the folder CARTGUIDE_SCREENS, or a scratch folder."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

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


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = Path(os.environ.get("CARTGUIDE_SCREENS") or tmp_path)
    made.mkdir(parents=True, exist_ok=True)
    return made


def _keep(site: Site, path: Path) -> None:
    site.page.screenshot(path=path, type="jpeg", quality=82)
    assert path.stat().st_size > 8_000, path.name


@pytest.mark.parametrize(("name", "viewport"), [("phone", PHONE), ("desktop", DESKTOP)])
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


def test_the_bench(visit_live: Callable[..., Site], folder: Path, carol: Any, rosa: Patient, in_turn: Any) -> None:
    ask_for_review(rosa)
    site = visit_live(DESKTOP).sign_in(carol)
    site.open("/review/").locator("button:has-text('Start')").click()
    site.page.wait_for_selector("[data-current]")
    _keep(site, folder / "bench-desktop.jpg")
