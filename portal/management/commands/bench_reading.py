"""The figures of reading, beside those of its rivals, in one run on one machine."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from collections import Counter
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from records.management.reading_files import files_below
from records.reading import measure
from records.reading.measure import TURNS, PageAt
from records.reading.page import Source
from records.reading.sniff import PDF

PHOTOS = "photos"
AS_SCANNED = 300  # dots per inch, what scanners of hospitals are set to


class Command(BaseCommand):
    help = "Measure reading on the files of a folder: against bare Tesseract, OCRmyPDF and pdfplumber; a long scan through the whole service; errors, memory."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("folder", type=Path, help="files; documents.json in it or beside it tells the text and kind of pages")
        parser.add_argument("--most", type=int, default=24, help="pages of each source to measure (default: 24)")
        parser.add_argument(
            "--long", type=int, default=20, help="pages of the scan that goes through the whole service; 0: none (default: 20)"
        )
        parser.add_argument("--ocrmypdf", type=Path, help="the program of OCRmyPDF, installed somewhere of its own: runs on the same scan")

    def handle(self, *args: Any, folder: Path, most: int, long: int, ocrmypdf: Path | None, **options: Any) -> None:
        if not folder.is_dir():
            raise CommandError("There is no such folder.")
        cores = len(os.sched_getaffinity(0))
        pages = measure.pages_of(files_below([folder]), measure.truths_of(folder), most)
        scans = [page for page in pages if page.source is Source.OCR]
        layers = [page for page in pages if page.source is Source.TEXT_LAYER]
        if not pages:
            raise CommandError("There is no page that can be read.")
        self.stdout.write(f"{len(scans)} recognised pages, {len(layers)} with a text layer, {cores} cores")
        with tempfile.TemporaryDirectory(prefix="cart-guide-") as made, tempfile.TemporaryDirectory(prefix="cart-guide-") as other:
            pictures = {page: measure.page_picture(page, Path(made)) for page in scans}
            scanned = {page: measure.page_picture(page, Path(other), measure.dots(page)) for page in scans}
            for name, some in (
                ("scans and faxes", [one for one in scans if not measure.is_photo(one)]),
                (PHOTOS, [one for one in scans if measure.is_photo(one)]),
            ):
                if some:
                    self._throughput(name, some, (pictures, scanned), cores)
            if layers:
                self._layers(layers)
            self._errors(pages, pictures, cores)
        self._memory(scans or pages)
        scan = next((page for page in scans if page.media_type == PDF and (page.truth is None or page.truth.kind == "scan")), None)
        if long and scan is not None:
            self._long(scan, long, cores, ocrmypdf)

    def _long(self, scan: PageAt, count: int, cores: int, ocrmypdf: Path | None) -> None:
        """One page alone and many of it, through a whole service of their own; then the rivals on the same."""
        with tempfile.TemporaryDirectory(prefix="cart-guide-") as folder, tempfile.TemporaryDirectory(prefix="cart-guide-") as scratch:
            path = Path(folder)
            for name, pages in (("1 alone", 1), ("2 alone", 1), ("3 long", count)):  # the first page finds everything cold
                measure.copies(scan, pages, path / f"{name}.pdf")
            seconds: Counter[str] = Counter()
            worker_mib = 0.0
            for turn in range(TURNS):
                tried, largest = self._through_the_service(path, cores)
                worker_mib = max(worker_mib, largest)
                for name, took in tried.items():
                    seconds[name] += took / TURNS
                for name, dpi in (("bare", measure.OCR_DPI), ("as scanned", AS_SCANNED)):
                    (drawn := Path(scratch, f"{turn} {name}")).mkdir()
                    seconds[name] += measure.bare_seconds(scan, count, cores, drawn, dpi) / TURNS
            made = measure.Long(
                pages=count,
                cores=cores,
                last=seconds["3 long.pdf"],
                alone=seconds["2 alone.pdf"],
                bare=seconds["bare"],
                bare_as_scanned=seconds["as scanned"],
                ocrmypdf=measure.ocrmypdf_seconds(ocrmypdf, path / "3 long.pdf", cores, Path(scratch)) if ocrmypdf else None,
            )
        self._tell_long(made, worker_mib)

    def _through_the_service(self, folder: Path, cores: int) -> tuple[dict[str, float], float]:
        """(seconds from received to read, by file; MiB of the largest worker)."""
        command = [sys.executable, "manage.py", "try_files", str(folder), "--jsonl", "--workers", str(cores)]
        lines = subprocess.run(command, check=False, capture_output=True, text=True).stdout.splitlines()
        *tried, total = [json.loads(line) for line in lines if line.startswith("{")]
        return {one["file"]: float(one["read_seconds"]) for one in tried}, float(total["worker_mib"])

    def _tell_long(self, made: measure.Long, worker_mib: float) -> None:
        self.stdout.write(
            f"a scan of {made.pages} pages through the whole service: {made.last:.1f} s to the last page, {made.alone:.2f} s for one alone, "
            f"ratio to an even share of the cores {made.share:.2f} (goal 1.25 or less)"
        )
        self.stdout.write(
            f"the same scan, bare tesseract on all cores: {made.bare:.1f} s on our pictures, ratio {made.bare / made.last:.2f}; "
            f"{made.bare_as_scanned:.1f} s as scanned ({AS_SCANNED} dpi), ratio {made.bare_as_scanned / made.last:.2f} (goal 0.90 or more)"
        )
        if made.ocrmypdf is not None:
            self.stdout.write(
                f"the same scan, OCRmyPDF: {made.ocrmypdf:.1f} s, ours in {made.last / made.ocrmypdf:.2f} of it (goal: less than 1)"
            )
        self.stdout.write(f"largest worker between pages, MiB: {worker_mib:.0f} (goal: less than 400)")

    def _throughput(self, name: str, scans: list[PageAt], pictures: tuple[dict[PageAt, Path], dict[PageAt, Path]], cores: int) -> None:
        """Files of a page or two, as a worker reads those of one person."""
        made = measure.throughput(scans, *pictures, cores)
        goal = "goal 0.90 or more" if name != PHOTOS else "no goal: half of what the bare program reads of them is wrong"
        self.stdout.write(
            f"recognition of {len(scans)} {name} in short files, pages/s on all cores: {made.ours:.2f} through the readers, {made.bare:.2f} bare "
            f"tesseract on our pictures, ratio {made.ratio:.2f}; {made.as_scanned:.2f} as scanned, "
            f"ratio {made.ours / made.as_scanned:.2f} ({goal})"
        )
        self.stdout.write(f"{name}, time to the last page over an even share of the cores: {made.last_page:.2f} (goal 1.25 or less)")

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
