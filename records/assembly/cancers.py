"""Which cancer the patient has, which others there were, and what is only suspected or was ruled out.

Tissue beats imaging: a cancer that pathology confirms is confirmed; one that a later or better report rules out is ruled out. A word
like "pancreatic cancer" without a cell type never outvotes a cell type, so a neuroendocrine tumor stays one.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from personalize.profile import Cancer, Conflict
from records.assembly.judged import Voice, proof_of
from records.assembly.singles import conflict, of_kind
from records.extraction.finding import Assertion, Kind

_BLOOD = ("lymphoid", "blood", "bone marrow", "plasma")
_ALL = (Assertion.PRESENT, Assertion.POSSIBLE, Assertion.HISTORICAL, Assertion.ABSENT, Assertion.PLANNED)


@dataclass(frozen=True, slots=True)
class Cancers:
    """The primary cancer, its site for what hangs on it, the others, and what was in conflict."""

    primary: Cancer | None
    others: tuple[Cancer, ...]
    conflicts: list[Conflict]


@dataclass(frozen=True, slots=True)
class _Group:
    site: str
    said: list[Voice]

    def with_status(self, status: str) -> list[Voice]:
        return [one for one in self.said if one.value.get("status", "confirmed") == status and not one.value.get("historical")]

    @property
    def confirmed(self) -> list[Voice]:
        return self.with_status("confirmed")

    @property
    def is_past(self) -> bool:
        """Only ever told as past, and by nobody as the cancer of now."""
        return not self.confirmed and any(one.value.get("historical") for one in self.said)

    def status(self) -> str:
        """Ruled out where a report at least as good, and no older, says so; confirmed where any record says it outright."""
        denied, sure, maybe = self.with_status("ruled_out"), self.confirmed, self.with_status("suspected")
        if any(one.is_word for one in sure):
            return "confirmed"
        if denied and any(_outweighs(one, sure) for one in denied) and not _is_later(maybe, denied):
            return "ruled_out"
        if sure and not (maybe and self._is_unproven(sure, maybe)):
            return "confirmed"
        return "suspected" if maybe else "ruled_out"

    def _is_unproven(self, sure: list[Voice], maybe: list[Voice]) -> bool:
        """Tissue was looked at and only left a suspicion; that a note names the cancer in general words does not prove it."""
        is_tissue_open = any(one.trust <= 1 for one in maybe) and not any(one.trust <= 1 for one in sure)
        return is_tissue_open and not any(one.value.get("histology") for one in sure)

    def rank(self, staged: set[str]) -> tuple[Any, ...]:
        """Sorts the primary cancer first. staged: the organs whose tumours are staged."""
        sure = self.confirmed
        return (
            ("confirmed", "suspected", "ruled_out").index(self.status()),
            not any(one.is_word for one in self.said),
            all(one.is_told for one in self.said),
            not any(one.trust <= 1 for one in sure),
            -len({one.file for one in sure}),
            self.site not in staged and not any(one.value.get("histology") for one in sure),
            -len({one.file for one in sure if one.value.get("behaviour") in ("primary", "recurrence", None)}),
            -max((one.day.toordinal() for one in sure), default=0),
            self.site,
        )


def _outweighs(denial: Voice, sure: list[Voice]) -> bool:
    return all(denial.trust <= one.trust and denial.day >= one.day for one in sure) if sure else True


def _is_later(maybe: list[Voice], denied: list[Voice]) -> bool:
    """Suspected again after it was ruled out, by a report as good."""
    last = max((one.day for one in denied), default=date.min)
    best = min((one.trust for one in denied), default=9)
    return any(one.day > last and one.trust <= best for one in maybe)


def cancers_of(voices: Sequence[Voice]) -> Cancers:
    groups = _groups([one for one in of_kind(voices, Kind.DIAGNOSIS, *_ALL) if one.value.get("name")])
    staged = {
        str(one.value["tumour"]).lower()
        for one in voices
        if one.kind in (Kind.TNM, Kind.STAGE_GROUP) and one.value.get("tumour") and not one.value.get("derived")
    }
    current = sorted((one for one in groups if not one.is_past), key=lambda one: one.rank(staged))
    if not current:
        return Cancers(None, _others(groups, None), [])
    main = _answered(current)
    primary, conflicts = _primary(main, voices)
    return Cancers(primary, _others(groups, main), conflicts)


def _answered(current: list[_Group]) -> _Group:
    """The first; but where it is only one of several suspicions, and a record no older rules another of them out, the question was answered."""
    main = current[0]
    if main.status() != "suspected":
        return main
    last = max(one.day for one in main.with_status("suspected"))
    answered = [one for one in current if one.status() == "ruled_out" and any(no.day >= last for no in one.with_status("ruled_out"))]
    return answered[0] if answered else main


def _groups(said: list[Voice]) -> list[_Group]:
    """By organ; blood cancers are one group, since a lymphoma is where it is found."""
    by_site: dict[str, list[Voice]] = {}
    for one in said:
        by_site.setdefault(_site_key(one), []).append(one)
    return [_Group(site, mine) for site, mine in sorted(by_site.items())]


def _site_key(voice: Voice) -> str:
    site = str(voice.value.get("site") or voice.value.get("code") or voice.value["name"]).lower()
    is_blood = any(word in f"{site} {voice.value['name']}".lower() for word in (*_BLOOD, "lymphoma", "leukemia", "myeloma"))
    past = "past " if voice.value.get("historical") and not is_blood else ""
    return past + ("blood" if is_blood else site)


def _primary(group: _Group, voices: Sequence[Voice]) -> tuple[Cancer, list[Conflict]]:
    status = group.status()
    said = group.with_status(status) or group.said
    exact = [one for one in said if one.value.get("histology")] or said
    chosen = min(
        exact,
        key=lambda one: (
            not one.is_word,
            one.is_told,
            one.trust,
            -len(str(one.value.get("histology") or "")) if one.trust == exact[0].trust else 0,
            one.weight(),
        ),
    )
    rivals = [one for one in exact if one.value.get("code") != chosen.value.get("code") and not one.is_told]
    is_open = any(one.trust <= chosen.trust or (one.trust <= 1 and chosen.trust <= 1) for one in rivals) and not chosen.is_word
    grade, grade_conflicts = _grade(voices, group, str(chosen.value.get("code") or ""))
    agreeing = [one for one in said if one.value.get("code") == chosen.value.get("code")]
    names = list(dict.fromkeys(str(one.value["name"]) for one in exact))
    made = (
        [
            conflict(
                "primary_cancer",
                names,
                str(chosen.value["name"]),
                "Reports name different types. We show the one of the report we trust most.",
                exact,
            )
        ]
        if rivals
        else []
    )
    return _cancer(chosen, agreeing, status, grade, is_open), [*made, *grade_conflicts]


def _cancer(chosen: Voice, agreeing: list[Voice], status: str, grade: str | None = None, is_conflicting: bool = False) -> Cancer:
    value = chosen.value
    return Cancer(
        name=str(value["name"]),
        site=value.get("site"),
        code=value.get("code"),
        status=status,
        histology=value.get("histology") or _histology(agreeing),
        grade=grade or value.get("grade"),
        is_historical=bool(value.get("historical")),
        proof=proof_of(chosen, agreeing, is_conflicting=is_conflicting),
    )


def _histology(agreeing: list[Voice]) -> str | None:
    return next((str(one.value["histology"]) for one in sorted(agreeing, key=Voice.weight) if one.value.get("histology")), None)


def _grade(voices: Sequence[Voice], group: _Group, code: str) -> tuple[str | None, list[Conflict]]:
    """Of the most trusted report, the surest words; "well-differentiated" is the class of a neuroendocrine tumor, not its grade."""
    graded = [one for one in of_kind(voices, Kind.GRADE) if one.value.get("grade")]
    said = [one for one in graded if _hangs_on(one, group.site)]
    if not said:  # under the heading of an organ in which nobody found a cancer
        found = {str(one.value.get("site")).lower() for one in of_kind(voices, Kind.DIAGNOSIS)}
        said = [one for one in graded if str(one.value.get("tumour")).lower() not in found]
    if code in ("PANET", "GINET") and any("differentiated" not in one.text.lower() for one in said):
        said = [one for one in said if "differentiated" not in one.text.lower()]
    if not said or (group.site == "blood" and not any("follicular" in str(one.value["name"]).lower() for one in group.said)):
        return None, []
    chosen = min(said, key=lambda one: (not one.is_word, one.is_told, one.trust, -one.confidence, -one.day.toordinal(), one.id))
    values = list(dict.fromkeys(str(one.value["grade"]) for one in said))
    if len(values) == 1:
        return values[0], []
    return str(chosen.value["grade"]), [
        conflict("grade", values, str(chosen.value["grade"]), "We show the grade of the report we trust most.", said)
    ]


def _hangs_on(voice: Voice, site: str) -> bool:
    tumour = voice.value.get("tumour")
    return tumour is None or str(tumour).lower() == site or site == "blood"


def hangs_on(voice: Voice, primary: Cancer | None) -> bool:
    """Does a stage, node count or extent belong to the primary cancer? Where it names no tumour it does."""
    tumour = voice.value.get("tumour")
    return (
        tumour is None
        or primary is None
        or primary.site is None
        or str(tumour).lower() == primary.site.lower()
        or (primary.site or "") in _BLOOD
    )


def _others(groups: list[_Group], main: _Group | None) -> tuple[Cancer, ...]:
    """Cancers of the patient besides the primary one: confirmed or past, never suspected or ruled out."""
    made = []
    for group in groups:
        if group is main or (main is not None and group.site == f"past {main.site}" and _is_same_told(group, main)):
            continue
        past = [one for one in group.said if one.value.get("historical")]
        said = past if group.is_past else group.confirmed if group.status() == "confirmed" else []
        if said:
            made.append(_cancer(min(said, key=Voice.weight), said, "confirmed"))
    return tuple(made)


def is_blood_cancer(primary: Cancer | None) -> bool:
    words = f"{primary.site or ''} {primary.name}".lower() if primary is not None else ""
    return any(word in words for word in (*_BLOOD, "lymphoma", "leukemia", "myeloma"))


def _is_same_told(group: _Group, main: _Group) -> bool:
    """The primary cancer told as history in a later note is still the primary cancer."""
    codes = {one.value.get("code") for one in main.said}
    return all(one.value.get("code") in codes for one in group.said)
