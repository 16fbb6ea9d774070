"""The table of what trial matching comes to, on a folder of judged records with their scorers."""

from __future__ import annotations

import tempfile
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from portal.management.trial_figures import Folder, figures


class Command(BaseCommand):
    help = "Measure trial matching. FOLDER holds trialgold, trials and tools. The database must be migrated; it is left as it was."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("folder", type=Path)

    def handle(self, *, folder: Path, **options: Any) -> None:
        if missing := [name for name in ("trialgold", "trials", "tools") if not (folder / name).is_dir()]:
            raise CommandError(f"{folder.name} has no folder {missing[0]}.")
        with tempfile.TemporaryDirectory() as work:
            for one in figures(Folder(folder, Path(work))):
                self.stdout.write(f"{one.name:78} {one.value:>10}   {one.reach}")
                self.stdout.flush()
