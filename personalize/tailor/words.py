"""The person's own values as words, for the slots of passages: {cancer}, {stage}, {ecog}, ..."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from datetime import date

from personalize.content import FACT_SLOT
from personalize.profile import Conflict, PatientProfile, day_in_words
from personalize.tailor.freshness import latest_facts

_SLOT = re.compile(r"\{([a-z_]+)\}")
Word = Callable[[PatientProfile, date], str]


def fill(text: str, statements: Mapping[str, str], profile: PatientProfile, *, today: date, conflicts: Sequence[Conflict] = ()) -> str:
    """The template with facts and the person's words put in. A slot without a value becomes words that claim nothing."""
    if "{" not in text:
        return text
    whole = FACT_SLOT.sub(lambda found: statements[found[1]], text)
    return _SLOT.sub(lambda found: _value(found[1], profile, today, conflicts), whole)


def slots_of(text: str) -> tuple[str, ...]:
    return tuple(_SLOT.findall(text))


def _value(slot: str, profile: PatientProfile, today: date, conflicts: Sequence[Conflict]) -> str:
    if slot == "cancer_values":
        return _conflict_words(profile, conflicts)
    return WORDS[slot](profile, today)


def _conflict_words(profile: PatientProfile, conflicts: Sequence[Conflict]) -> str:
    values = next((one.values for one in conflicts if "cancer" in one.field or "diagnosis" in one.field), ())
    if not values and profile.primary_cancer:
        values = (profile.primary_cancer.name,)
    return " and ".join(f"“{one}”" for one in values) or "two types"


def _cancer(profile: PatientProfile, today: date) -> str:
    return profile.primary_cancer.name if profile.primary_cancer else "cancer"


def _stage(profile: PatientProfile, today: date) -> str:
    """ "stage IIB", else how far it has grown ("locally advanced"), else the T, N and M."""
    stage = profile.stage
    if stage is None:
        return "the stage"
    return f"stage {stage.group}" if stage.group else (stage.extent or "").replace("_", " ") or _tnm(profile, today) or "the stage"


def _stage_date(profile: PatientProfile, today: date) -> str:
    on = profile.stage.proof.date if profile.stage else None
    return on.in_words() if on else "an unknown date"


def _tnm(profile: PatientProfile, today: date) -> str:
    stage = profile.stage
    return " ".join(part for part in (stage.t, stage.n, stage.m) if part) if stage else "The T and N"


def _ecog(profile: PatientProfile, today: date) -> str:
    return f"ECOG {profile.ecog.value}" if profile.ecog else "the ECOG score"


def _age(profile: PatientProfile, today: date) -> str:
    years = profile.age_on(today)
    return f"age {years}" if years is not None else "the age"


def _marker(*names: str) -> Word:
    def word(profile: PatientProfile, today: date) -> str:
        found = [one for name in names for one in profile.biomarkers_named(name) if one.is_result]
        said = [f"{one.name} {(one.detail or one.status.replace('_', ' ')).removeprefix('p.')}" for one in found]
        return ", ".join(dict.fromkeys(said)) or names[0]

    return word


def _uncertain(profile: PatientProfile, today: date) -> str:
    return ", ".join(sorted({one.name for one in profile.biomarkers if one.status == "vus"})) or "a gene"


def _disagreeing(profile: PatientProfile, today: date) -> str:
    return ", ".join(sorted({one.name for one in profile.biomarkers if one.proof.is_conflicting})) or "a marker"


def _old_facts(profile: PatientProfile, today: date) -> str:
    labels = {"lab": "lab tests", "ecog": "fitness score", "karnofsky": "fitness score", "stage": "stage", "biomarker": "tumor markers"}
    found = dict.fromkeys(labels[one.kind] for one in latest_facts(profile) if one.kind in labels and one.is_out_of_date(today))
    return ", ".join(found) or "some results"


def _low_counts(profile: PatientProfile, today: date) -> str:
    found = [labs[0] for name in ("Absolute neutrophil count", "Platelets", "Hemoglobin") if (labs := profile.labs_named(name))]
    return ", ".join(f"{one.name} {one.value:g}" for one in found) or "blood counts"


def _lab(name: str) -> Word:
    def word(profile: PatientProfile, today: date) -> str:
        labs = profile.labs_named(name)
        return f"{name} {labs[0].value:g} {labs[0].unit or ''}".strip() if labs else name

    return word


def _checked_on(profile: PatientProfile, today: date) -> str:
    return day_in_words(profile.checked_on) if profile.checked_on else "a day we do not know"


def _country(profile: PatientProfile, today: date) -> str:
    return profile.country.value if profile.country else "that country"


def _sites(profile: PatientProfile, today: date) -> str:
    return ", ".join(one.value for one in profile.metastatic_sites) or "other places"


def _treatments(profile: PatientProfile, today: date) -> str:
    given = [one.name for one in profile.treatments if one.status in ("given", "ongoing") and not one.is_for_other_disease]
    return ", ".join(dict.fromkeys(given)) or "the treatment"


def _relatives(profile: PatientProfile, today: date) -> str:
    return "; ".join(f"{one.relative}: {one.condition}" for one in profile.family_history) or "a relative"


WORDS: Mapping[str, Word] = {
    "age": _age,
    "bilirubin": _lab("Total bilirubin"),
    "ca199": _lab("CA 19-9"),
    "cancer": _cancer,
    "cancer_values": _cancer,
    "checked_on": _checked_on,
    "claudin": _marker("CLDN18.2"),
    "country": _country,
    "counts": _low_counts,
    "disagreeing_markers": _disagreeing,
    "ecog": _ecog,
    "her2": _marker("HER2", "ERBB2"),
    "kras": _marker("KRAS"),
    "old_facts": _old_facts,
    "relatives": _relatives,
    "sites": _sites,
    "stage": _stage,
    "stage_date": _stage_date,
    "tnm": _tnm,
    "tmb": _marker("TMB"),
    "treatments": _treatments,
    "uncertain_genes": _uncertain,
}
