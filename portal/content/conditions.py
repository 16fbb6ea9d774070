"""A condition in words, for editors: what it says in English, and what comes of it for made-up people."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.utils import timezone

from personalize.criteria import Criterion, Truth, decode, describe, evaluate
from portal.content.previewing import made_up_people


@dataclass(frozen=True, slots=True)
class Use:
    """What a condition is for, in the words of its editor. says: with the condition as an English phrase; without: where there are no rows; help: above
    the rows; tried: heading of what comes of it, and outcomes: the words of it."""

    says: str
    without: str
    help: str
    tried: str
    outcomes: Mapping[Truth, str]


PASSAGE = Use(
    "Shown when {condition}.", "Shown to everybody.", "For whom. Without rows it is for everybody.", "The passage is",
    {Truth.MET: "shown", Truth.NOT_MET: "not shown", Truth.UNKNOWN: "not known, so not shown"},
)  # fmt: skip
TRIAL_RULE = Use(
    "Holds when {condition}.", "We cannot check this; the reader is told to ask.",
    "What the sentence says, as a condition on a person; a rule that must not hold is written as what must not be so. Without rows we cannot "
    "check it, and the reader is told to ask.", "The condition is",
    {Truth.MET: "met", Truth.NOT_MET: "not met", Truth.UNKNOWN: "not known"},
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Tried:
    """A condition on one made-up person."""

    name: str
    shown: str
    reason: str


def tried(criterion: Criterion, use: Use = PASSAGE) -> list[Tried]:
    today = timezone.localdate()
    outcomes = ((one.name, evaluate(criterion, one.profile, today=today)) for one in made_up_people())
    return [Tried(name, use.outcomes[one.truth], one.reason) for name, one in outcomes]


def sentence(criterion: Criterion | None, use: Use = PASSAGE) -> str:
    """The condition in English, for an editor."""
    return use.says.format(condition=describe(criterion)) if criterion is not None else use.without


def in_words(rule: Any, use: Use = PASSAGE) -> str:
    """A stored rule as an English sentence."""
    try:
        return sentence(decode(rule) if rule else None, use)
    except (ValueError, KeyError, TypeError):
        return "Not a condition"
