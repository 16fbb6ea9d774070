"""What a predicate is: its operators with the type of their value, how it is evaluated, how it reads."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from personalize.criteria.values import CriterionFault, Outcome, Rule, Truth
from personalize.profile import PatientProfile, Proof

Evaluate = Callable[[Rule, PatientProfile, date], Outcome]

WORDS = "a list of words"
WORD = "a word"
NUMBER = "a number"
NOTHING = "no value"


def _is_typed(value: object, wanted: str) -> bool:
    if wanted == WORDS:
        return isinstance(value, tuple) and bool(value) and all(isinstance(one, str) for one in value)
    if wanted == WORD:
        return isinstance(value, str) and bool(value)
    if wanted == NUMBER:
        return isinstance(value, int | float) and not isinstance(value, bool)
    return value is None or value is True


def _in_words(name: str) -> str:
    return name.replace("_", " ")


@dataclass(frozen=True, slots=True)
class Predicate:
    """ops: operator -> type of its value. phrases: operator -> English, with {value} and {sub}. needs_sub: `sub` must be given.
    subs: what `sub` may be, where that is a closed set. say: a value or sub as people read it."""

    evaluate: Evaluate
    ops: Mapping[str, str]
    phrases: Mapping[str, str]
    needs_sub: bool = False
    subs: Callable[[], Collection[str]] | None = None
    say: Callable[[str], str] = _in_words

    def check(self, rule: Rule) -> None:
        """Raises CriterionFault where the operator is unknown, the value of another type, or sub missing."""
        if rule.op not in self.ops:
            raise CriterionFault(f"'{rule.predicate}' has no operator '{rule.op}'; it has {', '.join(sorted(self.ops))}")
        if not _is_typed(rule.value, self.ops[rule.op]):
            raise CriterionFault(f"'{rule.predicate} {rule.op}' takes {self.ops[rule.op]}")
        if self.needs_sub and not rule.sub:
            raise CriterionFault(f"'{rule.predicate}' needs 'sub': what it is about")
        if self.subs is not None and rule.sub not in self.subs():
            raise CriterionFault(f"'{rule.predicate}' is not about '{rule.sub}'; it is about one of {', '.join(sorted(self.subs()))}")

    def describe(self, rule: Rule) -> str:
        said = [self.say(one) if isinstance(one, str) else f"{one}" for one in as_values(rule)]
        days = "lately" if rule.window_days is None else f"in the last {rule.window_days} days"
        about = self.say(rule.sub or "").replace("/", " or ")
        return self.phrases[rule.op].format(value=" or ".join(said), sub=about, unit=rule.unit or "", days=days).strip()


def outcome(is_met: bool, reason: str, proofs: Iterable[Proof] = (), *, recoverable: bool = False) -> Outcome:
    """A settled outcome with the words of the facts that settle it."""
    known = tuple(proofs)
    evidence = tuple(dict.fromkeys(ref for one in known for ref in one.evidence))
    is_hard = all(one.may_hide_a_trial for one in known)
    return Outcome(Truth.MET if is_met else Truth.NOT_MET, reason, evidence, recoverable, None, is_hard)


def unknown(reason: str, question: str | None = None, proofs: Iterable[Proof] = ()) -> Outcome:
    """Not settled; evidence shows what is there and does not settle it."""
    evidence = tuple(dict.fromkeys(ref for one in proofs for ref in one.evidence))
    return Outcome(Truth.UNKNOWN, reason, evidence, True, question)


def as_values(rule: Rule) -> tuple[object, ...]:
    """The values of a rule, be it one, several or none."""
    if isinstance(rule.value, tuple):
        return rule.value
    return () if rule.value is None else (rule.value,)


def as_words(rule: Rule) -> tuple[str, ...]:
    return rule.value if isinstance(rule.value, tuple) else (str(rule.value),)


def as_number(rule: Rule) -> float:
    if not isinstance(rule.value, int | float):
        raise CriterionFault(f"'{rule.predicate} {rule.op}' takes a number")
    return float(rule.value)
