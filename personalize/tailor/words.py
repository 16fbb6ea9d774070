"""The person's own values as words, for the slots of passages: {cancer}, {stage}, {ecog}, ..."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from datetime import date

from personalize.content import FACT_SLOT
from personalize.profile import Conflict, PatientProfile
from personalize.tailor.freshness import latest_facts
from personalize.tailor.languages import Language

_SLOT = re.compile(r"\{([a-z_]+)\}")
Word = Callable[[PatientProfile, date, Language], str]


def fill(
    text: str,
    statements: Mapping[str, str],
    profile: PatientProfile,
    *,
    today: date,
    language: Language,
    conflicts: Sequence[Conflict] = (),
) -> str:
    """The template with facts and the person's words put in. A slot without a value becomes words that claim nothing."""
    if "{" not in text:
        return text
    whole = FACT_SLOT.sub(lambda found: statements[found[1]], text)
    return _SLOT.sub(lambda found: _value(found[1], profile, today, conflicts, language), whole)


def slots_of(text: str) -> tuple[str, ...]:
    return tuple(_SLOT.findall(text))


def _value(slot: str, profile: PatientProfile, today: date, conflicts: Sequence[Conflict], language: Language) -> str:
    if slot == "cancer_values":
        return _conflict_words(profile, conflicts, language)
    return WORDS[slot](profile, today, language)


def _conflict_words(profile: PatientProfile, conflicts: Sequence[Conflict], language: Language) -> str:
    values = next((one.values for one in conflicts if "cancer" in one.field or "diagnosis" in one.field), ())
    if not values and profile.primary_cancer:
        values = (profile.primary_cancer.name,)
    return language.say("and").join(f"“{one}”" for one in values) or language.say("two_types")


def _cancer(profile: PatientProfile, today: date, language: Language) -> str:
    return language.term(profile.primary_cancer.name) if profile.primary_cancer else language.say("cancer")


def _stage(profile: PatientProfile, today: date, language: Language) -> str:
    """ "stage IIB", else how far it has grown ("locally advanced"), else the T, N and M."""
    stage = profile.stage
    if stage is None:
        return language.say("the_stage")
    if stage.group:
        return language.say("stage", group=stage.group)
    extent = language.term((stage.extent or "").replace("_", " "))
    return extent or _tnm(profile, today, language) or language.say("the_stage")


def _stage_date(profile: PatientProfile, today: date, language: Language) -> str:
    on = profile.stage.proof.date if profile.stage else None
    return language.partial_day(on) if on else language.say("unknown_date")


def _tnm(profile: PatientProfile, today: date, language: Language) -> str:
    stage = profile.stage
    return " ".join(part for part in (stage.t, stage.n, stage.m) if part) if stage else language.say("the_tnm")


def _ecog(profile: PatientProfile, today: date, language: Language) -> str:
    return f"ECOG {profile.ecog.value}" if profile.ecog else language.say("the_ecog")


def _age(profile: PatientProfile, today: date, language: Language) -> str:
    years = profile.age_on(today)
    return language.say("age", years=years) if years is not None else language.say("the_age")


def _marker(*names: str) -> Word:
    def word(profile: PatientProfile, today: date, language: Language) -> str:
        found = [one for name in names for one in profile.biomarkers_named(name) if one.is_result]
        said = [f"{one.name} {(one.detail or language.term(one.status.replace('_', ' '))).removeprefix('p.')}" for one in found]
        return ", ".join(dict.fromkeys(said)) or names[0]

    return word


def _uncertain(profile: PatientProfile, today: date, language: Language) -> str:
    return ", ".join(sorted({one.name for one in profile.biomarkers if one.status == "vus"})) or language.say("a_gene")


def _disagreeing(profile: PatientProfile, today: date, language: Language) -> str:
    return ", ".join(sorted({one.name for one in profile.biomarkers if one.proof.is_conflicting})) or language.say("a_marker")


_AGING = ("lab", "ecog", "karnofsky", "stage", "biomarker")


def _old_facts(profile: PatientProfile, today: date, language: Language) -> str:
    found = (language.say(f"old_{one.kind}") for one in latest_facts(profile) if one.kind in _AGING and one.is_out_of_date(today))
    return ", ".join(dict.fromkeys(found)) or language.say("some_results")


def _low_counts(profile: PatientProfile, today: date, language: Language) -> str:
    found = [labs[0] for name in ("Absolute neutrophil count", "Platelets", "Hemoglobin") if (labs := profile.labs_named(name))]
    return ", ".join(f"{language.term(one.name)} {one.value:g}" for one in found) or language.say("blood_counts")


def _lab(name: str) -> Word:
    def word(profile: PatientProfile, today: date, language: Language) -> str:
        labs = profile.labs_named(name)
        return f"{language.term(name)} {labs[0].value:g} {labs[0].unit or ''}".strip() if labs else language.term(name)

    return word


def _checked_on(profile: PatientProfile, today: date, language: Language) -> str:
    return language.day(profile.checked_on) if profile.checked_on else language.say("unknown_day")


def _country(profile: PatientProfile, today: date, language: Language) -> str:
    return language.term(profile.country.value) if profile.country else language.say("that_country")


def _sites(profile: PatientProfile, today: date, language: Language) -> str:
    return ", ".join(language.term(one.value) for one in profile.metastatic_sites) or language.say("other_places")


def _treatments(profile: PatientProfile, today: date, language: Language) -> str:
    given = [one.name for one in profile.treatments if one.status in ("given", "ongoing") and not one.is_for_other_disease]
    return ", ".join(language.term(one) for one in dict.fromkeys(given)) or language.say("the_treatment")


def _relatives(profile: PatientProfile, today: date, language: Language) -> str:
    said = (f"{language.term(one.relative)}: {language.term(one.condition)}" for one in profile.family_history)
    return "; ".join(said) or language.say("a_relative")


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
