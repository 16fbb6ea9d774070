"""What is known of the signed-in person, what to ask next, and who looked."""

from __future__ import annotations

from typing import Any, ClassVar

from django.http import HttpResponse
from rest_framework.exceptions import NotFound
from rest_framework.request import Request
from rest_framework.response import Response

from personalize.codec import encode_profile
from personalize.content.plain import plain
from personalize.questions import Question
from portal.api.asking import PageQuery
from portal.api.base import RecordView, described
from portal.api.paging import page_of_rows
from portal.api.profiles import ProfileSerializer
from portal.api.serializers import AuditEventSerializer
from portal.api.shapes import page_of, shape_of
from portal.views import answering
from records.shown import CurrentProfile

QuestionShape = shape_of(Question)


class ProfileView(RecordView):
    purpose = "facts"

    @described("profile_get", {200: ProfileSerializer, 304: None})
    def get(self, request: Request) -> HttpResponse:
        """What is known, with the words behind each fact. Send the ETag as If-None-Match: 304 while nothing changed."""
        scope = self.scope()
        current = scope.profile(self.patient(scope))
        if current is None:
            raise NotFound("Nothing is known yet. Send a file or tell a fact first.")
        return self.said_once((current.id, current.signed_off_at), lambda: profile_shown(current))


def profile_shown(current: CurrentProfile) -> dict[str, Any]:
    """As ProfileSerializer describes it."""
    shown = {"number": current.number, "built_at": current.built_at, "signed_off_at": current.signed_off_at}
    return {**shown, "profile": encode_profile(current.profile), "conflicts": [plain(one) for one in current.conflicts]}


class QuestionsView(RecordView):
    purpose = "answer"

    @described("questions_list", {200: QuestionShape(many=True)})
    def get(self, request: Request) -> Response:
        """What to ask the doctor: what settles the most comes first."""
        scope = self.scope()
        made = answering.personal(scope, self.patient(scope))
        return Response(QuestionShape(made.questions, many=True).data)


class AuditView(RecordView):
    purpose = "privacy"
    queries: ClassVar = {"GET": PageQuery}

    @described("audit_list", {200: page_of(AuditEventSerializer)}, query=PageQuery)
    def get(self, request: Request) -> Response:
        """Who looked at or changed the record, newest first. For the account that opened it."""
        scope = self.scope()
        rows = scope.access_log(self.patient(scope))
        told = {"me": request.user.pk}
        return Response(page_of_rows(rows, request, "-id", show=lambda one: AuditEventSerializer(one, context=told).data))
