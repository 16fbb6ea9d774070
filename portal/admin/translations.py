"""Editing translations: the English beside each text, the same two people for every word. What is not up to date is shown in English."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode

from django import forms
from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from personalize.content.translating import KINDS, OPTIONAL
from portal.admin.publishing import ReviewedAdmin, ReviewedForm
from portal.content.translating import english_of, is_up_to_date, part_names
from portal.models.content import Translation

_LISTS = ("aliases", "lines")
_PREFIX = "said_"


class LinesField(forms.CharField):
    """A list, one entry a line."""

    widget = forms.Textarea

    def prepare_value(self, value: Any) -> Any:
        return "\n".join(value) if isinstance(value, list | tuple) else value

    def to_python(self, value: Any) -> Any:
        return [one.strip() for one in str(value or "").splitlines() if one.strip()]


class TranslationForm(ReviewedForm):
    """One field for each text of the part. kind, name: which part; english: its words as they stand on the pages now."""

    kind = ""
    name = ""
    english: Mapping[str, Any] = {}

    class Meta:
        model = Translation
        fields = ("is_checked",)

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        for name, field in self.fields.items():
            if name.startswith(_PREFIX):
                field.initial = self.instance.words.get(name.removeprefix(_PREFIX), "")

    def columns(self, cleaned: Mapping[str, Any]) -> Mapping[str, Any]:
        words = {name: cleaned.get(f"{_PREFIX}{name}") for name in self.english}
        self.instance.kind, self.instance.name, self.instance.english = self.kind, self.name, dict(self.english)
        self.instance.words = {name: said for name, said in words.items() if said}
        shown = ("kind", "name", "language", "words", "english")
        return {one: getattr(self.instance, one) for one in shown}


class PartForm(forms.ModelForm):
    """Which part to translate: those that have no translation yet."""

    part = forms.ChoiceField(label="What to translate", help_text="Parts without a translation, in page order.")

    class Meta:
        model = Translation
        fields = ()

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        known = set(Translation.objects.values_list("kind", "name"))
        self.fields["part"].choices = [(f"{kind}:{name}", f"{kind} {name}") for kind, name in part_names() if (kind, name) not in known]


class StateFilter(admin.SimpleListFilter):
    title = "state"
    parameter_name = "state"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [("now", "Up to date"), ("old", "The English changed: shown in English")]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Translation]) -> QuerySet[Translation]:
        if self.value() not in ("now", "old"):
            return queryset
        wanted = [one.pk for one in queryset if is_up_to_date(one) == (self.value() == "now")]
        return queryset.filter(pk__in=wanted)


@admin.register(Translation)
class TranslationAdmin(ReviewedAdmin):
    list_display = ("name", "kind", "language", "is_up_to_date", "is_checked", "beginning")
    list_filter = (StateFilter, "kind", "is_checked")
    search_fields = ("name", "words", "english")
    readonly_fields = ("which", "state", "versions")

    def get_fields(self, request: HttpRequest, obj: Translation | None = None) -> list[str]:
        """Where it stands first, then the words, then what is said of the change."""
        first = ("which", "state") if obj is not None else ()
        named = [one for one in super().get_fields(request, obj) if isinstance(one, str) and one not in ("which", "state")]
        return [*first, *sorted(named, key=lambda one: not one.startswith(_PREFIX))]

    @admin.display(boolean=True, description="Up to date")
    def is_up_to_date(self, row: Translation) -> bool:
        return is_up_to_date(row)

    @admin.display(description="Begins")
    def beginning(self, row: Translation) -> str:
        first = next(iter(row.words.values()), "")
        return str(first[0] if isinstance(first, list) and first else first)[:80]

    @admin.display(description="Part")
    def which(self, row: Translation) -> str:
        return f"{row.kind} {row.name}" if row.pk else "New"

    @admin.display(description="State")
    def state(self, row: Translation) -> str:
        if not row.pk:
            return "Not on the pages yet: they show the English."
        if is_up_to_date(row):
            return "Up to date."
        return "The English changed after this was written. The pages show the English until the translation is published again."

    def get_form(self, request: HttpRequest, obj: Translation | None = None, change: bool = False, **options: Any) -> Any:
        kind, name = (obj.kind, obj.name) if obj is not None else _asked(request)
        english = english_of(kind, name) if kind else {}
        if not english and obj is None:
            return super().get_form(request, obj, change, **{**options, "form": PartForm})
        fields = {f"{_PREFIX}{one}": _field(one, english[one], obj) for one in english}
        form = type("TranslationForm", (TranslationForm,), {**fields, "kind": kind, "name": name, "english": english})
        return super().get_form(request, obj, change, **{**options, "form": form})

    def add_view(self, request: HttpRequest, form_url: str = "", extra_context: Any = None) -> HttpResponse:
        if request.method == "POST" and request.POST.get("part"):
            return redirect(f"{reverse('admin:portal_translation_add')}?{urlencode({'part': request.POST['part']})}")
        return super().add_view(request, form_url, extra_context)

    def get_changeform_initial_data(self, request: HttpRequest) -> dict[str, Any]:
        return {}


def _asked(request: HttpRequest) -> tuple[str, str]:
    """Kind and name from the address of the form for a new translation."""
    kind, _colon, name = request.GET.get("part", "").partition(":")
    return (kind, name) if kind in KINDS else ("", "")


def _field(name: str, english: Any, obj: Translation | None) -> forms.Field:
    """The English stands below; where it changed, what it was before too."""
    before = obj.english.get(name) if obj is not None else None
    said = f"English: {_line(english)}"
    if before is not None and before != english:
        said = f"{said} — It was, when this was translated: {_line(before)}"
    options: dict[str, Any] = {"label": name.replace("_", " ").capitalize(), "required": name not in OPTIONAL, "help_text": said}
    if name in _LISTS:
        return LinesField(**options)
    return forms.CharField(**options, widget=forms.Textarea(attrs={"rows": 2 if len(str(english)) < 80 else 5}))


def _line(said: Any) -> str:
    return " / ".join(said) if isinstance(said, list) else str(said)
