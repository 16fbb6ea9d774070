"""Profiles × trials: the verdict of every pair with its rules, best first within a profile."""

from __future__ import annotations

import datetime as dt
from argparse import ArgumentParser
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand
from django.utils import timezone

from personalize.codec import decode_profile
from personalize.profile import PartialDate, PatientProfile
from personalize.trials import RuleOutcome, Trial, TrialMatch, criteria_of, match_trials, trial_from_record
from portal.management.json_lines import Line, as_line, read_lines


class Command(BaseCommand):
    help = "Match profiles with trials. --studies FILE --profiles FILE: JSON Lines; profiles are {id, profile}."
    requires_system_checks = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--studies", type=Path, required=True, metavar="FILE")
        parser.add_argument("--profiles", type=Path, required=True, metavar="FILE")
        parser.add_argument("--jsonl", action="store_true", help="one JSON object a line (the only form there is)")

    def handle(self, *, studies: Path, profiles: Path, **options: Any) -> None:
        trials = tuple(self._trials(studies))
        self.stderr.write(f"{len(trials)} trials read")
        for number, line in read_lines(profiles):
            if line is None or "profile" not in line:
                self.stdout.write(as_line({"id": None, "line": number, "error": {"code": "malformed", "message": "Not a profile."}}))
                continue
            profile = decode_profile(line["profile"] or {})
            for found in match_trials(trials, profile, today=day_of(profile)):
                self.stdout.write(as_line(encode_match(str(line.get("id")), found)))
            self.stderr.write(f"{line.get('id')} matched")

    def _trials(self, studies: Path) -> Iterator[Trial]:
        """With their rules read once."""
        for number, record in read_lines(studies):
            try:
                trial = trial_from_record(record or {})
            except ValueError as fault:
                self.stderr.write(f"line {number} left out: {fault}")
                continue
            yield replace(trial, criteria=criteria_of(trial))


def day_of(profile: PatientProfile) -> dt.date:
    """The day that the profile stands for, else today."""
    said = PartialDate.parse(str(profile.clinical.get("as_of") or ""))
    return said.latest() if said else timezone.localdate()


def encode_match(ident: str, match: TrialMatch) -> Line:
    return {
        "id": ident,
        "nct": match.trial.nct,
        "verdict": match.verdict.value,
        "rank": match.rank,
        "score": match.score,
        "cohort": match.cohort,
        "not_now": match.is_not_now,
        "reasons": list(match.reasons),
        "outcomes": [encode_outcome(one) for one in match.outcomes],
    }


def encode_outcome(judged: RuleOutcome) -> Line:
    outcome = judged.outcome
    return {
        "sentence": judged.criterion.sentence,
        "kind": judged.criterion.kind.value,
        "outcome": judged.fit.value,
        "reason": outcome.reason if outcome else "We could not read this rule.",
        "recoverable": bool(outcome and outcome.recoverable),
    }
