"""Files: sending, seeing how far they are, their pages and pictures, deleting."""

from __future__ import annotations

from typing import Any, ClassVar
from uuid import UUID

from django.http import HttpResponse, StreamingHttpResponse
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiExample, OpenApiParameter
from rest_framework import status
from rest_framework.exceptions import ValidationError
from rest_framework.parsers import MultiPartParser
from rest_framework.request import Request
from rest_framework.response import Response

from portal.api.asking import DocumentQuery, PageQuery
from portal.api.base import RecordView, checked_body, described
from portal.api.idempotency import once
from portal.api.paging import page_of_rows
from portal.api.serializers import DocumentSerializer, PageSerializer, PasswordSerializer
from portal.api.shapes import page_of
from portal.downloads import as_attachment
from records import actions

_SEALED = {"Cache-Control": "private, no-store", "X-Content-Type-Options": "nosniff"}
_FILE = {"type": "object", "properties": {"file": {"type": "string", "format": "binary", "minLength": 1}}, "required": ["file"]}
_KEY = OpenApiParameter(
    "Idempotency-Key",
    str,
    OpenApiParameter.HEADER,
    description="Any text of your own: sent again with the same file, it keeps no second copy.",
)
EXAMPLE = OpenApiExample(
    "A file that was read",
    {
        "id": "5f0c6a1e-8f2b-4f4e-9a0b-2f8a4f1f7c11",
        "name": "pathology.pdf",
        "media_type": "application/pdf",
        "byte_size": 48213,
        "status": "ready",
        "failure": None,
        "pages": 3,
        "received_at": "2026-11-25T09:00:00Z",
    },
    response_only=True,
    status_codes=["200", "201"],
)


class DocumentsView(RecordView):
    parser_classes = [MultiPartParser]
    queries: ClassVar = {"GET": DocumentQuery}

    @described("documents_list", {200: page_of(DocumentSerializer)}, query=DocumentQuery)
    def get(self, request: Request) -> Response:
        """The files of the record, newest first."""
        scope = self.scope()
        rows = scope.documents(self.patient(scope))
        if "status" in self.asked:
            rows = rows.filter(status=self.asked["status"])
        return Response(page_of_rows(rows, request, "-received_at", "id", show=lambda one: DocumentSerializer(one).data))

    @described(
        "documents_send",
        {201: DocumentSerializer, 200: DocumentSerializer},
        request={"multipart/form-data": _FILE},
        parameters=[_KEY],
        examples=[EXAMPLE],
    )
    def post(self, request: Request) -> Response:
        """Send one file. It is kept before this answers; reading goes on afterwards. 200: this key had kept it before."""
        scope = self.scope()
        patient = self.patient(scope)
        sent: Any = request.FILES.get("file")
        if sent is None:
            raise ValidationError({"file": ["Send the file in the field `file`."]})

        def receive() -> Any:
            return actions.receive_document(by=request.user, patient=patient, name=sent.name or "file", content=sent)

        key = request.headers.get("Idempotency-Key")
        document, is_old = once(key, user=request.user, scope=scope, patient=patient, sent=sent, receive=receive)
        return Response(DocumentSerializer(document).data, status=status.HTTP_200_OK if is_old else status.HTTP_201_CREATED)


class DocumentView(RecordView):
    @described("documents_get", {200: DocumentSerializer}, examples=[EXAMPLE])
    def get(self, request: Request, document: UUID) -> Response:
        """One file and how far it is."""
        return Response(DocumentSerializer(self.scope().document(document)).data)

    @described("documents_delete", {204: None})
    def delete(self, request: Request, document: UUID) -> Response:
        """Delete the file and everything read from it."""
        actions.delete_document(by=request.user, document=self.scope().document(document))
        return Response(status=status.HTTP_204_NO_CONTENT)


class UnlockView(RecordView):
    @described("documents_unlock", {200: DocumentSerializer}, request=PasswordSerializer)
    def post(self, request: Request, document: UUID) -> Response:
        """Try a locked file with this password. A wrong one shows in its status later."""
        row = self.scope().document(document)
        given = checked_body(request, PasswordSerializer)
        row = actions.unlock_document(by=request.user, document=row, password=given["password"])
        return Response(DocumentSerializer(row).data)


class AcceptView(RecordView):
    @described("documents_accept", {200: DocumentSerializer}, problems=(409, 422))
    def post(self, request: Request, document: UUID) -> Response:
        """Say that the file is a medical record, and yours."""
        row = actions.accept_document(by=request.user, document=self.scope().document(document))
        return Response(DocumentSerializer(row).data)


class RetryView(RecordView):
    @described("documents_retry", {200: DocumentSerializer}, problems=(409, 422))
    def post(self, request: Request, document: UUID) -> Response:
        """Read the file once more. What people said about its facts stays."""
        row = actions.retry_document(by=request.user, document=self.scope().document(document))
        return Response(DocumentSerializer(row).data)


class PagesView(RecordView):
    queries: ClassVar = {"GET": PageQuery}

    @described("documents_pages", {200: page_of(PageSerializer)}, query=PageQuery)
    def get(self, request: Request, document: UUID) -> Response:
        """The pages of one file with their text, in order."""
        scope = self.scope()
        rows = scope.pages(scope.document(document))
        return Response(page_of_rows(rows, request, "number", show=lambda one: PageSerializer(one).data))


class PageImageView(RecordView):
    purpose = "page picture"

    @described("documents_page_image", {(200, "image/webp"): OpenApiTypes.BINARY})
    def get(self, request: Request, document: UUID, number: int) -> HttpResponse:
        """The page as a WebP picture, upright. 404 where it has none."""
        scope = self.scope()
        return HttpResponse(scope.page_image(scope.page(document, number)), content_type="image/webp", headers=_SEALED)


class OriginalView(RecordView):
    purpose = "download"

    @described("documents_original", {(200, "application/octet-stream"): OpenApiTypes.BINARY})
    def get(self, request: Request, document: UUID) -> StreamingHttpResponse:
        """The file as it was sent."""
        scope = self.scope()
        row = scope.document(document)
        response = StreamingHttpResponse(scope.original(row), content_type="application/octet-stream", headers=_SEALED)
        response.headers["Content-Disposition"] = as_attachment(row.name)
        response.headers["Content-Length"] = str(row.byte_size)
        return response
