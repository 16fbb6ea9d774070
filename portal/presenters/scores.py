"""The coordinators' decisions on the machine's facts, counted."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from portal.presenters.findings import kind_words
from records.actions.adding import PERSON
from records.management.decisions import share_right


@dataclass(frozen=True, slots=True)
class ScoreRow:
    """missed: facts of this field that people added, whatever the version of the rules. right: "93%", "" where nothing was judged."""

    field: str
    rules: str
    confirmed: int
    corrected: int
    rejected: int
    disputed: int
    missed: int
    right: str


def score_rows(decided: Iterable[tuple[str, str, Counter[str]]]) -> tuple[ScoreRow, ...]:
    rows = list(decided)
    missed = {kind: count["confirmed"] + count["corrected"] for kind, rules, count in rows if rules == PERSON}
    told = {kind for kind, rules, _count in rows if rules != PERSON}
    return tuple(
        _row(kind, "–" if rules == PERSON else rules, Counter() if rules == PERSON else count, missed.get(kind, 0))
        for kind, rules, count in rows
        if rules != PERSON or kind not in told
    )


def _row(kind: str, rules: str, count: Counter[str], missed: int) -> ScoreRow:
    right = share_right(count)
    shown = "" if right is None else f"{right:.0%}"
    return ScoreRow(kind_words(kind), rules, count["confirmed"], count["corrected"], count["rejected"], count["disputed"], missed, shown)
