"""The profile of one patient from all that was found and said."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

from personalize.profile import Conflict, PatientProfile
from records.assembly.cancers import cancers_of
from records.assembly.courses import treatments_of
from records.assembly.judged import JudgedFinding, Voice, voices
from records.assembly.lists import allergies_of, clinical_of, comorbidities_of, family_of, hla_of, labs_of
from records.assembly.markers import biomarkers_of
from records.assembly.singles import age_of, birth_year_of, ecog_of, karnofsky_of, sex_of, situation_of
from records.assembly.spread import sites_of
from records.assembly.staging import stage_of


@dataclass(frozen=True, slots=True)
class Assembled:
    """conflicts: where the records disagree, what was chosen and why, in plain words."""

    profile: PatientProfile
    conflicts: tuple[Conflict, ...]


def assemble(findings: Sequence[JudgedFinding], *, today: date) -> Assembled:
    """One profile. What is dated after today (a misread year) does not count as the newest."""
    heard = [_not_ahead(one, today) for one in voices(findings)]
    cancers = cancers_of(heard)
    stage, stage_conflicts = stage_of(heard, cancers.primary)
    markers, marker_conflicts = biomarkers_of(heard)
    sex, sex_conflicts = sex_of(heard)
    birth_year, birth_conflicts = birth_year_of(heard)
    age, _ = age_of(heard)
    ecog, ecog_conflicts = ecog_of(heard)
    karnofsky, karnofsky_conflicts = karnofsky_of(heard)
    profile = PatientProfile(
        sex=sex,
        birth_year=birth_year,
        age=age,
        primary_cancer=cancers.primary,
        other_cancers=cancers.others,
        stage=stage,
        metastatic_sites=sites_of(heard, cancers.primary),
        biomarkers=markers,
        treatments=treatments_of(heard, cancers.primary, stage),
        ecog=ecog,
        karnofsky=karnofsky,
        labs=labs_of(heard),
        family_history=family_of(heard),
        hla=hla_of(heard),
        comorbidities=comorbidities_of(heard),
        allergies=allergies_of(heard),
        country=situation_of(heard, "country"),
    )
    conflicts = (
        *cancers.conflicts,
        *stage_conflicts,
        *marker_conflicts,
        *sex_conflicts,
        *birth_conflicts,
        *ecog_conflicts,
        *karnofsky_conflicts,
    )
    return Assembled(replace(profile, clinical=clinical_of(heard, profile)), conflicts)


def _not_ahead(voice: Voice, today: date) -> Voice:
    """Dates that have not come yet are plans or misreadings: they say nothing of when a fact was true."""
    written = voice.written if voice.written and voice.written.earliest() <= today else None
    known = voice.dated if voice.dated and voice.dated.earliest() <= today else None
    return replace(voice, written=written, dated=known) if (written, known) != (voice.written, voice.dated) else voice
