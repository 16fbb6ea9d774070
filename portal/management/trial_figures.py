"""What trial matching comes to on a folder of judged records: our commands make the answers, the folder's own scorers mark them."""

from __future__ import annotations

import gzip
import hashlib
import json
import re
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date
from itertools import islice
from pathlib import Path
from typing import Any

import numpy as np
from django.core.management import call_command
from django.db import transaction
from django.utils import timezone

from personalize.codec import decode_profile
from personalize.trials import criteria_of, match_trials, trial_from_record
from personalize.trials.screen import Columns, columns_of, screen
from portal.management.json_lines import read_lines
from portal.models.trial import RegistryRecord
from portal.trials.ingest import ingested

REGISTRY, SAMPLE = 580_000, 1000  # studies: in the registry, and read to stand for them
EXPLAINED = 50
_FIGURE = re.compile(r"(\w+)=(\S+)")


@dataclass(frozen=True, slots=True)
class Figure:
    """One line of the table. reach: what is to be reached, as words; "" where a figure is only told."""

    name: str
    value: str
    reach: str = ""


@dataclass(slots=True)
class Folder:
    """The folder of judged records, and one of our own for what the commands print."""

    data: Path
    work: Path

    def scored(self, scorer: str, *arguments: object) -> dict[str, str]:
        """The figures of the scorer's last line. Raises CalledProcessError where it cannot score."""
        said = subprocess.run(
            [sys.executable, str(self.data / "tools" / scorer), *map(str, arguments)], capture_output=True, text=True, check=True
        )
        return dict(_FIGURE.findall(said.stdout.strip().rsplit("\n", 1)[-1]))

    def made_by_tool(self, tool: str, *arguments: object) -> Path:
        made = self.work / f"{tool}-{arguments[0]}.jsonl".replace("/", "_")
        with made.open("w", encoding="utf-8") as stream:
            subprocess.run([sys.executable, str(self.data / "tools" / tool), *map(str, arguments)], stdout=stream, check=True)
        return made

    def said_by(self, command: str, name: str, **options: Any) -> Path:
        made = self.work / name
        with made.open("w", encoding="utf-8") as stream:
            call_command(command, jsonl=True, stdout=stream, **options)
        return made

    @property
    def gold(self) -> Path:
        return self.data / "trialgold"

    @property
    def trials(self) -> Path:
        return self.data / "trials"


def figures(folder: Folder) -> Iterator[Figure]:
    """Every figure of the table, each as soon as it is known."""
    yield from _matching(folder)
    yield from _eligibility(folder)
    yield from _verdicts(folder)
    yield from _ranking(folder)
    yield from _reading_speed(folder)
    yield from _first_look(folder)
    yield from _ingest(folder)


def _matching(folder: Folder) -> Iterator[Figure]:
    studies = folder.made_by_tool("trialgold_inputs.py", "studies", folder.gold / "trials.jsonl")
    profiles = folder.made_by_tool("trialgold_inputs.py", "profiles", folder.gold / "profiles.json")
    said = folder.said_by("match", "match.jsonl", studies=studies, profiles=profiles)
    found = folder.scored("score_match.py", "--gold", folder.gold / "verdicts.jsonl", "--pred", said)
    yield Figure("match: trials hidden wrongly", found.get("false_rule_outs", "-"), "0")
    for key, reach in (("accuracy", ".92"), ("ruled_out_recall", ".90"), ("fits_recall", ".80")):
        yield Figure(f"match: {key}", found.get(key, "-"), reach)


def half_of(nct: str) -> int:
    """0: rules may be written by looking at it; 1: kept aside. By the number alone, so that it is the same everywhere."""
    return hashlib.sha256(nct.encode()).digest()[0] % 2


def _eligibility(folder: Folder) -> Iterator[Figure]:
    studies = folder.made_by_tool("trialgold_inputs.py", "studies", folder.gold / "trials.jsonl")
    said = folder.said_by("eligibility", "eligibility.jsonl", studies=studies)
    lines = (folder.gold / "trials.jsonl").read_text(encoding="utf-8").splitlines()
    halves = [
        ("all", lines),
        *((name, [one for one in lines if half_of(json.loads(one)["nct"]) == half]) for half, name in enumerate(HALVES)),
    ]
    for name, part in halves:
        gold = folder.work / "gold-part.jsonl"
        gold.write_text("\n".join(part) + "\n", encoding="utf-8")
        found = folder.scored("score_eligibility.py", "--gold", gold, "--pred", said)
        for key, reach in (("precision", ".95"), ("recall", ".90"), ("value_match", ".97"), ("sentences_kept", "")):
            yield Figure(f"eligibility ({name}, {len(part)} trials): {key}", found.get(key, "-"), reach)


HALVES = ("first half", "half kept aside")


def _verdicts(folder: Folder) -> Iterator[Figure]:
    judged = folder.trials / "criterion_verdicts.json"
    said = folder.said_by("verdicts", "verdicts.jsonl", file=judged)
    found = folder.scored("score_criteria.py", "--gold", judged, "--pred", said)
    for key, reach in (("decisive_precision", ".97"), ("false_fail_rate", "at most .005"), ("coverage", "")):
        yield Figure(f"criteria: {key}", found.get(key, "-"), reach)


def _ranking(folder: Folder) -> Iterator[Figure]:
    profiles = folder.made_by_tool("trecpm_profiles.py", folder.trials / "trecpm_topics2017.xml")
    documents = folder.trials / "trecpm_docs.jsonl.gz"
    said = folder.said_by("match", "ranking.jsonl", studies=documents, profiles=profiles)
    found = folder.scored(
        "score_match.py", "--ranking", "--docs", documents, "--gold", folder.trials / "trecpm_qrels_2017.txt", "--pred", said
    )
    yield Figure("ranking 2017: ndcg10", found.get("ndcg10", "-"), ".50")


def _reading_speed(folder: Folder) -> Iterator[Figure]:
    bulk = folder.trials / "trials_bulk.jsonl.gz"
    began = time.process_time()
    said = folder.said_by("eligibility", "bulk.jsonl", studies=bulk)
    took = time.process_time() - began
    found = folder.scored("score_eligibility.py", "--structured", bulk, "--pred", said)
    for name, value in found.items():
        if name.endswith(("_precision", "_coverage")):
            yield Figure(f"structured: {name}", value, ".995" if name.endswith("_precision") else ".90")
    records = sum(1 for _ in read_lines(bulk))
    yield Figure("reading: records a second of one processor", f"{records / took:.0f}", "300")


def _first_look(folder: Folder) -> Iterator[Figure]:
    """A registry of real size from the records at hand, and one profile against it."""
    records = (record for _, record in read_lines(folder.trials / "trials_bulk.jsonl.gz") if record)
    trials = [trial_from_record(one) for one in islice(records, SAMPLE)]
    read = columns_of(trials)
    times = REGISTRY // len(trials)
    columns = Columns(*(np.concatenate([getattr(read, name)] * times) for name in Columns.__slots__))
    size = sum(getattr(columns, name).nbytes for name in Columns.__slots__)
    profiles = folder.made_by_tool("trialgold_inputs.py", "profiles", folder.gold / "profiles.json")
    profile = decode_profile(next(one["profile"] for _, one in read_lines(profiles) if one))
    rows = screen(columns, profile, today=date(2026, 1, 15), most=EXPLAINED)
    judged = [replace(one, criteria=criteria_of(one)) for one in (trials[row % len(trials)] for row in rows)]
    took = []
    for _ in range(5):
        began = time.process_time()
        screen(columns, profile, today=date(2026, 1, 15), most=EXPLAINED)
        match_trials(judged, profile, today=date(2026, 1, 15))
        took.append(time.process_time() - began)
    yield Figure(f"first look at {len(columns):,} and {EXPLAINED} explained: ms of one processor", f"{min(took) * 1000:.0f}", "at most 100")
    yield Figure("first look: MB of columns", f"{size / 1e6:.0f}", "at most 400")


def _ingest(folder: Folder) -> Iterator[Figure]:
    """Each file into the database and out again; the database is left as it was."""
    for name in ("studies_v2.jsonl.gz", "trials_bulk.jsonl.gz"):
        with gzip.open(folder.trials / name, "rt", encoding="utf-8") as stream:
            studies = [json.loads(line) for line in stream if line.strip()]
        with transaction.atomic():
            result = ingested(studies, now=timezone.now())
            stored = {one.nct: one.study for one in RegistryRecord.objects.filter(nct__in=result.seen).iterator()}
            transaction.set_rollback(True)
        lost = sum(stored.get(nct) != one for nct, one in _last_of_each(studies).items() if nct in result.seen)
        yield Figure(f"ingest ({name}, {len(studies):,} records): changed on the way", str(lost), "0")
        yield Figure(f"ingest ({name}): reported as partial, malformed", f"{len(result.partial)}, {len(result.malformed)}")


def _last_of_each(studies: list[Any]) -> dict[str, Any]:
    return {trial_from_record(one).nct: one for one in studies}
