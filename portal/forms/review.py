"""What a coordinator fills in at the bench."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from portal.forms.facts import FACT_PARTS
from portal.locating import box_of, spans_in, spans_of
from portal.presenters.findings import KINDS
from records.extraction.finding import Kind
from records.reading.page import PageText

_TOLD_ONLY = frozenset({Kind.SITUATION.value})


class MarkForm(forms.Form):
    """Which words of the page, by a box or by typing them, and what kind of fact they are. cleaned_data["spans"]: where they stand."""

    quote = forms.CharField(
        label=_("Which words on the page?"),
        help_text=_("Draw a box around them, mark them with the arrow keys, or type them as they stand."),
        required=False,
        max_length=500,
    )
    box = forms.CharField(required=False, max_length=60, widget=forms.HiddenInput)
    kind = forms.ChoiceField(
        label=_("What kind of fact?"),
        choices=[("", _("Choose one")), *((kind, KINDS[Kind(kind)]) for kind in FACT_PARTS if kind not in _TOLD_ONLY)],
        error_messages={"required": _("Choose one of the list"), "invalid_choice": _("Choose one of the list")},
    )

    def __init__(self, page: PageText, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.page = page

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        box = box_of(cleaned.get("box", ""))
        spans = spans_in(self.page, box) if box else spans_of(self.page, cleaned.get("quote", ""))
        if not spans:
            self.add_error("quote", _("We did not find these words on this page"))
        return {**cleaned, "spans": spans}
