"""Editing trials and their rules. Every refusal is a sentence that says what to write instead."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils import timezone

from personalize.content import wording_faults
from personalize.criteria.disease import is_placed
from personalize.trials import trial_from_record
from portal.admin.conditions import ConditionField, TryForm
from portal.admin.rows_beside import FewForms, RowsBeside
from portal.content import wording
from portal.content.conditions import TRIAL_RULE, in_words
from portal.models import trial
from portal.trials.ingest import ingested
from portal.trials.registry import NCT, Query, Registry, RegistryFault
from portal.trials.shown_trials import take_up

MOST_AT_ONCE = 50  # records that one click may ask for


class TrialForm(forms.ModelForm):
    class Meta:
        model = trial.Trial
        fields = (
            "nct",
            "title",
            "what_is_tested",
            "target",
            "kind",
            "phase",
            "status",
            "status_on",
            "conditions",
            "countries",
            "is_shown",
            "rules_changed_on",
        )
        widgets = {"what_is_tested": forms.Textarea(attrs={"rows": 3}), "conditions": forms.TextInput, "countries": forms.TextInput}

    def clean_nct(self) -> str:
        nct = str(self.cleaned_data.get("nct") or "").strip().upper()
        if not NCT.fullmatch(nct):
            raise ValidationError("Write the NCT number as NCT and 8 digits, for example NCT01234567.")
        return nct

    def clean_what_is_tested(self) -> str:
        text = self.cleaned_data.get("what_is_tested") or ""
        if faults := wording_faults(text):
            raise ValidationError([wording.in_words(one) for one in faults])
        return text

    def clean_conditions(self) -> list[str]:
        codes = checked_words(self.cleaned_data.get("conditions"), "codes of cancers")
        if unknown := [code for code in codes if not is_placed(code)]:
            raise ValidationError(f"We do not know these codes of cancers: {', '.join(unknown)}. Use OncoTree codes or our groups.")
        return codes

    def clean_countries(self) -> list[str]:
        return checked_words(self.cleaned_data.get("countries"), "names of countries")


def checked_words(value: Any, what: str) -> list[str]:
    """A list of words as stored; a ValidationError otherwise."""
    if value in (None, ""):
        return []
    if not isinstance(value, list) or not all(isinstance(one, str) and one.strip() for one in value):
        raise ValidationError(f'Write a list of {what} in square brackets, for example ["one", "two"].')
    return value


class CriterionForm(TryForm):
    """A rule on a page of its own: the sentence that readers see, and what it says as rows, tried on made-up people."""

    rule = ConditionField(TRIAL_RULE)

    class Meta:
        model = trial.Criterion
        fields = ("trial", "order", "kind", "sentence", "rule", "cohort", "is_recoverable", "question", "is_to_check")
        widgets = {"sentence": forms.Textarea(attrs={"rows": 2})}

    def clean_rule(self) -> Any:
        """What nobody changed stays as it was written: only a person's own change keeps a rule when the registry changes it."""
        return self.cleaned_data.get("rule") if "rule" in self.changed_data else self.instance.rule

    def clean(self) -> Mapping[str, Any] | None:
        cleaned = super().clean()
        if cleaned and cleaned.get("is_recoverable") and not cleaned.get("rule") and not self.errors:
            raise ValidationError("A rule that we cannot check has no answer that could change. Untick the box, or write the rule.")
        return cleaned


class InlineCriterionForm(forms.ModelForm):
    """What of a rule is edited beside the others; its condition has a page of its own."""

    class Meta:
        model = trial.Criterion
        fields = ("order", "kind", "sentence", "cohort", "question", "is_to_check")
        widgets = {"sentence": forms.Textarea(attrs={"rows": 2})}


class RuleInWords:
    """A column that says what a rule means."""

    @admin.display(description="Which means")
    def rule_in_words(self, criterion: trial.Criterion) -> str:
        return in_words(criterion.rule, TRIAL_RULE)


class OneByOne(admin.ModelAdmin):
    """What is deleted together is deleted one by one, so that the revision moves."""

    def delete_queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> None:
        for one in queryset:
            one.delete()


class CriterionInline(RuleInWords, RowsBeside):
    model = trial.Criterion
    form = InlineCriterionForm
    show_change_link = True
    readonly_fields = ("rule_in_words", "registry_sentence")


@admin.register(trial.Criterion)
class CriterionAdmin(RuleInWords, OneByOne):
    """One rule of a trial, with its condition."""

    form = CriterionForm
    list_display = ("trial", "kind", "sentence", "rule_in_words", "is_to_check")
    list_filter = ("is_to_check", "kind", ("rule", admin.EmptyFieldListFilter))
    search_fields = ("trial__nct", "sentence", "registry_sentence")
    list_select_related = ("trial",)
    autocomplete_fields = ("trial",)
    readonly_fields = ("registry_sentence",)


class SiteInline(FewForms, admin.TabularInline):
    model = trial.Site
    most = 500


@admin.register(trial.Trial)
class TrialAdmin(OneByOne):
    form = TrialForm
    list_display = ("nct", "title", "phase", "status", "status_on", "is_shown", "rules_changed_on")
    list_filter = ("status", "phase", "kind", "is_shown", ("rules_changed_on", admin.EmptyFieldListFilter), "criteria__is_to_check")
    search_fields = ("nct", "title", "target")
    inlines = [CriterionInline, SiteInline]
    actions = ["ask_registry"]

    @admin.action(description="Ask the registry for the newest status and rules")
    def ask_registry(self, request: HttpRequest, queryset: QuerySet[trial.Trial]) -> None:
        ncts = tuple(queryset.values_list("nct", flat=True)[:MOST_AT_ONCE])
        registry = Registry()
        try:
            stamp = registry.data_timestamp()
            result = ingested(registry.studies(Query(ncts=ncts)), now=timezone.now(), data_timestamp=stamp)
        except RegistryFault as fault:
            self.message_user(request, str(fault), messages.ERROR)
            return
        self.message_user(request, f"{result.summary()}. Data of {stamp}.")
        for nct in sorted(set(ncts) - result.seen):
            self.message_user(request, f"The registry does not know {nct}.", messages.WARNING)


class StatusInline(admin.TabularInline):
    model = trial.StatusChange
    extra = 0
    can_delete = False
    readonly_fields = ("status", "known_on", "noticed_at")

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


@admin.register(trial.RegistryRecord)
class RegistryRecordAdmin(admin.ModelAdmin):
    """What the registry says: to read, and to make trials of."""

    list_display = ("nct", "status", "updated_on", "data_timestamp", "seen_at")
    list_filter = ("status",)
    search_fields = ("nct",)
    fields = ("nct", "title", "status", "updated_on", "data_timestamp", "aliases", "seen_at", "changed_at", "eligibility")
    readonly_fields = fields
    inlines = [StatusInline]
    actions = ["take_up_records"]

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    @admin.display(description="Title")
    def title(self, record: trial.RegistryRecord) -> str:
        return trial_from_record(record.study).title

    @admin.display(description="Rules as the registry prints them")
    def eligibility(self, record: trial.RegistryRecord) -> str:
        return trial_from_record(record.study).eligibility

    @admin.action(description="Take up: make a trial of ours, not shown yet")
    def take_up_records(self, request: HttpRequest, queryset: QuerySet[trial.RegistryRecord]) -> None:
        for one in queryset[:MOST_AT_ONCE]:
            made = take_up(one)
            self.message_user(request, f"{made.nct} waits to be put in plain words. It is not shown yet.")
