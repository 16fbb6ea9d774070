"""The site's addresses and one of an empty view, which asks who is there and says nothing."""

from __future__ import annotations

from typing import Any

from django.urls import path
from rest_framework.authentication import SessionAuthentication
from rest_framework.permissions import IsAuthenticated
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from portal.api.authentication import TokenAuthentication
from portal.api.base import People
from portal.urls import handler400, handler403, handler404, handler500
from portal.urls import urlpatterns as all_of_the_site

__all__ = ["handler400", "handler403", "handler404", "handler500"]
EMPTY = "/bench/empty/"


class EmptyView(APIView):
    schema = None
    authentication_classes = [TokenAuthentication, SessionAuthentication]
    permission_classes = [IsAuthenticated]
    throttle_classes = [People]

    def get(self, request: Request) -> Response:
        return Response({})


urlpatterns: list[Any] = [path(EMPTY.lstrip("/"), EmptyView.as_view()), *all_of_the_site]
