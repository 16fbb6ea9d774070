"""Before and while files are sent: what the person agrees to, a file in pieces, the password of a file."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _


class StartForm(forms.Form):
    """Before the first file: what the person agrees to."""

    who = forms.ChoiceField(
        label=_("Who are the records about?"),
        choices=[("me", _("Me")), ("other", _("Someone I care for"))],
        widget=forms.RadioSelect,
        initial="me",
        error_messages={"required": _("Choose who the records are about")},
    )
    reading = forms.BooleanField(
        label=_("Yes, you may read the records I send and keep them sealed until I delete them."),
        error_messages={"required": _("Tick the box so that we may read your records")},
    )
    review = forms.BooleanField(
        label=_("A care coordinator may look too and check the facts."),
        help_text=_("You can change this at any time."),
        required=False,
    )
    alerts = forms.BooleanField(
        label=_("Send me an e-mail when there is something new."),
        help_text=_("The e-mails say nothing of your health."),
        required=False,
    )


class ArrivalForm(forms.Form):
    """What a sender says of a file that comes in pieces. label: what tells this file from another of the same name and size."""

    name = forms.CharField(max_length=1000)
    byte_size = forms.IntegerField(min_value=0)
    label = forms.CharField(max_length=200, required=False)


class PasswordForm(forms.Form):
    password = forms.CharField(
        label=_("Password of this file"),
        max_length=200,
        widget=forms.PasswordInput(attrs={"autocomplete": "off"}),
        strip=False,
        error_messages={"required": _("Type the password of the file")},
    )
