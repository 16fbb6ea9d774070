"""What the single results of one document come to: MMR from its proteins, "pending" outlived by its result, one entry a result."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import NamedTuple

from records.extraction.biomarkers.names import REPAIR_PROTEINS
from records.extraction.biomarkers.readings import NO_RESULT
from records.extraction.finding import Assertion, Evidence, Finding
from records.extraction.patterns import lazy

_NAMED = lazy(r"\d")  # a change by its place in the gene: "p.G12D", "exon 19 deletion"; not "pathogenic variant"
_PAIRS = (("MLH1", "MSH2"), ("PMS2", "MSH6"))


def settle(findings: Sequence[Finding]) -> list[Finding]:
    """The document's findings with its sums added and what its own results outlive left out."""
    own = [one for one in findings if one.assertion is not Assertion.FAMILY]
    mended = _with_reflex([*findings, *_mismatch_repair(own)])
    rivals: dict[tuple[str, Assertion], set[_Result]] = {}
    for one in mended:
        if one.value["status"] not in NO_RESULT:
            rivals.setdefault((one.value["name"], one.assertion), set()).add(_Result.of(one))
    return [one for one in mended if not _is_outlived(_Result.of(one), rivals.get((one.value["name"], one.assertion), set()))]


def _with_reflex(findings: list[Finding]) -> list[Finding]:
    """HER2 of 2+ whose count of gene copies is still to come is one result, equivocal, that says what it waits for (ASCO/CAP 2018)."""
    waiting = [one for one in findings if _is_her2(one, "pending") and one.value.get("method") == "FISH"]
    unclear = [one for one in findings if _is_her2(one, "equivocal")]
    if not waiting or not unclear:
        return findings
    whole = replace(
        unclear[0],
        value={**unclear[0].value, "detail": f"{unclear[0].value.get('detail') or 'equivocal'}, FISH pending"},
        evidence=(*unclear[0].evidence, *waiting[0].evidence),
    )
    return [whole if one is unclear[0] else one for one in findings if one not in waiting]


def _is_her2(one: Finding, status: str) -> bool:
    return one.value["name"] == "HER2" and one.value["status"] == status and one.assertion is Assertion.PRESENT


class _Result(NamedTuple):
    """What of a finding decides whether it outlives another; a document repeats the same few."""

    status: str
    method: str | None
    origin: str | None
    detail: str | None

    @classmethod
    def of(cls, one: Finding) -> _Result:
        return cls(one.value["status"], one.value.get("method"), one.value.get("origin"), one.value.get("detail"))


def _is_outlived(one: _Result, rivals: set[_Result]) -> bool:
    """ "Pending" and "not tested" give way to a result of the same test; "G12C not detected" to a change that was, where that is named: beside
    a change that nobody can read it says at least which one it is not.

    rivals: the different results of the same marker, this one among them.
    """
    if one.status in NO_RESULT:
        return any(_may_be_same_test(one, other) for other in rivals)
    if one.status == "negative" and "not detected" in str(one.detail or ""):
        return any(other.status == "positive" and _NAMED.search(other.detail or "") and other.origin == one.origin for other in rivals)
    if one.status == "reported":
        return any(other.detail == one.detail or str(one.detail) in str(other.detail) for other in rivals if other.status != "reported")
    return False


def _may_be_same_test(one: _Result, other: _Result) -> bool:
    return one.method is None or other.method is None or one.method == other.method


def _mismatch_repair(findings: Sequence[Finding]) -> list[Finding]:
    """Proficient where both pairs' leading proteins are retained and none is lost; deficient where one is lost (CAP 2022)."""
    stains: dict[str, Finding] = {}
    for one in findings:
        if (
            one.value["name"] in REPAIR_PROTEINS
            and one.value.get("method") == "IHC"
            and one.value["status"] in ("positive", "negative")
            and one.value.get("detail")
        ):
            stains.setdefault(str(one.value["name"]), one)
    if not stains or any(one.value["name"] == "MMR" and one.value["status"] in ("positive", "negative") for one in findings):
        return []
    lost = [name for name in REPAIR_PROTEINS if name in stains and "lost" in str(stains[name].value["detail"])]
    retained = [name for name in REPAIR_PROTEINS if name in stains and name not in lost]
    if not lost and not any(set(pair) <= set(retained) for pair in _PAIRS):
        return []
    first = next(iter(stains.values()))
    detail = f"deficient: loss of {'/'.join(lost)}" if lost else f"proficient: {', '.join(retained)} retained"
    value = {key: held for key, held in first.value.items() if key in ("method", "specimen", "origin")} | {
        "name": "MMR",
        "status": "positive" if lost else "negative",
        "detail": detail,
    }
    proof: tuple[Evidence, ...] = tuple(dict.fromkeys(span for one in stains.values() for span in one.evidence))
    return [replace(first, value=value, evidence=proof, confidence=min(one.confidence for one in stains.values()))]
