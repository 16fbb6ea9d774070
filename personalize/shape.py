"""The shape of a profile without the person: which kinds of facts are there, with what results, how far apart and how sure; nothing of whose they
are. For trying a change of content on what real records look like.

Kept: words of our lists (cancers, markers, drugs, illnesses, sites), results, stages, scores, and how far apart the dates are. Left out or made
coarse: files, pages, quotes, ids, places, birth years, the dates themselves, exact ages and values, and every word that is in no list of ours.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import fields, replace
from datetime import date
from functools import cache
from types import MappingProxyType
from typing import Any

from personalize.criteria.history import treatment_words
from personalize.profile import Biomarker, Cancer, CancerStage, EvidenceRef, Fact, LabResult, PartialDate, PatientProfile, Proof, Treatment
from personalize.vocabulary import load
from personalize.vocabulary.lab_units import analyte_named

OLDEST = 90  # ages above are told together (45 CFR 164.514, safe harbor)
_AGES = 5
_PLACE = EvidenceRef("", "a page of a record", 1, "")
# What a result may look like: "p.G12D", "80% 2+", "12 mut/Mb"; a sentence is no result.
_DETAIL = re.compile(r"[\w.+*%<>=/ -]{1,24}")


def shape_of(profile: PatientProfile, *, today: date) -> PatientProfile:
    """The newest date becomes `today`; all others keep their distance from it, to the month."""
    return _Shape(profile, today).made()


class _Shape:
    def __init__(self, profile: PatientProfile, today: date) -> None:
        self.profile, self.today = profile, today
        known = [when.latest() for when in _dates(profile)]
        self.moved_by = today - max(known, default=today)

    def made(self) -> PatientProfile:
        one = self.profile
        cancer = self.cancer(one.primary_cancer) if one.primary_cancer else None
        return PatientProfile(
            sex=self.fact(one.sex, one.sex.value) if one.sex and one.sex.value in ("female", "male") else None,
            age=self.age(),
            primary_cancer=cancer,
            other_cancers=tuple(map(self.cancer, one.other_cancers)),
            stage=self.stage(one.stage) if one.stage else None,
            metastatic_sites=self.listed(one.metastatic_sites, _sites()),
            biomarkers=tuple(made for marker in one.biomarkers if (made := self.marker(marker)) is not None),
            treatments=tuple(map(self.treatment, one.treatments)),
            ecog=self.fact(one.ecog, one.ecog.value) if one.ecog else None,
            karnofsky=self.fact(one.karnofsky, one.karnofsky.value) if one.karnofsky else None,
            labs=tuple(kept for lab in one.labs if (kept := self.lab(lab)) is not None),
            hla=tuple(self.fact(fact, fact.value.partition(":")[0]) for fact in one.hla),
            comorbidities=self.listed(one.comorbidities, _illnesses()),
            is_reader_caregiver=one.is_reader_caregiver,
            clinical=MappingProxyType({name: said for name, said in one.clinical.items() if isinstance(said, bool)}),
        )

    def proof(self, proof: Proof) -> Proof:
        """How sure and since when; not where it stands nor who said so in which words."""
        return replace(proof, evidence=(_PLACE,) if proof.evidence else (), date=self.moved(proof.date), finding_ids=())

    def moved(self, when: PartialDate | None) -> PartialDate | None:
        if when is None:
            return None
        new = when.latest() + self.moved_by
        return PartialDate(new.year, new.month if when.month else None)

    def fact(self, fact: Fact[Any], value: Any) -> Fact[Any]:
        return Fact(value, self.proof(fact.proof))

    def listed(self, facts: Iterable[Fact[str]], words: frozenset[str]) -> tuple[Fact[str], ...]:
        return tuple(self.fact(one, one.value) for one in facts if one.value in words)

    def age(self) -> Fact[int] | None:
        """In steps of five years."""
        one = self.profile
        if one.age is not None:
            return Fact(min(one.age.value // _AGES * _AGES, OLDEST), self.proof(one.age.proof))
        if one.birth_year is None:
            return None
        years = (self.today - self.moved_by).year - one.birth_year.value
        return Fact(min(years // _AGES * _AGES, OLDEST), self.proof(one.birth_year.proof))

    def cancer(self, cancer: Cancer) -> Cancer:
        name = _cancers().get(cancer.code or "", "Cancer")
        return replace(
            cancer, name=name, histology=None, site=cancer.site if cancer.site in _sites() else None, proof=self.proof(cancer.proof)
        )

    def stage(self, stage: CancerStage) -> CancerStage:
        return replace(stage, nodes_positive=None, nodes_examined=None, proof=self.proof(stage.proof))

    def marker(self, marker: Biomarker) -> Biomarker | None:
        if marker.name not in _markers():
            return None
        detail = marker.detail if marker.detail and _DETAIL.fullmatch(marker.detail) else None
        return replace(marker, detail=detail, method=None, proof=self.proof(marker.proof))

    def treatment(self, treatment: Treatment) -> Treatment:
        return replace(
            treatment,
            name=treatment.name if treatment.name in treatment_words() else treatment.kind.replace("_", " "),
            drugs=tuple(one for one in treatment.drugs if one in treatment_words()),
            start=self.moved(treatment.start),
            stop=self.moved(treatment.stop),
            proof=self.proof(treatment.proof),
        )

    def lab(self, lab: LabResult) -> LabResult | None:
        """To two figures."""
        return replace(lab, value=float(f"{lab.value:.2g}"), proof=self.proof(lab.proof)) if analyte_named(lab.name) else None


def _dates(profile: PatientProfile) -> Iterable[PartialDate]:
    """Every date of the profile: of a fact, and of a treatment's start and end."""
    for one in fields(profile):
        value = getattr(profile, one.name)
        for part in value if isinstance(value, tuple) else (value,):
            known = (getattr(part, "start", None), getattr(part, "stop", None), getattr(getattr(part, "proof", None), "date", None))
            yield from (when for when in known if when is not None)


@cache
def _cancers() -> dict[str, str]:
    return {one["code"]: one["name"] for one in reversed(load("cancers")["cancer"])}


@cache
def _markers() -> frozenset[str]:
    return frozenset({one["name"] for one in load("markers")["marker"]} | set(load("genes")["genes"]))


@cache
def _sites() -> frozenset[str]:
    return frozenset(load("sites"))


@cache
def _illnesses() -> frozenset[str]:
    return frozenset(one["name"] for one in load("comorbidities")["comorbidity"])
