"""The figures of the scorers that read our commands' output, as one table with what each should reach.

FOLDER holds `tools/score_*.py`, `eval/*.jsonl` and `patients/`. Each scorer is a program of its own that knows nothing of this project: it
gets a gold file and the lines of the profile command, and prints "score NAME key=value ..." last.
"""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from records.assembly import assemble_line
from records.assembly.line import text_line
from records.management.challenge import failed_checks
from records.management.patient_files import patient_files


@dataclass(frozen=True, slots=True)
class Figure:
    """One measure. reach: what it should be, as "at least" or, for counts of harm, "at most"."""

    scorer: str
    key: str
    value: float | None
    reach: float
    is_at_most: bool = False

    @property
    def is_reached(self) -> bool:
        if self.value is None:
            return False
        return self.value <= self.reach if self.is_at_most else self.value >= self.reach


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
_CHALLENGE_REACH, _SPEED_REACH = 210, 60


def figures(folder: Path, *, today: date) -> Iterator[Figure]:
    """Every figure whose data the folder holds, scorer by scorer."""
    with tempfile.TemporaryDirectory() as made:
        for scorer, (name, keys) in _TEXTS.items():
            gold = folder / "eval" / name
            if gold.is_file():
                rows = [json.loads(line) for line in gold.read_text(encoding="utf-8").splitlines()]
                lines = [text_line(row["id"], row["text"], today=today) for row in rows]
                yield from _scored(folder, scorer, gold, _written(lines, Path(made) / scorer), keys)
        if (folder / "patients").is_dir():
            patients = sorted(one for one in (folder / "patients").iterdir() if (one / "files").is_dir())
            lines = [assemble_line(one.name, list(patient_files(one / "files")), today=today) for one in patients]
            yield from _scored(folder, "patients", folder / "patients", _written(lines, Path(made) / "patients"), _PATIENTS)
    yield from _challenge(folder / "eval" / "challenge.jsonl")
    yield from _speed(folder / "eval" / "tcga_general.jsonl", today)


def _written(lines: list[dict[str, Any]], path: Path) -> Path:
    path.write_text("".join(json.dumps(line, ensure_ascii=False) + "\n" for line in lines), encoding="utf-8")
    return path


def _scored(folder: Path, scorer: str, gold: Path, predicted: Path, keys: dict[str, float]) -> Iterator[Figure]:
    program = folder / "tools" / f"score_{scorer}.py"
    ran = subprocess.run([sys.executable, str(program), "--gold", str(gold), "--pred", str(predicted)], capture_output=True, text=True)
    last = ran.stdout.splitlines()[-1:] or [""]
    said = dict(pair.split("=", 1) for pair in last[0].split()[2:] if "=" in pair)
    for key, reach in keys.items():
        name = key.removeprefix("-")
        yield Figure(scorer, name, _number(said.get(name)), reach, key.startswith("-"))


def _number(text: str | None) -> float | None:
    return float(text) if text not in (None, "-") else None


def _challenge(path: Path) -> Iterator[Figure]:
    if path.is_file():
        rows = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
        right = sum(len(row["checks"]) - len(failed_checks(row["text"], row["checks"])) for row in rows)
        yield Figure("challenge", "right", right, _CHALLENGE_REACH)


def _speed(path: Path, today: date) -> Iterator[Figure]:
    """Documents a second of one core, over the first hundred reports after ten to warm up."""
    if path.is_file():
        with path.open(encoding="utf-8") as lines:
            rows = [json.loads(next(lines)) for _ in range(110)]
        for row in rows[:10]:
            text_line(row["id"], row["text"], today=today)
        start = time.process_time()
        for row in rows[10:]:
            text_line(row["id"], row["text"], today=today)
        yield Figure("speed", "documents_a_second", 100 / (time.process_time() - start), _SPEED_REACH)
