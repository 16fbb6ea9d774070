"""What every view of the API shares: who asks, whose record it is about, what may be asked, and tags of what was answered."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

from django.http import HttpResponse, HttpResponseBase
from django.utils.http import parse_etags
from django.utils.translation import get_language
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.authentication import SessionAuthentication
from rest_framework.exceptions import NotFound
from rest_framework.negotiation import BaseContentNegotiation, DefaultContentNegotiation
from rest_framework.permissions import AllowAny, IsAuthenticated
from rest_framework.renderers import JSONRenderer
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.throttling import AnonRateThrottle, UserRateThrottle
from rest_framework.views import APIView

from portal.api.asking import NoQuery, asked
from portal.api.authentication import TokenAuthentication, TokenMay
from portal.api.parsers import SmallJSONParser
from portal.api.problems import MEDIA_TYPE
from portal.api.serializers import ProblemSerializer
from portal.remembered import Remembered
from portal.views.patient import current_patient
from records.models import Patient
from records.scope import Scope

Query = type[serializers.Serializer[Any]]
_ALWAYS = (400, 401, 403, 404, 429)
_OF_WRITING = (409, 415, 422)


class OneKind(BaseContentNegotiation):
    """JSON, problems and pictures come as they are, whatever the client says it accepts."""

    def select_parser(self, request: Request, parsers: Any) -> Any:
        return DefaultContentNegotiation().select_parser(request, parsers)

    def select_renderer(self, request: Request, renderers: Any, format_suffix: str | None = None) -> Any:
        return renderers[0], renderers[0].media_type


class Visitors(AnonRateThrottle):
    rate = "240/min"


class People(UserRateThrottle):
    scope = "user"


class SaidResponse(HttpResponse):
    """JSON that is written out already."""


@dataclass(frozen=True, slots=True)
class Said:
    """An answer as it goes out, and its tag."""

    content: bytes
    tag: str

    @classmethod
    def of(cls, data: Any) -> Said:
        content = JSONRenderer().render(data)
        return cls(content, f'"{hashlib.sha256(content).hexdigest()[:32]}"')

    def answer(self, headers: Mapping[str, str] | None = None) -> SaidResponse:
        return SaidResponse(self.content, headers={**(headers or {}), "Content-Type": "application/json", "ETag": self.tag})


_said: Remembered[Said] = Remembered(weight=16 * 1024 * 1024, seconds=600, weigh=lambda one: len(one.content))


class ApiView(APIView):
    """queries: what may stand after the question mark, by method; nothing where a method is not named. asked: what did."""

    authentication_classes = [TokenAuthentication, SessionAuthentication]
    needs: ClassVar[str] = ""
    renderer_classes = [JSONRenderer]
    parser_classes = [SmallJSONParser]
    content_negotiation_class = OneKind
    throttle_classes = [People, Visitors]
    queries: ClassVar[Mapping[str, Query]] = {}
    asked: dict[str, Any]

    def initial(self, request: Request, *args: Any, **given: Any) -> None:
        super().initial(request, *args, **given)
        method = "GET" if request.method == "HEAD" else str(request.method)
        if hasattr(self, method.lower()):
            self.asked = asked(request, self.queries.get(method, NoQuery))

    def get_authenticate_header(self, request: Request) -> str | None:
        """401 with a hint for whoever sent a token that does not work; 403 for whoever sent nothing."""
        return TokenAuthentication().authenticate_header(request) if "Authorization" in request.headers else None

    def finalize_response(self, request: Any, response: HttpResponseBase, *args: Any, **given: Any) -> HttpResponseBase:
        """Answers to GET carry a tag; whoever holds the same one already gets 304 and no body."""
        if isinstance(response, Response) and request.method in ("GET", "HEAD") and response.status_code == 200:
            response = Said.of(response.data).answer(dict(response.headers))
        if isinstance(response, SaidResponse):
            held = [one.removeprefix("W/") for one in parse_etags(request.headers.get("If-None-Match", ""))]
            if response["ETag"] in held or held == ["*"]:
                response = Response(status=304, headers={"ETag": response["ETag"]})
        return super().finalize_response(request, response, *args, **given)

    def said_once(self, key: tuple[Any, ...], make: Callable[[], Any]) -> SaidResponse:
        """What `make` gives, written out once for all who ask the same of the same. key: all that the answer depends on but the address."""
        place = (type(self).__name__, self.request.build_absolute_uri(), get_language(), *key)
        return _said.get(place, lambda: Said.of(make())).answer()


class PublicView(ApiView):
    """Says nothing of any person, and asks nobody who they are."""

    authentication_classes: ClassVar[list[Any]] = []
    permission_classes = [AllowAny]


class RecordView(ApiView):
    """For one signed-in person, about their own record or the first one that is shared with them; the rows of others are not there."""

    permission_classes = [IsAuthenticated, TokenMay]
    purpose = "api"

    def scope(self) -> Scope:
        return Scope(self.request.user, purpose=self.purpose)

    def patient(self, scope: Scope) -> Patient:
        """Raises NotFound for staff and for whoever has not begun."""
        patient = current_patient(scope)
        if patient is None:
            raise NotFound("There is no record yet. Open one on the site first.")
        return patient


def checked_body(request: Request, shape: type[serializers.Serializer[Any]]) -> dict[str, Any]:
    """What was sent, as `shape` takes it. Raises ValidationError."""
    given = shape(data=request.data)
    given.is_valid(raise_exception=True)
    return dict(given.validated_data)


def described(
    name: str, answers: Mapping[Any, Any], *, query: Query | None = None, request: Any = None, problems: tuple[int, ...] = (), **more: Any
) -> Any:
    """extend_schema with the problems that every view may answer. name: the operation's. request None: nothing is sent."""
    sending = _OF_WRITING if request is not None else ()
    refusals = {(code, MEDIA_TYPE): ProblemSerializer for code in sorted({*_ALWAYS, *sending, *problems})}
    if query is not None:
        more["parameters"] = [query, *more.get("parameters", ())]
    return extend_schema(operation_id=name, request=request, responses={**answers, **refusals}, **more)
