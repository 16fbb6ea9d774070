"""What is not there answers like the rest of the API, and not with a page."""

from __future__ import annotations

from rest_framework.exceptions import NotFound
from rest_framework.request import Request

from portal.api.base import PublicView


class MissingView(PublicView):
    schema = None

    def initial(self, request: Request, *args: object, **given: object) -> None:
        raise NotFound
