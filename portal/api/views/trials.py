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
from personalize.trials import Fit, Near, Trial, TrialMatch, Verdict, is_within_reach
from portal.answers.values import PersonalAnswer
from portal.api.asking import MatchQuery, TrialQuery
from portal.api.base import PublicView, RecordView, checked_body, described
from portal.api.paging import page_of_values
from portal.api.shapes import page_of, shape_of
from portal.api.strict import Text, Whole
from portal.models.editable import Revision
from portal.trials import current_trials, nearby
from portal.trials.gazetteer import point_of_zip
from portal.views import answering
from portal.views.today import today
from records import actions
from records.exceptions import RecordsError
from records.models import Patient

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
    distance_km = serializers.FloatField(
        allow_null=True, help_text="To the nearest open place; null where the person did not say where they live."
    )
    nearest = serializers.CharField(help_text="The town of that place.")
    is_farther = serializers.SerializerMethodField(help_text="Farther than the person said, or in other countries only.")
    is_checked = serializers.SerializerMethodField(
        help_text="Our team has put its rules in words; else a program read the public register."
    )

    def get_is_farther(self, one: TrialMatch) -> bool:
        return not is_within_reach(one, self.context["near"])

    def get_is_checked(self, one: TrialMatch) -> bool:
        return bool(self.context["is_checked"])


class JudgedTrialSerializer(MatchSerializer):
    """The same with every rule."""

    outcomes = JudgedRuleSerializer(many=True)


class RegisterSerializer(serializers.Serializer[Any]):
    """Of the public register: the likeliest, none said to fit and none hidden, for nobody of our team has checked them. more: how many more may
    be worth a look."""

    results = MatchSerializer(many=True)
    more = serializers.IntegerField()


class MatchPageSerializer(page_of(MatchSerializer)):  # type: ignore[misc]
    """display: whether the list is shown; "withheld" where a person should speak with the team first. hidden: how many are left out.
    register: the same beside each piece of our list."""

    display = serializers.ChoiceField(choices=[one.value for one in TrialsDisplay])
    hidden = serializers.IntegerField()
    register = RegisterSerializer()


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
        """Trials for the person of the record, best first: of our list, and beside it those of the public register."""
        scope = self.scope()
        patient = self.patient(scope)
        key = (*answering.personal_key(scope, patient), Revision.current(Revision.REGISTRY), str(patient.place))
        return self.said_once(key, lambda: self._page(patient, answering.personal(scope, patient)))

    def _page(self, patient: Patient, made: PersonalAnswer) -> dict[str, Any]:
        mine = nearby.my_trials(patient, made, today=today())
        found = [one for one in mine.matches if _is_wanted(one, self.asked)]
        register = [one for one in mine.registry if _is_wanted(one, self.asked)]
        page = page_of_values(found, self.request, key=lambda one: one.trial.nct, show=lambda one: _shown(one, mine.near))
        return {
            **page,
            "display": made.tailored.trials.value,
            "hidden": sum(one.is_hidden for one in mine.matches),
            "register": {
                "results": [_shown(one, mine.near, is_checked=False) for one in register],
                "more": max(0, mine.registry_left - len(mine.registry)),
            },
        }


def _shown(match: TrialMatch, near: Near | None, *, is_checked: bool = True) -> Any:
    return MatchSerializer(match, context={"near": near, "is_checked": is_checked}).data


def _is_wanted(match: TrialMatch, asked: dict[str, Any]) -> bool:
    return asked.get("verdict") in (None, match.verdict) and asked.get("hidden") in (None, match.is_hidden)


class MyTrialView(RecordView):
    purpose = "trials"

    @described("trials_verdict", {200: JudgedTrialSerializer, 304: None})
    def get(self, request: Request, nct: str) -> Response:
        """One trial for the person of the record, of our list or of the public register: rule by rule with reasons and the words behind them."""
        scope = self.scope()
        patient = self.patient(scope)
        found = nearby.my_trial(patient, answering.personal(scope, patient), nct, today=today())
        if found is None:
            raise NotFound
        match, is_checked = found
        return Response(JudgedTrialSerializer(match, context={"near": nearby.near_of(patient), "is_checked": is_checked}).data)


class HomeSerializer(serializers.Serializer[Any]):
    """Where the person lives and how far they travel. country: as the registry spells it. What is left out is not told."""

    country = Text(required=False, default="", max_length=60)
    zip = serializers.RegexField(r"^[0-9]{5}$", required=False, default="", help_text="Of the United States.")
    miles = Whole(required=False, allow_null=True, default=None, min_value=1, max_value=12_000)


class ToldHomeSerializer(serializers.Serializer[Any]):
    """The same as it is kept; empty where it was not told."""

    country = serializers.CharField()
    zip = serializers.CharField()
    miles = serializers.IntegerField(allow_null=True)


def _home(patient: Patient) -> Any:
    return ToldHomeSerializer(patient.place or {"country": "", "zip": "", "miles": None}).data


class HomeView(RecordView):
    purpose = "trials"

    @described("trials_place", {200: ToldHomeSerializer, 304: None})
    def get(self, request: Request) -> Response:
        """Where the person said they live."""
        scope = self.scope()
        patient = scope.patient(self.patient(scope).pk)
        return Response(_home(patient))

    @described("trials_place_tell", {200: ToldHomeSerializer}, request=HomeSerializer, problems=(422,))
    def put(self, request: Request) -> Response:
        """Say where the person lives: trials then tell how far away they are. It is kept sealed and used for nothing else; all empty: forgotten."""
        patient = self.patient(self.scope())
        said = checked_body(request, HomeSerializer)
        if said["zip"] and (said["country"] not in ("", nearby.UNITED_STATES) or point_of_zip(said["zip"]) is None):
            raise RecordsError("invalid_value")
        country = nearby.UNITED_STATES if said["zip"] else said["country"]
        actions.tell_place(by=request.user, patient=patient, country=country, zip_code=said["zip"], miles=said["miles"])
        return Response(_home(patient))
