"""Nothing that patients read is missing in Spanish, and nothing of a template is said past the catalogue."""

from __future__ import annotations

import re
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path

import polib
import pytest
from django.template.base import Lexer, TokenType

from personalize.content import wording_faults
from tests import catalogue
from tests.portal.test_interface_words import FIXED

_SLOT = re.compile(r"%\(\w+\)[sd]|%%|<[^>]+>|\bNAME\b|\bCAR-T\b|\bClinicalTrials\.gov\b")
# To a friend, not to "usted".
_FAMILIAR = re.compile(r"\b(tú|tu|tus|ti|te|contigo|puedes|debes|tienes|quieres|estás|eres|vosotros|vuestr\w+|os)\b", re.IGNORECASE)
UNTRANSLATED = {"CAR-T Guide"}
# Between these tags stand words that are marked, or the name of a style.
_QUIET = re.compile(r"(end)?blocktranslate\b|block body_class|endblock")
_SPOKEN = ("alt", "aria-label", "placeholder", "title")


@pytest.fixture(scope="module")
def needed() -> dict[str, catalogue.Sentence]:
    return catalogue.needed()


@pytest.fixture(scope="module")
def spanish() -> dict[str, polib.POEntry]:
    return catalogue.spanish()


def _said(entry: polib.POEntry) -> list[str]:
    return list(entry.msgstr_plural.values()) if entry.msgid_plural else [entry.msgstr]


def test_every_sentence_has_spanish_words(needed: dict[str, catalogue.Sentence], spanish: dict[str, polib.POEntry]) -> None:
    assert len(needed) > 900
    missing = [one for one in needed if one not in spanish or spanish[one].fuzzy or not all(_said(spanish[one]))]
    assert not missing, "python -m tests.catalogue, then write the Spanish of these in django.po, then run it again"
    assert not [one.said for one in needed.values() if one.plural != (spanish[one.said].msgid_plural or "")]
    assert not spanish.keys() - needed.keys(), "python -m tests.catalogue drops what is gone"


def test_slots_and_names_stay(spanish: dict[str, polib.POEntry]) -> None:
    for entry in spanish.values():
        singular, *plural = _said(entry)
        for english, said in ((entry.msgid, singular), *((entry.msgid_plural, one) for one in plural)):
            assert sorted(_SLOT.findall(english)) == sorted(_SLOT.findall(said)), said


def test_people_are_spoken_to_as_usted(spanish: dict[str, polib.POEntry]) -> None:
    assert not [said for entry in spanish.values() for said in _said(entry) if _FAMILIAR.search(said)]


def test_spanish_words_never_advise(spanish: dict[str, polib.POEntry]) -> None:
    said = {one for english, entry in spanish.items() if english not in FIXED for one in _said(entry)}
    assert not [fault for one in said for fault in wording_faults(one, language="es")]


def test_what_the_site_reads_is_what_was_written(spanish: dict[str, polib.POEntry]) -> None:
    compiled = {one.msgid: one for one in polib.mofile(str(catalogue.SPANISH.with_suffix(".mo")))}
    assert {key: _said(one) for key, one in compiled.items()} == {key: _said(one) for key, one in spanish.items()}, "python -m tests.catalogue"


class _Words(HTMLParser):
    """What a reader sees or hears of a page: text, and the attributes that are spoken."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []

    def handle_data(self, data: str) -> None:
        if self.cdata_elem is None:  # inside a script
            self.found.append(data)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        is_button = tag == "input" and dict(attrs).get("type") in ("submit", "button")
        self.found += [text or "" for name, text in attrs if name in _SPOKEN or (is_button and name == "value")]


def _unmarked(text: str) -> Iterator[str]:
    """Words of a template that stand in no tag for translating."""
    plain, is_quiet = [], False
    for token in Lexer(text).tokenize():
        if token.token_type is TokenType.TEXT:
            plain.append("" if is_quiet else token.contents)
        elif token.token_type is TokenType.BLOCK and _QUIET.match(token.contents):
            is_quiet = not token.contents.startswith("end")
    page = _Words()
    page.feed("".join(plain))
    for piece in "\n".join(page.found).splitlines():
        said = piece.strip(" ,.:;–()[]“”'\"|")
        if re.search(r"[^\W\d_]{2}", said) and said not in UNTRANSLATED:
            yield said


@pytest.mark.parametrize("path", catalogue.patient_templates(), ids=lambda path: path.relative_to(catalogue.HERE / "templates").as_posix())
def test_no_words_stand_past_the_catalogue(path: Path) -> None:
    assert not list(_unmarked(path.read_text(encoding="utf-8")))


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("<p>Hello there</p>", ["Hello there"]),
        ('<p>{% translate "Hello" %} {{ name }}</p>', []),
        ('<img alt="A page">', ["A page"]),
        ('<a aria-label="{% translate "Open" %} the file">{{ name }}</a>', ["the file"]),
        ("{% blocktranslate %}Hello {{ name }}{% endblocktranslate %} and more", ["and more"]),
        ('<input type="hidden" name="do" value="invite">', []),
    ],
)
def test_the_search_sees_words(text: str, found: list[str]) -> None:
    assert list(_unmarked(text)) == found
