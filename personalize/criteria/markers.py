"""Predicates about biomarkers and HLA. Nothing but a result settles a rule: not tested, pending and VUS are never a yes or a no."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from datetime import date

from personalize.criteria.predicate import NOTHING, NUMBER, WORDS, Predicate, as_number, as_words, outcome, unknown
from personalize.criteria.spans import Span, score_of, share_of
from personalize.criteria.values import Outcome, Rule
from personalize.profile import Biomarker, PatientProfile

WAITING = {
    "pending": "the result is pending",
    "not_tested": "it was not tested",
    "not_resulted": "there is no result",
    "quantity_not_sufficient": "there was not enough tissue to test",
    "equivocal": "the result is unclear",
    "vus": "a change of unknown meaning was found",
}


def _said(marker: Biomarker) -> str:
    detail = f" ({marker.detail})" if marker.detail else ""
    return f"{marker.name}: {marker.status.replace('_', ' ')}{detail}"


def _bare(variant: str) -> str:
    return re.sub(r"^p\.", "", variant.strip(), flags=re.IGNORECASE).upper()


def _variants(marker: Biomarker) -> set[str]:
    return {_bare(one) for one in re.findall(r"(?:p\.)?[A-Z][a-z]{0,2}\d+(?:[A-Z][a-z]{0,2}|fs|del|\*)?", marker.detail or "")}


def _is_mutated(marker: Biomarker) -> bool:
    return marker.status == "positive"


def _is_one_change(marker: Biomarker) -> bool:
    """A test that looked for one change and did not find it ("G12D not detected") says nothing of the rest of the gene."""
    return marker.status == "negative" and bool(_variants(marker))


def _is_changed(marker: Biomarker) -> bool | None:
    return None if _is_one_change(marker) else {"positive": True, "negative": False}.get(marker.status)


def _is_normal(marker: Biomarker) -> bool | None:
    changed = _is_changed(marker)
    return None if changed is None else not changed


_KEPT = re.compile(
    r"\b(?:intact|retained|preserved|present|proficient|(?:no|not|without)\s+(?:\w+\s+)?(?:loss|lost|delet\w*|deficien\w*))\b"
)
_LOST = re.compile(r"\b(?:loss|lost|absent|delet\w*|homdel|deficien\w*|null)\b")


def _is_lost(marker: Biomarker) -> bool | None:
    """Only where the words of the result say so: a negative test may mean that nothing was lost, or that no protein is left."""
    said = (marker.detail or "").lower()
    if not marker.is_result or re.search(r"loss[- ]of[- ]function", said):
        return None
    return False if _KEPT.search(said) else (True if _LOST.search(said) else None)


def _is_germline(marker: Biomarker) -> bool:
    return _is_mutated(marker) and marker.origin == "germline"


def _in_tissue(markers: Sequence[Biomarker]) -> list[Biomarker]:
    """Results that say the tumor was looked at: a clean blood test does not make a gene normal."""
    return [one for one in markers if not (one.specimen == "blood" and one.status == "negative" and one.origin != "germline")]


Judge = Callable[[Rule, Biomarker], bool | None]

# What each operator says of one result: True, False, or None where this result does not settle it.
JUDGES: dict[str, Judge] = {
    "positive": lambda rule, one: {"positive": True, "negative": False}.get(one.status),
    "negative": lambda rule, one: {"positive": False, "negative": True}.get(one.status),
    "mutated": lambda rule, one: _is_changed(one),
    "wild_type": lambda rule, one: _is_normal(one),
    "vus": lambda rule, one: one.status == "vus" if one.is_result else None,
    "variant_in": lambda rule, one: _judge_variant(rule, one, is_in=True),
    "variant_not_in": lambda rule, one: _judge_variant(rule, one, is_in=False),
    "germline": lambda rule, one: True if _is_germline(one) else (False if one.origin == "germline" and one.status == "negative" else None),
    "somatic_only": lambda rule, one: _is_mutated(one) and one.origin == "somatic" if one.is_result else None,
    "lost": lambda rule, one: _is_lost(one),
    "fusion": lambda rule, one: _is_mutated(one) and "fusion" in (one.detail or "").lower() if one.is_result else None,
    "percent_at_least": lambda rule, one: _judge_number(rule, share_of(one.detail), one),
    "score_at_least": lambda rule, one: _judge_number(rule, score_of(one.detail), one),
    "ihc_in": lambda rule, one: bool({*as_words(rule)} & {*re.findall(r"\b[0-3]\+?", one.detail or "")}) if one.is_result else None,
}


def _judge_variant(rule: Rule, marker: Biomarker, *, is_in: bool) -> bool | None:
    found = _variants(marker)
    wanted = {_bare(one) for one in as_words(rule)}
    if marker.status == "negative":
        return None if found and not wanted <= found else False
    if marker.status != "positive":
        return None
    return any(_is_one_of(one, wanted) for one in found) == is_in if found else None


def _is_one_of(variant: str, wanted: set[str]) -> bool:
    """ "G12X" takes every change of that place."""
    return variant in wanted or re.sub(r"\D+$", "X", variant) in wanted


def _judge_number(rule: Rule, span: Span | None, marker: Biomarker) -> bool | None:
    if span is None or not marker.is_result:
        return None
    return span.reaches(as_number(rule))


def biomarker(rule: Rule, profile: PatientProfile, today: date) -> Outcome:
    """sub names the gene or marker; several with a slash ("BRCA1/BRCA2") are met by any one."""
    names = (rule.sub or "").split("/")
    mine = [one for one in profile.biomarkers if one.name in names]
    question = f"Was {' or '.join(names)} tested, and what was the result?"
    if rule.op == "tested":
        tested = [one for one in _in_tissue(mine) if one.is_result]
        return outcome(True, _said(tested[0]), [one.proof for one in tested]) if tested else unknown(_why_not(names, mine), question)
    if any(one.proof.is_conflicting for one in mine):
        return unknown(f"The records do not agree on {' or '.join(names)}.", question, [one.proof for one in mine])
    judged = [(JUDGES[rule.op](rule, one), one) for one in _in_tissue(mine)]
    met = [one for is_met, one in judged if is_met]
    if met:
        return outcome(True, _said(met[0]), [one.proof for one in met])
    not_met = [one for is_met, one in judged if is_met is False]
    settled = {one.name for one in not_met}
    if not_met and settled == set(names):
        return outcome(False, "; ".join(_said(one) for one in not_met), [one.proof for one in not_met])
    return unknown(_why_not(names, mine), question, [one.proof for one in mine])


def _why_not(names: Sequence[str], mine: Sequence[Biomarker]) -> str:
    for one in mine:
        if one.status in WAITING:
            return f"{one.name}: {WAITING[one.status]}."
    return f"We did not find a result for {' or '.join(names)}."


def profiling(rule: Rule, profile: PatientProfile, today: date) -> Outcome:
    """About tumor testing as a whole. Serum markers do not count: they are labs."""
    results = [one for one in profile.biomarkers if one.is_result]
    genes = [one for one in results if one.origin != "germline"]
    if rule.op == "none_found":
        return outcome(not genes, "We found a tumor test." if genes else "We found no tumor test.", [one.proof for one in genes])
    if rule.op == "conflicting":
        disputed = [one for one in profile.biomarkers if one.proof.is_conflicting]
        return outcome(bool(disputed), "; ".join(_said(one) for one in disputed) or "The results agree.", [one.proof for one in disputed])
    if not genes:
        return unknown("We found no tumor test.", "Has the tumor been tested for gene changes?")
    if rule.op == "only_blood_all_negative":
        is_so = all(one.specimen == "blood" and one.status == "negative" for one in genes)
        return outcome(
            is_so, "The tests we found were done on blood." if is_so else "A tumor test was found.", [one.proof for one in genes]
        )
    uncertain = [one for one in genes if one.status == "vus"]
    is_so = bool(uncertain) and not any(one.status == "positive" for one in genes)
    return outcome(is_so, "; ".join(_said(one) for one in uncertain) or "No uncertain change was found.", [one.proof for one in uncertain])


def hla(rule: Rule, profile: PatientProfile, today: date) -> Outcome:
    """An allele or a group of alleles: "A*02" takes A*02:01. Typing counts for the gene that was typed only."""
    if rule.op == "unlisted":
        return unknown("The registry does not name the HLA types.", "Which HLA types does the trial take? And which are yours?")
    wanted = as_words(rule)
    found = [one for one in profile.hla if one.value.startswith(wanted)]
    typed = [one for one in profile.hla if one.value.split("*")[0] in {want.split("*")[0] for want in wanted}]
    if not found and not typed:
        return unknown("We did not find the HLA type in the records.", "What is the HLA type? It is a blood or cheek test.")
    alleles = ", ".join(f"HLA-{one.value}" for one in found or typed)
    return outcome(bool(found) == (rule.op == "has_any"), f"The records say {alleles}.", [one.proof for one in found or typed])


MARKER_PREDICATES = {
    "biomarker": Predicate(
        biomarker,
        {
            "tested": NOTHING, "positive": NOTHING, "negative": NOTHING, "mutated": NOTHING, "wild_type": NOTHING, "vus": NOTHING,
            "germline": NOTHING, "somatic_only": NOTHING, "lost": NOTHING, "fusion": NOTHING, "variant_in": WORDS, "variant_not_in": WORDS,
            "percent_at_least": NUMBER, "score_at_least": NUMBER, "ihc_in": WORDS,
        },
        {
            "tested": "{sub} was tested", "positive": "{sub} is positive", "negative": "{sub} is negative", "mutated": "{sub} is changed",
            "wild_type": "{sub} is normal", "vus": "{sub} has a change of unknown meaning", "germline": "{sub} is changed and inherited",
            "somatic_only": "{sub} is changed in the tumor only", "lost": "{sub} is lost", "fusion": "{sub} is fused", "variant_in": "{sub} has {value}",
            "variant_not_in": "{sub} is changed, but not {value}", "percent_at_least": "{sub} is on at least {value}% of the cells",
            "score_at_least": "{sub} is {value} or more", "ihc_in": "the {sub} stain is {value}",
        },
        needs_sub=True,
    ),
    "profiling": Predicate(
        profiling,
        {"none_found": NOTHING, "conflicting": NOTHING, "only_blood_all_negative": NOTHING, "only_vus": NOTHING},
        {"none_found": "no tumor test was found", "conflicting": "results disagree", "only_vus": "only changes of unknown meaning were found",
         "only_blood_all_negative": "only a blood test was done, and found nothing"},
    ),
    "hla": Predicate(hla, {"has_any": WORDS, "has_none": WORDS, "unlisted": NOTHING},
                     {"unlisted": "the HLA type fits the drug", "has_any": "the HLA type has {value}", "has_none": "the HLA type lacks {value}"}),
}  # fmt: skip
