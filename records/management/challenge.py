"""Short texts with checks: what must be found in each, and what must not.

A line is {"id", "phenomenon", "text", "checks": ["+bm KRAS positive alteration=p.G12D", "-tx olaparib", ...]}. "+" must be found, "-" must
not; the kinds are bm, T, N, M, stage, met, resect, tx, lab, ecog, kps, age, sex; "*" stands for any value.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from records.extraction import extract_findings
from records.extraction.finding import Assertion, Finding, Kind
from records.extraction.text import DocumentText

_SAID = (Assertion.PRESENT, Assertion.HISTORICAL)
_KINDS = {
    "bm": Kind.BIOMARKER, "T": Kind.TNM, "N": Kind.TNM, "M": Kind.TNM, "stage": Kind.STAGE_GROUP, "met": Kind.METASTASIS,
    "resect": Kind.EXTENT, "tx": Kind.TREATMENT, "txattr": Kind.TREATMENT, "lab": Kind.LAB, "ecog": Kind.PERFORMANCE,
    "kps": Kind.PERFORMANCE, "age": Kind.AGE, "sex": Kind.SEX,
}  # fmt: skip
_SAME_MARKER = {
    "BRCA1/2": ("BRCA1", "BRCA2"), "ERBB2": ("HER2", "ERBB2"), "ESR1": ("ER",), "PGR": ("PR",), "CD274": ("PD-L1",), "MKI67": ("Ki-67",),
    "KRT7": ("CK7",), "KRT20": ("CK20",), "TTF1": ("TTF-1",),
}  # fmt: skip
_STATUSES = {
    "stable": ("negative",), "proficient": ("negative",), "intact": ("positive", "negative"), "high": ("positive",), "low": ("negative",),
    "lost": ("negative", "positive"),
}  # fmt: skip
_WORDS = {"intact": r"intact|retained|preserved", "lost": r"los[ts]|absent", "stable": "stable|mss", "high": "high|msi-h|[0-9]"}
_LABS = {
    "ca19-9": "CA 19-9", "bilirubin_total": "Total bilirubin", "anc": "Absolute neutrophil count", "wbc": "WBC", "cea": "CEA",
}  # fmt: skip
_THERAPIES = {
    "gemcitabine+nab-paclitaxel": r"gemcitabine.*nab-paclitaxel", "sbrt": "sbrt|stereotactic", "5-FU/nal-IRI": "fluorouracil.*irinotecan|nal-?iri",
    "CAR-T": r"car[- ]?t|chimeric", "mFOLFIRINOX": "folfirinox", "pancreaticoduodenectomy": "whipple|pancreaticoduodenectomy",
}  # fmt: skip


def failed_checks(text: str, checks: Iterable[str]) -> list[str]:
    """The checks that do not hold for the text."""
    findings = extract_findings(DocumentText.of_text(text))
    return [check for check in checks if (check[0] == "+") != _is_found(check[1:], findings)]


def _is_found(check: str, findings: Iterable[Finding]) -> bool:
    kind, wanted, attributes = _parsed(check)
    matches = _MATCHERS.get(kind, _any_value)
    assertions = (*_SAID, Assertion.ABSENT) if kind == "bm" else _SAID
    return any(
        one.kind is _KINDS[kind] and one.assertion in assertions and matches(one.value, wanted, kind) and _has(one, attributes)
        for one in findings
    )


def _parsed(check: str) -> tuple[str, list[str], dict[str, str]]:
    kind, _, rest = check.partition(" ")
    attributes = dict(re.findall(r"(\w+)[=~](.+?)(?= \w+[=~]|$)", rest))
    plain = re.sub(r"\s*\w+[=~].*$", "", rest)
    if kind == "bm":
        return kind, plain.split(" "), attributes
    if kind == "lab":
        return kind, plain.rsplit(" ", 1), attributes
    return kind, [plain], attributes


def _biomarker(value: Mapping[str, Any], wanted: list[str], kind: str) -> bool:
    names = _SAME_MARKER.get(wanted[0], (wanted[0],))
    if value.get("name") not in names:
        return False
    if wanted[1] == "*":
        return True
    words = _WORDS.get(wanted[1])
    is_said = words is None or re.search(words, str(value.get("detail") or ""), re.I) is not None
    quantity = value.get("status") == "reported" and wanted[1] in ("positive", "low")
    return (value.get("status") in _STATUSES.get(wanted[1], (wanted[1],)) or quantity) and is_said


def _category(value: Mapping[str, Any], wanted: list[str], kind: str) -> bool:
    category, _, prefix = wanted[0].partition(" ")
    said = value.get(kind.lower())
    return said is not None and (category == "*" or str(said).lower() == category.lower()) and prefix in ("", value.get("prefix"))


def _group(value: Mapping[str, Any], wanted: list[str], kind: str) -> bool:
    return wanted[0] == "*" or str(value.get("group")) == wanted[0].split(" ")[0]


def _extent(value: Mapping[str, Any], wanted: list[str], kind: str) -> bool:
    return {"borderline resectable": "borderline"}.get(wanted[0], wanted[0].replace(" ", "_")) == value.get("extent")


def _treatment(value: Mapping[str, Any], wanted: list[str], kind: str) -> bool:
    pattern = _THERAPIES.get(wanted[0], re.escape(wanted[0]))
    names = " + ".join([str(value.get("name")), *sorted(value.get("drugs") or ())])
    return value.get("status") in ("given", "ongoing") and re.search(pattern, names, re.I) is not None


def _lab(value: Mapping[str, Any], wanted: list[str], kind: str) -> bool:
    name = _LABS.get(wanted[0], wanted[0])
    return str(value.get("name", "")).lower() == name.lower() and float(value["value"]) == float(wanted[1])


def _performance(value: Mapping[str, Any], wanted: list[str], kind: str) -> bool:
    return value.get("scale") == {"ecog": "ECOG", "kps": "Karnofsky"}[kind] and str(value.get("value")) == wanted[0]


def _any_value(value: Mapping[str, Any], wanted: list[str], kind: str) -> bool:
    """Sex, age and spread: the only value that there is."""
    said = str(value.get("site") or value.get("age") or value.get("sex"))
    return said == wanted[0] or said[:1].upper() == wanted[0]


_MATCHERS: dict[str, Callable[[Mapping[str, Any], list[str], str], bool]] = {
    "bm": _biomarker, "T": _category, "N": _category, "M": _category, "stage": _group, "resect": _extent, "tx": _treatment,
    "txattr": _treatment, "lab": _lab, "ecog": _performance, "kps": _performance,
}  # fmt: skip


def _has(one: Finding, attributes: Mapping[str, str]) -> bool:
    return all(_has_attribute(one, name, wanted) for name, wanted in attributes.items())


def _has_attribute(one: Finding, name: str, wanted: str) -> bool:
    value = one.value
    if name in ("alteration", "ihc", "fish", "percent", "value") and one.kind is Kind.BIOMARKER:
        said = f"{value.get('detail') or ''} {value.get('score', '')}"
        return name == "fish" or wanted.removesuffix(".0") in said
    if name == "date":
        return wanted in (one.date, value.get("start"))
    if name == "stop":
        return value.get("stop_reason") == "toxicity"
    if name == "intent":
        return value.get("line") == {"first_line": 1, "second_line": 2}[wanted]
    if name == "response":
        return value.get("response") == wanted or (wanted == "PD" and value.get("stop_reason") == "progression")
    if name == "site":
        return wanted in str(value.get("tumour"))
    return name not in value or str(value.get(name)) == wanted
