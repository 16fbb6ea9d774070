"""What may stand after the question mark: a list for each view. Anything else is refused, so that a filter with a typo never shows everything."""

from __future__ import annotations

from typing import Any

from rest_framework import serializers
from rest_framework.request import Request

from portal.api.choices import ASSERTIONS, DOCUMENT_STATES, KINDS, VERDICTS
from portal.api.strict import Text
from portal.models.trial import TrialStatus

MOST_ROWS = 200


class NoQuery(serializers.Serializer[Any]):
    """Nothing may be asked."""


class PageQuery(serializers.Serializer[Any]):
    cursor = Text(required=False, max_length=300, help_text="From `next` or `previous` of an earlier answer.")
    limit = serializers.IntegerField(
        required=False, min_value=1, max_value=MOST_ROWS, help_text="Rows of one answer. 50 if it is left out."
    )


class DocumentQuery(PageQuery):
    status = serializers.ChoiceField(required=False, choices=DOCUMENT_STATES)


class FindingQuery(PageQuery):
    kind = serializers.ChoiceField(required=False, choices=KINDS)
    assertion = serializers.ChoiceField(required=False, choices=ASSERTIONS)


class TrialQuery(PageQuery):
    q = Text(required=False, max_length=200, help_text="Words that all stand in the title, the summary or the conditions.")
    status = serializers.ChoiceField(required=False, choices=list(TrialStatus.values))
    phase = Text(required=False, max_length=20)
    country = Text(required=False, max_length=100, help_text="As the registry spells it, for example United States.")


class MatchQuery(PageQuery):
    verdict = serializers.ChoiceField(required=False, choices=VERDICTS)
    hidden = serializers.BooleanField(
        required=False, default=None, allow_null=True, help_text="Only those that are left out of the list, or only the others."
    )


def asked(request: Request, query: type[serializers.Serializer[Any]]) -> dict[str, Any]:
    """The parameters that `query` allows, checked. Raises ValidationError for any other."""
    given = query(data=request.query_params.dict())
    unknown = sorted(set(request.query_params) - set(given.fields))
    if unknown:
        known = ", ".join(given.fields) or "none"
        raise serializers.ValidationError({name[:80]: [f"There is no such parameter here. There are: {known}."] for name in unknown})
    repeated = [name for name in request.query_params if len(request.query_params.getlist(name)) > 1]
    if repeated:
        raise serializers.ValidationError({name: ["Give this once."] for name in repeated})
    given.is_valid(raise_exception=True)
    return dict(given.validated_data)
