"""The figures of reading, beside those of its rivals, in one run on one machine."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from records.management.reading_files import files_below
from records.reading import measure
from records.reading.measure import PageAt
from records.reading.page import Source


class Command(BaseCommand):
    help = "Measure reading on the files of a folder: throughput against bare Tesseract, text layers against pdfplumber, errors, memory."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("folder", type=Path, help="files; documents.json in it or beside it tells the text and kind of pages")
        parser.add_argument("--most", type=int, default=24, help="pages of each source to measure (default: 24)")

    def handle(self, *args: Any, folder: Path, most: int, **options: Any) -> None:
        if not folder.is_dir():
            raise CommandError("There is no such folder.")
        cores = len(os.sched_getaffinity(0))
        pages = measure.pages_of(files_below([folder]), measure.truths_of(folder), most)
        scans = [page for page in pages if page.source is Source.OCR]
        layers = [page for page in pages if page.source is Source.TEXT_LAYER]
        if not pages:
            raise CommandError("There is no page that can be read.")
        self.stdout.write(f"{len(scans)} recognised pages, {len(layers)} with a text layer, {cores} cores")
        with tempfile.TemporaryDirectory(prefix="cart-guide-") as made:
            pictures = {page: measure.page_picture(page, Path(made)) for page in scans}
            if scans:
                self._throughput(scans, pictures, cores)
            if layers:
                self._layers(layers)
            self._errors(pages, pictures, cores)
        self._memory(scans or pages)

    def _throughput(self, scans: list[PageAt], pictures: dict[PageAt, Path], cores: int) -> None:
        made = measure.throughput(scans, pictures, cores)
        self.stdout.write(
            f"recognition, pages/s on all cores: {made.ours:.2f} through the service, {made.bare:.2f} bare tesseract, "
            f"ratio {made.ratio:.2f} (goal 0.90 or more)"
        )
        self.stdout.write(f"time to the last page over an even share of the cores: {made.last_page:.2f} (goal 1.25 or less)")

    def _layers(self, layers: list[PageAt]) -> None:
        ours, theirs = measure.layer_seconds(layers)
        self.stdout.write(
            f"text layer, ms a page: {ours * 1000:.1f}, pdfplumber's words {theirs * 1000:.1f}, ratio {ours / theirs:.2f} (goal 0.50 or less)"
        )

    def _errors(self, pages: list[PageAt], pictures: dict[PageAt, Path], cores: int) -> None:
        for kind, made in sorted(measure.errors_by_kind(pages, pictures, cores).items()):
            bare = f", bare tesseract {made.bare / made.compared:.4f}" if made.compared else ""
            self.stdout.write(f"character error rate, {kind} ({made.pages} pages): {made.ours / max(made.characters, 1):.4f}{bare}")

    def _memory(self, pages: list[PageAt]) -> None:
        child, program = measure.peak_memory(pages)
        self.stdout.write(
            f"peak memory of a page, MiB: {child + program:.0f} ({child:.0f} reader, {program:.0f} tesseract; goal 1024 or less)"
        )
