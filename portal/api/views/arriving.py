"""Files that come in pieces over the API: begin, send piece after piece, finish. A line that breaks costs one piece."""

from __future__ import annotations

from typing import Any, ClassVar
from uuid import UUID

from django.conf import settings
from rest_framework import serializers, status
from rest_framework.exceptions import ParseError
from rest_framework.request import Request
from rest_framework.response import Response

from portal.api.base import RecordView, checked_body, described
from portal.api.parsers import MOST_PIECE, PieceParser
from portal.api.serializers import DocumentSerializer
from portal.api.strict import Text, Whole
from records import actions

_BYTES = {"type": "string", "format": "binary", "minLength": 1, "maxLength": MOST_PIECE}


class BeginningSerializer(serializers.Serializer[Any]):
    """A file before it comes. label: what tells it from another of the same name and size, if anything does."""

    name = Text(max_length=200)
    byte_size = Whole(min_value=1, max_value=settings.MAX_UPLOAD_BYTES)
    label = Text(max_length=200, required=False, allow_blank=True, default="")


class ArrivalSerializer(serializers.Serializer[Any]):
    """A file on its way. kept: how many bytes are here; go on from there. is_whole: all of them are; finish it."""

    id = serializers.UUIDField()
    name = serializers.CharField()
    byte_size = serializers.IntegerField()
    kept = serializers.IntegerField()
    is_whole = serializers.BooleanField()


class PieceQuery(serializers.Serializer[Any]):
    at = serializers.IntegerField(min_value=0, max_value=settings.MAX_UPLOAD_BYTES, help_text="Where in the file the piece begins.")


class ArrivalsView(RecordView):
    @described("arrivals_begin", {200: ArrivalSerializer}, request=BeginningSerializer)
    def post(self, request: Request) -> Response:
        """Begin a file, or go on with the one of the same name, size and label: `kept` says from where."""
        patient = self.patient(self.scope())
        given = checked_body(request, BeginningSerializer)
        arrival = actions.begin_arrival(by=request.user, patient=patient, **given)
        return Response(ArrivalSerializer(arrival).data)


class ArrivalView(RecordView):
    @described("arrivals_get", {200: ArrivalSerializer})
    def get(self, request: Request, arrival: UUID) -> Response:
        """How much of the file is here."""
        return Response(ArrivalSerializer(self.scope().arrival(arrival)).data)


class PieceView(RecordView):
    parser_classes = [PieceParser]
    queries: ClassVar = {"PUT": PieceQuery}

    @described("arrivals_piece", {200: ArrivalSerializer}, query=PieceQuery, request={"application/octet-stream": _BYTES})
    def put(self, request: Request, arrival: UUID) -> Response:
        """Keep the bytes of the body from `at` on. A piece that is not the next one changes nothing: go on from `kept`."""
        row = self.scope().arrival(arrival)
        if not isinstance(request.data, bytes):
            raise ParseError("Send the bytes of the piece as the body.")
        row = actions.add_piece(by=request.user, arrival=row, at=self.asked["at"], content=request.data)
        return Response(ArrivalSerializer(row).data)


class FinishView(RecordView):
    @described("arrivals_finish", {201: DocumentSerializer}, problems=(409, 422))
    def post(self, request: Request, arrival: UUID) -> Response:
        """All pieces are here: make them one file, which is received like any other."""
        document = actions.finish_arrival(by=request.user, arrival=self.scope().arrival(arrival))
        return Response(DocumentSerializer(document).data, status=status.HTTP_201_CREATED)
