"""Predicates about other illness and states of the body that trials ask for, from the profile's `clinical` part (contract, section 7)
and, where that is silent, from diagnoses in the records. Absence is unknown: nobody is free of HIV because no record mentions it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

from personalize.criteria.person import COMPARISONS, compare, phrases
from personalize.criteria.predicate import NOTHING, WORD, WORDS, Predicate, as_words, outcome, unknown
from personalize.criteria.values import Outcome, Rule
from personalize.profile import Fact, PartialDate, PatientProfile

NO = ("negative", "none", "never")
DAYS_PER_MONTH = 30.4


def _part(profile: PatientProfile, name: str) -> Mapping[str, Any]:
    part = profile.clinical.get(name)
    return part if isinstance(part, Mapping) else {}


def _comorbid(profile: PatientProfile, *words: str) -> list[Fact[str]]:
    return [one for one in profile.comorbidities if any(word in one.value.lower() for word in words)]


def _day(text: Any) -> date | None:
    found = PartialDate.parse(text) if isinstance(text, str) else None
    return found.latest() if found else None


def measurable_disease(rule: Rule, profile: PatientProfile, today: date) -> Outcome:
    said = profile.clinical.get("measurable_disease")
    if not isinstance(said, bool):
        return unknown(
            "We did not find whether a tumor can be measured on a scan.", "Does the latest scan show a tumor that can be measured?"
        )
    return outcome(said, "A tumor can be measured." if said else "No tumor can be measured.", recoverable=True)


def life_expectancy(rule: Rule, profile: PatientProfile, today: date) -> Outcome:
    """In months; unit "weeks" or "days" is converted."""
    months = profile.clinical.get("life_expectancy_months")
    if not isinstance(months, int | float):
        return unknown("The trial team judges this.", "What does the doctor say to this rule?")
    per_month = {"weeks": DAYS_PER_MONTH / 7, "days": DAYS_PER_MONTH, "years": 1 / 12}.get(rule.unit or "months", 1.0)
    return outcome(compare(rule, months * per_month), "A doctor has judged this.", recoverable=True)


def brain_mets(rule: Rule, profile: PatientProfile, today: date) -> Outcome:
    """known: any. active and untreated_or_active: treated and stable ones pass. symptomatic: with complaints now."""
    part = _part(profile, "brain_mets")
    status = part.get("status")
    question = "Has the brain been scanned, and was cancer found there?"
    if status is None:
        sites = [one for one in profile.metastatic_sites if "brain" in one.value.lower() or "central nervous" in one.value.lower()]
        if sites and rule.op == "known":
            return outcome(True, "The records say it has spread to the brain.", [one.proof for one in sites])
        return unknown("We did not find a word about the brain.", question, [one.proof for one in sites])
    if status in NO:
        return outcome(False, "No spread to the brain is known.")
    if rule.op == "known":
        return outcome(True, "Spread to the brain is known.")
    if rule.op == "symptomatic":
        complaints = part.get("symptomatic")
        if not isinstance(complaints, bool):
            return unknown("We did not find whether it causes symptoms.", question)
        return outcome(complaints, "It causes symptoms." if complaints else "It causes no symptoms.", recoverable=True)
    is_quiet = str(status).startswith("treated") and "active" not in str(status)
    return outcome(not is_quiet, f"Spread to the brain: {str(status).replace('_', ' ')}.", recoverable=True)


def autoimmune(rule: Rule, profile: PatientProfile, today: date) -> Outcome:
    """history: ever. active: now. requires_immunosuppression: treated for it now, or within window_days."""
    part = _part(profile, "autoimmune")
    question = "Have you had an autoimmune disease, and how is it treated?"
    if part.get("status") is None:
        found = _comorbid(profile, "autoimmune", "rheumatoid", "lupus", "crohn", "ulcerative colitis", "multiple sclerosis", "psoriasis")
        proofs = [one.proof for one in found]
        if found and rule.op == "history":
            return outcome(True, f"The records say {found[0].value}.", proofs)
        return unknown(f"The records say {found[0].value}." if found else "We did not find this in the records.", question, proofs)
    if part["status"] in NO:
        return outcome(False, "No autoimmune disease is known.")
    said = f"{part.get('name') or 'An autoimmune disease'} is known."
    if rule.op == "history":
        return outcome(True, said)
    if rule.op == "active":
        active = part.get("active")
        return outcome(active, said) if isinstance(active, bool) else unknown(said, question)
    return _immunosuppressed(rule, part, said, question, today)


def _immunosuppressed(rule: Rule, part: Mapping[str, Any], said: str, question: str, today: date) -> Outcome:
    now, last = part.get("on_immunosuppression"), _day(part.get("last_systemic_treatment"))
    if now is True:
        return outcome(True, said)
    if last and rule.window_days and last >= today - timedelta(days=rule.window_days):
        return outcome(True, said, recoverable=True)
    return outcome(False, said) if now is False else unknown(said, question)


def infection(rule: Rule, profile: PatientProfile, today: date) -> Outcome:
    """sub: hiv, hbv, hcv, tb, or active (any infection that is going on).

    positive: any sign of it, a cleared hepatitis B stays open. active, antigen_positive: the virus itself. uncontrolled, untreated: not held by drugs.
    """
    part = _part(profile, "infection")
    if rule.sub in ("active", "tb"):
        return _going_on(part, rule.sub)
    name = {"hiv": "HIV", "hbv": "hepatitis B", "hcv": "hepatitis C"}[rule.sub or ""]
    status = part.get(rule.sub or "")
    question = f"Have you been tested for {name}?"
    if status is None:
        found = _comorbid(profile, name.lower())
        return unknown(f"We did not find a test for {name}.", question, [one.proof for one in found])
    said = f"{name}: {str(status).replace('_', ' ')}."
    if status in NO:
        return outcome(False, said)
    if status == "resolved":
        return unknown(said, question) if rule.op == "positive" else outcome(False, said)
    is_held = "controlled" in str(status) and "uncontrolled" not in str(status)
    if rule.op in ("uncontrolled", "untreated"):
        return outcome(not is_held, said, recoverable=True)
    if rule.op == "positive":
        return outcome(True, said)
    return unknown(said, question) if is_held else outcome(True, said, recoverable=True)


def _going_on(part: Mapping[str, Any], sub: str) -> Outcome:
    said = part.get("active_infection")
    if not isinstance(said, bool):
        return unknown("We did not find whether there is an infection now.", "Do you have an infection now?")
    if sub == "tb" and said:
        return unknown("There is an infection.", "Is it tuberculosis?")
    return outcome(said, "There is an infection now." if said else "No infection now.", recoverable=True)


def pregnancy(rule: Rule, profile: PatientProfile, today: date) -> Outcome:
    """present: pregnant or breastfeeding. lactating: breastfeeding. A man, or a woman who cannot bear children, is neither."""
    clinical, age = profile.clinical, profile.age_on(today)
    if profile.sex is not None and profile.sex.value == "male":
        return outcome(False, "This rule is about women.", [profile.sex.proof])
    if clinical.get("childbearing_potential") is False or (age is not None and age >= 60):
        return outcome(False, "Pregnancy is not possible.")
    lactating, test = clinical.get("lactating"), clinical.get("pregnancy_test")
    if lactating is True or (rule.op != "lactating" and test == "positive"):
        return outcome(True, "Pregnant or breastfeeding.", recoverable=True)
    if rule.op == "lactating" and lactating is False:
        return outcome(False, "Not breastfeeding.")
    if rule.op == "present" and test == "negative" and lactating is not True:
        return outcome(False, "The pregnancy test is negative.")
    return unknown("We did not find this in the records.", "Are you pregnant or breastfeeding?")


def steroids(rule: Rule, profile: PatientProfile, today: date) -> Outcome:
    """current: any that works in the whole body. above: more than so many mg of prednisone a day."""
    part = _part(profile, "steroids")
    current, dose = part.get("current"), part.get("dose_mg_prednisone")
    question = "Do you take cortisone or prednisone now, and how much?"
    if not isinstance(current, bool):
        return unknown("We did not find whether steroids are taken.", question)
    if rule.op == "current" or not current:
        return outcome(current, "Steroids are taken." if current else "No steroids are taken.", recoverable=True)
    if not isinstance(dose, int | float):
        return unknown("Steroids are taken; we do not know the dose.", question)
    return outcome(compare(rule, dose), f"Prednisone {dose:g} mg a day.", recoverable=True)


def other_malignancy(rule: Rule, profile: PatientProfile, today: date) -> Outcome:
    """active: now. history: ever, or treated within window_days."""
    part = _part(profile, "other_malignancy")
    status, question = part.get("status"), "Have you had another cancer, and when was it last treated?"
    proofs = [one.proof for one in profile.other_cancers]
    if status is None:
        names = ", ".join(one.name for one in profile.other_cancers)
        return unknown(f"The records name {names}." if names else "We did not find another cancer in the records.", question, proofs)
    if status in NO:
        return outcome(False, "No other cancer is known.")
    said = f"{part.get('name') or 'Another cancer'} is known."
    active, last = part.get("active"), _day(part.get("last_treatment"))
    if active is True:
        return outcome(True, said, proofs)
    if rule.op == "active":
        return outcome(False, said, proofs) if active is False else unknown(said, question, proofs)
    if rule.window_days is None:
        return outcome(True, said, proofs)
    if last is None:
        return unknown(said, question, proofs)
    return outcome(last >= today - timedelta(days=rule.window_days), said, proofs, recoverable=True)


def prior_cell_therapy(rule: Rule, profile: PatientProfile, today: date) -> Outcome:
    """received: engineered or other cells were given for the cancer, within window_days where it is given."""
    given = [one for one in profile.treatments if one.kind == "cell_therapy" and one.status in ("given", "ongoing")]
    said = _part(profile, "prior_cell_therapy").get("received")
    if given:
        names = ", ".join(one.name for one in given)
        since = today - timedelta(days=rule.window_days or 0)
        is_old = rule.window_days and all(one.start and one.start.latest() < since for one in given)
        return outcome(not is_old, f"The records show {names}.", [one.proof for one in given], recoverable=bool(rule.window_days))
    if isinstance(said, bool):
        return outcome(said, "Cell therapy was given." if said else "No cell therapy was given.")
    return unknown("We did not find cell therapy in the records.", "Have you had CAR-T or another cell therapy?")


def transplant(rule: Rule, profile: PatientProfile, today: date) -> Outcome:
    """value: solid_organ, allo_hsct, auto_hsct; any of them counts, within window_days where it is given."""
    part, wanted = _part(profile, "transplant"), as_words(rule)
    question = "Have you had a transplant of an organ, of bone marrow or of stem cells?"
    had = {kind: part.get(kind) for kind in wanted}
    done = [kind for kind, when in had.items() if when not in (None, False)]
    since = today - timedelta(days=rule.window_days) if rule.window_days else None
    recent = [kind for kind in done if since is None or (day := _day(had[kind])) is None or day >= since]
    if recent:
        return outcome(True, f"Had a transplant: {', '.join(recent).replace('_', ' ')}.", recoverable=since is not None)
    if any(when is None for when in had.values()):
        return unknown("We did not find whether there was a transplant.", question)
    return outcome(False, "No such transplant.")


def clinical_date(rule: Rule, profile: PatientProfile, today: date) -> Outcome:
    """sub: metastatic_diagnosis_date or last_progression_date; within: in the last window_days."""
    day = _day(profile.clinical.get(rule.sub or ""))
    name = (rule.sub or "").replace("_date", "").replace("_", " ")
    if day is None:
        return unknown("We did not find the date in the records.", f"When was this: {name}?")
    return outcome(day >= today - timedelta(days=rule.window_days or 0), f"{name}: {day.isoformat()}")


def unread(rule: Rule, profile: PatientProfile, today: date) -> Outcome:
    """A part of a rule that we cannot check: always open."""
    return unknown("We cannot check this from records.", f"Does this hold: {rule.value}?")


INFECTIONS = ("active", "tb", "hiv", "hbv", "hcv")
_SEROLOGY = dict.fromkeys(("positive", "active", "antigen_positive", "uncontrolled", "untreated"), NOTHING)

ILLNESS_PREDICATES = {
    "measurable_disease": Predicate(measurable_disease, {"is_true": NOTHING}, {"is_true": "a tumor can be measured"}),
    "life_expectancy": Predicate(life_expectancy, COMPARISONS, {op: words + " {unit}" for op, words in phrases("life expectancy is").items()}),
    "brain_mets": Predicate(
        brain_mets,
        {"known": NOTHING, "active": NOTHING, "untreated_or_active": NOTHING, "symptomatic": NOTHING},
        {"known": "it has spread to the brain", "active": "it grows in the brain", "untreated_or_active": "it is untreated or grows in the brain",
         "symptomatic": "spread to the brain causes symptoms"},
    ),
    "autoimmune": Predicate(
        autoimmune,
        {"history": NOTHING, "active": NOTHING, "requires_immunosuppression": NOTHING},
        {"history": "there is or was an autoimmune disease", "active": "an autoimmune disease is active",
         "requires_immunosuppression": "an autoimmune disease is treated with drugs that damp the immune system"},
    ),
    "infection": Predicate(infection, _SEROLOGY, {op: "infection, {sub}: " + op.replace("_", " ") for op in _SEROLOGY}, True, lambda: INFECTIONS),
    "pregnancy": Predicate(
        pregnancy, {"present": NOTHING, "lactating": NOTHING}, {"present": "pregnant or breastfeeding", "lactating": "breastfeeding"}
    ),
    "steroids": Predicate(
        steroids,
        {"current": NOTHING, "above": COMPARISONS["above"], "at_least": COMPARISONS["at_least"]},
        {"current": "steroids are taken", "above": "more than {value} mg of prednisone a day", "at_least": "{value} mg or more of prednisone a day"},
    ),
    "other_malignancy": Predicate(
        other_malignancy, {"active": NOTHING, "history": NOTHING}, {"active": "there is another active cancer", "history": "there is or was another cancer"}
    ),
    "prior_cell_therapy": Predicate(prior_cell_therapy, {"received": WORDS}, {"received": "cell therapy was given ({value})"}),
    "transplant": Predicate(transplant, {"received": WORDS}, {"received": "there was a transplant ({value})"}),
    "unread": Predicate(unread, {"as_written": WORD}, {"as_written": "{value}"}),
    "clinical_date": Predicate(clinical_date, {"within": NOTHING}, {"within": "{sub} lies within the time asked for"}, needs_sub=True),
}  # fmt: skip
