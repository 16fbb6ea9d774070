"""Finding an answer by its words."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from personalize.content import FACT_SLOT, Answer, Content
from portal.presenters.telling import told

_WORDS = re.compile(r"[a-z0-9]+(?:[.'-][a-z0-9]+)*")
_LITTLE = frozenset(["a", "an", "and", "are", "can", "car-t", "cart", "do", "does", "for", "how", "i", "in", "is", "it", "me", "my", "of",
                     "on", "the", "therapy", "to", "treatment", "what", "with", "work", "al", "celulas", "como", "con", "cual", "de", "del", "el",
                     "en", "es", "hay", "la", "las", "los", "me", "mi", "para", "por", "que", "se", "si", "terapia", "tratamiento", "un", "una",
                     "y"])  # fmt: skip


def _folded(text: str) -> str:
    """In lower case and without accents: who types "pancreas" finds "páncreas"."""
    return "".join(one for one in unicodedata.normalize("NFKD", text.lower()) if not unicodedata.combining(one))


@dataclass(frozen=True, slots=True)
class Hit:
    """An answer to look at. where: (title, anchor) of the parts that have the words."""

    slug: str
    title: str
    main_point: str
    where: tuple[tuple[str, str], ...] = ()


def all_answers(content: Content) -> list[Hit]:
    return [_hit(one) for one in content.pages]


def _hit(answer: Answer, where: tuple[tuple[str, str], ...] = ()) -> Hit:
    return Hit(answer.slug, told(answer.title, answer.language), told(answer.main_point, answer.language), where)


def search(content: Content, asked: str) -> list[Hit]:
    """Answers with the words asked for, best first: a word in the title counts most, then in the headings, then in the text."""
    wanted = [one for one in _WORDS.findall(_folded(asked)) if one not in _LITTLE]
    if not wanted:
        return all_answers(content)
    scored = []
    for answer in content.pages:
        score, where = _score(answer, wanted, content.statements)
        if score:
            scored.append((-score, answer.title, _hit(answer, where)))
    return [hit for _, _, hit in sorted(scored, key=lambda one: one[:2])]


def _score(answer: Answer, wanted: Sequence[str], statements: Mapping[str, str]) -> tuple[int, tuple[tuple[str, str], ...]]:
    title = _folded(" ".join((answer.title, answer.disease, *answer.names)))
    score = sum(20 for one in wanted if one in title)
    where: list[tuple[str, str]] = []
    for section in answer.sections:
        heading = _folded(section.title)
        passages = (FACT_SLOT.sub(lambda found: statements.get(found[1], ""), one.text) for one in section.passages if not one.row)
        text = _folded(" ".join(passages))
        found = sum(5 for one in wanted if one in heading) + sum(1 for one in wanted if one in text)
        if found:
            score += found
            where.append((told(section.title, section.language), section.id))
    return score, tuple(where[:3])
