"""The trials that we show, made of records of the registry: taken up, and kept in step with what the registry says later.

A curator's word stays: a rule that was edited is kept when its sentence is gone from the registry's text, and is marked to be looked at again.
"""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from collections.abc import Callable, Iterable
from datetime import date
from typing import Any, TypeVar

from django.db import transaction

from personalize.criteria import encode
from personalize.eligibility import TrialCriterion
from personalize.eligibility.diagnosis import codes_in
from personalize.eligibility.plain import plain
from personalize.trials import Trial, criteria_of, trial_from_record
from portal.models.editable import Revision
from portal.models.trial import Criterion, RegistryRecord, Site, TrialStatus
from portal.models.trial import Trial as TrialRow

T = TypeVar("T")
Key = tuple[str, int]  # a sentence of the registry, and which of its rules


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


def follow_status(shown: TrialRow, status: str, known_on: date) -> bool:
    """The newer word wins: a trial that closed since is shown as closed, with the day. Whether anything changed."""
    if not status or known_on < shown.status_on:
        return False
    known = status if status in TrialStatus.values else TrialStatus.UNKNOWN.value
    if (shown.status, shown.status_on) == (known, known_on):
        return False
    shown.status, shown.status_on = known, known_on
    shown.save(update_fields=["status", "status_on", "changed_at"])
    return True


def follow_rules(shown: TrialRow, old: Trial, new: Trial, known_on: date) -> bool:
    """Sentences that are gone take their unedited rules with them; edited ones stay, marked. New sentences bring theirs. Whether an editor has
    to look."""
    mine = list(shown.criteria.exclude(registry_sentence="").order_by("order", "pk"))
    if not mine:  # rules in our own words stand until an editor has looked
        shown.rules_changed_on = known_on
        shown.save(update_fields=["rules_changed_on", "changed_at"])
        return True
    before, after = (_by_key(criteria_of(one), lambda rule: rule.sentence) for one in (old, new))
    rows = _by_key(mine, lambda row: row.registry_sentence)
    is_to_check = [_follow_rule(row, key in after) for key, row in rows.items()]
    for place, (key, criterion) in enumerate(after.items()):
        if key not in before and key not in rows:
            _row_of(shown, place, criterion).save()
    return any(is_to_check)


def _follow_rule(row: Criterion, is_there: bool) -> bool:
    """Whether an editor has to look at it."""
    if not is_there and not is_edited(row):
        row.delete()
        return False
    if row.is_to_check == is_there:
        row.is_to_check = not is_there
        row.save(update_fields=["is_to_check", "changed_at"])
    return not is_there


def _by_key(rules: Iterable[T], sentence_of: Callable[[T], str]) -> dict[Key, T]:
    """In order; one sentence may have several rules."""
    seen: Counter[str] = Counter()
    made: dict[Key, T] = {}
    for one in rules:
        sentence = sentence_of(one)
        made[sentence, seen[sentence]] = one
        seen[sentence] += 1
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
