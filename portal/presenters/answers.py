"""An answer as a page: general or tailored, the same sections and the same sentences."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from html import escape
from typing import Any

from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from personalize.content import Content, Disagreement, Guideline
from personalize.tailor.values import Change, Citation, FixedBlock, TailoredAnswer, TailoredSection, TailoredSentence
from portal.content import spoken_language
from portal.presenters.dates import as_of_words, day_words
from portal.presenters.glossary import Marker, Word
from portal.presenters.links import ShownService, guidelines_for, services_for
from portal.presenters.marks import Badge, ProofLink, badges, proof_links
from portal.presenters.telling import other_language, told

_STEP = re.compile(r"(?:Step|El paso) (\d+) (?:is|es) ")
_CHANGES = {
    Change.ADDED: gettext_lazy("Added for you"),
    Change.REPLACED: gettext_lazy("Changed for you"),
    Change.FIRST: gettext_lazy("Moved up for you"),
    Change.MARKED: gettext_lazy("Marked for you"),
    Change.HIDDEN: gettext_lazy("Left out for you"),
}


@dataclass(frozen=True, slots=True)
class ShownSentence:
    """A passage ready to show. html: the text with hard words marked; body: with sources and dates too.

    step: its number in a list of steps. why, proofs, badges: only where the records changed it.
    """

    code: str
    heading: str
    html: SafeString
    body: SafeString
    step: str
    change: Any
    why: str
    proofs: tuple[ProofLink, ...]
    badges: tuple[Badge, ...]
    caution: str
    replaces: str
    section_title: str = ""

    @property
    def is_plain(self) -> bool:
        """A text and nothing else."""
        return not (self.why or self.heading or self.step or self.change)


@dataclass(frozen=True, slots=True)
class ShownSection:
    """sentences: in the open. more: of everybody's page, folded away where the part is long.
    numbers: about how long people lived, closed until opened. hidden: left out because of the records."""

    code: str
    title: str
    sentences: tuple[ShownSentence, ...]
    more: tuple[ShownSentence, ...]
    numbers: tuple[ShownSentence, ...]
    hidden: tuple[ShownSentence, ...]
    is_first: bool
    disagreements: tuple[Disagreement, ...]

    @property
    def is_mine(self) -> bool:
        """The records changed something in it."""
        return self.is_first or bool(self.hidden) or any(one.change for one in (*self.sentences, *self.numbers))


@dataclass(frozen=True, slots=True)
class Emergency:
    """When to call for help: what to do, the signs, and what else."""

    title: str
    lead: str
    signs: tuple[str, ...]
    after: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class AnswerPage:
    """Everything that the template of an answer needs."""

    slug: str
    title: str
    title_lang: str
    disease: str
    main_point: tuple[ShownSentence, ...]
    main_line: str
    banners: tuple[ShownSentence, ...]
    sections: tuple[ShownSection, ...]
    questions: tuple[ShownSentence, ...]
    trial_notes: tuple[ShownSentence, ...]
    changes: tuple[ShownSentence, ...]
    sources: tuple[Citation, ...]
    words: tuple[Word, ...]
    guidelines: tuple[Guideline, ...]
    services: tuple[ShownService, ...]
    emergencies: tuple[Emergency, ...]
    learning: str
    trial_notice: str
    distress: tuple[FixedBlock, ...]
    last_checked: str


class PageMaker:
    """Makes the parts of one page; remembers which hard words were used."""

    def __init__(self, content: Content, in_the_open: int = 4, *, is_clinical: bool = False) -> None:
        self.content = content
        self.is_clinical = is_clinical
        self.in_the_open = in_the_open
        self.marker = Marker(content.glossary)
        self._spoken = spoken_language()
        self._source = escape(_("Source"))

    def page(self, answer: TailoredAnswer) -> AnswerPage:
        titles = {one.id: one.title for one in answer.sections}
        fixed = {one.id: one for one in answer.fixed}
        row = next((one for one in self.content.answers if one.slug == answer.slug), None)
        return AnswerPage(
            slug=answer.slug,
            title=answer.title,
            title_lang=other_language(answer.title_language),
            disease=answer.disease,
            main_point=self.sentences(answer.lead),
            main_line=told(row.main_point, row.language) if row and not answer.lead else "",
            banners=self.sentences(answer.banners),
            sections=tuple(self.section(one) for one in answer.sections),
            questions=self.sentences(answer.questions),
            trial_notes=self.sentences(answer.trial_notes),
            changes=tuple(self.sentence(one, titles.get(one.section, "")) for one in answer.changes()),
            sources=answer.sources,
            words=tuple(self.marker.used.values()),
            guidelines=guidelines_for(self.content, answer.disease),
            services=services_for(self.content, answer.slug),
            emergencies=tuple(_emergency(one) for key, one in fixed.items() if key.startswith("emergency")),
            learning=_line(fixed.get("learning"), _("This page is for learning. It is not medical advice.")),
            trial_notice=_line(fixed.get("trial_notice"), _("Only the trial team can say if you can join.")),
            distress=tuple(_distress(one) for key, one in fixed.items() if key.startswith("distress")),
            last_checked=self.last_checked(answer),
        )

    def section(self, section: TailoredSection) -> ShownSection:
        self.marker.new_part()
        shown = [(one, self.sentence(one)) for one in section.sentences]
        facts = self._facts((section,))
        first, more = _folded([ready for one, ready in shown if not one.is_prognosis], self.in_the_open)
        return ShownSection(
            code=section.id,
            title=told(section.title, section.language),
            sentences=first,
            more=more,
            numbers=tuple(ready for one, ready in shown if one.is_prognosis),
            hidden=self.sentences(section.hidden),
            is_first=section.is_first,
            disagreements=tuple(_disagreement(one) for one in self.content.disagreements if facts & set(one.fact_ids)),
        )

    def sentences(self, made: Iterable[TailoredSentence]) -> tuple[ShownSentence, ...]:
        return tuple(self.sentence(one) for one in made)

    def sentence(self, made: TailoredSentence, section_title: str = "") -> ShownSentence:
        step = _STEP.match(made.text)
        text = made.clinical_text if self.is_clinical and made.clinical_text else made.text
        marked = escape(text) if section_title else self.marker.mark(text, is_everyones=made.change is Change.GENERAL)
        html = SafeString(told(marked, made.language, self._spoken))
        return ShownSentence(
            code=f"s-{made.passage_id}",
            heading=told(made.heading, made.language, self._spoken),
            html=html,
            body=self._body(html, made),
            step=step[1] if step else "",
            change=str(_CHANGES.get(made.change, "")),
            why=told(made.reason or "", made.reason_language, self._spoken),
            proofs=proof_links(made.evidence),
            badges=badges(made.state, made.check),
            caution=made.caution,
            replaces=told(made.replaces, made.language, self._spoken),
            section_title=section_title,
        )

    def _body(self, html: SafeString, made: TailoredSentence) -> SafeString:
        """The text, its sources as links to the list, and when and where it is so."""
        cites = "".join(
            f' <a class="cite" href="#source-{one.number}" aria-label="{self._source} {one.number}">[{one.number}]</a>'
            for one in made.sources
        )
        notes = "".join(f' <span class="note">{escape(one)}.</span>' for one in _notes(made))
        return SafeString(f"{html}{cites}{notes}")

    def last_checked(self, answer: TailoredAnswer) -> str:
        """The day on which an editor last compared this page with its sources."""
        used = self._facts(answer.sections)
        days = [one.checked_on for one in self.content.facts if one.id in used and one.checked_on]
        return day_words(max(days)) if days else ""

    def _facts(self, sections: Iterable[TailoredSection]) -> set[str]:
        facts_of = self.content.facts_of_passages
        return {fact for part in sections for one in part.sentences for fact in facts_of.get(one.passage_id, ())}


def _folded(sentences: list[ShownSentence], most: int) -> tuple[tuple[ShownSentence, ...], tuple[ShownSentence, ...]]:
    """What stays in the open: everything about the person, every step, and the first few of the rest; folding one or two saves nothing."""
    room = most - sum(bool(one.change) for one in sentences)
    kept, folded = [], []
    for one in sentences:
        is_needed = bool(one.change or one.step)
        (kept if is_needed or room > 0 else folded).append(one)
        room -= not is_needed
    return (tuple(kept), tuple(folded)) if len(folded) > 2 else (tuple(sentences), ())


def _emergency(block: FixedBlock) -> Emergency:
    lead, *others = block.lines
    signs, after = [one for one in others if one[:1].islower()], [one for one in others if not one[:1].islower()]
    return Emergency(
        told(block.title, block.language), told(lead, block.language), _told(signs, block.language), _told(after, block.language)
    )


def _told(lines: Iterable[str], language: str) -> tuple[str, ...]:
    return tuple(told(one, language) for one in lines)


def _distress(block: FixedBlock) -> FixedBlock:
    return replace(block, title=told(block.title, block.language), lines=_told(block.lines, block.language))


def _disagreement(one: Disagreement) -> Disagreement:
    return replace(one, about=told(one.about, one.language), text=told(one.text, one.language))


def _notes(made: TailoredSentence) -> tuple[str, ...]:
    """When it was so, and where, for facts that change."""
    region = _("In %(region)s") % {"region": {"US": _("the US")}.get(made.region, made.region)} if made.region != "any" else ""
    when = as_of_words(made.as_of) if made.is_dated else ""
    return tuple(one for one in (region, when) if one)


def _line(block: FixedBlock | None, otherwise: str) -> str:
    return told(" ".join(block.lines), block.language) if block else otherwise
