"""Webhooks: made and ended by the signed-in person, as tokens are."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from rest_framework import serializers, status
from rest_framework.exceptions import NotFound, ValidationError
from rest_framework.request import Request
from rest_framework.response import Response

from portal.api.authentication import check_fresh
from portal.api.base import checked_body, described
from portal.api.strict import Text
from portal.api.views.tokens import OwnView
from portal.outside import Unfit
from portal.webhooks import TooManyWebhooks, end_webhook, make_webhook, secret_of, webhooks_of


class WebhookSerializer(serializers.Serializer[Any]):
    """An address that is told."""

    id = serializers.UUIDField()
    url = serializers.CharField()
    made_at = serializers.DateTimeField()


class NewWebhookSerializer(WebhookSerializer):
    """secret: of the signatures; shown this once."""

    secret = serializers.CharField()


class AddressSerializer(serializers.Serializer[Any]):
    url = Text(max_length=500, help_text="https, on the open internet.")


class WebhooksView(OwnView):
    @described("webhooks_list", {200: WebhookSerializer(many=True)})
    def get(self, request: Request) -> Response:
        """Addresses that are told when something is new, newest first."""
        return Response(WebhookSerializer(webhooks_of(request.user), many=True).data)

    @described("webhooks_make", {201: NewWebhookSerializer}, request=AddressSerializer)
    def post(self, request: Request) -> Response:
        """Tell an address of files that were read and of changes of the profile: by ids, never by content. Needs a sign-in of the last minutes."""
        given = checked_body(request, AddressSerializer)
        check_fresh(request)
        try:
            made = make_webhook(user=request.user, url=given["url"])
        except Unfit:
            raise ValidationError({"url": ["Give an https address on the open internet."]}) from None
        except TooManyWebhooks:
            raise ValidationError({"url": ["You have too many webhooks. End one first."]}) from None
        made.secret = secret_of(made)  # type: ignore[attr-defined]
        return Response(NewWebhookSerializer(made).data, status=status.HTTP_201_CREATED)


class WebhookView(OwnView):
    @described("webhooks_end", {204: None})
    def delete(self, request: Request, webhook: UUID) -> Response:
        """End it: nothing more is sent."""
        if not end_webhook(user=request.user, webhook=webhook):
            raise NotFound
        return Response(status=status.HTTP_204_NO_CONTENT)
