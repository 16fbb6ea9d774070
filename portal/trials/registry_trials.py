"""Trials that stand in the registry only, for one person: a first look over all of them, then the likeliest rule by rule.

Nobody of our team has checked them. So none is ever said to fit, and none is left out because of a rule that a program read: only the
registry's own fields (status, age, sex, condition) leave one out. Why: docs/adr/0005-registry-trials.md
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

from personalize.profile import PatientProfile
from personalize.trials import OPEN_STATUSES, Near, Trial, TrialMatch, Verdict, criteria_of, match_trials, trial_from_record
from personalize.trials.index import columns_from, index_row, index_version
from personalize.trials.screen import Columns, screen, survivors
from portal.models.editable import Revision
from portal.models.trial import RegistryRecord
from portal.models.trial import Trial as TrialRow

MOST = 20  # records that are read rule by rule for one page
AT_ONCE = 500  # rows made anew in one go


@dataclass(frozen=True, slots=True)
class RegistryMatches:
    """matches: the likeliest, best first, none of them hidden and none said to fit. left: how many the first look leaves in, these included."""

    matches: tuple[TrialMatch, ...] = ()
    left: int = 0


def registry_matches(profile: PatientProfile, *, today: dt.date, most: int = MOST, near: Near | None = None) -> RegistryMatches:
    """Open studies of the registry that are no trial of ours, for this person."""
    ncts, columns = _index(Revision.current(Revision.REGISTRY), Revision.current())
    if not ncts:
        return RegistryMatches()
    likeliest = [ncts[row] for row in screen(columns, profile, today=today, most=most)]
    return RegistryMatches(_judged(likeliest, profile, today, near), len(survivors(columns, profile, today=today)))


def registry_match(nct: str, profile: PatientProfile, *, today: dt.date, near: Near | None = None) -> TrialMatch | None:
    """One open study of the registry for this person; None where there is none, or where it is a trial of ours."""
    ncts, _ = _index(Revision.current(Revision.REGISTRY), Revision.current())
    return next(iter(_judged([nct], profile, today, near)), None) if nct in ncts else None


def _judged(ncts: Sequence[str], profile: PatientProfile, today: dt.date, near: Near | None) -> tuple[TrialMatch, ...]:
    digests = RegistryRecord.objects.filter(nct__in=ncts).order_by("nct").values_list("nct", "digest")
    found = match_trials([_read(nct, digest) for nct, digest in digests], profile, today=today, near=near)
    return tuple(replace(one, verdict=Verdict.POSSIBLE, is_hidden=False, is_not_now=False) for one in found)


@lru_cache(maxsize=512)
def _read(nct: str, digest: str) -> Trial:
    """With its rules read; remembered for as long as the record stands unchanged."""
    trial = trial_from_record(RegistryRecord.objects.get(nct=nct).study)
    return replace(trial, nct=nct, criteria=criteria_of(trial))


@lru_cache(maxsize=1)
def _index(registry: int, content: int) -> tuple[tuple[str, ...], Columns]:
    """Open records that are no trials of ours, and their columns. Made anew when the registry's records or our trials change."""
    ours = set(TrialRow.objects.values_list("nct", flat=True))
    rows = RegistryRecord.objects.filter(status__in=OPEN_STATUSES, index_version=index_version()).order_by("nct")
    kept = [
        (nct, bytes(row)) for nct, row, aliases in rows.values_list("nct", "index_row", "aliases").iterator() if not ours & {nct, *aliases}
    ]
    return tuple(nct for nct, _ in kept), columns_from(row for _, row in kept)


def index_again(most: int = AT_ONCE) -> int:
    """Make the rows that are missing or of another vocabulary; returns how many. For the sweeper, a few at a time."""
    stale = RegistryRecord.objects.filter(status__in=OPEN_STATUSES).exclude(index_version=index_version()).order_by("nct")[:most]
    for record in stale:
        RegistryRecord.objects.filter(pk=record.pk, digest=record.digest).update(
            index_row=index_row(trial_from_record(record.study)), index_version=index_version()
        )
    if stale:
        Revision.advance(Revision.REGISTRY)
    return len(stale)
