"""The facts of a profile as cards: label, value and meaning in plain words, with their state and proof."""

from __future__ import annotations

import tomllib
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

from personalize.criteria.disease import kinds_of
from personalize.profile import (
    Biomarker,
    Cancer,
    CancerStage,
    Check,
    Conflict,
    Fact,
    FactState,
    FamilyHistory,
    LabResult,
    PatientProfile,
    Treatment,
)
from personalize.tailor.freshness import RecordFact, latest_facts
from personalize.tailor.values import FactCard
from personalize.vocabulary import load

_ORDER = ("primary_cancer", "stage", "metastatic_site", "biomarker", "hla", "treatment", "ecog", "karnofsky", "lab", "age", "birth_year",
          "sex", "country", "postcode", "comorbidity", "allergy", "other_cancer", "family_history")  # fmt: skip


def fact_cards(profile: PatientProfile, *, today: date, conflicts: Sequence[Conflict] = ()) -> tuple[FactCard, ...]:
    """One card a fact, the cancer first, then what matters most for this cancer; of a laboratory test the latest value only. Nothing is
    said of what was not found. conflicts: what other pages say stands on the card."""
    wanted = _wanted_markers(profile)
    others = {one.field: one.values for one in conflicts}
    return tuple(_card(one, today, wanted, others) for one in sorted(_facts(profile), key=lambda one: _rank(one, wanted)))


def _wanted_markers(profile: PatientProfile) -> tuple[str, ...]:
    """Names of markers that decide something in this cancer, the most telling first."""
    lists: Mapping[str, list[str]] = _words("wanted_markers")
    code = profile.primary_cancer.code if profile.primary_cancer else None
    kinds = kinds_of(code) if code else ()
    return tuple(next((lists[kind] for kind in kinds if kind in lists), lists["any"]))


def _rank(fact: RecordFact, wanted: Sequence[str]) -> tuple[int, int, int]:
    """By kind; markers and laboratory tests by what they decide, results before tests without one."""
    name, waits = getattr(fact.value, "name", ""), 0
    order: Sequence[str] = ()
    if fact.kind == "biomarker":
        order, waits = wanted, int(not fact.value.is_result)
    elif fact.kind == "lab":
        order = _words("wanted_labs")["any"]
    return _ORDER.index(fact.kind), order.index(name) if name in order else len(order), waits


def _is_minor(fact: RecordFact, wanted: Sequence[str]) -> bool:
    """Folded away at first: a marker or a laboratory test that decides nothing in this cancer. Never one that is inherited, or that the
    records or the person doubt."""
    is_doubted = fact.proof.is_conflicting or fact.proof.check is Check.DISPUTED
    if fact.kind == "lab":
        return fact.value.name not in _words("wanted_labs")["any"] and not is_doubted
    return fact.kind == "biomarker" and fact.value.name not in wanted and fact.value.origin != "germline" and not is_doubted


def _facts(profile: PatientProfile) -> Iterator[RecordFact]:
    for one in latest_facts(profile):
        if one.kind != "birth_year" or profile.age is None:
            yield one
    yield from (RecordFact("other_cancer", one) for one in profile.other_cancers)
    yield from (RecordFact("allergy", one) for one in profile.allergies)
    yield from (RecordFact("family_history", one) for one in profile.family_history)


def _card(fact: RecordFact, today: date, wanted: Sequence[str], others: Mapping[str, tuple[str, ...]]) -> FactCard:
    proof = fact.proof
    field = f"biomarker {fact.value.name}" if fact.kind == "biomarker" else fact.kind
    return FactCard(
        kind=fact.kind,
        label=_label(fact),
        value=_VALUES[fact.kind](fact.value),
        meaning=_MEANINGS.get(fact.kind, lambda value: "")(fact.value) or _words("meaning").get(fact.kind, ""),
        state=fact.state(today),
        check=proof.check,
        evidence=proof.evidence,
        on=str(proof.date) if proof.date and not _says_when(fact.value) else "",
        notes=tuple(_notes(fact, today)),
        others=others.get(field, ())[1:] if proof.is_conflicting else (),
        finding_ids=proof.finding_ids,
        is_minor=_is_minor(fact, wanted),
    )


@cache
def _all_words() -> dict[str, Any]:
    return tomllib.loads((Path(__file__).parent / "cards.toml").read_text(encoding="utf-8"))


def _says_when(value: object) -> bool:
    """A treatment's value names its own dates."""
    return isinstance(value, Treatment) and bool(value.start or value.stop)


def _words(part: str) -> Mapping[str, Any]:
    words: Mapping[str, Any] = _all_words()[part]
    return words


def _label(fact: RecordFact) -> str:
    return str(fact.value.name) if fact.kind in ("biomarker", "lab") else str(_words("label")[fact.kind])


def _notes(fact: RecordFact, today: date) -> Iterator[str]:
    """What else to know: that it is worked out by us, old, hard to read, told by the person, about blood, or inherited."""
    value, proof = fact.value, fact.proof
    if getattr(value, "stated_or_derived", None) == "derived":
        yield "We worked this out from the T, N and M. It is not in the report."
    if getattr(value, "specimen", None) == "blood" and value.status == "negative":
        yield "A blood test can miss changes in the tumor."
    if fact.state(today) is FactState.OUT_OF_DATE and proof.date:
        yield f"From {proof.date.in_words()}. It may have changed."
    if proof.is_poorly_read and not proof.is_confirmed:
        yield "This page was hard to read. We may have misread it."
    if proof.check is Check.TOLD_BY_PATIENT:
        yield "You told us."


def _cancer_value(cancer: Cancer) -> str:
    grade = f", grade {cancer.grade}" if cancer.grade else ""
    status = {"suspected": "possible: ", "ruled_out": "not "}.get(cancer.status, "")
    return f"{status}{cancer.name}{grade}"


def _stage_value(stage: CancerStage) -> str:
    tnm = " ".join(part for part in (stage.t, stage.n, stage.m) if part)
    tnm = f"{stage.prefix or ''}{tnm}" if tnm and not tnm.startswith(("p", "c", "y", "r")) else tnm
    group = f"stage {stage.group}" if stage.group else ""
    extent = (stage.extent or "").replace("_", " ")
    return ", ".join(part for part in (group, tnm, extent) if part) or (stage.other_system or "not clear")


def _biomarker_value(marker: Biomarker) -> str:
    """ "changed (G12D)", "high (MSI-H)", "positive (80% 2+)", "not tested"."""
    mismatch = _words("mismatch").get(marker.name, {}).get(marker.status)
    if mismatch:
        said = mismatch
    elif marker.status == "positive":
        said = "changed" if marker.name in load("genes")["genes"] else "positive"
    else:
        said = _words("status").get(marker.status, marker.status.replace("_", " "))
    if marker.status == "negative" and not mismatch and marker.name not in load("genes")["genes"]:
        said = "negative"
    detail = (marker.detail or "").removeprefix("p.")
    said = (f"{said} ({detail})" if said else detail) if detail and detail.lower() not in said.lower() else said
    origin = {"germline": "inherited", "somatic": "in the tumor"}.get(marker.origin)
    return ", ".join(part for part in (said, origin) if part) or "reported"


def _treatment_value(treatment: Treatment) -> str:
    when = " to ".join(part.in_words() for part in (treatment.start, treatment.stop) if part)
    status = _words("treatment_status").get(treatment.status, "")
    return ", ".join(part for part in (treatment.name, when, status) if part)


def _lab_value(lab: LabResult) -> str:
    return f"{lab.comparator or ''}{lab.value:,.10g} {lab.unit or ''}".strip()


def _stage_meaning(stage: CancerStage) -> str:
    return str(_words("extent").get(stage.extent or "", "How far the cancer has grown and spread."))


def _biomarker_meaning(marker: Biomarker) -> str:
    return str(_words("biomarker").get(marker.name, ""))


def _plain(fact: Fact[Any]) -> str:
    return str(fact.value)


def _relative(history: FamilyHistory) -> str:
    return f"{history.relative}: {history.condition}"


_VALUES: Mapping[str, Callable[[Any], str]] = {
    **dict.fromkeys(_ORDER, _plain),
    "primary_cancer": _cancer_value,
    "other_cancer": _cancer_value,
    "stage": _stage_value,
    "biomarker": _biomarker_value,
    "treatment": _treatment_value,
    "lab": _lab_value,
    "ecog": lambda fact: f"ECOG {fact.value}",
    "family_history": _relative,
}
_MEANINGS: Mapping[str, Callable[[Any], str]] = {
    "primary_cancer": lambda cancer: str(_words("cancer_status").get(cancer.status, "")),
    "stage": _stage_meaning,
    "biomarker": _biomarker_meaning,
    "lab": lambda lab: str(_words("lab").get(lab.name, "")),
    "ecog": lambda fact: str(_words("ecog").get(str(fact.value), "")),
    "treatment": lambda treatment: str(_words("treatment_kind").get(treatment.kind, "")),
}
