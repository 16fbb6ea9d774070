"""Errors of the API as RFC 9457 problem details, with the codes and sentences that the pages use."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import SuspiciousOperation
from rest_framework import status
from rest_framework.exceptions import APIException
from rest_framework.response import Response
from rest_framework.views import exception_handler

from portal.presenters.refusals import refusal_words
from records.exceptions import RecordsError

MEDIA_TYPE = "application/problem+json"
# Well asked, but not as things stand: somebody else is at it, or it is there already. All other refusals are of the thing itself.
_CONFLICTS = {"duplicate", "taken", "out_of_date", "undecided", "quota", "no_room", "incomplete"}
_FORBIDDEN = {"no_consent"}
_HEADERS = ("WWW-Authenticate", "Retry-After", "Allow")


class KeyUsedBefore(APIException):
    """An Idempotency-Key came again with another file."""

    status_code = status.HTTP_409_CONFLICT
    default_code = "key_used_before"
    default_detail = "This Idempotency-Key came with another file before. Use a new key for each file."


class AnotherKind(APIException):
    """A corrected value that would be right for a fact of another kind."""

    status_code = status.HTTP_409_CONFLICT
    default_code = "another_kind"
    default_detail = "This value belongs to another kind of fact. Send the parts that this kind has."


class StillAtWork(APIException):
    """An Idempotency-Key came again while the first request with it was not done."""

    status_code = status.HTTP_409_CONFLICT
    default_code = "still_at_work"
    default_detail = "The first request with this Idempotency-Key is not done yet. Ask again in a few seconds."


def problem_response(error: Exception, context: dict[str, Any]) -> Response | None:
    """application/problem+json for everything that DRF or records refuse; None lets Django answer 500."""
    if isinstance(error, RecordsError):
        return _problem(
            409 if error.code in _CONFLICTS else 403 if error.code in _FORBIDDEN else 422, error.code, refusal_words(error.code)
        )
    if isinstance(error, SuspiciousOperation):  # too many fields, too much in memory, a broken host name
        return _problem(400, "bad_request", "This request is too large or not well formed.")
    response = exception_handler(error, context)
    if response is None:
        return None
    detail = response.data.get("detail") if isinstance(response.data, dict) else None
    code = str(getattr(detail, "code", "invalid"))
    made = _problem(response.status_code, code, str(detail) if detail else "Some fields are not right. See `errors`.")
    if detail is None:
        made.data["errors"] = response.data if isinstance(response.data, dict) else {"non_field_errors": response.data}
    for name in _HEADERS:
        if response.has_header(name):
            made[name] = response[name]
    return made


def _problem(code_of_http: int, code: str, detail: str) -> Response:
    body = {"type": "about:blank", "status": code_of_http, "code": code, "title": code.replace("_", " ").capitalize(), "detail": detail}
    return Response(body, status=code_of_http, content_type=MEDIA_TYPE)
