"""Where a person lives, for the distance to trials."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from portal.language import named
from portal.trials.gazetteer import point_of_zip
from portal.trials.nearby import UNITED_STATES

OTHER = "other"


class PlaceForm(forms.Form):
    """countries: those in which trials of the list run."""

    country = forms.ChoiceField(label=_("Country"), required=False, error_messages={"invalid_choice": _("Choose a country from the list")})
    zip_code = forms.RegexField(
        r"^\s*\d{5}(?:-\d{4})?\s*$",
        label=_("ZIP code"),
        help_text=_("Five digits. For the United States only."),
        required=False,
        max_length=20,
        error_messages={"invalid": _("Type the ZIP code as five digits, like 21201")},
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "postal-code"}),
    )
    miles = forms.IntegerField(
        label=_("How many miles would you travel?"),
        help_text=_("Trials that are farther stay in a list of their own."),
        required=False,
        min_value=1,
        max_value=12000,
        error_messages={"invalid": _("Type a number of miles, like 100")},
    )

    def __init__(self, *args: Any, countries: Iterable[str], told: Mapping[str, Any] | None = None, **given: Any) -> None:
        told = told or {}
        super().__init__(
            *args, initial={"country": told.get("country", ""), "zip_code": told.get("zip", ""), "miles": told.get("miles")}, **given
        )
        known = {UNITED_STATES, *countries, *([told["country"]] if told.get("country") else [])} - {OTHER}
        field = self.fields["country"]
        field.choices = [
            ("", _("All countries")),
            *sorted(((one, named(one)) for one in known), key=lambda one: one[1]),
            (OTHER, _("Another country")),
        ]  # type: ignore[attr-defined]

    def clean_zip_code(self) -> str:
        code: str = self.cleaned_data["zip_code"].strip()[:5]
        if code and point_of_zip(code) is None:
            raise ValidationError(_("We do not know this ZIP code. Check its digits"))
        return code

    def clean(self) -> dict[str, Any]:
        made = super().clean() or {}
        if made.get("zip_code"):
            if made.get("country") not in ("", None, UNITED_STATES):
                self.add_error("zip_code", _("We know ZIP codes of the United States only"))
            made["country"] = UNITED_STATES
        return made
