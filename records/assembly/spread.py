"""How far the cancer goes, and where it has spread."""

from __future__ import annotations

from collections.abc import Sequence

from personalize.profile import Cancer, Conflict, Fact
from records.assembly.cancers import hangs_on
from records.assembly.judged import Voice, proof_of
from records.assembly.singles import conflict, of_kind
from records.extraction.finding import Assertion, Kind

_EXTENTS = ("resectable", "borderline", "locally_advanced", "resected", "metastatic")


def is_local(voices: Sequence[Voice], primary: Cancer | None, group: Voice | None, m: str | None) -> bool:
    """M0 or a stage below IV, and no organ but lymph nodes named as a site of spread: "metastatic" then speaks of nodes."""
    organs = [
        one
        for one in of_kind(voices, Kind.METASTASIS)
        if one.value.get("site") not in (None, "lymph node", primary.site if primary else None)
    ]
    is_below = group is not None and not str(group.value["group"]).startswith("IV")
    return not organs and (is_below or m == "M0")


_OPERATIONS = (
    ("breast", ("lumpectomy", "mastectomy")),
    ("prostate", ("prostatectomy",)),
    ("kidney", ("nephrectomy",)),
    ("testis", ("orchiectomy",)),
    ("thyroid", ("thyroidectomy",)),
)


def _is_elsewhere(voice: Voice, primary: Cancer | None) -> bool:
    """Resected, by an operation on another organ than the primary cancer's."""
    if voice.value["extent"] != "resected" or primary is None:
        return False
    text = voice.text.lower()
    return any(word in text and site != primary.site for site, words in _OPERATIONS for word in words)


def extent_of(voices: Sequence[Voice], primary: Cancer | None, *, is_local: bool) -> tuple[Voice | None, list[Conflict]]:
    """The newest; of one record the furthest. Spread once recorded stays, unless a person says otherwise."""
    said = [one for one in of_kind(voices, Kind.EXTENT) if one.value.get("extent") in _EXTENTS and hangs_on(one, primary)]
    said = [one for one in said if one.is_word or not _is_elsewhere(one, primary)]
    said = [one for one in said if one.is_word or not (is_local and one.value["extent"] == "metastatic")]
    if not said:
        return None, []
    words = [one for one in said if one.is_word]
    records = [one for one in said if not one.is_told] or said
    spread = [one for one in records if one.value["extent"] == "metastatic" and one.confidence >= 0.85]
    pool = words or spread or records
    chosen = min(
        pool, key=lambda one: (-one.written_on.toordinal(), -_EXTENTS.index(one.value["extent"]), one.trust, -one.confidence, one.id)
    )
    values = list(dict.fromkeys(str(one.value["extent"]) for one in records))
    if len(values) < 2:
        return chosen, []
    why = (
        "A person checked this, so we show it."
        if words
        else "We show how far it goes in the newest records. The others are older or say less."
    )
    return chosen, [conflict("extent", values, str(chosen.value["extent"]), why, records)]


def sites_of(voices: Sequence[Voice], primary: Cancer | None) -> tuple[Fact[str], ...]:
    """Where it has spread: sites whose newest word says so. A site told again as free of it is left out."""
    by_site: dict[str, list[Voice]] = {}
    for one in of_kind(voices, Kind.METASTASIS, Assertion.PRESENT, Assertion.ABSENT):
        site = one.value.get("site")
        if site and (primary is None or site != primary.site):
            by_site.setdefault(str(site), []).append(one)
    facts = []
    for site, said in sorted(by_site.items()):
        newest = min(
            said,
            key=lambda one: (not one.is_word, one.is_told, -one.written_on.toordinal(), one.assertion is not Assertion.PRESENT, one.id),
        )
        present = [one for one in said if one.assertion is Assertion.PRESENT]
        if newest.assertion is Assertion.PRESENT:
            is_open = any(
                one.assertion is Assertion.ABSENT and one.written_on == newest.written_on and one.file != newest.file for one in said
            )
            facts.append(Fact(site, proof_of(newest, present, is_conflicting=is_open and not newest.is_word)))
    return tuple(facts)
