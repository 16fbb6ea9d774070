"""Hostile words in everything that somebody else writes - content, trials, the registry's rules, files of several kinds, people's own words -
and every page that a patient comes to from there: they are words on it, and nothing more."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pytest
from django.apps import apps
from django.core.exceptions import ValidationError
from django.core.management import call_command
from django.db import models
from django.db.models import Value
from django.db.models.functions import Concat
from django.test import Client
from lxml import html

from portal.models.editable import Editable, Revision
from records.actions.reading import perform_waiting
from records.models import Document
from tests.factories import make_document, make_patient
from tests.records.reading.text_files import ccda, docx, fhir
from tests.records.reading.text_files import html as html_file

pytestmark = pytest.mark.django_db
HOSTILE = " \"'><img src=x onerror=alert(1)><script>alert(2)</script><svg onload=alert(3)></svg>{{ 7|add:7 }}"
CODES = {"code", "slug", "key", "id", "nct", "numbers", "names", "seed_digest", "region", "status"}
REPORT = ("SURGICAL PATHOLOGY REPORT", "Patient: Rosa" + HOSTILE, "Collected: 01/22/2026", "FINAL DIAGNOSIS",
          "Pancreatic ductal adenocarcinoma. " + HOSTILE, "KRAS p.G12D detected." + HOSTILE, "Claudin 18.2: positive, 3+ in 90% of tumor cells.",
          "She received gemcitabine from 02/03/2025 to 05/06/2025." + HOSTILE)  # fmt: skip
STARTS = ("/", "/records/", "/facts/", "/my/", "/my/trials/", "/words/", "/guidelines/", "/services/", "/changes/", "/privacy/mine/", "/account/",
          "/help/", "/facts/add/biomarker/", "/records/?q=" + "%22%3E%3Cscript%3Ealert(4)%3C/script%3E", "/?q=%3Csvg%20onload=alert(5)%3E")  # fmt: skip
ALIVE = (
    "//*[@onerror or @onload or @onmouseover]", "//img[@src='x']", "//script[not(@src)]", "//a[starts-with(@href, 'javascript:')]", "//svg[@onload]",
)  # fmt: skip


@pytest.fixture
def hostile_site(db: None) -> None:
    """The seed with hostile words in every column that an editor or the registry fills."""
    call_command("load_content", verbosity=0)
    for model in (one for one in apps.get_app_config("portal").get_models() if issubclass(one, Editable)):
        for field in model._meta.fields:
            if isinstance(field, models.URLField):
                with pytest.raises(ValidationError):
                    field.clean("javascript:alert(6)", None)
                model.objects.update(**{field.name: "https://evil.example/?q='onmouseover=alert(6)//\"><script>alert(7)</script>"})
            elif (
                isinstance(field, models.CharField | models.TextField)
                and not field.choices
                and field.name not in CODES
                and not field.primary_key
            ):
                model.objects.update(**{field.name: Concat(field.name, Value(HOSTILE))})
    Revision.objects.update(number=models.F("number") + 1)


def crawled(client: Client) -> Iterator[tuple[str, Any]]:
    """Pages reachable from the starts by links, each parsed."""
    waiting, seen = list(STARTS), set(STARTS)
    while waiting and len(seen) < 400:
        path = waiting.pop(0)
        answer = client.get(path, follow=True)
        assert answer.status_code in (200, 404), path
        if not answer.headers["Content-Type"].startswith("text/html") or answer.streaming:
            continue
        page = html.fromstring(answer.content.decode())
        yield path, page
        for link in page.xpath("//a/@href"):
            target = link.partition("#")[0]
            kind = re.sub(r"[0-9a-f-]{36}|NCT\d{8}|(?<=^/a/)[\w-]+|(?<=^/my/)(?!trials)[\w-]+|\?.*", "*", target)
            if target.startswith("/") and kind not in seen and not target.startswith(("/accounts/logout", "/static/")):
                seen.add(kind)
                waiting.append(target)


@pytest.mark.asvs("1.2.1", "1.2.2", "3.2.2")
def test_hostile_words_stay_words_on_every_page(hostile_site: None, alice: Any, client: Client) -> None:
    patient = make_patient(alice)
    for name, file in (("a.json", fhir(REPORT)), ("b.xml", ccda(REPORT)), ("c.docx", docx(REPORT)), ("d.html", html_file(REPORT))):
        make_document(patient, file, name=name.replace(".", HOSTILE + "."))
    perform_waiting()
    assert Document.objects.filter(status="ready").count() >= 3
    client.force_login(alice)
    client.post("/facts/add/biomarker/", {"name": HOSTILE[:60], "value": HOSTILE[:60], "status": "positive"})
    wrong, with_words = [], 0
    for path, page in crawled(client):
        wrong += [(path, rule, html.tostring(one)[:200]) for rule in ALIVE for one in page.xpath(rule)]
        with_words += "onerror=alert(1)" in page.text_content()
    assert wrong == []
    assert with_words >= 10, "the words are on the pages, as words"
