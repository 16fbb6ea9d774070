"""From the seed to the database and back: nothing is lost on the way, and what a person edited stays."""

from __future__ import annotations

from io import StringIO
from pathlib import Path

import pytest
from django.core.management import call_command

from personalize.content import Content, load_seed
from portal.content import current_content
from portal.content.seeding import store_content
from portal.models import Fact, Passage, Section

SEED = Path(__file__).parents[2] / "portal" / "seed"
pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module")
def seed() -> Content:
    return load_seed(SEED)


def test_what_is_loaded_equals_the_seed(seed: Content) -> None:
    call_command("load_content", stdout=StringIO())
    read = current_content()
    assert read == seed
    assert read.content_hash == seed.content_hash


def test_loading_twice_writes_nothing_the_second_time(seed: Content) -> None:
    assert store_content(seed) > 500
    assert store_content(seed) == 0


def test_an_edited_passage_survives_the_next_load(seed: Content) -> None:
    store_content(seed)
    passage = Passage.objects.get(section__answer="pancreatic", code="bottom-line")
    passage.text = "Our own words. Ask your team."
    passage.save()
    store_content(seed)
    assert current_content().answer("pancreatic").passages()[-1].text == "Our own words. Ask your team."


def test_an_edit_shows_on_the_next_page(seed: Content) -> None:
    store_content(seed)
    before = current_content().content_hash
    fact = Fact.objects.get(pk="CART-01")
    fact.statement = "CAR-T is made from T cells."
    fact.save()
    assert current_content().fact("CART-01").statement == "CAR-T is made from T cells."
    assert current_content().content_hash != before


def test_what_the_seed_no_longer_has_goes_unless_a_person_edited_it(seed: Content) -> None:
    from dataclasses import replace

    store_content(seed)
    kept = Passage.objects.get(section__answer="no-diagnosis", code="q-type")
    kept.text = "Which type is it?"
    kept.save()
    answers = tuple(one for one in seed.answers if one.slug not in ("no-diagnosis",))
    shorter = tuple(
        replace(one, sections=tuple(part for part in one.sections if part.id != "find_trials")) if one.slug == "pancreatic" else one
        for one in answers
    )
    store_content(replace(seed, answers=shorter))
    assert not Section.objects.filter(answer="pancreatic", code="find_trials").exists()
    assert [one.code for one in Passage.objects.filter(section__answer="no-diagnosis")] == ["q-type"]
