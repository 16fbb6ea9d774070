"""What the patient fills in to let somebody in, and the doctor to come in."""

from __future__ import annotations

import datetime as dt

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

LONGEST = dt.timedelta(days=365)


class InviteForm(forms.Form):
    email = forms.EmailField(
        label=_("Their e-mail address"),
        max_length=200,
        error_messages={"required": _("Type the e-mail address"), "invalid": _("Type the address like name@example.org")},
    )
    rights = forms.MultipleChoiceField(
        label=_("What may they do?"),
        help_text=_("They may always see the record."),
        required=False,
        choices=[("add", _("Send files and add facts")), ("decide", _("Say if facts are right"))],
        widget=forms.CheckboxSelectMultiple,
    )
    until = forms.DateField(
        label=_("Until which day?"),
        help_text=_("At most one year from now. You can end it at any time."),
        widget=forms.DateInput(attrs={"type": "date"}),
        error_messages={"required": _("Choose the last day"), "invalid": _("Type the day like 2027-03-14")},
    )

    def clean_until(self) -> dt.date:
        until: dt.date = self.cleaned_data["until"]
        today = timezone.localdate()
        if not today < until <= today + LONGEST:
            raise ValidationError(_("Choose a day after today, at most one year from now"))
        return until


class LinkForm(forms.Form):
    days = forms.TypedChoiceField(
        label=_("How long shall the link work?"),
        coerce=int,
        choices=[(1, _("One day")), (7, _("One week")), (30, _("30 days"))],
        initial=7,
    )


class CodeForm(forms.Form):
    """An empty code is a wrong one."""

    code = forms.CharField(
        label=_("Code"),
        required=False,
        max_length=12,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
    )
