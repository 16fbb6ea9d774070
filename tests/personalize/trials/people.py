"""Made-up people and trials for tests of matching."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

from personalize.eligibility import parse_eligibility
from personalize.profile import Biomarker, Cancer, Check, Fact, PartialDate, PatientProfile, Proof
from personalize.trials import Trial, TrialMatch, match_trial

TODAY = date(2026, 3, 1)
SURE = Proof(date=PartialDate(2026, 2, 10), confidence=0.97)
UNSURE = replace(SURE, confidence=0.6)
CONFIRMED = replace(UNSURE, check=Check.CONFIRMED_BY_PATIENT)
PDAC = Cancer("Pancreatic ductal adenocarcinoma", "pancreas", "PAAD", proof=SURE)
NET = Cancer("Pancreatic neuroendocrine tumor", "pancreas", "PANET", proof=SURE)


def person(**more: Any) -> PatientProfile:
    """A woman of 61 with pancreatic cancer, of whose tumor nothing else is known."""
    return PatientProfile(**{"primary_cancer": PDAC, "age": Fact(61, SURE), "sex": Fact("female", SURE)} | more)


def marker(name: str, status: str, detail: str | None = None, proof: Proof = SURE) -> Biomarker:
    return Biomarker(name, status, detail, proof=proof)


def trial(*inclusions: str, no: tuple[str, ...] = (), nct: str = "NCT00000101", **more: Any) -> Trial:
    """A trial with these sentences as its rules, read from text as the registry's are."""
    text = "\n".join(("Inclusion Criteria:", "", *(f"* {one}" for one in inclusions)))
    if no:
        text += "\n\n" + "\n".join(("Exclusion Criteria:", "", *(f"* {one}" for one in no)))
    return Trial(nct, eligibility=text, criteria=parse_eligibility(text), **{"status": "RECRUITING"} | more)


def match(made: Trial, profile: PatientProfile) -> TrialMatch:
    return match_trial(made, profile, today=TODAY)
