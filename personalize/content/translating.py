"""The same content in another language. A text is shown in that language only while its translation is of the English that stands on the page
now: a statement about medicine that changed is never said in the old words. What has no such translation stays in English, and says so."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from personalize.content.kinds import strongest
from personalize.content.plain import ENGLISH
from personalize.content.seed import FACT_SLOT
from personalize.content.values import Answer, Content, Disagreement, FactStatement, FixedText, GlossaryTerm, Passage, Section, Service

Words = Mapping[str, str | tuple[str, ...]]

# What is translated of each part, by the name of its kind. Sources, guidelines and services keep their own names.
KINDS: Mapping[str, tuple[type, tuple[str, ...]]] = {
    "answer": (Answer, ("title", "main_point")),
    "section": (Section, ("title",)),
    "passage": (Passage, ("heading", "text", "clinical_text", "reason", "if_unknown")),
    "fact": (FactStatement, ("statement",)),
    "term": (GlossaryTerm, ("term", "definition", "aliases")),
    "fixed": (FixedText, ("title", "lines")),
    "disagreement": (Disagreement, ("about", "text")),
    "service": (Service, ("kind", "region", "cost", "what")),
}
# A term may be called otherwise, or nothing else, in the other language.
OPTIONAL = ("aliases",)
_SLOT = re.compile(r"\{[^{}]*\}")
_LETTER = re.compile(r"[^\W\d_]")


@dataclass(frozen=True, slots=True)
class Translation:
    """One part of the content in one language. kind and name: which part, as name_of gives it. words: in that language, by the names in
    KINDS; english: what they were translated from. is_checked: a translator has read it."""

    language: str
    kind: str
    name: str
    words: Words
    english: Words
    is_checked: bool = False


def name_of(kind: str, part: Any, answer: str = "", section: str = "") -> str:
    """ "pancreatic/who/REQ-01", "pancreatic/who", "APPR-01": the same on every machine."""
    if kind == "passage":
        return f"{answer}/{section}/{part.id}"
    if kind == "section":
        return f"{answer}/{part.id}"
    named = {"answer": "slug", "term": "term", "service": "name"}
    return str(getattr(part, named.get(kind, "id")))


def words_of(kind: str, part: Any) -> dict[str, str | tuple[str, ...]]:
    """The words of a part that are to be translated, without those it does not have."""
    read = {name: getattr(part, name) for name in KINDS[kind][1]}
    return {name: said for name, said in read.items() if said and any(map(has_words, _texts(said)))}


def has_words(text: str) -> bool:
    """Something besides slots: "{REQ-01}" says the same in every language."""
    return bool(_LETTER.search(_SLOT.sub("", text)))


def parts_of(content: Content) -> Iterator[tuple[str, str, Any]]:
    """Every part with words, as (kind, name, part)."""
    for answer in content.answers:
        yield "answer", name_of("answer", answer), answer
        for section in answer.sections:
            yield "section", name_of("section", section, answer.slug), section
            for passage in section.passages:
                yield "passage", name_of("passage", passage, answer.slug, section.id), passage
    lists: Mapping[str, tuple[Any, ...]] = {
        "fact": content.facts,
        "term": content.glossary,
        "fixed": content.fixed_texts,
        "disagreement": content.disagreements,
        "service": content.services,
    }
    for kind, parts in lists.items():
        for part in parts:
            yield kind, name_of(kind, part), part


def is_current(translation: Translation, english: Words) -> bool:
    """It was made of the English as it stands now, and leaves out nothing of it."""
    needed = {name: said for name, said in english.items() if name not in OPTIONAL}
    made_of = {name: said for name, said in translation.english.items() if name not in OPTIONAL}
    return made_of == needed and all(translation.words.get(name) for name in needed)


def localized(content: Content, translations: Iterable[Translation], language: str) -> Content:
    """The content as a page of that language shows it. English content is returned as it is."""
    if language == ENGLISH:
        return content
    return _Localizing(content, translations, language).content()


class _Localizing:
    def __init__(self, content: Content, translations: Iterable[Translation], language: str) -> None:
        self.english, self.language = content, language
        self.made = {(one.kind, one.name): one for one in translations if one.language == language}
        self.facts = {one.id: one for one in self.parts("fact", content.facts)}

    def content(self) -> Content:
        english = self.english
        return replace(
            english,
            language=self.language,
            facts=tuple(self.facts.values()),
            glossary=self.parts("term", english.glossary),
            answers=tuple(self.answer(one) for one in english.answers),
            services=self.parts("service", english.services),
            fixed_texts=self.parts("fixed", english.fixed_texts),
            disagreements=self.parts("disagreement", english.disagreements),
        )

    def parts(self, kind: str, parts: tuple[Any, ...]) -> tuple[Any, ...]:
        return tuple(self.part(kind, name_of(kind, one), one) for one in parts)

    def part(self, kind: str, name: str, part: Any) -> Any:
        """With its words in the language, or as it is."""
        english = words_of(kind, part)
        made = self.made.get((kind, name))
        if not english:
            return replace(part, language=self.language)
        if made is None or not is_current(made, english):
            return part
        said = {name: made.words.get(name) or () for name in KINDS[kind][1] if name in english or name in OPTIONAL}
        return replace(part, language=self.language, **said)

    def answer(self, answer: Answer) -> Answer:
        shown: Answer = self.part("answer", answer.slug, answer)
        return replace(shown, sections=tuple(self.section(answer.slug, one) for one in answer.sections))

    def section(self, answer: str, section: Section) -> Section:
        shown: Section = self.part("section", name_of("section", section, answer), section)
        return replace(shown, passages=tuple(self.passage(answer, section.id, one) for one in section.passages))

    def passage(self, answer: str, section: str, passage: Passage) -> Passage:
        """In the language with everything it is made of, or in English with everything it is made of."""
        held = [self.facts[one] for one in dict.fromkeys(FACT_SLOT.findall(f"{passage.text} {passage.clinical_text} {passage.if_unknown}"))]
        shown: Passage = self.part("passage", name_of("passage", passage, answer, section), passage)
        if shown.language == self.language and all(one.language == self.language for one in held):
            return shown
        return self.in_english(passage)

    def in_english(self, passage: Passage) -> Passage:
        """Its facts are put in already, since their statements may be known in the language."""
        sensitivity = passage.sensitivity
        if sensitivity is None:
            sensitivity = strongest({self.english.facts_by_id[one].sensitivity for one in FACT_SLOT.findall(passage.text)})
        said: dict[str, Any] = {name: self._with_facts(getattr(passage, name)) for name in KINDS["passage"][1]}
        return replace(passage, sensitivity=sensitivity, **said)

    def _with_facts(self, text: str) -> str:
        return FACT_SLOT.sub(lambda slot: self.english.statements[slot[1]], text)


def _texts(said: Any) -> tuple[str, ...]:
    return (said,) if isinstance(said, str) else tuple(said)
