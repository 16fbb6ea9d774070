"""Trials: the list for everybody, and how each stands to one person, rule by rule."""

from __future__ import annotations

from typing import Any, ClassVar

from django.http import HttpResponse
from rest_framework import serializers
from rest_framework.exceptions import NotFound
from rest_framework.request import Request
from rest_framework.response import Response

from personalize.criteria import Outcome
from personalize.eligibility import TrialCriterion
from personalize.tailor import TrialsDisplay
from personalize.trials import Fit, Trial, TrialMatch, Verdict
from portal.actions import PersonalAnswer
from portal.api.asking import MatchQuery, TrialQuery
from portal.api.base import PublicView, RecordView, described
from portal.api.paging import page_of_values
from portal.api.shapes import page_of, shape_of
from portal.trials import current_trials
from portal.views import answering

TrialShape = shape_of(Trial, without=("text", "eligibility", "criteria", "corrections"))
RuleShape = shape_of(TrialCriterion, without=("rule", "source", "start", "end", "is_under_heading"), name="TrialRule")
OutcomeShape = shape_of(Outcome)


class WholeTrialSerializer(TrialShape):  # type: ignore[valid-type,misc]
    """One trial with its rules in the registry's own words."""

    criteria = RuleShape(many=True)


class JudgedRuleSerializer(serializers.Serializer[Any]):
    """One rule and how the person stands to it: met lets in. outcome: why, in plain words; null where no program can read the rule."""

    criterion = RuleShape()
    fit = serializers.ChoiceField(choices=[one.value for one in Fit])
    outcome = OutcomeShape(allow_null=True)


class MatchSerializer(serializers.Serializer[Any]):
    """One trial for one person. is_hidden: left out of the list because of a hard fact; it is counted, and can be opened."""

    trial = TrialShape()
    verdict = serializers.ChoiceField(choices=[one.value for one in Verdict])
    cohort = serializers.CharField(allow_null=True)
    is_hidden = serializers.BooleanField()
    is_not_now = serializers.BooleanField()
    rank = serializers.IntegerField()
    reasons = serializers.ListField(child=serializers.CharField())
    distance_km = serializers.FloatField(allow_null=True)


class JudgedTrialSerializer(MatchSerializer):
    """The same with every rule."""

    outcomes = JudgedRuleSerializer(many=True)


class MatchPageSerializer(page_of(MatchSerializer)):  # type: ignore[misc]
    """display: whether the list is shown; "withheld" where a person should speak with the team first. hidden: how many are left out."""

    display = serializers.ChoiceField(choices=[one.value for one in TrialsDisplay])
    hidden = serializers.IntegerField()


def _nct(one: Trial) -> str:
    return one.nct


class TrialsView(PublicView):
    queries: ClassVar = {"GET": TrialQuery}

    @described("trials_search", {200: page_of(TrialShape)}, query=TrialQuery)
    def get(self, request: Request) -> Response:
        """Trials in the order of their NCT numbers."""
        found = [one for one in current_trials() if _is_asked(one, self.asked)]
        return Response(page_of_values(found, request, key=_nct, show=lambda one: TrialShape(one).data))


def _is_asked(trial: Trial, asked: dict[str, Any]) -> bool:
    words = f"{trial.nct} {trial.title} {trial.summary} {' '.join((*trial.conditions, *trial.interventions))}".casefold()
    return (
        all(word in words for word in asked.get("q", "").casefold().split())
        and asked.get("status") in (None, trial.status)
        and asked.get("phase") in (None, trial.phase)
        and ("country" not in asked or any(place.country == asked["country"] for place in trial.places))
    )


class TrialView(PublicView):
    @described("trials_get", {200: WholeTrialSerializer, 304: None})
    def get(self, request: Request, nct: str) -> Response:
        """One trial and its rules."""
        found = next((one for one in current_trials() if one.nct == nct), None)
        if found is None:
            raise NotFound
        return Response(WholeTrialSerializer(found).data)


class MyTrialsView(RecordView):
    purpose = "trials"
    queries: ClassVar = {"GET": MatchQuery}

    @described("trials_mine", {200: MatchPageSerializer, 304: None}, query=MatchQuery)
    def get(self, request: Request) -> HttpResponse:
        """Trials for the person of the record, best first."""
        scope = self.scope()
        patient = self.patient(scope)
        return self.said_once(answering.personal_key(scope, patient), lambda: self._page(answering.personal(scope, patient)))

    def _page(self, made: PersonalAnswer) -> dict[str, Any]:
        listed = () if made.tailored.trials is TrialsDisplay.WITHHELD else made.matches
        found = [one for one in listed if _is_wanted(one, self.asked)]
        page = page_of_values(found, self.request, key=lambda one: one.trial.nct, show=lambda one: MatchSerializer(one).data)
        return {**page, "display": made.tailored.trials.value, "hidden": sum(one.is_hidden for one in listed)}


def _is_wanted(match: TrialMatch, asked: dict[str, Any]) -> bool:
    return asked.get("verdict") in (None, match.verdict) and asked.get("hidden") in (None, match.is_hidden)


class MyTrialView(RecordView):
    purpose = "trials"

    @described("trials_verdict", {200: JudgedTrialSerializer, 304: None})
    def get(self, request: Request, nct: str) -> Response:
        """One trial for the person of the record, rule by rule with reasons and the words behind them."""
        scope = self.scope()
        made = answering.personal(scope, self.patient(scope))
        listed = () if made.tailored.trials is TrialsDisplay.WITHHELD else made.matches
        found = next((one for one in listed if one.trial.nct == nct), None)
        if found is None:
            raise NotFound
        return Response(JudgedTrialSerializer(found).data)
