"""What the machine found, in words."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from personalize.profile import PartialDate
from portal.presenters.dates import partial_words
from records.extraction.finding import Kind

KINDS: Mapping[str, Any] = {
    Kind.DIAGNOSIS: gettext_lazy("Type of cancer"),
    Kind.GRADE: gettext_lazy("Grade"),
    Kind.TNM: gettext_lazy("TNM"),
    Kind.STAGE_GROUP: gettext_lazy("Stage"),
    Kind.EXTENT: gettext_lazy("How far it has spread"),
    Kind.NODES: gettext_lazy("Lymph nodes"),
    Kind.METASTASIS: gettext_lazy("Spread to"),
    Kind.BIOMARKER: gettext_lazy("Marker"),
    Kind.TREATMENT: gettext_lazy("Treatment"),
    Kind.PERFORMANCE: gettext_lazy("Fitness score"),
    Kind.LAB: gettext_lazy("Blood test"),
    Kind.SEX: gettext_lazy("Sex"),
    Kind.AGE: gettext_lazy("Age"),
    Kind.BIRTH_DATE: gettext_lazy("Date of birth"),
    Kind.FAMILY_HISTORY: gettext_lazy("In the family"),
    Kind.HLA: gettext_lazy("HLA type"),
    Kind.COMORBIDITY: gettext_lazy("Other illness"),
    Kind.ALLERGY: gettext_lazy("Allergy"),
    Kind.MEDICATION: gettext_lazy("Medicine"),
    Kind.SITUATION: gettext_lazy("Where you live"),
}
ASSERTIONS: Mapping[str, Any] = {
    "possible": gettext_lazy("Possible, not sure"),
    "historical": gettext_lazy("In the past"),
    "planned": gettext_lazy("Planned"),
    "family": gettext_lazy("About a relative"),
    "not_tested": gettext_lazy("Not tested"),
    "pending": gettext_lazy("Waiting for the result"),
    "absent": gettext_lazy("Said not to be there"),
}
STATUSES: Mapping[str, Any] = {
    "positive": gettext_lazy("positive"),
    "negative": gettext_lazy("negative"),
    "equivocal": gettext_lazy("in between"),
    "vus": gettext_lazy("a change no one understands yet (VUS)"),
    "pending": gettext_lazy("waiting for the result"),
    "not_tested": gettext_lazy("not tested"),
    "not_resulted": gettext_lazy("no result"),
    "quantity_not_sufficient": gettext_lazy("not enough tissue to test"),
    "reported": gettext_lazy("reported"),
    "confirmed": "",
    "suspected": gettext_lazy("suspected"),
    "ruled_out": gettext_lazy("ruled out"),
    "given": "",
    "ongoing": gettext_lazy("going on"),
    "planned": gettext_lazy("planned"),
    "declined": gettext_lazy("said no"),
    "considered": gettext_lazy("talked about"),
    "allergy": gettext_lazy("allergy"),
    "PR": gettext_lazy("shrank in part"),
    "CR": gettext_lazy("no cancer seen after"),
    "SD": gettext_lazy("stayed the same"),
    "PD": gettext_lazy("grew"),
    "progression": gettext_lazy("stopped because the cancer grew"),
    "toxicity": gettext_lazy("stopped because of side effects"),
    "completed": gettext_lazy("finished as planned"),
    "resectable": gettext_lazy("can be removed"),
    "borderline": gettext_lazy("may be removable"),
    "locally_advanced": gettext_lazy("grown into parts nearby"),
    "metastatic": gettext_lazy("spread to other parts"),
    "resected": gettext_lazy("removed"),
}
_ORDER: Mapping[str, tuple[str, ...]] = {
    Kind.DIAGNOSIS: ("name", "grade", "status"),
    Kind.GRADE: ("grade",),
    Kind.STAGE_GROUP: ("group", "system"),
    Kind.BIOMARKER: ("name", "status", "detail", "origin", "method"),
    Kind.TREATMENT: ("name", "status", "cycles", "response", "stop_reason"),
    Kind.METASTASIS: ("site",),
    Kind.SEX: ("sex",),
    Kind.AGE: ("age",),
    Kind.BIRTH_DATE: ("date",),
    Kind.FAMILY_HISTORY: ("relative", "condition"),
    Kind.HLA: ("allele",),
    Kind.EXTENT: ("extent",),
    Kind.SITUATION: ("country",),
}


def kind_words(kind: str) -> str:
    return str(KINDS.get(kind, kind.replace("_", " ").capitalize()))


def value_words(kind: str, value: Mapping[str, Any]) -> str:
    """The value as a short line, in the record's own terms."""
    if kind == Kind.TNM:
        return _tnm_words(value)
    if kind == Kind.NODES:
        return _("%(positive)s of %(examined)s") % {"positive": value.get("positive", "?"), "examined": value.get("examined", "?")}
    if kind == Kind.LAB:
        return " ".join(str(value[key]) for key in ("name", "comparator", "value", "unit") if value.get(key) not in (None, ""))
    if kind == Kind.PERFORMANCE:
        return f"{value.get('scale', '')} {value.get('value', '')}".strip()
    parts = [_part(value[key]) for key in _ORDER.get(kind, ("name",)) if value.get(key) not in (None, "", "unknown")]
    span = " – ".join(partial_words(value[key]) for key in ("start", "stop") if value.get(key)) if kind == Kind.TREATMENT else ""
    return ", ".join(one for one in (*parts, span) if one)


def _tnm_words(value: Mapping[str, Any]) -> str:
    """ "pT1 N0"; where we worked out the letter, what stands there and what makes it more."""
    said = " ".join(str(value[key]) for key in ("t", "n", "m") if value.get(key))
    if value.get("written"):
        return _("%(written)s as written; %(because)s makes it %(made)s.") % {
            "written": f"{value.get('prefix') or ''}{value['written']}", "because": value.get("because"), "made": said,
        }  # fmt: skip
    return f"{value.get('prefix') or ''}{said}"


def _part(value: Any) -> str:
    said = str(value)
    return str(STATUSES[said]) if said in STATUSES else said


def date_words(finding: Any) -> str:
    return partial_words(PartialDate.parse(finding.date)) if finding.date else ""
