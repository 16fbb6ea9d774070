"""The coordinators' queue: what waits, taking, giving back, signing."""

from __future__ import annotations

from typing import Any, ClassVar
from uuid import UUID

from rest_framework.request import Request
from rest_framework.response import Response

from portal.api.asking import PageQuery
from portal.api.base import RecordView, checked_body, described
from portal.api.paging import page_of_rows
from portal.api.serializers import ReviewRequestSerializer, SigningSerializer, TakingSerializer
from portal.api.shapes import page_of
from records import actions
from records.exceptions import RecordsError
from records.permissions import check_can_coordinate, holder_of
from records.waiting import readable


class TeamView(RecordView):
    purpose = "review"
    needs = "review"

    def shown(self, row: Any) -> Any:
        return ReviewRequestSerializer(row, context={"holder_of": holder_of, "me": self.request.user}).data


class QueueView(TeamView):
    queries: ClassVar = {"GET": PageQuery}

    @described("review_queue", {200: page_of(ReviewRequestSerializer)}, query=PageQuery)
    def get(self, request: Request) -> Response:
        """Records that wait for a check, longest waiting first. For coordinators."""
        check_can_coordinate(request.user)
        return Response(page_of_rows(self.scope().review_queue(), request, "requested_at", "id", show=self.shown, keep=readable))


class ClaimView(TeamView):
    @described("review_claim", {200: ReviewRequestSerializer}, request=TakingSerializer)
    def post(self, request: Request, review: UUID) -> Response:
        """Take a record for half an hour, or for longer by taking it again."""
        row = self.scope().review_request(review)
        given = checked_body(request, TakingSerializer)
        row = actions.claim_review(by=request.user, request=row, is_takeover=given["takeover"])
        return Response(self.shown(row))


class ReleaseView(TeamView):
    @described("review_release", {200: ReviewRequestSerializer}, problems=(409, 422))
    def post(self, request: Request, review: UUID) -> Response:
        """Give it back to the queue."""
        scope = self.scope()
        row = scope.review_request(review)
        actions.release_review(by=request.user, request=row)
        row.refresh_from_db()
        return Response(self.shown(row))


class SignView(TeamView):
    @described("review_sign", {200: ReviewRequestSerializer}, request=SigningSerializer)
    def post(self, request: Request, review: UUID) -> Response:
        """Sign off exactly the profile that was read, by its number. For whoever holds the record."""
        scope = self.scope()
        row = scope.review_request(review)
        given = checked_body(request, SigningSerializer)
        current = scope.profile(row.patient)
        if holder_of(row) != request.user:
            raise RecordsError("taken")
        if current is None or current.number != given["number"]:
            raise RecordsError("out_of_date")
        actions.sign_off(by=request.user, snapshot=current)
        row.refresh_from_db()
        return Response(self.shown(row))
