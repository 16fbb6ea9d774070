"""Studies of the registry → rows: the record as it came, its status over time, and what follows for the trials that we show.

A record never gets older: a file of last year does not overwrite what the registry said last week.
"""

from __future__ import annotations

import hashlib
import json
import zlib
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from typing import Any

from django.db import transaction

from personalize.profile import PartialDate
from personalize.trials import OPEN_STATUSES as OPEN
from personalize.trials import Trial, trial_from_record
from personalize.trials.index import index_row, index_version
from portal.models.editable import Revision
from portal.models.trial import RegistryRecord, StatusChange
from portal.models.trial import Trial as TrialRow
from portal.trials.registry import NCT
from portal.trials.shown_trials import follow_rules, follow_status

SHOWN_EVERY = 500  # records: the pages lay the columns of all records together anew after so many
_NEEDED = ("title", "eligibility", "status", "updated_on", "conditions")


class Change(StrEnum):
    NEW = "new"
    CHANGED = "changed"
    SAME = "same"
    OLDER = "older"  # than what is stored: left out


@dataclass(frozen=True, slots=True)
class Fault:
    """A record that could not be used, or that lacks something. nct: "" where none could be found, then `place` counts records from 1."""

    nct: str
    place: int
    message: str

    def __str__(self) -> str:
        return f"{self.nct or f'record {self.place}'}: {self.message}"


@dataclass(slots=True)
class Ingested:
    """What one run came to. closed and opened: NCT numbers whose recruitment ended or began; partial: records stored with parts missing."""

    counts: Counter[Change] = field(default_factory=Counter)
    malformed: list[Fault] = field(default_factory=list)
    partial: list[Fault] = field(default_factory=list)
    closed: list[str] = field(default_factory=list)
    opened: list[str] = field(default_factory=list)
    to_check: list[str] = field(default_factory=list)
    seen: set[str] = field(default_factory=set)

    def summary(self) -> str:
        return ", ".join(f"{self.counts[one]} {one.value}" for one in Change) + f", {len(self.malformed)} malformed"


def ingest(studies: Iterable[Any], *, now: datetime, data_timestamp: str = "") -> Iterable[Ingested]:
    """Store each study; yields the running result after each, so that progress can be shown. Each is stored whole or not at all."""
    result = Ingested()
    try:
        for place, study in enumerate(studies, 1):
            _ingest_one(study, place, result, now=now, data_timestamp=data_timestamp)
            if place % SHOWN_EVERY == 0:
                Revision.advance(Revision.REGISTRY)
            yield result
    finally:
        Revision.advance(Revision.REGISTRY)


def ingested(studies: Iterable[Any], *, now: datetime, data_timestamp: str = "") -> Ingested:
    """As ingest, to the end."""
    result = Ingested()
    for result in ingest(studies, now=now, data_timestamp=data_timestamp):  # noqa: B007
        pass
    return result


def _ingest_one(study: Any, place: int, result: Ingested, *, now: datetime, data_timestamp: str) -> None:
    try:
        trial = trial_from_record(study) if isinstance(study, Mapping) else None
        if trial is None:
            raise ValueError("not a study")
        if not NCT.fullmatch(trial.nct):
            raise ValueError(f"{trial.nct[:20]} is not NCT and 8 digits")
        packed = pack(study)
    except (ValueError, TypeError, RecursionError) as fault:
        result.malformed.append(Fault(_nct_in(study), place, str(fault) if isinstance(fault, ValueError) else "not a study"))
        return
    missing = [name for name in _NEEDED if not getattr(trial, name)]
    if missing:
        result.partial.append(Fault(trial.nct, place, f"lacks {', '.join(missing)}"))
    with transaction.atomic():
        _store(study, trial, packed, result, now=now, data_timestamp=data_timestamp)
    result.seen.add(trial.nct)


def _nct_in(study: Any) -> str:
    found = NCT.search(str(study)[:4000])
    return found[0] if found else ""


def pack(study: Mapping[str, Any]) -> bytes:
    return zlib.compress(json.dumps(study, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "surrogatepass"))


def _store(study: Mapping[str, Any], trial: Trial, packed: bytes, result: Ingested, *, now: datetime, data_timestamp: str) -> None:
    record = RegistryRecord.objects.select_for_update().filter(nct=trial.nct).first()
    digest = hashlib.sha256(packed).hexdigest()
    if record is not None and _is_older(study, trial, record):
        result.counts[Change.OLDER] += 1
        return
    before = None if record is None else (trial_from_record(record.study), record.status)
    change = Change.NEW if record is None else Change.SAME if record.digest == digest else Change.CHANGED
    result.counts[change] += 1
    record = record or RegistryRecord(nct=trial.nct)
    if change is not Change.SAME:
        record.packed, record.digest, record.changed_at = packed, digest, now
        record.status, record.updated_on = trial.status or "", str(trial.updated_on or "")
        record.aliases = _aliases(study)
        record.index_row, record.index_version = (index_row(trial), index_version()) if record.status in OPEN else (b"", "")
    record.seen_at = now
    record.data_timestamp = data_timestamp or record.data_timestamp
    record.save()
    _follow(record, trial, before, result, now=now, known_on=_known_on(trial, data_timestamp, now))


def _is_older(study: Mapping[str, Any], trial: Trial, record: RegistryRecord) -> bool:
    """Of an earlier day than what is stored; a line of a few fields must be of a later day to replace a whole study."""
    stored, offered = PartialDate.parse(record.updated_on), trial.updated_on
    if stored is None:
        return False
    if "protocolSection" not in study and "protocolSection" in record.study:
        return offered is None or offered.latest() <= stored.earliest()
    return offered is not None and offered.latest() < stored.earliest()


def _aliases(study: Mapping[str, Any]) -> list[str]:
    module = study.get("protocolSection")
    module = module.get("identificationModule") if isinstance(module, Mapping) else None
    named = module.get("nctIdAliases") if isinstance(module, Mapping) else None
    return [one for one in named if isinstance(one, str)] if isinstance(named, list) else []


def _known_on(trial: Trial, data_timestamp: str, now: datetime) -> date:
    """The day that the status is true for: of the registry's data, else of the record's last change, else today."""
    said = PartialDate.parse(data_timestamp[:10])
    if said is None and trial.updated_on is not None:
        return min(trial.updated_on.latest(), now.date())
    return said.latest() if said else now.date()


def _follow(
    record: RegistryRecord, trial: Trial, before: tuple[Trial, str] | None, result: Ingested, *, now: datetime, known_on: date
) -> None:
    """What follows from the record: the status history, and the trial that we show, if it is one."""
    old_trial, old_status = before if before else (None, "")
    if record.status and record.status != old_status:
        StatusChange.objects.create(record=record, status=record.status, known_on=known_on, noticed_at=now)
        if old_status in OPEN and record.status not in OPEN:
            result.closed.append(record.nct)
        if old_status and old_status not in OPEN and record.status in OPEN:
            result.opened.append(record.nct)
    shown = TrialRow.objects.filter(nct__in=[record.nct, *record.aliases]).first()
    if shown is None:
        return
    is_moved = follow_status(shown, record.status, known_on)
    if old_trial is not None and old_trial.eligibility != trial.eligibility:
        is_moved = True
        if follow_rules(shown, old_trial, trial, known_on) and shown.nct not in result.to_check:
            result.to_check.append(shown.nct)
    if is_moved:
        Revision.advance()
