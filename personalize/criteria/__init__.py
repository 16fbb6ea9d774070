"""One language of conditions for passages and trials. See values.py for its form and predicates.py for its words."""

from personalize.criteria.evaluation import check, decode, describe, evaluate
from personalize.criteria.predicates import PREDICATES
from personalize.criteria.rows import HOLDS, Row, RowFaults, from_rows, to_rows
from personalize.criteria.values import AllOf, AnyOf, Criterion, CriterionFault, IfKnown, Not, Outcome, Rule, Truth, Value, encode

__all__ = [
    "HOLDS",
    "PREDICATES",
    "AllOf",
    "AnyOf",
    "Criterion",
    "CriterionFault",
    "IfKnown",
    "Not",
    "Outcome",
    "Row",
    "RowFaults",
    "Rule",
    "Truth",
    "Value",
    "check",
    "decode",
    "describe",
    "encode",
    "evaluate",
    "from_rows",
    "to_rows",
]
