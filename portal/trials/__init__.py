"""Trials: those that our team has put in words, the public registry, and how they stand to one person."""

from portal.trials.current import current_trials

__all__ = ["current_trials"]
