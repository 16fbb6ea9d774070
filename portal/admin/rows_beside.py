"""Rows that are edited on the page of the row they belong to."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.http import HttpRequest

MOST = 100  # more than any row of ours has; a request may name any number of forms, and each is drawn with all its choices


class RowsBeside(admin.StackedInline):
    extra = 0
    max_num = MOST

    def get_formset(self, request: HttpRequest, obj: Any = None, **options: Any) -> Any:
        return super().get_formset(request, obj, **{"absolute_max": MOST, **options})
