"""The facts of a profile as one list, and the state each is shown in."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any

from personalize.criteria.person import SHELF_LIFE
from personalize.profile import Check, FactState, PatientProfile, Proof

_DAYS = {"lab": SHELF_LIFE["labs"], "ecog": SHELF_LIFE["ecog"], "karnofsky": SHELF_LIFE["ecog"], "stage": SHELF_LIFE["stage"]}
_DAYS["biomarker"] = SHELF_LIFE["biomarkers"]
_SINGLE = ("primary_cancer", "stage", "ecog", "karnofsky", "age", "birth_year", "sex", "country", "postcode")
_MANY = {
    "biomarkers": "biomarker",
    "treatments": "treatment",
    "labs": "lab",
    "metastatic_sites": "metastatic_site",
    "hla": "hla",
    "comorbidities": "comorbidity",
}
_RELATIVES = {"family_history": "family_history"}


@dataclass(frozen=True, slots=True)
class RecordFact:
    """A value of the profile with its kind ("stage", "biomarker", ...)."""

    kind: str
    value: Any

    @property
    def proof(self) -> Proof:
        proof: Proof = self.value.proof
        return proof

    def is_out_of_date(self, today: date) -> bool:
        """Only a dated fact can be known to be old. An inherited change does not age."""
        days = _DAYS.get(self.kind)
        if days is None or getattr(self.value, "origin", "") == "germline" or self.proof.date is None:
            return False
        return self.proof.date.latest() < today - timedelta(days=days)

    def state(self, today: date) -> FactState:
        if self.proof.is_conflicting:
            return FactState.CONFLICTING
        return FactState.OUT_OF_DATE if self.is_out_of_date(today) else FactState.FOUND


def record_facts(profile: PatientProfile) -> Iterator[RecordFact]:
    """Every fact about the patient, in page order. Relatives are not in it."""
    for name in _SINGLE:
        value = getattr(profile, name)
        if value is not None:
            yield RecordFact(name, value)
    for name, kind in _MANY.items():
        for value in getattr(profile, name):
            yield RecordFact(kind, value)


def latest_facts(profile: PatientProfile) -> Iterator[RecordFact]:
    """As record_facts, with only the latest value of each laboratory test."""
    latest = {one.name: profile.labs_named(one.name)[0] for one in profile.labs}
    for one in record_facts(profile):
        if one.kind != "lab" or one.value is latest.pop(one.value.name, None):
            yield one


def settled(profile: PatientProfile) -> PatientProfile:
    """What may change the page: a fact a person confirmed is neither conflicting nor poorly read any more; a disputed one is left out,
    except the cancer itself, which then counts as conflicting."""
    made: dict[str, Any] = {}
    for name in (*_SINGLE, *_MANY, *_RELATIVES):
        value = getattr(profile, name)
        if isinstance(value, tuple):
            made[name] = tuple(_settle(one) for one in value if one.proof.check is not Check.DISPUTED)
        elif value is not None and value.proof.check is Check.DISPUTED:
            made[name] = replace(value, proof=replace(value.proof, is_conflicting=True)) if name == "primary_cancer" else None
        elif value is not None:
            made[name] = _settle(value)
    return replace(profile, **made)


def _settle(value: Any) -> Any:
    proof: Proof = value.proof
    if not proof.is_confirmed or not (proof.is_conflicting or proof.is_poorly_read):
        return value
    return replace(value, proof=replace(proof, is_conflicting=False, is_poorly_read=False))
