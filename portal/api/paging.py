"""Long lists in pieces: rows by a cursor of the database, values by the key of the last one shown."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Callable, Sequence
from typing import Any, TypeVar
from urllib.parse import urlencode

from django.core.exceptions import ValidationError
from django.db.models import Field, QuerySet
from rest_framework.exceptions import NotFound
from rest_framework.pagination import CursorPagination
from rest_framework.request import Request

from portal.api.asking import MOST_ROWS

PAGE = 50
T = TypeVar("T")


class _Rows(CursorPagination):
    page_size = PAGE
    page_size_query_param = "limit"
    max_page_size = MOST_ROWS

    def __init__(self, ordering: tuple[str, ...], field: Field[Any, Any]) -> None:
        self.ordering, self.field = ordering, field

    def decode_cursor(self, request: Request) -> Any:
        """Raises NotFound for a cursor that no answer gave, with a place that the first column cannot have."""
        cursor = super().decode_cursor(request)
        if cursor is not None and cursor.position is not None:
            try:
                self.field.to_python(cursor.position)
            except ValidationError:
                raise NotFound(self.invalid_cursor_message) from None
            if "\0" in cursor.position:
                raise NotFound(self.invalid_cursor_message)
        return cursor


def page_of_rows(
    rows: QuerySet[Any], request: Request, *ordering: str, show: Callable[[Any], Any], keep: Callable[[list[Any]], list[Any]] = list
) -> dict[str, Any]:
    """{"next", "previous", "results"}: one piece of `rows` in the order given. keep: what may be shown of a piece."""
    first = ordering[0].removeprefix("-")
    pager = _Rows(ordering, rows.model._meta.pk if first == "pk" else rows.model._meta.get_field(first))
    shown = pager.paginate_queryset(rows.order_by(*ordering), request) or []
    return {"next": pager.get_next_link(), "previous": pager.get_previous_link(), "results": [show(one) for one in keep(shown)]}


def page_of_values(values: Sequence[T], request: Request, *, key: Callable[[T], str], show: Callable[[T], Any]) -> dict[str, Any]:
    """The same of values in a fixed order; `key` tells them apart. Raises NotFound for a cursor whose value is gone."""
    limit = int(request.query_params.get("limit") or PAGE)
    start = _start(values, request.query_params.get("cursor"), key)
    shown = values[start : start + limit]
    following = _link(request, key(shown[-1])) if start + limit < len(values) else None
    before = values[max(0, start - limit) - 1] if start > limit else None
    previous = None if start == 0 else _link(request, key(before) if before is not None else None)
    return {"next": following, "previous": previous, "results": [show(one) for one in shown]}


def _start(values: Sequence[T], cursor: str | None, key: Callable[[T], str]) -> int:
    if cursor is None:
        return 0
    try:
        last = base64.urlsafe_b64decode(cursor.encode()).decode()
    except (ValueError, binascii.Error):
        raise NotFound("This cursor leads nowhere.") from None
    for place, one in enumerate(values):
        if key(one) == last:
            return place + 1
    raise NotFound("This cursor leads nowhere.")


def _link(request: Request, last: str | None) -> str:
    asked = {name: value for name, value in request.query_params.items() if name != "cursor"}
    if last is not None:
        asked["cursor"] = base64.urlsafe_b64encode(last.encode()).decode()
    path = request.build_absolute_uri(request.path)
    return f"{path}?{urlencode(asked)}" if asked else path
