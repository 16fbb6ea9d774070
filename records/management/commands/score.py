"""How good the extraction is: against people's decisions, or against scorers with gold data."""

from __future__ import annotations

from collections import Counter
from datetime import date
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from records.management.decisions import DECISIONS, decisions_by_field, share_right
from records.management.scorers import figures


class Command(BaseCommand):
    help = "Print how the machine's facts fared with coordinators or patients, or, for a folder of scorers, the figures they give."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("folder", nargs="?", type=Path, help="with tools/, eval/ and patients/; without it, people's decisions")
        parser.add_argument("--today", type=date.fromisoformat, help="the day to count from (default: today)")
        parser.add_argument(
            "--by", choices=["coordinator", "patient", "all"], default="coordinator", help="whose decisions (default: coordinator)"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        folder = options["folder"]
        if folder is None:
            self._decisions(None if options["by"] == "all" else options["by"])
        elif (folder / "tools").is_dir():
            self._figures(folder, options["today"] or timezone.localdate())
        else:
            raise CommandError("That folder has no tools/ with scorers in it.")

    def _figures(self, folder: Path, today: date) -> None:
        self.stdout.write(f"{'scorer':<12}{'figure':<22}{'value':>10}{'reach':>12}{'one half':>10}{'other':>9}")
        reached = []
        for one in figures(folder, today=today):
            bound = f"{'<=' if one.is_at_most else '>='} {one.reach:g}"
            halves = "".join(f"{_shown(half):>9}" for half in one.halves) if one.halves else f"{'':18}"
            row = f"{one.scorer:<12}{one.key:<22}{_shown(one.value):>10}{bound:>12} {halves}  {'' if one.is_reached else 'not reached'}"
            self.stdout.write(row.rstrip())
            reached.append(one.is_reached)
        self.stdout.write(f"{sum(reached)} of {len(reached)} reached")

    def _decisions(self, role: str | None) -> None:
        rows = list(decisions_by_field(role))
        if not rows:
            self.stdout.write("Nobody has decided on a fact yet.")
            return
        self.stdout.write(f"{'field':<18}{'rules':<20}" + "".join(f"{name:>11}" for name in DECISIONS) + f"{'right':>8}")
        whole: Counter[str] = Counter()
        for kind, extractor, count in rows:
            self._decided(kind, extractor, count)
            whole += count
        self._decided("all", "", whole)

    def _decided(self, kind: str, extractor: str, count: Counter[str]) -> None:
        right = share_right(count)
        shown = "-" if right is None else f"{right:.2f}"
        self.stdout.write(f"{kind:<18}{extractor:<20}" + "".join(f"{count[name]:>11}" for name in DECISIONS) + f"{shown:>8}")


def _shown(value: float | None) -> str:
    """Counts whole, shares to four places."""
    return "-" if value is None else f"{value:.4f}".rstrip("0").rstrip(".")
