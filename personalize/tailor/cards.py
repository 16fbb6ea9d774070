"""The facts of a profile as cards: label, value and meaning in plain words, with their state and proof."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

from personalize.content.plain import ENGLISH
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
from personalize.tailor.languages import Language
from personalize.tailor.languages import language as spoken
from personalize.tailor.values import FactCard
from personalize.vocabulary import load

# The words of the cards in each language; which markers and tests decide something is the same in all of them.
_FILES = {ENGLISH: "cards.toml", "es": "cards_es.toml"}
_COUNTED = re.compile(r"(\d+)/(\d+)")
_ORDER = ("primary_cancer", "stage", "metastatic_site", "biomarker", "hla", "treatment", "ecog", "karnofsky", "lab", "age", "birth_year",
          "sex", "country", "postcode", "comorbidity", "allergy", "other_cancer", "family_history")  # fmt: skip


def fact_cards(
    profile: PatientProfile, *, today: date, conflicts: Sequence[Conflict] = (), language: str = ENGLISH
) -> tuple[FactCard, ...]:
    """One card a fact, the cancer first, then what matters most for this cancer; of a laboratory test the latest value only. Nothing is
    said of what was not found. conflicts: what other pages say stands on the card."""
    wanted = _wanted_markers(profile)
    said = _Said(spoken(language), {one.field: one.values for one in conflicts})
    return tuple(_card(one, today, wanted, said) for one in sorted(_facts(profile), key=lambda one: _rank(one, wanted)))


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


@dataclass(frozen=True, slots=True)
class _Said:
    """The words of a language for cards. others: by field, what the records say besides."""

    language: Language
    others: Mapping[str, tuple[str, ...]]

    def words(self, part: str) -> Mapping[str, Any]:
        return _words(part, self.language.code)


def _card(fact: RecordFact, today: date, wanted: Sequence[str], said: _Said) -> FactCard:
    proof = fact.proof
    field = f"biomarker {fact.value.name}" if fact.kind == "biomarker" else fact.kind
    return FactCard(
        kind=fact.kind,
        label=_label(fact, said),
        value=_VALUES[fact.kind](fact.value, said),
        meaning=_meaning(fact, said),
        state=fact.state(today),
        check=proof.check,
        evidence=proof.evidence,
        on=str(proof.date) if proof.date and not _says_when(fact.value) else "",
        notes=tuple(_notes(fact, today, said.language)),
        others=tuple(map(said.language.term, said.others.get(field, ())[1:])) if proof.is_conflicting else (),
        finding_ids=proof.finding_ids,
        is_minor=_is_minor(fact, wanted),
    )


def _meaning(fact: RecordFact, said: _Said) -> str:
    own = _MEANINGS.get(fact.kind)
    return (own(fact.value, said) if own else "") or str(said.words("meaning").get(fact.kind, ""))


@cache
def _all_words(language: str) -> dict[str, Any]:
    return tomllib.loads((Path(__file__).parent / _FILES[language]).read_text(encoding="utf-8"))


def _says_when(value: object) -> bool:
    """A treatment's value names its own dates."""
    return isinstance(value, Treatment) and bool(value.start or value.stop)


def _words(part: str, language: str = ENGLISH) -> Mapping[str, Any]:
    words: Mapping[str, Any] = _all_words(language)[part]
    return words


def _label(fact: RecordFact, said: _Said) -> str:
    if fact.kind in ("biomarker", "lab"):
        name = str(fact.value.name)
        return said.language.terms.get(name.lower(), name)
    return str(said.words("label")[fact.kind])


def _notes(fact: RecordFact, today: date, language: Language) -> Iterator[str]:
    """What else to know: that it is worked out by us, old, hard to read, told by the person, about blood, or inherited."""
    value, proof = fact.value, fact.proof
    if getattr(value, "stated_or_derived", None) == "derived":
        yield language.say("worked_out")
    for written, made, because in getattr(value, "letters", ()):
        counted = _COUNTED.fullmatch(because)
        if counted:
            yield language.say("letter_of_nodes", written=written, positive=counted[1], examined=counted[2], made=made)
        else:
            yield language.say("letter_of_tumor", written=written, because=because, made=made)
    if getattr(value, "specimen", None) == "blood" and value.status == "negative":
        yield language.say("blood_can_miss")
    if fact.state(today) is FactState.OUT_OF_DATE and proof.date:
        yield language.say("may_have_changed", day=language.partial_day(proof.date))
    if proof.is_poorly_read and not proof.is_confirmed:
        yield language.say("hard_to_read")
    if proof.check is Check.TOLD_BY_PATIENT:
        yield language.say("told_by_you")


def _cancer_value(cancer: Cancer, said: _Said) -> str:
    name = said.language.term(cancer.name)
    name = said.language.say("grade", name=name, grade=cancer.grade) if cancer.grade else name
    key = {"suspected": "possible", "ruled_out": "not_it"}.get(cancer.status)
    return said.language.say(key, name=name) if key else name


def _stage_value(stage: CancerStage, said: _Said) -> str:
    tnm = " ".join(part for part in (stage.t, stage.n, stage.m) if part)
    tnm = f"{stage.prefix or ''}{tnm}" if tnm and not tnm.startswith(("p", "c", "y", "r")) else tnm
    group = said.language.say("stage", group=stage.group) if stage.group else ""
    extent = said.language.term((stage.extent or "").replace("_", " "))
    return ", ".join(part for part in (group, tnm, extent) if part) or (stage.other_system or said.language.say("not_clear"))


def _biomarker_value(marker: Biomarker, said: _Said) -> str:
    """ "changed (G12D)", "high (MSI-H)", "positive (80% 2+)", "not tested"."""
    say = said.language.say
    is_gene = marker.name in load("genes")["genes"]
    mismatch = said.words("mismatch").get(marker.name, {}).get(marker.status)
    if mismatch:
        value = str(mismatch)
    elif marker.status == "positive":
        value = say("changed") if is_gene else say("positive")
    elif marker.status == "negative" and not is_gene:
        value = say("negative")
    else:
        value = str(said.words("status").get(marker.status, said.language.term(marker.status.replace("_", " "))))
    detail = (marker.detail or "").removeprefix("p.")
    value = (f"{value} ({detail})" if value else detail) if detail and detail.lower() not in value.lower() else value
    origin = {"germline": say("inherited"), "somatic": say("in_the_tumor")}.get(marker.origin)
    return ", ".join(part for part in (value, origin) if part) or say("reported")


def _treatment_value(treatment: Treatment, said: _Said) -> str:
    days = [said.language.partial_day(part) for part in (treatment.start, treatment.stop) if part]
    when = said.language.say("from_to", start=days[0], stop=days[1]) if len(days) > 1 else "".join(days)
    status = said.words("treatment_status").get(treatment.status, "")
    return ", ".join(part for part in (said.language.term(treatment.name), when, status) if part)


def _lab_value(lab: LabResult, said: _Said) -> str:
    return f"{lab.comparator or ''}{lab.value:,.10g} {lab.unit or ''}".strip()


def _stage_meaning(stage: CancerStage, said: _Said) -> str:
    return str(said.words("extent").get(stage.extent or "", said.language.say("how_far")))


def _plain(fact: Fact[Any], said: _Said) -> str:
    return said.language.term(str(fact.value))


def _as_written(fact: Fact[Any], said: _Said) -> str:
    return str(fact.value)


def _relative(history: FamilyHistory, said: _Said) -> str:
    return f"{said.language.term(history.relative)}: {said.language.term(history.condition)}"


_VALUES: Mapping[str, Callable[[Any, _Said], str]] = {
    **dict.fromkeys(_ORDER, _plain),
    **dict.fromkeys(("karnofsky", "age", "birth_year", "postcode", "hla"), _as_written),
    "primary_cancer": _cancer_value,
    "other_cancer": _cancer_value,
    "stage": _stage_value,
    "biomarker": _biomarker_value,
    "treatment": _treatment_value,
    "lab": _lab_value,
    "ecog": lambda fact, said: f"ECOG {fact.value}",
    "family_history": _relative,
}
_MEANINGS: Mapping[str, Callable[[Any, _Said], str]] = {
    "primary_cancer": lambda cancer, said: str(said.words("cancer_status").get(cancer.status, "")),
    "stage": _stage_meaning,
    "biomarker": lambda marker, said: str(said.words("biomarker").get(marker.name, "")),
    "lab": lambda lab, said: str(said.words("lab").get(lab.name, "")),
    "ecog": lambda fact, said: str(said.words("ecog").get(str(fact.value), "")),
    "treatment": lambda treatment, said: str(said.words("treatment_kind").get(treatment.kind, "")),
}
