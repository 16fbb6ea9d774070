"""What is read from a registry record: criteria, each with the registry's own words."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import NamedTuple

from personalize.criteria import Criterion


class Kind(StrEnum):
    INCLUSION = "inclusion"
    EXCLUSION = "exclusion"


class Source(StrEnum):
    """Where the words stand: the eligibility text, the title, the list of conditions, or the registry's own fields."""

    ELIGIBILITY = "eligibility"
    TITLE = "title"
    CONDITIONS = "conditions"
    FIELDS = "fields"


@dataclass(frozen=True, slots=True)
class TrialCriterion:
    """One rule of a trial.

    sentence: verbatim, [start, end) of the source. cohorts: empty binds all. rule: the requirement (inclusion: must be met; exclusion: must
    not be met), None where the sentence could not be read; it is kept and never counts as met. recoverable: a repeat test, time or treatment
    could change the answer; None where unread. is_under_heading: the cohort stands in a heading above,
    not in the sentence. question: what to ask while it is not known.
    """

    sentence: str
    kind: Kind
    rule: Criterion | None
    cohorts: tuple[str, ...] = ()
    recoverable: bool | None = None
    question: str | None = None
    source: Source = Source.ELIGIBILITY
    start: int = 0
    end: int = 0
    is_under_heading: bool = False


class Passage(NamedTuple):
    """A sentence of the text with its place in the list.

    plain: for reading by rules: lower case, one space, comparisons as >= <= > <, number words as digits. bullet: all of its list entry, plain.
    intro: the entry it stands under, plain ("" where none).
    """

    start: int
    end: int
    plain: str
    kind: Kind
    bullet: str = ""
    intro: str = ""
    cohorts: tuple[str, ...] = ()
    bullet_number: int = 0
    bullet_start: int = 0
    bullet_end: int = 0
    intro_number: int | None = None
    is_under_heading: bool = False


@dataclass(slots=True)
class Entry:
    """A list entry while the text is cut up: [start, end) of its words, indent in columns."""

    start: int
    end: int
    indent: int
    has_marker: bool
    kind: Kind = Kind.INCLUSION
    intro: int | None = None
    cohorts: tuple[str, ...] = field(default=())
