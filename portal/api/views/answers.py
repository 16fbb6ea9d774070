"""The answers: everybody's, the one about this person, and what is different between the two."""

from __future__ import annotations

from typing import Any

from rest_framework import serializers
from rest_framework.exceptions import NotFound
from rest_framework.request import Request
from rest_framework.response import Response

from personalize.tailor import TailoredAnswer, TailoredSentence
from portal.api.base import PublicView, RecordView, described
from portal.api.shapes import shape_of
from portal.content import current_content
from portal.views import answering

AnswerShape = shape_of(TailoredAnswer)
SentenceShape = shape_of(TailoredSentence)


class AnswerTitleSerializer(serializers.Serializer[Any]):
    """A page of the site. names: of the cancers that it is about."""

    slug = serializers.CharField()
    title = serializers.CharField()
    main_point = serializers.CharField()
    disease = serializers.CharField()
    names = serializers.ListField(child=serializers.CharField())


class DifferenceSerializer(serializers.Serializer[Any]):
    """What the records change. requested_slug: the page that was asked for; slug: the one that fits the diagnosis on record.

    changes: sentences added, replaced, moved up or left out, each with its reason. same: how many sentences stay as everybody reads them.
    """

    slug = serializers.CharField()
    requested_slug = serializers.CharField()
    profile_number = serializers.IntegerField()
    changes = SentenceShape(many=True)
    same = serializers.IntegerField()


def _check(slug: str) -> None:
    if not current_content().has_page(slug):
        raise NotFound


class AnswersView(PublicView):
    @described("answers_list", {200: AnswerTitleSerializer(many=True)})
    def get(self, request: Request) -> Response:
        """Every page of the site."""
        return Response(AnswerTitleSerializer(current_content().pages, many=True).data)


class AnswerView(PublicView):
    @described("answers_get", {200: AnswerShape, 304: None})
    def get(self, request: Request, slug: str) -> Response:
        """The page as everybody reads it."""
        _check(slug)
        return Response(AnswerShape(answering.general(slug)).data)


class MyAnswerView(RecordView):
    purpose = "answer"

    @described("answers_mine", {200: AnswerShape, 304: None})
    def get(self, request: Request, slug: str | None = None) -> Response:
        """The page about the person of the record; without a name, the one for the diagnosis on record."""
        scope = self.scope()
        patient = self.patient(scope)
        if slug is not None:
            _check(slug)
        return Response(AnswerShape(answering.personal(scope, patient, slug).tailored).data)


class DifferenceView(RecordView):
    purpose = "answer"

    @described("answers_diff", {200: DifferenceSerializer})
    def get(self, request: Request, slug: str) -> Response:
        """What is different from the page that everybody reads, sentence by sentence."""
        scope = self.scope()
        patient = self.patient(scope)
        _check(slug)
        made = answering.personal(scope, patient, slug)
        shown = [one for part in made.tailored.sections for one in part.sentences]
        changes = made.tailored.changes()
        told = {
            "slug": made.tailored.slug,
            "requested_slug": made.tailored.requested_slug,
            "profile_number": made.profile_number,
            "changes": changes,
            "same": sum(one not in changes for one in shown),
        }
        return Response(DifferenceSerializer(told).data)
