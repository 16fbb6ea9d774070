"""Predicates about the cancer itself: which, how sure, how far."""

from __future__ import annotations

from datetime import date

from personalize.criteria.predicate import NOTHING, WORD, WORDS, Predicate, as_words, outcome, unknown
from personalize.criteria.values import Outcome, Rule
from personalize.profile import Cancer, PatientProfile
from personalize.vocabulary import load

CAME_BACK = ("relapsed_or_refractory", "recurrent")
ASK_TYPE = "Which type of cancer is it, in the words of the pathology report?"
ASK_STAGE = "What is the stage today?"
ASK_EXTENT = "Can the tumor be removed, is it locally advanced, or has it spread?"


def kinds_of(code: str) -> tuple[str, ...]:
    """The code and every group it belongs to, narrowest first."""
    parents, chain = load("diseases")["parents"], [code]
    while chain[-1] in parents:
        chain.append(parents[chain[-1]])
    return tuple(chain)


def is_placed(code: str) -> bool:
    """Do we know where this code belongs?"""
    known = load("diseases")["parents"]
    return code in known or code in known.values()


def disease_name(code: str) -> str:
    return str(load("diseases")["names"].get(code, code))


def _kind_named(cancer: Cancer) -> str | None:
    """The code, or the group that the words name where no code is known."""
    if cancer.code == "PANCREAS":
        return "pancreatic_adenocarcinoma" if "adenocarcinoma" in f"{cancer.name} {cancer.histology}".lower() else "pancreatic_cancer"
    return cancer.code


def diagnosis(rule: Rule, profile: PatientProfile, today: date) -> Outcome:
    """sub "loosely": the rule uses everyday words, which may or may not take in a related type (a neuroendocrine tumor of the pancreas)."""
    cancer = profile.primary_cancer
    wanted = as_words(rule)
    if cancer is None:
        return unknown("We did not find the cancer type in the records.", ASK_TYPE)
    kind = _kind_named(cancer)
    if cancer.status == "ruled_out":
        return outcome(False, f"The records say it is not {cancer.name}.", [cancer.proof])
    if cancer.status != "confirmed":
        return unknown(f"The records say {cancer.name} is possible. It is not confirmed.", "Has a biopsy been done?", [cancer.proof])
    if cancer.proof.is_conflicting:
        return unknown("The records do not agree on the cancer type.", "Which cancer type is right?", [cancer.proof])
    if kind is None:
        return unknown(f"The records say {cancer.name}. We could not place it.", ASK_TYPE, [cancer.proof])
    if set(kinds_of(kind)) & set(wanted):
        return outcome(True, f"The records say {cancer.name}.", [cancer.proof])
    if rule.sub == "loosely" and set(load("diseases")["loosely"].get(kind, ())) & set(wanted):
        return unknown(f"The records say {cancer.name}. The rule may not mean this type.", ASK_TYPE, [cancer.proof])
    if not is_placed(kind):
        return unknown(f"The records say {cancer.name}. We could not place it.", ASK_TYPE, [cancer.proof])
    if any(kind in kinds_of(one) for one in wanted):
        return unknown(f"The records say {cancer.name}. This asks for a narrower type.", ASK_TYPE, [cancer.proof])
    return outcome(False, f"The records say {cancer.name}.", [cancer.proof])


def diagnosis_status(rule: Rule, profile: PatientProfile, today: date) -> Outcome:
    cancer = profile.primary_cancer
    if cancer is None:
        return unknown("We did not find a cancer diagnosis in the records.", ASK_TYPE)
    return outcome(cancer.status == rule.value, f"The records say {cancer.name}: {cancer.status.replace('_', ' ')}.", [cancer.proof])


def histology(rule: Rule, profile: PatientProfile, today: date) -> Outcome:
    cancer = profile.primary_cancer
    said = f"{cancer.histology or ''} {cancer.name}".lower() if cancer else ""
    if cancer is None or not said.strip():
        return unknown("We did not find the cell type in the records.", ASK_TYPE)
    return outcome(
        any(one.lower() in said for one in as_words(rule)), f"The records say {cancer.histology or cancer.name}.", [cancer.proof]
    )


def grade(rule: Rule, profile: PatientProfile, today: date) -> Outcome:
    cancer = profile.primary_cancer
    if cancer is None or not cancer.grade:
        return unknown("We did not find the grade in the records.", "What is the grade?")
    return outcome(cancer.grade in as_words(rule), f"The records say grade {cancer.grade}.", [cancer.proof])


def stage_group(rule: Rule, profile: PatientProfile, today: date) -> Outcome:
    stage = profile.stage
    if stage is None or not stage.group:
        return unknown("We did not find the stage in the records.", ASK_STAGE)
    main = stage.group.rstrip("ABC123")
    is_met = stage.group in as_words(rule) or main in as_words(rule)
    return outcome(is_met, f"The records say stage {stage.group}.", [stage.proof], recoverable=True)


def stage_extent(rule: Rule, profile: PatientProfile, today: date) -> Outcome:
    """relapsed_or_refractory and recurrent say what happened, not how far it went: treatment that ended with growth settles them."""
    stage, came_back = profile.stage, [one for one in as_words(rule) if one in CAME_BACK]
    if came_back and not (stage and stage.extent in as_words(rule)):
        grown = [one for one in profile.treatments if one.stop_reason == "progression" or one.response == "PD"]
        if grown:
            return outcome(True, f"The cancer grew on {', '.join(one.name for one in grown)}.", [one.proof for one in grown])
        return unknown(
            "We did not find whether the cancer came back or grew on treatment.", "Did the cancer come back, or grow on treatment?"
        )
    if stage is None or not stage.extent:
        if profile.metastatic_sites and "metastatic" in as_words(rule):
            sites = ", ".join(one.value for one in profile.metastatic_sites)
            return outcome(True, f"The records say it has spread: {sites}.", [one.proof for one in profile.metastatic_sites])
        return unknown("We did not find how far the cancer has spread.", ASK_EXTENT)
    return outcome(stage.extent in as_words(rule), f"The records say {stage.extent.replace('_', ' ')}.", [stage.proof], recoverable=True)


def staging(rule: Rule, profile: PatientProfile, today: date) -> Outcome:
    stage = profile.stage
    if stage is None:
        return unknown("We did not find the stage in the records.", ASK_STAGE)
    found = {
        "derived": stage.stated_or_derived == "derived",
        "stated": stage.stated_or_derived == "stated",
        "conflicting": stage.proof.is_conflicting,
        "tnm_only": bool(stage.t or stage.n) and not stage.group,
    }
    said = f"stage {stage.group}" if stage.group else stage.as_written
    return outcome(found[rule.op], f"The records say {said}.", [stage.proof])


def metastatic_site(rule: Rule, profile: PatientProfile, today: date) -> Outcome:
    sites = [one for one in profile.metastatic_sites if one.value.lower() in {word.lower() for word in as_words(rule)}]
    if sites:
        return outcome(True, f"The records say it has spread to: {', '.join(one.value for one in sites)}.", [one.proof for one in sites])
    stage = profile.stage
    if stage is not None and stage.extent in ("resectable", "borderline", "locally_advanced", "resected"):
        return outcome(False, f"The records say {stage.extent.replace('_', ' ')}.", [stage.proof], recoverable=True)
    return unknown("We did not find this in the records.", "Has the cancer spread to the " + " or ".join(as_words(rule)) + "?")


DISEASE_PREDICATES = {
    "diagnosis": Predicate(
        diagnosis, {"in": WORDS}, {"in": "the cancer is {value}"}, say=lambda code: disease_name(code).replace("_", " ")
    ),
    "diagnosis_status": Predicate(diagnosis_status, {"is": WORD}, {"is": "the diagnosis is {value}"}),
    "histology": Predicate(histology, {"contains_any": WORDS}, {"contains_any": "the cell type is {value}"}),
    "grade": Predicate(grade, {"in": WORDS}, {"in": "the grade is {value}"}),
    "stage_group": Predicate(stage_group, {"in": WORDS}, {"in": "the stage is {value}"}),
    "stage_extent": Predicate(stage_extent, {"in": WORDS}, {"in": "the cancer is {value}"}),
    "staging": Predicate(
        staging,
        {"derived": NOTHING, "stated": NOTHING, "conflicting": NOTHING, "tnm_only": NOTHING},
        {
            "derived": "the stage group was worked out by us",
            "stated": "the records state the stage group",
            "conflicting": "the records do not agree on the stage",
            "tnm_only": "T and N are known and the stage group is not",
        },
    ),
    "metastatic_site": Predicate(metastatic_site, {"in": WORDS}, {"in": "it has spread to the {value}"}),
}
