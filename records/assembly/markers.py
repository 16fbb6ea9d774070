"""Tumor markers: one fact for each test of each gene or protein, with germline and tumor, tissue and blood kept apart.

A result outweighs "pending" and "not tested" of the same test; a later result outweighs an earlier one of the same test; two results of
one test that differ are a conflict, shown as one. What is said of a relative is not here at all.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from personalize.profile import Biomarker, Conflict
from records.assembly.judged import Voice, proof_of
from records.assembly.markers_sums import change_in, summed
from records.assembly.singles import conflict
from records.extraction.finding import Assertion, Kind

_RESULTS = ("positive", "negative", "equivocal", "vus", "reported")
_METHODS = {
    "ngs": "sequencing",
    "sequencing": "sequencing",
    "panel": "sequencing",
    "pcr": "sequencing",
    "sanger": "sequencing",
    "dna": "sequencing",
    "rna": "sequencing",
    "ihc": "stain",
    "immunohistochemistry": "stain",
    "flow": "stain",
    "fish": "fish",
    "ish": "fish",
    "cish": "fish",
    "dish": "fish",
}
_STAINED = re.compile(r"\blost\b|\bretained\b|\bintact\b|\bexpress|\bmembran|\bcytoplasm|\bnuclear\b|\baberrant\b|[0-3]\+")
_BROKEN = re.compile(r"\brearrange|\btransloc|\bfusion\b|\bbreak")


def biomarkers_of(voices: Sequence[Voice]) -> tuple[tuple[Biomarker, ...], list[Conflict]]:
    by_name: dict[str, list[Voice]] = {}
    for one in voices:
        if one.kind is Kind.BIOMARKER and one.assertion is not Assertion.FAMILY and one.value.get("name") and one.value.get("status"):
            by_name.setdefault(str(one.value["name"]), []).append(one)
    facts: list[Biomarker] = []
    conflicts: list[Conflict] = []
    for name, said in sorted(by_name.items()):
        clusters = _without_empty(_clusters(said))
        for cluster in clusters:
            fact, found = _fact(name, cluster)
            facts.append(fact)
            conflicts += found
    return tuple(summed(facts)), conflicts


def _method(voice: Voice) -> str | None:
    """The family of the test; where it is not said, what the result can only come from."""
    words = re.findall(r"[a-z]+", str(voice.value.get("method") or "").lower())
    named = next((_METHODS[word] for word in words if word in _METHODS), None)
    if named is not None:
        return named
    detail = str(voice.value.get("detail") or "").lower()
    if voice.value.get("vaf") is not None or voice.value.get("cdna") or "p." in detail:
        return "sequencing"
    return "stain" if _STAINED.search(detail) else None


def _is_of_gene(voice: Voice) -> bool:
    return _method(voice) != "stain" and _BROKEN.search(str(voice.value.get("detail") or "").lower()) is not None


def _origin(voice: Voice) -> str:
    return "germline" if voice.value.get("origin") == "germline" else "tumor"


def _specimen(voice: Voice) -> str | None:
    said = str(voice.value.get("specimen") or "").lower()
    if "blood" in said or "plasma" in said or "ctdna" in said:
        return "blood"
    return "tissue" if said else None


def _goes_with(one: Voice, other: Voice) -> bool:
    """The same test: what both name agrees, and two named protein changes are the same one. A change that was looked for and not found says
    nothing against one that was found and is not named."""
    if _origin(one) != _origin(other):
        return False
    for read in (_method, _specimen):
        if read(one) and read(other) and read(one) != read(other):
            return False
    if any(_method(voice) == "stain" and _is_of_gene(beside) for voice, beside in ((one, other), (other, one))):
        return False  # much of the protein, and no broken gene: both are so
    mine, theirs = change_in(one.value.get("detail")), change_in(other.value.get("detail"))
    if mine and theirs and mine != theirs:
        return False
    if {one.value["status"], other.value["status"]} == {"positive", "negative"} and bool(mine) != bool(theirs):
        return not (mine if one.value["status"] == "negative" else theirs)  # "mutated" and "G12C not detected": one change is not the gene
    return not ({one.value["status"], other.value["status"]} == {"vus", "positive"} and (mine or theirs) and mine != theirs)


def _clusters(said: list[Voice]) -> list[list[Voice]]:
    """Greedy, fullest first, so that the order given does not matter."""
    clusters: list[list[Voice]] = []
    for one in sorted(said, key=lambda voice: (-_fullness(voice), voice.weight())):
        fitting = [cluster for cluster in clusters if all(_goes_with(one, other) for other in cluster)]
        if fitting:
            best = max(fitting, key=lambda cluster: (any(other.value["status"] == one.value["status"] for other in cluster), len(cluster)))
            best.append(one)
        else:
            clusters.append([one])
    return clusters


def _fullness(voice: Voice) -> int:
    return (
        4 * (voice.value["status"] in _RESULTS)
        + 2 * bool(change_in(voice.value.get("detail")))
        + bool(_method(voice))
        + bool(_specimen(voice))
        + bool(voice.value.get("detail"))
    )


def _without_empty(clusters: list[list[Voice]]) -> list[list[Voice]]:
    """ "Pending" without a method says nothing once the marker has a result of the same origin."""
    with_result = [cluster for cluster in clusters if any(one.value["status"] in _RESULTS for one in cluster)]
    kept = []
    for cluster in clusters:
        is_silent = not any(one.value["status"] in _RESULTS for one in cluster)
        if is_silent and any(
            _origin(cluster[0]) == _origin(other[0]) and not any(_method(one) for one in cluster) for other in with_result
        ):
            continue
        kept.append(cluster)
    return kept


def _fact(name: str, cluster: list[Voice]) -> tuple[Biomarker, list[Conflict]]:
    results = [one for one in cluster if one.value["status"] in _RESULTS] or cluster
    called = [
        one for one in results if one.value["status"] != "reported"
    ]  # a number without a call gives way to a call, and lends its number
    words = [one for one in cluster if one.is_word]
    pool = words or [one for one in called or results if not one.is_told] or called or results
    chosen = min(
        pool,
        key=lambda one: (
            -one.day.toordinal() if _is_repeat(pool) else 0,
            one.trust,
            _hedged(one),
            -_fullness(one),
            -one.confidence,
            one.id,
        ),
    )
    status = str(chosen.value["status"])
    agreeing = [one for one in cluster if one.value["status"] == status or (status in _RESULTS and one.value["status"] == "reported")]
    rivals = [
        one
        for one in called
        if one.value["status"] in _RESULTS and one.value["status"] != status and not one.is_told and status in _RESULTS
    ]
    is_open = bool(rivals) and not words
    fact = Biomarker(
        name=name,
        status=status,
        detail=_detail(chosen, agreeing),
        origin=_most_said(chosen, agreeing, "origin", "unknown") or "unknown",
        method=_most_said(chosen, agreeing, "method"),
        specimen=_most_said(chosen, agreeing, "specimen"),
        proof=proof_of(chosen, agreeing, is_conflicting=is_open),
    )
    if not rivals:
        return fact, []
    values = [_shown(one) for one in results]
    why = (
        "A person checked this result, so we show it."
        if words
        else ("Two records give different results of this test. We show the one of the record we trust most; please check it.")
    )
    return fact, [conflict(f"biomarker {name}", values, _shown(chosen), why, results)]


def _hedged(voice: Voice) -> bool:
    """An equivocal word beside a clear one of the same test and record is only talk of the test."""
    return bool(voice.value["status"] == "equivocal")


def _is_repeat(pool: list[Voice]) -> bool:
    """The same test on days far apart: then the newer one counts. Within a year the better report does."""
    days = [one.day for one in pool if one.dated or one.written]
    return len(days) > 1 and (max(days) - min(days)).days > 365


def _shown(voice: Voice) -> str:
    return " ".join(str(part) for part in (voice.value["status"], voice.value.get("detail")) if part)


def _detail(chosen: Voice, agreeing: list[Voice]) -> str | None:
    """The chosen voice's own; else, and where another says more of the same thing, the fullest of those that agree."""
    said = [one for one in agreeing if one.value.get("detail")]
    changed = [one for one in said if change_in(one.value["detail"])]
    if chosen in changed or not said:
        return str(chosen.value["detail"]) if chosen.value.get("detail") else None
    if changed:
        return str(min(changed, key=Voice.weight).value["detail"])
    best = min(said, key=lambda one: (one.trust, not _is_number(one), -len(str(one.value["detail"])), one.weight()))
    own = chosen.value.get("detail")
    return str(own) if own and _is_number(chosen) else str(best.value["detail"])


def _is_number(voice: Voice) -> bool:
    return any(letter.isdigit() for letter in str(voice.value.get("detail") or ""))


def _most_said(chosen: Voice, agreeing: list[Voice], key: str, empty: str | None = None) -> str | None:
    if chosen.value.get(key) not in (None, empty):
        return str(chosen.value[key])
    said = [str(one.value[key]) for one in sorted(agreeing, key=Voice.weight) if one.value.get(key) not in (None, empty)]
    return said[0] if said else empty
