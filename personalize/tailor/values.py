"""What tailoring makes: sentences with their two links, fact cards, and the page they stand on. Frozen, and the same bytes every time."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from personalize.content import Gap
from personalize.content.plain import written_in
from personalize.profile import Check, EvidenceRef, FactState


class Change(StrEnum):
    """What became of a sentence because of the records. GENERAL: nothing, it is part of everyone's page."""

    GENERAL = "general"
    ADDED = "added"
    REPLACED = "replaced"
    FIRST = "first"
    MARKED = "marked"
    HIDDEN = "hidden"


class TrialsDisplay(StrEnum):
    """OPEN: show. CLOSED: behind a control the reader can open. WITHHELD: no list until the diagnosis is settled."""

    OPEN = "open"
    CLOSED = "closed"
    WITHHELD = "withheld"


@dataclass(frozen=True, slots=True)
class Citation:
    """A source as it stands in this page's list: number counts from 1. year None: undated."""

    number: int
    key: str
    title: str
    publisher: str
    year: int | None
    url: str


@dataclass(frozen=True, slots=True)
class TailoredSentence:
    """A passage as shown: one to five short sentences that stand and fall together.

    change GENERAL: from everyone's page; row_id, reason and state are then None. Otherwise row_id names the row of the tailoring matrix,
    reason says in one sentence why ("Because your record ... says: ..."), evidence are the patient's own words (empty only where state is
    NOT_FOUND, or the patient told us), sources the citations. is_prognosis: show only behind the closed control. as_of: newest date of
    its facts, to be shown where is_dated. is_taken_down: the editor's check is over 120 days old and the text says so instead.
    caution: what to say of words that were hard to read. replaces: the general text it stands for; populations: who was studied.
    language: of the editors' words, replaces among them; reason_language: of the reason. They differ from the page's where no translation is
    up to date.
    """

    passage_id: str
    section: str
    text: str
    change: Change
    sources: tuple[Citation, ...] = ()
    row_id: str | None = None
    reason: str | None = None
    evidence: tuple[EvidenceRef, ...] = ()
    state: FactState | None = None
    check: Check | None = None
    caution: str = ""
    heading: str = ""
    clinical_text: str = ""
    is_prognosis: bool = False
    is_toxicity: bool = False
    is_dated: bool = False
    is_taken_down: bool = False
    as_of: str = ""
    region: str = "any"
    populations: tuple[str, ...] = ()
    replaces: str = ""
    language: str = written_in()
    reason_language: str = written_in()


@dataclass(frozen=True, slots=True)
class TailoredSection:
    """is_first: moved up because of the records. hidden: what a row took off this section, to be counted and opened."""

    id: str
    title: str
    sentences: tuple[TailoredSentence, ...]
    hidden: tuple[TailoredSentence, ...] = ()
    is_first: bool = False
    language: str = written_in()


@dataclass(frozen=True, slots=True)
class FactCard:
    """A fact of the profile on the page: its value as words, what it means, and how sure we are.

    kind: the profile's name of it ("primary_cancer", "biomarker", ...); others: further values where the records disagree;
    on: the date of the words behind it, ISO, empty where the value names its own dates.
    is_minor: decides nothing in this cancer, so it is folded away at first.
    """

    kind: str
    label: str
    value: str
    meaning: str
    state: FactState
    check: Check
    evidence: tuple[EvidenceRef, ...] = ()
    on: str = ""
    notes: tuple[str, ...] = ()
    others: tuple[str, ...] = ()
    finding_ids: tuple[str, ...] = ()
    is_minor: bool = False


@dataclass(frozen=True, slots=True)
class Unknown:
    """A fact we did not find, and what to say about it. unlocks: the standard gap it is, None for finer ones."""

    row_id: str
    prompt: str
    unlocks: Gap | None
    section: str
    language: str = written_in()


@dataclass(frozen=True, slots=True)
class FixedBlock:
    """A text that is on every tailored page, whatever the profile says."""

    id: str
    title: str
    lines: tuple[str, ...]
    language: str = written_in()


@dataclass(frozen=True, slots=True)
class TailoredAnswer:
    """The page for one profile. slug: the answer shown, which may differ from requested_slug; is_switched says so.

    lead: the main point first. banners: about the records themselves. trial_notes: said above the list of trials. changes(): what
    changed because of the records, in page order. made_on is the `today` it was made for; content_hash and profile_hash what of.
    language: of the page; its parts say where they stand in another.
    """

    slug: str
    requested_slug: str
    title: str
    disease: str
    made_on: date
    content_hash: str
    profile_hash: str
    is_tailored: bool
    lead: tuple[TailoredSentence, ...]
    banners: tuple[TailoredSentence, ...]
    sections: tuple[TailoredSection, ...]
    questions: tuple[TailoredSentence, ...]
    trial_notes: tuple[TailoredSentence, ...]
    trials: TrialsDisplay
    are_trials_around_surgery_only: bool
    are_trials_by_distance: bool
    needs_coordinator: bool
    fact_cards: tuple[FactCard, ...]
    unknowns: tuple[Unknown, ...]
    sources: tuple[Citation, ...]
    fixed: tuple[FixedBlock, ...]
    is_for_caregiver: bool = False
    checked_on: date | None = None
    language: str = written_in()
    title_language: str = written_in()

    @property
    def is_switched(self) -> bool:
        return self.slug != self.requested_slug

    def changes(self) -> tuple[TailoredSentence, ...]:
        """Everything on the page that is there, gone or moved because of this person's records."""
        shown = (*self.banners, *self.lead, *(one for part in self.sections for one in (*part.sentences, *part.hidden)))
        return tuple(one for one in (*shown, *self.questions, *self.trial_notes) if one.change is not Change.GENERAL)

    def rows(self) -> tuple[str, ...]:
        """Ids of the tailoring rows that took effect, sorted."""
        return tuple(sorted({one.row_id for one in self.changes() if one.row_id}))
