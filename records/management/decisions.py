"""How the machine fared with people: their decisions on its facts, by field and version of the rules. No value is opened."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from itertools import groupby

from records.models import Review
from records.models.finding import standing

DECISIONS = ("confirmed", "corrected", "rejected", "disputed")


def decisions_by_field(role: str | None = None) -> Iterator[tuple[str, str, Counter[str]]]:
    """(kind, rules and version, how often each decision), sorted. Of a fact that a person decided on twice, the decision that stands
    now; of one that several decided on, each person's. role: of these people only ("coordinator", "patient")."""
    rows = Review.objects.select_related("finding").only(
        "decision", "by_id", "by_role", "at", "finding__kind", "finding__extractor", "finding_id"
    )
    counts: dict[tuple[str, str], Counter[str]] = {}
    for _, reviews in groupby(rows.order_by("finding_id", "at", "id").iterator(), key=lambda one: one.finding_id):
        newest = {one.by_id: one for one in standing(reviews) if role in (None, one.by_role)}
        for one in newest.values():
            counts.setdefault((one.finding.kind, one.finding.extractor), Counter())[one.decision] += 1
    for (kind, extractor), count in sorted(counts.items()):
        yield kind, extractor, count


def share_right(count: Counter[str]) -> float | None:
    """Confirmed, of all that were confirmed, corrected or rejected; None where nothing was. Disputed is still open and counts nowhere."""
    judged = count["confirmed"] + count["corrected"] + count["rejected"]
    return count["confirmed"] / judged if judged else None
