"""Facts as cards: what we found, what it means, where it stands, who checked it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from personalize.profile import Check, Conflict, EvidenceRef, FactState
from personalize.tailor.values import FactCard
from portal.forms.facts import ADDABLE
from portal.presenters.dates import partial_words
from portal.presenters.findings import date_words, kind_words, value_words
from portal.presenters.marks import Badge, ProofLink, badges, proof_links
from portal.presenters.phrasing import in_words

_GROUPS: tuple[tuple[Any, frozenset[str]], ...] = (
    (gettext_lazy("The cancer"), frozenset({"primary_cancer", "stage", "metastatic_site", "other_cancer"})),
    (gettext_lazy("Genes and markers"), frozenset({"biomarker", "hla"})),
    (gettext_lazy("Treatment"), frozenset({"treatment"})),
    (gettext_lazy("Blood tests"), frozenset({"lab"})),
    (gettext_lazy("You"), frozenset()),
)
# A missing fact and the form that adds it; shown on the facts page where no card of that kind is there.
_WANTED: tuple[tuple[str, Any, str], ...] = (
    ("primary_cancer", gettext_lazy("your type of cancer"), "diagnosis"),
    ("stage", gettext_lazy("your stage"), "stage_group"),
    ("biomarker", gettext_lazy("a gene or marker test"), "biomarker"),
    ("treatment", gettext_lazy("your treatments"), "treatment"),
    ("ecog", gettext_lazy("your fitness score (ECOG)"), "performance"),
)


# Which form changes a fact that the person told us; there is no finding of a machine to correct.
_FORMS = {
    "primary_cancer": "diagnosis",
    "stage": "stage_group",
    "biomarker": "biomarker",
    "treatment": "treatment",
    "ecog": "performance",
    "karnofsky": "performance",
    "lab": "lab",
    "hla": "hla",
    "age": "age",
    "country": "situation",
}
# Folding one or two away saves nothing.
FEWEST_FOLDED = 3
# Blood tests, and what is known of the person besides the cancer: how many of them stand in the open.
FIRST_OF_LONG = 2
_FIELDS = {
    "primary_cancer": gettext_lazy("Type of cancer"),
    "ecog": gettext_lazy("Fitness score (ECOG)"),
    "karnofsky": gettext_lazy("Fitness score (Karnofsky)"),
    "birth_year": gettext_lazy("Year of birth"),
}


@dataclass(frozen=True, slots=True)
class ShownFact:
    """A card. can_decide: the buttons right, wrong, not sure are shown. tell_again: the form that changes what the person told us.
    is_minor: folded away at first."""

    code: str
    kind: str
    label: str
    value: str
    meaning: str
    on: str
    notes: tuple[str, ...]
    badges: tuple[Badge, ...]
    proofs: tuple[ProofLink, ...]
    quote: str
    findings: tuple[str, ...]
    can_decide: bool
    is_questioned: bool
    tell_again: str = ""
    is_minor: bool = False


@dataclass(frozen=True, slots=True)
class FactGroup:
    """more: what decides little, folded away."""

    title: Any
    facts: tuple[ShownFact, ...]
    more: tuple[ShownFact, ...] = ()


@dataclass(frozen=True, slots=True)
class Offer:
    """One value of a conflict, with where and when it was written."""

    value: str
    on: str
    proofs: tuple[ProofLink, ...]
    findings: tuple[str, ...]
    is_used: bool


@dataclass(frozen=True, slots=True)
class ShownConflict:
    title: str
    why: str
    offers: tuple[Offer, ...]


@dataclass(frozen=True, slots=True)
class Missing:
    label: Any
    kind: str


@dataclass(frozen=True, slots=True)
class FactsPage:
    groups: tuple[FactGroup, ...]
    conflicts: tuple[ShownConflict, ...]
    missing: tuple[Missing, ...]
    addable: Sequence[tuple[str, Any]]
    unchecked: int


def facts_page(cards: Iterable[FactCard], conflicts: Iterable[Conflict], findings: Mapping[str, Any], *, may_decide: bool) -> FactsPage:
    """findings: rows by their id and by the ids of their evidence, for the dates and values beside a conflict."""
    made = [shown_fact(one, may_decide=may_decide) for one in cards]
    kinds = {one.kind for one in made}
    return FactsPage(
        groups=tuple(group for group in _grouped(made) if group.facts or group.more),
        conflicts=tuple(shown_conflict(one, findings) for one in conflicts),
        missing=tuple(Missing(label, kind) for fact, label, kind in _WANTED if fact not in kinds),
        addable=ADDABLE if may_decide else (),
        unchecked=sum(one.can_decide and one.badges[-1].tone == "warn" for one in made if one.badges),
    )


def _grouped(facts: Sequence[ShownFact]) -> Iterable[FactGroup]:
    named = frozenset().union(*(kinds for _, kinds in _GROUPS))
    for title, kinds in _GROUPS:
        mine = [one for one in facts if (one.kind in kinds if kinds else one.kind not in named)]
        is_long = not kinds or "lab" in kinds
        minor = [one for n, one in enumerate(mine) if one.is_minor or (is_long and n >= FIRST_OF_LONG and not one.is_questioned)]
        if len(minor) < FEWEST_FOLDED:
            yield FactGroup(title, tuple(mine))
        else:
            yield FactGroup(title, tuple(one for one in mine if one not in minor), tuple(minor))


def shown_fact(card: FactCard, *, may_decide: bool = False) -> ShownFact:
    links = proof_links(card.evidence)
    is_told = card.check is Check.TOLD_BY_PATIENT
    return ShownFact(
        code=f"fact-{card.finding_ids[0] if card.finding_ids else card.kind}",
        kind=card.kind,
        label=card.label,
        value=card.value,
        meaning=card.meaning,
        on=partial_words(card.on) or card.on,
        notes=(*card.notes, *(_("Another page says: %(other)s") % {"other": one} for one in card.others)),
        badges=badges(card.state, card.check),
        proofs=links,
        quote=card.evidence[0].quote if card.evidence else "",
        findings=() if is_told else card.finding_ids,
        can_decide=may_decide and bool(card.finding_ids) and card.check in (Check.NOT_CHECKED, Check.DISPUTED),
        is_questioned=card.check is Check.DISPUTED or card.state is FactState.CONFLICTING,
        tell_again=_FORMS.get(card.kind, "") if is_told and may_decide else "",
        is_minor=card.is_minor,
    )


def shown_conflict(conflict: Conflict, findings: Mapping[str, Any]) -> ShownConflict:
    """Values side by side, each with every place that says so. The values of a Conflict do not stand in the order of its evidence."""
    said: dict[str, list[EvidenceRef]] = {}
    for ref in conflict.evidence:
        row = findings.get(ref.id)
        said.setdefault(value_words(row.kind, row.value) if row else ref.quote, []).append(ref)
    offers = [_offer(value, refs, conflict, findings) for value, refs in said.items()]
    return ShownConflict(_conflict_title(conflict.field), in_words(conflict.why), tuple(sorted(offers, key=lambda one: not one.is_used)))


def _offer(value: str, refs: Sequence[EvidenceRef], conflict: Conflict, findings: Mapping[str, Any]) -> Offer:
    rows = {str(row.pk): row for ref in refs if (row := findings.get(ref.id))}
    dates = [words for one in rows.values() if (words := date_words(one))]
    return Offer(
        value, dates[0] if dates else "", proof_links(refs), tuple(rows), any(_says(one, conflict.chosen) for one in rows.values())
    )


def _says(row: Any, chosen: str | None) -> bool:
    """The value chosen is one of the finding's own."""
    parts = [str(one) for one in row.value.values() if one not in (None, "")]
    status, detail = str(row.value.get("status") or ""), str(row.value.get("detail") or "")
    return chosen in (*parts, f"{status} {detail}".strip(), f"{detail} {status}".strip())


def _conflict_title(field: str) -> str:
    """ "stage_group" or "biomarker KRAS" in words."""
    name, _space, which = field.partition(" ")
    return which or str(_FIELDS.get(name, kind_words(name)))
