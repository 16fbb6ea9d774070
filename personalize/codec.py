"""PatientProfile to and from the JSON of the command contract (section 3). What is written can be read back unchanged,
except for opaque ids, which are kept in `id` beside file, page and quote."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields
from datetime import date
from types import MappingProxyType
from typing import Any

from personalize.profile import (
    Biomarker,
    Cancer,
    CancerStage,
    Check,
    EvidenceRef,
    Fact,
    FamilyHistory,
    LabResult,
    PartialDate,
    PatientProfile,
    Proof,
    Treatment,
)

Json = dict[str, Any]

_PLAIN: dict[type, tuple[str, ...]] = {
    cls: tuple(one.name for one in fields(cls) if one.name != "proof")
    for cls in (Cancer, CancerStage, Biomarker, Treatment, LabResult, FamilyHistory)
}
_RENAMED = {"is_historical": "historical"}
_FACTS = ("sex", "birth_year", "age", "ecog", "karnofsky", "country", "postcode")
_FACT_LISTS = ("metastatic_sites", "hla", "comorbidities", "allergies")
_LISTS: dict[str, type] = {
    "other_cancers": Cancer,
    "biomarkers": Biomarker,
    "treatments": Treatment,
    "labs": LabResult,
    "family_history": FamilyHistory,
}


def encode_profile(profile: PatientProfile) -> Json:
    """The contract's profile: absent facts are left out."""
    made: Json = {}
    for name in _FACTS:
        fact = getattr(profile, name)
        if fact is not None:
            made[name] = _encode_fact(fact)
    for name in ("primary_cancer", "stage"):
        value = getattr(profile, name)
        if value is not None:
            made[name] = _encode_value(value)
    for name in _FACT_LISTS:
        made[name] = [_encode_fact(one) for one in getattr(profile, name)]
    for name in _LISTS:
        made[name] = [_encode_value(one) for one in getattr(profile, name)]
    if profile.is_reader_caregiver:
        made["is_reader_caregiver"] = True
    if profile.checked_on:
        made["checked_on"] = profile.checked_on.isoformat()
    if profile.clinical:
        made["clinical"] = dict(profile.clinical)
    return {key: value for key, value in made.items() if value != []}


def decode_profile(made: Mapping[str, Any]) -> PatientProfile:
    """From the contract's profile. Unknown keys are ignored; a leaf may be a bare value or an object with `value`."""
    read: Json = {name: _decode_fact(made.get(name), _number if name in _NUMBERS else str) for name in _FACTS}
    cancer, stage = made.get("primary_cancer"), made.get("stage")
    read["primary_cancer"] = _decode_value(Cancer, cancer) if cancer else None
    read["stage"] = _decode_value(CancerStage, stage) if stage else None
    for name in _FACT_LISTS:
        facts = (_decode_fact(one, str) for one in made.get(name) or [])
        read[name] = tuple(one for one in facts if one is not None)
    for name, cls in _LISTS.items():
        read[name] = tuple(_decode_value(cls, one) for one in made.get(name) or [] if _is_usable(cls, one))
    read["is_reader_caregiver"] = bool(made.get("is_reader_caregiver"))
    read["checked_on"] = date.fromisoformat(made["checked_on"]) if made.get("checked_on") else None
    read["clinical"] = MappingProxyType(dict(made.get("clinical") or {}))
    return PatientProfile(**read)


_NUMBERS = ("birth_year", "age", "ecog", "karnofsky")


def _number(value: Any) -> int | None:
    try:
        return int(value)
    except (TypeError, ValueError):
        return None


def _is_usable(cls: type, one: Any) -> bool:
    if not isinstance(one, Mapping):
        return False
    if cls is LabResult:
        return isinstance(one.get("value"), (int, float)) and bool(one.get("name"))
    needed = {Biomarker: ("name", "status"), Treatment: ("name",), FamilyHistory: ("relative", "condition"), Cancer: ("name",)}
    return all(one.get(key) for key in needed.get(cls, ()))


def _encode_proof(proof: Proof) -> Json:
    made: Json = {}
    if proof.evidence:
        made["evidence"] = [{"file": one.file, "page": one.page, "quote": one.quote, "id": one.id} for one in proof.evidence]
    if proof.date:
        made["date"] = str(proof.date)
    if proof.confidence is not None:
        made["confidence"] = round(proof.confidence, 3)
    made["checked"] = proof.check.value
    for flag in ("is_conflicting", "is_poorly_read"):
        if getattr(proof, flag):
            made[flag] = True
    if proof.finding_ids:
        made["finding_ids"] = list(proof.finding_ids)
    return made


def _decode_proof(made: Mapping[str, Any]) -> Proof:
    checked = made.get("checked")
    return Proof(
        evidence=tuple(
            EvidenceRef(str(one.get("id") or ""), str(one.get("file") or ""), int(one.get("page") or 0), str(one.get("quote") or ""))
            for one in made.get("evidence") or []
        ),
        date=PartialDate.parse(made.get("date")),
        confidence=made.get("confidence"),
        check=Check(checked) if isinstance(checked, str) and checked in Check._value2member_map_ else Check.NOT_CHECKED,
        is_conflicting=bool(made.get("is_conflicting")),
        is_poorly_read=bool(made.get("is_poorly_read")),
        finding_ids=tuple(made.get("finding_ids") or ()),
    )


def _encode_fact(fact: Fact[Any]) -> Json:
    return {"value": fact.value, **_encode_proof(fact.proof)}


def _decode_fact(made: Any, read: Any) -> Fact[Any] | None:
    value = made.get("value", made.get("name")) if isinstance(made, Mapping) else made
    value = None if value is None else read(value)
    if value is None:
        return None
    return Fact(value, _decode_proof(made) if isinstance(made, Mapping) else Proof())


def _encode_value(value: Any) -> Json:
    made: Json = {}
    for name in _PLAIN[type(value)]:
        one = getattr(value, name)
        if isinstance(one, tuple):
            one = list(one)
        elif isinstance(one, PartialDate):
            one = str(one)
        made[_RENAMED.get(name, name)] = one
    return made | _encode_proof(value.proof)


def _decode_value(cls: type, made: Mapping[str, Any]) -> Any:
    read: Json = {}
    for name in _PLAIN[cls]:
        key = _RENAMED.get(name, name)
        if made.get(key) is None:
            continue
        one = made[key]
        if name in ("start", "stop"):
            one = PartialDate.parse(one)
        elif name == "drugs":
            one = tuple(one)
        read[name] = one
    if cls is Treatment:
        read.setdefault("kind", "systemic")
    return cls(**read, proof=_decode_proof(made))
