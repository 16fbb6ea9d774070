"""How good the extraction is: against people's decisions, or against scorers with gold data."""

from __future__ import annotations

from collections import Counter
from datetime import date
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from records.management.scorers import figures
from records.models import Review

_COLUMNS = ("confirmed", "corrected", "rejected", "disputed")


class Command(BaseCommand):
    help = "Print how the machine's facts fared with coordinators and patients, or, for a folder of scorers, the figures they give."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("folder", nargs="?", type=Path, help="with tools/, eval/ and patients/; without it, people's decisions")
        parser.add_argument("--today", type=date.fromisoformat, help="the day to count from (default: today)")

    def handle(self, *args: Any, **options: Any) -> None:
        folder = options["folder"]
        if folder is None:
            self._decisions()
        elif (folder / "tools").is_dir():
            self._figures(folder, options["today"] or timezone.localdate())
        else:
            raise CommandError("That folder has no tools/ with scorers in it.")

    def _figures(self, folder: Path, today: date) -> None:
        self.stdout.write(f"{'scorer':<12}{'figure':<22}{'value':>10}{'reach':>12}")
        reached = []
        for one in figures(folder, today=today):
            value = "-" if one.value is None else f"{one.value:.4g}"
            bound = f"{'<=' if one.is_at_most else '>='} {one.reach:g}"
            self.stdout.write(f"{one.scorer:<12}{one.key:<22}{value:>10}{bound:>12}  {'' if one.is_reached else 'not reached'}".rstrip())
            reached.append(one.is_reached)
        self.stdout.write(f"{sum(reached)} of {len(reached)} reached")

    def _decisions(self) -> None:
        """Each person's newest decision on each fact, by field and version of its rules. No value is opened."""
        newest: dict[tuple[Any, Any], tuple[str, str, str]] = {}
        for row in Review.objects.order_by("at", "id").values_list(
            "finding_id", "by_id", "finding__kind", "finding__extractor", "decision"
        ):
            newest[row[:2]] = row[2:]
        counts: dict[tuple[str, str], Counter[str]] = {}
        for kind, extractor, decision in newest.values():
            counts.setdefault((kind, extractor), Counter())[decision] += 1
        self.stdout.write(f"{'field':<18}{'rules':<20}" + "".join(f"{name:>11}" for name in _COLUMNS) + f"{'right':>8}")
        for (kind, extractor), count in sorted(counts.items()):
            judged = count["confirmed"] + count["corrected"] + count["rejected"]
            right = f"{count['confirmed'] / judged:.2f}" if judged else "-"
            self.stdout.write(f"{kind:<18}{extractor:<20}" + "".join(f"{count[name]:>11}" for name in _COLUMNS) + f"{right:>8}")
        if not counts:
            self.stdout.write("Nobody has decided on a fact yet.")
