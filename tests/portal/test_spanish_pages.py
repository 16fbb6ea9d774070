"""The site in Spanish: how it is chosen, what remembers it, and what stays as it is."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pytest
from django.core import mail
from django.template.loader import render_to_string
from django.test import Client
from django.utils import timezone, translation

from personalize.tailor.languages import language
from portal.forms.facts import known_cancers
from portal.models import User
from portal.presenters.trend import Drawing, Point, Row, Tick, Trend
from portal.views import errors
from records.actions.notices import send_due, tell_always
from records.models import Document, Notice, Patient
from tests.factories import make_patient, make_read_document
from tests.portal.stand_ins import SLUG
from tests.records.paper import paper

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("content")]
IN_SPANISH = {"HTTP_ACCEPT_LANGUAGE": "es-MX,es;q=0.9,en;q=0.5"}
NOT_CHECKED = "Esta traducción aún no ha sido revisada por un traductor."
PAGES = ["/", "/words/", "/guidelines/", "/services/", "/changes/", "/help/", "/privacy/", "/start/", "/accounts/login/", "/accounts/signup/",
         "/accounts/password/reset/", "/nowhere/"]  # fmt: skip


@pytest.fixture(autouse=True)
def own_language() -> Iterator[None]:
    """The language of the last page would be that of the next test."""
    yield
    translation.deactivate()


@pytest.mark.parametrize("url", PAGES)
def test_a_page_is_in_the_language_that_the_browser_asks_for(client: Client, url: str) -> None:
    text = client.get(url, **IN_SPANISH).content.decode()
    assert '<html lang="es">' in text and NOT_CHECKED in text and "No es un consejo médico." in text
    assert 'href="/language/en/" lang="en" hreflang="en" rel="nofollow">English</a>' in text
    english = client.get(url).content.decode()
    assert '<html lang="en">' in english and NOT_CHECKED not in english and ">Español</a>" in english


def test_the_link_keeps_the_page_and_is_remembered_in_this_browser(client: Client) -> None:
    there = client.get("/language/es/", HTTP_REFERER="http://testserver/?q=cells")
    assert there.headers["Location"] == "http://testserver/?q=cells"
    assert "Está en:" in client.get("/?q=cells").content.decode()
    client.get("/language/en/", **IN_SPANISH)
    assert '<html lang="en">' in client.get("/", **IN_SPANISH).content.decode(), "what was chosen goes before what the browser asks for"


@pytest.mark.parametrize("page", ["https://elsewhere.example/", "//elsewhere.example/", "javascript:alert(1)", ""])
def test_the_link_leads_nowhere_else(client: Client, page: str) -> None:
    assert client.get("/language/es/", HTTP_REFERER=page).headers["Location"] == "/"


def test_a_language_that_we_have_not(client: Client) -> None:
    assert client.get("/language/fr/").status_code == 404
    assert client.post("/language/es/").status_code == 405


def test_the_choice_is_kept_with_the_account(as_alice: Client, alice: Any) -> None:
    as_alice.get("/language/es/")
    alice.refresh_from_db()
    assert alice.language == "es"
    elsewhere = Client()
    elsewhere.force_login(alice)
    assert '<html lang="es">' in elsewhere.get("/account/").content.decode()


def test_who_signs_in_on_a_spanish_page_is_known_to_read_spanish(client: Client, alice: Any) -> None:
    client.post("/accounts/login/", {"login": alice.email, "password": "correct horse battery"}, **IN_SPANISH)
    assert User.objects.get(pk=alice.pk).language == "es"
    client.post("/accounts/logout/")
    client.post("/accounts/login/", {"login": alice.email, "password": "correct horse battery"})
    assert User.objects.get(pk=alice.pk).language == "es", "what was chosen once is not guessed again"


def test_pages_of_staff_stay_english(as_carol: Client) -> None:
    text = as_carol.get("/review/", **IN_SPANISH).content.decode()
    assert '<html lang="en">' in text and "Español" not in text and NOT_CHECKED not in text


def test_an_e_mail_is_in_the_language_of_its_reader(alice: Any, bob: Any) -> None:
    alice.language = "es"
    alice.save()
    for one in (alice, bob):
        tell_always(make_patient(one, consents=("reading", "alerts")), Notice.Kind.NEEDS_YOU)
    Notice.objects.update(due_at=timezone.now())
    send_due()
    said = {one.to[0]: (one.subject, str(one.body)) for one in mail.outbox}
    assert said[alice.email][0] == "Hay algo nuevo para usted" and "Algo le espera." in said[alice.email][1]
    assert said[bob.email][0] == "Something new for you" and "Something waits for you." in said[bob.email][1]


def test_what_a_refused_file_needs_is_said_in_spanish(as_alice: Client, record: Patient) -> None:
    begun = as_alice.post("/upload/arriving/", {"name": "a.pdf", "byte_size": "0", "label": "1"}, **IN_SPANISH).json()
    assert begun["message"] == "Este archivo está vacío."
    told = as_alice.get("/api/v1/documents/", **IN_SPANISH)
    assert told.headers["Content-Language"] == "es"


def test_an_error_page_is_spanish_too(client: Client) -> None:
    request = client.get("/").wsgi_request
    with translation.override("es"):
        text = errors.broken(request).content.decode()
    assert '<html lang="es">' in text and "Es culpa nuestra, no suya." in text


def test_numbers_of_drawings_are_no_words(as_alice: Client, record: Patient) -> None:
    """A comma in a coordinate would bend the line: numbers of pictures are written for machines in every language."""
    point = Point(70.5, 33.25, 71.5, 30.5, "1,234.5", "start")
    drawing = Drawing("wide", 720, 290, 58, 696, 256, (point,), "70.5,33.25", (Tick(33.25, "1,000"),), (Tick(70.5, "2025"),))
    made = Trend("CA 19-9", "U/mL", (drawing,), (Row("2025", "1,234.5", ()),), "CA 19-9")
    with translation.override("es"):
        text = render_to_string("components/trend.html", {"trend": made})
    assert 'cx="70.5" cy="33.25"' in text and 'x="71.5"' in text and 'y1="33.25"' in text and 'x="70.5"' in text
    assert ">1,234.5<" in text, "a value stays as it is in the record"
    document = make_read_document(record, paper("KRAS=positive"))
    text = as_alice.get(f"/proof/{document.findings.get().pk}/", **IN_SPANISH).content.decode()
    assert "Estas son las palabras de sus documentos." in text
    assert not re.search(r'(?:x|y|width|height|viewBox)="[^"]*\d,\d', text)


def test_too_many_tries_are_told_on_a_page_of_ours(client: Client, settings: Any) -> None:
    """allauth has no page of its own for this: people saw "429 Too Many Requests", in English and without a way on."""
    settings.ACCOUNT_RATE_LIMITS = {"reset_password": "1/m/ip"}
    for _ in range(2):
        answer = client.post("/accounts/password/reset/", {"email": "nobody@example.org"}, **IN_SPANISH)
    text = answer.content.decode()
    assert answer.status_code == 429 and '<html lang="es">' in text and "Demasiados intentos" in text


def test_the_pages_for_the_doctor_come_in_english_too(as_alice: Client, read_file: Document, monkeypatch: pytest.MonkeyPatch) -> None:
    """Who reads Spanish often has a doctor who does not."""
    made: list[str] = []
    monkeypatch.setattr("portal.views.mine.summary_pdf", lambda mine: made.append(mine.voice.for_doctor) or b"%PDF")
    page = as_alice.get(f"/my/{SLUG}/print/", **IN_SPANISH).content.decode()
    link = re.search(r'href="([^"]+)" hreflang="en">Guardar como PDF en inglés<', page)
    assert link
    for address in (link[1], link[1].split("?")[0], link[1].replace("=en", "=xx")):
        as_alice.get(address, **IN_SPANISH)
    assert made == ["Pages for my doctor", "Páginas para mi médico", "Páginas para mi médico"]
    assert "inglés" not in as_alice.get(f"/my/{SLUG}/print/").content.decode()


def test_cancers_are_chosen_by_their_spanish_names(as_alice: Client, record: Patient) -> None:
    """Every one has its name: an English one among them would be hard to find."""
    text = as_alice.get("/facts/add/diagnosis/", **IN_SPANISH).content.decode()
    assert '<option value="Pancreatic ductal adenocarcinoma">Adenocarcinoma ductal de páncreas</option>' in text
    spoken = language("es").terms
    assert not [one for one in known_cancers() if one.lower() not in spoken]


def test_checked_facts_that_nobody_translated_say_that_they_are_english(client: Client) -> None:
    text = client.get("/changes/", **IN_SPANISH).content.decode()
    assert re.search(r'<li><span lang="en">[^<]+</span> <span class="soft">Fecha: ', text)


def test_mails_about_an_account_speak_as_the_site_does(client: Client, alice: Any) -> None:
    """Those of the library spoke of "user accounts" and "restablecimientos"."""
    for address in (alice.email, "nobody@example.org"):
        client.post("/accounts/password/reset/", {"email": address}, **IN_SPANISH)
    new = {"email": alice.email, "password1": "a long enough one 4 me", "password2": "a long enough one 4 me"}
    client.post("/accounts/signup/", new, **IN_SPANISH)
    assert [(one.to, one.subject.removeprefix("[testserver] ")) for one in mail.outbox] == [
        ([alice.email], "Elija una contraseña nueva"),
        (["nobody@example.org"], "No tenemos una cuenta con este correo"),
        ([alice.email], "Usted ya tiene una cuenta"),
    ]
    texts = [str(one.body) for one in mail.outbox]
    assert all("Si no fue usted, no haga nada." in one and re.search(r"https?://\S+/accounts/\S+", one) for one in texts)
