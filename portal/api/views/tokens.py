"""Tokens of devices: made and revoked by the signed-in person, never by a token."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from rest_framework import serializers, status
from rest_framework.exceptions import NotFound, ValidationError
from rest_framework.permissions import IsAuthenticated
from rest_framework.request import Request
from rest_framework.response import Response

from portal.api.authentication import NoToken, check_fresh
from portal.api.base import ApiView, checked_body, described
from portal.api.strict import Text, Whole
from portal.models import DeviceToken
from portal.tokens import MOST_DAYS, TooManyTokens, make_token, revoke_token, tokens_of


class TokenSerializer(serializers.Serializer[Any]):
    """A token without its secret. until: when it ends by itself."""

    id = serializers.UUIDField()
    name = serializers.CharField()
    scopes = serializers.ListField(child=serializers.ChoiceField(choices=DeviceToken.Scope.values))
    made_at = serializers.DateTimeField()
    until = serializers.DateTimeField()
    used_at = serializers.DateTimeField(allow_null=True)


class NewTokenSerializer(TokenSerializer):
    """token: shown this once."""

    token = serializers.CharField()


class MakingSerializer(serializers.Serializer[Any]):
    name = Text(max_length=80, help_text="What you call the device.")
    scopes = serializers.ListField(
        child=serializers.ChoiceField(choices=DeviceToken.Scope.values), min_length=1, max_length=len(DeviceToken.Scope.values)
    )
    days = Whole(min_value=1, max_value=MOST_DAYS, default=30)

    def validate_scopes(self, scopes: list[str]) -> list[str]:
        return sorted(set(scopes))


class OwnView(ApiView):
    permission_classes = [IsAuthenticated, NoToken]


class TokensView(OwnView):
    @described("tokens_list", {200: TokenSerializer(many=True)})
    def get(self, request: Request) -> Response:
        """Your tokens, newest first."""
        return Response(TokenSerializer(tokens_of(request.user), many=True).data)

    @described("tokens_make", {201: NewTokenSerializer}, request=MakingSerializer)
    def post(self, request: Request) -> Response:
        """Make a token for one device. Needs a sign-in of the last minutes. Keep the token: it is not shown again."""
        given = checked_body(request, MakingSerializer)
        check_fresh(request)
        try:
            token, secret = make_token(user=request.user, **given)
        except TooManyTokens:
            raise ValidationError({"name": ["You have too many tokens. Revoke one first."]}) from None
        token.token = secret  # type: ignore[attr-defined]
        return Response(NewTokenSerializer(token).data, status=status.HTTP_201_CREATED)


class TokenView(OwnView):
    @described("tokens_revoke", {204: None})
    def delete(self, request: Request, token: UUID) -> Response:
        """Revoke a token, from the next request on."""
        if not revoke_token(user=request.user, token=token):
            raise NotFound
        return Response(status=status.HTTP_204_NO_CONTENT)
