"""What is asked before everything goes."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _


class DeleteForm(forms.Form):
    sure = forms.BooleanField(label=_("Yes, delete all of it"), error_messages={"required": _("Tick the box to show that you are sure")})
