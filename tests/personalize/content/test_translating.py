"""The content in Spanish: complete for the pancreatic answer, the same figures, and never the old words for English that changed."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import replace
from functools import cache
from typing import Any

import pytest

from personalize.content import (
    FACT_SLOT,
    Content,
    ContentFault,
    Passage,
    Sensitivity,
    Translation,
    Words,
    localized,
    longest_sentence,
    parts_of,
    stable_json,
    wording_faults,
    words_of,
)
from personalize.content.translated_seed import load_translations, outdated
from personalize.questions import questions
from personalize.tailor import TailoredAnswer, general_page, tailor
from personalize.tailor.languages import language
from personalize.tailor.voice import for_caregiver
from tests.personalize.tailor.people import PDAC, SEED, TODAY, content
from tests.personalize.tailor.test_pages import PEOPLE

ANSWER = "pancreatic"
_FIGURE = re.compile(r"\d+(?:[.,]\d+)*")
_SLOT = re.compile(r"\{[^{}]*\}")
_QUOTED = re.compile(r"“[^”]*”|\([^)]*\)")
_ENGLISH = re.compile(r"\b(?:the|your|you|records?|because|and|with|was|did|not|stage|cancer of)\b", re.IGNORECASE)


@cache
def translations() -> tuple[Translation, ...]:
    return load_translations(SEED / "es", content(), "es")


@cache
def spanish() -> Content:
    return localized(content(), translations(), "es")


def _text(words: Words) -> str:
    return "\n".join(said if isinstance(said, str) else "\n".join(said) for name, said in sorted(words.items()) if name != "aliases")


def test_no_translation_was_made_of_other_words_than_the_english_of_now() -> None:
    assert not outdated(SEED / "es", content())


@pytest.mark.parametrize("kind", ["figures", "slots"])
def test_every_figure_date_and_slot_of_the_english_is_in_the_spanish(kind: str) -> None:
    pattern = _FIGURE if kind == "figures" else _SLOT
    wrong = [
        one.name for one in translations() if Counter(pattern.findall(_text(one.english))) != Counter(pattern.findall(_text(one.words)))
    ]
    assert len(translations()) > 400 and not wrong


@pytest.mark.parametrize("slug", [ANSWER, "pancreatic-net", "acinar", "ampullary", "no-diagnosis"])
def test_the_answers_for_the_pancreas_and_for_no_diagnosis_are_in_spanish_to_the_last_word(slug: str) -> None:
    made = spanish()
    pages = [one for one in made.answers if one.slug == slug or one.is_shared]
    assert made.answer(slug).language == "es"
    assert not [one.title for page in pages for one in page.sections if one.language != "es"]
    assert not [one.id for page in pages for one in page.passages() if (not one.only_for or slug in one.only_for) and one.language != "es"]
    assert not [one for one in (*made.glossary, *made.fixed_texts, *made.disagreements, *made.services) if one.language != "es"]


def test_spanish_keeps_to_the_wording_rules() -> None:
    parts = {(kind, name): part for kind, name, part in parts_of(content())}
    for one in translations():
        part = parts[one.kind, one.name]
        sensitivity = Sensitivity.PROGNOSIS if one.name == "prognosis_control" else getattr(part, "sensitivity", None) or Sensitivity.NONE
        for name, said in one.words.items():
            text = FACT_SLOT.sub("", said if isinstance(said, str) else "\n".join(said))
            faults = [
                fault for fault in wording_faults(text, sensitivity, language="es") if name not in ("term", "aliases", "clinical_text")
            ]
            is_about_a_measure = one.kind == "term" and {fault.code for fault in faults} <= {"prognosis"}
            assert not faults or is_about_a_measure, (one.name, faults)


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("Es una cura garantizada.", "hype"), ("Usted debe entrar en este ensayo.", "advice"), ("Usted es elegible para el ensayo.", "verdict"),
        ("La mediana fue de 8 meses.", "prognosis"), ("Es la última opción.", "hopeless"), ("El tratamiento funciona muy bien.", "works"),
        ("Siga en la lucha y luche hasta vencer.", "battle"), ("Retrase su cirugía.", "stopping"), ("Es más eficaz que el otro.", "comparison"),
        ("Según la NCCN, esto es lo habitual.", "booklet"), ("Hace falta un intervalo antes de la dosis.", "do_not_stop_alone"),
        (" ".join(["palabra"] * 26) + ".", "long_sentence"),
    ],
)  # fmt: skip
def test_what_must_not_be_said_must_not_be_said_in_spanish(text: str, code: str) -> None:
    assert [one.code for one in wording_faults(text, language="es")] == [code]


def test_long_and_hard_are_measured_in_spanish_sentences() -> None:
    assert longest_sentence("¿Puedo entrar? ¿Qué falta? Él lo sabe.") == 3
    assert not wording_faults("La inmunohistoquímica identifica inequívocamente características histopatológicas.", language="es")


# --- English that changed, and Spanish that is missing ------------------------------------------------------------------------------------


def _changed(id: str, **columns: Any) -> Content:
    facts = tuple(replace(one, **columns) if one.id == id else one for one in content().facts)
    return replace(content(), facts=facts)


def _sentence(page: TailoredAnswer, id: str) -> Any:
    return next(one for part in page.sections for one in part.sentences if one.passage_id == id)


def test_a_statement_that_changed_in_english_is_shown_in_english_until_it_is_translated_again() -> None:
    newer = _changed("CHEMO-01", statement="FOLFIRINOX is a mix of 4 chemo drugs. The key trial was counted again in 2026.")
    page = general_page(localized(newer, translations(), "es"), ANSWER, today=TODAY)
    shown = _sentence(page, "CHEMO-01")
    assert (shown.language, shown.text) == ("en", newer.fact("CHEMO-01").statement)
    assert shown.is_prognosis, "how long people lived stays closed in any language"
    assert [one.key for one in shown.sources] == [
        one.key for one in _sentence(general_page(content(), ANSWER, today=TODAY), "CHEMO-01").sources
    ]
    others = [one for part in page.sections for one in part.sentences if one.passage_id != "CHEMO-01"]
    assert others and all(one.language == "es" for one in others)


def test_a_passage_with_a_changed_fact_in_it_is_all_english_and_never_half() -> None:
    answers = tuple(_with_slot(one) for one in content().answers)
    page = localized(replace(_changed("REQ-01", statement="Most trials ask for ECOG 0 or 1."), answers=answers), translations(), "es")
    mixed = next(one for one in page.answer(ANSWER).passages() if one.id == "bottom-line")
    assert (mixed.language, mixed.text) == ("en", "Ask first. Most trials ask for ECOG 0 or 1. Ask your team.")


def _with_slot(answer: Any) -> Any:
    def passage(one: Passage) -> Passage:
        return replace(one, text="Ask first. {REQ-01} Ask your team.") if one.id == "bottom-line" else one

    parts = tuple(replace(part, passages=tuple(map(passage, part.passages))) for part in answer.sections)
    return replace(answer, sections=parts) if answer.slug == ANSWER else answer


def test_a_translation_that_leaves_something_out_is_not_shown() -> None:
    def cut(one: Translation) -> Translation:
        return replace(one, words={"text": one.words["text"]}) if one.name.endswith("/tm-31-1") else one

    made = localized(content(), map(cut, translations()), "es")
    passage = next(one for page in made.answers for one in page.passages() if one.id == "tm-31-1")
    assert passage.language == "en" and passage.text.startswith("Your tumor has claudin 18.2.")


def test_nothing_translated_is_english_that_says_so() -> None:
    made = localized(content(), (), "es")
    page = general_page(made, ANSWER, today=TODAY)
    assert (page.language, page.title_language) == ("es", "en")
    assert all(one.language == "en" for part in page.sections for one in part.sentences)
    assert _sentence(page, "REQ-01").text == content().fact("REQ-01").statement


def test_english_is_not_touched_and_each_language_has_its_own_hash() -> None:
    assert localized(content(), translations(), "en") is content()
    assert "language" not in stable_json(content())
    assert spanish().content_hash == localized(content(), reversed(translations()), "es").content_hash != content().content_hash


def test_an_entry_of_a_part_that_is_not_there_is_refused(tmp_path: Any) -> None:
    (tmp_path / "x.toml").write_text('[[fact]]\nname = "NO-99"\nof = "00000000"\nstatement = "Nada."\n', encoding="utf-8")
    with pytest.raises(ContentFault, match="there is no such part"):
        load_translations(tmp_path, content(), "es")


# --- tailored pages -----------------------------------------------------------------------------------------------------------------------


# Everybody with the cancer that the Spanish is for: other illnesses, treatments and markers come along.
PATIENTS = [replace(one, primary_cancer=PDAC) if one.primary_cancer else one for one in PEOPLE]


def _pages(people: Iterable[Any]) -> list[TailoredAnswer]:
    made = (tailor(spanish(), one, today=TODAY, slug=ANSWER) for one in people)
    return [one for one in made if one.slug == ANSWER]


def _lines(page: TailoredAnswer) -> list[str]:
    """Everything a reader of the page sees of it, without the names and words of records."""
    sentences = [*page.banners, *page.lead, *page.questions, *page.trial_notes]
    sentences += [one for part in page.sections for one in (*part.sentences, *part.hidden)]
    assert all(one.language == "es" and one.reason_language == "es" for one in sentences)
    said = [page.title, *(part.title for part in page.sections), *(one.prompt for one in page.unknowns)]
    said += [text for one in sentences for text in (one.heading, one.text, one.reason or "", one.replaces, one.caution)]
    said += [text for one in page.fact_cards for text in (one.label, one.value, one.meaning, *one.notes)]
    said += [text for one in questions(page, ()) for text in (one.text, one.why)]
    return [_QUOTED.sub("", one) for one in said]


def test_tailored_pages_are_in_spanish_with_their_reasons_cards_and_questions() -> None:
    pages = _pages(PATIENTS)
    assert len(pages) >= 20 and sum(len(page.changes()) for page in pages) > 150
    english = {one for page in pages for one in _lines(page) if _ENGLISH.search(one)}
    assert not english


def test_a_spanish_page_says_what_the_english_one_says() -> None:
    """The same sentences in the same places, with the same sources, evidence and states."""
    for one in PATIENTS:
        english, made = (tailor(said, one, today=TODAY, slug=ANSWER) for said in (content(), spanish()))
        assert _shape(english) == _shape(made)


def _shape(page: TailoredAnswer) -> Any:
    parts = (page.banners, page.lead, page.questions, page.trial_notes, *(part.sentences for part in page.sections))
    told = [[(one.passage_id, one.change, one.sources, one.evidence, one.state) for one in part] for part in parts]
    return told, [(one.row_id, one.unlocks) for one in page.unknowns], [(one.kind, one.state) for one in page.fact_cards], page.rows()


def test_who_cares_for_the_patient_is_not_addressed_as_the_patient() -> None:
    pages = _pages(replace(one, is_reader_caregiver=True) for one in PATIENTS)
    asked = {one.text for page in pages for one in questions(page, ())}
    spoken = {one.lower() for text in asked for one in re.findall(r"\w+", text)}
    assert len(asked) > 20 and not spoken & {
        "mi",
        "mis",
        "me",
        "tengo",
        "puedo",
        "necesito",
        "recibí",
        "tuve",
        "llamo",
        "espero",
        "usted",
        "conmigo",
    }
    assert for_caregiver("Usted tiene “mi tumor”. ¿Puedo pedir mi copia?", "es") == "Esa persona tiene “mi tumor”. ¿Puede pedir su copia?"


def test_both_languages_have_the_same_phrases_and_cards() -> None:
    from personalize.tailor.cards import _all_words

    english, other = language("en"), language("es")
    assert set(other.phrases) - set(english.phrases) == {"day", "month_of_year"} and not set(english.phrases) - set(other.phrases)
    assert len(set(other.months)) == 12
    for key, said in english.phrases.items():
        assert sorted(_SLOT.findall(said)) == sorted(_SLOT.findall(other.phrases[key])), key
    mine, theirs = _all_words("en"), _all_words("es")
    for part in theirs:
        assert _keys(mine[part]) == _keys(theirs[part]), part
    assert set(mine) - set(theirs) == {"wanted_markers", "wanted_labs"}


def _keys(words: Mapping[str, Any]) -> set[Any]:
    return {(name, *sorted(one)) if isinstance(one, dict) else name for name, one in words.items()}


@pytest.mark.parametrize(
    ("reason", "said"),
    [
        (
            "The records say pancreatic ductal adenocarcinoma.; The cancer grew on FOLFIRINOX.",
            "adenocarcinoma ductal de páncreas; el cáncer creció con FOLFIRINOX",
        ),
        ("The records say metastatic.", "metastásico"), ("KRAS: positive (p.G12D)", "KRAS: positivo (p.G12D)"),
        ("The records say ECOG 1.", "ECOG 1"), ("Age 67.", "67 años de edad"), ("The records say HLA-A*02:01.", "HLA-A*02:01"),
        ("The records show 2 lines of treatment: FOLFIRINOX, gemcitabine.", "2 líneas de tratamiento: FOLFIRINOX, gemcitabina"),
        ("The records say CA 19-9 812 U/mL on November 3, 2026.", "CA 19-9 812 U/mL (3 de noviembre de 2026)"),
        ("The records say total bilirubin 2.1 mg/dL on May 2026.", "bilirrubina total 2.1 mg/dL (mayo de 2026)"),
        ("The records say fibrous mastopathy.", "“fibrous mastopathy”"),
    ],
)  # fmt: skip
def test_why_a_condition_holds_is_said_in_spanish(reason: str, said: str) -> None:
    """Words that we do not know are the record's own, in quotation marks."""
    assert language("es").because(reason) == said


def test_words_of_a_part_leave_out_what_is_only_slots() -> None:
    assert words_of("passage", Passage("x", "s", text="{REQ-01}", reason="{kras}", heading="KRAS?")) == {"heading": "KRAS?"}
