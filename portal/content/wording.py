"""The wording rules on a row of content: what keeps it from the pages, as sentences for its author."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from personalize.content import FACT_SLOT, Sensitivity, WordingFault, rate_faults, strongest, wording_faults
from portal.content.translating import translation_faults
from portal.models import content as rows

# Columns with words for readers, by kind: those that are read as explanations, then those that are only a few words or a doctor's words.
EXPLANATIONS: Mapping[str, tuple[str, ...]] = {
    "passage": ("text", "if_unknown"),
    "fact": ("statement",),
    "answer": ("main_point",),
    "glossaryterm": ("definition",),
    "fixedtext": ("lines",),
    "disagreement": ("text",),
}
PHRASES: Mapping[str, tuple[str, ...]] = {
    "passage": ("heading", "reason", "clinical_text"),
    "answer": ("title",),
    "section": ("title",),
    "fixedtext": ("title",),
    "disagreement": ("about",),
}
# Faults of form that a written reason may excuse; nothing excuses the others.
EXCUSABLE = frozenset({"reading_grade", "long_sentence"})
_ANY_GRADE = 99.0


def faults_of(kind: str, columns: Mapping[str, Any], *, facts: Iterable[str] | None = None, reason: str = "") -> list[str]:
    """What is wrong, each with what to write instead. columns: of the row; facts: ids of the facts it is made of, None
    while they are not known and rates cannot be judged; reason: why it cannot be simpler, which excuses a high reading grade and long
    sentences."""
    found = [one for one in _faults(kind, columns, facts) if not (reason.strip() and one.code in EXCUSABLE)]
    return list(dict.fromkeys(map(in_words, found)))


def in_words(fault: WordingFault) -> str:
    return f"“{fault.words}”: {fault.instead}"


def _faults(kind: str, columns: Mapping[str, Any], facts: Iterable[str] | None) -> Iterator[WordingFault]:
    if kind == "translation":
        yield from translation_faults(columns)
        return
    known = {one.pk: one for one in rows.Fact.objects.filter(pk__in={*(facts or ()), *FACT_SLOT.findall(str(columns.get("text") or ""))})}
    sensitivity = _sensitivity(columns, known)
    for name in EXPLANATIONS.get(kind, ()):
        text = FACT_SLOT.sub(lambda slot: known[slot[1]].statement if slot[1] in known else "", _words(columns.get(name)))
        yield from wording_faults(text, sensitivity)
        if kind == "passage" and name == "text" and facts is not None:
            yield from rate_faults(text, list(known.values()))  # type: ignore[arg-type]
    for name in PHRASES.get(kind, ()):
        faults = wording_faults(_words(columns.get(name)), sensitivity, max_grade=_ANY_GRADE)
        yield from (one for one in faults if one.code not in EXCUSABLE)


def _words(value: Any) -> str:
    return "\n".join(map(str, value)) if isinstance(value, list | tuple) else str(value or "")


def _sensitivity(columns: Mapping[str, Any], known: Mapping[str, rows.Fact]) -> Sensitivity:
    """The row's own, else the strongest of the facts whose statements the text holds."""
    own = columns.get("sensitivity")
    if own:
        return Sensitivity(own)
    return strongest({Sensitivity(known[one].sensitivity) for one in FACT_SLOT.findall(str(columns.get("text") or "")) if one in known})
