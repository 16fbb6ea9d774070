"""What was found, the words behind it, and what people said about it."""

from __future__ import annotations

from typing import Any, ClassVar
from uuid import UUID

from drf_spectacular.utils import OpenApiExample
from rest_framework import status
from rest_framework.request import Request
from rest_framework.response import Response

from portal.api.asking import FindingQuery, PageQuery
from portal.api.base import RecordView, checked_body, described
from portal.api.fact_schemas import judging_schema, telling_schema
from portal.api.facts import fact_of, faults_of, fits_another
from portal.api.paging import page_of_rows
from portal.api.problems import AnotherKind
from portal.api.serializers import (
    EvidenceSerializer,
    FindingSerializer,
    KeptReviewSerializer,
    ReviewSerializer,
    StatementSerializer,
    TellingSerializer,
)
from portal.api.shapes import page_of
from records import actions

EXAMPLE = OpenApiExample(
    "A gene change",
    {
        "id": "0b4ec1b0-41d3-4f0a-9d7f-31c1f6cf2c44",
        "document": "5f0c6a1e-8f2b-4f4e-9a0b-2f8a4f1f7c11",
        "kind": "biomarker",
        "value": {"name": "KRAS", "status": "positive", "detail": "p.G12D"},
        "assertion": "present",
        "date": "2026-03-28",
        "confidence": 0.97,
        "extractor": "biomarkers/4",
        "decision": None,
    },
    response_only=True,
)


def _found(request: Request, rows: Any, asked: dict[str, Any]) -> dict[str, Any]:
    chosen = {name: asked[name] for name in ("kind", "assertion") if name in asked}
    return page_of_rows(rows.filter(**chosen), request, "created_at", "id", show=lambda one: FindingSerializer(one).data)


class AllFindingsView(RecordView):
    queries: ClassVar = {"GET": FindingQuery}

    @described("findings_list", {200: page_of(FindingSerializer)}, query=FindingQuery)
    def get(self, request: Request) -> Response:
        """What was found in all files of the record, oldest first."""
        scope = self.scope()
        return Response(_found(request, scope.findings(self.patient(scope)), self.asked))


class FindingsView(RecordView):
    queries: ClassVar = {"GET": FindingQuery}

    @described("documents_findings", {200: page_of(FindingSerializer)}, query=FindingQuery)
    def get(self, request: Request, document: UUID) -> Response:
        """What was found in one file."""
        scope = self.scope()
        return Response(_found(request, scope.findings(scope.document(document)), self.asked))


class FindingView(RecordView):
    @described("findings_get", {200: FindingSerializer}, examples=[EXAMPLE])
    def get(self, request: Request, finding: UUID) -> Response:
        """One thing that was found."""
        return Response(FindingSerializer(self.scope().finding(finding)).data)


class EvidenceView(RecordView):
    purpose = "proof"

    @described("findings_evidence", {200: EvidenceSerializer(many=True)})
    def get(self, request: Request, finding: UUID) -> Response:
        """The words behind a finding, and where they stand."""
        scope = self.scope()
        return Response(EvidenceSerializer(scope.evidence(scope.finding(finding)), many=True).data)


class ReviewsView(RecordView):
    @described("findings_review", {201: KeptReviewSerializer}, request={"application/json": judging_schema()})
    def post(self, request: Request, finding: UUID) -> Response:
        """Say whether a finding is right. Earlier decisions are kept."""
        row = self.scope().finding(finding)
        said = checked_body(request, ReviewSerializer)
        if said["corrected"] is not None:
            if faults_of(row.kind, said["corrected"]) and fits_another(row.kind, said["corrected"]):
                raise AnotherKind
            said["corrected"], _on = fact_of(row.kind, said["corrected"], before=row.value)
        review = actions.review_finding(by=request.user, finding=row, **said)
        return Response(KeptReviewSerializer(review).data, status=status.HTTP_201_CREATED)


class AllReviewsView(RecordView):
    queries: ClassVar = {"GET": PageQuery}

    @described("reviews_list", {200: page_of(KeptReviewSerializer)}, query=PageQuery)
    def get(self, request: Request) -> Response:
        """Who decided what about the record, newest first."""
        scope = self.scope()
        rows = scope.reviews(self.patient(scope))
        return Response(page_of_rows(rows, request, "-at", "id", show=lambda one: KeptReviewSerializer(one).data))


class StatementsView(RecordView):
    queries: ClassVar = {"GET": PageQuery}

    @described("statements_list", {200: page_of(StatementSerializer)}, query=PageQuery)
    def get(self, request: Request) -> Response:
        """What the patient told us, newest first."""
        scope = self.scope()
        rows = scope.statements(self.patient(scope))
        return Response(page_of_rows(rows, request, "-at", "id", show=lambda one: StatementSerializer(one).data))

    @described("statements_tell", {201: StatementSerializer}, request={"application/json": telling_schema()})
    def post(self, request: Request) -> Response:
        """Tell a fact that the files do not say. It is marked as told by the patient."""
        patient = self.patient(self.scope())
        told = checked_body(request, TellingSerializer)
        value, on = fact_of(told["kind"], told["value"], date=told["date"])
        statement = actions.state_fact(by=request.user, patient=patient, kind=told["kind"], value=value, date=on)
        return Response(StatementSerializer(statement).data, status=status.HTTP_201_CREATED)
