"""The shape of a profile as personalize.codec writes it, for the schema. A fact that was not found is left out, or an empty list is."""

from __future__ import annotations

from dataclasses import fields
from typing import Any, get_type_hints

from rest_framework import serializers

from personalize.profile import (
    Biomarker,
    Cancer,
    CancerStage,
    EvidenceRef,
    FamilyHistory,
    LabResult,
    Treatment,
)
from portal.api.choices import CHECKS
from portal.api.shapes import Shape, field_of, shape_of


class ProvenSerializer(serializers.Serializer[Any]):
    """What every fact says of itself: the words behind it, the day it was true, and who checked it."""

    evidence = shape_of(EvidenceRef)(many=True, required=False)
    date = serializers.CharField(required=False, help_text="A year, a month or a day, as precise as the record.")
    confidence = serializers.FloatField(required=False, min_value=0, max_value=1)
    checked = serializers.ChoiceField(choices=CHECKS)
    is_conflicting = serializers.BooleanField(required=False)
    is_poorly_read = serializers.BooleanField(required=False)
    finding_ids = serializers.ListField(child=serializers.CharField(), required=False)


class TextFactSerializer(ProvenSerializer):
    value = serializers.CharField()


class NumberFactSerializer(ProvenSerializer):
    value = serializers.IntegerField()


_RENAMED = {"is_historical": "historical"}


def _proven(cls: type) -> Shape:
    """A value of the profile beside its proof."""
    hints = get_type_hints(cls)
    made: dict[str, Any] = {_RENAMED.get(one.name, one.name): field_of(hints[one.name]) for one in fields(cls) if one.name != "proof"}
    made["__doc__"] = cls.__doc__
    return type(f"{cls.__name__}FactSerializer", (ProvenSerializer,), made)


CancerFact, StageFact = _proven(Cancer), _proven(CancerStage)


class ProfileFactsSerializer(serializers.Serializer[Any]):
    """All that is known. What is not here was not found, which never means "no"."""

    sex = TextFactSerializer(required=False)
    birth_year = NumberFactSerializer(required=False)
    age = NumberFactSerializer(required=False)
    primary_cancer = CancerFact(required=False)
    other_cancers = CancerFact(many=True, required=False)
    stage = StageFact(required=False)
    metastatic_sites = TextFactSerializer(many=True, required=False)
    biomarkers = _proven(Biomarker)(many=True, required=False)
    treatments = _proven(Treatment)(many=True, required=False)
    ecog = NumberFactSerializer(required=False)
    karnofsky = NumberFactSerializer(required=False)
    labs = _proven(LabResult)(many=True, required=False)
    family_history = _proven(FamilyHistory)(many=True, required=False)
    hla = TextFactSerializer(many=True, required=False)
    comorbidities = TextFactSerializer(many=True, required=False)
    allergies = TextFactSerializer(many=True, required=False)
    country = TextFactSerializer(required=False)
    postcode = TextFactSerializer(required=False)
    is_reader_caregiver = serializers.BooleanField(required=False)
    checked_on = serializers.DateField(required=False)
    clinical = serializers.DictField(required=False)


class ConflictSerializer(serializers.Serializer[Any]):
    """Records that disagree: every value, the one that is used (null: none), and why."""

    field = serializers.CharField()
    values = serializers.ListField(child=serializers.CharField())
    chosen = serializers.CharField(allow_null=True)
    why = serializers.CharField()
    evidence = shape_of(EvidenceRef)(many=True)


class ProfileSerializer(serializers.Serializer[Any]):
    """The newest snapshot. signed_off_at: when a coordinator read exactly this one."""

    number = serializers.IntegerField()
    built_at = serializers.DateTimeField()
    signed_off_at = serializers.DateTimeField(allow_null=True)
    profile = ProfileFactsSerializer()
    conflicts = ConflictSerializer(many=True)
