"""Rows of the first look as bytes, to be stored beside the records of a registry and laid together again without reading one.

What keeps a record out here is only what the registry's own fields say (age, sex, condition, status): a rule that a program read out of running
text orders the list and never shortens it.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from functools import cache

import numpy as np

from personalize.eligibility.diagnosis import codes_in
from personalize.eligibility.fields import years
from personalize.eligibility.plain import plain
from personalize.trials.match import criteria_of
from personalize.trials.screen import ANY_SEX, OLDEST, SEXES, YOUNGEST, Columns, bits, cancer_places, marker_places, markers_of
from personalize.trials.search import GENERAL
from personalize.trials.values import OPEN_STATUSES, Trial

_WORDS = 64  # bits


@cache
def _layout() -> np.dtype[np.void]:
    cancers, markers = (-(-len(places) // _WORDS) for places in (cancer_places(), marker_places()))
    return np.dtype(
        [
            ("min_age", "<f4"), ("max_age", "<f4"), ("updated", "<f4"), ("sex", "u1"), ("is_open", "u1"),
            ("cancers", "<u8", (cancers,)), ("about", "<u8", (cancers,)), ("markers", "<u8", (markers,)),
        ]
    )  # fmt: skip


@cache
def index_version() -> str:
    """Of the vocabulary that gives the bits their places: rows of another one must be made anew."""
    names = "\n".join((*cancer_places(), "", *marker_places()))
    return hashlib.sha256(names.encode()).hexdigest()[:12]


def index_row(trial: Trial) -> bytes:
    """One record as a row; reads its rules once, for the markers they name."""
    row = np.zeros((), dtype=_layout())
    row["min_age"] = years(trial.min_age) if trial.min_age and years(trial.min_age) is not None else YOUNGEST
    row["max_age"] = years(trial.max_age) if trial.max_age and years(trial.max_age) is not None else OLDEST
    row["sex"] = SEXES.get((trial.sex or "").lower(), ANY_SEX)
    row["is_open"] = trial.status in OPEN_STATUSES
    row["updated"] = trial.updated_on.latest().toordinal() if trial.updated_on else 0
    conditions = [_codes(one) for one in trial.conditions]
    named = _codes(trial.title).union(*conditions)
    row["cancers"] = bits(cancer_places(), frozenset().union(*conditions) if _are_all_cancers(conditions) else ())
    row["about"] = bits(cancer_places(), named - GENERAL)
    row["markers"] = bits(marker_places(), {name for one in criteria_of(trial) for name in markers_of(one)})
    return row.tobytes()


def _codes(words: str) -> frozenset[str]:
    return frozenset(code for code, _, _ in codes_in(plain(words)))


def _are_all_cancers(conditions: Sequence[frozenset[str]]) -> bool:
    """Only where each condition is a cancer that we know does the field say whom the trial is not for."""
    return bool(conditions) and all(one and "any_cancer" not in one and one <= cancer_places().keys() for one in conditions)


def columns_from(rows: Iterable[bytes]) -> Columns:
    """The columns of rows as index_row made them, of the same version."""
    read = np.frombuffer(b"".join(rows), dtype=_layout())
    return Columns(**{name: np.ascontiguousarray(read[name]) for name in Columns.__slots__})
