"""Figures of the readers beside their rivals on the same pages, cores and minutes: bare Tesseract processes, and pdfplumber for text layers.

Used by `manage.py bench_reading`. Times are wall-clock seconds, memory is in MiB, character error rates are shares (0–1) after white space
is collapsed.
"""

from __future__ import annotations

import json
import os
import subprocess
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeVar

from records import reading
from records.exceptions import ReadingError
from records.reading import picture, sandbox
from records.reading.drawing import render
from records.reading.ocr import tesseract
from records.reading.page import Source
from records.reading.patience import MOST_TOGETHER, PAGE_SECONDS
from records.reading.pdf import COVERING, OCR_DPI, largest_picture, opened
from records.reading.reader import Wanted
from records.reading.sniff import PDF, TIFF

P = TypeVar("P")
T = TypeVar("T")
TURNS = 2  # so that a busy machine is as busy for us and our rivals


@dataclass(frozen=True, slots=True)
class Truth:
    """The printed text of a page, and of what kind it is: digital, scan, fax, photo…"""

    kind: str
    text: str


@dataclass(frozen=True, slots=True)
class PageAt:
    """Where a page is. source: where its words came from when it was read once to find out."""

    path: Path
    media_type: str
    number: int
    source: Source
    truth: Truth | None = None


@dataclass(frozen=True, slots=True)
class Throughput:
    """Pages a second on all cores, and seconds a page when one is read alone. as_scanned: of the bare program, on pictures at the dots of the scan."""

    pages: int
    ours: float
    bare: float
    alone: float
    cores: int
    as_scanned: float

    @property
    def ratio(self) -> float:
        return self.ours / self.bare

    @property
    def last_page(self) -> float:
        """Time to the last page over that of pages shared evenly between the cores; 1 is perfect."""
        return (self.pages / self.ours) / (self.pages * self.alone / self.cores)


@dataclass(slots=True)
class Errors:
    """Wrong characters of a kind of page: ours, and those of the bare program on the same picture."""

    pages: int = 0
    characters: int = 0
    ours: int = 0
    bare: int = 0
    compared: int = field(default=0)


def truths_of(folder: Path) -> dict[Path, dict[int, Truth]]:
    """What is known: documents.json beside the folder `files`, lists files with the kind and text of their pages."""
    found: dict[Path, dict[int, Truth]] = {}
    for listing in sorted({*folder.rglob("documents.json"), *folder.parent.glob("documents.json")}):
        for document in json.loads(listing.read_text(encoding="utf-8")).get("documents", []):
            path = next((place for place in (listing.parent / "files", listing.parent) if (place / document["file"]).is_file()), None)
            if path is not None:
                pages = document.get("pages", [])
                found[(path / document["file"]).resolve()] = {page["page"]: Truth(page["kind"], page.get("text") or "") for page in pages}
    return found


def pages_of(paths: Iterable[Path], truths: Mapping[Path, Mapping[int, Truth]], most: int) -> list[PageAt]:
    """Pages that can be read, at most `most` of each source, spread over the files. Reads each of them once."""
    waiting = []
    for path in paths:
        try:
            made = sandbox.open_document(path)
        except ReadingError:
            continue
        waiting += [(number, path, made.media_type) for number in range(1, made.page_count + 1)]
    found: list[PageAt] = []
    for number, path, media_type in sorted(waiting, key=lambda one: one[0]):
        if all(sum(page.source is source for page in found) >= most for source in Source):
            break
        try:
            page = sandbox.read_page(path, media_type, number).page
        except ReadingError:
            continue
        if page.words and sum(one.source is page.source for one in found) < most:
            found.append(PageAt(path, media_type, number, page.source, truths.get(path.resolve(), {}).get(number)))
    return found


# --- recognition --------------------------------------------------------------------------------------------------------------------------


def throughput(pages: Sequence[PageAt], pictures: Mapping[PageAt, Path], scanned: Mapping[PageAt, Path], cores: int) -> Throughput:
    """The service's way (sandbox, preparation, recognition, layout, stored picture) against the bare program, both on all cores, in turns."""
    alone = _timed(lambda: [_ours_together([page]) for page in pages[:4]]) / min(len(pages), 4)
    ours = bare = as_scanned = 0.0
    for _ in range(TURNS):
        ours += _timed(lambda: side_by_side(_ours_together, gone_about(pages, cores), cores)) / TURNS
        bare += _timed(lambda: side_by_side(lambda page: bare_text(pictures[page]), pages, cores)) / TURNS
        as_scanned += _timed(lambda: side_by_side(lambda page: bare_text(scanned[page]), pages, cores)) / TURNS
    return Throughput(len(pages), len(pages) / ours, len(pages) / bare, alone, cores, len(pages) / as_scanned)


def dots(page: PageAt) -> int:
    """Per inch, of the scan on the page of a PDF; those of our pictures where it is none."""
    if page.media_type != PDF:
        return OCR_DPI
    with opened(page.path, None) as document:
        scan = largest_picture(document[page.number - 1])
    return round(scan.dpi) if scan.share > COVERING and scan.dpi >= 72 else OCR_DPI


def is_photo(page: PageAt) -> bool:
    """Of a camera, by its kind where that is known, else by its file: scanners make PDF and TIFF."""
    return page.truth.kind in ("photo", "heic") if page.truth else page.media_type not in (PDF, TIFF)


def side_by_side(call: Callable[[P], T], pages: Sequence[P], cores: int) -> list[T]:
    with ThreadPoolExecutor(cores) as pool:
        return list(pool.map(call, pages))


def _ours(page: PageAt) -> str:
    return sandbox.read_page(page.path, page.media_type, page.number).page.text


def _ours_together(pages: Sequence[PageAt]) -> int:
    """Read and drawn as a worker does with pages of one person: how many."""
    return len(list(sandbox.read_and_render([Wanted(page.path, page.number, page.media_type) for page in pages])))


def gone_about(pages: Sequence[PageAt], cores: int) -> list[list[PageAt]]:
    """Pages that a worker reads in one go: of files of one person, not too many, and leaving the other workers their share (records/queue.py)."""
    left = sorted(pages, key=lambda one: (str(one.path), one.number))
    made = []
    while left:
        count = 1 + min(MOST_TOGETHER - 1, (len(left) - 1) // cores)
        made.append(left[:count])
        left = left[count:]
    return made


def _timed(call: Callable[[], Any]) -> float:
    started = time.perf_counter()
    call()
    return time.perf_counter() - started


def page_picture(page: PageAt, folder: Path, dpi: int = OCR_DPI) -> Path:
    """What the bare program gets: the page as our reader sees it before any preparation, uncompressed, as TIFF: it reads that fastest."""
    if page.media_type == PDF:
        with opened(page.path, None) as document:
            image = render(document[page.number - 1], dpi)
    else:
        image = picture.load(page.path, page.media_type, page.number)
    made = folder / f"{len(list(folder.iterdir())):04}.tif"
    image.convert("L").save(made, compression="raw")  # not the one it came with
    return made


def bare_text(path: Path) -> str:
    program, models = tesseract()
    command = [program, str(path), "stdout", "--psm", "3", "--oem", "1", "-l", "eng"] + (["--tessdata-dir", models] if models else [])
    environment = os.environ | {"OMP_THREAD_LIMIT": "1"}
    return subprocess.run(command, check=False, capture_output=True, text=True, env=environment).stdout


# --- a long scan ----------------------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Long:
    """A scan of many like pages: seconds to its last page, of one such page alone, of bare processes on its pictures, of OCRmyPDF (None: not asked)."""

    pages: int
    cores: int
    last: float
    alone: float
    bare: float
    bare_as_scanned: float
    ocrmypdf: float | None

    @property
    def share(self) -> float:
        """Time to the last page over that of pages shared evenly between the cores; 1 is perfect."""
        return self.last / (self.pages * self.alone / self.cores)


def copies(page: PageAt, count: int, path: Path) -> None:
    """A PDF of this page of a PDF, count times."""
    import pikepdf

    with pikepdf.open(page.path) as source, pikepdf.new() as made:
        for _ in range(count):
            made.pages.append(source.pages[page.number - 1])
        made.docinfo["/Title"] = path.stem  # no two of them are the same file
        made.save(path)


def bare_seconds(page: PageAt, count: int, cores: int, folder: Path, dpi: int) -> float:
    """Bare processes on all cores, count times on the picture of the page."""
    made = page_picture(page, folder, dpi)
    return _timed(lambda: side_by_side(lambda _: bare_text(made), [page] * count, cores))


def ocrmypdf_seconds(program: Path, scan: Path, cores: int, folder: Path) -> float:
    """OCRmyPDF from file to file, on all cores, its defaults but for the conversion to PDF/A. nan where it fails."""
    tesseract_folder = str(Path(tesseract()[0]).parent)
    path = os.pathsep.join([str(program.parent), tesseract_folder, os.environ.get("PATH", "")])
    environment = os.environ | {"PATH": path, "OMP_THREAD_LIMIT": "1", "TESSDATA_PREFIX": str(_tessdata(folder))}
    command = [
        str(program),
        "--quiet",
        "--force-ocr",
        "--output-type",
        "pdf",
        "--jobs",
        str(cores),
        str(scan),
        str(folder / "ocrmypdf.pdf"),
    ]
    try:
        return _timed(lambda: subprocess.run(command, check=True, env=environment, capture_output=True))
    except (subprocess.CalledProcessError, OSError):
        return float("nan")


def _tessdata(folder: Path) -> Path:
    """Our models with the settings beside them that OCRmyPDF names and the package of the models does not bring."""
    made = folder / "tessdata"
    (made / "configs").mkdir(parents=True)
    for model in Path(tesseract()[1]).glob("*.traineddata"):
        (made / model.name).symlink_to(model)
    for name in ("hocr", "txt", "pdf", "tsv"):
        (made / "configs" / name).write_text(f"tessedit_create_{name} 1\n")
    return made


# --- text layers --------------------------------------------------------------------------------------------------------------------------


def layer_seconds(pages: Sequence[PageAt]) -> tuple[float, float]:
    """Seconds of computing a page, both in this process: (ours, from file to PageText; pdfplumber's, from file to words)."""
    import pdfplumber

    ours = theirs = 0.0
    for page in pages:
        started = time.process_time()
        reading.read_page(page.path, page.media_type, page.number)
        between = time.process_time()
        with pdfplumber.open(page.path, pages=[page.number]) as document:
            document.pages[0].extract_words()
        ours, theirs = ours + between - started, theirs + time.process_time() - between
    return ours / len(pages), theirs / len(pages)


# --- errors and memory --------------------------------------------------------------------------------------------------------------------


def errors_by_kind(pages: Sequence[PageAt], pictures: Mapping[PageAt, Path], cores: int) -> dict[str, Errors]:
    known = [page for page in pages if page.truth is not None and page.truth.text.strip()]
    ours = side_by_side(_ours, known, cores)
    bare = side_by_side(lambda page: bare_text(pictures[page]) if page in pictures else "", known, cores)
    made: dict[str, Errors] = {}
    for page, mine, theirs in zip(known, ours, bare, strict=True):
        assert page.truth is not None
        one = made.setdefault(page.truth.kind, Errors())
        truth = _collapsed(page.truth.text)
        one.pages += 1
        one.characters += len(truth)
        one.ours += distance(truth, _collapsed(mine))
        if page in pictures:
            one.compared += len(truth)
            one.bare += distance(truth, _collapsed(theirs))
    return made


def _collapsed(text: str) -> str:
    return " ".join(text.split())


def distance(one: str, other: str) -> int:
    """Levenshtein's, by Myers' bit vectors (J. ACM 46, 1999): a page takes milliseconds."""
    if not one or not other:
        return len(one) or len(other)
    places: dict[str, int] = {}
    for at, letter in enumerate(one):
        places[letter] = places.get(letter, 0) | 1 << at
    last, full = 1 << (len(one) - 1), (1 << len(one)) - 1
    up, down, score = full, 0, len(one)
    for letter in other:
        match = places.get(letter, 0)
        across = (((match & up) + up) ^ up) | match | down
        more, less = down | ~(across | up) & full, up & across
        score += bool(more & last) - bool(less & last)
        more, less = (more << 1 | 1) & full, less << 1 & full
        up, down = less | ~(match | down | more) & full, more & (match | down)
    return score


def peak_memory(pages: Sequence[PageAt]) -> tuple[float, float]:
    """(largest child, largest Tesseract under it) in MiB over these pages: what one page costs at most is their sum."""
    child = program = 0.0
    for page in pages:
        given = {"media_type": page.media_type, "number": page.number}
        made = next(sandbox.run("records.reading.calls:measure_page", [page.path], PAGE_SECONDS, **given))
        child, program = max(child, made["self_kib"] / 1024), max(program, made["children_kib"] / 1024)
    return child, program
