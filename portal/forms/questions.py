"""What the patient answers to the team."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from records.actions.questions import MAX_TEXT


class AnswerForm(forms.Form):
    """One for each question of the page: `auto_id` keeps their fields apart."""

    text = forms.CharField(
        label=_("Your answer"),
        max_length=MAX_TEXT,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": _("Type your answer")},
    )
