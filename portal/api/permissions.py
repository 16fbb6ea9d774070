"""API views are closed unless they say who may use them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rest_framework.permissions import BasePermission

if TYPE_CHECKING:  # rest_framework.views reads this module while it loads
    from rest_framework.request import Request
    from rest_framework.views import APIView


class Deny(BasePermission):
    """The default: a view that names no permission answers nobody."""

    def has_permission(self, request: Request, view: APIView) -> bool:
        return False
