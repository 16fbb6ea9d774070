"""A fact as a person types it. The parts of each kind follow records.extraction.finding.Kind."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from personalize.profile import PartialDate
from personalize.vocabulary import load
from portal.language import named
from records.extraction.finding import Kind

Choices = tuple[tuple[str, Any], ...]


@dataclass(frozen=True, slots=True)
class Part:
    """One part of a fact's value, as a question. choices: the values allowed; is_number: a number from `least` to `most`."""

    key: str
    label: Any
    choices: Choices = ()
    is_number: bool = False
    is_required: bool = True
    hint: Any = ""
    least: float = -1_000_000
    most: float = 1_000_000_000


_STAGES = tuple((one, one) for one in ("0", "I", "IA", "IB", "II", "IIA", "IIB", "III", "IIIA", "IIIB", "IIIC", "IV", "IVA", "IVB"))
_RESULTS: Choices = (
    ("positive", _("Positive, or a change was found")),
    ("negative", _("Negative, or no change was found")),
    ("equivocal", _("In between")),
    ("vus", _("A change that no one understands yet (VUS)")),
    ("pending", _("Waiting for the result")),
    ("not_tested", _("Not tested")),
    ("quantity_not_sufficient", _("Not enough tissue to test")),
)
_GIVEN: Choices = (
    ("given", _("I had it")),
    ("ongoing", _("I have it now")),
    ("planned", _("It is planned")),
    ("declined", _("I said no to it")),
)
_YES_NO: Choices = (("yes", _("Yes")), ("no", _("No")))
_EXTENTS: Choices = (
    ("resectable", _("It can be removed")),
    ("borderline", _("It may be removable")),
    ("locally_advanced", _("It has grown into parts nearby")),
    ("metastatic", _("It has spread to other parts")),
    ("resected", _("It was removed")),
)

FACT_PARTS: Mapping[str, tuple[Part, ...]] = {
    Kind.DIAGNOSIS: (Part("name", _("Which cancer?")),),
    Kind.STAGE_GROUP: (Part("group", _("Which stage?"), choices=_STAGES),),
    Kind.EXTENT: (Part("extent", _("How far has it spread?"), choices=_EXTENTS),),
    Kind.BIOMARKER: (
        Part("name", _("Which marker or gene?"), hint=_("For example KRAS, BRCA2, MSI or claudin 18.2.")),
        Part("status", _("What was the result?"), choices=_RESULTS),
        Part("detail", _("What else does it say?"), is_required=False, hint=_("For example G12D, or 80%.")),
    ),
    Kind.TREATMENT: (
        Part("name", _("Which treatment?"), hint=_("For example FOLFIRINOX or surgery.")),
        Part("status", _("Did you have it?"), choices=_GIVEN),
        Part("start", _("When did it start?"), is_required=False, hint=_("A year, or a year and month, such as 2025-03.")),
        Part("stop", _("When did it stop?"), is_required=False, hint=_("Leave it empty if it goes on.")),
    ),
    Kind.PERFORMANCE: (
        Part("scale", _("Which scale?"), choices=(("ECOG", "ECOG"), ("Karnofsky", "Karnofsky"))),
        Part("value", _("Which number?"), is_number=True, least=0, most=100),
    ),
    Kind.LAB: (
        Part("name", _("Which test?"), hint=_("For example CA 19-9.")),
        Part("value", _("Which number?"), is_number=True),
        Part("unit", _("Which unit?"), is_required=False, hint=_("For example U/mL.")),
    ),
    Kind.METASTASIS: (Part("site", _("Where has it spread to?")),),
    Kind.TNM: tuple(Part(key, key.upper(), is_required=False) for key in ("t", "n", "m")),
    Kind.AGE: (Part("age", _("What is the age?"), is_number=True, least=0, most=130),),
    Kind.SEX: (Part("sex", _("Which sex?"), choices=(("female", _("Female")), ("male", _("Male")))),),
    Kind.HLA: (Part("allele", _("Which HLA type?"), hint=_("For example A*02:01.")),),
    Kind.GRADE: (Part("grade", _("Which grade?"), choices=tuple((one, one) for one in ("G1", "G2", "G3", "G4"))),),
    Kind.NODES: (
        Part("positive", _("How many nodes had cancer?"), is_number=True, least=0, most=500),
        Part("examined", _("How many were checked?"), is_number=True, least=0, most=500),
    ),
    Kind.FAMILY_HISTORY: (Part("relative", _("Which relative?")), Part("condition", _("What did they have?"))),
    Kind.COMORBIDITY: (Part("name", _("Which illness?")),),
    Kind.ALLERGY: (Part("name", _("Which allergy?")),),
    Kind.MEDICATION: (Part("name", _("Which medicine?")),),
    Kind.SITUATION: (
        Part("country", _("Which country do you get care in?"), is_required=False, hint=_("For example United States.")),
        Part("far", _("Do you live far from a CAR-T center?"), choices=_YES_NO, is_required=False, hint=_("More than 2 hours away.")),
        Part("caregiver", _("Could someone stay with you for some weeks?"), choices=_YES_NO, is_required=False),
    ),
    Kind.BIRTH_DATE: (Part("date", _("Which day?"), hint=_("Such as 1960-05-17, or only the year.")),),
}

# What people may add by hand, in the order in which it matters.
ADDABLE: Choices = (
    (Kind.DIAGNOSIS.value, _("My type of cancer")),
    (Kind.STAGE_GROUP.value, _("My stage")),
    (Kind.BIOMARKER.value, _("A gene or marker result")),
    (Kind.TREATMENT.value, _("A treatment")),
    (Kind.PERFORMANCE.value, _("How fit I am (ECOG)")),
    (Kind.LAB.value, _("A blood test")),
    (Kind.HLA.value, _("My HLA type")),
    (Kind.AGE.value, _("My age")),
    (Kind.SITUATION.value, _("Where I live and who can help")),
)


@cache
def known_cancers() -> dict[str, dict[str, Any]]:
    """By name: code, name and site, from the vocabulary."""
    found = {one["name"]: {key: one[key] for key in ("name", "code", "site") if one.get(key)} for one in load("cancers")["cancer"]}
    return dict(sorted(found.items()))


class FactForm(forms.Form):
    """The value of a fact of one kind. value: what stands there now, kept where it is not asked about."""

    on = forms.CharField(
        label=_("When was that?"),
        required=False,
        max_length=10,
        help_text=_("A day, a month or a year. For example 2025-03-14, 2025-03 or 2025."),
    )

    def __init__(self, kind: str, *args: Any, value: Mapping[str, Any] | None = None, **options: Any) -> None:
        super().__init__(*args, **options)
        self.kind = kind
        self.value = dict(value or {})
        self.parts = FACT_PARTS[kind]
        when = self.fields.pop("on")
        for part in self.parts:
            self.fields[part.key] = _field(kind, part, self.value.get(part.key))
        if kind not in (Kind.BIRTH_DATE, Kind.SITUATION):
            self.fields["on"] = when

    def clean_on(self) -> str | None:
        return _dated(self.cleaned_data.get("on"))

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        for key in ("start", "stop", "date"):
            if key in self.fields and cleaned.get(key):
                try:
                    cleaned[key] = _dated(cleaned[key])
                except ValidationError as error:
                    self.add_error(key, error)
        if not any(cleaned.get(part.key) not in (None, "") for part in self.parts) and not self.errors:
            self.add_error(self.parts[0].key, _("Type what is right"))
        return cleaned

    @property
    def fact(self) -> dict[str, Any]:
        """The value to keep."""
        typed = {part.key: self.cleaned_data.get(part.key) for part in self.parts}
        if self.kind == Kind.DIAGNOSIS:
            return {**known_cancers().get(typed["name"], {"name": typed["name"]}), "status": "confirmed"}
        kept = {**self.value, **{key: _whole(one) for key, one in typed.items()}}
        return {key: one for key, one in kept.items() if one not in (None, "")}


def _whole(value: Any) -> Any:
    return int(value) if isinstance(value, float) and value.is_integer() else value


def _field(kind: str, part: Part, now: Any) -> forms.Field:
    choices = _cancers() if kind == Kind.DIAGNOSIS and part.key == "name" else part.choices
    shared: dict[str, Any] = {
        "label": part.label,
        "required": part.is_required,
        "help_text": part.hint,
        "initial": now,
        "error_messages": {
            "required": _("Fill in this part"),
            "invalid_choice": _("Choose one of the list"),
            "invalid": _("Type a number"),
        },
    }
    if choices:
        return forms.ChoiceField(choices=(("", _("Choose one")), *choices), **shared)
    if part.is_number:
        return forms.FloatField(min_value=part.least, max_value=part.most, **shared)
    return forms.CharField(max_length=200, **shared)


def _cancers() -> Choices:
    """By the names that they have in the language of the page."""
    found = ((name, named(name)) for name in known_cancers())
    return tuple(sorted(((name, said[:1].upper() + said[1:]) for name, said in found), key=lambda one: one[1]))


def _dated(text: str | None) -> str | None:
    said = (text or "").strip()
    if said and PartialDate.parse(said) is None:
        raise ValidationError(_("Type the date like 2025-03-14, 2025-03 or 2025"))
    return said or None
