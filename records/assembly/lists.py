"""Facts of which there are many: labs, relatives, HLA, other conditions, allergies; and what trials ask that these settle."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import Any

from personalize.profile import Cancer, Fact, FamilyHistory, LabResult, PatientProfile, Treatment
from records.assembly.judged import Voice, proof_of
from records.assembly.singles import of_kind, situation_of
from records.extraction.comorbidities import groups
from records.extraction.finding import Assertion, Kind
from records.extraction.treatments_names import steroid_names

_NARROWER = {"diabetes mellitus": "diabetes mellitus", "autoimmune disease": "", "inflammatory bowel disease": ""}


def labs_of(voices: Sequence[Voice]) -> tuple[LabResult, ...]:
    """Every dated value once, newest first; the same value printed by two records has both as evidence.

    A number told without a day is that of the day that another record gives the same number; else of the record's own day.
    A misread one counts only once a person said that it stands there.
    """
    by_result: dict[tuple[str, float, str, str], list[Voice]] = {}
    told: list[tuple[tuple[str, float, str], Voice]] = []
    for one in of_kind(voices, Kind.LAB, Assertion.PRESENT, Assertion.HISTORICAL):
        number = one.value.get("value")
        if isinstance(number, (int, float)) and one.value.get("name") and (one.is_word or not one.value.get("is_doubtful")):
            result = (str(one.value["name"]), float(number), str(one.value.get("unit") or "").lower())
            if one.dated:
                by_result.setdefault((*result, str(one.dated)), []).append(one)
            else:
                told.append((result, one))
    for result, one in told:
        known = max((key for key in by_result if _is_told_of(result, one, key)), key=lambda key: key[3], default=None)
        by_result.setdefault(known or (*result, str(one.written or "")), []).append(one)
    made = [_lab(said) for said in by_result.values()]
    return tuple(sorted(made, key=lambda one: (one.name, -(one.proof.date.earliest().toordinal() if one.proof.date else 0), one.value)))


def _is_told_of(result: tuple[str, float, str], told: Voice, key: tuple[str, float, str, str]) -> bool:
    """The same number of the same test, dated no later than the record that tells it; the unit may be left out."""
    return (
        key[:2] == result[:2] and (not result[2] or not key[2] or key[2] == result[2]) and (not told.written or key[3] <= str(told.written))
    )


def _lab(said: list[Voice]) -> LabResult:
    chosen = min(said, key=lambda one: (one.dated is None, one.weight()))
    ranged = next(
        (one for one in sorted(said, key=Voice.weight) if one.value.get("high") is not None or one.value.get("low") is not None), chosen
    )
    value = chosen.value
    return LabResult(
        name=str(value["name"]),
        value=float(value["value"]),
        unit=value.get("unit"),
        loinc=value.get("loinc"),
        comparator=value.get("comparator"),
        low=ranged.value.get("low"),
        uln=ranged.value.get("high"),
        proof=proof_of(chosen, said),
    )


def family_of(voices: Sequence[Voice]) -> tuple[FamilyHistory, ...]:
    by_pair: dict[tuple[str, str], list[Voice]] = {}
    for one in voices:
        if one.kind is Kind.FAMILY_HISTORY and one.value.get("relative") and one.value.get("condition"):
            by_pair.setdefault((str(one.value["relative"]).lower(), str(one.value["condition"]).lower()), []).append(one)
    kept = [said for pair, said in sorted(by_pair.items()) if not any(_says_more(other, pair) for other in by_pair)]
    made = []
    for said in kept:
        chosen = min(said, key=Voice.weight)
        made.append(FamilyHistory(str(chosen.value["relative"]), str(chosen.value["condition"]), proof_of(chosen, said)))
    return tuple(made)


def _says_more(other: tuple[str, str], pair: tuple[str, str]) -> bool:
    """ "maternal aunt: breast cancer" says all that "aunt: breast cancer" or "maternal aunt: cancer" does."""
    if other == pair:
        return False
    relatives, conditions = other[0].split(), other[1].split()
    return set(pair[0].split()) <= set(relatives) and set(pair[1].split()) <= set(conditions) and relatives[-1:] == pair[0].split()[-1:]


def hla_of(voices: Sequence[Voice]) -> tuple[Fact[str], ...]:
    by_allele: dict[str, list[Voice]] = {}
    for one in of_kind(voices, Kind.HLA):
        if one.value.get("allele"):
            by_allele.setdefault(str(one.value["allele"]), []).append(one)
    return tuple(Fact(allele, proof_of(min(said, key=Voice.weight), said)) for allele, said in sorted(by_allele.items()))


def comorbidities_of(voices: Sequence[Voice]) -> tuple[Fact[str], ...]:
    """Conditions the patient has or had. One that a later record denies is left out; a general name gives way to an exact one."""
    by_name: dict[str, list[Voice]] = {}
    for one in of_kind(voices, Kind.COMORBIDITY, Assertion.PRESENT, Assertion.HISTORICAL, Assertion.ABSENT):
        if one.value.get("name"):
            by_name.setdefault(str(one.value["name"]), []).append(one)
    facts = {name: said for name, said in by_name.items() if _newest(said).assertion is not Assertion.ABSENT}
    return tuple(
        Fact(name, proof_of(_newest(said), [one for one in said if one.assertion is not Assertion.ABSENT]))
        for name, said in sorted(facts.items())
        if not any(
            other != name and (other.startswith(f"{name} ") or (name in _NARROWER and _NARROWER[name] and _NARROWER[name] in other))
            for other in facts
        )
    )


def _newest(said: list[Voice]) -> Voice:
    return min(said, key=lambda one: (not one.is_word, one.is_told, -one.written_on.toordinal(), one.assertion is Assertion.ABSENT, one.id))


def allergies_of(voices: Sequence[Voice]) -> tuple[Fact[str], ...]:
    by_name: dict[str, list[Voice]] = {}
    for one in of_kind(voices, Kind.ALLERGY):
        if one.value.get("name"):
            by_name.setdefault(str(one.value["name"]), []).append(one)
    return tuple(Fact(name, proof_of(min(said, key=Voice.weight), said)) for name, said in sorted(by_name.items()))


def clinical_of(voices: Sequence[Voice], profile: PatientProfile) -> Mapping[str, Any]:
    """What trials ask and the records settle, by the names and shapes of the command contract. Silence stays absent."""
    made: dict[str, Any] = {}
    _add(made, "autoimmune", _autoimmune(voices, profile))
    _add(made, "infection", _infection(voices))
    _add(made, "brain_mets", _brain(voices, profile))
    _add(made, "steroids", _steroids(voices))
    _add(made, "prior_cell_therapy", _cell_therapy(voices, profile.treatments))
    _add(made, "transplant", _transplant(profile))
    _add(made, "other_malignancy", _others(profile.other_cancers))
    for name, part, yes in (("lives_far", "far", "yes"), ("has_no_caregiver", "caregiver", "no")):
        told = situation_of(voices, part)
        if told is not None:
            made[name] = told.value == yes
    return MappingProxyType(made)


def _add(made: dict[str, Any], name: str, value: Any) -> None:
    if value:
        made[name] = value


def _autoimmune(voices: Sequence[Voice], profile: PatientProfile) -> dict[str, Any] | None:
    found = [one.value for one in profile.comorbidities if groups().get(one.value) == "autoimmune"]
    if found:
        return {"status": "present", "conditions": sorted(found)}
    denied = [one for one in of_kind(voices, Kind.COMORBIDITY, Assertion.ABSENT) if one.value.get("name") == "autoimmune disease"]
    return {"status": "none"} if denied else None


def _infection(voices: Sequence[Voice]) -> dict[str, Any] | None:
    made: dict[str, Any] = {}
    for key, name in (("hbv", "hepatitis B"), ("hcv", "hepatitis C"), ("hiv", "HIV infection")):
        said = [
            one
            for one in of_kind(voices, Kind.COMORBIDITY, Assertion.PRESENT, Assertion.HISTORICAL, Assertion.ABSENT)
            if one.value.get("name") == name
        ]
        if said:
            newest = _newest(said)
            made[key] = (
                "negative"
                if newest.assertion is Assertion.ABSENT
                else "history"
                if newest.assertion is Assertion.HISTORICAL
                else "positive"
            )
    exposed = [one for one in of_kind(voices, Kind.COMORBIDITY) if one.value.get("name") == "hepatitis B core antibody positive"]
    if exposed and made.get("hbv") != "positive":
        made["hbv"] = "resolved"
    return made or None


def _brain(voices: Sequence[Voice], profile: PatientProfile) -> dict[str, Any] | None:
    if any(one.value == "brain" for one in profile.metastatic_sites):
        return {"status": "present"}
    denied = [one for one in of_kind(voices, Kind.METASTASIS, Assertion.ABSENT) if one.value.get("site") == "brain"]
    return {"status": "none"} if denied else None


def _steroids(voices: Sequence[Voice]) -> dict[str, Any] | None:
    """Taken now, by the newest record that lists one."""
    taken = [
        one for one in of_kind(voices, Kind.MEDICATION, Assertion.PRESENT, Assertion.HISTORICAL) if one.value.get("name") in steroid_names()
    ]
    if not taken:
        return None
    newest = _newest(taken)
    made: dict[str, Any] = {"current": newest.assertion is Assertion.PRESENT, "name": newest.value["name"]}
    if newest.value.get("dose"):
        made["dose"] = newest.value["dose"]
    return made


def _cell_therapy(voices: Sequence[Voice], treatments: tuple[Treatment, ...]) -> dict[str, Any] | None:
    had = [one for one in treatments if one.kind == "cell_therapy" and one.status in ("given", "ongoing") and "transplant" not in one.name]
    if had:
        return {"received": True, "names": [one.name for one in had]}
    denied = [
        one
        for one in voices
        if one.kind is Kind.TREATMENT and one.value.get("status") == "not_given" and one.value.get("kind") == "cell_therapy"
    ]
    return (
        {"received": False}
        if any("transplant" not in str(one.value.get("name")) and "prior" in one.text.lower() for one in denied)
        else None
    )


def _transplant(profile: PatientProfile) -> dict[str, Any] | None:
    names = {one.name for one in profile.treatments if one.status in ("given", "ongoing")}
    made: dict[str, Any] = {}
    if "autologous stem cell transplant" in names:
        made["auto_hsct"] = True
    if "allogeneic stem cell transplant" in names:
        made["allo_hsct"] = True
    if any(groups().get(one.value) == "transplant" for one in profile.comorbidities):
        made["solid_organ"] = True
    return made or None


def _others(others: tuple[Cancer, ...]) -> dict[str, Any] | None:
    if not others:
        return None
    return {"status": "past" if all(one.is_historical for one in others) else "present", "names": [one.name for one in others]}
