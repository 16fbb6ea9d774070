"""The wording rules over everything that the seed can put on a page, and the rules themselves."""

from __future__ import annotations

import re

import pytest

from personalize.content import FACT_SLOT, MAX_GRADE, Passage, Sensitivity, rate_faults, reading_grade, wording_faults
from personalize.tailor.words import WORDS, slots_of
from tests.personalize.tailor.people import content

DOCTORS_GRADE = 99.0  # the words of doctors are not plain; every other rule holds for them too
HEADING_GRADE = 99


def own_words(text: str) -> str:
    """Without the statements of facts, which are judged by themselves; the person's own values as a short word."""
    return re.sub(r"\{[a-z_0-9]+\}", "ECOG 1", FACT_SLOT.sub("", text)).strip()


PASSAGES = [(answer.slug, one) for answer in content().answers for one in answer.passages()]


def test_every_passage_keeps_the_wording_rules() -> None:
    facts = {one.id: one for one in content().facts}
    faults = []
    for slug, one in PASSAGES:
        sensitivity = one.sensitivity or Sensitivity.NONE
        for text in filter(None, map(own_words, (one.text, one.if_unknown, one.clinical_text))):
            grade = DOCTORS_GRADE if text == own_words(one.clinical_text) else MAX_GRADE
            found = (*wording_faults(text, sensitivity, max_grade=grade), *rate_faults(text, [facts[id] for id in one.fact_ids]))
            faults += [(slug, one.id, fault.code, fault.words) for fault in found]
        faults += [(slug, one.id, fault.code, fault.words) for fault in wording_faults(one.heading, max_grade=HEADING_GRADE)]
    assert not faults


def test_every_fact_keeps_them_and_names_its_people() -> None:
    faults = [
        (one.id, fault.code, fault.words)
        for one in content().facts
        for fault in (*wording_faults(one.statement, one.sensitivity), *rate_faults(one.statement, [one]))
    ]
    assert not faults


def test_glossary_and_fixed_texts_keep_them() -> None:
    texts = [one.definition for one in content().glossary] + [one.text for one in content().disagreements]
    texts += [" ".join(one.lines) for one in content().fixed_texts if not one.id.startswith("emergency")]
    assert not [(text, fault.code) for text in texts for fault in wording_faults(text)]


def test_every_passage_of_a_row_has_a_condition_a_group_and_a_place() -> None:
    for slug, one in PASSAGES:
        if one.row:
            assert one.condition is not None, one.id
            assert one.group is not None, one.id
            assert set(slots_of(one.text + one.reason + one.if_unknown)) <= set(WORDS), (slug, one.id)


def test_all_eighty_rows_are_there() -> None:
    assert {one.row for _, one in PASSAGES if one.row} == {f"TM-{number:02}" for number in range(1, 81)}


def test_a_row_speaks_only_on_pages_that_exist() -> None:
    slugs = {one.slug for one in content().answers if not one.is_shared}
    assert len(slugs) == 15
    assert all(set(one.only_for) <= slugs for _, one in PASSAGES)


def test_every_anchor_is_on_a_page_that_the_row_may_change() -> None:
    pages = {
        one.slug: {part.id for part in one.sections} | {each.id for each in one.passages()} for one in content().answers if not one.is_shared
    }
    shared = {part.id for one in content().answers if one.is_shared for part in one.sections}
    lost = [(one.id, anchor) for _, one in PASSAGES for anchor in one.anchors if not _is_somewhere(one, anchor, pages, shared)]
    assert not lost


def _is_somewhere(passage: Passage, anchor: str, pages: dict[str, set[str]], shared: set[str]) -> bool:
    return anchor in shared or any(anchor in pages[slug] for slug in (passage.only_for or pages))


def test_every_fact_is_on_a_page_or_hidden_on_purpose() -> None:
    used = {id for _, one in PASSAGES for id in one.fact_ids}
    assert {one.id for one in content().facts} - used == {"APPR-25"}
    assert len(content().glossary) == 91


def test_how_long_people_lived_is_marked_where_it_is_said() -> None:
    for one in content().facts:
        if re.search(r"\b(?:median|lived|survival)\b", one.statement):
            assert one.sensitivity is Sensitivity.PROGNOSIS, one.id


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("You should take this drug.", "advice"),
        ("You are not eligible.", "verdict"),
        ("The median was 9 months.", "prognosis"),
        ("This is your last option.", "hopeless"),
        ("It is a promising drug.", "hype"),
        ("You failed chemo.", "battle"),
        ("Skip your next dose.", "stopping"),
        ("Some trials need a washout.", "do_not_stop_alone"),
        ("NCCN recommends it.", "booklet"),
    ],
)
def test_what_no_page_may_say_is_caught(text: str, code: str) -> None:
    assert code in {one.code for one in wording_faults(text, max_grade=99)}


def test_a_quote_of_somebody_else_is_not_judged() -> None:
    assert not wording_faults("The report says “you should stop”. Ask your team.")


def test_long_words_and_sentences_raise_the_grade() -> None:
    assert reading_grade("Ask your team. They can help.") < 3
    assert reading_grade("Immunohistochemical characterization necessitates histopathological evaluation.") > 12
