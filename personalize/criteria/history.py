"""Predicates about treatment: what was given, in which order, how it ended."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta
from functools import cache

from personalize.criteria.person import COMPARISONS, compare, phrases
from personalize.criteria.predicate import NOTHING, NUMBER, WORDS, Predicate, as_number, as_words, outcome, unknown
from personalize.criteria.values import Outcome, Rule
from personalize.profile import PatientProfile, Treatment
from personalize.vocabulary import load

KINDS = frozenset({"any", "systemic", "surgery", "radiation", "cell_therapy", "other"})
AROUND_SURGERY = ("neoadjuvant", "adjuvant", "perioperative")
ASK_TREATMENTS = "Which treatments were given, and when?"


@cache
def classes_of(drug: str) -> frozenset[str]:
    """The classes of a drug (personalize/vocabulary/drugs.toml), empty where it is not known."""
    for one in load("drugs")["drug"]:
        if one["name"].lower() == drug.lower():
            mine = frozenset(one.get("classes", ()))
            wider = (
                wide for wide in load("trial_classes")["class"] if mine & set(wide.get("takes", ())) or one["name"] in wide.get("drugs", ())
            )
            return mine | {wide["name"] for wide in wider}
    return frozenset()


@cache
def treatment_words() -> frozenset[str]:
    """Every word that a rule about treatment may name: drugs, regimens, classes, kinds of treatment."""
    drugs, wider = load("drugs")["drug"], load("trial_classes")["class"]
    names = {one["name"] for one in (*drugs, *load("regimens")["regimen"], *wider)}
    return frozenset(names | {group for one in drugs for group in one.get("classes", ())} | KINDS)


def names_of(treatment: Treatment) -> frozenset[str]:
    """Everything a rule may call it: its name, drugs, their classes and its kind; lower case."""
    classes = (group for drug in treatment.drugs for group in classes_of(drug))
    words = {one.lower() for one in (treatment.name, treatment.kind, *treatment.drugs, *classes)}
    return frozenset(words | ({"any"} if treatment.kind in ("systemic", "radiation", "cell_therapy") else set()))


def given(profile: PatientProfile) -> list[Treatment]:
    """Treatments of this cancer that were really given or go on."""
    return [one for one in profile.treatments if one.status in ("given", "ongoing") and not one.is_for_other_disease]


def _lines(profile: PatientProfile) -> list[Treatment]:
    mine = [one for one in given(profile) if one.kind in ("systemic", "cell_therapy") and one.setting not in AROUND_SURGERY]
    return sorted(mine, key=lambda one: (one.line or 99, one.start.earliest() if one.start else date.max))


def line_count(profile: PatientProfile) -> int:
    """Lines for disease that was not removed; treatment around surgery is not counted, nor is maintenance."""
    lines = _lines(profile)
    numbered = {one.line for one in lines if one.line}
    return max(numbered) if numbered else len([one for one in lines if one.setting != "maintenance"])


def _is_complete(profile: PatientProfile) -> bool:
    return profile.clinical.get("treatment_history_complete") is True


def _named(treatments: Iterable[Treatment], wanted: Iterable[str]) -> list[Treatment]:
    words = {one.lower() for one in wanted}
    return [one for one in treatments if names_of(one) & words]


def _listed(treatments: Iterable[Treatment]) -> str:
    return ", ".join(one.name for one in treatments)


def _failed(lines: Iterable[Treatment]) -> list[Treatment]:
    return [one for one in lines if _has_progressed(one)]


def prior_lines(rule: Rule, profile: PatientProfile, today: date) -> Outcome:
    """sub: advanced (default), any (around surgery too); with _failed: those that ended because the cancer grew or came back."""
    if rule.sub in ("any", "any_failed"):
        lines = [one for one in given(profile) if one.kind in ("systemic", "cell_therapy")]
        count = max([len([one for one in lines if one.setting != "maintenance"]), *(one.line or 0 for one in lines)], default=0)
    else:
        lines, count = _lines(profile), line_count(profile)
    if (rule.sub or "").endswith("failed") and lines:
        return _failed_lines(rule, profile, lines)
    if not lines and not _is_complete(profile):
        return unknown("We did not find treatments in the records.", ASK_TREATMENTS)
    is_met = compare(rule, count)
    reason = f"The records show {count} line{'s' if count != 1 else ''} of treatment" + (f": {_listed(lines)}." if lines else ".")
    return outcome(is_met, reason, [one.proof for one in lines], recoverable=rule.op == "at_least")


def _failed_lines(rule: Rule, profile: PatientProfile, lines: list[Treatment]) -> Outcome:
    """Earlier lines that failed; a line whose end is not explained settles nothing unless the history is complete."""
    failed, open_ended = _failed(lines), [one for one in lines if not one.stop_reason and not one.response and one.status != "ongoing"]
    certain, possible = (
        len(failed),
        len(failed) + (0 if _is_complete(profile) else len(open_ended) + max(0, line_count(profile) - len(lines))),
    )
    reason = f"The cancer grew on {_listed(failed)}." if failed else "The records do not say that the cancer grew on treatment."
    low, high = sorted((compare(rule, certain), compare(rule, possible)))
    if low != high or (not failed and not _is_complete(profile)):
        return unknown(reason, "Did the cancer grow on the last treatment?", [one.proof for one in lines])
    return outcome(low, reason, [one.proof for one in lines], recoverable=rule.op == "at_least")


def treatment(rule: Rule, profile: PatientProfile, today: date) -> Outcome:
    mine = given(profile)
    if rule.op == "none_given":
        if mine:
            return outcome(False, f"The records show {_listed(mine)}.", [one.proof for one in mine])
        is_known = _is_complete(profile)
        return (
            outcome(True, "No treatment was given.") if is_known else unknown("We did not find treatments in the records.", ASK_TREATMENTS)
        )
    if rule.op == "first_line":
        mine = [one for one in _lines(profile)[:1] if one.line in (1, None)]
    if rule.op == "ongoing":
        mine = [one for one in mine if one.status == "ongoing"]
    if rule.op == "within_days":
        return _recent(rule, mine, today, is_complete=_is_complete(profile))
    if rule.op == "progressed_on":
        return _grown_on(rule, mine, is_complete=_is_complete(profile))
    found = _named(mine, as_words(rule))
    missing = [one for one in as_words(rule) if rule.op == "received_all" and not _named(mine, [one])]
    if found and not missing:
        return outcome(True, f"The records show {_listed(found)}.", [one.proof for one in found])
    if (rule.op == "first_line" and mine) or _is_complete(profile):
        return outcome(False, f"The records show {_listed(mine)}." if mine else "The records do not show it.", [one.proof for one in mine])
    return unknown("We did not find it among the treatments in the records.", ASK_TREATMENTS)


def _grown_on(rule: Rule, mine: list[Treatment], *, is_complete: bool) -> Outcome:
    found = _named(mine, as_words(rule))
    grown = _failed(found)
    if grown:
        return outcome(True, f"The cancer grew on {_listed(grown)}.", [one.proof for one in grown])
    if is_complete or (found and all(one.stop_reason or one.response or one.status == "ongoing" for one in found)):
        return outcome(False, "The records do not say that the cancer grew on it.", [one.proof for one in found])
    return unknown("The records do not say why it was stopped.", "Did the cancer grow on this treatment?", [one.proof for one in found])


def _recent(rule: Rule, mine: list[Treatment], today: date, *, is_complete: bool) -> Outcome:
    since = today - timedelta(days=rule.window_days or 21)
    found = _named(mine, as_words(rule))
    recent = [one for one in found if one.status == "ongoing" or (one.stop and one.stop.latest() >= since)]
    if recent:
        return outcome(True, f"The records show {_listed(recent)}.", [one.proof for one in recent], recoverable=True)
    if found and all(one.stop and one.stop.latest() < since for one in found):
        return outcome(False, f"{_listed(found)} ended earlier.", [one.proof for one in found])
    if is_complete and not found:
        return outcome(False, "No such treatment was given.")
    return unknown("We did not find the date of the last dose.", "What was the date of the last dose?", [one.proof for one in found])


def progression(rule: Rule, profile: PatientProfile, today: date) -> Outcome:
    lines = _lines(profile)
    if rule.op == "stable_on_first_line":
        now = [one for one in lines if one.status == "ongoing"]
        is_so = bool(now) and line_count(profile) == 1 and not any(_has_progressed(one) for one in lines)
        if not lines:
            return unknown("We did not find treatments in the records.", ASK_TREATMENTS)
        return outcome(is_so, f"The records show {_listed(lines)}.", [one.proof for one in now or lines], recoverable=True)
    ended = [one for one in lines if _has_progressed(one)]
    if ended:
        return outcome(True, f"The cancer grew on {_listed(ended)}.", [one.proof for one in ended])
    if not lines:
        return unknown("We did not find treatments in the records.", ASK_TREATMENTS)
    if line_count(profile) >= 2:
        # a second line is given when the first stops working, or is not borne: the records do not say which
        return unknown("The records do not say why the first treatment stopped.", "Did the cancer grow on the last treatment?")
    return outcome(False, "The records do not say that the cancer grew on treatment.", [one.proof for one in lines], recoverable=True)


def _has_progressed(treatment: Treatment) -> bool:
    return treatment.stop_reason == "progression" or treatment.response == "PD"


def platinum_weeks(rule: Rule, profile: PatientProfile, today: date) -> Outcome:
    """Weeks of platinum without growth: the entry rule of the POLO trial is 16."""
    mine = _named(given(profile), ["platinum"])
    if not mine:
        return unknown("We did not find a platinum drug in the records.", "How many weeks of platinum were given?")
    if any(_has_progressed(one) for one in mine):
        return outcome(False, f"The cancer grew on {_listed(mine)}.", [one.proof for one in mine])
    spans = [((one.stop.earliest() if one.stop else today) - one.start.latest()).days / 7 for one in mine if one.start]
    if not spans:
        return unknown("We did not find when platinum was started.", "How many weeks of platinum were given?", [one.proof for one in mine])
    weeks = max(spans)
    return outcome(weeks >= as_number(rule), f"{_listed(mine)}: {weeks:.0f} weeks.", [one.proof for one in mine], recoverable=True)


HISTORY_PREDICATES = {
    "prior_lines": Predicate(
        prior_lines, COMPARISONS, phrases("the number of earlier lines is")
    ),
    "treatment": Predicate(
        treatment,
        {"received_any": WORDS, "received_all": WORDS, "progressed_on": WORDS, "first_line": WORDS,
         "ongoing": WORDS, "within_days": WORDS, "none_given": NOTHING},
        {"received_any": "{value} was given", "received_all": "all of these were given: {value}",
         "progressed_on": "the cancer grew on {value}", "first_line": "the first treatment was {value}", "ongoing": "{value} is going on",
         "within_days": "{value} was given {days}", "none_given": "no treatment was given yet"},
    ),
    "progression": Predicate(
        progression,
        {"on_any": NOTHING, "stable_on_first_line": NOTHING},
        {"on_any": "the cancer grew on a treatment", "stable_on_first_line": "the first treatment goes on and holds the cancer"},
    ),
    "platinum_weeks": Predicate(platinum_weeks, {"at_least": NUMBER}, {"at_least": "platinum for {value} weeks without growth"}),
}  # fmt: skip
