"""A condition as plain rows, one below the other, as an editor types them; and back. A row is a fact with its operator and value, or a group
("all of these", "any of these") that holds the rows below it that stand one level deeper. Several rows at the outermost level all hold."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from personalize.criteria.evaluation import check
from personalize.criteria.predicate import NOTHING, NUMBER, WORDS
from personalize.criteria.predicates import PREDICATES
from personalize.criteria.values import AllOf, AnyOf, Criterion, CriterionFault, IfKnown, Not, Rule, Value

_NUMBER = re.compile(r"-?\d{1,12}(\.\d{1,12})?", re.ASCII)
_DAYS = re.compile(r"\d{1,5}", re.ASCII)

GROUPS: Mapping[str, type[AllOf] | type[AnyOf]] = {"all": AllOf, "any": AnyOf}
# How a row is meant, from the outside in. Longer chains of the two come to one of these: what is known is never unknown, twice not is so.
HOLDS: Mapping[str, tuple[type[Not] | type[IfKnown], ...]] = {
    "": (),
    "not": (Not,),
    "known": (IfKnown,),
    "not known": (Not, IfKnown),
    "known not": (IfKnown, Not),
    "not known not": (Not, IfKnown, Not),
}


@dataclass(frozen=True, slots=True)
class Row:
    """As typed. what: a group or a predicate; holds: a key of HOLDS; about: `sub`; value: words with commas (or semicolons) between them."""

    what: str
    level: int = 0
    holds: str = ""
    about: str = ""
    op: str = ""
    value: str = ""
    unit: str = ""
    days: str = ""


class RowFaults(CriterionFault):
    """faults: place of the row, from 0 → what is wrong with it."""

    def __init__(self, faults: Mapping[int, str]) -> None:
        super().__init__("; ".join(f"row {place + 1}: {said}" for place, said in sorted(faults.items())))
        self.faults = dict(faults)


def to_rows(criterion: Criterion) -> tuple[Row, ...]:
    """The rows of a condition, outermost first."""
    first, *inside = _rows(criterion, 0)
    if first.what == "all" and not first.holds and sum(one.level == 1 for one in inside) > 1:
        return tuple(replace(one, level=one.level - 1) for one in inside)
    return (first, *inside)


def _rows(criterion: Criterion, level: int) -> list[Row]:
    chain: tuple[type, ...] = ()
    while isinstance(criterion, Not | IfKnown):
        chain, criterion = (*chain, type(criterion)), criterion.of
    holds = _shortest(chain)
    if isinstance(criterion, AllOf | AnyOf):
        what = "all" if isinstance(criterion, AllOf) else "any"
        return [Row(what, level, holds), *(row for one in criterion.of for row in _rows(one, level + 1))]
    if not isinstance(criterion, Rule):
        raise CriterionFault(f"{type(criterion).__name__} is not a condition")
    value = None if PREDICATES[criterion.predicate].ops[criterion.op] == NOTHING else criterion.value
    days = "" if criterion.window_days is None else str(criterion.window_days)
    return [Row(criterion.predicate, level, holds, criterion.sub or "", criterion.op, _said(value), criterion.unit or "", days)]


def _shortest(chain: tuple[type, ...]) -> str:
    """The key of HOLDS that means the same."""
    short: list[type] = []
    for one in reversed(chain):  # from the inside out
        if short and one is short[-1]:
            if one is Not:
                short.pop()
        elif not (one is IfKnown and IfKnown in short):
            short.append(one)
    wanted = tuple(reversed(short))
    return next(key for key, known in HOLDS.items() if known == wanted)


def _said(value: Value) -> str:
    if isinstance(value, tuple):
        return "; ".join(value) + ";" * (len(value) == 1) if any("," in one for one in value) else ", ".join(value)
    return "" if value is None else str(value)


@dataclass(slots=True)
class _Node:
    place: int
    row: Row
    inside: list[_Node] = field(default_factory=list)


def from_rows(rows: Sequence[Row]) -> Criterion | None:
    """The condition that the rows say; None without any. Raises RowFaults with everything that is wrong."""
    faults: dict[int, str] = {}
    outermost = _nested(rows, faults)
    made = [one for one in (_made(node, faults) for node in outermost) if one is not None]
    if faults:
        raise RowFaults(faults)
    return None if not made else made[0] if len(made) == 1 else AllOf(tuple(made))


def _nested(rows: Sequence[Row], faults: dict[int, str]) -> list[_Node]:
    outermost: list[_Node] = []
    above: list[_Node] = []  # the row before and the groups it stands in
    for place, row in enumerate(rows):
        node = _Node(place, row)
        if row.level > len(above) or (row.level and above[row.level - 1].row.what not in GROUPS):
            faults[place] = "no group above it can hold it at this depth"
            continue
        (above[row.level - 1].inside if row.level else outermost).append(node)
        above = [*above[: row.level], node]
    return outermost


def _made(node: _Node, faults: dict[int, str]) -> Criterion | None:
    """None where something is wrong, which is then in faults."""
    inside = [one for one in (_made(below, faults) for below in node.inside) if one is not None]
    row = node.row
    try:
        made = _group(row, inside, is_empty=not node.inside) if row.what in GROUPS else _rule(row)
        if row.holds not in HOLDS:
            raise CriterionFault("choose how it is meant")
    except CriterionFault as fault:
        faults.setdefault(node.place, str(fault))
        return None
    for wrap in reversed(HOLDS[row.holds]):
        made = wrap(made)
    return made


def _group(row: Row, inside: Sequence[Criterion], *, is_empty: bool) -> Criterion:
    if row.about or row.op or row.value or row.unit or row.days:
        raise CriterionFault("a group has no operator and no value of its own")
    if is_empty:
        raise CriterionFault("the group is empty: put rows below it, one level deeper")
    return GROUPS[row.what](tuple(inside))


def _rule(row: Row) -> Rule:
    predicate = PREDICATES.get(row.what)
    if predicate is None:
        raise CriterionFault("choose a fact or a group")
    if row.op not in predicate.ops:
        raise CriterionFault(f"this fact goes with: {', '.join(sorted(predicate.ops))}".replace("_", " "))
    rule = Rule(row.what, row.op, _value(row, predicate.ops[row.op]), row.about or None, row.unit or None, _days(row.days))
    check(rule)
    return rule


def _value(row: Row, wanted: str) -> Value:
    typed = row.value.strip()
    if wanted == NOTHING and typed:
        raise CriterionFault("this operator takes no value")
    if wanted == NUMBER and typed:
        return _number(typed)
    if wanted == WORDS:
        return tuple(one.strip() for one in typed.split(";" if ";" in typed else ",") if one.strip())
    return typed or None


def _number(typed: str) -> float:
    if not _NUMBER.fullmatch(typed):
        raise CriterionFault(f"“{typed}” is not a number")
    return int(typed) if typed.lstrip("-").isdigit() else float(typed)


def _days(typed: str) -> int | None:
    if not typed.strip():
        return None
    if not _DAYS.fullmatch(typed.strip()):
        raise CriterionFault("days is a whole number, at most 99999")
    return int(typed)
