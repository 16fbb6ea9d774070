"""The order of trials, and why: verdict, disease, markers, line, open status and freshness, open questions, phase, distance; words for the rest."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date

from personalize.eligibility import leading, leaves
from personalize.profile import PatientProfile
from personalize.trials.reach import nearest
from personalize.trials.search import Relevance, relevance_of
from personalize.trials.values import Fit, Near, Place, TrialMatch, Verdict

_BY_VERDICT = {Verdict.FITS: 32.0, Verdict.POSSIBLE: 30.0, Verdict.RULED_OUT: 0.0}
_OPEN = {"RECRUITING": 4.0, "ENROLLING_BY_INVITATION": 2.0, "NOT_YET_RECRUITING": 3.0, "AVAILABLE": 3.0}
_CLOSED = ("COMPLETED", "TERMINATED", "WITHDRAWN", "SUSPENDED", "ACTIVE_NOT_RECRUITING", "NO_LONGER_AVAILABLE", "UNKNOWN")
MOST_BY_DISTANCE, _EARTH_AROUND_KM = 0.25, 20_000.0


def ranked(matches: Sequence[TrialMatch], profile: PatientProfile, *, today: date, near: Near | None) -> list[TrialMatch]:
    """Best first, each with its score, place, distance and reasons. The same input gives the same order: ties by NCT number."""
    relevance = relevance_of([one.trial for one in matches], profile)
    scored = [_scored(one, found, today=today, near=near) for one, found in zip(matches, relevance, strict=True)]
    scored.sort(key=lambda one: (-one.score, one.trial.nct))
    return [replace(one, rank=place) for place, one in enumerate(scored, 1)]


def _scored(match: TrialMatch, relevance: Relevance, *, today: date, near: Near | None) -> TrialMatch:
    found = nearest(match.trial.places, near)
    parts = [
        *_verdict_parts(match),
        *((points, reason) for points, reason in relevance.parts),
        *_fit_parts(match),
        *_status_parts(match, today),
        *_distance_parts(found),
    ]
    score = round(sum(points for points, _ in parts), 4)
    reasons = tuple(reason for points, reason in sorted(parts, key=lambda part: -abs(part[0])) if reason)
    distance, city = (round(found[0], 1), found[1].city) if found else (None, "")
    return replace(match, score=score, reasons=reasons, distance_km=distance, nearest=city)


def _verdict_parts(match: TrialMatch) -> list[tuple[float, str]]:
    if match.is_hidden:
        return [(-30.0, "A known fact rules it out.")]
    if match.is_not_now:
        return [(10.0, "Not now: something that can change stands against it.")]
    words = {Verdict.FITS: "Every rule we can check is met.", Verdict.POSSIBLE: "No known fact stands against it."}
    return [(_BY_VERDICT[match.verdict], words[match.verdict])]


def _fit_parts(match: TrialMatch) -> list[tuple[float, str]]:
    parts: list[tuple[float, str]] = []
    for one in match.with_fit(Fit.MET):
        first = leading(one.criterion.rule) if one.criterion.rule is not None else None
        if first is None or one.criterion.kind.value != "inclusion":
            continue
        if first.predicate in ("biomarker", "hla"):
            said = {leaf.sub for leaf in leaves(one.criterion.rule) if leaf.sub} if one.criterion.rule else set()
            parts.append((4.0, f"It asks for {' or '.join(sorted(said)) or 'your HLA type'}, and yours fits."))
        elif first.predicate == "prior_lines":
            parts.append((1.5, "It is for people at your point of treatment."))
    still_open = [one for one in match.with_fit(Fit.UNKNOWN) if one.criterion.rule is not None]
    if still_open:
        parts.append((-0.3 * min(len(still_open), 20), f"{len(still_open)} rules are open."))
    return parts


def _status_parts(match: TrialMatch, today: date) -> list[tuple[float, str]]:
    status, updated = match.trial.status, match.trial.updated_on
    parts: list[tuple[float, str]] = []
    if status in _OPEN:
        parts.append((_OPEN[status], f"Status: {status.replace('_', ' ').lower()}."))
    elif status in _CLOSED:
        parts.append((-6.0, f"Status: {status.replace('_', ' ').lower()}."))
    if updated:
        years = max(0.0, (today - updated.latest()).days / 365)
        parts.append((-min(2.0, 0.5 * years), "" if years < 1 else f"The record was last changed on {updated.in_words()}."))
    phase = (match.trial.phase or "").upper()
    if "3" in phase or "III" in phase:
        parts.append((1.0, "Phase 3."))
    elif "2" in phase:
        parts.append((0.5, "Phase 2."))
    return parts


def _distance_parts(found: tuple[float, Place] | None) -> list[tuple[float, str]]:
    """Less than any other reason can weigh: it parts those that are alike in all else."""
    if found is None:
        return []
    return [(-MOST_BY_DISTANCE * min(1.0, found[0] / _EARTH_AROUND_KM), f"The nearest open place is about {found[0]:.0f} km away.")]
