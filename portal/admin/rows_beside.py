"""Rows that are edited on the page of the row they belong to."""

from __future__ import annotations

from typing import Any, ClassVar

from django.contrib import admin
from django.contrib.admin.options import InlineModelAdmin
from django.http import HttpRequest


class FewForms(InlineModelAdmin):
    """most: more than any row of ours has. A request may name any number of forms, and each is drawn with all its choices."""

    most: ClassVar[int] = 100
    extra = 0

    def get_max_num(self, request: HttpRequest, obj: Any = None, **options: Any) -> int | None:
        return self.most if self.max_num is None else self.max_num

    def get_formset(self, request: HttpRequest, obj: Any = None, **options: Any) -> Any:
        return super().get_formset(request, obj, **{"absolute_max": self.most, **options})


class RowsBeside(FewForms, admin.StackedInline):
    """As above, one below the other."""
