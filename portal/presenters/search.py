"""Finding an answer by its words."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from personalize.content import FACT_SLOT, Answer, Content

_WORDS = re.compile(r"[a-z0-9]+(?:[.'-][a-z0-9]+)*")
_LITTLE = frozenset(["a", "an", "and", "are", "can", "car-t", "cart", "do", "does", "for", "how", "i", "in", "is", "it", "me", "my", "of",
                     "on", "the", "therapy", "to", "treatment", "what", "with", "work"])  # fmt: skip


@dataclass(frozen=True, slots=True)
class Hit:
    """An answer to look at. where: (title, anchor) of the parts that have the words."""

    slug: str
    title: str
    main_point: str
    where: tuple[tuple[str, str], ...] = ()


def all_answers(content: Content) -> list[Hit]:
    return [Hit(one.slug, one.title, one.main_point) for one in content.answers if not one.is_shared]


def search(content: Content, asked: str) -> list[Hit]:
    """Answers with the words asked for, best first: a word in the title counts most, then in the headings, then in the text."""
    wanted = [one for one in _WORDS.findall(asked.lower()) if one not in _LITTLE]
    if not wanted:
        return all_answers(content)
    statements = {one.id: one.statement for one in content.facts}
    scored = []
    for answer in content.answers:
        if answer.is_shared:
            continue
        score, where = _score(answer, wanted, statements)
        if score:
            scored.append((-score, answer.title, Hit(answer.slug, answer.title, answer.main_point, where)))
    return [hit for _, _, hit in sorted(scored, key=lambda one: one[:2])]


def _score(answer: Answer, wanted: Sequence[str], statements: dict[str, str]) -> tuple[int, tuple[tuple[str, str], ...]]:
    title = " ".join((answer.title, answer.disease, *answer.names)).lower()
    score = sum(20 for one in wanted if one in title)
    where: list[tuple[str, str]] = []
    for section in answer.sections:
        text = " ".join(FACT_SLOT.sub(lambda found: statements.get(found[1], ""), one.text) for one in section.passages if not one.row)
        found = sum(5 for one in wanted if one in section.title.lower()) + sum(1 for one in wanted if one in text.lower())
        if found:
            score += found
            where.append((section.title, section.id))
    return score, tuple(where[:3])
