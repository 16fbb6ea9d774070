"""Studies of the registry → rows: the record as it came, its status over time, and what follows for the trials that we show.

A record never gets older: a file of last year does not overwrite what the registry said last week. A curator's word stays: a rule that was
edited is kept when its sentence is gone from the registry's text, and is marked to be looked at again.
"""

from __future__ import annotations

import hashlib
import json
import zlib
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from typing import Any

from django.db import transaction

from personalize.criteria import encode
from personalize.eligibility import TrialCriterion
from personalize.eligibility.diagnosis import codes_in
from personalize.eligibility.plain import plain
from personalize.profile import PartialDate
from personalize.trials import Trial, criteria_of, trial_from_record
from personalize.trials.index import index_row, index_version
from portal.models.content import Revision
from portal.models.trial import OPEN_STATUSES as OPEN
from portal.models.trial import Criterion, RegistryRecord, Site, StatusChange, TrialStatus
from portal.models.trial import Trial as TrialRow
from portal.registry import NCT

SHOWN_EVERY = 500  # records: the pages lay the columns of all records together anew after so many
_NEEDED = ("title", "eligibility", "status", "updated_on", "conditions")
Key = tuple[str, int]  # a sentence, and which of its rules


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
    is_moved = _follow_status(shown, record.status, known_on)
    if old_trial is not None and old_trial.eligibility != trial.eligibility:
        is_moved |= _follow_rules(shown, old_trial, trial, known_on, result)
    if is_moved:
        Revision.advance()


def _follow_status(shown: TrialRow, status: str, known_on: date) -> bool:
    """The newer word wins: a trial that closed since is shown as closed, with the day."""
    if not status or known_on < shown.status_on:
        return False
    known = status if status in TrialStatus.values else TrialStatus.UNKNOWN.value
    if (shown.status, shown.status_on) == (known, known_on):
        return False
    shown.status, shown.status_on = known, known_on
    shown.save(update_fields=["status", "status_on", "changed_at"])
    return True


def _follow_rules(shown: TrialRow, old: Trial, new: Trial, known_on: date, result: Ingested) -> bool:
    """Sentences that are gone take their unedited rules with them; edited ones stay, marked. New sentences bring theirs."""
    before, after = _keyed(criteria_of(old)), _keyed(criteria_of(new))
    mine = list(shown.criteria.exclude(registry_sentence=""))
    if not mine:
        return _mark(shown, known_on, result)
    rows = _rows_by_key(mine)
    for key, row in rows.items():
        _follow_rule(row, key in after, shown.nct, result)
    for place, (key, criterion) in enumerate(after.items()):
        if key not in before and key not in rows:
            _row_of(shown, place, criterion).save()
    return True


def _mark(shown: TrialRow, known_on: date, result: Ingested) -> bool:
    """Rules in our own words stand until an editor has looked."""
    shown.rules_changed_on = known_on
    shown.save(update_fields=["rules_changed_on", "changed_at"])
    result.to_check.append(shown.nct)
    return True


def _follow_rule(row: Criterion, is_there: bool, nct: str, result: Ingested) -> None:
    if not is_there and not is_edited(row):
        row.delete()
        return
    if row.is_to_check == is_there:
        row.is_to_check = not is_there
        row.save(update_fields=["is_to_check", "changed_at"])
    if not is_there and nct not in result.to_check:
        result.to_check.append(nct)


def _keyed(criteria: Sequence[TrialCriterion]) -> dict[Key, TrialCriterion]:
    seen: Counter[str] = Counter()
    made: dict[Key, TrialCriterion] = {}
    for one in criteria:
        made[one.sentence, seen[one.sentence]] = one
        seen[one.sentence] += 1
    return made


def _rows_by_key(rows: Sequence[Criterion]) -> dict[Key, Criterion]:
    seen: Counter[str] = Counter()
    made: dict[Key, Criterion] = {}
    for one in sorted(rows, key=lambda row: (row.order, row.pk)):
        made[one.registry_sentence, seen[one.registry_sentence]] = one
        seen[one.registry_sentence] += 1
    return made


def _columns(row: Criterion) -> str:
    said = (row.kind, row.sentence, row.rule, row.cohort, row.is_recoverable, row.question)
    return hashlib.sha256(json.dumps(said, sort_keys=True).encode("utf-8", "surrogatepass")).hexdigest()


def is_edited(row: Criterion) -> bool:
    """Has a person changed what the machine read?"""
    return row.seed_digest != _columns(row)


def _row_of(shown: TrialRow, place: int, one: TrialCriterion) -> Criterion:
    """The rule as the machine read it, to be put in plain words by an editor."""
    row = Criterion(
        trial=shown, order=place, kind=one.kind.value, sentence=one.sentence, registry_sentence=one.sentence,
        rule=encode(one.rule) if one.rule is not None else None, cohort="; ".join(one.cohorts)[:60],
        is_recoverable=bool(one.recoverable), question=(one.question or "")[:300],
    )  # fmt: skip
    row.seed_digest = _columns(row)
    return row


def take_up(record: RegistryRecord) -> TrialRow:
    """A trial of ours made from a record, with its rules as read; not shown until an editor has put it in plain words. Once made, kept."""
    with transaction.atomic():
        made, is_new = TrialRow.objects.get_or_create(nct=record.nct, defaults=_trial_columns(record))
        if is_new:
            read = trial_from_record(record.study)
            Criterion.objects.bulk_create(_row_of(made, place, one) for place, one in enumerate(criteria_of(read)))
            Site.objects.bulk_create(_site_of(made, one) for one in read.places if one.country)
            Revision.advance()
    return made


def _trial_columns(record: RegistryRecord) -> dict[str, Any]:
    read = trial_from_record(record.study)
    codes = [code for code, _, _ in codes_in(plain("; ".join(read.conditions))) if code != "any_cancer"]
    changes = record.statuses.order_by("-known_on", "-pk")
    latest = changes.first()
    return {
        "title": read.title[:300],
        "what_is_tested": read.summary,
        "phase": (read.phase or "").replace("PHASE", "").replace(", ", "/")[:20],
        "status": record.status if record.status in TrialStatus.values else TrialStatus.UNKNOWN.value,
        "status_on": latest.known_on if latest else record.seen_at.date(),
        "conditions": list(dict.fromkeys(codes)),
        "countries": sorted({one.country for one in read.places if one.country}),
        "is_shown": False,
    }


def _site_of(made: TrialRow, place: Any) -> Site:
    return Site(
        trial=made, facility=place.facility[:200], city=place.city[:100], country=place.country[:100], latitude=place.latitude,
        longitude=place.longitude,
    )  # fmt: skip
