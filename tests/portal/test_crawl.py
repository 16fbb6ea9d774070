"""The rendered answers of 42 varied people, crawled: what every tailored sentence carries, how it reads, and that the bytes never differ."""

from __future__ import annotations

import gzip
import hashlib
import io
import re
import subprocess
import sys
from functools import cache
from typing import Any

import pytest
from django.contrib.auth.models import AnonymousUser
from django.core.management import call_command
from django.template.loader import render_to_string
from django.test import RequestFactory
from lxml import html

from personalize.content import MAX_GRADE, MAX_WORDS_IN_SENTENCE, Sensitivity, longest_sentence, reading_grade, wording_faults
from personalize.questions import questions
from portal.answers.values import PersonalAnswer
from portal.content.previewing import made_up_people
from portal.presenters.my_answer import my_page
from portal.presenters.summary import summary_pdf
from tests.personalize.tailor.people import TODAY, content
from tests.personalize.tailor.test_pages import PAGES, PEOPLE
from tests.portal.looking import said

NUMBERS = range(len(PEOPLE))
LARGEST_PAGE = 100_000
# Fonts, styles and scripts that a page brings along, compressed; measured in a browser by the tests of all pages.
BESIDE = 50_000


def _made(number: int) -> PersonalAnswer:
    return PersonalAnswer(PAGES[number], (), questions(PAGES[number], ()), PEOPLE[number], 1, TODAY)


@cache
def rendered(number: int) -> str:
    """The page of person `number`, as anybody's browser gets it."""
    request = RequestFactory().get("/my/page/")
    request.user = AnonymousUser()
    shown = {"mine": my_page(content(), _made(number)), "view": "answer", "is_reading": False, "is_clinical": False}
    return render_to_string("mine/answer.html", shown, request=request)


def _main(number: int) -> Any:
    return html.fromstring(rendered(number)).get_element_by_id("main")


def _own_words(sentence: Any) -> str:
    """The words of a sentence without its sources and dates, and without what stands below it."""
    line = next(one for one in sentence.findall("p") if not one.get("class"))
    for extra in (*line.find_class("cite"), *line.find_class("note")):
        extra.drop_tree()
    return said(line)


@pytest.mark.parametrize("number", NUMBERS)
def test_every_tailored_sentence_carries_its_source_and_its_evidence(number: int) -> None:
    main = _main(number)
    mine = main.find_class("sentence-changed")
    assert mine
    for one in mine:
        cites = one.xpath("./p//a[contains(@class, 'cite')]/@href")
        assert cites and all(main.xpath(f"//*[@id='{link[1:]}']") for link in cites), said(one)
        (why,) = one.find_class("why")
        reason = said(why)
        assert "Why you see this Because" in reason
        is_shown = "report.pdf, page 2" in said(why.find_class("chips")[0])
        assert is_shown or "Not found" in reason or "told us" in reason or "coordinator" in reason, reason


@pytest.mark.parametrize("number", NUMBERS)
def test_the_wording_rules_hold_on_the_page(number: int) -> None:
    for one in _main(number).find_class("sentence"):
        is_closed = bool(one.xpath("ancestor::details[contains(@class, 'numbers')]"))
        words = _own_words(one)
        faults = wording_faults(words, Sensitivity.PROGNOSIS if is_closed else Sensitivity.NONE, max_grade=99)
        assert not [fault for fault in faults if fault.code != "long_sentence"], (words, faults)


def test_sentences_about_the_person_are_short_and_plain() -> None:
    """Measured once for each text. A fact of the person put into a text may be a long word that no editor can shorten."""
    texts = {_own_words(one) for number in NUMBERS for one in _main(number).find_class("sentence-changed")}
    assert len(texts) > 100
    assert not [one for one in texts if longest_sentence(one) > MAX_WORDS_IN_SENTENCE]
    hard = [(reading_grade(one), one) for one in texts if reading_grade(one) > MAX_GRADE]
    assert len(hard) <= len(texts) * 0.05, hard


@pytest.mark.parametrize("number", NUMBERS)
def test_when_to_call_for_help_is_on_the_page_and_how_long_people_lived_is_closed(number: int) -> None:
    main = _main(number)
    box = said(main.get_element_by_id("emergency"))
    assert "911" in box and "100.4 F" in box and "trouble breathing" in box
    assert "It is not medical advice." in said(main.find_class("learning")[0])
    assert not main.xpath(".//details[contains(@class, 'numbers')][@open]")


def test_pages_are_light() -> None:
    assert max(len(gzip.compress(rendered(number).encode())) for number in NUMBERS) <= LARGEST_PAGE - BESIDE


def test_the_same_inputs_give_the_same_bytes_in_another_process() -> None:
    few = (0, 17, 30)
    here = hashlib.sha256("".join(map(rendered, few)).encode()).hexdigest()
    code = (
        "import django; django.setup(); import hashlib; from tests.portal.test_crawl import rendered;"
        f"print(hashlib.sha256(''.join(map(rendered, {few})).encode()).hexdigest())"
    )
    environment = {"PYTHONHASHSEED": "77", "DJANGO_SETTINGS_MODULE": "portal.settings.test"}
    there = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, env=environment)
    assert there.stdout.strip() == here


def test_the_words_of_doctors_say_the_same_in_their_terms_with_the_same_sources() -> None:
    number = next(n for n in NUMBERS if PAGES[n].slug == "pancreatic" and any(one.row_id == "TM-31" for one in PAGES[n].changes()))
    mine = my_page(content(), _made(number), is_clinical=True)
    clinical = {one.code: one for part in mine.about_me for one in part.sentences if one.change}
    plain = {one.code: one for part in my_page(content(), _made(number)).about_me for one in part.sentences if one.change}
    differs = [code for code, one in clinical.items() if one.body != plain[code].body]
    assert len(differs) >= 3 and "Cut-offs differ: satri-cel" in clinical["s-tm-31-1"].body
    for code in differs:
        assert re.findall("#source-[0-9]+", clinical[code].body) == re.findall("#source-[0-9]+", plain[code].body)
        assert clinical[code].why == plain[code].why


def test_words_of_doctors_keep_the_wording_rules() -> None:
    texts = [one.clinical_text for page in content().answers for one in page.passages() if one.clinical_text]
    assert len(texts) >= 20
    for one in texts:
        assert not [fault for fault in wording_faults(one, max_grade=99) if fault.code != "long_sentence"], one


def test_somebody_who_cares_reads_about_them() -> None:
    """Headings, sentences and questions speak of the person cared for, never to that person; words for the reader stay."""
    numbers = [number for number in NUMBERS if PEOPLE[number].is_reader_caregiver]
    assert numbers
    for number in numbers:
        main = _main(number)
        assert said(main.xpath(".//h1")[0]) == "What the records of the person you care for say about CAR-T"
        own = [said(one) for one in main.xpath(".//section[@id='questions']//li | .//h2")] + [
            _own_words(one) for one in main.find_class("sentence-changed")
        ]
        assert not [
            one
            for one in own
            if re.search(r"\b(?:your (?:tumor|stage|records?|treatment|doctor|HLA)|my|do I|am I|have I)\b", one, re.IGNORECASE)
        ]
        assert "Questions for their doctor" in own


def test_what_an_answer_costs_is_measured_beside_a_bare_page() -> None:
    printed = io.StringIO()
    call_command("bench_answer", times=1, stdout=printed)
    *people, worst = printed.getvalue().splitlines()
    assert len(people) == len(made_up_people()) and all(one.startswith(who.name) for one, who in zip(people, made_up_people(), strict=True))
    assert re.fullmatch(r"worst, ms of processor time beyond a bare page: \d+\.\d \(goal 30 or less\)", worst)


@pytest.mark.parametrize("number", [0, 20, 41])
def test_the_pages_for_the_doctor_are_a_tagged_pdf_of_two_pages_at_most(number: int) -> None:
    pikepdf, pdfium = pytest.importorskip("pikepdf"), pytest.importorskip("pypdfium2")
    made = summary_pdf(my_page(content(), _made(number)))
    with pikepdf.open(io.BytesIO(made)) as file:
        assert 1 <= len(file.pages) <= 2
        assert file.Root.MarkInfo.Marked and "/StructTreeRoot" in file.Root and "/Lang" in file.Root
    document = pdfium.PdfDocument(made)
    words = " ".join(" ".join(page.get_textpage().get_text_range() for page in document).split())
    assert "It is not medical advice." in words and "911" in words and "100.4 F" in words
    assert "report.pdf, page 2" in words or not PAGES[number].fact_cards
