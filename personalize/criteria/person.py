"""Predicates about the person: fitness, age, labs, other illnesses, where they live; and about the records themselves."""

from __future__ import annotations

from dataclasses import fields
from datetime import date, timedelta
from typing import Any

from personalize.criteria.predicate import NOTHING, NUMBER, WORD, WORDS, Predicate, as_number, as_words, outcome, unknown
from personalize.criteria.values import Outcome, Rule
from personalize.profile import Check, Fact, FactState, LabResult, PatientProfile, Proof, day_in_words
from personalize.vocabulary.lab_units import analyte_named, analytes, in_usual_unit, lab_in_sentence

# Days after which a fact may have changed. Labs 30, performance 60, stage 180, tumor markers 365: content/tailoring_matrix, row TM-79.
SHELF_LIFE = {"labs": 30, "ecog": 60, "stage": 180, "biomarkers": 365}
# A blood test or a fitness score older than this says nothing of today.
OLD_DAYS = 180


def is_old(proof: Proof, today: date) -> bool:
    return proof.date is not None and proof.date.latest() < today - timedelta(days=OLD_DAYS)


def compare(rule: Rule, number: float) -> bool:
    """Does the number keep to the limit of a rule with one of COMPARISONS?"""
    limit = as_number(rule)
    return {"at_least": number >= limit, "at_most": number <= limit, "above": number > limit, "below": number < limit}[rule.op]


COMPARISONS = {"at_least": NUMBER, "at_most": NUMBER, "above": NUMBER, "below": NUMBER}


def phrases(what: str) -> dict[str, str]:
    """English for COMPARISONS."""
    return {
        "at_least": what + " at least {value}",
        "at_most": what + " at most {value}",
        "above": what + " above {value}",
        "below": what + " below {value}",
    }


def ecog(rule: Rule, profile: PatientProfile, today: date) -> Outcome:
    fact = profile.ecog
    if fact is None:
        return unknown("We did not find an ECOG score in the records.", "What is the ECOG score? Are you up and about most of the day?")
    if is_old(fact.proof, today):
        return unknown(f"The records say ECOG {fact.value}, long ago.", "What is the ECOG score today?", [fact.proof])
    return outcome(compare(rule, fact.value), f"The records say ECOG {fact.value}.", [fact.proof], recoverable=True)


def karnofsky(rule: Rule, profile: PatientProfile, today: date) -> Outcome:
    fact = profile.karnofsky
    if fact is None:
        return unknown("We did not find a Karnofsky score in the records.", "What is the Karnofsky score?")
    if is_old(fact.proof, today):
        return unknown(f"The records say Karnofsky {fact.value}, long ago.", "What is the Karnofsky score today?", [fact.proof])
    return outcome(compare(rule, fact.value), f"The records say Karnofsky {fact.value}.", [fact.proof], recoverable=True)


def age(rule: Rule, profile: PatientProfile, today: date) -> Outcome:
    years = profile.age_on(today)
    proof = profile.age.proof if profile.age else profile.birth_year.proof if profile.birth_year else None
    if years is None or proof is None:
        return unknown("We did not find an age or a birth date.", "How old are you?")
    if profile.age is None and compare(rule, years) != compare(rule, years - 1):
        return unknown("We know the year of birth only; the limit falls in this year.", "How old are you?", [proof])
    return outcome(compare(rule, years), f"Age {years}.", [proof])


def sex(rule: Rule, profile: PatientProfile, today: date) -> Outcome:
    if profile.sex is None:
        return unknown("We did not find the sex in the records.", "Which sex do the records say?")
    return outcome(profile.sex.value == rule.value, f"The records say {profile.sex.value}.", [profile.sex.proof])


def lab(rule: Rule, profile: PatientProfile, today: date) -> Outcome:
    """sub: the analyte by its name or its name in rules. unit "xULN": the limit is a multiple of the laboratory's upper limit of normal."""
    name = lab_in_sentence(rule.sub or "")
    question = f"What is the latest {name}?"
    mine = _results(rule.sub or "", profile)
    if not mine:
        return unknown(f"We did not find {name} in the records.", question)
    latest = mine[0]
    said = " ".join(part for part in (name, f"{latest.comparator or ''}{latest.value:g}", latest.unit) if part)
    said = f"The records say {said}" + (f" on {latest.proof.date.in_words()}." if latest.proof.date else ".")
    if is_old(latest.proof, today):
        return unknown(f"{said} That was long ago.", question, [latest.proof])
    is_met = _keeps_limit(rule, latest)
    if is_met is None:
        return unknown(f"{said} We cannot compare it with the limit.", question, [latest.proof])
    return outcome(is_met, said, [latest.proof], recoverable=True)


def _results(sub: str, profile: PatientProfile) -> list[LabResult]:
    """Latest first; undated ones last. Profiles call an analyte by its name, rules by its short name."""
    mine = [one for one in profile.labs if one.name == sub or ((known := analyte_named(one.name)) is not None and known.sub == sub)]
    return sorted(mine, key=lambda one: one.proof.date.earliest() if one.proof.date else date.min, reverse=True)


def _keeps_limit(rule: Rule, result: LabResult) -> bool | None:
    """None where the units cannot be compared, or "<5" leaves it open."""
    number = _in_unit(rule, result)
    if number is None:
        return None
    is_met = compare(rule, number)
    is_upper = rule.op in ("at_most", "below")
    if (result.comparator or "")[:1] == "<":
        return is_met if is_met == is_upper else None
    if (result.comparator or "")[:1] == ">":
        return is_met if is_met != is_upper else None
    return is_met


def _in_unit(rule: Rule, result: LabResult) -> float | None:
    """The result in the unit of the rule."""
    if rule.unit == "xULN":
        return result.value / result.uln if result.uln else None
    if not rule.unit or (result.unit and rule.unit.lower() == result.unit.lower()):
        return result.value
    analyte = analyte_named(result.name)
    usual = in_usual_unit(result.name, result.value, result.unit)
    if analyte is None or usual is None:
        return result.value if not result.unit else None
    factor = 1.0 if rule.unit.lower() == analyte.unit.lower() else analyte.factor(rule.unit)
    return usual[0] / factor if factor else None


def comorbidity(rule: Rule, profile: PatientProfile, today: date) -> Outcome:
    words = [one.lower() for one in as_words(rule)]
    found = [one for one in profile.comorbidities if any(word in one.value.lower() for word in words)]
    if found:
        return outcome(True, f"The records say {', '.join(one.value for one in found)}.", [one.proof for one in found], recoverable=True)
    return unknown("We did not find this in the records.", "Do you have " + " or ".join(as_words(rule)) + "?")


def country(rule: Rule, profile: PatientProfile, today: date) -> Outcome:
    if profile.country is None:
        return unknown("We do not know the country.", "Which country do you get care in?")
    is_in = profile.country.value in as_words(rule)
    return outcome(is_in == (rule.op == "in"), f"Care in {profile.country.value}.", [profile.country.proof])


def clinical(rule: Rule, profile: PatientProfile, today: date) -> Outcome:
    """A fact of the profile's `clinical` part by name."""
    said = profile.clinical.get(rule.sub or "")
    if said is None:
        return unknown("We did not find this in the records.")
    return outcome(said is True or said == rule.value, f"{(rule.sub or '').replace('_', ' ')}: {said}", recoverable=True)


def _proof_of(profile: PatientProfile, name: str) -> Proof | None:
    """The proof of a fact of the profile by its name there; the newest of several."""
    value: Any = getattr(profile, name)
    if value is None:
        return None
    proofs: list[Proof] = [one.proof for one in (value if isinstance(value, tuple) else (value,))]
    return max(proofs, key=lambda one: one.date.earliest() if one.date else date.min, default=None)


def state_of(profile: PatientProfile, name: str, today: date) -> FactState:
    """found, not found, conflicting, or out of date by its shelf life."""
    proof = _proof_of(profile, name)
    if proof is None:
        return FactState.NOT_FOUND
    if proof.is_conflicting:
        return FactState.CONFLICTING
    days = SHELF_LIFE.get(name)
    if days and proof.date and proof.date.latest() < today - timedelta(days=days):
        return FactState.OUT_OF_DATE
    return FactState.FOUND


# What a rule about the state of a fact may be about.
FACTS = frozenset(one.name for one in fields(PatientProfile)) - {"clinical", "checked_on", "is_reader_caregiver"}


def fact_state(rule: Rule, profile: PatientProfile, today: date) -> Outcome:
    state = state_of(profile, rule.sub or "", today)
    proof = _proof_of(profile, rule.sub or "")
    return outcome(
        state.value == rule.value, f"{(rule.sub or '').replace('_', ' ')}: {state.value.replace('_', ' ')}.", [proof] if proof else []
    )


def _all_proofs(profile: PatientProfile) -> list[Proof]:
    known: tuple[Any, ...] = (profile.primary_cancer, profile.stage)
    single: list[Proof] = [one.proof for one in known if one is not None]
    facts: list[Fact[int]] = [one for one in (profile.ecog, profile.karnofsky, profile.birth_year) if one is not None]
    many: tuple[Any, ...] = (*profile.biomarkers, *profile.treatments, *profile.labs)
    return [*single, *(one.proof for one in facts), *(one.proof for one in many)]


def reading(rule: Rule, profile: PatientProfile, today: date) -> Outcome:
    poor = [one for one in _all_proofs(profile) if one.is_poorly_read and not one.is_confirmed and one.check is Check.NOT_CHECKED]
    return outcome(bool(poor), "A page was hard to read." if poor else "The pages were read well.", poor)


def checked(rule: Rule, profile: PatientProfile, today: date) -> Outcome:
    return outcome(
        profile.checked_on is not None, f"Checked on {day_in_words(profile.checked_on)}." if profile.checked_on else "Not checked yet."
    )


def caregiver(rule: Rule, profile: PatientProfile, today: date) -> Outcome:
    return outcome(
        profile.is_reader_caregiver, "The reader cares for the patient." if profile.is_reader_caregiver else "The reader is the patient."
    )


def lab_subs() -> frozenset[str]:
    """What a rule about a lab may be about: the names of the vocabulary, and blasts in the marrow."""
    return frozenset({name for one in analytes() for name in (one.name, one.sub)} | {"marrow_blasts"})


PERSON_PREDICATES = {
    "ecog": Predicate(ecog, COMPARISONS, phrases("the ECOG score is")),
    "karnofsky": Predicate(karnofsky, COMPARISONS, phrases("the Karnofsky score is")),
    "age": Predicate(age, COMPARISONS, phrases("the age is")),
    "sex": Predicate(sex, {"is": WORD}, {"is": "the sex is {value}"}),
    "lab": Predicate(
        lab, COMPARISONS, {op: "{sub} " + words + " {unit}" for op, words in phrases("is").items()}, needs_sub=True, subs=lab_subs
    ),
    "comorbidity": Predicate(comorbidity, {"any_of": WORDS}, {"any_of": "there is {value}"}),
    "country": Predicate(country, {"in": WORDS, "not_in": WORDS}, {"in": "care is in {value}", "not_in": "care is not in {value}"}),
    "clinical": Predicate(clinical, {"is": WORD, "is_true": NOTHING}, {"is": "{sub} is {value}", "is_true": "{sub}"}, needs_sub=True),
    "fact_state": Predicate(fact_state, {"is": WORD}, {"is": "the fact '{sub}' is {value}"}, needs_sub=True, subs=lambda: FACTS),
    "reading": Predicate(reading, {"poor": NOTHING}, {"poor": "a page was hard to read and nobody has checked it"}),
    "profile_checked": Predicate(checked, {"is_true": NOTHING}, {"is_true": "a coordinator has checked the profile"}),
    "caregiver": Predicate(caregiver, {"is_true": NOTHING}, {"is_true": "the reader is a caregiver"}),
}
