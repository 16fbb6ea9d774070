"""The page while it is being made: passages in their sections, each with what a row did to it."""

from __future__ import annotations

from dataclasses import dataclass, field

from personalize.content import Passage, Section
from personalize.criteria import Outcome
from personalize.tailor.values import Change


@dataclass(slots=True)
class Line:
    """A passage on its way to the page. cause: the row's passage that did it, with how its condition came out."""

    passage: Passage
    change: Change = Change.GENERAL
    cause: Passage | None = None
    outcome: Outcome | None = None
    replaces: Passage | None = None


@dataclass(slots=True)
class SectionDraft:
    section: Section
    lines: list[Line]
    hidden: list[Line] = field(default_factory=list)
    is_first: bool = False

    def position(self, anchor: str) -> int | None:
        return next((at for at, one in enumerate(self.lines) if one.passage.id == anchor), None)


@dataclass(slots=True)
class PageDraft:
    """Sections in page order, and what stands outside them."""

    sections: list[SectionDraft]
    lead: list[Line] = field(default_factory=list)
    banners: list[Line] = field(default_factory=list)
    questions: list[Line] = field(default_factory=list)
    trial_notes: list[Line] = field(default_factory=list)

    def section(self, id: str) -> SectionDraft | None:
        return next((one for one in self.sections if one.section.id == id), None)

    def holder(self, anchor: str) -> SectionDraft | None:
        """The section that shows the passage."""
        return next((one for one in self.sections if one.position(anchor) is not None), None)
