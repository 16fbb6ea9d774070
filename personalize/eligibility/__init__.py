"""Registry text to criteria, each with its verbatim sentence; what cannot be read is kept and marked."""

from personalize.eligibility.contract import encode_criterion
from personalize.eligibility.parse import parse_eligibility
from personalize.eligibility.questions import is_recoverable, leading, leaves, question_of
from personalize.eligibility.values import Kind, Source, TrialCriterion

__all__ = [
    "Kind",
    "Source",
    "TrialCriterion",
    "encode_criterion",
    "is_recoverable",
    "leading",
    "leaves",
    "parse_eligibility",
    "question_of",
]
