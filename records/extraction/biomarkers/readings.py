"""From what stands beside a marker to one status of the closed set, with the words a person would want to see.

Rules of thumb and their sources: HER2 by IHC 0/1+ negative, 2+ equivocal, 3+ positive (ASCO/CAP 2018, gastric 2016); ER and PR positive
from 1 % of nuclei (ASCO/CAP 2020). Any other number without a call stays "reported".
"""

from __future__ import annotations

from dataclasses import dataclass

from personalize.vocabulary import load
from records.extraction.biomarkers.groups import Group, Slot
from records.extraction.biomarkers.names import GENE, MISMATCH, REPAIR_PROTEINS, SIGNATURE, STAIN, VIRUS, Marker
from records.extraction.biomarkers.quantities import Quantity
from records.extraction.biomarkers.variants import Change, ChangeKind

NO_RESULT = ("pending", "not_tested", "not_resulted", "quantity_not_sufficient")
_STAINED = frozenset(load("biomarker_words")["stained_genes"].split("; "))
_SAME = {
    "positive": "positive",
    "negative": "negative",
    "equivocal": "equivocal",
    "vus": "vus",
    "pathogenic": "positive",
    "amplified": "positive",
    "high": "positive",
    **dict.fromkeys(NO_RESULT, ""),
}


@dataclass(frozen=True, slots=True)
class Reading:
    """status: of the closed set. detail: changes, numbers and the words that matter; "" without any. vaf in per cent."""

    status: str
    detail: str = ""
    vaf: float | None = None
    cdna: str | None = None
    is_repaired: bool = False


def readings_of(
    marker: Marker, name: str, group: Group, slot: Slot, *, is_stain: bool, is_vus_section: bool, is_listed: bool
) -> list[Reading]:
    """Every reading of one marker from one slot: one a protein change, else one; none where nothing was said of it.

    is_listed: the segment lists alterations that were found, so a bare "amplification" is one.
    """
    kind = _kind(group, slot)
    if slot.changes:
        return [one for bundle in _bundles(slot.changes) if (one := _of_changes(bundle, kind, slot, is_vus_section))]
    reading = _of_kind(kind, marker, name, slot, is_stain, is_listed) if kind else _of_numbers(marker, slot)
    return [reading] if reading else []


def _kind(group: Group, slot: Slot) -> str | None:
    if slot.status is not None:
        return slot.status.kind
    if slot is group.slots[0] and group.forward is not None and group.forward.status is not None and not group.is_only_led:
        return group.forward.status.kind
    return None


# alterations


def _bundles(changes: list[Change]) -> list[list[Change]]:
    """Changes that are one alteration: a coding change and the protein change beside it, an exon and its deletion."""
    bundles: list[list[Change]] = []
    for one in changes:
        last = bundles[-1] if bundles else None
        if last is None or (one.kind in (other.kind for other in last) and one.name not in (other.name for other in last)):
            bundles.append([one])
        else:
            last.append(one)
    return bundles


def _of_changes(bundle: list[Change], kind: str | None, slot: Slot, is_vus_section: bool) -> Reading | None:
    proteins = [one.name for one in bundle if one.kind is ChangeKind.PROTEIN]
    coding = next((one.name for one in bundle if one.kind is ChangeKind.CODING), None)
    others = [
        f"{one.name} fusion" if one.kind is ChangeKind.FUSION else one.name
        for one in bundle
        if one.kind not in (ChangeKind.PROTEIN, ChangeKind.CODING)
    ]
    shown = list(dict.fromkeys([*proteins, *others])) or [str(coding)]
    status = "positive"
    if kind == "negative":
        status, shown = "negative", [*shown, "not detected"]
    elif kind in NO_RESULT or kind == "equivocal":
        status = str(kind)
    elif slot.classification == "benign" or kind == "benign":
        return None
    elif slot.classification == "unread":
        status = "equivocal"
    elif slot.classification == "vus" or kind == "vus" or (is_vus_section and slot.classification is None):
        status = "vus"
    vaf = next((one.number for one in slot.quantities if one.kind in ("vaf", "percent") and one.number <= 100), None)
    if vaf == 0 and status == "positive":
        status, shown = "negative", [*shown, "not detected"]  # looked for, and in none of the reads
    detail = f"{', '.join(shown)}" if status != "negative" else " ".join(shown)
    return Reading(status, detail, vaf, coding, any(one.is_repaired for one in bundle))


# words


def _of_kind(kind: str, marker: Marker, name: str, slot: Slot, is_stain: bool, is_listed: bool) -> Reading | None:
    numbers = _numbers(slot.quantities)
    if kind in NO_RESULT:
        return Reading(kind)
    if _is_not_there(marker, name, slot) and not is_stain:
        return Reading("negative", "stable (MSS)" if name == "MSI" else "")
    if marker.kind == MISMATCH:
        return _mismatch(name, kind)
    if marker.kind == SIGNATURE:
        return _signature(name, kind, numbers)
    if name in REPAIR_PROTEINS and is_stain:
        return _repair_protein(kind, numbers)
    if kind in ("stable", "unstable", "proficient", "deficient", "benign"):
        return None
    if kind in ("retained", "lost", "amplified"):
        return _kept_or_gained(kind, marker, name, slot, is_stain, is_listed)
    if kind in ("high", "low"):
        return _level(kind, marker, name, slot, numbers)
    return _called(kind, marker, name, slot)


def _is_not_there(marker: Marker, name: str, slot: Slot) -> bool:
    """ "KRAS: absent", a row of a sequencing report: what was looked for."""
    said = slot.status
    return said is not None and said.is_absent and said.kind == "lost" and (marker.kind == GENE or name == "MSI")


def _kept_or_gained(kind: str, marker: Marker, name: str, slot: Slot, is_stain: bool, is_listed: bool) -> Reading | None:
    """A protein that is kept or lost on a slide, a gene that is lost or amplified."""
    numbers = _numbers(slot.quantities)
    if kind == "retained" and marker.percent_positive is not None:
        return _of_numbers(marker, slot)
    if kind == "retained" and marker.kind == GENE and not is_stain and slot.status is not None and slot.status.is_detection:
        return Reading("negative", "normal")  # "my BRCA test was normal"
    if kind == "retained":
        # kept on a slide is there to be seen; kept in the sequence is unchanged
        is_kept = is_stain or marker.kind != GENE or name in _STAINED or name in REPAIR_PROTEINS
        return Reading("positive" if is_kept else "negative", _joined("retained", numbers))
    if kind == "lost":
        return Reading("negative" if is_stain else "positive", _joined("lost" if is_stain else "loss", numbers))
    if kind == "amplified" and slot.status is not None and slot.status.is_noun and not is_listed:
        return None
    return Reading("positive", _joined("amplified" if name == "HER2" else "amplification", numbers))


def _called(kind: str, marker: Marker, name: str, slot: Slot) -> Reading | None:
    """ "Positive", "negative", "pathogenic", "equivocal"; a score that says otherwise is believed."""
    numbers = _numbers(slot.quantities)
    if kind == "positive" and name == "HER2" and any(one.kind == "plus" and one.number < 3 for one in slot.quantities):
        return _of_numbers(marker, slot)
    if (
        kind in ("positive", "negative")
        and marker.percent_positive is not None
        and any(one.kind == "percent" and one.number == 0 for one in slot.quantities)
    ):
        return _of_numbers(marker, slot)
    return Reading(
        _SAME[kind] or kind,
        _joined("pathogenic variant" if kind == "pathogenic" else "", numbers),
        vaf=next((one.number for one in slot.quantities if one.kind == "vaf"), None),
    )


def _mismatch(name: str, kind: str) -> Reading | None:
    if name == "MSI":
        if kind in ("stable", "negative", "retained", "proficient", "low"):
            return Reading("negative", "stable (MSS)" if kind != "low" else "low")
        if kind in ("unstable", "positive", "deficient", "lost", "high", "amplified"):
            return Reading("positive", "high (MSI-H)")
    elif kind in ("proficient", "retained", "positive"):
        return Reading("negative", "proficient")
    elif kind in ("deficient", "lost", "unstable"):
        return Reading("positive", "deficient")
    return Reading("equivocal") if kind == "equivocal" else None


def _signature(name: str, kind: str, numbers: str) -> Reading | None:
    if kind in ("positive", "high", "unstable", "deficient", "amplified"):
        return Reading("positive", _joined(numbers, "high" if name == "TMB" else ""))
    if kind in ("negative", "low", "proficient", "stable"):
        return Reading("negative", _joined(numbers, "low" if name == "TMB" else ""))
    if kind == "lost" and name == "1p/19q":
        return Reading("positive", "codeleted")
    return Reading("equivocal", numbers) if kind == "equivocal" else None


def _repair_protein(kind: str, numbers: str) -> Reading | None:
    if kind in ("positive", "retained", "proficient", "high"):
        return Reading("positive", _joined("retained", numbers))
    if kind in ("negative", "lost", "deficient"):
        return Reading("negative", _joined("lost", numbers))
    return Reading(kind) if kind in ("equivocal",) else None


def _level(kind: str, marker: Marker, name: str, slot: Slot, numbers: str) -> Reading | None:
    if numbers:
        return _of_numbers(marker, slot)
    if name == "HER2" and kind == "low":
        return Reading("negative", "low")
    if name == "Ki-67":
        return Reading("reported", kind)
    return Reading("positive", kind) if marker.kind == STAIN else None


# numbers


def _of_numbers(marker: Marker, slot: Slot) -> Reading | None:
    quantities = [one for one in slot.quantities if one.kind not in ("vaf", "ratio")]
    ratio = next((one for one in slot.quantities if one.kind == "ratio"), None)
    shown = _numbers(slot.quantities)
    if marker.name == "HER2":
        plus = next((one for one in quantities if one.kind == "plus"), None)
        if plus is not None:
            return Reading("positive" if plus.number >= 3 else "equivocal" if plus.number == 2 else "negative", shown)
        return Reading("reported", shown) if ratio is not None else None
    if marker.kind in (GENE, VIRUS, MISMATCH) or not quantities or slot.gap > 2:
        return None
    if marker.percent_positive is not None:
        return _by_share(marker.percent_positive, quantities, shown)
    if marker.kind == SIGNATURE and not any(one.kind in ("tmb", "hrd", "percent") for one in quantities):
        return None
    if marker.kind == STAIN and all(one.kind == "tmb" for one in quantities):
        return None
    return Reading("reported", shown)


def _by_share(limit: float, quantities: list[Quantity], shown: str) -> Reading | None:
    share = next((one for one in quantities if one.kind == "percent"), None)
    plus = next((one for one in quantities if one.kind == "plus"), None)
    if share is not None:
        return Reading("positive" if share.number >= limit and share.comparator[:1] != "<" else "negative", shown)
    if plus is not None:
        return Reading("positive" if plus.number >= 1 else "negative", shown)
    return None


def _numbers(quantities: list[Quantity]) -> str:
    return " ".join(dict.fromkeys(one.shown for one in quantities if one.kind != "vaf"))


def _joined(*parts: str) -> str:
    return " ".join(part for part in parts if part)
