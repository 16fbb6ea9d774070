"""What machines watch, in Prometheus' text format: counts and times of the queue. Nothing of a patient, not even how many there are."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from datetime import timedelta

from django.core.cache import cache
from django.utils import timezone

from records import queue
from records.management.commands.sweep import ALIVE
from records.reading import sandbox, second

WINDOW = timedelta(minutes=10)
DEGRADED_SECONDS = 600.0
READS_WITH = "worker_reads_with"
Samples = Iterable[tuple[Mapping[str, str], float]]


def oldest_waiting_seconds() -> float:
    oldest = queue.depth()["oldest_at"]
    return max(0.0, (timezone.now() - oldest).total_seconds()) if oldest else 0.0


def is_sweeper_alive() -> bool:
    return bool(cache.get(ALIVE))


def is_degraded() -> bool:
    """Pages answer, but files wait: nobody sweeps, or the oldest work has waited for ten minutes."""
    return not is_sweeper_alive() or oldest_waiting_seconds() > DEGRADED_SECONDS


def tell_reading() -> None:
    """For workers as they start: which limits hold for the children that open files, and whether a second engine is there."""
    cache.set(READS_WITH, sandbox.sandbox_level() | {"second_engine": second.is_installed()}, None)
    sandbox.rest()


def rendered() -> str:
    depth, minute = queue.depth(), queue.pace(timedelta(minutes=1))
    seconds: Counter[str] = Counter()
    steps: Counter[str] = Counter()
    failures: Counter[str] = Counter()
    for row in queue.pace(WINDOW):
        steps[row["step"]] += row["count"]
        seconds[row["step"]] += row["seconds"] or 0.0
        if row["failure_code"]:
            failures[row["failure_code"]] += row["count"]
    with_: dict[str, bool] = cache.get(READS_WITH) or {}
    families: list[tuple[str, str, Samples]] = [
        ("work", "Rows of work by state.", [({"state": one}, depth[one]) for one in ("waiting", "held", "failed")]),
        ("oldest_waiting_seconds", "How long the oldest row of work has waited.", [({}, oldest_waiting_seconds())]),
        ("pages_last_minute", "Pages read in the last minute.", [({}, sum(one["count"] for one in minute if one["step"] == "page"))]),
        ("steps_last_10_minutes", "Steps of work that ended.", [({"step": one}, count) for one, count in sorted(steps.items())]),
        ("step_seconds_last_10_minutes", "Seconds they took; step page is reading and OCR.", [({"step": one}, took) for one, took in sorted(seconds.items())]),
        ("failures_last_10_minutes", "Steps that failed, by code.", [({"code": one}, count) for one, count in sorted(failures.items())]),
        ("reading", "1 if the worker that started last has it.", [({"with": one}, float(has)) for one, has in sorted(with_.items())]),
        ("sweeper_alive", "1 if a sweeper went round lately.", [({}, float(is_sweeper_alive()))]),
    ]  # fmt: skip
    return "".join(_family(*one) for one in families)


def _family(name: str, about: str, samples: Samples) -> str:
    lines = [f"# HELP cartguide_{name} {about}", f"# TYPE cartguide_{name} gauge"]
    for labels, value in samples:
        inside = ",".join(f'{key}="{text}"' for key, text in labels.items())
        lines.append(f"cartguide_{name}{'{' + inside + '}' if inside else ''} {value:g}")
    return "\n".join(lines) + "\n"
