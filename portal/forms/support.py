"""What an administrator fills in to help."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from records.actions.supporting import LEAST_REASON, MOST_REASON

_ID = {"required": _("Type the number"), "invalid": _("Type the whole number, with its dashes")}


def _reason(label: Any) -> forms.CharField:
    return forms.CharField(
        label=label,
        help_text=_("The patient reads this."),
        min_length=LEAST_REASON,
        max_length=MOST_REASON,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": _("Say why"), "min_length": _("Say why in a whole sentence")},
    )


class LogForm(forms.Form):
    id = forms.UUIDField(label=_("Number of a record, an account, a file or a fact"), error_messages=_ID)


class EndAccessForm(forms.Form):
    reason = _reason(_("Why do you end it?"))


class OpenRecordForm(forms.Form):
    record = forms.UUIDField(
        label=_("Number of the record"), help_text=_("The patient finds it on the privacy page and tells you."), error_messages=_ID
    )
    reason = _reason(_("Why must you look?"))
    minutes = forms.TypedChoiceField(
        label=_("For how long?"), coerce=int, choices=[(15, _("15 minutes")), (30, _("30 minutes")), (60, _("One hour"))], initial=15
    )
