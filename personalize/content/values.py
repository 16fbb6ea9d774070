"""What an editor writes and a reader sees: sources, facts, passages, answers. Plain frozen values, so that the same content always
hashes the same and a past page can be shown again.

A passage without a condition is part of the general page. A passage with a row id belongs to a row of the tailoring matrix: it says
what changes, for whom (`condition`) and why (`reason`), and what to say while the fact is unknown (`if_unknown`).
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property

from personalize.content.kinds import Directive, Gap, Placement, RowGroup, Sensitivity, Volatility
from personalize.content.plain import stable_json, written_in
from personalize.criteria import Criterion


@dataclass(frozen=True, slots=True)
class Source:
    """Where a fact was read. year None: undated. url "" only for general medical knowledge and for this site's own rules."""

    key: str
    title: str
    publisher: str
    authors: str = ""
    year: int | None = None
    identifier: str = ""
    url: str = ""


@dataclass(frozen=True, slots=True)
class FactStatement:
    """One sourced claim in our own plain words.

    population: who was studied. as_of: ISO day, month or year, or "undated". numbers: JSON text of the figures behind the words.
    region: "any", "US", "China". checked_on: when an editor last compared it with its sources. is_shown: False until checked.
    """

    id: str
    statement: str
    source_keys: tuple[str, ...]
    population: str = ""
    as_of: str = ""
    volatility: Volatility = Volatility.LOW
    sensitivity: Sensitivity = Sensitivity.NONE
    region: str = "any"
    numbers: str = "{}"
    checked_on: date | None = None
    is_shown: bool = True
    note: str = ""
    language: str = written_in()


@dataclass(frozen=True, slots=True)
class Passage:
    """A few short sentences shown together, or a change to others.

    text: may hold {FACT-ID} (that fact's statement) and lower-case profile words ({ecog}, {cancer}; see tailor.words).
    placement, anchors: where it goes. condition: None is always. reason: what follows "Because your record (file, page 2) says:"; empty
    takes the words of the condition's outcome; a text that starts with "Because" stands alone. row: id in the tailoring matrix, None on
    the general page. only_for: slugs of the answers it may change, empty for all. if_unknown: what to ask while the condition is unknown.
    unlocks: which of the standard gaps that is. sensitivity: None takes the strongest of the facts whose statements
    the text holds.
    """

    id: str
    section: str
    text: str = ""
    fact_ids: tuple[str, ...] = ()
    placement: Placement = Placement.BODY
    anchors: tuple[str, ...] = ()
    condition: Criterion | None = None
    reason: str = ""
    row: str | None = None
    only_for: tuple[str, ...] = ()
    group: RowGroup | None = None
    if_unknown: str = ""
    unlocks: Gap | None = None
    directives: tuple[Directive, ...] = ()
    order: int = 0
    sensitivity: Sensitivity | None = None
    clinical_text: str = ""
    heading: str = ""
    language: str = written_in()


@dataclass(frozen=True, slots=True)
class Section:
    id: str
    title: str
    passages: tuple[Passage, ...] = ()
    language: str = written_in()


@dataclass(frozen=True, slots=True)
class Answer:
    """A page. codes: OncoTree codes of the diseases it is for; names: lower-case words that name them where no code is known.

    min_age, max_age: in completed years, for pages that differ by age. is_shared: its passages join every answer.
    main_point: the short answer in one line. disease: the cancer in running text. order: its place in the list of answers.
    """

    slug: str
    title: str
    sections: tuple[Section, ...] = ()
    codes: tuple[str, ...] = ()
    names: tuple[str, ...] = ()
    min_age: int | None = None
    max_age: int | None = None
    main_point: str = ""
    disease: str = ""
    is_shared: bool = False
    is_solid: bool = True
    order: int = 0
    language: str = written_in()

    def passages(self) -> tuple[Passage, ...]:
        return tuple(one for section in self.sections for one in section.passages)


@dataclass(frozen=True, slots=True)
class GlossaryTerm:
    """aliases: other spellings to explain in place; match whole words, longest first."""

    term: str
    definition: str
    aliases: tuple[str, ...] = ()
    fact_ids: tuple[str, ...] = ()
    language: str = written_in()


@dataclass(frozen=True, slots=True)
class Guideline:
    """A guideline by title, year and link only: none of its text."""

    cancer: str
    title: str
    publisher: str
    year: int | None
    url: str


@dataclass(frozen=True, slots=True)
class Service:
    """An entry of the directory of related services. cancers: answer slugs, empty for all."""

    name: str
    kind: str
    region: str
    cost: str
    what: str
    url: str
    source_key: str
    checked_on: date | None = None
    cancers: tuple[str, ...] = ()
    language: str = written_in()


@dataclass(frozen=True, slots=True)
class FixedText:
    """Texts that no row may tailor away: the learning notice, the emergency boxes, the distress line, the trial notice."""

    id: str
    title: str
    lines: tuple[str, ...]
    language: str = written_in()


@dataclass(frozen=True, slots=True)
class Disagreement:
    """Sources that say different things about the same figure, shown as "sources disagree"."""

    id: str
    about: str
    text: str
    fact_ids: tuple[str, ...] = ()
    language: str = written_in()


@dataclass(frozen=True)
class Content:
    """Everything the pages are made of, in one immutable piece. Each list is in a fixed order (see in_order), so that content read from a
    database hashes as content read from files. language: of the page; a part of it that stands in another says so itself."""

    sources: tuple[Source, ...] = ()
    facts: tuple[FactStatement, ...] = ()
    glossary: tuple[GlossaryTerm, ...] = ()
    answers: tuple[Answer, ...] = ()
    guidelines: tuple[Guideline, ...] = ()
    services: tuple[Service, ...] = ()
    fixed_texts: tuple[FixedText, ...] = ()
    disagreements: tuple[Disagreement, ...] = ()
    language: str = written_in()

    @cached_property
    def pages(self) -> tuple[Answer, ...]:
        """The answers that people open; the shared ones only join them."""
        return tuple(one for one in self.answers if not one.is_shared)

    def has_page(self, slug: str) -> bool:
        return any(one.slug == slug for one in self.pages)

    @cached_property
    def facts_by_id(self) -> Mapping[str, FactStatement]:
        return {one.id: one for one in self.facts}

    @cached_property
    def statements(self) -> Mapping[str, str]:
        """The words of each fact by its id."""
        return {one.id: one.statement for one in self.facts}

    @cached_property
    def facts_of_passages(self) -> Mapping[str, tuple[str, ...]]:
        """The facts of each passage by its id, those of the last page that has it."""
        return {one.id: one.fact_ids for page in self.answers for one in page.passages()}

    @cached_property
    def sources_by_key(self) -> Mapping[str, Source]:
        return {one.key: one for one in self.sources}

    def fact(self, id: str) -> FactStatement:
        return self.facts_by_id[id]

    def source(self, key: str) -> Source:
        return self.sources_by_key[key]

    def answer(self, slug: str) -> Answer:
        return next(one for one in self.answers if one.slug == slug)

    @cached_property
    def content_hash(self) -> str:
        """64 hexadecimal digits, the same on every machine for the same content."""
        return hashlib.sha256(stable_json(self).encode()).hexdigest()

    def in_order(self) -> Content:
        """The same content with every list sorted by its key, whatever order it was read in."""
        return replace(
            self,
            sources=tuple(sorted(self.sources, key=lambda one: one.key)),
            facts=tuple(sorted(self.facts, key=lambda one: one.id)),
            glossary=tuple(sorted(self.glossary, key=lambda one: one.term)),
            answers=tuple(sorted(self.answers, key=lambda one: (one.order, one.slug))),
            guidelines=tuple(sorted(self.guidelines, key=lambda one: (one.cancer, one.publisher, one.title))),
            services=tuple(sorted(self.services, key=lambda one: (one.kind, one.name))),
            fixed_texts=tuple(sorted(self.fixed_texts, key=lambda one: one.id)),
            disagreements=tuple(sorted(self.disagreements, key=lambda one: one.id)),
        )
