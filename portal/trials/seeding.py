"""The seed of trials → rows. What a person has changed since the last seed is left alone."""

from __future__ import annotations

import hashlib
import json
import tomllib
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import models, transaction

from personalize.criteria import Criterion, CriterionFault, decode
from personalize.eligibility import Kind, is_recoverable
from portal.models import trial as rows
from portal.models.editable import Revision

Columns = dict[str, Any]
_TRIAL = ("title", "what_is_tested", "target", "kind", "phase", "status", "status_on", "conditions", "countries")
_CRITERION = ("order", "kind", "sentence", "rule", "cohort", "is_recoverable", "question")
_SITE = ("facility", "city", "state", "country", "postcode", "latitude", "longitude")


class TrialSeedFault(ValueError):
    """The seed of trials is not what it should be. The text names the trial and what is wrong, for an editor."""


def load_trials(path: Path | None = None) -> int:
    """Write the seed; returns how many trials, lists of rules and lists of places were made or replaced.

    A trial's own columns, its rules and its places are three units: one that an admin has changed since the last seed is left alone.
    Raises TrialSeedFault before anything is written.
    """
    seeds = _read_seed(path or settings.BASE_DIR / "portal" / "seed" / "trials.toml")
    with transaction.atomic():
        written = sum(_store(seed) for seed in seeds)
        Revision.advance()
    return written


def _read_seed(path: Path) -> list[Columns]:
    """Columns of each trial, its `criteria` and `sites` beside them."""
    made = tomllib.loads(path.read_text(encoding="utf-8"))
    return [_seed_of(one) for one in made.get("trial", ())]


def _seed_of(made: Mapping[str, Any]) -> Columns:
    nct = made.get("nct", "a trial without an NCT number")
    try:
        columns = {"nct": made["nct"]} | {name: made[name] for name in _TRIAL}
        columns["criteria"] = [_criterion_columns(number, one) for number, one in enumerate(made.get("criteria", ()))]
        columns["sites"] = [_site_columns(one) for one in made.get("sites", ())]
    except (KeyError, CriterionFault) as fault:
        raise TrialSeedFault(f"{nct}: {fault}") from fault
    return columns


def _criterion_columns(order: int, made: Mapping[str, Any]) -> Columns:
    rule: Criterion | None = decode(made["rule"]) if "rule" in made else None
    return {
        "order": order,
        "kind": Kind(made["kind"]).value,
        "sentence": made["sentence"],
        "rule": made.get("rule"),
        "cohort": made.get("cohort", ""),
        "is_recoverable": made.get("recoverable", rule is not None and is_recoverable(rule)),
        "question": made.get("question", ""),
    }


def _site_columns(made: Mapping[str, Any]) -> Columns:
    return {name: made.get(name, None if name in ("latitude", "longitude") else "") for name in _SITE}


def _store(seed: Columns) -> int:
    own = {name: seed[name] for name in _TRIAL}
    row = rows.Trial.objects.filter(nct=seed["nct"]).first() or rows.Trial(nct=seed["nct"])
    written = 0
    if _is_to_write(row.seed_digest, _digest([_now(row, _TRIAL)]), _digest([own]), is_new=row._state.adding):
        for name, one in own.items():
            setattr(row, name, one)
        row.seed_digest = _digest([own])
        models.Model.save(row)
        written += 1
    written += _store_list(rows.Criterion, row, _CRITERION, seed["criteria"])
    return written + _store_list(rows.Site, row, _SITE, seed["sites"])


def _store_list(model: type[rows.Criterion | rows.Site], trial: rows.Trial, names: Sequence[str], wanted: list[Columns]) -> int:
    """All rows of one trial together: replaced as a whole, or left as a whole where one of them was changed, added or taken away."""
    mine = list(model._default_manager.filter(trial=trial).order_by("pk"))
    digests = {one.seed_digest for one in mine}
    before = digests.pop() if len(digests) == 1 else ""
    if not _is_to_write(before, _digest(_now(one, names) for one in mine), _digest(wanted), is_new=not mine):
        return 0
    if not mine and not wanted:
        return 0
    model._default_manager.filter(trial=trial).delete()
    model._default_manager.bulk_create(model(trial=trial, seed_digest=_digest(wanted), **one) for one in wanted)
    return 1


def _is_to_write(before: str, now: str, wanted: str, *, is_new: bool) -> bool:
    """New, or still as the seed left it while the seed has moved on."""
    return is_new or (before == now and before != wanted)


def _now(row: models.Model, names: Iterable[str]) -> Columns:
    return {name: getattr(row, name) for name in names}


def _digest(columns: Iterable[Columns]) -> str:
    return hashlib.sha256(json.dumps(list(columns), sort_keys=True, default=str).encode()).hexdigest()
