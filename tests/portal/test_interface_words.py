"""The words of the interface: plain, short, and never advice."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from personalize.content import MAX_INTERFACE_GRADE, reading_grade, sentences, wording_faults

ROOT = Path(__file__).resolve().parents[2]
MOST_WORDS = 20
# A phrase of a few words has no grade worth the name: one long word decides it.
FEWEST_WORDS = 6
# Words that the content prescribes.
FIXED = {"Study averages (opens numbers about how long people lived)"}
_STRINGS = (
    re.compile(r"{% translate (?:\"([^\"]+)\"|'([^']+)')"),
    re.compile(r"{% blocktranslate[^%]*%}(.*?)(?:{% plural %}(.*?))?{% endblocktranslate %}", re.DOTALL),
)
_SLOT = re.compile(r"{{[^}]*}}|%\(\w+\)s|%\(\w+\)d|<[^>]+>")


def _of_templates() -> Iterator[tuple[str, str]]:
    for path in sorted((ROOT / "templates").rglob("*.html")):
        for pattern in _STRINGS:
            for found in pattern.finditer(path.read_text(encoding="utf-8")):
                yield from ((path.name, one) for one in found.groups() if one)


def _of_code() -> Iterator[tuple[str, str]]:
    folders = [found for name in ("presenters", "views", "forms") for found in (ROOT / "portal" / name).glob("*.py")]
    places = [*folders, ROOT / "portal" / "inviting.py"]
    for path in sorted(places):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and getattr(node.func, "id", "") in ("_", "gettext_lazy", "ngettext"):
                yield from ((path.name, one.value) for one in node.args if isinstance(one, ast.Constant) and isinstance(one.value, str))


STRINGS = sorted({(name, _SLOT.sub("this", text).strip()) for name, text in (*_of_templates(), *_of_code())})


def test_there_are_strings() -> None:
    assert len(STRINGS) > 300


@pytest.mark.parametrize(("place", "text"), STRINGS)
def test_words_are_plain(place: str, text: str) -> None:
    if text in FIXED:
        return
    for sentence in sentences(text):
        assert len(sentence.split()) <= MOST_WORDS, f"{place}: {sentence}"
    if len(text.split()) >= FEWEST_WORDS:
        assert reading_grade(text) <= MAX_INTERFACE_GRADE, f"{place}: {text}"


@pytest.mark.parametrize(("place", "text"), STRINGS)
def test_words_never_advise(place: str, text: str) -> None:
    faults = [one for one in wording_faults(text, max_grade=99) if text not in FIXED]
    assert not faults, f"{place}: {text}"
