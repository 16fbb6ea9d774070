"""The editor of conditions: plain rows of fact, operator and value, without a script. Below the rows stands what they say in English, and
what comes of it for made-up people."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.template.loader import render_to_string
from django.utils.safestring import SafeString

from personalize.criteria import (
    PREDICATES,
    Criterion,
    CriterionFault,
    Row,
    RowFaults,
    decode,
    encode,
    from_rows,
    to_rows,
)
from personalize.criteria.disease import is_placed
from personalize.vocabulary import load
from portal.content.conditions import PASSAGE, Use, sentence, tried

BLANK_ROWS = 3
MOST_ROWS = 80
_PLAIN = re.compile(r"\d{1,4}(\.\d{1,4})?", re.ASCII)
GROUPS = {"all": "All of these:", "any": "Any of these:"}
# Facts as editors call them.
FACTS = {
    "diagnosis": "Type of cancer", "diagnosis_status": "How sure the diagnosis is", "histology": "Cell type", "grade": "Grade",
    "stage_group": "Stage", "stage_extent": "How far it has spread", "staging": "How the stage is known", "metastatic_site": "Place of spread",
    "biomarker": "Gene or marker", "profiling": "Tumor tests as a whole", "hla": "HLA type", "prior_lines": "Number of treatments so far",
    "treatment": "Treatment", "progression": "Growth on treatment", "platinum_weeks": "Weeks of platinum", "ecog": "ECOG score",
    "karnofsky": "Karnofsky score", "age": "Age", "sex": "Sex", "lab": "Blood test", "comorbidity": "Other illness", "country": "Country",
    "clinical": "Situation", "fact_state": "State of a fact", "reading": "How well pages were read", "profile_checked": "Check by a coordinator",
    "caregiver": "Who reads", "measurable_disease": "A tumor that can be measured", "life_expectancy": "Life expectancy",
    "brain_mets": "Spread to the brain", "autoimmune": "Autoimmune disease", "infection": "Infection", "pregnancy": "Pregnancy",
    "steroids": "Steroids", "other_malignancy": "Another cancer", "prior_cell_therapy": "Cell therapy before", "transplant": "Transplant",
    "unread": "A rule we cannot read", "clinical_date": "A date",
}  # fmt: skip
MEANT = {
    "": "is so",
    "not": "is not so",
    "known": "is known to be so",
    "not known": "is not known to be so",
    "known not": "is known not to be so",
    "not known not": "is not known not to be so",
}
_OPERATORS = {
    "in": "is one of",
    "not_in": "is none of",
    "is": "is",
    "is_true": "is so",
    "any_of": "is any of",
    "vus": "has unknown meaning",
}


def checked(rows: Sequence[Row]) -> Criterion | None:
    """The condition of the rows. RowFaults where something is wrong, names of cancers that nobody knows among it: such a row would never hold,
    and nobody would notice."""
    made = from_rows(rows)
    unknown = {place: row for place, row in enumerate(rows) if row.what == "diagnosis"}
    faults = {place: said for place, row in unknown.items() if (said := _strange_cancers(row))}
    if faults:
        raise RowFaults(faults)
    return made


def _strange_cancers(row: Row) -> str:
    strange = [one.strip() for one in row.value.replace(";", ",").split(",") if one.strip() and not _is_cancer(one.strip())]
    return f"we do not know this code of a cancer: {', '.join(strange)}" if strange else ""


def _is_cancer(code: str) -> bool:
    return is_placed(code) or code in {one.get("code") for one in load("cancers")["cancer"]}


class ConditionWidget(forms.Widget):
    """Rows of controls. With errors, what was typed stays, each fault beside its row."""

    use_fieldset = True

    def __init__(self, attrs: Any = None, use: Use = PASSAGE) -> None:
        super().__init__(attrs)
        self.use = use

    class Media:
        css = {"all": ("portal/conditions.css",)}
        js = ("portal/conditions.js",)

    def value_from_datadict(self, data: Mapping[str, Any], files: Any, name: str) -> Any:
        if f"{name}-rows" not in data:
            return None
        count = _plain(str(data[f"{name}-rows"]), 0)
        typed = [_typed(data, f"{name}-{place}") for place in range(min(int(count), MOST_ROWS))]
        return tuple(row for _, row in sorted(filter(_is_filled, typed), key=lambda one: one[0]))

    def value_omitted_from_data(self, data: Mapping[str, Any], files: Any, name: str) -> bool:
        return f"{name}-rows" not in data

    def id_for_label(self, id_: str) -> str:
        return ""

    def render(self, name: str, value: Any, attrs: Any = None, renderer: Any = None) -> SafeString:
        rows: tuple[Row, ...] = value or ()
        faults: dict[int, str] = {}
        criterion = None
        try:
            criterion = checked(rows)
        except RowFaults as wrong:
            faults = wrong.faults
        return render_to_string("admin/portal/condition.html", {
            "name": name, "rows": list(_controls(name, rows, faults)), "known": _known(), "use": self.use,
            "says": "" if faults else sentence(criterion, self.use), "tried": tried(criterion, self.use) if criterion is not None else (),
        })  # fmt: skip


def _typed(data: Mapping[str, Any], prefix: str) -> tuple[float, Row]:
    """The place wished for and the row."""

    def one(part: str) -> str:
        return str(data.get(f"{prefix}-{part}", "")).strip()

    place = one("place").replace(",", ".")
    row = Row(one("what"), int(_plain(one("level"), 0)), one("holds"), one("about"), one("op"), one("value"), one("unit"), one("days"))
    return _plain(place, MOST_ROWS), row


def _plain(typed: str, otherwise: float) -> float:
    return float(typed) if _PLAIN.fullmatch(typed) else otherwise


def _is_filled(typed: tuple[float, Row]) -> bool:
    """A row without a fact is no row, unless something else was typed in it."""
    row = typed[1]
    return bool(row.what or row.about or row.op or row.value)


def _controls(name: str, rows: Sequence[Row], faults: Mapping[int, str]) -> Iterator[dict[str, Any]]:
    depth = max((row.level for row in rows), default=0) + 2
    for place, row in enumerate((*rows, *(Row("") for _ in range(BLANK_ROWS)))):
        yield {
            "prefix": f"{name}-{place}", "place": place + 1, "row": row, "fault": faults.get(place, ""),
            "levels": _chosen({str(one): "outermost" if not one else f"{one} deeper" for one in range(depth)}, str(row.level)),
            "holds": _chosen(MEANT, row.holds), "groups": _chosen(GROUPS, row.what), "facts": _chosen(FACTS, row.what),
            "operators": [(*one, " ".join(_facts_with(one[0]))) for one in _chosen(_operators(), row.op)],
        }  # fmt: skip


def _chosen(options: Mapping[str, str], value: str) -> list[tuple[str, str, bool]]:
    return [(key, label, key == value) for key, label in options.items()]


def _operators() -> dict[str, str]:
    """Every operator with what it takes."""
    takes = {op: wanted for one in PREDICATES.values() for op, wanted in one.ops.items()}
    ends = {"a list of words": " (words)", "a word": " (a word)", "a number": " (a number)"}
    return {op: _OPERATORS.get(op, op.replace("_", " ")) + ends.get(wanted, "") for op, wanted in sorted(takes.items())}


def _facts_with(op: str) -> list[str]:
    return [name for name, one in PREDICATES.items() if op in one.ops]


def _known() -> list[tuple[str, list[str]]]:
    """For the help below: each fact with the operators that go with it."""
    labels = _operators()
    return [(label, [labels[op] for op in PREDICATES[name].ops]) for name, label in FACTS.items()]


class ConditionField(forms.Field):
    """A condition as stored (JSON), edited as rows. Empty: None, which is everybody."""

    widget = ConditionWidget

    def __init__(self, use: Use = PASSAGE, **options: Any) -> None:
        super().__init__(**{"widget": ConditionWidget(use=use), "required": False, **options})

    def prepare_value(self, value: Any) -> tuple[Row, ...]:
        if isinstance(value, tuple):
            return value
        try:
            return to_rows(decode(value)) if value else ()
        except CriterionFault:
            return ()

    def clean(self, value: Any) -> Any:
        if not isinstance(value, tuple):
            raise ValidationError("The rows of the condition did not arrive. Open the page again.")
        try:
            made = checked(value)
        except RowFaults as wrong:
            raise ValidationError([f"Row {place + 1}: {said}." for place, said in sorted(wrong.faults.items())]) from wrong
        return encode(made) if made is not None else None

    def has_changed(self, initial: Any, data: Any) -> bool:
        return self.prepare_value(initial) != (data or ())


class TryForm(forms.ModelForm):
    """A form with a condition. "Try it" keeps nothing: it shows the form again, with what was typed and what would come of it."""

    def is_valid(self) -> bool:
        return super().is_valid() and "_try" not in self.data
