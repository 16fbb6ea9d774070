"""Editing what the answers are made of. Words go on the pages when a second person publishes them; see portal.admin.publishing."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

from django import forms
from django.contrib import admin
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q, QuerySet
from django.http import HttpRequest
from django.utils import timezone

from personalize.content import ENGLISH, FACT_SLOT
from personalize.content.reading_grade import reading_grade
from portal.admin.conditions import ConditionField, TryForm
from portal.admin.publishing import ReviewedAdmin, ReviewedForm
from portal.admin.rows_beside import RowsBeside
from portal.content import current_content
from portal.content.conditions import in_words
from portal.models import content

# After how many days an editor compares a fact with its sources again; a page takes down one of high volatility after 120.
RECHECK_DAYS = {"high": 90, "medium": 365, "low": 1095}


class PassageForm(TryForm, ReviewedForm):
    """The condition as rows. Refuses slots of facts that do not exist."""

    condition = ConditionField()

    class Meta:
        widgets = {"text": forms.Textarea(attrs={"rows": 6})}

    def clean_text(self) -> str:
        text = self.cleaned_data.get("text") or ""
        wanted = set(FACT_SLOT.findall(text))
        missing = wanted - set(content.Fact.objects.filter(pk__in=wanted).values_list("pk", flat=True))
        if missing:
            raise ValidationError(f"We do not know these facts: {', '.join(sorted(missing))}.")
        return text


class FactSourceInline(RowsBeside):
    model = content.FactSource


class PassageFactInline(RowsBeside):
    model = content.PassageFact


class SectionInline(RowsBeside):
    """The parts of an answer, to find them; each is edited on its own page."""

    model = content.Section
    fields = readonly_fields = ("order", "code", "title")
    show_change_link = True
    can_delete = False

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


class LinkedAdmin(admin.ModelAdmin):
    """Edited at once: where to look, no claim about medicine."""

    formfield_overrides = {models.URLField: {"assume_scheme": "https"}}


@admin.register(content.Source)
class SourceAdmin(LinkedAdmin):
    list_display = ("key", "title", "publisher", "year")
    search_fields = ("key", "title", "publisher", "identifier")


class DueFilter(admin.SimpleListFilter):
    """The queue of facts to compare with their sources again."""

    title = "due for re-check"
    parameter_name = "due"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [("yes", "Due now"), ("never", "Never checked")]

    def queryset(self, request: HttpRequest, queryset: QuerySet[content.Fact]) -> QuerySet[content.Fact]:
        if self.value() == "never":
            return queryset.filter(checked_on=None)
        return queryset.filter(is_due(timezone.localdate())) if self.value() == "yes" else queryset


def is_due(today: dt.date) -> Q:
    """Facts never checked, or not for as long as their volatility allows."""
    due = Q(checked_on=None)
    for volatility, days in RECHECK_DAYS.items():
        due |= Q(volatility=volatility, checked_on__lt=today - dt.timedelta(days=days))
    return due


@admin.register(content.Fact)
class FactAdmin(ReviewedAdmin):
    list_display = ("id", "statement", "as_of", "volatility", "checked_on", "check_by", "grade", "is_shown")
    list_filter = (DueFilter, "volatility", "sensitivity", "region", "is_shown")
    search_fields = ("id", "statement")
    inlines = [FactSourceInline]
    actions = ["compared_today", "take_down"]

    @admin.display(description="Check again by")
    def check_by(self, fact: content.Fact) -> str:
        return (fact.checked_on + dt.timedelta(days=RECHECK_DAYS[fact.volatility])).isoformat() if fact.checked_on else "now"

    @admin.display(description="Reading grade")
    def grade(self, fact: content.Fact) -> str:
        return f"{reading_grade(fact.statement):.1f}"

    @admin.action(description="I compared these with their sources today", permissions=["change"])
    def compared_today(self, request: HttpRequest, queryset: QuerySet[content.Fact]) -> None:
        self._each(request, queryset, "Compared with its sources.", checked_on=timezone.localdate())

    @admin.action(description="Take these off all pages now", permissions=["change"])
    def take_down(self, request: HttpRequest, queryset: QuerySet[content.Fact]) -> None:
        """One person is enough to take something away; to bring it back takes two."""
        self._each(request, queryset, "Taken off all pages.", is_shown=False)

    def _each(self, request: HttpRequest, queryset: QuerySet[content.Fact], what: str, **columns: Any) -> None:
        for fact in queryset:
            for name, value in columns.items():
                setattr(fact, name, value)
            fact.save()
            super().log_change(request, fact, what)
        self.message_user(request, f"{what} Facts: {len(queryset)}.")


@admin.register(content.Answer)
class AnswerAdmin(ReviewedAdmin):
    list_display = ("slug", "title", "order")
    inlines = [SectionInline]


@admin.register(content.Section)
class SectionAdmin(ReviewedAdmin):
    list_display = ("code", "answer", "title", "order")
    list_filter = ("answer",)


@admin.register(content.Passage)
class PassageAdmin(ReviewedAdmin):
    form = PassageForm
    list_display = ("code", "section", "row", "placement", "for_whom", "grade")
    list_filter = ("section__answer", "placement", "group")
    search_fields = ("code", "row", "text")
    inlines = [PassageFactInline]
    list_select_related = ("section",)

    @admin.display(description="Shown to")
    def for_whom(self, passage: content.Passage) -> str:
        return in_words(passage.condition)

    @admin.display(description="Reading grade")
    def grade(self, passage: content.Passage) -> str:
        text = FACT_SLOT.sub(lambda slot: self._statements().get(slot[1], ""), passage.text)
        return f"{reading_grade(text):.1f}" if text else ""

    def _statements(self) -> Mapping[str, str]:
        """A passage reads as hard as the facts that are put into it."""
        return current_content(ENGLISH).statements


@admin.register(content.GlossaryTerm)
class GlossaryTermAdmin(ReviewedAdmin):
    list_display = ("term", "definition", "grade")
    search_fields = ("term", "definition")

    @admin.display(description="Reading grade")
    def grade(self, term: content.GlossaryTerm) -> str:
        return f"{reading_grade(term.definition):.1f}"


@admin.register(content.Guideline)
class GuidelineAdmin(LinkedAdmin):
    list_display = ("title", "cancer", "publisher", "year")


@admin.register(content.Service)
class ServiceAdmin(LinkedAdmin):
    list_display = ("name", "kind", "region", "cost", "checked_on")


@admin.register(content.FixedText)
class FixedTextAdmin(ReviewedAdmin):
    list_display = ("code", "title")


@admin.register(content.Disagreement)
class DisagreementAdmin(ReviewedAdmin):
    list_display = ("code", "about")
