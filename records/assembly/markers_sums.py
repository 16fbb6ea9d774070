"""What several results of one marker, or of several, come to: mismatch repair from its proteins, HER2 from its stain and its copies."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Any

from personalize.profile import Biomarker, Proof

_CHANGE = re.compile(r"(?<![A-Za-z0-9])(?:p\.)?\(?([A-Z][a-z]{0,2}\d{1,4}(?:[A-Z*][a-z]{0,2}|fs\S*|del\S*|dup\S*|ins\S*|_\S+)?)")
_THREE = {
    "Ala": "A",
    "Arg": "R",
    "Asn": "N",
    "Asp": "D",
    "Cys": "C",
    "Gln": "Q",
    "Glu": "E",
    "Gly": "G",
    "His": "H",
    "Ile": "I",
    "Leu": "L",
    "Lys": "K",
    "Met": "M",
    "Phe": "F",
    "Pro": "P",
    "Ser": "S",
    "Thr": "T",
    "Trp": "W",
    "Tyr": "Y",
    "Val": "V",
    "Ter": "*",
}


def summed(facts: Sequence[Biomarker]) -> list[Biomarker]:
    """The facts with their sums added, and without those that a sum says."""
    repair = _repair(list(facts))
    return _folded(_resolved([*facts, *([repair] if repair else ())]))


def _resolved(facts: list[Biomarker]) -> list[Biomarker]:
    """A HER2 stain of 2+ is no result of its own once its copies were counted: the count decides (ASCO/CAP 2018), and the stain is told with it."""
    unclear = [one for one in facts if one.name == "HER2" and one.status == "equivocal" and one.method != "FISH"]
    counted = [one for one in facts if one.name == "HER2" and one.method == "FISH" and one.status in ("positive", "negative")]
    if not unclear or len(counted) != 1:
        return facts
    copies = counted[0].detail or ("amplified" if counted[0].status == "positive" else "not amplified")
    detail = f"IHC {unclear[0].detail or 'equivocal'}, FISH {copies}"
    whole = replace(counted[0], detail=detail, proof=_with(counted[0].proof, (one.proof for one in unclear)))
    return [whole if one is counted[0] else one for one in facts if one not in unclear]


def _with(proof: Proof, others: Iterable[Proof]) -> Proof:
    """The proof, and the words behind the others after its own."""
    every = (proof, *others)
    return replace(
        proof,
        evidence=tuple(dict.fromkeys(ref for one in every for ref in one.evidence)),
        finding_ids=tuple(dict.fromkeys(ref for one in every for ref in one.finding_ids)),
    )


def _folded(facts: list[Biomarker]) -> list[Biomarker]:
    """Proteins of mismatch repair that are kept are what "proficient" means: they stand in its detail and prove it, not beside it."""
    whole = next((one for one in facts if one.name == "MMR" and one.status == "negative" and one.origin != "germline"), None)
    kept = [one for one in facts if one.name in _REPAIR and one.status == "positive" and "retained" in (one.detail or "")]
    if whole is None or not kept:
        return facts
    detail = whole.detail or "proficient"
    if "retained" not in detail:
        detail = f"{detail} ({', '.join(sorted(one.name for one in kept))} retained)"
    proof = _with(whole.proof, (one.proof for one in kept))
    return [replace(one, detail=detail, proof=proof) if one is whole else one for one in facts if one not in kept]


_REPAIR = ("MLH1", "MSH2", "MSH6", "PMS2")


def _repair(facts: list[Biomarker]) -> Biomarker | None:
    """Mismatch repair from the stains of its proteins, where no record says it: one lost is deficient; MSH6 and PMS2 kept, which the other
    two need, is proficient (College of American Pathologists, two-antibody approach)."""
    stains = [
        one
        for one in facts
        if one.name in _REPAIR and one.origin != "germline" and one.status in ("positive", "negative") and not change_in(one.detail)
    ]
    if any(one.name == "MMR" for one in facts) or not stains:
        return None
    lost = sorted(one.name for one in stains if one.status == "negative" or "lost" in (one.detail or "").lower())
    kept = {one.name for one in stains} - set(lost)
    if not lost and not {"MSH6", "PMS2"} <= kept:
        return None
    used = [one for one in stains if one.name in lost] or stains
    proofs = [one.proof for one in sorted(used, key=lambda one: one.name)]
    proof = replace(
        _with(proofs[0], proofs[1:]),
        is_conflicting=any(one.is_conflicting for one in proofs),
        confidence=min((one.confidence for one in proofs if one.confidence is not None), default=None),
    )
    detail = f"deficient ({', '.join(lost)} lost)" if lost else f"proficient ({', '.join(sorted(kept))} retained)"
    return Biomarker("MMR", "positive" if lost else "negative", detail, method="IHC", specimen="tissue", proof=proof)


def change_in(detail: Any) -> str | None:
    """The protein change of a detail in one-letter form ("p.Gly12Asp" → "G12D"); None where there is none."""
    text = str(detail or "")
    for three, letter in _THREE.items():
        text = re.sub(three + r"(?=\d|$|\W|fs|[A-Z])", letter, text)
    found = _CHANGE.search(text)
    return found.group(1).rstrip(").,;") if found else None
