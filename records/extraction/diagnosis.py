"""Which cancers the patient has, had, may have or does not have: one finding for each organ (or blood cancer) of a document.

A cancer is confirmed when the record says so outright; suspected when every mention is hedged, or when only an imaging report sees
it; ruled out when the record denies this very cancer (not a margin, not a node); historical when it is only ever told as past.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from typing import Any, ClassVar

from records.extraction import dates
from records.extraction.anatomy import CancerKind, Histology
from records.extraction.context import context_at
from records.extraction.finding import Assertion, Finding, Kind
from records.extraction.header import ReportType
from records.extraction.mentions import Mention, mentions
from records.extraction.patterns import lazy
from records.extraction.report import Report
from records.extraction.section_titles import Section
from records.extraction.tumours import weight_of

_HEDGED = (Assertion.POSSIBLE, Assertion.PLANNED, Assertion.PENDING, Assertion.NOT_TESTED)


class Diagnosis:
    """Findings of kind DIAGNOSIS."""

    name: ClassVar[str] = "diagnosis"
    version: ClassVar[int] = 4

    def extract(self, report: Report) -> Iterable[Finding]:
        groups = _groups(report)
        confirmed = {organ: found for organ, found in groups.items() if _status(report, found) == "confirmed" and not _is_past(found)}
        confirmed = confirmed or {
            organ: found for organ, found in groups.items() if _status(report, found) == "confirmed" and _is_treated(found)
        }
        main = max(confirmed, key=lambda organ: _weight(confirmed[organ]), default=None)
        for organ, found in groups.items():
            finding = _finding(report, organ, found, main, groups)
            if finding is not None:
                yield finding


def _groups(report: Report) -> dict[str, list[Mention]]:
    """Mentions by organ. What only stands under an organ's heading joins the organ that is named, if the kind allows."""
    groups: dict[str, list[Mention]] = {}
    for one in mentions(report):
        if (
            one.organ is None
            or one.context.is_about_nobody
            or one.context.assertion is Assertion.FAMILY
            or one.histology.behaviour == "in_situ"
            or _TAKEN_BACK.match(one.segment.text, one.end)
            or _OF_OTHERS.search(one.segment.text[max(0, one.start - 60) : one.start])
        ):
            continue
        if one.kind is None:
            continue
        groups.setdefault(_key(one), []).append(one)
    named = {organ for organ, found in groups.items() if any(one.is_named and one.is_confirmed for one in found)}
    return {organ: found for organ, found in groups.items() if organ in named or not named or _stands_alone(found, groups, named)}


_OF_OTHERS = lazy(
    r"\b(?:patients|people|individuals|persons|those|adults|men|women) (?:\w+ ){0,2}?(?:with|who have) (?:[\w-]+ ){0,3}$", re.I
)
# "He had been told that he had pancreatic cancer; this was incorrect"
_TAKEN_BACK = lazy(
    r"[^.;]{0,40}[;,.] ?(?:but )?(?:this|that|which|it) (?:was|is|proved|turned out)(?: to be)? "
    r"(?:incorrect|wrong|mistaken|an? (?:error|mistake)|not (?:true|correct|the case))",
    re.I,
)


def _key(one: Mention) -> str:
    """Bowel is one organ here, and a blood cancer is where it is."""
    if one.kind is not None and (one.kind.is_blood or one.kind.code == "COADREAD"):
        return one.kind.code
    return one.organ or ""


def _stands_alone(found: list[Mention], groups: dict[str, list[Mention]], named: set[str]) -> bool:
    """A cancer that is not named outright counts beside a named one only when hedged, past or denied, or of another family."""
    if not any(one.is_confirmed for one in found):
        return True
    families = {one.histology.family for organ in named for one in groups[organ]}
    return any(
        one.histology.family not in families and not one.histology.is_general and one.segment.section is Section.DIAGNOSIS for one in found
    )


def _weight(found: list[Mention]) -> int:
    return sum(weight_of(one) for one in found if one.is_confirmed or one.context.assertion is Assertion.HISTORICAL)


def _status(report: Report, found: list[Mention]) -> str | None:
    malignant = [one for one in found if one.histology.behaviour == "malignant"]
    overturned = report.once(_overturned)
    if (
        overturned is not None
        and malignant
        and all(one.segment.index <= overturned for one in malignant)
        and all(one.histology.is_general or one.histology.family == "named" for one in malignant)
    ):
        return "ruled_out"
    sure = [
        one for one in malignant if one.context.assertion in (Assertion.PRESENT, Assertion.HISTORICAL) and not _is_imaged_only(report, one)
    ]
    if sure:
        return "confirmed"
    if any(one.context.assertion in (*_HEDGED, Assertion.PRESENT) for one in malignant):
        return "suspected"
    if any(one.context.assertion is Assertion.ABSENT and one.is_named for one in malignant):
        return "ruled_out"
    return None


_BENIGN = lazy(
    r"\b(?:(?:final |definitive |correct )?diagnos(?:is|ed)|histopatholog\w*|histolog\w*|patholog\w*|biops\w+"
    r"|cytolog\w*|confirm\w*|turned out|proved|revealed|showed|consistent with"
    r"|suggest\w*)\b[^.;]{0,110}\b(?:autoimmune pancreatitis|chronic pancreatitis|groove pancreatitis"
    r"|mass-forming pancreatitis"
    r"|focal pancreatitis|pancreatic tuberculosis|tuberculosis|pseudocyst|benign|igg4-related|sarcoidosis|abscess"
    r"|hydatid|splenosis|accessory spleen|heterotopic|schwannoma|\bAIP\b|hamartoma|lipoma|hemangioma"
    r"|no (?:evidence of )?malignan\w+)",
    re.I,
)


def _overturned(report: Report) -> int | None:
    """The last segment that says, of tissue or as the diagnosis, that it was something benign; None where no segment does."""
    last = None
    for segment in report.segments:
        if segment.section not in (Section.UNKNOWN, Section.HISTORY, Section.IMPRESSION):
            continue
        found = _BENIGN.search(segment.text)
        if found and context_at(segment, found.end() - 4, found.end()).assertion in (Assertion.PRESENT, Assertion.ABSENT):
            last = segment.index
    return last


def _is_imaged_only(report: Report, one: Mention) -> bool:
    """Imaging sees what is "consistent with" a cancer; only tissue or an earlier diagnosis confirms it."""
    if report.header.type is not ReportType.RADIOLOGY or one.context.assertion is Assertion.HISTORICAL:
        return False
    return any(cue.kind == "consistent" and cue.end <= one.start for cue in one.segment.cues)


def _is_past(found: list[Mention]) -> bool:
    told = [one for one in found if one.context.assertion in (Assertion.PRESENT, Assertion.HISTORICAL)]
    return bool(told) and all(one.context.assertion is Assertion.HISTORICAL for one in told)


_TREATED = ("s/p", "status post", "previously treated")


def _is_treated(found: list[Mention]) -> bool:
    """ "Adenocarcinoma of the right lung, s/p lobectomy": told as past only for what was done about it, and never as long ago."""
    return _is_past(found) and any(
        one.context.cue in _TREATED
        and one.segment.section is not Section.PAST_MEDICAL
        and one.segment.lower.find(one.context.cue) > one.start
        for one in found
    )


def _finding(report: Report, organ: str, found: list[Mention], main: str | None, groups: dict[str, list[Mention]]) -> Finding | None:
    status = _status(report, found)
    if status is None or (status == "ruled_out" and main is not None and organ != main):
        return None
    if status == "suspected" and main is not None and all(one.histology.is_general for one in found):
        return None
    telling = [one for one in found if _tells(one, status)]
    if not telling:
        return None
    best = max(telling, key=lambda one: (weight_of(one), not one.histology.is_general, -one.segment.index))
    histology, kind = _histology(telling), _kind(telling)
    if kind is None:
        return None
    if _is_past(found) and all(one.histology.is_general and not one.is_named for one in found):
        return None  # "history of malignancy" under the heading of an organ is not of that organ
    is_past = status == "confirmed" and _is_past(found) and (main not in (None, organ) or best.segment.section is Section.PAST_MEDICAL)
    value: dict[str, Any] = {
        "name": kind.name,
        "site": best.organ,
        "code": kind.code,
        "histology": _with_origin(report, kind, histology.replace("tumour", "tumor")) if histology else histology,
        "status": status,
        "behaviour": _behaviour(best, organ, main, is_past),
        "historical": is_past,
    }
    shown = [best, *[one for one in telling if one is not best and one.is_named][:2]]
    evidence = tuple(dict.fromkeys(one.segment.evidence(one.start, one.end) for one in shown))
    return Finding(
        Kind.DIAGNOSIS,
        {key: one for key, one in value.items() if one is not None},
        evidence,
        _assertion(status, is_past),
        _date(report, best),
        _confidence(telling, best, status),
        f"{Diagnosis.name}/{Diagnosis.version}",
    )


def _tells(one: Mention, status: str) -> bool:
    if status == "confirmed":
        return one.context.assertion in (Assertion.PRESENT, Assertion.HISTORICAL) and one.histology.behaviour == "malignant"
    if status == "suspected":
        return one.context.assertion in (*_HEDGED, Assertion.PRESENT)
    return one.is_named or one.context.assertion is Assertion.ABSENT


_SAYS_LITTLE = ("named", "carcinoma")  # of which kind, another word has to say


def _kind(telling: list[Mention]) -> CancerKind | None:
    """The kind most said, a specific one before a general one ("neuroendocrine tumor" before "pancreatic cancer")."""
    votes: Counter[CancerKind] = Counter()
    for one in telling:
        if one.kind is not None:
            votes[one.kind] += weight_of(one) * (1 if one.histology.is_general or one.histology.family in _SAYS_LITTLE else 4)
    return max(votes, key=lambda kind: votes[kind]) if votes else None


def _histology(telling: list[Mention]) -> str | None:
    """The tumour's own words, as specific as the record gets."""
    votes: Counter[Histology] = Counter()
    words: dict[Histology, str] = {}
    for one in telling:
        if one.histology.family not in ("named",) and not one.histology.is_general:
            votes[one.histology] += weight_of(one)
            text = one.words.lower()
            if len(text) > len(words.get(one.histology, "")):
                words[one.histology] = text
    return words[max(votes, key=lambda histology: votes[histology])] if votes else None


# the cell of origin of a large B-cell lymphoma, by its stains (Hans) or its genes
_CELL_OF_ORIGIN = lazy(
    r"\b(?:(?P<other>non[- ]?germinal[- ]cent(?:er|re)|non-?GCB|activated B-?cell|ABC[- ](?:type|subtype|like))|germinal[- ]cent(?:er|re)|GCB)\b",
    re.I,
)


def _with_origin(report: Report, kind: CancerKind, histology: str) -> str:
    """ "diffuse large b-cell lymphoma, non-germinal center type", where the record says one of the two and never the other."""
    if kind.code != "DLBCLNOS":
        return histology
    said = {
        found.group("other") is not None
        for segment in report.having(_CELL_OF_ORIGIN, "germinal", "gcb", "activated b", "abc")
        if not segment.is_boilerplate and segment.section is not Section.LITERATURE
        for found in _CELL_OF_ORIGIN.finditer(segment.text)
    }
    if len(said) != 1:
        return histology
    return f"{histology}, {'non-' if True in said else ''}germinal center type"


def _behaviour(best: Mention, organ: str, main: str | None, is_past: bool) -> str:
    lead = best.segment.lower[max(0, best.start - 25) : best.start]
    if "recurren" in lead:
        return "recurrence"
    if is_past or main is None:
        return "unknown" if is_past else "primary"
    return "primary" if organ == main else "second_primary"


def _assertion(status: str, is_past: bool) -> Assertion:
    if is_past:
        return Assertion.HISTORICAL
    return {"confirmed": Assertion.PRESENT, "suspected": Assertion.POSSIBLE, "ruled_out": Assertion.ABSENT}[status]


def _confidence(telling: list[Mention], best: Mention, status: str) -> float:
    made = 0.9 if best.is_named else 0.82
    made += 0.05 if best.segment.section in (Section.DIAGNOSIS, Section.SYNOPTIC, Section.IMPRESSION) else 0.0
    made += 0.02 if len(telling) > 1 else 0.0
    made -= 0.12 if best.histology.is_general and not best.is_named else 0.0
    made -= 0.15 if best.context.assertion is Assertion.HISTORICAL else 0.0
    return round(made if status == "confirmed" else min(made, 0.8), 3)


def _date(report: Report, best: Mention) -> str | None:
    near = dates.nearest_date(best.segment, best.start, best.end)
    return near.iso if near is not None else report.header.specimen_date or report.header.date
