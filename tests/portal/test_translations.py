"""Content in Spanish through the doors: on the page, in the admin with its two people, in what is kept of an answer, in the PDF."""

from __future__ import annotations

import datetime as dt
import io
from collections.abc import Callable
from io import StringIO
from typing import Any

import pytest
from django.core.management import call_command
from django.test import Client
from lxml import html

from personalize.content import load_seed
from personalize.content.translated_seed import load_translations
from portal.content import current_content
from portal.content.seeding import store_content
from portal.models import Edition, Fact, Passage, PersonalizedAnswer, Translation, User
from records.models import Patient
from tests.portal.conftest import DAY
from tests.portal.looking import said
from tests.portal.test_publishing import _decide, _form, _told, _type

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("seeded", "on")]
PAGE, MINE = "/a/pancreatic/", "/my/pancreatic/"
SPANISH = {"Accept-Language": "es-MX"}
NEWER = "Most trials of CAR-T want ECOG 0 or 1. Ask your team."


@pytest.fixture
def editors(db: None, sign_in: Callable[[Any], Client]) -> tuple[Client, Client]:
    """An author and a reviewer."""
    made = (User.objects.create_superuser(email=f"{one}@example.org", password="correct horse battery") for one in ("ada", "ben"))
    author, reviewer = map(sign_in, made)
    return author, reviewer


def _main(client: Client, url: str, **headers: str) -> Any:
    response = client.get(url, headers=headers)
    assert response.status_code == 200, url
    return html.fromstring(response.content.decode()).get_element_by_id("main")


def _marked(main: Any) -> list[str]:
    """What is marked as English, but for the names of sources, guidelines and services."""
    named = "ancestor-or-self::*[starts-with(@id, 'source-') or @id='guidelines' or @id='services']"
    return [said(one) for one in main.xpath(".//*[@lang='en']") if not one.xpath(named)]


def _change_english(text: str = NEWER) -> None:
    fact = Fact.objects.get(pk="REQ-01")
    fact.statement = text
    fact.save()


def test_the_page_is_in_the_language_of_the_reader(client: Client) -> None:
    english, spanish = _main(client, PAGE), _main(client, PAGE, **SPANISH)
    assert "Para el cáncer de páncreas, la CAR-T solo se da en ensayos clínicos." in said(spanish)
    assert "llame al 911" in said(spanish.get_element_by_id("emergency")) and not _marked(spanish)
    assert "Para el cáncer" not in said(english) and not english.xpath(".//*[@lang='es']")
    ids = [[one.get("id") for one in page.find_class("sentence")] for page in (english, spanish)]
    assert ids[0] == ids[1] and len(ids[0]) > 100


def test_english_pages_are_the_same_bytes_with_and_without_translations(client: Client) -> None:
    before = client.get(PAGE).content
    content = current_content("en").content_hash
    Translation.objects.all().delete()
    store = current_content("en")
    assert client.get(PAGE).content == before and store.content_hash == content


def test_english_that_changed_is_shown_in_english_on_the_spanish_page(client: Client) -> None:
    _change_english()
    main = _main(client, PAGE, **SPANISH)
    assert _marked(main) == [NEWER]
    assert said(main.get_element_by_id("s-REQ-02")).startswith("Su sangre, hígado, riñones")


def test_a_translation_goes_on_the_page_by_two_people_and_then_is_up_to_date(client: Client, editors: tuple[Client, Client]) -> None:
    ada, ben = editors
    _change_english()
    row = Translation.objects.get(kind="fact", name="REQ-01")
    shown = html.fromstring(ada.get(f"/admin/portal/translation/{row.pk}/change/").content.decode())
    assert f"English: {NEWER} — It was, when this was translated: Most pancreatic CAR-T trials" in said(shown)
    assert "The pages show the English until the translation is published again." in said(shown)
    new = "La mayoría de los ensayos de CAR-T piden ECOG 0 o 1. Pregunte a su equipo."
    assert "when a second person publishes it" in _type(ada, row, said_statement=new, is_checked="on")
    assert _marked(_main(client, PAGE, **SPANISH)) == [NEWER]
    edition = Edition.objects.get()
    assert "Somebody else must publish it." in _decide(ada, edition, "_publish")
    decided = said(html.fromstring(ben.get(f"/admin/portal/edition/{edition.pk}/change/").content.decode()))
    assert f"New: {new}" in decided and f"Gone: {NEWER}" in decided, "what comes of it is tried on the Spanish pages"
    assert "It is on the pages now." in _decide(ben, edition, "_publish")
    main = _main(client, PAGE, **SPANISH)
    assert new in said(main) and not _marked(main)
    row.refresh_from_db()
    assert row.is_checked and row.english == {"statement": NEWER}


@pytest.mark.parametrize(
    ("typed", "fault"),
    [
        ("La mayoría de los ensayos piden ECOG 0 o 2.", "“1”: The English has it, and the translation does not."),
        ("Es una cura garantizada: ECOG 0 o 1.", "“cura”: Diga qué se vio, en cuántas personas."),
        ("Usted debe tener ECOG 0 o 1.", "Escriba 'pregunte a su equipo'."),
        ("", "This field is required."),
    ],
)
def test_other_figures_and_banned_words_are_refused_as_they_are_typed(editors: tuple[Client, Client], typed: str, fault: str) -> None:
    row = Translation.objects.get(kind="fact", name="REQ-01")
    assert fault in _type(editors[0], row, said_statement=typed)
    assert not Edition.objects.exists()


def test_a_part_without_a_translation_gets_one_once(client: Client, editors: tuple[Client, Client]) -> None:
    ada, ben = editors
    Translation.objects.get(kind="fact", name="REQ-02").delete()
    row = Fact.objects.get(pk="REQ-02")
    beside = html.fromstring(ada.get(f"/admin/portal/fact/{row.pk}/change/").content.decode())
    assert "not translated yet; the pages show the English" in said(beside)
    url = "/admin/portal/translation/add/"
    chosen = ada.post(url, {**_form(ada, url), "part": "fact:REQ-02"})
    assert chosen.status_code == 302 and chosen["Location"] == f"{url}?part=fact%3AREQ-02"
    text = "Su sangre y sus órganos deben funcionar lo bastante bien."
    for one in (ada, ben):
        assert "a second person publishes" in _told(
            one.post(chosen["Location"], {**_form(one, chosen["Location"]), "said_statement": text})
        )
    hers, his = Edition.objects.order_by("pk")
    assert "It is on the pages now." in _decide(ben, hers, "_publish")
    assert "This was changed meanwhile." in _decide(ada, his, "_publish")
    assert text in said(_main(client, PAGE, **SPANISH).get_element_by_id("s-REQ-02"))


def test_lists_are_typed_one_entry_a_line(editors: tuple[Client, Client]) -> None:
    row = Translation.objects.get(kind="fixed", name="emergency_no_cells")
    form = _form(editors[0], f"/admin/portal/translation/{row.pk}/change/")
    lines = form["said_lines"].strip().splitlines()
    assert len(lines) == 7 and lines[1] == "fiebre durante la quimio"
    assert "a second person publishes" in _type(editors[0], row, said_lines="\n".join([*lines[:6], "dolor fuerte"]))
    assert Edition.objects.get().after["words"]["lines"] == [*lines[:6], "dolor fuerte"]


def test_the_list_of_translations_finds_those_that_are_out_of_date(editors: tuple[Client, Client]) -> None:
    _change_english()
    shown = editors[0].get("/admin/portal/translation/?state=old").content.decode()
    assert "REQ-01" in shown and "REQ-02" not in shown
    assert "REQ-01" not in editors[0].get("/admin/portal/translation/?state=now&q=REQ-0").content.decode()


# --- what is kept -------------------------------------------------------------------------------------------------------------------------


def test_a_past_answer_is_shown_in_the_language_it_was_shown_in(hers: Patient, as_alice: Client, on: Callable[[dt.date], None]) -> None:
    then = said(_main(as_alice, MINE, **SPANISH).get_element_by_id("found"))
    made = PersonalizedAnswer.objects.order_by("-made_at", "-pk")[0]
    assert made.language == "es" and made.rendered["tailored"]["language"] == "es"
    Translation.objects.all().delete()
    on(DAY + dt.timedelta(days=3))
    response = as_alice.get(f"{MINE}?made={made.pk}", headers={"Accept-Language": "en"})
    page = html.fromstring(response.content.decode())
    assert response["Content-Language"] == "es" and page.get("lang") == "es"
    assert said(page.get_element_by_id("found")) == then
    assert "Su tumor tiene KRAS G12D." in said(page)


def test_reading_in_another_language_is_no_news(hers: Patient, as_alice: Client, on: Callable[[dt.date], None]) -> None:
    as_alice.get(MINE)
    as_alice.get(MINE, headers=SPANISH)
    on(DAY + dt.timedelta(days=2))
    english, spanish = as_alice.get(MINE).content.decode(), as_alice.get(MINE, headers=SPANISH).content.decode()
    assert "What is new since" not in english and 'class="boxed news"' not in english + spanish
    past = said(_main(as_alice, f"{MINE}?view=past"))
    assert "Our pages changed." not in past
    assert {one.language for one in PersonalizedAnswer.objects.all()} == {"en", "es"}


def test_my_answer_gives_its_reasons_and_questions_in_spanish(hers: Patient, as_alice: Client) -> None:
    main = _main(as_alice, MINE, **SPANISH)
    assert "Porque usted nos dijo: KRAS: con un cambio" in said(main) or "Porque usted nos dijo: KRAS: positivo (p.G12D)." in said(main)
    assert "Tengo KRAS G12D. ¿Hay un ensayo de una pastilla" in said(main.get_element_by_id("questions"))
    assert said(main.find_class("fact-value")[0]).startswith("adenocarcinoma ductal de páncreas")
    facts = _main(as_alice, "/facts/", **SPANISH)
    assert "Tipo de cáncer" in said(facts) and "Un gen que impulsa el crecimiento en muchos tumores." in said(facts)


def test_the_pdf_for_the_doctor_follows_the_language(hers: Patient, as_alice: Client) -> None:
    pdfplumber = pytest.importorskip("pdfplumber")
    response = as_alice.get("/my/pancreatic/for-my-doctor.pdf", headers=SPANISH)
    assert response["Content-Type"] == "application/pdf"
    with pdfplumber.open(io.BytesIO(response.content)) as pdf:
        words = " ".join(" ".join(page.extract_text() for page in pdf.pages).split())
        assert len(pdf.pages) <= 2 and pdf.doc.catalog["Lang"] in (b"es", "es")
    assert "adenocarcinoma ductal de páncreas" in words and "¿" in words


def test_the_words_and_the_services_are_in_spanish(client: Client) -> None:
    words = said(_main(client, "/words/", **SPANISH))
    assert "Aféresis" in words and "Inmunohistoquímica" in words and "Apheresis" not in words
    assert "Sus asesores responden preguntas" in said(_main(client, "/services/", **SPANISH))


def test_who_types_without_accents_finds_the_answer(client: Client) -> None:
    hits = _main(client, "/?q=cancer+de+pancreas", **SPANISH).find_class("answer-card")
    assert said(hits[0]).startswith("¿Cómo funciona la terapia de células CAR-T para el cáncer de páncreas?")


# --- the seed -----------------------------------------------------------------------------------------------------------------------------


def test_an_edited_translation_survives_the_next_load_and_an_outdated_one_is_not_brought_back() -> None:
    from tests.portal.test_content_loading import SEED

    seed = load_seed(SEED)
    seeded = load_translations(SEED / "es", seed, "es")
    row = Translation.objects.get(kind="fact", name="REQ-02")
    row.words = {"statement": "Palabras de una persona."}
    row.save()
    assert store_content(seed, seeded) == 0
    row.refresh_from_db()
    assert row.words == {"statement": "Palabras de una persona."}
    assert store_content(seed, [one for one in seeded if one.name != "REQ-03"]) == 1
    assert not Translation.objects.filter(kind="fact", name="REQ-03").exists()


def test_a_passage_that_an_editor_changed_before_the_spanish_came_stays_english(client: Client) -> None:
    passage = Passage.objects.get(section__answer="pancreatic", code="bottom-line")
    passage.text = "Ask your team what fits you."
    passage.save()
    call_command("load_content", verbosity=0, stdout=StringIO())
    assert _marked(_main(client, PAGE, **SPANISH)) == ["Ask your team what fits you."]
