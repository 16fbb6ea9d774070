"""Markers said together, and what is said of them: what the grammar fills and everything behind it reads."""

from __future__ import annotations

from dataclasses import dataclass, field

from records.extraction.biomarkers.quantities import Quantity
from records.extraction.biomarkers.tokens import Status, Token
from records.extraction.biomarkers.variants import Change

_ONLY_LEADS = (
    "expression of",
    "mutation",
    "alteration",
    "variant",
    "amplification of",
    "rearrangement of",
    "overexpression of",
    "staining",
    "reactivity",
    "immunoreactivity",
    "results of",
    "nuclear",
    "positivity",
)


_BROKEN = ("rearrange", "translocat", "break")
_CHANGED = ("mutation", "variant", "fusion", "alteration", "aberration", "abnormalit", "deletion", "hotspot", "polymorphism")


@dataclass
class Slot:
    """One assay's result of a group of markers. gap: strange words between the marker and what was said."""

    method: str | None = None
    status: Status | None = None
    classification: str | None = None
    changes: list[Change] = field(default_factory=list)
    quantities: list[Quantity] = field(default_factory=list)
    gap: int = 0
    end: int = 0
    start: int = -1

    @property
    def is_filled(self) -> bool:
        return bool(self.status or self.changes or self.quantities)


@dataclass
class Group:
    """Markers said together, with what is said of them. forward: the result word that led to them; negated: "no KRAS mutation".
    noun: what was looked for, "mutation", "expression"."""

    markers: list[Token]
    slots: list[Slot] = field(default_factory=lambda: [Slot()])
    forward: Token | None = None
    forward_gap: int = 0
    is_negated: bool = False
    noun: str = ""
    method: str | None = None

    @property
    def slot(self) -> Slot:
        return self.slots[-1]

    @property
    def is_filled(self) -> bool:
        return any(one.is_filled for one in self.slots)

    @property
    def is_rearranged(self) -> bool:
        """The question was whether the gene broke: of its protein nothing is said."""
        return self.noun.startswith(_BROKEN)

    @property
    def is_change(self) -> bool:
        """What was looked for is a change of the gene, which is not there where it is absent; a protein that is absent is lost."""
        return self.is_rearranged or self.noun.startswith(_CHANGED)

    @property
    def is_only_led(self) -> bool:
        """ "Mutations in BRAF and NRAS", "staining for p16": what was looked for; the result is still to come."""
        return self.forward is not None and self.forward.text.startswith(_ONLY_LEADS)

    @property
    def says_something(self) -> bool:
        return self.is_filled or (self.forward is not None and not self.is_only_led)
