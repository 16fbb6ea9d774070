"""The figures of the scorers that read our commands' output, as one table with what each should reach.

FOLDER holds `tools/score_*.py`, `eval/*.jsonl` and `patients/`. Each scorer is a program of its own that knows nothing of this project: it
gets a gold file and the lines of the profile command, and prints "score NAME key=value ..." last. Every figure comes three times: over
all, and over each half of the records. The halves are drawn by a digest of the patient's name, so rules can be tuned looking at the
misses of one half alone; a figure much better there than in the other says that they were fitted.
"""

from __future__ import annotations

import hashlib
import json
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from records.assembly import assemble_line
from records.assembly.line import text_line
from records.extraction.text import DocumentText
from records.management.challenge import failed_checks
from records.management.every_text import Told, told_by_every_text
from records.management.pace import pace_of
from records.management.patient_files import patient_files


@dataclass(frozen=True, slots=True)
class Figure:
    """One measure. reach: what it should be, as "at least" or, for harm and cost, "at most". halves: the same over each half, if drawn."""

    scorer: str
    key: str
    value: float | None
    reach: float
    is_at_most: bool = False
    halves: tuple[float | None, float | None] | None = None

    @property
    def is_reached(self) -> bool:
        if self.value is None:
            return False
        return self.value <= self.reach if self.is_at_most else self.value >= self.reach


def half_of(name: str) -> int:
    """0 or 1, the same for ever."""
    return hashlib.sha256(name.encode()).digest()[0] % 2


# scorer → its gold below eval/, and each key with what it should reach; "-" before a key: at most
_TEXTS: dict[str, tuple[str, dict[str, float]]] = {
    "tnm": ("tcga_tnm_handread.jsonl", {"t_exact": 0.97, "n_exact": 0.97, "m_exact": 0.97, "precision": 0.99, "-invention_rate": 0.01}),
    "biomarkers": (
        "tcga_biomarker_handread.jsonl",
        {"decisive_precision": 0.97, "decisive_recall": 0.90, "-false_result_rate": 0.02, "-flipped": 0},
    ),
    "doctor": (
        "tcga_doctor_gold.jsonl",
        {
            "pt_stated": 0.99,
            "pn_stated": 0.99,
            "tn_precision": 0.98,
            "pt": 0.94,
            "pn": 0.94,
            "er": 0.95,
            "pr": 0.95,
            "her2": 0.95,
            "grade": 0.95,
        },
    ),
    "paad": ("tcga_paad.jsonl", {"t_stated": 0.97, "n_stated": 0.97, "by_patient": 0.97}),
    "cases": ("e3c_onco_handread.jsonl", {"-false_diagnoses": 0, "pancreatic_accuracy": 0.98, "treatments_recall": 0.90}),
}
_PATIENTS: dict[str, float] = {
    "-forbidden": 0, "-false_diagnoses": 0, "-false_results": 0, "single_facts": 0.96, "biomarkers_f1": 0.95, "treatments_f1": 0.95,
    "labs_latest": 0.95, "family_f1": 0.95, "outcomes": 1.0, "citations_right": 1.0, "facts_cited": 1.0, "-foreign_citations": 0,
}  # fmt: skip
_CHALLENGE_REACH, _SPEED_REACH, _START_REACH, _MEMORY_REACH, _GROWTH_REACH = 210, 60, 0.3, 150, 1.5

Row = Mapping[str, Any]


def figures(folder: Path, *, today: date) -> Iterator[Figure]:
    """Every figure whose data the folder holds, scorer by scorer."""
    texts = Told()
    for scorer, (name, keys) in _TEXTS.items():
        gold = folder / "eval" / name
        if gold.is_file():
            yield from _of_texts(folder, scorer, gold, keys, today)
    if (folder / "patients").is_dir():
        yield from _of_patients(folder, today, texts)
    yield from _challenge(folder / "eval" / "challenge.jsonl")
    yield from _of_every_text(folder / "eval", texts)
    yield from _pace(folder / "eval" / "tcga_general.jsonl")


def _of_texts(folder: Path, scorer: str, gold: Path, keys: dict[str, float], today: date) -> Iterator[Figure]:
    rows = [json.loads(line) for line in gold.read_text(encoding="utf-8").splitlines()]
    lines = [text_line(row["id"], row["text"], today=today) for row in rows]
    halves = [half_of(str(row.get("patient") or row["id"])) for row in rows]

    def score(part: set[int]) -> dict[str, str]:
        with tempfile.TemporaryDirectory() as made:
            wanted = _written([row for row, half in zip(rows, halves, strict=True) if half in part], Path(made) / "gold.jsonl")
            return _said(folder, scorer, wanted, _written(lines, Path(made) / "lines.jsonl"))

    yield from _thrice(scorer, keys, score)


def _of_patients(folder: Path, today: date, texts: Told) -> Iterator[Figure]:
    patients = sorted(one for one in (folder / "patients").iterdir() if (one / "files").is_dir())
    lines = []
    for one in patients:
        files = list(patient_files(one / "files"))
        for file in files:
            texts.add(file.text or DocumentText(()))
        lines.append(assemble_line(one.name, files, today=today))

    def score(part: set[int]) -> dict[str, str]:
        with tempfile.TemporaryDirectory() as made:
            wanted = Path(made) / "patients"
            wanted.mkdir()
            for one in patients:
                if half_of(one.name) in part:
                    (wanted / one.name).symlink_to(one.resolve())
            return _said(folder, "patients", wanted, _written(lines, Path(made) / "lines.jsonl"))

    yield from _thrice("patients", _PATIENTS, score)


def _thrice(scorer: str, keys: dict[str, float], score: Callable[[set[int]], dict[str, str]]) -> Iterator[Figure]:
    whole, first, second = score({0, 1}), score({0}), score({1})
    for key, reach in keys.items():
        name = key.removeprefix("-")
        halves = (_number(first.get(name)), _number(second.get(name)))
        yield Figure(scorer, name, _number(whole.get(name)), reach, key.startswith("-"), halves)


def _written(lines: Sequence[Row], path: Path) -> Path:
    path.write_text("".join(json.dumps(line, ensure_ascii=False) + "\n" for line in lines), encoding="utf-8")
    return path


def _said(folder: Path, scorer: str, gold: Path, predicted: Path) -> dict[str, str]:
    """The scorer's last line, key by key; {} where it ended without one (a half with nobody in it)."""
    program = folder / "tools" / f"score_{scorer}.py"
    ran = subprocess.run([sys.executable, str(program), "--gold", str(gold), "--pred", str(predicted)], capture_output=True, text=True)
    last = ran.stdout.splitlines()[-1:] or [""]
    return dict(pair.split("=", 1) for pair in last[0].split()[2:] if "=" in pair)


def _number(text: str | None) -> float | None:
    return float(text) if text not in (None, "-") else None


def _challenge(path: Path) -> Iterator[Figure]:
    if path.is_file():
        rows = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
        asked, right = [0, 0], [0, 0]
        for row in rows:
            half = half_of(str(row["id"]))
            asked[half] += len(row["checks"])
            right[half] += len(row["checks"]) - len(failed_checks(row["text"], row["checks"]))
        shares = (right[0] / asked[0] if asked[0] else None, right[1] / asked[1] if asked[1] else None)
        yield Figure("challenge", "right", sum(right), _CHALLENGE_REACH, halves=shares)


def _of_every_text(folder: Path, told: Told) -> Iterator[Figure]:
    """What must hold of each text that there is, labelled or not."""
    told_by_every_text(folder, told)
    if told.texts:
        yield Figure("every_text", "texts", told.texts, 0)
        yield Figure("every_text", "quotes", told.quotes, 0)
        yield Figure("every_text", "quotes_wrong", told.quotes_wrong, 0, is_at_most=True)
        yield Figure("every_text", "without_evidence", told.without_evidence, 0, is_at_most=True)
    if told.without_ages:
        yield Figure("every_text", "de_identified", told.without_ages, 0)
        yield Figure("every_text", "ages_invented", told.ages_invented, 0, is_at_most=True)


def _pace(path: Path) -> Iterator[Figure]:
    if path.is_file():
        pace = pace_of(path)
        yield Figure("pace", "documents_a_second", pace.documents_a_second, _SPEED_REACH)
        yield Figure("pace", "start_seconds", pace.start_seconds, _START_REACH, is_at_most=True)
        yield Figure("pace", "memory_mb", pace.memory_mb, _MEMORY_REACH, is_at_most=True)
        yield Figure("pace", "growth_to_2_mb", pace.growth, _GROWTH_REACH, is_at_most=True)
