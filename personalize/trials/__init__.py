"""Trials for a profile: rule by rule, with reasons on both sides, in an order that can be explained."""

from personalize.trials.match import criteria_of, judge, match_trial, match_trials
from personalize.trials.rank import ranked
from personalize.trials.reach import is_within_reach
from personalize.trials.study import trial_from_record
from personalize.trials.values import OPEN_STATUSES, Fit, Near, Place, RuleOutcome, Trial, TrialMatch, Verdict

__all__ = [
    "OPEN_STATUSES",
    "Fit",
    "Near",
    "Place",
    "RuleOutcome",
    "Trial",
    "TrialMatch",
    "Verdict",
    "criteria_of",
    "is_within_reach",
    "judge",
    "match_trial",
    "match_trials",
    "ranked",
    "trial_from_record",
]
