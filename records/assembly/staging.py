"""How far the cancer goes now: one staging event for T, N and M, the latest stage group, the extent, and where it has spread.

A stage is given at a point in time; the current one comes from the latest record that states it, and older ones are kept as a conflict
that the date explains. T, N and M are never mixed from two events. A group that T, N and M make (AJCC 8) says that it is derived.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from personalize.profile import Cancer, CancerStage, Conflict
from records.assembly.cancers import hangs_on
from records.assembly.judged import Voice, proof_of
from records.assembly.singles import conflict, of_kind
from records.assembly.spread import extent_of, is_local
from records.extraction.anatomy import cancers, stem_of_site
from records.extraction.finding import Assertion, Kind
from records.extraction.validity import group_of, n_of_count

_ROMAN = ("0", "I", "II", "III", "IV")
_PREFIXES = {"yp": 3, "p": 2, "yc": 1, "c": 1, "r": 2}
_NEAR = 25  # characters
_LETTERS = ("t", "n", "m")


def stage_of(voices: Sequence[Voice], primary: Cancer | None) -> tuple[CancerStage | None, list[Conflict]]:
    """None where the cancer was ruled out, or is only suspected and no tissue was staged: a stage told of it is then no stage."""
    has_word = any(one.is_word for one in of_kind(voices, Kind.STAGE_GROUP, Assertion.PRESENT) + of_kind(voices, Kind.TNM))
    if (
        primary is not None
        and not has_word
        and (primary.status == "ruled_out" or (primary.status == "suspected" and not _is_staged_on_tissue(voices)))
    ):
        return None, []
    groups = [one for one in of_kind(voices, Kind.STAGE_GROUP) if one.value.get("group") and hangs_on(one, primary)]
    stated = [one for one in groups if not one.value.get("derived")]
    group, conflicts = _group(stated)
    event = _event(_stagings(voices, primary), group, _counted(voices, primary))
    extent, extent_conflicts = extent_of(voices, primary, is_local=is_local(voices, primary, group, _letter(event, "m")))
    superseded = _superseded_m(event, group, voices, primary)
    if superseded is not None:
        event = []
    letters = _letters(voices, event, primary)
    value: dict[str, Any] = {letter: _letter(event, letter) for letter in _LETTERS}
    value |= {key: one for letter, voice in letters.items() for key, one in _with_letter(letter, voice).items()}
    value["m"] = "M1" if superseded is not None else value["m"]
    derived = _derived(groups, event) if group is None and not letters else None
    worked_out = _worked_out(primary, value) if group is None and derived is None else None
    nodes = _nodes(voices, event)
    mine = [one for one in (group, derived, *event, *letters.values(), *superseded_voices(superseded), extent, nodes) if one is not None]
    if not mine:
        return None, []
    lead = group or derived or (event[0] if event else None) or extent or mine[0]
    head = group or derived
    proof = proof_of(
        lead,
        mine,
        is_conflicting=any(one.field == "stage_group" and "Please check" in one.why for one in conflicts),
        day=lead.dated or lead.written,
    )
    stage = CancerStage(
        group=head.value["group"] if head else worked_out,
        stated_or_derived="stated" if group is not None else "derived" if head or worked_out else None,
        edition=next((str(one.value["edition"]) for one in (*([head] if head else []), *event) if one.value.get("edition")), None),
        prefix=next((one.value["prefix"] for one in event if one.value.get("prefix")), head.value.get("prefix") if head else None),
        extent=extent.value["extent"] if extent else None,
        nodes_positive=nodes.value.get("positive") if nodes else None,
        nodes_examined=nodes.value.get("examined") if nodes else None,
        other_system=_other_system(head),
        proof=proof,
        **value,
    )
    return stage, [*conflicts, *extent_conflicts]


# T by size or depth and N by count: the same in the last editions for these organs, and part of every report on them. For others (the
# pancreas above all, where T3 of the 7th edition is not T3 of the 8th) a category that the report leaves out stays out.
_WORKED_OUT = frozenset(("breast", "colorectal", "stomach", "esophagus"))


def _stem(primary: Cancer | None) -> str:
    """The staging table of the primary cancer, "" where there is none."""
    if primary is None:
        return ""
    return next((kind.stem for kind in cancers() if kind.code == primary.code and kind.stem), "") or stem_of_site(primary.site or "")


def _stagings(voices: Sequence[Voice], primary: Cancer | None) -> list[Voice]:
    """The TNM findings of the primary cancer. Where its report stages only one tumour, under the heading of an organ in which nobody found
    a cancer (the bowel beside a pancreas), that is it."""
    said = [one for one in of_kind(voices, Kind.TNM) if not one.value.get("written")]
    mine = [one for one in said if hangs_on(one, primary) and (not one.value.get("derived") or _stem(primary) in _WORKED_OUT)]
    if all(one.value.get("derived") for one in mine) and not any(one.value.get("t") for one in mine):
        mine = []  # a count of nodes alone is no staging
    if primary is None or any(not one.value.get("derived") for one in mine):
        return mine
    files = {ref.file for ref in primary.proof.evidence}
    found = {str(one.value.get("site")) for one in of_kind(voices, Kind.DIAGNOSIS, Assertion.PRESENT, Assertion.HISTORICAL)}
    near = [
        one
        for one in said
        if one.file in files and one.value.get("tumour") and not one.value.get("derived") and str(one.value["tumour"]) not in found
    ]
    return [*mine, *near] if len({one.value["tumour"] for one in near}) == 1 else mine


def _letters(voices: Sequence[Voice], event: list[Voice], primary: Cancer | None) -> dict[str, Voice]:
    """ "t" and "n" → what gives the stated category of this staging its letter, in the same file."""
    files = {one.file for one in event}
    said = [one for one in of_kind(voices, Kind.TNM) if one.value.get("written") and one.file in files and hangs_on(one, primary)]
    return {
        letter: one for letter in ("t", "n") for one in said if one.value.get(letter) and one.value["written"] == _letter(event, letter)
    }


def _with_letter(letter: str, voice: Voice) -> dict[str, Any]:
    return {letter: voice.value[letter], f"{letter}_written": voice.value["written"], f"{letter}_because": voice.value.get("because")}


def _worked_out(primary: Cancer | None, value: Mapping[str, Any]) -> str | None:
    t, n, m = (value.get(letter) for letter in _LETTERS)
    return group_of(_stem(primary), t, n, m) if t and n else None


def _is_staged_on_tissue(voices: Sequence[Voice]) -> bool:
    return any(one.trust <= 1 for one in of_kind(voices, Kind.TNM, Assertion.PRESENT))


def _other_system(head: Voice | None) -> str | None:
    if head is None or head.value.get("system") in (None, "AJCC"):
        return None
    return f"{head.value['system']} {head.value['group']}"


def _height(group: str) -> tuple[int, str]:
    main = group.rstrip("ABCDE123")
    return (_ROMAN.index(main) if main in _ROMAN else -1, group[len(main) :])


def _order(voice: Voice) -> tuple[Any, ...]:
    """Sorts the current stage first: a person's word, the latest record, in it the higher stage (a note tells the past stage first)."""
    return (
        not voice.is_word,
        voice.is_told,
        -voice.written_on.toordinal(),
        -_height(str(voice.value.get("group") or ""))[0],
        -(voice.dated.latest().toordinal() if voice.dated else 0),
        voice.trust,
        -voice.confidence,
        voice.id,
    )


def _group(stated: list[Voice]) -> tuple[Voice | None, list[Conflict]]:
    if not stated:
        return None, []
    said = sorted(stated, key=_order)
    chosen = said[0]
    rivals = [one for one in said if one.value["group"] != chosen.value["group"] and not _is_coarser(one, chosen)]
    finer = [one for one in said if one.written_on == chosen.written_on and _is_coarser(chosen, one)]
    chosen = finer[0] if finer and not chosen.is_word else chosen
    if not rivals:
        return chosen, []
    is_open = any(one.written_on == chosen.written_on and one.file != chosen.file and one.trust <= chosen.trust for one in rivals)
    day = chosen.written or chosen.dated
    why = (
        "Records of the same day give different stages. Please check which one is right."
        if is_open
        else f"We show the newest stage{f', of {day}' if day else ''}. The others are older."
    )
    if chosen.is_word:
        why = "A person checked this stage, so we show it."
    return chosen, [conflict("stage_group", [str(one.value["group"]) for one in said], str(chosen.value["group"]), why, said)]


def _is_coarser(one: Voice, other: Voice) -> bool:
    """ "II" beside "IIB" says the same, less exactly."""
    return (
        str(other.value["group"]) != str(one.value["group"])
        and str(other.value["group"]).startswith(str(one.value["group"]))
        and _height(str(one.value["group"]))[0] == _height(str(other.value["group"]))[0]
    )


def _counted(voices: Sequence[Voice], primary: Cancer | None) -> dict[str, str]:
    """File → the N that its own count of nodes makes ("N2")."""
    counts = [one for one in of_kind(voices, Kind.NODES) if isinstance(one.value.get("positive"), int)]
    made = {one.file: n_of_count(_stem(primary), one.value["positive"]) for one in counts}
    return {file: n[:2] for file, n in made.items() if n}


def _event(tnm: list[Voice], group: Voice | None, counted: Mapping[str, str]) -> list[Voice]:
    """The T, N and M of one staging: those of the record that states the group, else of the latest; one prefix only. Of two in one record
    the one that its own count of nodes bears out: the other is of before the operation."""
    if not tnm:
        return []
    stated = [one for one in tnm if not one.value.get("derived")] or tnm
    words = [one for one in stated if one.is_word]
    same = [one for one in stated if group is not None and one.file == group.file]
    file = (
        words or same or sorted(stated, key=lambda one: (one.is_told, -one.written_on.toordinal(), one.trust, -one.confidence, one.id))
    )[0].file
    mine = [one for one in tnm if one.file == file]
    second = {one.id for one in mine for other in mine if _is_right_behind(one, other)}
    lead = min(
        mine,
        key=lambda one: (
            not one.is_word,
            bool(one.value.get("derived")),
            -_PREFIXES.get(str(one.value.get("prefix") or ""), 0),
            bool(one.value.get("n")) and str(one.value["n"])[:2] != counted.get(file, str(one.value["n"])[:2]),
            -_depth(one) if one.id not in second else 0,
            -_parts(one),
            -one.confidence,
            one.id,
        ),
    )
    partners = [one for one in mine if one is not lead and _goes_with(one, lead)]
    return [lead, *sorted(partners, key=lambda one: (bool(one.value.get("derived")), -one.confidence, one.id))]


def _is_right_behind(one: Voice, other: Voice) -> bool:
    """ "AJCC (pT1), (pT2)": the same tumour by two systems, and the first is the one that is named."""
    both = one.place[0] == other.place[0] and bool(one.value.get("t") and other.value.get("t"))
    return both and 0 < one.place[1] - other.place[1] < _NEAR


def _depth(voice: Voice) -> int:
    """Of several tumours of one organ in one report the highest T counts (AJCC, the rule for multiple tumours). 0 where it is in doubt."""
    said = str(voice.value.get("t") or "")[1:2]
    is_of_tissue = voice.trust <= 1 or voice.document_type == "other"  # what a note tells may be of two times
    is_sure = voice.confidence >= 0.8 and is_of_tissue and str(voice.value.get("prefix") or "").endswith("p")
    return int(said) if said.isdigit() and is_sure else 0


def _parts(voice: Voice) -> int:
    return sum(bool(voice.value.get(letter)) for letter in _LETTERS)


def _goes_with(one: Voice, lead: Voice) -> bool:
    """The same staging: the same prefix or none, and nothing that contradicts."""
    prefixes = {one.value.get("prefix"), lead.value.get("prefix")} - {None}
    apart = {letter for letter in _LETTERS if one.value.get(letter) and lead.value.get(letter) and one.value[letter] != lead.value[letter]}
    shares_nodes = (
        not lead.value.get("n") and bool(_depth(lead)) and (bool(_depth(one)) or one.value.get("t") == "TX")
    )  # tumours of one organ
    return len(prefixes) < 2 and (not apart or (apart == {"t"} and shares_nodes))


def _letter(event: list[Voice], letter: str) -> str | None:
    return next((str(one.value[letter]) for one in event if one.value.get(letter)), None)


def _derived(groups: list[Voice], event: list[Voice]) -> Voice | None:
    files = {one.file for one in event}
    mine = [one for one in groups if one.value.get("derived") and (one.file in files or not files)]
    return min(mine, key=_order, default=None)


def _superseded_m(event: list[Voice], group: Voice | None, voices: Sequence[Voice], primary: Cancer | None) -> list[Voice] | None:
    """M0 of an older staging no longer holds once distant spread is recorded: then only M1 is known, from the words that tell of the spread.
    None where nothing was superseded."""
    if not event or _letter(event, "m") == "M1" or any(one.is_word for one in event):
        return None
    told = [
        one
        for one in of_kind(voices, Kind.METASTASIS)
        if one.value.get("site") not in (None, "lymph node", primary.site if primary else None) and one.written_on > _last(event)
    ]
    is_fourth = (
        group is not None
        and str(group.value["group"]).startswith("IV")
        and group.written_on > _last(event)
        and group.value.get("system", "AJCC") == "AJCC"
    )
    return told if told and is_fourth else None


def superseded_voices(superseded: list[Voice] | None) -> list[Voice]:
    return superseded or []


def _last(event: list[Voice]) -> date:
    return max(one.written_on for one in event)


def _nodes(voices: Sequence[Voice], event: list[Voice]) -> Voice | None:
    files = {one.file for one in event}
    said = of_kind(voices, Kind.NODES)
    return min((one for one in said), key=lambda one: (not one.is_word, one.file not in files, one.weight()), default=None)
