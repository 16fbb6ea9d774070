"""The site of the admin: what holds for every list of it, those of other packages among them."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.contrib import admin, messages
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.core.exceptions import ValidationError
from django.db.models import Model, QuerySet
from django.http import HttpRequest, HttpResponseBase


class PlainChoices(admin.ModelAdmin):
    """An action for rows whose ids can be none of this table is refused: the table was asked for them as they came, and broke."""

    def response_action(self, request: HttpRequest, queryset: QuerySet[Any]) -> HttpResponseBase | None:
        key = self.model._meta.pk
        try:
            for one in request.POST.getlist(ACTION_CHECKBOX_NAME):
                key.clean(one, None)
        except ValidationError:
            self.message_user(request, "Choose rows of this list.", messages.WARNING)
            return None
        return super().response_action(request, queryset)


class Site(admin.AdminSite):
    site_header = "CAR-T Guide: content, trials and people"
    site_title = "CAR-T Guide"
    index_title = "What you can change"
    enable_nav_sidebar = False

    def register(self, model_or_iterable: type[Model] | Iterable[type[Model]], admin_class: Any = None, **options: Any) -> None:
        kept = admin_class or admin.ModelAdmin
        super().register(model_or_iterable, type(kept.__name__, (PlainChoices, kept), {"__module__": kept.__module__}), **options)
