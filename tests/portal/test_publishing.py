"""Two people for every word, through the doors of the admin: nobody publishes her own, nothing is seen before, every version stays."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Callable
from typing import Any

import pytest
from django.contrib.auth.models import AnonymousUser
from django.contrib.messages import get_messages
from django.db import IntegrityError, transaction
from django.template.loader import render_to_string
from django.test import Client, RequestFactory
from lxml import html

from personalize.content import Content, load_seed
from personalize.questions import questions
from personalize.tailor import tailor
from portal.admin.conditions import ConditionField
from portal.answers.personal import answer_hash
from portal.answers.values import PersonalAnswer
from portal.content import current_content, read_content
from portal.content.previewing import PEOPLE, MadeUpPerson, made_up_people
from portal.models import Edition, Fact, Passage, Section, User
from portal.presenters.my_answer import my_page
from tests.portal.test_harms import TODAY

pytestmark = pytest.mark.django_db
PLAIN = "Ask your team what fits you."


@pytest.fixture(autouse=True)
def day(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("django.utils.timezone.localdate", lambda *args, **options: TODAY)


@pytest.fixture
def ada(seeded: None, db: None) -> Any:
    """An author."""
    return User.objects.create_superuser(email="ada@example.org", password="correct horse battery")


@pytest.fixture
def ben(seeded: None, db: None) -> Any:
    """A reviewer."""
    return User.objects.create_superuser(email="ben@example.org", password="correct horse battery")


@pytest.fixture
def as_ada(ada: Any, sign_in: Callable[[Any], Client]) -> Client:
    return sign_in(ada)


@pytest.fixture
def as_ben(ben: Any, sign_in: Callable[[Any], Client]) -> Client:
    return sign_in(ben)


@pytest.fixture
def passage(seeded: None, db: None) -> Passage:
    return Passage.objects.get(section__answer="pancreatic", code="bottom-line")


def _form(client: Client, url: str) -> dict[str, Any]:
    """The form of a page of the admin as the browser would send it."""
    response = client.get(url)
    assert response.status_code == 200, url
    form = html.fromstring(response.content.decode()).xpath("//form[@id and contains(@id, '_form')]")[0]
    return dict(form.form_values())


def _type(client: Client, row: Any, **typed: Any) -> str:
    """Fill in and save the form of a row; what the editor is told, be it a message or the faults on the form."""
    url = f"/admin/portal/{row._meta.model_name}/{row.pk}/change/"
    return _told(client.post(url, {**_form(client, url), **typed}))


def _decide(client: Client, edition: Edition, door: str, **typed: str) -> str:
    return _told(client.post(f"/admin/portal/edition/{edition.pk}/change/", {door: "1", **typed}))


def _told(response: Any) -> str:
    if response.status_code == 302:
        return " ".join(str(one) for one in get_messages(response.wsgi_request))
    assert response.status_code == 200
    return " ".join(html.fromstring(response.content.decode()).text_content().split())


def _bottom_line() -> str:
    return current_content().answer("pancreatic").passages()[-1].text


def test_a_change_is_seen_when_a_second_person_publishes_it(
    as_ada: Client, as_ben: Client, ada: Any, ben: Any, passage: Passage, client: Client
) -> None:
    before = passage.text
    said = _type(as_ada, passage, text=PLAIN, edition_note="The last part is shorter.")
    assert "It goes on the pages when a second person publishes it." in said
    assert _bottom_line() == before and PLAIN not in client.get("/a/pancreatic/").content.decode()
    edition = Edition.objects.get()
    assert "You wrote this change. Somebody else must publish it." in _decide(as_ada, edition, "_publish")
    assert _bottom_line() == before
    assert "It is on the pages now." in _decide(as_ben, edition, "_publish")
    assert _bottom_line() == PLAIN and PLAIN in client.get("/a/pancreatic/").content.decode()
    edition.refresh_from_db()
    assert (edition.state, edition.author, edition.reviewer, edition.number) == ("published", ada, ben, 1)
    assert "was decided already" in _decide(as_ben, edition, "_publish")


def test_the_database_itself_refuses_a_reviewer_who_is_the_author(as_ada: Client, ada: Any, passage: Passage) -> None:
    _type(as_ada, passage, text=PLAIN)
    with pytest.raises(IntegrityError), transaction.atomic():
        Edition.objects.update(reviewer=ada)


def test_readers_are_told_what_changed(as_ada: Client, as_ben: Client, passage: Passage, client: Client) -> None:
    _type(as_ada, passage, text=PLAIN, edition_note="The last part is shorter.")
    assert "The last part is shorter." not in client.get("/changes/").content.decode()
    _decide(as_ben, Edition.objects.get(), "_publish")
    assert "The last part is shorter." in client.get("/changes/").content.decode()


def test_every_version_stays_and_can_be_put_back(as_ada: Client, as_ben: Client, passage: Passage) -> None:
    before = passage.text
    for text in (PLAIN, "Ask your team about the next step."):
        _type(as_ada, Passage.objects.get(pk=passage.pk), text=text)
        _decide(as_ben, Edition.objects.get(state="waiting"), "_publish")
    first = Edition.objects.get(number=1)
    assert [(one.before["text"], one.after["text"]) for one in Edition.objects.order_by("number")] == [
        (before, PLAIN),
        (PLAIN, "Ask your team about the next step."),
    ]
    assert "waits for a second person" in _decide(as_ben, first, "_put_back")
    assert _bottom_line() == "Ask your team about the next step."
    _decide(as_ada, Edition.objects.get(state="waiting"), "_publish")
    assert _bottom_line() == before
    listed = as_ada.get(f"/admin/portal/edition/?kind__exact=passage&object_id__exact={passage.pk}").content.decode()
    assert listed.count("On the pages") >= 3


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("You should join a trial.", "ask your team about"),
        ("CAR-T is a breakthrough for you.", "Say what was seen"),
        ("You are eligible.", "may fit"),
        ("Half of the people had a median survival of a year.", "closed control"),
    ],
)
def test_banned_wording_is_refused_and_no_reason_excuses_it(as_ada: Client, passage: Passage, text: str, why: str) -> None:
    said = _type(as_ada, passage, text=text, edition_reason="Our clinicians want it so.")
    assert why in said and not Edition.objects.exists()


HARD = "Immunohistochemical characterization of membranous expression necessitates histopathological interpretation by subspecialized pathologists."


def test_hard_words_need_a_written_reason(as_ada: Client, as_ben: Client, passage: Passage) -> None:
    assert "Use shorter words and sentences" in _type(as_ada, passage, text=HARD)
    assert not Edition.objects.exists()
    _type(as_ada, passage, text=HARD, edition_reason="It is the exact term of the law.")
    edition = Edition.objects.get()
    page = as_ben.get(f"/admin/portal/edition/{edition.pk}/change/").content.decode()
    assert "It is the exact term of the law." in page
    assert "It is on the pages now." in _decide(as_ben, edition, "_publish")


def test_a_rate_without_people_is_stopped_at_the_second_door(as_ada: Client, as_ben: Client, passage: Passage) -> None:
    passage.made_of.all().delete()
    _type(as_ada, passage, text="The tumor shrank in 40% of people.")
    said = _decide(as_ben, Edition.objects.get(), "_publish")
    assert "Name who was studied and when" in said and Edition.objects.get().state == "waiting"


def _rows(*rows: dict[str, str]) -> dict[str, str]:
    """The rows of a condition as typed."""
    return {f"condition-{place}-{part}": value for place, row in enumerate(rows) for part, value in row.items()}


@pytest.fixture
def g12d(seeded: None, db: None) -> Passage:
    return Passage.objects.get(text__startswith="Your tumor has KRAS G12D.")


def test_a_condition_is_typed_as_rows_checked_and_shown_in_words(as_ada: Client, as_ben: Client, ada: Any, g12d: Passage) -> None:
    said = _type(as_ada, g12d, **_rows({"what": "age"}))
    assert "Row 1: this fact goes with: above, at least, at most, below." in said and not Edition.objects.exists()
    _type(as_ada, g12d, **_rows({"value": "G12V"}))
    page = html.fromstring(as_ben.get(f"/admin/portal/edition/{Edition.objects.get().pk}/change/").content.decode()).text_content()
    words = " ".join(page.split())
    assert "Shown when KRAS has G12V." in words
    assert all(one.name in words for one in made_up_people())
    person = words.split("KRAS G12D and claudin 18.2")[1].split("Pancreatic cancer before surgery")[0]
    assert "Gone: Your tumor has KRAS G12D." in person
    assert "Stays the same." in words.split("Nothing known")[1]
    assert Passage.objects.get(pk=g12d.pk).condition == g12d.condition
    assert Edition.objects.get().after["condition"] == {**g12d.condition, "value": ["G12V"]}


def test_a_condition_is_tried_in_place_and_nothing_is_kept(as_ada: Client, g12d: Passage) -> None:
    """A group of rows typed on the page: all of (KRAS G12D, any of (65 or older, stomach cancer))."""
    group = ({"place": "2", "what": "any"}, {"place": "3", "level": "1", "what": "age", "op": "at_least", "value": "65"},
             {"place": "2.5", "level": "1", "what": "diagnosis", "op": "in", "value": "gastric_gej"})  # fmt: skip
    said = _type(as_ada, g12d, _try="1", **_rows({}, *group))
    assert "Shown when KRAS has G12D and (the cancer is stomach or gastro-esophageal junction cancer or the age is at least 65)." in said
    tried = said.split("On made-up people")[1]
    outcomes = [tried.split(one.name)[1].split("known" if one.name == "Nothing known" else "shown")[0] for one in made_up_people()]
    assert outcomes[0].strip() == "" and "not" in outcomes[1]
    assert not Edition.objects.exists() and "Please correct" not in said
    said = _type(as_ada, g12d, _try="1", **_rows({}, {"what": "diagnosis", "op": "in", "value": "PDAC"}))
    assert "Row 2: we do not know this code of a cancer: PDAC." in said and "It cannot be tried yet." in said


def test_a_change_is_tried_on_the_shape_of_a_real_record_of_which_nothing_is_kept(as_ada: Client, g12d: Passage) -> None:
    _type(as_ada, g12d, text="Your tumor has KRAS G12D. Ask your team about {age}.")
    edition = Edition.objects.get()
    named = {"name": "Ductal cancer of Mrs. Winterbottom", "code": "PAAD", "date": "2026-01-05"}
    seen = {"evidence": [{"file": "winterbottom.pdf", "page": 1, "quote": "G12D", "id": ""}], "date": "2026-01-05"}
    told = {"number": 3, "profile": {"primary_cancer": named, "age": 67, "biomarkers": [{"name": "KRAS", "status": "positive", "detail": "p.G12D"} | seen]}}
    said = _decide(as_ada, edition, "_try_on_shape", shape=json.dumps(told))
    assert "New: Your tumor has KRAS G12D. Ask your team about age 65." in said
    assert "Winterbottom" not in said and "winterbottom" not in said and Edition.objects.get().state == "waiting"
    assert "This is not the JSON of a profile" in _decide(as_ada, edition, "_try_on_shape", shape="[1, 2")
    assert "This is not the JSON of a profile" in _decide(as_ada, edition, "_try_on_shape", shape='{"profile": {"stage": 4}}')


def test_without_rows_a_passage_is_for_everybody(as_ada: Client, g12d: Passage) -> None:
    _type(as_ada, g12d, **_rows({"what": "", "about": "", "op": "", "value": ""}))
    assert Edition.objects.get().after["condition"] is None


def test_every_condition_of_the_content_is_kept_as_it_is_by_the_editor(seeded: None, db: None) -> None:
    field = ConditionField(required=False)
    conditions = list(Passage.objects.exclude(condition=None).values_list("condition", flat=True))
    assert len(conditions) > 80
    for one in conditions:
        assert field.clean(field.prepare_value(one)) == one


def test_a_new_passage_with_its_facts_is_made_when_it_is_published(as_ada: Client, as_ben: Client, client: Client) -> None:
    section = Section.objects.get(answer="pancreatic", code="bottom_line")
    url = "/admin/portal/passage/add/"
    typed = {"section": section.pk, "code": "one-more", "text": PLAIN, "position": 99, "made_of-TOTAL_FORMS": 1,
             "made_of-0-fact": "CART-01", "made_of-0-order": 0}  # fmt: skip
    as_ada.post(url, {**_form(as_ada, url), **typed}, follow=True)
    assert not Passage.objects.filter(code="one-more").exists()
    _decide(as_ben, Edition.objects.get(), "_publish")
    made = Passage.objects.get(code="one-more")
    assert made.links() == ("CART-01",)
    assert 'id="s-one-more"' in client.get("/a/pancreatic/").content.decode()
    assert Edition.objects.get().object_id == str(made.pk)


def test_a_change_sent_back_says_why_and_changes_nothing(as_ada: Client, as_ben: Client, passage: Passage) -> None:
    _type(as_ada, passage, text=PLAIN)
    _decide(as_ben, Edition.objects.get(), "_send_back", answer_to_author="Please keep the link to the trial finder.")
    edition = Edition.objects.get()
    assert (edition.state, _bottom_line()) == ("returned", passage.text)
    assert "keep the link to the trial finder" in as_ada.get(f"/admin/portal/edition/{edition.pk}/change/").content.decode()


def test_one_change_of_a_passage_waits_at_a_time(as_ada: Client, as_ben: Client, passage: Passage) -> None:
    _type(as_ada, passage, text=PLAIN)
    assert "Somebody else's change of this waits" in _type(as_ben, passage, text="Ask us.")
    _type(as_ada, passage, text="Ask your team soon.")
    assert list(Edition.objects.order_by("pk").values_list("state", flat=True)) == ["replaced", "waiting"]


def test_a_row_that_changed_meanwhile_is_not_overwritten(as_ada: Client, as_ben: Client, passage: Passage) -> None:
    _type(as_ada, passage, text=PLAIN)
    passage.text = "The seed wrote this."
    passage.save()
    assert "This was changed meanwhile." in _decide(as_ben, Edition.objects.get(), "_publish")
    assert _bottom_line() == "The seed wrote this."


def test_a_fact_waits_too_and_its_check_of_today_survives(as_ada: Client, as_ben: Client) -> None:
    fact = Fact.objects.get(pk="CART-01")
    _type(as_ada, fact, statement="CAR-T is made from T cells.")
    as_ada.post("/admin/portal/fact/", {"action": "compared_today", "_selected_action": ["CART-01"]})
    _decide(as_ben, Edition.objects.get(), "_publish")
    known = current_content().fact("CART-01")
    assert (known.statement, known.checked_on, known.source_keys) == ("CAR-T is made from T cells.", TODAY, fact.links())


def test_the_queue_of_facts_to_check_again(as_ada: Client) -> None:
    Fact.objects.update(checked_on=TODAY)
    for key, volatility, days in (("CART-01", "high", 91), ("CART-02", "high", 89), ("APPR-02", "medium", 366), ("BARR-05", "low", 366)):
        Fact.objects.filter(pk=key).update(volatility=volatility, checked_on=TODAY - dt.timedelta(days=days))
    Fact.objects.filter(pk="TOX-10").update(checked_on=None)
    page = html.fromstring(as_ada.get("/admin/portal/fact/?due=yes").content.decode())
    assert {one.text_content().strip() for one in page.find_class("field-id")} == {"CART-01", "APPR-02", "TOX-10"}
    as_ada.post("/admin/portal/fact/?due=yes", {"action": "compared_today", "_selected_action": ["CART-01", "TOX-10"]})
    page = html.fromstring(as_ada.get("/admin/portal/fact/?due=yes").content.decode())
    assert {one.text_content().strip() for one in page.find_class("field-id")} == {"APPR-02"}


def test_one_person_can_take_a_fact_down_and_two_bring_it_back(as_ada: Client, client: Client) -> None:
    as_ada.post("/admin/portal/fact/", {"action": "take_down", "_selected_action": ["CART-01"]})
    assert not current_content().fact("CART-01").is_shown
    _type(as_ada, Fact.objects.get(pk="CART-01"), is_shown="on")
    assert not current_content().fact("CART-01").is_shown and Edition.objects.get().after["is_shown"] is True


def test_lists_show_the_reading_grade(as_ada: Client, passage: Passage) -> None:
    page = html.fromstring(as_ada.get("/admin/portal/passage/?q=bottom-line").content.decode())
    assert all(0 <= float(one.text_content()) <= 8 for one in page.find_class("field-grade"))


def test_nobody_deletes_words_and_a_coordinator_has_no_door(as_ada: Client, as_carol: Client, passage: Passage) -> None:
    assert as_ada.post(f"/admin/portal/passage/{passage.pk}/delete/", {"post": "yes"}).status_code == 403
    assert as_carol.get("/admin/portal/edition/").status_code == 302


def _rendered(content: Content, person: MadeUpPerson) -> tuple[str, str]:
    """The page of a person as sent, and the digest of its values."""
    tailored = tailor(content, person.profile, today=TODAY, slug=person.slug)
    made = PersonalAnswer(tailored, (), questions(tailored, ()), person.profile, 1, TODAY)
    request = RequestFactory().get("/my/")
    request.user = AnonymousUser()
    shown = {"mine": my_page(content, made), "view": "answer", "is_reading": False, "is_clinical": False}
    return render_to_string("mine/answer.html", shown, request=request), answer_hash(made)


def test_the_same_inputs_give_the_same_bytes_whatever_keeps_the_content(seeded: None, db: None) -> None:
    """Files, SQLite, PostgreSQL: this file runs on each of them, and each gives what the files give."""
    kept, files = read_content(), load_seed(PEOPLE.parent)
    for person in made_up_people():
        assert _rendered(kept, person) == _rendered(files, person), person.name
