"""Why a rule of a trial holds, and what is shown where records disagree, is said in Spanish: every sentence of the conditions and of the
assembly has words, and what has none says that it is English."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.utils import translation

from portal.forms.place import PlaceForm
from portal.presenters.phrasing import in_words
from portal.presenters.trials import country_words

ROOT = Path(__file__).resolve().parents[2]
# Of conditions about the reader and the pages, which no trial has; the last two are written here with a value that nothing gives.
NOT_SHOWN = (
    "A page was hard to read.",
    "The pages were read well.",
    "The reader cares for the patient.",
    "The reader is the patient.",
    "Not checked yet.",
    "The results agree.",
    "A tumor test was found.",
    "The tests we found were done on blood.",
    "Checked on 12.",
    "We show the newest stage12. The others are older.",
)
_ENGLISH = re.compile(r"\b(the|was|were|did|of|find|found|what|which|have|you|not|this|is|are|and)\b", re.IGNORECASE)


@pytest.fixture(autouse=True)
def spanish() -> Iterator[None]:
    with translation.override("es"):
        yield


def _written(path: Path) -> Iterator[str]:
    """Sentences in a module, with 12 for each value."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    inside = {id(one) for node in ast.walk(tree) if isinstance(node, ast.JoinedStr) for one in ast.walk(node) if one is not node}
    inside |= {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
    for node in ast.walk(tree):
        if id(node) in inside:
            continue
        if isinstance(node, ast.JoinedStr):
            yield "".join(str(one.value) if isinstance(one, ast.Constant) else "12" for one in node.values)
        elif isinstance(node, ast.Constant) and isinstance(node.value, str):
            yield node.value


def _sentences() -> set[str]:
    folders = ((ROOT / "personalize" / "criteria"), (ROOT / "records" / "assembly"))
    paths = [*(path for one in folders for path in one.glob("*.py")), ROOT / "personalize" / "eligibility" / "questions.py"]
    found = {one for path in paths for one in _written(path)}
    found = {re.sub(r"^12 (?=[A-Z])", "", one) for one in found}  # after a sentence made elsewhere
    return {one for one in found if re.fullmatch(r"[A-Z1].* .*[.?]", one) and one not in NOT_SHOWN}


def test_every_sentence_has_spanish_words() -> None:
    sentences = _sentences()
    assert len(sentences) > 120
    marked = '<span lang="en">12</span>'
    left = {one: said for one in sorted(sentences) if "lang=" in (said := in_words(one).replace(marked, "")) or _ENGLISH.search(said)}
    assert not left, "a new sentence goes into portal/presenters/phrases.py and, by `make words`, into the catalogue"


@pytest.mark.parametrize(
    ("english", "said"),
    [
        ("The records say Pancreatic ductal adenocarcinoma.", "Los documentos dicen: adenocarcinoma ductal de páncreas."),
        ("The records say stage IV.", "Los documentos dicen: estadio IV."),
        ("The records show 2 lines of treatment: FOLFIRINOX, Gemcitabine.",
         "Los documentos muestran 2 líneas de tratamiento: FOLFIRINOX, gemcitabina."),
        ("The records say total bilirubin 0.6 mg/dL on October 5, 2026. We cannot compare it with the limit.",
         "Los documentos dicen: bilirrubina total 0.6 mg/dL (5 de octubre de 2026). No podemos compararlo con el límite."),
        ("The records say metastatic.; The cancer grew on FOLFIRINOX.", "Los documentos dicen: metastásico. El cáncer creció con: FOLFIRINOX."),
        ("CLDN18.2: positive (2+ 80%)", "CLDN18.2: positivo (2+ 80%)"),
        ("MSLN: it was not tested.", "MSLN: no se hizo la prueba."),
        ("Was MSLN or CEA tested, and what was the result?", "¿Se hizo la prueba de MSLN o CEA y cuál fue el resultado?"),
        ("We show the newest value, of 2026-10. The others are older.",
         "Mostramos el valor más nuevo, con fecha: octubre de 2026. Los otros son más antiguos."),
        ("We show the newest stage, of 2026. The others are older.", "Mostramos el estadio más nuevo, con fecha: 2026. Los otros son más antiguos."),
        ("Records do not settle this: A <b> rule. It holds.", 'Los documentos no lo aclaran: <span lang="en">A &lt;b&gt; rule. It holds.</span>'),
        ("Can your blood cells be collected?", '<span lang="en">Can your blood cells be collected?</span>'),
        ("The records say metastatic. Ask <them>.", '<span lang="en">The records say metastatic. Ask &lt;them&gt;.</span>'),
    ],
)  # fmt: skip
def test_what_is_said(english: str, said: str) -> None:
    assert in_words(english) == said


def test_english_stays_as_it_is() -> None:
    with translation.override("en"):
        assert in_words("The records say <metastatic>.") == "The records say <metastatic>."


def test_countries_have_their_spanish_names() -> None:
    assert country_words(["United States", "Germany"]) == "Estados Unidos, Alemania"
    assert country_words(["Atlantis"]) == "Atlantis"
    choices = PlaceForm(countries=["Germany", "Spain"]).fields["country"].choices  # type: ignore[attr-defined]
    assert list(choices)[1:4] == [("Germany", "Alemania"), ("Spain", "España"), ("United States", "Estados Unidos")]
