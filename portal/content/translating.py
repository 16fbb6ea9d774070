"""Translations beside the rows they are of: which part a row is, the English it has now, and what keeps a translation from the pages."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from personalize.content import FACT_SLOT, Sensitivity, WordingFault, Words, parts_of, wording_faults, words_of
from personalize.content.plain import plain
from personalize.content.translating import KINDS, OPTIONAL, is_current
from portal.content.current import current_content, translation_value
from portal.models import content as rows
from portal.models.editable import Editable, Revision

LANGUAGES: Mapping[str, str] = {"es": "Spanish"}
_KIND_OF: Mapping[type[Editable], str] = {
    rows.Answer: "answer", rows.Section: "section", rows.Passage: "passage", rows.Fact: "fact", rows.GlossaryTerm: "term",
    rows.FixedText: "fixed", rows.Disagreement: "disagreement", rows.Service: "service",
}  # fmt: skip
# Read as a few words or by doctors: no limit to the length of their sentences.
_PHRASES = frozenset({"title", "heading", "reason", "clinical_text", "term", "aliases", "about", "kind", "region", "cost"})
_FIGURE = re.compile(r"\d+(?:[.,]\d+)*")
_SLOT = re.compile(r"\{[^{}]*\}")
_FORM = frozenset({"reading_grade", "long_sentence"})
# The title of the closed control for numbers about how long people lived says so, in every language.
_CLOSED = "prognosis_control"


def part_of(row: Editable) -> tuple[str, str]:
    """Kind and name of the part of the content that a row is; "" for what is not translated."""
    kind = _KIND_OF.get(type(row), "")
    if isinstance(row, rows.Passage):
        return kind, f"{row.section.answer_id}/{row.section.code}/{row.code}"
    if isinstance(row, rows.Section):
        return kind, f"{row.answer_id}/{row.code}"
    return kind, row.name if isinstance(row, rows.Service) else str(row.pk)


def english_of(kind: str, name: str) -> dict[str, Any]:
    """The words of a part as they stand on the pages now, as JSON; empty where there is none."""
    part = _parts(Revision.current()).get((kind, name))
    read: dict[str, Any] = plain(words_of(kind, part)) if part is not None else {}
    return read


def part_names() -> list[tuple[str, str]]:
    """Every part with words to translate, in page order."""
    return [key for key, part in _parts(Revision.current()).items() if words_of(key[0], part)]


@lru_cache(maxsize=2)
def _parts(revision: int) -> dict[tuple[str, str], Any]:
    return {(kind, name): part for kind, name, part in parts_of(current_content("en"))}


def is_up_to_date(row: rows.Translation) -> bool:
    """Made of the English that stands on the pages now, with nothing left out."""
    value = translation_value(row)
    english = words_of(row.kind, part) if (part := _parts(Revision.current()).get((row.kind, row.name))) is not None else {}
    return bool(english) and is_current(value, english)


@dataclass(frozen=True, slots=True)
class BesideEnglish:
    """A row in one other language. row: None where there is no translation."""

    language: str
    kind: str
    name: str
    row: rows.Translation | None = None
    is_up_to_date: bool = False


def translations_of(row: Editable) -> list[BesideEnglish]:
    """Each other language; none where the row has no words of its own."""
    kind, name = part_of(row)
    if not kind or not english_of(kind, name):
        return []
    made = {one.language: one for one in rows.Translation.objects.filter(kind=kind, name=name)}
    return [
        BesideEnglish(title, kind, name, one, is_up_to_date(one)) if (one := made.get(code)) else BesideEnglish(title, kind, name)
        for code, title in LANGUAGES.items()
    ]


def translation_faults(columns: Mapping[str, Any]) -> Iterator[WordingFault]:
    """What is wrong with a translation. columns: as publishing keeps them."""
    kind, words, english = columns["kind"], columns.get("words") or {}, columns.get("english") or {}
    yield from _left_out(words, english)
    yield from _unequal(words, english)
    sensitivity = _sensitivity(kind, columns["name"])
    for name in KINDS[kind][1]:
        text = FACT_SLOT.sub("", _text(words.get(name)))
        faults = wording_faults(text, sensitivity, language=columns["language"])
        yield from (one for one in faults if name not in _PHRASES or one.code not in _FORM)


def _left_out(words: Words, english: Words) -> Iterator[WordingFault]:
    for name in english:
        if name not in OPTIONAL and not words.get(name):
            yield WordingFault("left_out", name.replace("_", " "), "Translate this too; until then the page shows the English.")


def _unequal(words: Words, english: Words) -> Iterator[WordingFault]:
    for pattern, code in ((_FIGURE, "figures"), (_SLOT, "slots")):
        there, here = (Counter(pattern.findall(_all(one))) for one in (english, words))
        for missing in there - here:
            yield WordingFault(code, missing, "The English has it, and the translation does not.")
        for extra in here - there:
            yield WordingFault(code, extra, "The English does not have it.")


def _all(words: Words) -> str:
    return "\n".join(_text(said) for name, said in words.items() if name not in OPTIONAL)


def _text(said: Any) -> str:
    return "\n".join(map(str, said)) if isinstance(said, list | tuple) else str(said or "")


def _sensitivity(kind: str, name: str) -> Sensitivity:
    part = _parts(Revision.current()).get((kind, name))
    if kind == "term" or name == _CLOSED:
        return Sensitivity.PROGNOSIS
    return getattr(part, "sensitivity", None) or Sensitivity.NONE
