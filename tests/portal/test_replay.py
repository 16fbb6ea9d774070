"""A past answer is shown exactly as it was, and every answer says what is new since: facts and content are the real ones."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from lxml import etree, html

from personalize.content import stable_json
from portal.answers.replay import content_at, replayed
from portal.models import ContentVersion, Passage, PersonalizedAnswer
from records.models import Patient
from tests.factories import make_patient
from tests.portal.conftest import DAY

pytestmark = pytest.mark.django_db
MINE = "/my/pancreatic/"


def _article(client: Client, url: str) -> str:
    """The answer itself, without what is said about it: where one is, that it is an earlier one, what is new."""
    response = client.get(url)
    assert response.status_code == 200, url
    main = html.fromstring(response.content.decode()).get_element_by_id("main")
    for one in main.xpath(
        ".//nav[ul[contains(@class, 'views')]] | .//details[contains(@class, 'news')] | .//div[@role='status'] | .//div[contains(@class, 'alert')]"
    ):
        if "as it was then" in one.text_content() or "alert" not in (one.get("class") or ""):
            one.drop_tree()
    return re.sub(r"\s+", " ", etree.tostring(main, encoding="unicode"))


def _latest() -> PersonalizedAnswer:
    return PersonalizedAnswer.objects.order_by("-made_at", "-pk")[0]


def test_a_past_answer_is_shown_exactly_as_it_was(hers: Patient, as_alice: Client, on: Callable[[dt.date], None]) -> None:
    then, made = _article(as_alice, MINE), _latest()
    on(DAY + dt.timedelta(days=200))  # facts are old by then, and facts of high volatility are taken down
    passage = Passage.objects.get(text__startswith="Your tumor has KRAS G12D.")
    passage.text = "Your tumor has KRAS G12D. Ask your team."
    passage.save()
    as_alice.post("/facts/add/biomarker/", {"name": "CLDN18.2", "status": "positive", "detail": "80%"})
    now = _article(as_alice, MINE)
    assert now != then and "Ask your team.</p>" not in then
    assert _article(as_alice, f"{MINE}?made={made.pk}") == then
    page = as_alice.get(f"{MINE}?made={made.pk}").content.decode()
    assert (
        "This is your answer of Nov. 25, 2026, as it was then." in page
        or "This is your answer of November 25, 2026, as it was then." in page
    )


def test_what_was_kept_is_read_back_to_the_byte(hers: Patient, as_alice: Client) -> None:
    as_alice.get(MINE)
    made = _latest()
    again, content = replayed(made), content_at(made.content_hash)
    assert stable_json(again.tailored) == stable_json(made.rendered["tailored"])
    assert [stable_json(one) for one in again.matches] == [stable_json(one) for one in made.rendered["matches"]]
    assert content is not None and content.content_hash == made.content_hash
    assert ContentVersion.objects.count() == 1


def test_an_answer_says_what_is_new_since(hers: Patient, as_alice: Client, on: Callable[[dt.date], None]) -> None:
    first = as_alice.get(MINE).content.decode()
    assert "What is new since" not in first
    on(DAY + dt.timedelta(days=3))
    assert "What is new since" not in as_alice.get(MINE).content.decode()  # another day alone is no news
    as_alice.post("/facts/add/biomarker/", {"name": "CLDN18.2", "status": "positive", "detail": "80%"})
    news = _news(as_alice, MINE)
    assert "Your facts changed." in news and "Our pages changed." not in news
    assert "Your tumor has claudin 18.2." in news.split("New")[1] and "KRAS G12D" not in news


def test_an_edit_of_the_content_is_news_too(hers: Patient, as_alice: Client) -> None:
    as_alice.get(MINE)
    passage = Passage.objects.get(text__startswith="Your tumor has KRAS G12D.")
    before, passage.text = passage.text, "Your tumor has KRAS G12D. Ask your team."
    passage.save()
    news = _news(as_alice, MINE)
    assert "Our pages changed." in news and "Your facts changed." not in news
    new, gone = news.split("No longer there")
    assert "Ask your team." in new and before.split(". ")[1] in gone
    past = PersonalizedAnswer.objects.exclude(content_hash=_latest().content_hash).get(profile_hash=_latest().profile_hash)
    assert "What is new since this answer" in _news(as_alice, f"{MINE}?made={past.pk}")


def _news(client: Client, url: str) -> str:
    page = html.fromstring(client.get(url).content.decode())
    return " ".join(page.find_class("news")[0].text_content().split())


def test_earlier_answers_are_listed_with_why_they_differ(hers: Patient, as_alice: Client) -> None:
    as_alice.get(MINE)
    as_alice.post("/facts/add/performance/", {"scale": "ECOG", "value": "1"})
    as_alice.get(MINE)
    page = html.fromstring(as_alice.get(f"{MINE}?view=past").content.decode())
    cards = [" ".join(one.text_content().split()) for one in page.xpath("//ol/li")]
    assert "Your facts changed." in cards[0] and "version" in cards[-1]
    for link in page.xpath("//ol//a/@href"):
        assert as_alice.get(link).status_code == 200


def test_nobody_else_opens_a_past_answer(hers: Patient, as_alice: Client, as_bob: Client, as_carol: Client, bob: Any) -> None:
    as_alice.get(MINE)
    made = _latest()
    make_patient(bob)
    assert as_bob.get(f"{MINE}?made={made.pk}").status_code == 404
    assert as_carol.get(f"{MINE}?made={made.pk}").status_code != 200
    for wrong in ("nonsense", "11111111-1111-4111-8111-111111111111"):
        assert as_alice.get(f"{MINE}?made={wrong}").status_code == 404
    assert as_alice.get(f"/my/gastric/?made={made.pk}").status_code == 404
